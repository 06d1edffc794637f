package bot

import (
	"fmt"
	"reflect"
	"slices"
	"time"
)

// remindEvery is how often the requester may remind the approvers by hand.
const remindEvery = time.Hour

// Round is one time of asking the approvers about one version of a request. Sending or changing it begins a new one.
type Round struct {
	Since    time.Time `json:"since,omitzero"`
	Votes    []Vote    `json:"votes,omitempty"`
	Reminded int       `json:"reminded,omitempty"` // times, by the clock
	ByHand   time.Time `json:"by_hand,omitzero"`   // the last time by the requester
	Unasked  bool      `json:"unasked,omitempty"`  // the requester was told that the approvers can't be asked yet
}

// Vote is one person's yes.
type Vote struct {
	By User      `json:"by"`
	At time.Time `json:"at"`
}

// agreed reports whether enough people agreed in this round.
func (r *Request) agreed() bool { return len(r.Round.Votes) >= r.Policy.Required }

// Count says how many agreed, of how many: "1/2".
func (r *Request) Count() string { return fmt.Sprintf("%d/%d", len(r.Round.Votes), r.Policy.Required) }

// Voted reports whether u agreed in this round.
func (r *Request) Voted(u User) bool {
	return slices.ContainsFunc(r.Round.Votes, func(v Vote) bool { return v.By.Same(u) })
}

// AsksIn reports whether the approvers are asked in thread i: the last one, unless that was left.
func (r *Request) AsksIn(i int) bool { return i == r.asksIn() }

func (r *Request) asksIn() int {
	i := len(r.Threads) - 1
	for r.Threads[i].Left { // the first never is
		i--
	}
	return i
}

// MayDecide returns why u, acting at a place, may not decide on that version of the request, or nil. The groups of u
// must be known.
func (r *Request) MayDecide(u User, at Place, version int) error {
	asked := r.AskedAt()
	switch {
	case r.State != Pending:
		return ErrNotNow
	case version != r.Version:
		return ErrOld
	case at.Platform != asked.Platform || at.Tenant != asked.Tenant || at.Channel == "" || at.Channel != asked.Channel && at.Channel != asked.Message: // a Discord thread
		return ErrNotHere
	case r.Mine(u) && !r.Policy.Self:
		return ErrOwn
	case !r.Policy.Approves(u):
		return ErrNotApprover
	}
	return nil
}

// decidable is MayDecide at a time: what has expired can't be decided, although nobody may have noticed yet.
func (r *Request) decidable(e Event, version int, now time.Time) error {
	if end, expires := r.Expires(); expires && !now.Before(end) {
		return ErrExpired
	}
	return r.MayDecide(e.By, e.At, version)
}

// Approve counts a yes. When it is the last that is needed, the request goes to Genuin.
func (r *Request) Approve(e Event, version int, now time.Time) error {
	if err := r.decidable(e, version, now); err != nil {
		return err
	}
	if r.Voted(e.By) {
		return ErrVoted
	}
	r.Round.Votes = append(r.Round.Votes, Vote{e.By, now})
	if r.agreed() {
		r.close(Approved)
		r.want(Make, now)
	}
	r.record(Entry{What: Agreed, By: e.By, Where: e.At, Event: e.ID, Note: r.Count()}, now)
	return nil
}

// TakeBack takes a yes back while the request waits for others.
func (r *Request) TakeBack(e Event, version int, now time.Time) error {
	switch {
	case r.State != Pending:
		return ErrNotNow
	case version != r.Version:
		return ErrOld
	case !r.Voted(e.By):
		return ErrNotVoted
	}
	r.Round.Votes = slices.DeleteFunc(r.Round.Votes, func(v Vote) bool { return v.By.Same(e.By) })
	r.record(Entry{What: TookBack, By: e.By, Where: e.At, Event: e.ID, Note: r.Count()}, now)
	return nil
}

// Deny ends the request with a reason, which may be empty.
func (r *Request) Deny(e Event, version int, reason string, now time.Time) error {
	if err := r.decidable(e, version, now); err != nil {
		return err
	}
	r.close(IsRejected)
	r.record(Entry{What: Denied, By: e.By, Where: e.At, Event: e.ID, Note: reason}, now)
	return nil
}

// AskForChanges has the requester change something before anybody decides.
func (r *Request) AskForChanges(e Event, version int, what string, now time.Time) error {
	if err := r.decidable(e, version, now); err != nil {
		return err
	}
	r.State = NeedsChange
	r.Version++
	r.record(Entry{What: ChangesAsked, By: e.By, Where: e.At, Event: e.ID, Note: what}, now)
	return nil
}

// Open reports whether the request still waits for people: for approvers, or for the requester to change it.
func (r *Request) Open() bool { return r.State == Pending || r.State == NeedsChange }

// MayEdit returns why u may not change or withdraw that version of the request, or nil.
func (r *Request) MayEdit(u User, version int) error {
	switch {
	case !r.Mine(u):
		return ErrNotYours
	case !r.Open():
		return ErrNotNow
	case version != r.Version:
		return ErrOld
	}
	return nil
}

// Edit changes a request that waits. Whoever agreed did so to something else, so a new round begins.
func (r *Request) Edit(e Event, version int, c Community, why, note string, now time.Time) error {
	if err := r.MayEdit(e.By, version); err != nil {
		return err
	}
	if reflect.DeepEqual(c, r.Community) && why == r.Why && r.State == Pending {
		return ErrSame
	}
	r.put(c, why)
	r.Version++
	r.submit(false, now)
	r.record(Entry{What: Edited, By: e.By, Where: e.At, Event: e.ID, Note: note}, now)
	return nil
}

// put changes what is asked for. What is known of calls to Genuin is about the handle they had.
func (r *Request) put(c Community, why string) {
	if c.Handle != r.Community.Handle {
		r.Calls = Calls{}
	}
	r.Community, r.Why = c, why
}

// Withdraw ends a request that its requester does not want any more.
func (r *Request) Withdraw(e Event, version int, now time.Time) error {
	if err := r.MayEdit(e.By, version); err != nil {
		return err
	}
	r.close(IsWithdrawn)
	r.record(Entry{What: Withdrawn, By: e.By, Where: e.At, Event: e.ID}, now)
	return nil
}

// Remind has the approvers asked once more, by the requester.
func (r *Request) Remind(e Event, version int, now time.Time) error {
	switch {
	case !r.Mine(e.By):
		return ErrNotYours
	case r.State != Pending:
		return ErrNotNow
	case version != r.Version:
		return ErrOld
	case now.Before(r.Round.ByHand.Add(remindEvery)):
		return ErrTooSoon
	}
	r.Round.ByHand = now
	r.record(Entry{What: Reminded, By: e.By, Where: e.At, Event: e.ID, Note: r.Count()}, now)
	return nil
}

// close ends the waiting. A community that an earlier call may have made is not gone because people decide otherwise.
func (r *Request) close(s State) {
	if r.Calls.Lost && s != Approved {
		s = Unclear
	}
	r.State = s
	r.Version++
	delete(r.Tasks, Wake)
}

// Expires returns when the request ends undecided, if it ever does.
func (r *Request) Expires() (time.Time, bool) {
	return r.Round.Since.Add(r.Policy.Expiry), r.Open() && r.Policy.Expiry > 0
}

// maxReminders is after how many nobody is reminded any more: the gaps have grown beyond what anybody waits.
const maxReminders = 20

// reminder returns when the approvers are reminded next: after 1, 3, 7 … times the policy's time, so that the gaps grow.
func (r *Request) reminder() (time.Time, bool) {
	n := min(r.Round.Reminded, maxReminders)
	return r.Round.Since.Add(r.Policy.Reminder * time.Duration(1<<(n+1)-1)), r.State == Pending && r.Policy.Reminder > 0 && r.Round.Reminded < maxReminders
}

// schedule asks to be woken at the next reminder or the expiry.
func (r *Request) schedule() {
	delete(r.Tasks, Wake)
	end, expires := r.Expires()
	next, reminds := r.reminder()
	switch {
	case reminds && (!expires || next.Before(end)):
		r.want(Wake, next)
	case expires:
		r.want(Wake, end)
	}
}

// Awake does what is due by now: it reminds the approvers, or ends the request. It is the whole of the work Wake.
func (r *Request) Awake(now time.Time) error {
	t := r.Tasks[Wake]
	if t == nil || t.Due.After(now) {
		return ErrNoTask
	}
	if end, expires := r.Expires(); expires && !now.Before(end) {
		r.close(IsExpired)
		r.record(Entry{What: Expired}, now)
		return nil
	}
	if next, reminds := r.reminder(); reminds && !now.Before(next) {
		r.record(Entry{What: Reminded, Note: r.Count()}, now)
		for reminds && !now.Before(next) { // those that were slept through count as one
			r.Round.Reminded++
			next, reminds = r.reminder()
		}
	}
	r.schedule()
	return nil
}

// NotYet has the requester told, once a round, that the approvers can't be asked yet. ErrNoTask when there is nothing
// to tell.
func (r *Request) NotYet(now time.Time) error {
	if r.State != Pending || r.Round.Unasked || r.AsksIn(0) || r.AskedAt().Message != "" {
		return ErrNoTask
	}
	r.Round.Unasked = true
	r.record(Entry{What: Unasked}, now)
	return nil
}

// nobodyAsked ends the waiting because the approvers can't be reached. It can be tried again when they can.
func (r *Request) nobodyAsked(now time.Time) {
	if !r.Open() {
		return
	}
	r.close(HasFailed)
	r.Calls.Reason = NobodyAsked
	r.record(Entry{What: Failed, Reason: NobodyAsked}, now)
}
