package slack

import (
	"context"
	"errors"
	"time"

	"github.com/slack-go/slack"

	"communitybot/bot"
	"communitybot/bot/words"
)

// named is what people call this platform.
const named = "Slack"

// slash answers a typed command: what is private goes into the body.
func (a *Adapter) slash(ctx context.Context, h bot.Handler, s slashCommand) []byte {
	a.openings.keep(spot{s.user, s.channel}, s.responseURL)
	e := s.event()
	e.By = a.withLocale(ctx, e.By)
	w := words.For(e.By.Locale)
	reply, err := a.handle(ctx, h, e)
	if err != nil {
		return a.encode(ctx, private(said(w.Explain(err))))
	}
	switch r := reply.(type) {
	case bot.Ask:
		if problem := a.open(ctx, a.api.OpenViewContext, s.trigger, r.Form, e, w.Chat.TypeAgain); problem != "" {
			return a.encode(ctx, private(said(problem)))
		}
	case bot.Tell:
		return a.encode(ctx, private(draw(tellCard(r))))
	}
	return nil
}

// button answers a pressed button: everything goes to the message's response_url, so that it works in channels that the
// bot is not in. What is told by a button of a private message takes that one's place, as it is no card that others still
// need, unless it is to stand beside it; an error always does. Its buttons are over once it is done, so words take its
// place then, too: what the bot said does not vanish without any.
func (a *Adapter) button(ctx context.Context, h bot.Handler, p interaction) {
	var reply bot.Reply
	e, err := p.pressed(a.withLocale(ctx, p.by()))
	w := words.For(e.By.Locale)
	if err == nil {
		reply, err = a.handle(ctx, h, e)
	}
	if err != nil {
		a.respondTo(ctx, p, private(said(w.Explain(err))))
		return
	}
	switch r := reply.(type) {
	case bot.Ask:
		if problem := a.open(ctx, a.api.OpenViewContext, p.TriggerID, r.Form, e, w.Chat.PressAgain); problem != "" {
			a.respondTo(ctx, p, private(said(problem)))
		}
	case bot.Tell:
		m := private(draw(tellCard(r)))
		m.ReplaceOriginal = p.Container.IsEphemeral && !r.Beside
		a.respondTo(ctx, p, m)
	case bot.Done:
		if p.Container.IsEphemeral {
			m := private(draw(doneCard(r, &w.Chat)))
			m.ReplaceOriginal = true
			a.respondTo(ctx, p, m)
		}
	}
}

// submission answers a sent form: the body says what becomes of it. Empty closes it.
// https://docs.slack.dev/surfaces/modals#updating_views
func (a *Adapter) submission(ctx context.Context, h bot.Handler, p interaction) []byte {
	var reply bot.Reply
	e, err := p.sent(a.withLocale(ctx, p.by()))
	if err == nil {
		reply, err = a.handle(ctx, h, e)
	}
	if err != nil {
		return a.encode(ctx, refusal(p.View, e, err))
	}
	switch r := reply.(type) {
	case bot.Ask:
		next, err := modal(r.Form, e)
		if err != nil {
			a.log.WarnContext(ctx, "slack: form not drawn", "command", r.Form.Command, "error", err)
			return a.encode(ctx, refusal(p.View, e, err))
		}
		renew(next, p.View, "")
		return a.encode(ctx, slack.NewUpdateViewSubmissionResponse(next))
	case bot.Tell:
		a.redrawHome(ctx, h, e)
		return a.encode(ctx, slack.NewUpdateViewSubmissionResponse(notice(p.View.Title, tellCard(r), e)))
	case bot.Done:
		a.redrawHome(ctx, h, e)
	}
	return nil
}

// show is the call that shows a view to the one whose trigger it is: alone, or on top of an open one.
type show func(ctx context.Context, trigger string, view slack.ModalViewRequest) (*slack.ViewResponse, error)

// open opens the form that answers e, once: a trigger works one time and three seconds, and an interaction that Slack
// delivers again has its form. It returns words for the person when that failed; again are those for what they are to do.
func (a *Adapter) open(ctx context.Context, by show, trigger string, f bot.Form, e bot.Event, again string) (problem string) {
	return a.once(ctx, trigger, func() string { return a.openForm(ctx, by, trigger, f, e, again) })
}

func (a *Adapter) openForm(ctx context.Context, by show, trigger string, f bot.Form, e bot.Event, again string) (problem string) {
	w := words.For(e.By.Locale)
	form, err := modal(f, e)
	if err != nil {
		a.log.WarnContext(ctx, "slack: form not drawn", "command", f.Command, "error", err)
		return w.Explain(err)
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
		return bot.Fill(w.Chat.FormLate, "platform", named) + " " + again
	case bot.CodeOf(translate(err)) == bot.Busy:
		return bot.Fill(w.Chat.FormBusy, "platform", named) + " " + again
	default:
		return w.Chat.FormFailed + " " + again + " " + w.Chat.TellOperator
	}
}

// respondTo answers an interaction by its response_url, later.
func (a *Adapter) respondTo(ctx context.Context, p interaction, m *slack.WebhookMessage) {
	a.tell(ctx, p.TriggerID, func(ctx context.Context) { a.respond(ctx, p.ResponseURL, m) })
}

// hesitation is how long to wait before something is said a second time, unless Slack says for how long.
const hesitation = 200 * time.Millisecond

// respond sends a message to a response_url, and once more when Slack is busy and a second try comes in time: nobody else says
// it. A failure is only logged: the URL is a secret, and stays out of the log.
// https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
func (a *Adapter) respond(ctx context.Context, responseURL string, m *slack.WebhookMessage) {
	if responseURL == "" {
		a.log.WarnContext(ctx, "slack: nowhere to answer: no response_url")
		return
	}
	a.openings.spend(responseURL)
	call, cancel := context.WithTimeout(ctx, callWithin)
	defer cancel()
	send := func() error { return slack.PostWebhookCustomHTTPContext(call, responseURL, a.http, m) }
	err := send()
	if wait, worth := worthAnother(err); worth && wait < callWithin {
		if a.pause(call, wait); call.Err() == nil {
			err = send()
		}
	}
	if err != nil {
		a.log.WarnContext(ctx, "slack: not answered", "error", describe(err))
	}
}

// worthAnother reports whether another try may help after err, and after how long.
func worthAnother(err error) (wait time.Duration, worth bool) {
	var e *bot.Error
	if !errors.As(translateHook(err), &e) || e.Code != bot.Busy {
		return 0, false
	}
	return max(e.RetryAfter, hesitation), true
}
