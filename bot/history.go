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
	Fading      What = "fading"      // … nor in a direct message; it goes on in private for some minutes

	Agreed       What = "agreed"            // an approver said yes
	TookBack     What = "took back"         // … and not any more
	Denied       What = "denied"            // an approver said no
	ChangesAsked What = "changes requested" // an approver wants it changed first
	Edited       What = "edited"            // the requester changed it while it waited
	Withdrawn    What = "withdrawn"         // the requester does not want it any more
	Reminded     What = "reminded"          // the approvers were asked once more
	Expired      What = "expired"           // nobody decided in time
	Unasked      What = "unasked"           // the approvers can't be asked yet; we go on trying
	WasTold      What = "told"              // people were told of an earlier entry, which Note names
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
	Asks    bool   // the approvers are asked (again) by it
	Note    string // words for people: what Genuin said, what was changed
}

// Hears reports whether the entry is news for thread i of the request. The requester's hears what happens to it; where
// approvers are asked, they hear that, and what they need to decide.
func (r *Request) Hears(i int, e Entry) bool {
	if r.Threads[i].Left {
		return false
	}
	if r.Threads[i].Fading { // few words are left, so only what ends something, or asks for something
		switch e.What {
		case Fading, Created, Failed, Unconfirmed, Denied, ChangesAsked, Expired, Linked:
			return true
		}
		return false
	}
	switch e.What {
	case Sent, WasTold:
		return false
	case Asked:
		return e.Asks && r.AsksIn(i) && !r.Threads[i].Private
	case Reminded:
		return r.AsksIn(i)
	case Hidden, Fading, Unasked:
		return i == 0
	case Failed:
		return i == 0 || e.Reason != NobodyAsked // they who could not be asked need not hear of it
	}
	return true
}
