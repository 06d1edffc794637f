package slackfake

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"communitybot/adapters/person"
)

// inputs returns the fields of a view with their elements.
func (v *view) inputs() []part {
	var found []part
	for _, b := range list(v.sent["blocks"]) {
		block, _ := b.(object)
		if e, isObject := block["element"].(object); isObject && str(block, "type") == "input" {
			found = append(found, part{block: block, element: e})
		}
	}
	return found
}

// form shows a view as a person sees it.
func (f *Fake) form(v *view) *person.Form {
	shown := &person.Form{ID: v.id, Title: str(v.sent["title"], "text"), Submit: str(v.sent["submit"], "text")}
	p := painter{f: f}
	p.blocks(list(v.sent["blocks"]), v.state)
	shown.Text = strings.Join(p.lines, "\n")
	for _, in := range v.inputs() {
		id, kind := str(in.block, "block_id"), str(in.element, "type")
		shown.Fields = append(shown.Fields, person.Field{
			Label:    str(in.block["label"], "text"),
			Value:    shownValue(v.state[id][str(in.element, "action_id")]),
			Hint:     str(in.block["hint"], "text"),
			Problem:  v.problems[id],
			Options:  labels(options(in.element)),
			Many:     kind != "plain_text_input" && !single(kind),
			Long:     truth(in.element, "multiline"),
			Optional: truth(in.block, "optional"),
		})
	}
	return shown
}

// refuse returns what Slack's client finds wrong with a form before it sends it, by block ID.
func (v *view) refuse() map[string]string {
	problems := map[string]string{}
	for _, in := range v.inputs() {
		id := str(in.block, "block_id")
		value := shownValue(v.state[id][str(in.element, "action_id")])
		c := checker{}
		most := c.number("", in.element, "max_length", 1, maxTyped, maxTyped)
		least := c.number("", in.element, "min_length", 0, maxTyped, 0)
		n := utf8.RuneCountInString(value)
		switch {
		case n == 0 && !truth(in.block, "optional"):
			problems[id] = "Please complete this required field."
		case str(in.element, "type") != "plain_text_input" || n == 0:
		case n > most:
			problems[id] = fmt.Sprintf("Please enter no more than %d characters.", most)
		case n < least:
			problems[id] = fmt.Sprintf("Please enter at least %d characters.", least)
		}
	}
	return problems
}
