package slackfake

import (
	"reflect"
	"slices"
	"unicode/utf8"
)

// What may stand where. https://docs.slack.dev/reference/block-kit/block-elements
var (
	inActions = []string{"button", "static_select", "multi_static_select", "checkboxes", "radio_buttons"}
	inSection = append([]string{"image"}, inActions...)
	inInput   = []string{"plain_text_input", "static_select", "multi_static_select", "checkboxes", "radio_buttons"}
)

// element checks one element. Element types that the fake's people can't use are refused as unsupported.
func (c *checker) element(here string, v any, allowed []string) {
	e, isObject := v.(object)
	if !isObject {
		c.add(here, "must provide an object")
		return
	}
	kind := str(e, "type")
	if !slices.Contains(allowed, kind) {
		c.add(at(here, "type"), "unsupported type: %s", kind)
		return
	}
	c.string(here, e, "action_id", 255)
	c.confirm(here, e)
	switch kind {
	case "image":
		c.image(here, e)
	case "button":
		c.button(here, e)
	case "plain_text_input":
		c.textInput(here, e)
	case "static_select", "multi_static_select":
		c.text(here, e, "placeholder", 150, false, true)
		c.choices(here, e, 100, true)
		c.number(here, e, "max_selected_items", 1, 100, 0)
	default:
		c.choices(here, e, 10, false)
	}
}

// https://docs.slack.dev/reference/block-kit/block-elements/button-element
func (c *checker) button(here string, e object) {
	c.text(here, e, "text", 75, true, true)
	c.string(here, e, "value", 2000)
	c.link(here, e, "url", false)
	c.string(here, e, "accessibility_label", 75)
	c.oneOf(here, e, "style", "primary", "danger")
}

// maxTyped is how much text fits into an input, in characters.
// https://docs.slack.dev/reference/block-kit/block-elements/plain-text-input-element
const maxTyped = 3000

func (c *checker) textInput(here string, e object) {
	c.text(here, e, "placeholder", 150, false, true)
	most := c.number(here, e, "max_length", 1, maxTyped, maxTyped)
	least := c.number(here, e, "min_length", 0, maxTyped, 0)
	if least > most {
		c.add(at(here, "min_length"), "must not be greater than `max_length`")
	}
	if initial := str(e, "initial_value"); utf8.RuneCountInString(initial) > most {
		c.add(at(here, "initial_value"), "must be less than %d characters", most+1)
	}
}

// choices checks the options of a menu and what is chosen already.
// https://docs.slack.dev/reference/block-kit/composition-objects/option-object
func (c *checker) choices(here string, e object, most int, plain bool) {
	groups, grouped := e["option_groups"].([]any)
	if grouped && plain {
		c.items(at(here, "option_groups"), len(groups), 1, 100)
		for i, g := range groups {
			pointer := at(at(here, "option_groups"), i)
			group, _ := g.(object)
			c.text(pointer, group, "label", 75, true, true)
			c.options(pointer, group, most, plain)
		}
	} else {
		c.options(here, e, most, plain)
	}
	known := options(e)
	chosen := slices.Clone(list(e["initial_options"]))
	if initial := e["initial_option"]; initial != nil {
		chosen = append(chosen, initial)
	}
	for _, o := range chosen {
		if !slices.ContainsFunc(known, func(k object) bool { return sameOption(k, o) }) {
			c.add(here, "initial option must match one of the options")
		}
	}
	if _, there := e["initial_options"]; there && len(list(e["initial_options"])) == 0 {
		c.add(at(here, "initial_options"), "no less than 1 items allowed")
	}
}

func (c *checker) options(here string, o object, most int, plain bool) {
	all := list(o["options"])
	c.items(at(here, "options"), len(all), 1, most)
	for i, v := range all {
		pointer := at(at(here, "options"), i)
		option, _ := v.(object)
		c.text(pointer, option, "text", 75, true, plain)
		c.text(pointer, option, "description", 75, false, plain)
		if _, isText := option["value"].(string); !isText {
			c.add(pointer, "missing required field: value")
		}
		c.string(pointer, option, "value", 150)
	}
}

// sameOption reports whether two options are the same but for flags with a default.
func sameOption(a, b any) bool {
	x, y := plainOption(a), plainOption(b)
	return x != nil && reflect.DeepEqual(x, y)
}

func plainOption(v any) []string {
	if _, isObject := v.(object); !isObject {
		return nil
	}
	text, about := child(v, "text"), child(v, "description")
	return []string{str(text, "type"), str(text, "text"), str(v, "value"), str(about, "type"), str(about, "text")}
}

// https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object
func (c *checker) confirm(here string, e object) {
	dialog, isObject := e["confirm"].(object)
	if !isObject {
		return
	}
	pointer := at(here, "confirm")
	c.text(pointer, dialog, "title", 100, true, true)
	c.text(pointer, dialog, "text", 300, true, false)
	c.text(pointer, dialog, "confirm", 30, true, true)
	c.text(pointer, dialog, "deny", 30, true, true)
	c.oneOf(pointer, dialog, "style", "primary", "danger")
}
