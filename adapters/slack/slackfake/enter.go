package slackfake

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"

	"communitybot/adapters/person"
)

// Enter types into a field of an open form, by its label, and presses Enter; options are chosen by their labels. A field
// whose block has dispatch_action sends an action, and what comes up is what there was when the bot had answered.
// https://docs.slack.dev/reference/block-kit/blocks/input-block
func (f *Fake) Enter(ctx context.Context, who, form, label, value string) (person.Screen, error) {
	f.mu.Lock()
	before := f.seq
	f.mu.Unlock()
	entries, err := f.entries(ctx, who, form, map[string]string{label: value})
	if err != nil {
		return person.Screen{}, err
	}
	payload, err := f.put(who, form, entries[0], true)
	if err != nil || payload == nil {
		return f.screen(who, before), err
	}
	return f.acted(ctx, who, "block_actions", payload, before)
}

// entry is what goes into the field with a label.
type entry struct {
	label string
	value object
}

// fillIn enters values, one field after the other as they stand in the form. A field that leads others sends its action
// on the way; the person sees what comes of that, and goes on.
func (f *Fake) fillIn(ctx context.Context, who, form string, values map[string]string) error {
	entries, err := f.entries(ctx, who, form, values)
	if err != nil {
		return err
	}
	for _, e := range entries {
		f.mu.Lock()
		before := f.seq
		f.mu.Unlock()
		payload, err := f.put(who, form, e, false)
		if err != nil {
			return err
		}
		if payload == nil {
			continue
		}
		a, _, err := f.deliver(ctx, "block_actions", payload)
		if ctx.Err() != nil {
			return err
		}
		if err == nil && a.status == http.StatusOK {
			f.look(ctx, who, before)
		}
	}
	return nil
}

// entries finds what values, by label, mean for the fields of a form. A value that can't be entered is an error.
func (f *Fake) entries(ctx context.Context, who, form string, values map[string]string) ([]entry, error) {
	f.mu.Lock()
	v, err := f.formOf(who, form)
	var fields []part
	if err == nil {
		fields = v.inputs()
	}
	f.mu.Unlock()
	if err != nil {
		return nil, err
	}
	left := maps.Clone(values)
	var found []entry
	for _, in := range fields {
		label := in.label()
		words, given := left[label]
		if !given {
			continue
		}
		delete(left, label)
		offered := options(in.element)
		if external(str(in.element, "type")) {
			if offered, err = f.offeredFor(ctx, who, form, in, words); err != nil {
				return nil, err
			}
		}
		value, err := typed(in.element, offered, words)
		if err != nil {
			return nil, err
		}
		found = append(found, entry{label, value})
	}
	for label := range left {
		return nil, fmt.Errorf("slackfake: the form has no field %q", label)
	}
	return found, nil
}

// put enters something into the field of its label. There is a payload when that sends an action.
func (f *Fake) put(who, form string, e entry, pressEnter bool) (payload url.Values, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	v, err := f.formOf(who, form)
	if err != nil {
		return nil, err
	}
	in, found := v.input(e.label)
	if !found {
		return nil, fmt.Errorf("slackfake: the form has no field %q any more", e.label)
	}
	block, action := str(in.block, "block_id"), str(in.element, "action_id")
	changed := shownValue(v.state[block][action]) != shownValue(e.value)
	v.state.set(block, action, e.value)
	f.tick()
	if !in.leads(changed, pressEnter) {
		return nil, nil
	}
	used := object{"block_id": block, "action_id": action}
	maps.Copy(used, e.value)
	return interactionForm(f.viewActionPayload(v, used))
}

// leads reports whether entering something into a field sends an action.
func (p part) leads(changed, pressEnter bool) bool {
	if !truth(p.block, "dispatch_action") {
		return false
	}
	if str(p.element, "type") != "plain_text_input" {
		return changed
	}
	on := list(child(p.element["dispatch_action_config"], "trigger_actions_on"))
	byEnter := len(on) == 0 || slices.Contains(on, any(onEnter))
	return changed && slices.Contains(on, any(onCharacter)) || pressEnter && byEnter && !truth(p.element, "multiline")
}

// formOf returns the open form with that ID, if the person sees it.
func (f *Fake) formOf(who, form string) (*view, error) {
	v := f.top(who)
	if v == nil || v.id != form {
		return nil, fmt.Errorf("slackfake: %s does not see a form %q", who, form)
	}
	return v, nil
}

// label is what stands above a field.
func (p part) label() string { return str(p.block["label"], "text") }

// input returns the field with that label.
func (v *view) input(label string) (part, bool) {
	fields := v.inputs()
	i := slices.IndexFunc(fields, func(p part) bool { return p.label() == label })
	if i < 0 {
		return part{}, false
	}
	return fields[i], true
}
