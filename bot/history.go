package bot

import "time"

// What is what happened to a request.
type What string

// What can happen.
const (
	Asked       What = "asked"       // somebody asked for the community
	Resent      What = "resent"      // the requester changed it and sent it again
	Retried     What = "retried"     // somebody had the same request tried again
	Sent        What = "sent"        // it went to Genuin
	Trouble     What = "trouble"     // Genuin did not make it, or has not answered; we go on trying
	Created     What = "created"     // it exists
	Failed      What = "failed"      // Genuin refused it, or we gave up
	Unconfirmed What = "unconfirmed" // Genuin may have made it
	Linked      What = "linked"      // the requester says it is theirs, and gave its link
	Hidden      What = "hidden"      // it can't be shown in the channel; it goes on in private
)

// Entry is one line of a request's history: an append-only record, and what the thread is told.
type Entry struct {
	Request int64
	Seq     int // 1, 2, 3 … within the request
	What    What
	At      time.Time
	By      User   // zero: the bot
	Where   Place  // of the action; zero for the bot's own
	Version int    // of the request, after it
	Event   string // ID of the event behind it; empty for the bot's own
	Reason  Reason // of a refusal by Genuin
	Note    string // words for people: what Genuin said, what was changed
}

// Told reports whether the entry is news for the request's thread.
func (e Entry) Told() bool {
	switch e.What {
	case Asked, Sent:
		return false
	}
	return true
}
