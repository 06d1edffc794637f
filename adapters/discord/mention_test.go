package discord

import (
	"strings"
	"testing"

	"communitybot/adapters/discord/discordfake"
	"communitybot/bot"

	"github.com/google/go-cmp/cmp"
)

var ops = bot.User{Platform: "discord", ID: admins, Name: "ops", Group: true}

func TestPersonsAndRolesAreNotifiedAsSuch(t *testing.T) {
	one := bot.Mention{Platform: "discord", ID: "1"}
	text := bot.Say("{} {} {} {}", one, bot.Mention(ops), bot.Mention(ops), bot.Mention{Platform: "discord", ID: "1", Group: true})
	m := words(text)
	if diff := cmp.Diff([]string{"1"}, m.Mentions.Users); diff != "" {
		t.Errorf("persons: %s", diff)
	}
	if diff := cmp.Diff([]string{admins, "1"}, m.Mentions.Roles); diff != "" {
		t.Errorf("roles: %s", diff)
	}
	cut := words(bot.Say("{}{}", strings.Repeat("x", 2000), bot.Mention(ops)))
	if len(cut.Mentions.Roles) != 0 || len(cut.Mentions.Users) != 0 || cut.Mentions.Parse == nil {
		t.Errorf("a mention that was cut off notifies: %+v", cut.Mentions)
	}
}

func TestARoleOnTheWire(t *testing.T) {
	person := bot.User{Platform: "discord", ID: bob, Name: "Bob"}
	for _, c := range []struct {
		name  string
		card  bot.Card
		text  string
		pings []string
	}{
		{"mentioned", bot.Card{Text: bot.Say("{}, please", bot.Mention(ops))}, "@ops, please", []string{admins}},
		{"mentioned beside a person", bot.Card{Text: bot.Say("{} {}", bot.Mention(person), bot.Mention(ops))}, "@Bob @ops", []string{bob, admins}},
		{"named", bot.Card{Text: bot.Say("one more from {}", bot.Name(ops))}, "one more from @ops", nil},
		{"named like everyone", bot.Card{Text: bot.Say("{}", bot.Name{Platform: "discord", Name: "everyone", Group: true})}, "@everyone", nil},
		{"typed by somebody", bot.Card{Text: bot.Say("{}", "<@&"+admins+">")}, "<@&" + admins + ">", nil},
		{"typed by somebody beside a person's mention", bot.Card{Text: bot.Say("{} {}", bot.Mention(person), "<@&"+admins+">")}, "@Bob <@&" + admins + ">", []string{bob}},
		{"mentioned on a card, which notifies nobody", bot.Card{Title: "Acme", Text: bot.Say("{}", bot.Mention(ops))}, "Acme\n@ops", nil},
		{"of a later Discord, which the server does not have", bot.Card{Text: bot.Say("{}", bot.Mention{Platform: "discord", ID: "7", Group: true})}, "@unknown-role", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, always(bot.Done{}, nil))
			w.AddRole(admins, "ops")
			m := w.message(w.posts(c.card).Message)
			if m.Text != c.text {
				t.Errorf("people read %q, want %q", m.Text, c.text)
			}
			if diff := cmp.Diff(c.pings, m.Pings); diff != "" {
				t.Errorf("notified: %s", diff)
			}
		})
	}
}

func TestARoleThatTheBotMayNotNotifyIsStillNamed(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	w.AddRole(admins, "ops")
	w.Allow(general, discordfake.Everything&^discordfake.MentionAll)
	if m := w.message(w.posts(bot.Card{Text: bot.Say("{}, please", bot.Mention(ops))}).Message); m.Text != "@ops, please" || m.Pings != nil {
		t.Errorf("people see %+v", m)
	}
}
