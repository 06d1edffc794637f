package bot

import (
	"reflect"
	"slices"
	"time"
)

// Resend sends the request again with the requester's changes, after a failure or in doubt. The version is the one
// they saw. The approvals stand when nothing was changed, or only what Genuin asked to be: a handle that was taken.
func (r *Request) Resend(e Event, version int, c Community, why, note string, now time.Time) error {
	if err := r.MayMend(e.By, version); err != nil {
		return err
	}
	same := r.Community
	if r.Calls.Reason == HandleTaken {
		same.Handle = c.Handle
	}
	agreed := r.agreed() && reflect.DeepEqual(same, c) && why == r.Why
	r.put(c, why)
	r.again(e, Resent, agreed, note, now)
	return nil
}

// Retry sends the same request again after a failure that was not the request's fault.
func (r *Request) Retry(e Event, version int, now time.Time) error {
	if version != r.Version {
		return ErrOld
	}
	if !r.Retryable() {
		return ErrNotNow
	}
	if r.State == Unclear && !r.Mine(e.By) { // only they can tell whether it is theirs already
		return ErrNotYours
	}
	r.again(e, Retried, r.agreed(), "", now)
	return nil
}

// Retryable reports whether trying the same request again may help.
func (r *Request) Retryable() bool {
	return r.State == HasFailed &&
		slices.Contains([]Reason{Unauthorized, Misuse, Broken, Unreachable, RateLimited, NobodyAsked}, r.Calls.Reason) ||
		r.State == Unclear && r.Calls.Reason != HandleTaken
}

func (r *Request) again(e Event, w What, agreed bool, note string, now time.Time) {
	if !agreed && r.Policy.Required > 0 {
		r.reopen(now)
	}
	r.Calls = Calls{Lost: r.Calls.Lost, Shaky: r.Calls.Shaky}
	r.Version++
	r.submit(agreed, now)
	r.record(Entry{What: w, By: e.By, Where: e.At, Event: e.ID, Note: note}, now)
}

// reopen has the approvers asked where they are, also when they could not be reached there before.
func (r *Request) reopen(now time.Time) {
	asked := &r.Threads[r.asksIn()]
	asked.Dead = false
	if asked.Private { // it stays the requester's
		r.Threads = append(r.Threads, Thread{At: r.At, Since: now})
	}
}

// Link ends the doubt about a community: the requester found it, at url.
func (r *Request) Link(e Event, version int, url string, now time.Time) error {
	if err := r.MayMend(e.By, version); err != nil {
		return err
	}
	if r.State != Unclear {
		return ErrNotNow
	}
	r.Made.URL = url
	r.State = IsCreated
	r.Version++
	r.record(Entry{What: Linked, By: e.By, Where: e.At, Event: e.ID}, now)
	return nil
}

// MayMend returns why u may not fix that version of the request, or nil.
func (r *Request) MayMend(u User, version int) error {
	switch {
	case !r.Mine(u):
		return ErrNotYours
	case version != r.Version:
		return ErrOld
	case r.State != HasFailed && r.State != Unclear:
		return ErrNotNow
	}
	return nil
}
