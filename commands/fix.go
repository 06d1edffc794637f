package commands

import (
	"context"
	"errors"
	"strings"

	"communitybot/bot"
)

// fix changes a request that failed, or may have, and sends it again: the button Fix and resubmit.
var fix = command{name: nameFix, run: func(c *Commands, ctx context.Context, e bot.Event) (bot.Reply, error) {
	return c.mend(ctx, e, c.fields)
}}

// rename does the same for the handle alone: the button Choose another handle.
var rename = command{name: nameRename, run: func(c *Commands, ctx context.Context, e bot.Event) (bot.Reply, error) {
	return c.mend(ctx, e, func(v bot.Values) []bot.Field {
		return []bot.Field{*bot.Form{Fields: c.fields(v)}.Field(fieldHandle)}
	})
}}

func (c *Commands) mend(ctx context.Context, e bot.Event, fields func(bot.Values) []bot.Field) (bot.Reply, error) {
	r, version, err := c.target(ctx, e)
	if err != nil {
		return nil, err
	}
	if err := r.MayMend(e.By, version); err != nil && e.Step != bot.Submit { // on Submit the event may be a redelivery
		return nil, inWords(&r, err)
	}
	form := bot.Form{Call: on(&r, e.Command), Title: "Fix and resubmit", Submit: "Resubmit"}
	if e.Step == bot.Open {
		form.Fields = fields(values(&r))
		if err := c.showProblem(ctx, &r, &form); err != nil {
			return nil, err
		}
		return bot.Ask{Form: form}, nil
	}
	filled := values(&r).With(e.Values)
	community, problems := c.read(filled)
	if community.Handle != r.Community.Handle {
		if err := c.checkHandle(ctx, community.Handle, problems); err != nil {
			return nil, err
		}
	}
	if len(problems) > 0 {
		return nil, invalid(problems)
	}
	if e.Step == bot.Check {
		form.Fields = fields(filled)
		return bot.Ask{Form: form}, nil
	}
	why := clean(filled[fieldWhy])
	return c.resend(ctx, e, r.ID, version, community, why)
}

func (c *Commands) resend(ctx context.Context, e bot.Event, id int64, version int, community bot.Community, why string) (bot.Reply, error) {
	r, err := c.Store.Change(ctx, id, e.ID, func(r *bot.Request) error {
		changed := bot.Request{Community: community, Why: why}
		if err := r.Resend(e, version, community, why, c.difference(values(r), values(&changed)), c.Now()); err != nil {
			return inWords(r, err)
		}
		return nil
	})
	if errors.Is(err, bot.ErrHeld) {
		return nil, c.heldError(ctx, community.Handle)
	}
	if err != nil {
		return nil, err
	}
	return bot.Done{Text: bot.Say("Thank you. {} is on its way again; news comes in the same thread.", bot.Bold(r.Community.Name))}, nil
}

// difference says which fields changed, and how the short ones did.
func (c *Commands) difference(before, after bot.Values) string {
	var changes []string
	for _, f := range c.fields(nil) {
		old, now := before[f.Name], after[f.Name]
		switch {
		case old == now:
		case f.Name == fieldHandle || f.Name == fieldName:
			changes = append(changes, f.Label+": "+old+" → "+now)
		default:
			changes = append(changes, f.Label)
		}
	}
	return strings.Join(changes, ", ")
}

// showProblem puts what Genuin said at the field it is about.
func (c *Commands) showProblem(ctx context.Context, r *bot.Request, form *bot.Form) error {
	field, words := "", ""
	switch r.Calls.Reason {
	case bot.HandleTaken:
		free, err := suggest(ctx, c.Store, r.Community.Handle)
		if err != nil {
			return err
		}
		field, words = fieldHandle, "taken on Genuin. "+freeWords("Try ", free)
	case bot.CategoryUnknown:
		field, words = fieldCategories, "Genuin does not know one of these."
	case bot.BadRequest:
		form.Intro = bot.Say("Genuin did not accept this{}. Please look through the fields, and send it again.", quoted(r.Calls.Message))
	}
	if f := form.Field(field); f != nil {
		f.Problem = words
	}
	return nil
}

// quoted is what Genuin said, to follow a sentence, or nothing.
func quoted(words string) string {
	if words == "" {
		return ""
	}
	return " (“" + words + "”)"
}
