package discord

import (
	"strings"

	"communitybot/bot"
)

// maxCustomID is in bytes, so that no call depends on how Discord counts.
const maxCustomID = 100

// A card's button carries its call as it is. Everything else the bot puts on a message or a modal starts with a mark
// that starts no command's name:
//
//	!CALL            modal: a whole form
//	+CALL            modal: a page of a longer form, no draft yet
//	~VERB DRAFT:ARG  something about a draft
const (
	markWhole = "!"
	markPage  = "+"
	markDraft = "~"
)

// verb is what a custom ID asks to do with a draft.
type verb byte

const (
	openPage   verb = 'p' // button: show the page of the field ARG in a modal, or the whole form
	review     verb = 'r' // button: look at the draft again
	submit     verb = 's' // button: send the form
	choose     verb = 'c' // menu: set the field ARG
	mergePage  verb = 'm' // modal: a page of the draft; ARG is its command, for when the draft is gone
	mergeWhole verb = 'w' // modal: all of the draft, send it; the same
)

// id returns the custom ID for doing v to a draft.
func (v verb) id(draft, arg string) string {
	return markDraft + string(rune(v)) + draft + ":" + arg
}

// of returns the custom ID for doing v to a draft, with its command if there is room.
func (v verb) of(d bot.Draft) string {
	if id := v.id(d.ID, d.Call.Command); len(id) <= maxCustomID {
		return id
	}
	return v.id(d.ID, "")
}

// parseDraftID reads what id wrote.
func parseDraftID(s string) (v verb, draft, arg string, ok bool) {
	s, ok = strings.CutPrefix(s, markDraft)
	if !ok || s == "" {
		return 0, "", "", false
	}
	draft, arg, ok = strings.Cut(s[1:], ":")
	return verb(s[0]), draft, arg, ok && draft != ""
}

// parseMarked reads a mark followed by a call.
func parseMarked(s, mark string) (bot.Call, bool) {
	s, ok := strings.CutPrefix(s, mark)
	if !ok {
		return bot.Call{}, false
	}
	call, err := bot.ParseCall(s)
	return call, err == nil
}
