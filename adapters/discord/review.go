package discord

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"communitybot/bot"

	"github.com/bwmarrin/discordgo"
)

// review draws the message that shows all of a draft: what is filled in, the choices, and the button that sends it.
func (l layout) review(draft string) message {
	c := bot.Card{Title: l.form.Title, Text: slices.Clone(l.form.Intro)}
	for _, f := range l.form.Fields {
		if f.Problem != "" {
			if len(c.Text) > 0 {
				c.Text = append(c.Text, bot.Plain("\n"))
			}
			c.Text = append(c.Text, bot.Say("⚠ {}: {}", bot.Bold(cmp.Or(f.Label, f.Name)), f.Problem)...)
		}
		if f.Value == "" {
			continue
		}
		value := f.Value
		if isChoice(f) {
			value = labels(f)
		}
		long := f.Kind == bot.Lines || utf8.RuneCountInString(value) > 40
		c.Facts = append(c.Facts, bot.Fact{Label: cmp.Or(f.Label, f.Name), Value: bot.Text{bot.Plain(value)}, Long: long})
	}
	send := cmp.Or(l.form.Submit, "Send")
	c.Footer = bot.Say("Nothing is sent until you press {}.", send)

	m := words(nil)
	m.Embeds = append(m.Embeds, embed(c))
	m.Components = l.menuRows(draft)
	buttons := []discordgo.MessageComponent{button(send, bot.Primary, submit.id(draft, ""))}
	for i := range l.pages {
		buttons = append(buttons, button(l.pageLabel(i), bot.Default, openPage.id(draft, strconv.Itoa(i))))
	}
	// Below four menus there is one row, for four pages. A longer form is not shortened in silence: Discord refuses it.
	m.Components = append(m.Components, rows(buttons)...)
	return m
}

// note draws the message that says what is wrong, with the way back to it. problems are by field, those that the form
// shows already among them or not.
func (l layout) note(draft, opening string, problems map[string]string, label string) message {
	t := bot.Text{bot.Plain(opening)}
	for _, f := range l.form.Fields {
		if f.Problem != "" {
			t = append(t, bot.Say("\n• {}: {}", bot.Bold(cmp.Or(f.Label, f.Name)), f.Problem)...)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(problems)) { // what no field shows must be said, too
		if l.form.Field(name) == nil && problems[name] != "" {
			t = append(t, bot.Say("\n• {}", problems[name])...)
		}
	}

	m := words(t)
	page, menu := l.problem()
	if menu {
		m.Components = append(m.Components, l.menuRows(draft)...)
	}
	id := review.id(draft, "")
	switch {
	case page >= 0:
		id = openPage.id(draft, strconv.Itoa(page))
	case l.whole():
		id = openPage.id(draft, "0")
	}
	m.Components = append(m.Components, rows([]discordgo.MessageComponent{button(label, bot.Primary, id)})...)
	return m
}

func (l layout) menuRows(draft string) []discordgo.MessageComponent {
	list := []discordgo.MessageComponent{} // never null in JSON
	for _, f := range l.menus {
		list = append(list, menu(f, choose.id(draft, f.Name)))
	}
	return list
}

// pageLabel names the button that opens page n.
func (l layout) pageLabel(n int) string {
	if n == 0 {
		return "Edit"
	}
	var names []string
	for _, f := range l.pages[n] {
		names = append(names, cmp.Or(f.Label, f.Name))
	}
	if label := strings.Join(names, ", "); utf8.RuneCountInString(label) <= maxLabel {
		return label
	}
	return fmt.Sprintf("More fields (%d)", n+1)
}
