package slack

import (
	"context"
	"errors"
	"fmt"

	"github.com/slack-go/slack"

	"communitybot/bot"
)

// What a person does again when a form did not open.
const (
	typeAgain  = "type the command again"
	pressAgain = "press the button again"
)

// slash answers a typed command: what is private goes into the body.
func (a *Adapter) slash(ctx context.Context, h bot.Handler, s slashCommand) []byte {
	e := s.event()
	reply, err := a.handle(ctx, h, e)
	if err != nil {
		return a.encode(ctx, private(said(bot.Explain(err))))
	}
	switch r := reply.(type) {
	case bot.Ask:
		if problem := a.open(ctx, a.api.OpenViewContext, s.trigger, r.Form, e.At, typeAgain); problem != "" {
			return a.encode(ctx, private(said(problem)))
		}
	case bot.Tell:
		return a.encode(ctx, private(draw(tellCard(r))))
	case bot.Edit: // there is no card to redraw, so the one who asked sees it
		return a.encode(ctx, private(draw(r.Card)))
	}
	return nil
}

// button answers a pressed button: everything goes to the message's response_url, so that it works in channels that the
// bot is not in. Answers to a button of a private message replace that one, as it is no card that others still need; only
// an error stands beside it.
func (a *Adapter) button(ctx context.Context, h bot.Handler, p interaction) {
	var reply bot.Reply
	e, err := p.pressed()
	if err == nil {
		reply, err = a.handle(ctx, h, e)
	}
	if err != nil {
		a.respond(ctx, p.ResponseURL, private(said(bot.Explain(err))))
		return
	}
	switch r := reply.(type) {
	case bot.Ask:
		if problem := a.open(ctx, a.api.OpenViewContext, p.TriggerID, r.Form, e.At, pressAgain); problem != "" {
			a.respond(ctx, p.ResponseURL, private(said(problem)))
		}
	case bot.Tell:
		m := private(draw(tellCard(r)))
		m.ReplaceOriginal = p.Container.IsEphemeral
		a.respond(ctx, p.ResponseURL, m)
	case bot.Edit:
		m := webhook(draw(r.Card))
		m.ReplaceOriginal = true
		a.respond(ctx, p.ResponseURL, m)
	case bot.Done:
		if p.Container.IsEphemeral {
			a.respond(ctx, p.ResponseURL, &slack.WebhookMessage{DeleteOriginal: true})
		}
	}
}

// submission answers a sent form: the body says what becomes of it. Empty closes it.
// https://docs.slack.dev/surfaces/modals#updating_views
func (a *Adapter) submission(ctx context.Context, h bot.Handler, p interaction) []byte {
	var reply bot.Reply
	e, err := p.sent()
	if err == nil {
		reply, err = a.handle(ctx, h, e)
	}
	if err != nil {
		return a.encode(ctx, refusal(p.View, err))
	}
	switch r := reply.(type) {
	case bot.Ask:
		next, err := modal(r.Form, e.At)
		if err != nil {
			a.log.WarnContext(ctx, "slack: form not drawn", "command", r.Form.Command, "error", err)
			return a.encode(ctx, refusal(p.View, err))
		}
		return a.encode(ctx, slack.NewUpdateViewSubmissionResponse(next))
	case bot.Tell:
		return a.encode(ctx, slack.NewUpdateViewSubmissionResponse(notice(p.View.Title.Text, tellCard(r), e)))
	case bot.Edit:
		if !a.redraw(ctx, e.At, r.Card) {
			return a.encode(ctx, slack.NewUpdateViewSubmissionResponse(notice(p.View.Title.Text, r.Card, e)))
		}
	}
	return nil
}

// show is the call that shows a view to the one whose trigger it is: alone, or on top of an open one.
type show func(ctx context.Context, trigger string, view slack.ModalViewRequest) (*slack.ViewResponse, error)

// open opens a form, once: a trigger works one time and three seconds. It returns words for the person when that
// failed.
func (a *Adapter) open(ctx context.Context, by show, trigger string, f bot.Form, at bot.Place, again string) (problem string) {
	form, err := modal(f, at)
	if err != nil {
		a.log.WarnContext(ctx, "slack: form not drawn", "command", f.Command, "error", err)
		return bot.Explain(err)
	}
	call, cancel := context.WithTimeout(ctx, callWithin)
	defer cancel()
	if _, err = by(call, trigger, *form); err == nil {
		return ""
	}
	a.log.WarnContext(ctx, "slack: form not opened", "command", f.Command, "error", describe(err))
	var refused slack.SlackErrorResponse
	switch {
	case errors.As(err, &refused) && triggerErrors[refused.Err]:
		return fmt.Sprintf("Slack stopped waiting before the form could open. Please %s.", again)
	case bot.CodeOf(translate(err)) == bot.Busy:
		return fmt.Sprintf("Slack is busy right now and the form did not open. Please wait a moment, then %s.", again)
	default:
		return fmt.Sprintf("The form did not open. Please %s. If it keeps happening, tell whoever runs this bot.", again)
	}
}

// respond sends a message to a response_url. Whoever acted has had their say by now, so it may take longer than the
// three seconds, and a failure is only logged: the URL is a secret, and stays out of the log.
// https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
func (a *Adapter) respond(ctx context.Context, responseURL string, m *slack.WebhookMessage) {
	if responseURL == "" {
		a.log.WarnContext(ctx, "slack: nowhere to answer: no response_url")
		return
	}
	call, cancel := context.WithTimeout(context.WithoutCancel(ctx), callWithin)
	defer cancel()
	if err := slack.PostWebhookCustomHTTPContext(call, responseURL, a.http, m); err != nil {
		a.log.WarnContext(ctx, "slack: not answered", "error", describe(err))
	}
}
