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
	inInput   = []string{"plain_text_input", "static_select", "multi_static_select", "external_select", "multi_external_select", "checkboxes", "radio_buttons"}
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
	case "external_select", "multi_external_select":
		c.search(here, e)
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
	if config, isObject := e["dispatch_action_config"].(object); isObject {
		pointer := at(at(here, "dispatch_action_config"), "trigger_actions_on")
		on := list(config["trigger_actions_on"])
		c.items(pointer, len(on), 1, 2)
		for i := range on {
			if on[i] != onCharacter && on[i] != onEnter {
				c.add(at(pointer, i), "must be one of %s, %s", onEnter, onCharacter)
			}
		}
	}
}

// When typing into a field sends an action.
// https://docs.slack.dev/reference/block-kit/composition-objects/dispatch-action-configuration-object
const (
	onCharacter = "on_character_entered"
	onEnter     = "on_enter_pressed"
)

// search checks a menu whose options the bot is asked for.
// https://docs.slack.dev/reference/block-kit/block-elements/multi-select-menu-element#external_multi_select
func (c *checker) search(here string, e object) {
	c.text(here, e, "placeholder", 150, false, true)
	c.number(here, e, "min_query_length", 0, 100, 0)
	for _, key := range []string{"options", "option_groups"} {
		if e[key] != nil {
			c.add(here, "invalid additional property: %s", key)
		}
	}
	several := str(e, "type") == "multi_external_select"
	if several {
		c.number(here, e, "max_selected_items", 1, 100, 0)
	}
	if e["initial_options"] != nil {
		if !several {
			c.add(here, "invalid additional property: initial_options")
		}
		c.options(here, e, "initial_options", 1, 100, true)
	}
	if e["initial_option"] != nil {
		if several {
			c.add(here, "invalid additional property: initial_option")
		}
		c.option(at(here, "initial_option"), e["initial_option"], true)
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
			c.options(pointer, group, "options", 1, most, plain)
		}
	} else {
		c.options(here, e, "options", 1, most, plain)
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

// options checks the options under a key.
func (c *checker) options(here string, o object, key string, least, most int, plain bool) {
	all := list(o[key])
	c.items(at(here, key), len(all), least, most)
	for i, v := range all {
		c.option(at(at(here, key), i), v, plain)
	}
}

func (c *checker) option(pointer string, v any, plain bool) {
	option, _ := v.(object)
	c.text(pointer, option, "text", 75, true, plain)
	c.text(pointer, option, "description", 75, false, plain)
	if _, isText := option["value"].(string); !isText {
		c.add(pointer, "missing required field: value")
	}
	c.string(pointer, option, "value", 150)
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
