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
	r, err = c.Store.Change(ctx, r.ID, e.ID, func(r *bot.Request) error {
		return inWords(r, "", r.TakeBack(e, version, c.Now()))
	})
	if err != nil {
		return nil, err
	}
	return bot.Tell{Text: bot.Say("Your yes to {} is taken back.", bot.Bold(r.Community.Name))}, nil
}}

// decide has an approver decide, and redraws the card they pressed.
func (c *Commands) decide(ctx context.Context, e bot.Event, change func(*bot.Request, bot.Event, int) error) (bot.Reply, error) {
	r, version, err := c.target(ctx, e)
	if err != nil {
		return nil, err
	}
	if e, err = c.withGroups(ctx, e, r.Policy); err != nil {
		return nil, err
	}
	approvers := c.approvers(ctx, &r)
	voted := false
	changed, err := c.Store.Change(ctx, r.ID, e.ID, func(r *bot.Request) error {
		err := change(r, e, version)
		voted = errors.Is(err, bot.ErrVoted)
		return inWords(r, who(r.Policy, approvers), err)
	})
	if voted {
		return bot.Tell{
			Text:    bot.Say("You agreed to {} already. It waits for {} more.", bot.Bold(r.Community.Name), r.Policy.Required-len(r.Round.Votes)),
			Actions: []bot.Action{{Call: on(&r, nameTakeBack), Label: "Take it back", Style: bot.Danger}},
		}, nil
	}
	if err != nil {
		return nil, err
	}
	return bot.Edit{Card: c.Card(&changed, changed.ThreadAt(e.At), approvers)}, nil
}
