package slack

import (
	"context"

	"github.com/slack-go/slack"

	"communitybot/bot"
)

// notice draws a form's end: a card to read, and a button that closes it. The card's own buttons know the place of the
// event that the notice answers. It has no pictures: Slack refuses all of it when it can't fetch one.
func notice(title string, c bot.Card, e bot.Event) *slack.ModalViewRequest {
	c.Images = nil
	v := &slack.ModalViewRequest{
		Type:   slack.VTModal,
		Title:  plainText(cutPlain(orElse(title, "Done"), maxTitle)),
		Close:  plainText("Close"),
		Blocks: slack.Blocks{BlockSet: blocks(c)},
	}
	if len(c.Actions) > 0 {
		v.PrivateMetadata, _ = writeMetadata(bot.Call{Command: e.Command}, e.At, nil) // names and IDs: they always fit
	}
	return v
}

// pressedInView answers a button of a notice. Slack gives such a click no response_url and lets nobody but the person
// close the view, so the answer takes the notice's place; a form or an error stands on top of it.
// https://docs.slack.dev/surfaces/modals#updating_views
func (a *Adapter) pressedInView(ctx context.Context, h bot.Handler, p interaction) {
	var reply bot.Reply
	e, err := p.pressed()
	if err == nil {
		reply, err = a.handle(ctx, h, e)
	}
	if err != nil { // the buttons stay below, for another try
		problem := notice(p.View.Title.Text, plainCard(bot.Explain(err)), e)
		a.answerView(ctx, func(call context.Context) (*slack.ViewResponse, error) {
			return a.api.PushViewContext(call, p.TriggerID, *problem)
		})
		return
	}
	c := plainCard("Done.")
	switch r := reply.(type) {
	case nil:
		return
	case bot.Ask:
		problem := a.open(ctx, a.api.PushViewContext, p.TriggerID, r.Form, e.At, typeAgain)
		if problem == "" {
			return
		}
		c = plainCard(problem)
	case bot.Tell:
		c = tellCard(r)
	case bot.Done:
		if len(r.Text) > 0 {
			c.Text = r.Text
		}
	case bot.Edit:
		if !a.redraw(ctx, e.At, r.Card) {
			c = r.Card
		}
	}
	next := notice(p.View.Title.Text, c, e)
	a.answerView(ctx, func(call context.Context) (*slack.ViewResponse, error) {
		return a.api.UpdateViewContext(call, *next, "", "", p.View.ID)
	})
}

// answerView changes what somebody sees of their open form, by one call. A failure is only logged, as in respond.
func (a *Adapter) answerView(ctx context.Context, change func(context.Context) (*slack.ViewResponse, error)) {
	call, cancel := context.WithTimeout(context.WithoutCancel(ctx), callWithin)
	defer cancel()
	if _, err := change(call); err != nil {
		a.log.WarnContext(ctx, "slack: not answered", "error", describe(err))
	}
}

// redraw redraws the card whose button led to a form, and reports false when there is none: the form came from a typed
// command or from a private message.
func (a *Adapter) redraw(ctx context.Context, at bot.Place, c bot.Card) bool {
	if at.Message == "" {
		return false
	}
	if err := a.Update(ctx, at, c); err != nil {
		a.log.WarnContext(ctx, "slack: card not redrawn", "error", err)
	}
	return true
}

// plainCard is a card of plain words, tellCard one of what is told.
func plainCard(words string) bot.Card { return bot.Card{Text: bot.Text{bot.Plain(words)}} }

func tellCard(t bot.Tell) bot.Card { return bot.Card{Text: t.Text, Actions: t.Actions} }
