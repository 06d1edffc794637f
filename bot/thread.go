package bot

import (
	"fmt"
	"slices"
	"time"
)

// Thread is one card of a request, and what is told below it.
type Thread struct {
	At      Place     `json:"at"`                // where the card goes; its message, once it is posted
	Since   time.Time `json:"since,omitzero"`    // when it was first to be shown
	Cards   int       `json:"cards,omitempty"`   // posted so far: one that was deleted is posted again
	Shown   int       `json:"shown,omitempty"`   // Changed when the card was last drawn
	Told    int       `json:"told,omitempty"`    // Seq of the last entry told
	Last    Place     `json:"last,omitzero"`     // the last message told there
	Private bool      `json:"private,omitempty"` // a direct message to the requester, the channel being out of reach
	Fading  bool      `json:"fading,omitempty"`  // said to the requester alone, as long as the platform lets it, even that being out of reach
	Left    bool      `json:"left,omitempty"`    // a card that stays where the requester's thread was before it had to go on in private; nothing is told below
	Dead    bool      `json:"dead,omitempty"`    // nobody can be reached there
}

// CardKey names the card of thread i for Card.Key.
func (r *Request) CardKey(i int) string {
	return fmt.Sprintf("c%s-%d-%d", r.Tag, i, r.Threads[i].Cards)
}

// LineKey names what is told about e in thread i, for Card.Key.
func (r *Request) LineKey(i int, e Entry) string {
	return fmt.Sprintf("e%s-%d-%d", r.Tag, i, e.Seq)
}

// Redraw has the card at p drawn again, although it should show how things stand.
func (r *Request) Redraw(p Place, now time.Time) error {
	i := slices.IndexFunc(r.Threads, func(t Thread) bool { return t.At == p })
	if i < 0 {
		return ErrNoTask
	}
	r.Threads[i].Shown = 0
	r.want(Sync, now)
	return nil
}

// Posted notes that the card of thread i is now the message at p, and shows everything up to changed.
func (r *Request) Posted(i int, p Place, changed int) {
	t := &r.Threads[i]
	t.At, t.Shown = p, changed
	t.Cards++
}

// Drawn notes that the card of thread i shows everything up to changed.
func (r *Request) Drawn(i, changed int) { r.Threads[i].Shown = changed }

// Told notes that e was told in thread i.
func (r *Request) Told(i int, e Entry, at Place, now time.Time) {
	r.Threads[i].Told, r.Threads[i].Last = e.Seq, at
	r.record(Entry{What: WasTold, Where: at, Note: string(e.What)}, now)
}

// CardGone notes that the card of thread i was deleted; it is posted again in the same place.
func (r *Request) CardGone(i int) {
	r.Threads[i].At.Message = ""
	r.Threads[i].Shown = 0
}

// AskedAt is where the approvers are asked, be it that they need not be.
func (r *Request) AskedAt() Place { return r.Threads[r.asksIn()].At }

// DecidedIn returns the platform and tenant where people decide on the request; false when nobody has to.
func (r *Request) DecidedIn() (Place, bool) {
	if r.Policy.Required == 0 {
		return Place{}, false
	}
	asked := r.AskedAt()
	return Place{Platform: asked.Platform, Tenant: asked.Tenant}, true
}

// Unreachable takes note that the bot can't show the card of thread i where it is. The requester's thread goes on as a direct
// message, then by whatever way their last command left open, and then is dead; any other is dead at once. A request whose
// approvers can't be asked does not wait for them.
func (r *Request) Unreachable(i int, now time.Time) {
	asks := r.AsksIn(i)
	if asks && r.Policy.Required > 0 && r.leave(i, true) {
		r.Threads[len(r.Threads)-1].Dead = true // until they are to be asked again
	}
	r.moveOn(i, now)
	if asks {
		r.nobodyAsked(now)
	}
}

// Untold takes note that nothing can be told below the card of thread i, which stands, of what happened up to an entry. The
// approvers have what they need to decide, and go without; the requester's thread goes on as when it is Unreachable, and the
// card stays for all others.
func (r *Request) Untold(i, upTo int, now time.Time) {
	t := &r.Threads[i]
	if i > 0 {
		t.Told = upTo
		return
	}
	if r.leave(0, r.AsksIn(0)) {
		r.Threads[len(r.Threads)-1].Told = upTo
	}
	r.moveOn(0, now)
}

// leave makes a thread of its own of the card in the requester's, when that is about to go on in private: the one where
// approvers are asked, or one that only shows how things stand. It reports false when there is none to stay.
func (r *Request) leave(i int, asks bool) bool {
	t := r.Threads[i]
	if i > 0 || t.Private || t.At.Message == "" {
		return false
	}
	t.Left = !asks || r.Policy.Required == 0
	r.Threads = append(r.Threads, t)
	return true
}

// moveOn has thread i go on where it can.
func (r *Request) moveOn(i int, now time.Time) {
	t := &r.Threads[i]
	private := Place{Platform: r.By.Platform, Tenant: r.At.Tenant, User: r.By.ID}
	switch {
	case i == 0 && !t.Private:
		t.At, t.Private, t.Shown = private, true, 0
		r.record(Entry{What: Hidden}, now)
	case i == 0 && !t.Fading && r.At.Channel != "":
		private.Channel = r.At.Channel
		t.At, t.Fading, t.Shown = private, true, 0
		r.record(Entry{What: Fading}, now)
	default:
		t.Dead = true
	}
}
