package commands

import (
	"context"
	"errors"

	"communitybot/bot"
)

// approve says yes to a request: the button Approve. Pressed again, it offers to take the yes back.
var approve = command{name: nameApprove, run: func(c *Commands, ctx context.Context, e bot.Event) (bot.Reply, error) {
	return c.decide(ctx, e, func(r *bot.Request, e bot.Event, version int) error { return r.Approve(e, version, c.Now()) })
}}

// takeBack takes a yes back while the request waits for others: a button on a private message.
var takeBack = command{name: nameTakeBack, run: func(c *Commands, ctx context.Context, e bot.Event) (bot.Reply, error) {
	r, version, err := c.target(ctx, e)
	if err != nil {
		return nil, err
	}
	v := c.voice(e)
	r, err = c.Store.Change(ctx, r.ID, e.ID, func(r *bot.Request) error {
		return v.inWords(r, "", r.TakeBack(e, version, c.Now()))
	})
	if err != nil {
		return nil, err
	}
	return bot.Tell{Text: bot.Say(v.Answer.TakenBack, "name", bot.Bold(r.Community.Name))}, nil
}}

// decide has an approver decide.
func (c *Commands) decide(ctx context.Context, e bot.Event, change func(*bot.Request, bot.Event, int) error) (bot.Reply, error) {
	r, version, err := c.target(ctx, e)
	if err != nil {
		return nil, err
	}
	// What else is wrong goes first: it needs no looking up.
	if err := r.MayDecide(e.By, e.At, version); errors.Is(err, bot.ErrNotApprover) {
		if e, err = c.withGroups(ctx, e, r.Policy); err != nil {
			return nil, err
		}
	}
	v := c.voice(e)
	changed, err := c.Store.Change(ctx, r.ID, e.ID, func(now *bot.Request) error {
		err := change(now, e, version)
		r = *now // others may have acted since it was looked at: a refusal says how it stands by now
		return err
	})
	if errors.Is(err, bot.ErrVoted) {
		return bot.Tell{
			Text:    bot.Say(v.Answer.AgreedOnce, "name", bot.Bold(r.Community.Name), "left", r.Policy.Required-len(r.Round.Votes)),
			Actions: []bot.Action{{Call: on(&r, nameTakeBack), Label: v.Button.TakeBack, Style: bot.Danger}},
		}, nil
	}
	if err != nil {
		return nil, v.inWords(&r, v.who(r.Policy, c.approvers(ctx, &r)), err)
	}
	return v.pressed(&changed, e), nil
}

// pressed answers a button that did what it says. Its card is redrawn by the work that the change asked for, in order
// with all others: an answer could overtake them and leave an older card. A private message is answered in words.
func (v voice) pressed(r *bot.Request, e bot.Event) bot.Reply {
	if e.At.Message != "" {
		return bot.Done{}
	}
	return bot.Tell{Text: bot.Say(v.Answer.Stands, "name", bot.Bold(r.Community.Name), "stands", v.stands(r))}
}
