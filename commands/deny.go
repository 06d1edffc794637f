package commands

import (
	"context"
	"errors"

	"communitybot/bot"
)

const (
	fieldReason = "reason"
	maxReason   = 500
)

// deny says no to a request, with a reason: the button Deny…
var deny = command{name: nameDeny, run: func(c *Commands, ctx context.Context, e bot.Event) (bot.Reply, error) {
	field := bot.Field{Name: fieldReason, Label: "Reason", Kind: bot.Lines, Max: maxReason, Hint: "What the requester is told; may be left empty"}
	return c.withReason(ctx, e, bot.Form{Title: "Deny the request", Submit: "Deny"}, field, func(r *bot.Request, e bot.Event, version int, reason string) error {
		return r.Deny(e, version, reason, c.Now())
	})
}}

// changes asks the requester for changes: the button Ask for changes…
var changes = command{name: nameChanges, run: func(c *Commands, ctx context.Context, e bot.Event) (bot.Reply, error) {
	field := bot.Field{Name: fieldReason, Label: "Changes", Kind: bot.Lines, Max: maxReason, Required: true, Hint: "What should be different"}
	return c.withReason(ctx, e, bot.Form{Title: "Ask for changes", Submit: "Ask"}, field, func(r *bot.Request, e bot.Event, version int, what string) error {
		return r.AskForChanges(e, version, what, c.Now())
	})
}}

// withReason has an approver decide with words of their own. Who may is looked at when the form opens, so that nobody
// writes in vain, and decided when it is sent.
func (c *Commands) withReason(ctx context.Context, e bot.Event, form bot.Form, field bot.Field, change func(*bot.Request, bot.Event, int, string) error) (bot.Reply, error) {
	r, version, err := c.target(ctx, e)
	if err != nil {
		return nil, err
	}
	if e.Step == bot.Open {
		err := r.MayDecide(e.By, e.At, version)
		if errors.Is(err, bot.ErrNotApprover) {
			if e, err = c.withGroups(ctx, e, r.Policy); err != nil {
				return nil, err
			}
			err = r.MayDecide(e.By, e.At, version)
		}
		if err != nil {
			return nil, inWords(&r, who(r.Policy, c.approvers(ctx, &r)), err)
		}
		form.Call, form.Fields = on(&r, e.Command), []bot.Field{field}
		return bot.Ask{Form: form}, nil
	}
	p := make(problems)
	words := p.text(fieldReason, e.Values[fieldReason], field.Max)
	if field.Required && words == "" {
		p[fieldReason] = "Please say what should be different."
	}
	if len(p) > 0 {
		return nil, invalid(p)
	}
	if e.Step == bot.Check {
		form.Call, form.Fields = on(&r, e.Command), []bot.Field{field}
		return bot.Ask{Form: form}, nil
	}
	if _, err := c.decide(ctx, e, func(r *bot.Request, e bot.Event, version int) error { return change(r, e, version, words) }); err != nil {
		return nil, err
	}
	return bot.Done{Text: bot.Say("Thank you. {} hears of it in the thread.", bot.Name(r.By))}, nil
}
