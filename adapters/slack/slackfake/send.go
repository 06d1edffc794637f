package slackfake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"communitybot/adapters/person"
)

// trouble is what Slack shows in a form when it can do nothing with the bot's answer.
const trouble = shown("We had some trouble connecting. Try again?")

// Send fills in an open form and sends it. A form that Slack's client or the bot refuses comes back with its problems.
// When the bot fails, the form comes back together with the error that Slack shows in it.
func (f *Fake) Send(ctx context.Context, who, form string, values map[string]string) (person.Screen, error) {
	before, err := f.sendable(who, form)
	if err != nil {
		return person.Screen{}, err
	}
	if err := f.fillIn(ctx, who, form, values); err != nil {
		return person.Screen{}, err
	}
	v, payload, err := f.filledIn(who, form)
	if err != nil {
		return person.Screen{}, err
	}
	if payload == nil {
		return f.screen(who, before), nil
	}
	a, entry, err := f.deliver(ctx, "view_submission", payload)
	if ctx.Err() != nil {
		return person.Screen{}, ctx.Err()
	}
	if err == nil {
		err = f.submitted(v, a)
	}
	if err != nil {
		f.mu.Lock()
		entry.Problem = err.Error()
		v.changed = f.tick()
		f.mu.Unlock()
		return f.screen(who, before), trouble
	}
	return f.screen(who, before), nil
}

// sendable errs for a form that a person can't send, and returns the number of the latest change.
func (f *Fake) sendable(who, form string) (before int, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	v, err := f.formOf(who, form)
	if err == nil && v.sent["submit"] == nil {
		err = errors.New("slackfake: this form has no button that sends it")
	}
	return f.seq, err
}

// filledIn is what a form holds when its button is pressed. There is no payload when Slack's client would not send it.
func (f *Fake) filledIn(who, form string) (v *view, payload url.Values, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if v, err = f.formOf(who, form); err != nil {
		return nil, nil, err
	}
	v.problems = v.refuse()
	if len(v.problems) > 0 {
		v.changed = f.tick()
		return v, nil, nil
	}
	payload, err = interactionForm(f.submission(v))
	return v, payload, err
}

// submitted does what the answer to a sent form asks for. Its error says why that can't be done.
// https://docs.slack.dev/surfaces/modals#updating_response
func (f *Fake) submitted(v *view, a answer) error {
	if a.status != http.StatusOK {
		return fmt.Errorf("status %d", a.status)
	}
	var response struct {
		Action string            `json:"response_action"`
		Errors map[string]string `json:"errors"`
		View   any               `json:"view"`
	}
	if len(a.body) > 0 {
		if err := json.Unmarshal(a.body, &response); err != nil {
			return err
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	switch response.Action {
	case "":
		f.pop(v)
		return nil
	case "clear":
		delete(f.stacks, v.user)
		f.tick()
		return nil
	case "errors":
		return f.problems(v, response.Errors)
	case "update", "push":
		sent, err := viewOf(response.View, "modal")
		if err != nil {
			return err
		}
		if response.Action == "push" {
			_, err = f.push(v.user, sent)
			return err
		}
		f.replace(v, sent)
		return nil
	}
	return fmt.Errorf("unknown response_action %q", response.Action)
}

// problems shows errors at the fields. Every one must be at an input block.
func (f *Fake) problems(v *view, errs map[string]string) error {
	if len(errs) == 0 {
		return errors.New("response_action errors without errors")
	}
	for id := range errs {
		if !slices.ContainsFunc(v.inputs(), func(p part) bool { return str(p.block, "block_id") == id }) {
			return fmt.Errorf("no input block %q", id)
		}
	}
	v.problems = errs
	v.changed = f.tick()
	return nil
}

// pop closes a view; the one below it is seen again.
func (f *Fake) pop(v *view) {
	f.stacks[v.user] = slices.DeleteFunc(f.stacks[v.user], func(o *view) bool { return o == v })
	n := f.tick()
	if below := f.top(v.user); below != nil {
		below.changed = n
	}
}

// CloseForm presses the close button of an open form. The bot hears of it when the view asks for that.
func (f *Fake) CloseForm(ctx context.Context, who, form string) error {
	f.mu.Lock()
	v := f.top(who)
	if v == nil || v.id != form {
		f.mu.Unlock()
		return fmt.Errorf("slackfake: %s does not see a form %q", who, form)
	}
	payload, err := interactionForm(f.closure(v))
	if truth(v.sent, "clear_on_close") {
		delete(f.stacks, who)
		f.tick()
	} else {
		f.pop(v)
	}
	f.mu.Unlock()
	if err != nil || !truth(v.sent, "notify_on_close") {
		return err
	}
	_, _, err = f.deliver(ctx, "view_closed", payload)
	return err
}
