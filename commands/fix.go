package commands

import (
	"context"
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
	return c.change(ctx, e, changing{
		title: "Fix and resubmit", submit: "Resubmit", fields: fields,
		may: (*bot.Request).MayMend,
		do: func(r *bot.Request, version int, community bot.Community, why, note string) error {
			return r.Resend(e, version, community, why, note, c.Now())
		},
		thanks: "Thank you. News comes in the same thread.",
	})
}

// difference says which fields changed, and how.
func (c *Commands) difference(before, after bot.Values) string {
	var changes []string
	for _, f := range c.fields(nil) {
		old, now := before[f.Name], after[f.Name]
		if old != now {
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
