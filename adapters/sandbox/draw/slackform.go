package draw

import (
	"cmp"
	"encoding/json"
	"html/template"
	"net/url"
	"strings"

	"communitybot/adapters/person"
)

// SlackForm draws the inside of a <dialog> for a view of Slack's: a form that is to be sent, or one to read, which is
// only closed. Its payload is the view, whose state tells what stands in the fields; one that was never touched may
// have none. https://docs.slack.dev/surfaces/modals
func SlackForm(d person.Dialog, w World) template.HTML {
	var v slackView
	_ = json.Unmarshal(d.Payload, &v) // what is not a view has no blocks: the form's title stands alone
	p := &slackPainter{world: w, place: "slack-" + d.ID, fields: d.Fields, state: v.State.Values}
	return run("slack.form", map[string]any{
		"ID": d.ID, "TitleID": p.id("title"), "Title": cmp.Or(d.Title, v.Title.plain()), "Blocks": p.blocks(v.Blocks),
		"Submit": cmp.Or(d.Submit, v.Submit.plain()), "Close": cmp.Or(v.Close.plain(), "Cancel"),
	})
}

// id returns the ID of an element of the page, the same however often it is drawn. Blocks' IDs may hold any character;
// spaces would part an ID in two.
func (p *slackPainter) id(names ...string) string {
	id := p.place
	for _, name := range names {
		id += "-" + name
	}
	return url.PathEscape(id)
}

// slackField is an input of a form: what stands above and below it, and what it is filled in with.
type slackField struct {
	ID, Label, Hint, Problem string
	Optional, Group          bool // Group: a fieldset has the label
	Inside                   template.HTML
}

// slackInput is a line or lines to type.
type slackInput struct {
	ID, Name, Value, Sample, Act, DescribedBy string
	Lines, Invalid, Required                  bool
}

// input draws a field of a form. https://docs.slack.dev/reference/block-kit/blocks/input-block
func (p *slackPainter) input(b slackBlock) template.HTML {
	var e slackElement
	if err := json.Unmarshal(b.Element, &e); err != nil {
		return slackUnknown("element", slackKind(b.Element))
	}
	f := slackField{ID: p.id(b.ID), Label: b.Label.plain(), Hint: b.Hint.plain(), Optional: b.Optional}
	if len(p.fields) > 0 {
		f.Problem = p.fields[0].Problem
		p.fields = p.fields[1:]
	}
	var describedBy []string
	if f.Problem != "" {
		describedBy = append(describedBy, f.ID+"-problem")
	}
	if f.Hint != "" {
		describedBy = append(describedBy, f.ID+"-hint")
	}
	m := slackMenu{
		ID: f.ID, Name: f.Label, Label: f.Label, DescribedBy: strings.Join(describedBy, " "), Invalid: f.Problem != "", Required: !b.Optional,
	}
	if b.DispatchAction {
		m.Act = "enter"
	}
	switch e.Type {
	case "plain_text_input":
		f.Inside = p.textInput(b, e, m)
	case "static_select":
		f.Inside = p.menu(m, e, p.chosen(b.ID, e))
	case "multi_static_select", "checkboxes", "radio_buttons":
		f.Group = true
		f.Inside = p.menu(m, e, p.chosen(b.ID, e))
	case "external_select", "multi_external_select":
		f.Inside = p.search(b, e, m)
	default:
		f.Inside = slackUnknown("element", e.Type)
	}
	return run("slack.field", f)
}

func (p *slackPainter) textInput(b slackBlock, e slackElement, m slackMenu) template.HTML {
	value := e.InitialValue
	if s, known := p.state[b.ID][e.ActionID]; known {
		value = ""
		if s.Value != nil {
			value = *s.Value
		}
	}
	return run("slack.input", slackInput{
		ID: m.ID, Name: m.Name, Value: value, Sample: e.Placeholder.plain(), Act: m.Act, DescribedBy: m.DescribedBy,
		Lines: e.Multiline, Invalid: m.Invalid, Required: m.Required,
	})
}

// search draws a menu whose options the bot is asked for while somebody types.
// https://docs.slack.dev/reference/block-kit/block-elements/multi-select-menu-element#external_multi_select
func (p *slackPainter) search(b slackBlock, e slackElement, m slackMenu) template.HTML {
	const least = 3 // what min_query_length is when it is not set
	m.Least = least
	if e.MinQueryLength != nil {
		m.Least = *e.MinQueryLength
	}
	m.Many = e.Type == "multi_external_select"
	m.Empty = cmp.Or(e.Placeholder.plain(), "Type to search")
	m.Chosen = p.chosen(b.ID, e)
	return run("slack.search", m)
}
