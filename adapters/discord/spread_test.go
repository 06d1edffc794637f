package discord

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"communitybot/bot"
)

// numbered returns n words that can be told apart.
func numbered(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "w%05d ", i)
	}
	return strings.TrimSpace(b.String())
}

func TestALongTextIsToldWhole(t *testing.T) {
	for name, text := range map[string]string{
		"lines":                       strings.ReplaceAll(numbered(900), " ", "\n"),
		"one line":                    numbered(1000),
		"marks":                       strings.Repeat("*_", 1900),
		"lines that fit no other way": strings.Join([]string{strings.Repeat("a", 1500), strings.Repeat("b", 4000), strings.Repeat("c", 2300)}, "\n"), // whole they do not fit
		"lines and marks":             strings.Repeat(numbered(20)+"\n*_*_\n", 40),
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, always(bot.Tell{Text: bot.Say("{text}", "text", text), Actions: []bot.Action{act("more", "More")}}, nil))
			m := w.note(w.types("/status"))
			without := strings.NewReplacer("\n", "", " ", "").Replace
			if without(m.Text) != without(text) || len(m.Buttons) != 1 {
				t.Errorf("told %d of %d characters: %q", len(m.Text), len(text), m.Text)
			}
		})
	}
}

func TestATextBeyondAllLimitsIsCut(t *testing.T) {
	for name, text := range map[string]bot.Text{
		"lines":             bot.Say("{text}", "text", strings.ReplaceAll(numbered(3000), " ", "\n")),
		"one line":          bot.Say("{text}", "text", numbered(3000)),
		"marks":             bot.Say("{text}", "text", strings.Repeat("*_", 9000)),
		"a link":            {bot.Link{URL: "https://x.example/" + strings.Repeat("x", 9000)}},
		"words and a link":  {bot.Plain(numbered(400)), bot.Link{URL: "https://x.example/" + strings.Repeat("x", 9000)}, bot.Plain("after it")},
		"nothing but lines": {bot.Plain(strings.Repeat("\n", 9000)), bot.Plain(numbered(300))},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, always(bot.Tell{Text: text}, nil))
			m := w.note(w.types("/status")) // Discord refuses what is over a limit
			if n := utf8.RuneCountInString(m.Text); name != "nothing but lines" && !strings.HasSuffix(m.Text, "…") || n > maxContent+maxEmbed {
				t.Errorf("told %d characters, ending in %q", n, m.Text[max(len(m.Text)-20, 0):])
			}
		})
	}
}

func TestALongLineStillNotifiesWhomItMentionsFirst(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	at := w.posts(bot.Card{Text: bot.Say("{who} {text} https://x.example/a", "who", bot.Mention{Platform: "discord", ID: ada}, "text", numbered(500))})
	m := w.message(at.Message)
	if len(m.Pings) != 1 || m.Pings[0] != ada || !strings.Contains(m.Text, "w00499") {
		t.Errorf("posted %+v", m)
	}
}

func TestALongFactIsReadWhole(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	description := numbered(285)
	c := rich()
	c.Facts = []bot.Fact{
		{Label: "Handle", Value: bot.Say("acme")},
		{Label: "Why", Value: bot.Say("{x}", "x", strings.Repeat("y", 500)), Long: true},
		{Label: "Description", Value: bot.Say("{x}", "x", description), Long: true},
		{Label: "Members", Value: bot.Say("{x}", "x", strings.Repeat("m", 1500)), Long: true},
		{Label: "Tags", Value: bot.Say("{x}", "x", strings.Repeat("t", 1000))},
		{Label: "New categories", Value: bot.Say("{x}", "x", strings.Repeat("c", 1000))},
		{Label: "Categories", Value: bot.Say("{x}", "x", strings.Repeat("k", 1000))},
	}
	m := w.message(w.posts(c).Message)
	if !strings.Contains(m.Text, description) {
		t.Errorf("the description is cut: %q", m.Text)
	}
	for _, f := range c.Facts {
		if !strings.Contains(m.Text, f.Label) {
			t.Errorf("%s is missing in %q", f.Label, m.Text)
		}
	}
}
