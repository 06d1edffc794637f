package slack

import (
	"context"

	"github.com/slack-go/slack"

	"communitybot/bot"
	"communitybot/bot/words"
)

// notice draws a form's end: a card to read, and a button that closes it. The card's own buttons know the place of the
// event that the notice answers.
func notice(title string, c bot.Card, e bot.Event) *slack.ModalViewRequest {
	w := words.For(e.By.Locale)
	v := &slack.ModalViewRequest{
		Type:   slack.VTModal,
		Title:  plainText(cutPlain(orElse(title, w.Chat.Done), maxTitle)),
		Close:  plainText(cutPlain(w.Chat.Close, maxTitle)),
		Blocks: slack.Blocks{BlockSet: blocks(c)},
	}
	if len(c.Actions) > 0 {
		v.PrivateMetadata, _ = writeMetadata(bot.Call{Command: e.Command}, e.At, nil) // names and IDs: they always fit
	}
	return v
}

// pressedInView answers a button of a notice. Slack gives such a click no response_url and lets nobody but the person
// close the view, so the answer takes the notice's place; a form, an error or what is to stand beside goes on top of it.
// https://docs.slack.dev/surfaces/modals#updating_views
func (a *Adapter) pressedInView(ctx context.Context, h bot.Handler, p interaction) {
	var reply bot.Reply
	e, err := p.pressed(a.withLocale(ctx, p.by()))
	w := words.For(e.By.Locale)
	if err == nil {
		reply, err = a.handle(ctx, h, e)
	}
	if err != nil { // the buttons stay below, for another try
		reply = bot.Tell{Text: plainCard(w.Explain(err)).Text, Beside: true}
	}
	beside := false
	var c bot.Card
	switch r := reply.(type) {
	case nil:
		return
	case bot.Ask:
		problem := a.open(ctx, a.api.PushViewContext, p.TriggerID, r.Form, e, w.Chat.TypeAgain)
		if problem == "" {
			return
		}
		c = plainCard(problem)
	case bot.Tell:
		c, beside = tellCard(r), r.Beside
	case bot.Done:
		c = doneCard(r, &w.Chat)
	default:
		c = plainCard(w.Chat.Done)
	}
	next := notice(p.View.Title, c, e)
	a.tell(ctx, p.TriggerID, func(ctx context.Context) {
		a.answerView(ctx, func(call context.Context) (*slack.ViewResponse, error) {
			if beside {
				return a.api.PushViewContext(call, p.TriggerID, *next)
			}
			return a.api.UpdateViewContext(call, *next, "", "", p.View.ID)
		})
		if err == nil {
			a.redrawHome(ctx, h, e)
		}
	})
}

// answerView changes what somebody sees of their open form, by one call. A failure is only logged, as in respond.
func (a *Adapter) answerView(ctx context.Context, change func(context.Context) (*slack.ViewResponse, error)) {
	call, cancel := context.WithTimeout(ctx, callWithin)
	defer cancel()
	if _, err := change(call); err != nil {
		a.log.WarnContext(ctx, "slack: not answered", "error", describe(err))
	}
}

// plainCard is a card of plain words.
func plainCard(text string) bot.Card { return bot.Card{Text: bot.Text{bot.Plain(text)}} }

// tellCard is a card of what is told.
func tellCard(t bot.Tell) bot.Card { return bot.Card{Text: t.Text, Actions: t.Actions} }

// doneCard is a card that says that something is done, where it must be said.
func doneCard(d bot.Done, w *words.Chat) bot.Card {
	if len(d.Text) == 0 {
		return plainCard(w.Done)
	}
	return bot.Card{Text: d.Text}
}
