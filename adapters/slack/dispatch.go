package slack

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"runtime/debug"

	"communitybot/bot"
)

// The types of payload that the bot acts on.
const (
	buttonPressed = "block_actions"
	formSent      = "view_submission"
	menuTypedIn   = "block_suggestion"
	shortcutUsed  = "message_action"
)

// dispatch acts on a verified body and returns what to answer: nothing, or JSON. An error means that the body can't be
// understood.
func (a *Adapter) dispatch(ctx context.Context, h bot.Handler, body []byte) ([]byte, error) {
	if bytes.HasPrefix(bytes.TrimSpace(body), []byte("{")) { // only events come as JSON
		return a.event(ctx, h, body)
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, fmt.Errorf("form: %w", err)
	}
	if payload := form.Get("payload"); payload != "" {
		return a.interact(ctx, h, []byte(payload))
	}
	s, err := readSlash(form)
	if err != nil {
		return nil, err
	}
	return a.slash(ctx, h, s), nil
}

// event acts on an event: somebody opened their home, or Slack asks whether this address is ours. No other is asked for.
// One that Slack sends again draws the same again.
// https://docs.slack.dev/reference/events/app_home_opened, https://docs.slack.dev/reference/events/url_verification
func (a *Adapter) event(ctx context.Context, h bot.Handler, body []byte) ([]byte, error) {
	e, err := readEvent(body)
	if err != nil {
		return nil, err
	}
	switch {
	case e.Type == "url_verification":
		return a.encode(ctx, map[string]string{"challenge": e.Challenge}), nil
	case e.Type == "event_callback" && e.Event.Type == "app_home_opened" && e.Event.Tab == "home" && e.Event.User != "":
		a.drawHome(ctx, h, drawing{event: e.opened(), opened: true})
	default:
		a.log.DebugContext(ctx, "slack: event ignored", "type", e.Type, "event", e.Event.Type)
	}
	return nil, nil
}

// interact acts on an interaction's payload.
func (a *Adapter) interact(ctx context.Context, h bot.Handler, payload []byte) ([]byte, error) {
	p, err := readInteraction(payload)
	if err != nil {
		return nil, err
	}
	h = a.admit(ctx, h, p)
	a.openings.keep(spot{p.User.ID, p.place().Channel}, p.ResponseURL)
	switch p.Type {
	case buttonPressed:
		switch {
		case p.inField():
			a.refill(ctx, h, p)
		case p.View.Type == homeView:
			a.pressedAtHome(ctx, h, p)
		case p.inView():
			a.pressedInView(ctx, h, p)
		default:
			a.button(ctx, h, p)
		}
		return nil, nil
	case menuTypedIn:
		return a.suggest(ctx, h, p), nil
	case shortcutUsed:
		a.shortcut(ctx, h, p)
		return nil, nil
	case formSent:
		return a.submission(ctx, h, p), nil
	default:
		a.log.DebugContext(ctx, "slack: interaction ignored", "type", p.Type)
		return nil, nil
	}
}

// panicked notes a panic that was caught.
func (a *Adapter) panicked(ctx context.Context, p any, args ...any) {
	a.log.ErrorContext(ctx, "slack: panic", append(args, "panic", p, "stack", string(debug.Stack()))...)
	a.caught()
}

// handle asks the handler, and turns a panic in it into an error of ours.
func (a *Adapter) handle(ctx context.Context, h bot.Handler, e bot.Event) (reply bot.Reply, err error) {
	defer func() {
		if p := recover(); p != nil {
			a.panicked(ctx, p, "command", e.Command)
			reply, err = nil, &bot.Error{Code: bot.Internal, Err: fmt.Errorf("panic: %v", p)}
		}
	}()
	return h.Handle(ctx, e)
}
