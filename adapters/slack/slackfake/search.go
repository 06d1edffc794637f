package slackfake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// noResults is what a search menu shows when it can do nothing with the bot's answer.
const noResults = shown("Something went wrong while loading the options.")

// Search types into a search menu of an open form and returns the labels of what the bot offers. Nothing is offered
// before enough is typed.
// https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element#external_select
func (f *Fake) Search(ctx context.Context, who, form, label, typed string) ([]string, error) {
	f.mu.Lock()
	v, err := f.formOf(who, form)
	var in part
	found := false
	if err == nil {
		in, found = v.input(label)
	}
	f.mu.Unlock()
	if err != nil {
		return nil, err
	}
	if !found || !external(str(in.element, "type")) {
		return nil, fmt.Errorf("slackfake: the form has no search menu %q", label)
	}
	offered, err := f.search(ctx, who, form, in, typed)
	return labels(offered), err
}

// offeredFor returns the options among which a person finds words: what is chosen already, and what comes up for each of
// the words between commas.
func (f *Fake) offeredFor(ctx context.Context, who, form string, in part, words string) ([]object, error) {
	f.mu.Lock()
	var known []object
	if v, err := f.formOf(who, form); err == nil {
		for _, o := range selected(v.state[str(in.block, "block_id")][str(in.element, "action_id")]) {
			known = append(known, o.(object))
		}
	}
	f.mu.Unlock()
	for word := range strings.SplitSeq(words, ",") {
		word = strings.TrimSpace(word)
		if slices.ContainsFunc(known, func(o object) bool { return strings.Contains(optionLabel(o), word) }) {
			continue
		}
		offered, err := f.search(ctx, who, form, in, word)
		if err != nil {
			return nil, err
		}
		known = append(known, offered...)
	}
	return known, nil
}

// search asks the bot for options.
func (f *Fake) search(ctx context.Context, who, form string, in part, typed string) ([]object, error) {
	const least = 3 // what min_query_length is when it is not set
	var c checker
	if utf8.RuneCountInString(typed) < c.number("", in.element, "min_query_length", 0, 100, least) {
		return nil, nil
	}
	payload, err := f.suggestion(who, form, in, typed)
	if err != nil {
		return nil, err
	}
	a, entry, err := f.deliver(ctx, "block_suggestion", payload)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	var offered []object
	if err == nil {
		offered, err = offeredIn(a)
	}
	if err != nil {
		f.mu.Lock()
		entry.Problem = err.Error()
		f.mu.Unlock()
		return nil, noResults
	}
	return offered, nil
}

// suggestion is a question for options.
// https://docs.slack.dev/reference/interaction-payloads/block_suggestion-payload
func (f *Fake) suggestion(who, form string, in part, typed string) (url.Values, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	v, err := f.formOf(who, form)
	if err != nil {
		return nil, err
	}
	if f.manifest != nil && !f.manifest.loadsOptions() {
		return nil, errors.New("slackfake: the manifest has no message_menu_options_url")
	}
	p := f.interaction("block_suggestion", who)
	p["container"] = object{"type": "view", "view_id": v.id}
	p["view"] = f.viewPayload(v)
	p["block_id"], p["action_id"] = str(in.block, "block_id"), str(in.element, "action_id")
	p["value"] = typed
	return interactionForm(p)
}

// offeredIn reads the options in the bot's answer: 100 at most, or as many groups of them.
func offeredIn(a answer) ([]object, error) {
	if a.status != http.StatusOK {
		return nil, fmt.Errorf("status %d", a.status)
	}
	var o object
	if err := json.Unmarshal(a.body, &o); err != nil {
		return nil, err
	}
	var c checker
	groups, grouped := o["option_groups"].([]any)
	_, flat := o["options"].([]any)
	switch {
	case flat:
		c.options("", o, "options", 0, 100, true)
	case grouped:
		c.items("/option_groups", len(groups), 0, 100)
		for i, g := range groups {
			group, _ := g.(object)
			c.text(at("/option_groups", i), group, "label", 75, true, true)
			c.options(at("/option_groups", i), group, "options", 1, 100, true)
		}
	default:
		return nil, errors.New("neither options nor option_groups")
	}
	if len(c.broken) > 0 {
		return nil, errors.New(strings.Join(c.broken, "; "))
	}
	completeInside(o)
	return options(o), nil
}
