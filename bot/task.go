package bot

import (
	"errors"
	"time"
)

// Work is a kind of slow work that a request may want.
type Work string

// The kinds of work.
const (
	Sync Work = "sync" // show people how things stand: post or redraw cards, tell news in their threads
	Make Work = "make" // have Genuin make the community
	Wake Work = "wake" // remind the approvers, or end the request undecided
)

// Task is work that a request wants: the promise that it gets done, committed together with the change that asked for
// it. A job in the queue is only the means; a task without one is found and queued again.
type Task struct {
	Due   time.Time `json:"due"`
	Seq   int       `json:"seq"`             // grows with every wish, so an old job can't pass for a new one
	Tries int       `json:"tries,omitempty"` // failures in a row
	// Owner is the process at work on it, until Until at the latest. Dropped says that an owner never reported back,
	// so what it did outside may or may not have arrived.
	Owner   string    `json:"owner,omitempty"`
	Until   time.Time `json:"until,omitzero"`
	Held    int       `json:"held,omitempty"` // Seq when the owner began
	Dropped bool      `json:"dropped,omitempty"`
}

// Job is a task to be queued.
type Job struct {
	Work    Work
	Request int64
	Seq     int
	At      time.Time
}

// ErrTaken says that others took the task over from a process that was silent for too long.
var ErrTaken = errors.New("the task was taken over meanwhile")

// ErrNoTask says that there is nothing to do: the work was done already, is not due, or somebody else is at it.
var ErrNoTask = errors.New("no such task")

// want asks for work at a time; wishes for the same work become one, at the earliest time.
func (r *Request) want(w Work, at time.Time) {
	t := r.Tasks[w]
	if t == nil {
		t = &Task{Due: at}
		if r.Tasks == nil {
			r.Tasks = make(map[Work]*Task)
		}
		r.Tasks[w] = t
	}
	if t.Owner != "" || t.Tries == 0 && !t.Dropped && at.Before(t.Due) { // a wish does not cut short the wait after a failure
		t.Due = at
	}
	r.Wishes++
	t.Seq = r.Wishes
}

// Wanted reports whether there is a task that Begin would give to somebody now.
func (r *Request) Wanted(w Work, now time.Time) bool {
	t := r.Tasks[w]
	return t != nil && !t.look().After(now)
}

// Begin gives the task to owner until now+lease. It reports whether an earlier owner dropped the task. ErrNoTask when
// there is nothing to do now.
func (r *Request) Begin(w Work, owner string, now time.Time, lease time.Duration) (dropped bool, err error) {
	t := r.Tasks[w]
	if !r.Wanted(w, now) {
		return false, ErrNoTask
	}
	dropped = t.Dropped || t.Owner != ""
	t.Owner, t.Until, t.Held, t.Dropped = owner, now.Add(lease), t.Seq, false
	return dropped, nil
}

// Holds reports whether owner still has the task that it began when the task's Seq was held: nobody took it away since.
func (r *Request) Holds(w Work, owner string, held int) bool {
	t := r.Tasks[w]
	return t != nil && t.Owner == owner && t.Held == held
}

// Finish ends the work that Begin began. Work that was asked for again in the meantime stays wanted.
func (r *Request) Finish(w Work) {
	t := r.Tasks[w]
	if t == nil {
		return
	}
	if t.Seq == t.Held {
		delete(r.Tasks, w)
		return
	}
	t.Owner, t.Until, t.Tries = "", time.Time{}, 0
}

// Postpone gives the task back, to be tried again at a later time.
func (r *Request) Postpone(w Work, at time.Time) {
	t := r.Tasks[w]
	if t == nil {
		return
	}
	r.Wishes++
	t.Owner, t.Until, t.Due, t.Seq = "", time.Time{}, at, r.Wishes
	t.Tries++
}

// hold gives the task back like Postpone, but it was not tried.
func (r *Request) hold(w Work, at time.Time) {
	r.Postpone(w, at)
	if t := r.Tasks[w]; t != nil {
		t.Tries--
	}
}

// Doubt notes that the work under way may have arrived outside without our knowing. Whoever goes on with it is told.
func (r *Request) Doubt(w Work) {
	if t := r.Tasks[w]; t != nil {
		t.Dropped = true
	}
}

// SetBack mends a request that was kept by a clock that was ahead, and was set back since: what was to happen then would
// wait until that time comes again. It reports whether there was anything to mend.
func (r *Request) SetBack(now time.Time) bool {
	ahead := r.Saved.Sub(now)
	if ahead <= 0 {
		return false
	}
	for _, t := range r.Tasks {
		t.Due = t.Due.Add(-ahead)
		if t.Owner != "" {
			t.Until = t.Until.Add(-ahead)
		}
	}
	for _, since := range []*time.Time{&r.Round.Since, &r.Calls.Since} {
		if since.After(now) {
			*since = now
		}
	}
	r.Saved = now
	return true
}

// Drop takes tasks from an owner that is gone, and reports whether there were any. Whoever takes one up next is told. That
// must not be before due, when all that the owner sent has arrived: what is looked for before may still come.
func (r *Request) Drop(gone func(owner string) bool, due time.Time) (any bool) {
	for w, t := range r.Tasks {
		if t.Owner != "" && gone(t.Owner) {
			r.GiveBack(w, t.Owner, due)
			any = true
		}
	}
	return any
}

// GiveBack takes a task from an owner who did not come to its end, and who is not at it any more. It is due again then.
func (r *Request) GiveBack(w Work, owner string, due time.Time) {
	t := r.Tasks[w]
	if t == nil || t.Owner != owner {
		return
	}
	r.Wishes++
	t.Owner, t.Until, t.Due, t.Seq, t.Dropped = "", time.Time{}, due, r.Wishes, true
}

// Jobs returns the tasks nobody is at, as jobs.
func (r *Request) Jobs() []Job {
	var jobs []Job
	for w, t := range r.Tasks {
		if t.Owner == "" {
			jobs = append(jobs, Job{Work: w, Request: r.ID, Seq: t.Seq, At: t.Due})
		}
	}
	return jobs
}

// Overdue returns the tasks that somebody should have looked at by a time, as jobs: those due and not begun, and those
// whose owner has had them too long.
func (r *Request) Overdue(by time.Time) []Job {
	var jobs []Job
	for w, t := range r.Tasks {
		if at := t.look(); !at.After(by) {
			jobs = append(jobs, Job{Work: w, Request: r.ID, Seq: t.Seq, At: at})
		}
	}
	return jobs
}

// look is when the task is to be looked at: when it is due, or when the lease of its owner ends.
func (t *Task) look() time.Time {
	if t.Owner != "" {
		return t.Until
	}
	return t.Due
}

// Due returns when the next of the request's tasks is to be looked at, if there is one.
func (r *Request) Due() (at time.Time, ok bool) {
	for _, t := range r.Tasks {
		if when := t.look(); !ok || when.Before(at) {
			at, ok = when, true
		}
	}
	return at, ok
}
