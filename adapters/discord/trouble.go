package discord

import (
	"context"
	"errors"
	"maps"
	"slices"

	"communitybot/bot"
)

// refused shows what is wrong with a draft, and the way back into it: in parts or whole, as lay does.
func (t turn) refused(ctx context.Context, d bot.Draft, err error, lay func(bot.Form) layout) response {
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

// lost tells about an error that left nothing saved, and gives back what was typed.
func (t turn) lost(err error, typed bot.Values) response {
	told := bot.Text{bot.Plain(t.w.Explain(err))}
	for _, name := range slices.Sorted(maps.Keys(typed)) {
		if typed[name] != "" {
			told = append(told, bot.Say("\n• {name}: {value}", "name", name, "value", typed[name])...)
		}
	}
	return private(say(told))
}

// mendable reports whether filling the form in again may help.
func mendable(err error) bool {
	switch bot.CodeOf(err) {
	case bot.Forbidden, bot.NotFound, bot.Gone:
		return false
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
