package discord

import (
	"context"
	"errors"
	"maps"
	"slices"

	"communitybot/bot"
)

// refused shows what is wrong with a draft, and the way back into it: in parts or whole, as lay does. Where none leads
// further it gives back what was typed.
func (t turn) refused(ctx context.Context, d bot.Draft, err error, lay func(bot.Form) layout) response {
	if !mendable(err) {
		return t.warn(t.givenBack(ctx, err, d.Call, d.Values))
	}
	f, _ := t.form(ctx, d.Call) // without it the note has the problems, but no labels
	problems := fields(err)
	opening := t.w.Explain(err)
	var e *bot.Error
	if len(problems) > 0 && errors.As(err, &e) && e.Message == "" {
		opening = t.w.Chat.NeedsChange
	}
	return t.warn(lay(overlay(f, d.Values, problems)).note(t.w, d.ID, opening, problems, t.w.Chat.TryAgain))
}

// warn says what is wrong: in place of the form's own message, when it happened on one, else in a new private message.
// Whatever else the bot told keeps its buttons.
func (t turn) warn(m message) response {
	if t.onForm() {
		return t.show(m)
	}
	return private(m)
}

// onForm reports whether the person acted on the form's own message: its review, or a note with a way back into it.
func (t turn) onForm() bool {
	_, _, _, ok := parseDraftID(t.in.Data.CustomID)
	return ok
}

// givenBack tells about an error after which nothing leads back to a form, with all that was filled in: a person should not
// have to write it again. The labels are those of the form that call opens. What it does not show has none.
func (t turn) givenBack(ctx context.Context, err error, call bot.Call, typed bot.Values) message {
	var f bot.Form
	if call.Command != "" {
		f, _ = t.form(ctx, call)
	}
	return returned(t.w.Explain(err), f, call.Values.With(typed), typed)
}

// returned draws words, and the values of a form below them, the shortest first. Of those that it does not show only typed
// ones were ever seen.
func returned(opening string, f bot.Form, all, typed bot.Values) message {
	var list []bot.Text
	for _, field := range f.Fields {
		field.Value = all[field.Name]
		value := field.Value
		if isChoice(field) {
			value = labels(field)
		}
		if value != "" {
			list = append(list, bot.Say("• {name}: {value}", "name", bot.Bold(label(field, maxInputLabel)), "value", value))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(typed)) {
		if f.Field(name) == nil && name != sentAs && typed[name] != "" {
			list = append(list, bot.Say("• {value}", "value", typed[name]))
		}
	}
	slices.SortStableFunc(list, func(a, b bot.Text) int { return len(a.String()) - len(b.String()) })
	told := bot.Text{bot.Plain(opening)}
	for _, t := range list {
		told = append(append(told, bot.Plain("\n")), t...)
	}
	return say(told)
}

// mendable reports whether filling the form in again may help.
func mendable(err error) bool {
	switch bot.CodeOf(err) {
	case bot.Forbidden, bot.NotFound, bot.Gone:
		return false
	case bot.Conflict: // unless it is about what was filled in
		return len(fields(err)) > 0
	}
	return true
}

// fields returns the problems by field, or nil.
func fields(err error) map[string]string {
	var e *bot.Error
	if errors.As(err, &e) {
		return e.Fields
	}
	return nil
}
