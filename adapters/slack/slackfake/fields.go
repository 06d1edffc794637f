package slackfake

import (
	"fmt"
	"slices"
	"strings"
)

// formState is what stands in the fields, by block_id and action_id, as Slack sends it.
type formState map[string]map[string]object

func (s formState) set(block, action string, value object) {
	if s[block] == nil {
		s[block] = map[string]object{}
	}
	s[block][action] = value
}

// options returns the options of a menu, those in groups too.
func options(e object) []object {
	all := slices.Clone(list(e["options"]))
	for _, g := range list(e["option_groups"]) {
		all = append(all, list(child(g, "options"))...)
	}
	var found []object
	for _, v := range all {
		if o, isObject := v.(object); isObject {
			found = append(found, o)
		}
	}
	return found
}

func optionLabel(o any) string { return str(child(o, "text"), "text") }

// single reports whether a menu takes one option.
func single(kind string) bool {
	return kind == "static_select" || kind == "radio_buttons" || kind == "external_select"
}

// external reports whether the options of a menu are asked of the bot while a person types.
func external(kind string) bool { return kind == "external_select" || kind == "multi_external_select" }

// initialState is what blocks show at first. What stood in the same fields before stays, where it still can.
func initialState(blocks []any, before formState) formState {
	state := formState{}
	for _, b := range blocks {
		block, _ := b.(object)
		id := str(block, "block_id")
		for _, e := range interactive(block) {
			kind, action := str(e, "type"), str(e, "action_id")
			if kind == "button" {
				continue
			}
			value := initialValue(e)
			if old := before[id][action]; str(old, "type") == kind && possible(e, old) {
				value = old
			}
			state.set(id, action, value)
		}
	}
	return state
}

func initialValue(e object) object {
	switch kind := str(e, "type"); {
	case kind == "plain_text_input":
		return object{"type": kind, "value": e["initial_value"]}
	case single(kind):
		return object{"type": kind, "selected_option": e["initial_option"]}
	default:
		return object{"type": kind, "selected_options": append([]any{}, list(e["initial_options"])...)}
	}
}

// possible reports whether a menu still has the options that were chosen. Of an external one nobody knows.
func possible(e, value object) bool {
	if external(str(e, "type")) {
		return true
	}
	for _, o := range selected(value) {
		if !slices.ContainsFunc(options(e), func(k object) bool { return sameOption(k, o) }) {
			return false
		}
	}
	return true
}

func selected(value object) []any {
	if one := value["selected_option"]; one != nil {
		return []any{one}
	}
	return list(value["selected_options"])
}

// shownValue is a field's value in words.
func shownValue(value object) string {
	if s, isText := value["value"].(string); isText {
		return s
	}
	var labels []string
	for _, o := range selected(value) {
		labels = append(labels, optionLabel(o))
	}
	return strings.Join(labels, ",")
}

// typed is what a person's words put into a field. Options are named by their labels, with commas between; offered are
// those that there are.
func typed(e object, offered []object, words string) (object, error) {
	kind := str(e, "type")
	if kind == "plain_text_input" {
		if words == "" {
			return object{"type": kind, "value": nil}, nil
		}
		return object{"type": kind, "value": words}, nil
	}
	chosen := []any{}
	for rest := trimList(words); rest != ""; {
		o := longest(offered, rest)
		if o == nil {
			return nil, fmt.Errorf("slackfake: no option %q; there are %q", rest, labels(offered))
		}
		chosen = append(chosen, o)
		rest = trimList(strings.TrimPrefix(rest, optionLabel(o)))
	}
	if !single(kind) {
		return object{"type": kind, "selected_options": chosen}, nil
	}
	switch len(chosen) {
	case 0:
		return object{"type": kind, "selected_option": nil}, nil
	case 1:
		return object{"type": kind, "selected_option": chosen[0]}, nil
	}
	return nil, fmt.Errorf("slackfake: only one of %q can be chosen", labels(offered))
}

func trimList(s string) string { return strings.Trim(s, ", \n") }

// longest returns the option whose label begins rest and ends at a comma or the end; labels may hold commas.
func longest(all []object, rest string) object {
	var best object
	for _, o := range all {
		after, begins := strings.CutPrefix(rest, optionLabel(o))
		after = strings.TrimSpace(after)
		if begins && (after == "" || after[0] == ',') && (best == nil || len(optionLabel(o)) > len(optionLabel(best))) {
			best = o
		}
	}
	return best
}

func labels(all []object) []string {
	var found []string
	for _, o := range all {
		found = append(found, optionLabel(o))
	}
	return found
}
