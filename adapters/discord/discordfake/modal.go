package discordfake

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"communitybot/adapters/person"
)

// openForm is a modal on somebody's screen.
type openForm struct {
	id       string
	owner    *user
	opener   *interaction
	channel  *channel
	source   *message // whose component opened it; nil for a command
	modal    modal
	values   map[string]string // by label, as shown
	problems map[string]string // of the last sending, by label
}

// input is a field of a modal with the words that stand with it.
type input struct {
	component
	label, hint string
}

// openModal puts the modal of an answer on the screen.
func (f *Fake) openModal(in *interaction, c *callback) *apiError {
	var m modal
	if problem := decode(c.Data, &m); problem != nil {
		return under("data", problem)
	}
	var check checker
	if f.refusesLabels {
		check.noLabels("data.", m)
	}
	check.modal("data.", m)
	if problem := check.err(); problem != nil {
		return problem
	}
	next := 1
	m.Components = numbered(m.Components, &next)
	in.form = &openForm{id: in.id, owner: in.who, opener: in, channel: in.channel, source: in.source, modal: m, values: make(map[string]string)}
	for _, x := range in.form.inputs() {
		field := x.field()
		in.form.values[field.Label] = field.Value
	}
	f.forms[in.id], f.looksAt[in.who.ID] = in.form, in.form
	return nil
}

// inputs returns the fields, from rows and labels alike.
func (o *openForm) inputs() []input {
	var list []input
	for _, c := range o.modal.Components {
		switch c.Type {
		case componentRow:
			list = append(list, input{component: c.Components[0], label: c.Components[0].Label})
		case componentLabel:
			list = append(list, input{component: *c.Component, label: c.Label, hint: orZero(c.Description)})
		}
	}
	return list
}

// field shows a field as it came.
func (x input) field() person.Field {
	f := person.Field{Label: x.label, Hint: x.hint, Value: x.Value, Long: x.Style == styleParagraph}
	if f.Hint == "" {
		f.Hint = x.Placeholder
	}
	if x.Type == componentSelect {
		choices(&f, x.component)
	}
	f.Optional = !x.mandatory()
	return f
}

// shown draws the form with the values so far, and what was wrong with them.
func (o *openForm) shown() *person.Form {
	f := &person.Form{ID: o.id, Title: o.modal.Title, Submit: "Submit"}
	var text []string
	for _, c := range o.modal.Components {
		if c.Type == componentText {
			text = append(text, (&painter{f: &Fake{}}).markdown(c.Content))
		}
	}
	f.Text = strings.Join(text, "\n")
	for _, x := range o.inputs() {
		field := x.field()
		field.Value, field.Problem = o.values[field.Label], o.problems[field.Label]
		f.Fields = append(f.Fields, field)
	}
	return f
}

// problem says what Discord's client refuses about a value, or nothing.
//
// The client refuses these before anything is sent: https://docs.discord.com/developers/components/reference#text-input
func (x input) problem(value string) string {
	if x.Type == componentSelect {
		return x.choiceProblem(value)
	}
	low, high := x.lengths()
	switch n := utf8.RuneCountInString(value); {
	case n == 0 && x.mandatory():
		return "This field is required."
	case n > high:
		return fmt.Sprintf("Must be %d or fewer in length.", high)
	case n > 0 && n < low:
		return fmt.Sprintf("Must be %d or more in length.", low)
	default:
		return ""
	}
}

func (x input) choiceProblem(value string) string {
	chosen, unknown := x.chosen(value)
	low, high := x.limits()
	switch {
	case unknown != "":
		return fmt.Sprintf("There is no option %q.", unknown)
	case len(chosen) == 0 && !x.mandatory():
		return ""
	case len(chosen) == 0:
		return "This field is required."
	case len(chosen) < low:
		return fmt.Sprintf("Select %d or more.", low)
	case len(chosen) > high:
		return fmt.Sprintf("Select %d or fewer.", high)
	default:
		return ""
	}
}

// chosen returns the values of the options whose labels stand in value, separated by commas, and the first words that are
// no label. A label may have commas itself.
func (c component) chosen(value string) (values []string, unknown string) {
	values = []string{}
	for rest := strings.TrimSpace(value); rest != ""; {
		var best *selectOption
		for i, o := range c.Options {
			after, ok := strings.CutPrefix(rest, o.Label)
			if ok && (after == "" || strings.HasPrefix(strings.TrimSpace(after), ",")) && (best == nil || len(o.Label) > len(best.Label)) {
				best = &c.Options[i]
			}
		}
		if best == nil {
			return values, rest
		}
		if !slices.Contains(values, best.Value) {
			values = append(values, best.Value)
		}
		rest = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(rest[len(best.Label):]), ","))
	}
	return values, ""
}

// submitted is a component of a sent modal.
//
// https://docs.discord.com/developers/components/reference#text-input-text-input-interaction-response-structure
type submitted struct {
	Type       int         `json:"type"`
	ID         int         `json:"id"`
	CustomID   string      `json:"custom_id,omitempty"`
	Value      *string     `json:"value,omitempty"`
	Values     *[]string   `json:"values,omitempty"`
	Components []submitted `json:"components,omitempty"`
	Component  *submitted  `json:"component,omitempty"`
}

// submission is the data of a sent modal: every component comes back, with what is in it.
func (o *openForm) submission() map[string]any {
	var list []submitted
	for _, c := range o.modal.Components {
		s := submitted{Type: c.Type, ID: c.ID}
		switch c.Type {
		case componentRow:
			s.Components = []submitted{o.filled(c.Components[0], c.Components[0].Label)}
		case componentLabel:
			inner := o.filled(*c.Component, c.Label)
			s.Component = &inner
		}
		list = append(list, s)
	}
	return map[string]any{"custom_id": o.modal.CustomID, "components": list}
}

func (o *openForm) filled(c component, label string) submitted {
	s := submitted{Type: c.Type, ID: c.ID, CustomID: c.customID()}
	value := o.values[label]
	if c.Type == componentSelect {
		values, _ := c.chosen(value)
		s.Values = &values
	} else {
		s.Value = &value
	}
	return s
}
