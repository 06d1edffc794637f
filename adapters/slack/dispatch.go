package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"runtime/debug"

	"communitybot/bot"
)

// The types of payload that the bot acts on.
const (
	buttonPressed = "block_actions"
	formSent      = "view_submission"
)

// dispatch acts on a verified body and returns what to answer: nothing, or JSON. An error means that the body can't be
// understood.
func (a *Adapter) dispatch(ctx context.Context, h bot.Handler, body []byte) ([]byte, error) {
	if bytes.HasPrefix(bytes.TrimSpace(body), []byte("{")) { // only events come as JSON
		return a.event(ctx, body)
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, fmt.Errorf("form: %w", err)
	}
	if payload := form.Get("payload"); payload != "" {
		return a.interact(ctx, h, payload)
	}
	s, err := readSlash(form)
	if err != nil {
		return nil, err
	}
	return a.slash(ctx, h, s), nil
}

// event answers Slack's question whether this address is ours. No other event is asked for.
// https://docs.slack.dev/reference/events/url_verification
func (a *Adapter) event(ctx context.Context, body []byte) ([]byte, error) {
	var e struct {
		Type      string `json:"type"`
		Challenge string `json:"challenge"`
	}
	if err := json.Unmarshal(body, &e); err != nil {
		return nil, fmt.Errorf("event: %w", withoutContent(err))
	}
	if e.Type == "url_verification" {
		return a.encode(ctx, map[string]string{"challenge": e.Challenge}), nil
	}
	a.log.DebugContext(ctx, "slack: event ignored", "type", e.Type)
	return nil, nil
}

// interact acts on an interaction's payload.
func (a *Adapter) interact(ctx context.Context, h bot.Handler, payload string) ([]byte, error) {
	p, err := readInteraction(payload)
	if err != nil {
		return nil, err
	}
	switch p.Type {
	case buttonPressed:
		if p.inView() {
			a.pressedInView(ctx, h, p)
		} else {
			a.button(ctx, h, p)
		}
		return nil, nil
	case formSent:
		return a.submission(ctx, h, p), nil
	default:
		a.log.DebugContext(ctx, "slack: interaction ignored", "type", p.Type)
		return nil, nil
	}
}

// handle asks the handler, and turns a panic in it into an error of ours.
func (a *Adapter) handle(ctx context.Context, h bot.Handler, e bot.Event) (reply bot.Reply, err error) {
	defer func() {
		if p := recover(); p != nil {
			a.log.ErrorContext(ctx, "slack: handler panicked", "command", e.Command, "panic", p, "stack", string(debug.Stack()))
			reply, err = nil, &bot.Error{Code: bot.Internal, Err: fmt.Errorf("panic: %v", p)}
		}
	}()
	return h.Handle(ctx, e)
}
