package commands

import (
	"context"
	"strings"

	"communitybot/bot"
	"communitybot/bot/words"
)

// fix changes a request that failed, or may have, and sends it again: the button Fix and resubmit.
var fix = command{name: nameFix, run: func(c *Commands, ctx context.Context, e bot.Event) (bot.Reply, error) {
	return c.mend(ctx, e, c.fields)
}}

// rename does the same for the handle alone: the button Choose another handle.
var rename = command{name: nameRename, run: func(c *Commands, ctx context.Context, e bot.Event) (bot.Reply, error) {
	return c.mend(ctx, e, func(w words.Form, v bot.Values) []bot.Field {
		return []bot.Field{*bot.Form{Fields: c.fields(w, v)}.Field(fieldHandle)}
	})
}}

func (c *Commands) mend(ctx context.Context, e bot.Event, fields func(words.Form, bot.Values) []bot.Field) (bot.Reply, error) {
	w := c.voice(e)
	return c.change(ctx, e, changing{
		title: w.Form.FixTitle, submit: w.Form.Resubmit, fields: fields,
		may: (*bot.Request).MayMend,
		do: func(r *bot.Request, version int, community bot.Community, why, note string) error {
			return r.Resend(e, version, community, why, note, c.Now())
		},
		thanks: w.Answer.Resent,
	})
}

// difference says which fields changed, and how.
func (c *Commands) difference(w words.Form, before, after bot.Values) string {
	var changes []string
	for _, f := range c.fields(w, nil) {
		if old, now := before[f.Name], after[f.Name]; old != now {
			changes = append(changes, f.Label+": "+shown(f, old)+" → "+shown(f, now))
		}
	}
	return strings.Join(changes, "; ")
}

// shown is a field's value in a line about what changed, in the words of its options, and cut.
func shown(f bot.Field, value string) string {
	words := list(value)
	for i, w := range words {
		words[i] = label(f.Options, w)
	}
	line := strings.Join(words, ", ")
	if line == "" {
		return "–"
	}
	if runes := []rune(line); len(runes) > maxShown {
		return string(runes[:maxShown-1]) + "…"
	}
	return line
}

// showProblem puts what Genuin said at the field it is about.
func (c *Commands) showProblem(ctx context.Context, v voice, r *bot.Request, form *bot.Form) error {
	field, problem := "", ""
	switch r.Calls.Reason {
	case bot.HandleTaken:
		free, err := suggest(ctx, c.Store, r.Community.Handle)
		if err != nil {
			return err
		}
		field, problem = fieldHandle, v.Problem.Taken+" "+v.others(v.Problem.Try, free)
	case bot.CategoryUnknown:
		field, problem = fieldCategories, v.Problem.CategoryGone
	case bot.BadRequest:
		form.Intro = bot.Say(v.Problem.GenuinRefused, "said", v.said(r.Calls.Message))
	}
	if f := form.Field(field); f != nil {
		f.Problem = problem
	}
	return nil
}
