package draw

import (
	"encoding/json"
	"fmt"
	"html/template"

	"communitybot/adapters/person"
)

// DiscordForm draws the inside of a dialog for an open modal, with the values and the problems of d.Form. A payload that
// can't be read is said to be so, beside the way out.
func DiscordForm(d person.Dialog, w World) template.HTML {
	v := discordDialog{Form: d.Form}
	var modal discordModal
	if err := json.Unmarshal(d.Payload, &modal); err != nil {
		v.Broken = err.Error()
	}
	for i, c := range modal.Components {
		v.Lines = append(v.Lines, discordLineOf(c, d.Form, fmt.Sprintf("discord-form-%s-%d", d.ID, i), w)...)
	}
	return run("discord-form", v)
}

// discordDialog is what the template of a form is made of.
type discordDialog struct {
	person.Form
	Broken string // why it can't be drawn
	Lines  []discordField
}

// discordField is a line of a form: Kind says which.
type discordField struct {
	Kind        string // "text", "short", "long", "one", "many", "unknown"
	ID          string // unique on the page
	Type        int    // Discord's number, of an unknown one
	Label       string
	Hint        string
	Placeholder string
	Value       string
	Problem     string
	Required    bool
	Low, High   int // characters; 0 is no limit
	Menu        discordMenu
	Text        discordPieces
}

// discordLineOf draws a component of a modal: a row may hold several inputs, with labels of their own.
func discordLineOf(c discordComponent, f person.Form, id string, w World) []discordField {
	switch {
	case c.Type == discordText:
		return []discordField{{Kind: "text", Text: discordReader{World: w, names: true}.markdown(c.Content)}}
	case c.Type == discordLabel && c.Component != nil:
		return []discordField{c.Component.field(id, c.Label, c.Description, f)}
	case c.Type == discordRow:
		var list []discordField
		for i, x := range c.Components {
			list = append(list, x.field(fmt.Sprintf("%s-%d", id, i), x.Label, "", f))
		}
		return list
	default:
		return []discordField{{Kind: "unknown", Type: c.Type}}
	}
}

// field draws an input with its label, as the form has it by now.
func (c discordComponent) field(id, label, hint string, f person.Form) discordField {
	x := discordField{
		ID: id, Type: c.Type, Label: label, Hint: hint, Placeholder: c.Placeholder, Value: c.Value, Low: c.MinLength, High: c.MaxLength,
		Required: c.Required == nil || *c.Required,
	}
	now := f.Field(label)
	if now != nil {
		x.Value, x.Problem = now.Value, now.Problem
	}
	switch {
	case c.Type == discordInput && c.Style == discordParagraph:
		x.Kind = "long"
	case c.Type == discordInput:
		x.Kind = "short"
	case c.Type == discordSelect:
		x.Kind, x.Menu = "one", c.menu()
		if x.Menu.Many {
			x.Kind = "many"
		}
		x.Menu.Label, x.Menu.Optional = label, !x.Required
		if now != nil {
			x.Menu.choose(now.Value)
		}
	default:
		x.Kind = "unknown"
	}
	return x
}

// Described returns the IDs of what stands with a field: its hint, how many may be chosen, and its problem.
func (x discordField) Described() string {
	ids := ""
	for _, part := range []struct{ words, name string }{{x.Hint, "hint"}, {x.Menu.Hint, "many"}, {x.Problem, "problem"}} {
		if part.words != "" {
			ids += " " + x.ID + "-" + part.name
		}
	}
	if ids == "" {
		return ""
	}
	return ids[1:]
}
