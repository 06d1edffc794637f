package discord

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"communitybot/bot"
	"communitybot/bot/words"

	"github.com/bwmarrin/discordgo"
)

// review draws the message that shows all of a draft: what is filled in, the choices, and the button that sends it.
func (l layout) review(w *words.Words, draft string) message {
	c := bot.Card{Title: l.form.Title, Text: slices.Clone(l.form.Intro)}
	for _, f := range l.form.Fields {
		if f.Problem != "" {
			if len(c.Text) > 0 {
				c.Text = append(c.Text, bot.Plain("\n"))
			}
			c.Text = append(c.Text, bot.Say("⚠ {field}: {problem}", "field", bot.Bold(cmp.Or(f.Label, f.Name)), "problem", f.Problem)...)
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
	send := cmp.Or(l.form.Submit, w.Chat.Send)
	c.Footer = bot.Say(w.Chat.NothingSent, "button", send)

	m := face(c)
	m.Components = l.menuRows(draft)
	buttons := []discordgo.MessageComponent{button(send, bot.Primary, submit.id(draft, ""))}
	for i, page := range l.pages {
		buttons = append(buttons, button(l.pageLabel(w, i), bot.Default, openPage.id(draft, page[0].Name)))
	}
	// Below four menus there is one row, for four pages. A longer form is not shortened in silence: Discord refuses it.
	m.Components = append(m.Components, rows(buttons)...)
	return m
}

// note draws the message that says what is wrong, with the way back to it. problems are by field, those that the form
// shows already among them or not.
func (l layout) note(w *words.Words, draft, opening string, problems map[string]string, label string) message {
	t := bot.Text{bot.Plain(opening)}
	for _, f := range l.form.Fields {
		if f.Problem != "" {
			t = append(t, bot.Say("\n• {field}: {problem}", "field", bot.Bold(cmp.Or(f.Label, f.Name)), "problem", f.Problem)...)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(problems)) { // what no field shows must be said, too
		if l.form.Field(name) == nil && problems[name] != "" {
			t = append(t, bot.Say("\n• {problem}", "problem", problems[name])...)
		}
	}

	m := say(t)
	wrong, menu := l.problem()
	if menu {
		m.Components = append(m.Components, l.menuRows(draft)...)
	}
	id := review.id(draft, "")
	switch {
	case l.whole():
		id = openPage.id(draft, "")
	case wrong != nil:
		id = openPage.id(draft, wrong.Name)
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
func (l layout) pageLabel(w *words.Words, n int) string {
	if n == 0 {
		return w.Button.Edit
	}
	var names []string
	for _, f := range l.pages[n] {
		names = append(names, cmp.Or(f.Label, f.Name))
	}
	if label := strings.Join(names, ", "); utf8.RuneCountInString(label) <= maxLabel {
		return label
	}
	return bot.Fill(w.Chat.MoreFields, "page", n+1)
}
