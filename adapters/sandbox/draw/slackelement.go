package draw

import (
	"cmp"
	"encoding/json"
	"html/template"
	"slices"
	"strings"
)

// slackChoice is an option of a menu as it is drawn.
type slackChoice struct {
	Label  string
	About  []slackPiece
	Chosen bool
}

// slackChoices are the options of a group as they are drawn.
type slackChoices struct {
	Label string // of a group; "" for those that are in none
	All   []slackChoice
}

// slackMenu is something to choose from, on a message, where it has no name, or in a form. Act is what the page does when
// it changes.
type slackMenu struct {
	ID, Name, Label, Act, Empty string
	DescribedBy                 string
	Many, Invalid, Required     bool
	Groups                      []slackChoices
	Chosen                      []string // labels
	Least                       int      // how much to type before a search menu offers anything
}

func (p *slackPainter) elements(b slackBlock, beside string) []template.HTML {
	drawn := make([]template.HTML, len(b.Elements))
	for i, raw := range b.Elements {
		drawn[i] = p.element(b, beside, raw)
	}
	return drawn
}

// element draws what stands in a block that is not an input; beside is the text that it stands next to.
func (p *slackPainter) element(b slackBlock, beside string, raw json.RawMessage) template.HTML {
	var e slackElement
	if err := json.Unmarshal(raw, &e); err != nil {
		return slackUnknown("element", slackKind(raw))
	}
	switch e.Type {
	case "mrkdwn", "plain_text":
		return run("slack.text", p.words(&slackWords{Type: e.Type, Text: e.Text.plain(), Verbatim: e.Verbatim}))
	case "image":
		return p.image(e.ImageURL, e.AltText, nil)
	case "button":
		return p.button(e)
	case "static_select", "multi_static_select", "checkboxes", "radio_buttons":
		m := slackMenu{Act: "choose", Label: cmp.Or(e.Placeholder.plain(), beside, e.ActionID)}
		m.ID = p.id(b.ID, e.ActionID)
		return p.menu(m, e, p.chosen(b.ID, e))
	}
	return slackUnknown("element", e.Type)
}

func (p *slackPainter) button(e slackElement) template.HTML {
	label, style := e.Text.plain(), e.Style
	if style != "primary" && style != "danger" {
		style = ""
	}
	data := map[string]string{"Label": label, "Style": style, "Spoken": e.Spoken, "URL": ""}
	if slackLeads(e.URL) {
		data["URL"] = e.URL
	}
	return run("slack.button", data)
}

// menu draws something to choose from.
func (p *slackPainter) menu(m slackMenu, e slackElement, chosen []string) template.HTML {
	m.Chosen = chosen
	m.Many = strings.HasPrefix(e.Type, "multi_") || e.Type == "checkboxes"
	m.Empty = cmp.Or(e.Placeholder.plain(), "Choose an option")
	choices := func(label string, all []slackOption) {
		drawn := slackChoices{Label: label}
		for _, o := range all {
			drawn.All = append(drawn.All, slackChoice{o.Text.Text, p.words(o.About), slices.Contains(chosen, o.Text.Text)})
		}
		m.Groups = append(m.Groups, drawn)
	}
	if len(e.Options) > 0 {
		choices("", e.Options)
	}
	for _, g := range e.Groups {
		choices(g.Label.Text, g.Options)
	}
	switch {
	case e.Type == "static_select":
		return run("slack.select", m)
	case m.Act == "choose" && e.Type == "multi_static_select":
		return run("slack.folded", m)
	}
	return run("slack.choices", m)
}

// chosen returns the labels of what is chosen in a menu: on a message, what it shows; in a view, what stands there, or
// stood there at first.
func (p *slackPainter) chosen(block string, e slackElement) []string {
	if len(p.menus) > 0 {
		value := "," + p.menus[0].Value + ","
		p.menus = p.menus[1:]
		var found []string
		for _, label := range e.labels() {
			if strings.Contains(value, ","+label+",") {
				found = append(found, label)
			}
		}
		return found
	}
	one, several := e.InitialOption, e.InitialOptions
	if s, known := p.state[block][e.ActionID]; known {
		one, several = s.SelectedOption, s.SelectedOptions
	}
	if one != nil {
		several = append([]slackOption{*one}, several...)
	}
	return labelsOf(several)
}

// labels returns what can be chosen, that in groups too.
func (e slackElement) labels() []string {
	found := labelsOf(e.Options)
	for _, g := range e.Groups {
		found = append(found, labelsOf(g.Options)...)
	}
	return found
}

func labelsOf(all []slackOption) []string {
	found := make([]string, len(all))
	for i, o := range all {
		found[i] = o.Text.Text
	}
	return found
}
