package bot

import (
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Why a person can't do something with a request now. Commands put them in words.
var (
	ErrOld         = errors.New("the card shows an earlier version of the request")
	ErrNotYours    = errors.New("only the requester may do that")
	ErrNotNow      = errors.New("the request is in another state")
	ErrOwn         = errors.New("nobody decides on their own request")
	ErrNotApprover = errors.New("not an approver")
	ErrNotHere     = errors.New("this is not where the approvers were asked")
	ErrVoted       = errors.New("has agreed already")
	ErrNotVoted    = errors.New("has not agreed")
	ErrSame        = errors.New("nothing was changed")
	ErrExpired     = errors.New("the time to decide is over")
	ErrTooSoon     = errors.New("the approvers were reminded a moment ago")
)

// State is where a request stands in its life.
type State string

// The states of a request.
const (
	Pending     State = "pending"           // waits for people to agree
	NeedsChange State = "changes requested" // an approver wants it changed first
	Approved    State = "approved"          // waits for its call to Genuin, or for the next try
	Creating    State = "creating"          // a call to Genuin is under way
	IsCreated   State = "created"           // exists
	HasFailed   State = "failed"            // Genuin refused, or we gave up; the requester can go on
	Unclear     State = "unconfirmed"       // Genuin may have made it, and we can't know
	IsRejected  State = "rejected"          // an approver said no
	IsExpired   State = "expired"           // nobody decided in time
	IsWithdrawn State = "withdrawn"         // the requester does not want it any more
)

const (
	maxTroubles  = 5 // answers that Genuin failed, before we give up
	patience     = 24 * time.Hour
	firstBackoff = time.Second
	lastBackoff  = 5 * time.Minute
)

// Request is somebody's wish for a community, from the form they sent to the link. Its methods are the only ones that
// change its State; they take the time as a value and touch nothing else, so the store can run them under its lock.
type Request struct {
	ID        int64          `json:"-"`
	Tag       string         `json:"tag"` // names its messages on platforms, where numbers of several databases meet
	By        User           `json:"by"`
	At        Place          `json:"at"` // the channel where it was asked
	Community Community      `json:"community"`
	Why       string         `json:"why,omitempty"`
	Policy    Policy         `json:"policy"` // a copy of the one it was made under
	State     State          `json:"-"`
	Version   int            `json:"version"`        // of what buttons decide on: grows with every change of state or content
	Asked     time.Time      `json:"asked"`          // when
	Round     Round          `json:"round,omitzero"` // of asking the approvers
	Made      Made           `json:"made,omitzero"`  // once created
	Calls     Calls          `json:"calls,omitzero"` // to Genuin, with this handle
	Threads   []Thread       `json:"threads"`        // where it is shown; the first is the requester's
	Tasks     map[Work]*Task `json:"tasks,omitempty"`
	Wishes    int            `json:"wishes,omitempty"` // for tasks, so far
	Entries   int            `json:"entries"`          // in its history
	Changed   int            `json:"changed"`          // Seq of the last entry that makes a difference to the card
	Saved     time.Time      `json:"saved,omitzero"`   // when the store last kept it

	news []Entry // since it was loaded
}

// Calls is what came of calling Genuin with the present handle.
type Calls struct {
	Count    int       `json:"count,omitempty"`
	Since    time.Time `json:"since,omitzero"`     // of the first
	Lost     bool      `json:"lost,omitempty"`     // an answer was lost: it may have been made
	Broken   int       `json:"broken,omitempty"`   // answers that Genuin failed
	Shaky    bool      `json:"shaky,omitempty"`    // an answer said that Genuin failed, maybe after it was made; also before this round
	Slow     bool      `json:"slow,omitempty"`     // the thread was told that a call takes long
	Troubled bool      `json:"troubled,omitempty"` // the thread was told of a failure that we try to get over
	Reason   Reason    `json:"reason,omitempty"`   // of the last failure
	Message  string    `json:"message,omitempty"`  // Genuin's words for it
}

// NewRequest returns the request that e asks for, ready to be stored.
func NewRequest(e Event, c Community, why string, p Policy, now time.Time) Request {
	e.At.Message = "" // a form may have been opened from a card; the request gets one of its own
	r := Request{Tag: tag(e.ID, now), By: e.By, At: e.At, Community: c, Why: why, Policy: p, Version: 1, Asked: now}
	r.Threads = []Thread{{At: e.At, Since: now}}
	if p.Required > 0 && p.Channel.Channel != "" && p.Channel != e.At {
		r.Threads = append(r.Threads, Thread{At: p.Channel, Since: now})
	}
	r.submit(false, now)
	r.record(Entry{What: Asked, By: e.By, Where: e.At, Event: e.ID}, now)
	return r
}

// tag is short, and another one for each event.
func tag(event string, now time.Time) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", event, now.UnixNano()))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:5]))
}

// submit sends the request on its way: to Genuin when nobody needs to agree (any more), else to the approvers.
func (r *Request) submit(agreed bool, now time.Time) {
	if agreed || r.Policy.Required == 0 {
		r.State = Approved
		r.want(Make, now)
		return
	}
	r.State = Pending
	r.Round = Round{Since: now}
	r.schedule()
}

// record adds a line to the history and, unless it makes no difference to people, has it shown.
func (r *Request) record(e Entry, now time.Time) {
	r.Entries++
	e.Seq, e.At, e.Version = r.Entries, now, r.Version
	switch e.What {
	case Asked, Edited, Resent, Retried:
		e.Asks = r.State == Pending
	}
	r.news = append(r.news, e)
	if e.What != Sent && e.What != WasTold {
		r.Changed = r.Entries
		r.want(Sync, now)
	}
}

// News returns what was recorded since the request was loaded. The store keeps it as history.
func (r *Request) News() []Entry {
	for i := range r.news {
		r.news[i].Request = r.ID
	}
	return r.news
}

// Holds reports whether a request in this state keeps its handle from being asked for again.
func (s State) Holds() bool {
	switch s {
	case HasFailed, IsRejected, IsExpired, IsWithdrawn:
		return false
	}
	return true
}

// Mine reports whether u asked for the community.
func (r *Request) Mine(u User) bool { return r.By.Same(u) }

// Call begins a call to Genuin and gives the task to owner for lease; its number is Calls.Count. A call that never
// reported back may have landed. When calls have been lost like that for too long the request ends instead: it is not
// Creating then.
func (r *Request) Call(owner string, now time.Time, lease time.Duration) error {
	dropped, err := r.Begin(Make, owner, now, lease)
	if err != nil {
		return err
	}
	if r.State != Approved && r.State != Creating {
		return fmt.Errorf("request %d is %s and must not go to Genuin", r.ID, r.State)
	}
	if dropped && r.State == Creating {
		r.Calls.Lost = true
		if !now.Before(r.Calls.Since.Add(patience)) { // whoever calls never lives to tell
			r.end(Unclear, Entry{What: Unconfirmed, Reason: NoAnswer}, now)
			return nil
		}
	}
	if r.Calls.Count == 0 {
		r.Calls.Since = now
		r.record(Entry{What: Sent}, now)
	}
	r.Calls.Count++
	r.State = Creating
	return nil
}

// Slow tells people, once, that Genuin takes its time with the call under way, or with others before it.
func (r *Request) Slow(now time.Time) {
	if r.State != Creating && r.State != Approved || r.Calls.Slow || r.Calls.Troubled {
		return
	}
	r.Calls.Slow = true
	r.record(Entry{What: Trouble}, now)
}

// Succeeded ends a call that made the community with that handle. It counts whenever it arrives: the community exists.
func (r *Request) Succeeded(handle string, m Made, now time.Time) {
	if r.State == IsCreated || r.Community.Handle != handle {
		return
	}
	r.Made = m
	r.end(IsCreated, Entry{What: Created}, now)
}

// Refused ends a call that made none. What follows is the table "Calling Genuin": another try, a failure that people
// can mend, or doubt when an answer was lost. The answer to any but the latest call changes nothing.
func (r *Request) Refused(call int, f *Refusal, now time.Time) {
	if r.State != Creating || r.Calls.Count != call {
		return
	}
	c := &r.Calls
	c.Reason, c.Message = f.Reason, f.Message
	c.Lost = c.Lost || f.MayHaveLanded()
	again := false
	switch f.Reason {
	case RateLimited, Unreachable, NoAnswer:
		again = now.Before(c.Since.Add(patience))
	case Broken:
		c.Broken++
		c.Shaky = c.Shaky || f.MayHaveFailedAfter()
		again = c.Broken < maxTroubles
	}
	switch {
	case again:
		r.State = Approved
		if !c.Troubled {
			c.Troubled = true
			r.record(Entry{What: Trouble, Reason: f.Reason, Note: f.Message}, now)
		}
		if f.Uncalled {
			r.hold(Make, now.Add(f.RetryAfter+time.Duration(r.ID%15)*time.Second)) // not all in the same second
			return
		}
		r.Postpone(Make, now.Add(max(f.RetryAfter, r.backoff())))
	case c.Lost, c.Shaky && f.SaysNothing():
		c.Lost = true
		r.end(Unclear, Entry{What: Unconfirmed, Reason: f.Reason, Note: f.Message}, now)
	default:
		r.end(HasFailed, Entry{What: Failed, Reason: f.Reason, Note: f.Message}, now)
	}
}

func (r *Request) backoff() time.Duration {
	tries := 0
	if t := r.Tasks[Make]; t != nil {
		tries = t.Tries
	}
	if r.Calls.Reason == Broken {
		return firstBackoff << min(2*tries, 8)
	}
	return min(firstBackoff<<min(tries, 16), lastBackoff)
}

func (r *Request) end(s State, e Entry, now time.Time) {
	r.State = s
	r.Version++
	delete(r.Tasks, Make)
	r.record(e, now)
}
