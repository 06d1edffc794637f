package draw

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// discordPart is a component as its template draws it: Kind says which.
type discordPart struct {
	Kind     string // "row", "text", "button", "link", "menu", "unknown"
	ID       string // unique on the page
	Type     int    // Discord's number, of an unknown one
	Label    string
	Emoji    string
	Look     string // of a button
	Target   string // of a link
	Disabled bool
	Text     discordPieces
	Menu     discordMenu
	Inside   []discordPart
}

// discordMenu is a select, on a message or in a form.
type discordMenu struct {
	Label          string
	Placeholder    string // what stands there when nothing is chosen
	Hint           string // how many may be chosen
	Options        []discordChoice
	Many, Optional bool
	Empty          bool // nothing is chosen
}

type discordChoice struct {
	Label, About, Emoji string
	Chosen              bool
}

// discordLooks are the styles of buttons, from 1.
//
// https://docs.discord.com/developers/components/reference#button-button-styles
var discordLooks = []string{"primary", "secondary", "success", "danger"}

// discordParts draws the components of a message.
func discordParts(list []discordComponent, id string, w World) []discordPart {
	var parts []discordPart
	for i, c := range list {
		p := discordPart{Kind: "unknown", ID: fmt.Sprintf("%s-%d", id, i), Type: c.Type, Label: c.Label, Emoji: c.Emoji.String(), Disabled: c.Disabled}
		switch c.Type {
		case discordRow:
			p.Kind, p.Inside = "row", discordParts(c.Components, p.ID, w)
		case discordText:
			p.Kind, p.Text = "text", discordReader{World: w, names: true}.markdown(c.Content)
		case discordSelect:
			p.Kind, p.Menu = "menu", c.menu()
		case discordButton:
			p.Kind, p.Look = "button", "secondary"
			if c.Style > 0 && c.Style <= len(discordLooks) {
				p.Look = discordLooks[c.Style-1]
			}
			if c.Style == discordLink {
				p.Kind, p.Target = "link", c.URL
				p.Disabled = p.Disabled || !discordLinks(c.URL)
			}
		}
		parts = append(parts, p)
	}
	return parts
}

// menu draws a select as it came.
func (c discordComponent) menu() discordMenu {
	low, high := 1, 1
	if c.MinValues != nil {
		low = *c.MinValues
	}
	if c.MaxValues != nil {
		high = *c.MaxValues
	}
	words := cmp.Or(c.Placeholder, "Make a selection")
	m := discordMenu{Label: words, Placeholder: words, Many: high > 1, Optional: low == 0, Empty: true}
	if m.Many {
		m.Hint = discordHowMany(low, high)
	}
	for _, o := range c.Options {
		m.Options = append(m.Options, discordChoice{Label: o.Label, About: o.Description, Emoji: o.Emoji.String(), Chosen: o.Default})
		m.Empty = m.Empty && !o.Default
	}
	return m
}

func discordHowMany(low, high int) string {
	switch {
	case low == high:
		return "Choose " + strconv.Itoa(low) + "."
	case low == 0:
		return "Choose up to " + strconv.Itoa(high) + "."
	default:
		return fmt.Sprintf("Choose %d to %d.", low, high)
	}
}

// Summary says what the menu is for, and what is chosen.
func (m discordMenu) Summary() string {
	var labels []string
	for _, o := range m.Options {
		if o.Chosen {
			labels = append(labels, o.Label)
		}
	}
	if len(labels) == 0 {
		return m.Label
	}
	return m.Label + ": " + strings.Join(labels, ", ")
}

// choose sets what is chosen: labels separated by commas, of which a label may have some itself.
func (m *discordMenu) choose(value string) {
	for i := range m.Options {
		m.Options[i].Chosen = false
	}
	byLength := make([]int, len(m.Options))
	for i := range byLength {
		byLength[i] = i
	}
	slices.SortStableFunc(byLength, func(a, b int) int { return len(m.Options[b].Label) - len(m.Options[a].Label) })
	m.Empty = true
	for rest := strings.TrimSpace(value); rest != ""; {
		i := slices.IndexFunc(byLength, func(i int) bool {
			after, ok := strings.CutPrefix(rest, m.Options[i].Label)
			return ok && (after == "" || strings.HasPrefix(strings.TrimSpace(after), ","))
		})
		if i < 0 {
			return
		}
		o := &m.Options[byLength[i]]
		o.Chosen, m.Empty = true, false
		rest = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(rest[len(o.Label):]), ","))
	}
}
