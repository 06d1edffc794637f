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
	w := c.voice(e).Form
	field := bot.Field{Name: fieldReason, Label: w.Reason, Kind: bot.Lines, Max: maxReason, Hint: w.ReasonHint}
	return c.withReason(ctx, e, bot.Form{Title: w.DenyTitle, Submit: w.Deny}, field, func(r *bot.Request, e bot.Event, version int, reason string) error {
		return r.Deny(e, version, reason, c.Now())
	})
}}

// changes asks the requester for changes: the button Ask for changes…
var changes = command{name: nameChanges, run: func(c *Commands, ctx context.Context, e bot.Event) (bot.Reply, error) {
	w := c.voice(e).Form
	field := bot.Field{Name: fieldReason, Label: w.Changes, Kind: bot.Lines, Max: maxReason, Required: true, Hint: w.ChangesHint}
	return c.withReason(ctx, e, bot.Form{Title: w.ChangesTitle, Submit: w.AskForChanges}, field, func(r *bot.Request, e bot.Event, version int, what string) error {
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
	v := c.voice(e)
	if e.Step == bot.Open {
		err := r.MayDecide(e.By, e.At, version)
		if errors.Is(err, bot.ErrNotApprover) {
			if e, err = c.withGroups(ctx, e, r.Policy); err != nil {
				return nil, err
			}
			err = r.MayDecide(e.By, e.At, version)
		}
		if err != nil {
			return nil, v.inWords(&r, v.who(r.Policy, c.approvers(ctx, &r)), err)
		}
		form.Call, form.Fields = on(&r, e.Command), []bot.Field{field}
		return bot.Ask{Form: form}, nil
	}
	p := problems{v, make(map[string]string)}
	words := p.text(fieldReason, e.Values[fieldReason], field.Max)
	if field.Required && words == "" {
		p.at[fieldReason] = v.Problem.NoChanges
	}
	if len(p.at) > 0 {
		return nil, v.invalid(p.at)
	}
	if e.Step == bot.Check {
		form.Call, form.Fields = on(&r, e.Command), []bot.Field{field}
		return bot.Ask{Form: form}, nil
	}
	_, err = c.decide(ctx, e, func(r *bot.Request, e bot.Event, version int) error { return change(r, e, version, words) })
	if errors.Is(err, bot.ErrOld) { // it was changed while they wrote: they look again, and nothing that they wrote is lost
		if now, failed := c.Store.Request(ctx, r.ID); failed == nil && now.MayDecide(e.By, e.At, now.Version) == nil {
			field.Value, field.Problem = words, v.Explain(err)
			form.Call, form.Fields = on(&now, e.Command), []bot.Field{field}
			return bot.Ask{Form: form}, c.redraw(ctx, e)
		}
	}
	if err != nil {
		return nil, err
	}
	return bot.Done{Text: bot.Say(v.Answer.Heard, "who", bot.Name(r.By))}, nil
}
