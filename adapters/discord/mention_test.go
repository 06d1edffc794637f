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
	text := bot.Say("{one} {ops} {ops} {other}", "one", one, "ops", bot.Mention(ops), "other", bot.Mention{Platform: "discord", ID: "1", Group: true})
	m := say(text)
	if diff := cmp.Diff([]string{"1"}, m.Mentions.Users); diff != "" {
		t.Errorf("persons: %s", diff)
	}
	if diff := cmp.Diff([]string{admins, "1"}, m.Mentions.Roles); diff != "" {
		t.Errorf("roles: %s", diff)
	}
	cut := say(bot.Say("{long}{mention}", "long", strings.Repeat("x", 2000), "mention", bot.Mention(ops)))
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
		{"mentioned", bot.Card{Text: bot.Say("{mention}, please", "mention", bot.Mention(ops))}, "@ops, please", []string{admins}},
		{"mentioned beside a person", bot.Card{Text: bot.Say("{person} {ops}", "person", bot.Mention(person), "ops", bot.Mention(ops))}, "@Bob @ops", []string{bob, admins}},
		{"named", bot.Card{Text: bot.Say("one more from {name}", "name", bot.Name(ops))}, "one more from @ops", nil},
		{"named like everyone", bot.Card{Text: bot.Text{bot.Name{Platform: "discord", Name: "everyone", Group: true}}}, "@everyone", nil},
		{"typed by somebody", bot.Card{Text: bot.Say("{words}", "words", "<@&"+admins+">")}, "<@&" + admins + ">", nil},
		{"typed by somebody beside a person's mention", bot.Card{Text: bot.Say("{mention} {words}", "mention", bot.Mention(person), "words", "<@&"+admins+">")}, "@Bob <@&" + admins + ">", []string{bob}},
		{"mentioned on a card, which notifies nobody", bot.Card{Title: "Acme", Text: bot.Text{bot.Mention(ops)}}, "Acme\n@ops", nil},
		{"of a later Discord, which the server does not have", bot.Card{Text: bot.Text{bot.Mention{Platform: "discord", ID: "7", Group: true}}}, "@unknown-role", nil},
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
	if m := w.message(w.posts(bot.Card{Text: bot.Say("{mention}, please", "mention", bot.Mention(ops))}).Message); m.Text != "@ops, please" || m.Pings != nil {
		t.Errorf("people see %+v", m)
	}
}
