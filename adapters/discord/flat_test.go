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

func TestAFlatCardKeepsWhatIsShort(t *testing.T) {
	c := rich()
	c.Facts = append([]bot.Fact{{Label: "Why", Value: bot.Say(strings.Repeat("because ", 900)), Long: true}}, c.Facts...)
	m, err := flat(c)
	if err != nil || !strings.Contains(m.Content, "Public") || !strings.Contains(m.Content, "Asked") || !strings.HasSuffix(m.Content, "…") || len([]rune(m.Content)) > maxContent {
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
