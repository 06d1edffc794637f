package commands

import (
	"context"
	"errors"

	"communitybot/bot"
	"communitybot/bot/words"
)

// edit changes a request that waits: the button Edit.
var edit = command{name: nameEdit, run: func(c *Commands, ctx context.Context, e bot.Event) (bot.Reply, error) {
	w := c.voice(e)
	return c.change(ctx, e, changing{
		title: w.Form.EditTitle, submit: w.Form.Save, fields: c.fields,
		may: (*bot.Request).MayEdit,
		do: func(r *bot.Request, version int, community bot.Community, why, note string) error {
			return r.Edit(e, version, community, why, note, c.Now())
		},
		thanks: w.Answer.Saved,
	})
}}

// withdraw ends a request that waits: the button Withdraw.
var withdraw = command{name: nameWithdraw, run: func(c *Commands, ctx context.Context, e bot.Event) (bot.Reply, error) {
	return c.onCard(ctx, e, func(r *bot.Request, version int) error { return r.Withdraw(e, version, c.Now()) })
}}

// remind has the approvers asked once more: the button Remind approvers.
var remind = command{name: nameRemind, run: func(c *Commands, ctx context.Context, e bot.Event) (bot.Reply, error) {
	return c.onCard(ctx, e, func(r *bot.Request, version int) error { return r.Remind(e, version, c.Now()) })
}}

// onCard changes a request by a button on its card.
func (c *Commands) onCard(ctx context.Context, e bot.Event, change func(r *bot.Request, version int) error) (bot.Reply, error) {
	r, version, err := c.target(ctx, e)
	if err != nil {
		return nil, err
	}
	v := c.voice(e)
	r, err = c.Store.Change(ctx, r.ID, e.ID, func(r *bot.Request) error { return v.inWords(r, "", change(r, version)) })
	if err != nil {
		return nil, err
	}
	return v.pressed(&r, e), nil
}

// changing is a way for the requester to change a request through the form.
type changing struct {
	title, submit string
	fields        func(words.Form, bot.Values) []bot.Field
	may           func(r *bot.Request, u bot.User, version int) error
	do            func(r *bot.Request, version int, community bot.Community, why, note string) error
	thanks        string
}

// change shows the form filled in, says what is wrong with it, or changes the request by it.
func (c *Commands) change(ctx context.Context, e bot.Event, how changing) (bot.Reply, error) {
	r, version, err := c.target(ctx, e)
	if err != nil {
		return nil, err
	}
	v := c.voice(e)
	if err := how.may(&r, e.By, version); err != nil && e.Step != bot.Submit { // on Submit the event may be a redelivery
		return nil, v.inWords(&r, "", err)
	}
	form := bot.Form{Call: on(&r, e.Command), Title: how.title, Submit: how.submit}
	if e.Step == bot.Open {
		form.Fields = how.fields(v.Form, values(&r))
		if err := c.showProblem(ctx, v, &r, &form); err != nil {
			return nil, err
		}
		return bot.Ask{Form: form}, nil
	}
	filled := values(&r).With(e.Values)
	community, problems := c.read(v, filled)
	if community.Handle != r.Community.Handle {
		if err := c.checkHandle(ctx, v, community.Handle, problems); err != nil {
			return nil, err
		}
	}
	if len(problems) > 0 {
		return nil, v.invalid(problems)
	}
	if e.Step == bot.Check {
		form.Fields = how.fields(v.Form, filled)
		return bot.Ask{Form: form}, nil
	}
	why := clean(filled[fieldWhy])
	_, err = c.Store.Change(ctx, r.ID, e.ID, func(r *bot.Request) error {
		changed := bot.Request{Community: community, Why: why}
		return v.inWords(r, "", how.do(r, version, community, why, c.difference(c.aloud(r).Form, values(r), values(&changed))))
	})
	if errors.Is(err, bot.ErrHeld) {
		return nil, c.heldError(ctx, v, community.Handle)
	}
	if err != nil {
		return nil, err
	}
	return bot.Done{Text: bot.Say(how.thanks)}, nil
}
