package discord

import (
	"strings"
	"testing"

	"communitybot/adapters/discord/discordfake"
	"communitybot/bot"
)

func TestACardWhereTheBotMayMakeNoEmbeds(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	w.Allow(general, discordfake.Everything&^discordfake.EmbedLinks)
	again, lost := w.loses(here, rich())
	at, err := w.a.Post(t.Context(), here, again)
	if err != nil || at != lost {
		t.Fatalf("at %+v, lost at %+v, %v", at, lost, err)
	}
	shows := func(card bot.Card) {
		t.Helper()
		m := w.message(at.Message)
		for _, part := range []string{card.Title, "asks for a community", "Handle: acme_fans", "Type: Public", "Asked ", "Description: All about"} {
			if !strings.Contains(m.Text, part) {
				t.Errorf("the card says nothing of %q: %q", part, m.Text)
			}
		}
		if len(m.Buttons) != len(card.Actions) || len(m.Images) > 0 {
			t.Errorf("%+v", m)
		}
	}
	shows(rich())
	changed := rich()
	changed.Title, changed.Actions = "Other", nil
	if err := w.a.Update(t.Context(), at, changed); err != nil {
		t.Fatal(err)
	}
	shows(changed)
	w.Allow(general, discordfake.Everything)
	if err := w.a.Update(t.Context(), at, rich()); err != nil || len(w.message(at.Message).Images) == 0 {
		t.Errorf("when it may again: %v, %+v", err, w.message(at.Message))
	}
}

func TestAFlatCardIsFoundThoughItHasChanged(t *testing.T) {
	everything := discordfake.Everything
	for name, may := range map[string][2]discordfake.Permission{ // when it was lost, and when it is looked for
		"no embeds":        {everything &^ discordfake.EmbedLinks, everything &^ discordfake.EmbedLinks},
		"embeds by now":    {everything &^ discordfake.EmbedLinks, everything},
		"embeds no longer": {everything, everything &^ discordfake.EmbedLinks},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, always(bot.Done{}, nil))
			w.Allow(general, may[0])
			mine := rich()
			mine.Facts = append(mine.Facts, bot.Fact{Label: "Why", Value: bot.Say(strings.Repeat("because ", 900)), Long: true})
			again, lost := w.loses(here, mine)
			other := rich() // it says at its end what is below the lost one
			other.Key, other.Footer = "r43-card", bot.Say("Asked later")
			other.Facts = []bot.Fact{{Label: "Why", Value: append(bot.Say("no\n"), mine.Footer...), Long: true}}
			w.posts(other)
			w.Allow(general, may[1])
			again.Title, again.Text, again.Actions = "Acme", bot.Say("Withdrawn."), nil
			w.finds(here, again, lost, 2, w.reads)
		})
	}
}

func TestAFlatCardKeepsWhatIsShort(t *testing.T) {
	c := rich()
	c.Facts = append([]bot.Fact{{Label: "Why", Value: bot.Say(strings.Repeat("because ", 900)), Long: true}}, c.Facts...)
	m, err := flat(c)
	if err != nil || !strings.Contains(m.Content, "Public") || !strings.Contains(m.Content, "Asked") || !strings.Contains(m.Content, "…\nAsked") || len([]rune(m.Content)) > maxContent {
		t.Errorf("%v, %q", err, m.Content)
	}
}

func TestWhereTheBotMayNotPostACardIsTriedTwiceAtMost(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	w.Allow(general, discordfake.ViewChannel)
	for n, c := range map[int]bot.Card{2: rich(), 1: line("a", "x")} {
		before := w.took(routeMessages)
		if _, err := w.a.Post(t.Context(), here, c); bot.CodeOf(err) != bot.NoAccess {
			t.Error(err)
		}
		if tries := w.took(routeMessages) - before; tries != n {
			t.Errorf("%d tries, want %d", tries, n)
		}
	}
}
