package bot_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"communitybot/bot"
)

var (
	cleo  = bot.User{Platform: "slack", ID: "U3", Name: "Cleo"}
	there = bot.Place{Platform: "slack", Tenant: "T1", Channel: "C2"}
)

// waiting is a request of ada's that waits for approval, of two people unless the policy says otherwise.
func waiting(p bot.Policy) *bot.Request {
	if p.Required == 0 {
		p.Required = 2
	}
	r := bot.NewRequest(bot.Event{ID: "e1", By: ada, At: here}, bot.Community{Name: "Acme", Handle: "acme"}, "for us", p, start)
	return &r
}

func by(u bot.User) bot.Event { return bot.Event{ID: "e2", By: u, At: here} }

func agree(t *testing.T, r *bot.Request, people ...bot.User) {
	t.Helper()
	for _, u := range people {
		e := by(u)
		e.At = r.Threads[len(r.Threads)-1].At
		if err := r.Approve(e, r.Version, start); err != nil {
			t.Fatalf("%s can't agree: %v", u.Name, err)
		}
	}
}

// last is the last entry of a request's history.
func last(r *bot.Request) bot.Entry { return r.News()[len(r.News())-1] }

func TestWhoMayDecide(t *testing.T) {
	named := []bot.Approver{{Platform: "slack", ID: "U2"}, {Platform: "slack", ID: "S1"}}
	inGroup := cleo
	inGroup.Groups = []string{"S0", "S1"}
	onDiscord := bot.Place{Platform: "discord", Tenant: "G1", Channel: "D1"}
	below := onDiscord
	below.Message = "M1"
	namesake := bot.User{Platform: "discord", ID: ada.ID, Name: "Another"}
	for name, c := range map[string]struct {
		policy  bot.Policy
		who     bot.User
		at      bot.Place
		version int // beside the present one
		asked   bot.Place
		want    error
	}{
		"anybody":                            {who: ben, at: here},
		"the requester":                      {who: ada, at: here, want: bot.ErrOwn},
		"the requester, when that's allowed": {policy: bot.Policy{Self: true}, who: ada, at: here},
		"the requester, allowed but not an approver": {policy: bot.Policy{Self: true, Approvers: named}, who: ada, at: here, want: bot.ErrNotApprover},
		"an approver":                                   {policy: bot.Policy{Approvers: named}, who: ben, at: here},
		"a member of an approving group":                {policy: bot.Policy{Approvers: named}, who: inGroup, at: here},
		"somebody who is none":                          {policy: bot.Policy{Approvers: named}, who: cleo, at: here, want: bot.ErrNotApprover},
		"somebody with the same ID on another platform": {policy: bot.Policy{Approvers: []bot.Approver{{Platform: "discord", ID: "U2"}}}, who: ben, at: here, want: bot.ErrNotApprover},
		"somebody with the requester's ID elsewhere":    {policy: bot.Policy{Channel: onDiscord}, who: namesake, at: onDiscord},
		"on an old card":                                {who: ben, at: here, version: -1, want: bot.ErrOld},
		"on a card of tomorrow":                         {who: ben, at: here, version: 1, want: bot.ErrOld},
		"in the approvers' channel":                     {policy: bot.Policy{Channel: there}, who: ben, at: there},
		"elsewhere than in the approvers' channel":      {policy: bot.Policy{Channel: there}, who: ben, at: here, want: bot.ErrNotHere},
		"on another platform":                           {policy: bot.Policy{Channel: onDiscord}, who: ben, at: there, want: bot.ErrNotHere},
		"in the thread below the card, on Discord":      {policy: bot.Policy{Channel: onDiscord}, who: namesake, at: bot.Place{Platform: "discord", Tenant: "G1", Channel: "M1"}, asked: below},
		"in a channel with that ID, elsewhere":          {policy: bot.Policy{Channel: there}, who: ben, at: bot.Place{Platform: "slack", Tenant: "T2", Channel: "C2"}, want: bot.ErrNotHere},
	} {
		decide := map[string]func(*bot.Request, bot.Event, int) error{
			"approves": func(r *bot.Request, e bot.Event, v int) error { return r.Approve(e, v, start) },
			"denies":   func(r *bot.Request, e bot.Event, v int) error { return r.Deny(e, v, "no", start) },
			"asks":     func(r *bot.Request, e bot.Event, v int) error { return r.AskForChanges(e, v, "another name", start) },
		}
		for what, act := range decide {
			t.Run(name+" "+what, func(t *testing.T) {
				r := waiting(c.policy)
				if c.asked != (bot.Place{}) {
					r.Posted(len(r.Threads)-1, c.asked, r.Changed)
				}
				entries := r.Entries
				err := act(r, bot.Event{ID: "e2", By: c.who, At: c.at}, r.Version+c.version)
				if !errors.Is(err, c.want) || (err == nil) != (c.want == nil) {
					t.Fatalf("error %v, want %v", err, c.want)
				}
				if changed := r.Entries != entries; changed != (err == nil) {
					t.Errorf("error %v, and changed: %v", err, changed)
				}
			})
		}
	}
}

func TestEnoughPeopleMustAgree(t *testing.T) {
	r := waiting(bot.Policy{Expiry: time.Hour})
	if r.Tasks[bot.Make] != nil || r.Tasks[bot.Wake] == nil {
		t.Fatalf("tasks %+v of a request that waits", r.Tasks)
	}
	agree(t, r, ben)
	if r.State != bot.Pending || r.Version != 1 || r.Count() != "1/2" || !r.Voted(ben) || r.Voted(cleo) || last(r).Note != "1/2" || r.Tasks[bot.Make] != nil {
		t.Fatalf("after one of two: %+v", r)
	}
	if err := r.Approve(by(ben), r.Version, start); !errors.Is(err, bot.ErrVoted) || r.Count() != "1/2" {
		t.Errorf("the same person again: %v, %s", err, r.Count())
	}
	agree(t, r, cleo) // their card still shows the version that Ben saw
	if r.State != bot.Approved || r.Version != 2 || r.Tasks[bot.Make] == nil || r.Tasks[bot.Wake] != nil {
		t.Errorf("after two of two: %+v", r)
	}
	for name, err := range map[string]error{
		"approve":   r.Approve(by(bot.User{Platform: "slack", ID: "U4"}), 1, start),
		"deny":      r.Deny(by(ben), 1, "", start),
		"changes":   r.AskForChanges(by(ben), 1, "", start),
		"take back": r.TakeBack(by(ben), 1, start),
		"remind":    r.Remind(by(ada), 1, start),
		"edit":      r.Edit(by(ada), 1, bot.Community{}, "", "", start),
		"withdraw":  r.Withdraw(by(ada), 1, start),
	} {
		if !errors.Is(err, bot.ErrNotNow) {
			t.Errorf("%s after the decision: %v", name, err)
		}
	}
	if diff := cmp.Diff([]bot.What{bot.Asked, bot.Agreed, bot.Agreed}, happened(r)); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
}

func TestAYesCanBeTakenBackWhileItWaits(t *testing.T) {
	r := waiting(bot.Policy{})
	agree(t, r, ben)
	if err := r.TakeBack(by(cleo), r.Version, start); !errors.Is(err, bot.ErrNotVoted) {
		t.Errorf("by somebody who has not agreed: %v", err)
	}
	if err := r.TakeBack(by(ben), r.Version-1, start); !errors.Is(err, bot.ErrOld) {
		t.Errorf("of an earlier version: %v", err)
	}
	if err := r.TakeBack(by(ben), r.Version, start); err != nil || r.Count() != "0/2" || last(r).What != bot.TookBack || last(r).Note != "0/2" {
		t.Errorf("%v, %s, %+v", err, r.Count(), last(r))
	}
	agree(t, r, ben, cleo)
	if r.State != bot.Approved {
		t.Errorf("it is %s", r.State)
	}
}

func TestDenied(t *testing.T) {
	for _, reason := range []string{"we have one", ""} {
		r := waiting(bot.Policy{Expiry: time.Hour})
		agree(t, r, ben)
		if err := r.Deny(by(ben), r.Version, reason, start); err != nil { // a yes does not bind
			t.Fatal(err)
		}
		if r.State != bot.IsRejected || r.State.Holds() || r.Version != 2 || last(r).Note != reason || r.Tasks[bot.Wake] != nil || r.Tasks[bot.Make] != nil {
			t.Errorf("denied because %q: %+v", reason, r)
		}
	}
}

func TestChangesAreAskedForAndMade(t *testing.T) {
	r := waiting(bot.Policy{Expiry: 72 * time.Hour})
	agree(t, r, ben)
	if err := r.AskForChanges(by(cleo), r.Version, "another name", start); err != nil {
		t.Fatal(err)
	}
	if r.State != bot.NeedsChange || !r.Open() || !r.State.Holds() || last(r).Note != "another name" {
		t.Fatalf("request %+v", r)
	}
	for name, err := range map[string]error{
		"approve":   r.Approve(by(cleo), r.Version, start),
		"take back": r.TakeBack(by(ben), r.Version, start),
		"remind":    r.Remind(by(ada), r.Version, start),
	} {
		if !errors.Is(err, bot.ErrNotNow) {
			t.Errorf("%s meanwhile: %v", name, err)
		}
	}
	later := start.Add(time.Hour)
	if err := r.Edit(by(ada), r.Version, r.Community, r.Why, "", later); err != nil {
		t.Fatalf("sent again as it was: %v", err)
	}
	if end, ok := r.Expires(); r.State != bot.Pending || r.Count() != "0/2" || r.Version != 3 || !ok || !end.Equal(later.Add(72*time.Hour)) {
		t.Errorf("request %+v", r)
	}
}

func TestEdit(t *testing.T) {
	other := bot.Community{Name: "Acme", Handle: "acme", Description: "new"}
	for name, c := range map[string]struct {
		by      bot.User
		version int
		to      bot.Community
		why     string
		want    error
	}{
		"another description":         {ada, 0, other, "for us", nil},
		"another why":                 {ada, 0, bot.Community{Name: "Acme", Handle: "acme"}, "for all", nil},
		"nothing":                     {ada, 0, bot.Community{Name: "Acme", Handle: "acme"}, "for us", bot.ErrSame},
		"by somebody else":            {ben, 0, other, "", bot.ErrNotYours},
		"from a card of another time": {ada, -1, other, "", bot.ErrOld},
	} {
		t.Run(name, func(t *testing.T) {
			r := waiting(bot.Policy{})
			agree(t, r, ben)
			err := r.Edit(by(c.by), r.Version+c.version, c.to, c.why, "note", start)
			if !errors.Is(err, c.want) || (err == nil) != (c.want == nil) {
				t.Fatalf("error %v, want %v", err, c.want)
			}
			if err == nil {
				if diff := cmp.Diff(c.to, r.Community); diff != "" || r.Why != c.why || r.Count() != "0/2" || r.Version != 2 || last(r).Note != "note" {
					t.Errorf("request %+v, community (-want +got):\n%s", r, diff)
				}
			} else if r.Count() != "1/2" || r.Version != 1 || r.Why != "for us" {
				t.Errorf("refused, and changed: %+v", r)
			}
		})
	}
}

func TestWithdraw(t *testing.T) {
	r := waiting(bot.Policy{Expiry: time.Hour})
	if err := r.Withdraw(by(ben), r.Version, start); !errors.Is(err, bot.ErrNotYours) {
		t.Errorf("by somebody else: %v", err)
	}
	if err := r.Withdraw(by(ada), r.Version, start); err != nil || r.State != bot.IsWithdrawn || r.State.Holds() || r.Tasks[bot.Wake] != nil || r.Open() {
		t.Errorf("%v, request %+v", err, r)
	}
}

func TestWhichFixesKeepTheApprovals(t *testing.T) {
	handle := func(c *bot.Community, _ *string) { c.Handle = "acme-2" }
	for name, c := range map[string]struct {
		reason bot.Reason
		change func(*bot.Community, *string)
		want   bot.State
	}{
		"another handle, the old one being taken": {bot.HandleTaken, handle, bot.Approved},
		"nothing at all":                         {bot.BadRequest, func(*bot.Community, *string) {}, bot.Approved},
		"another handle without need":            {bot.BadRequest, handle, bot.Pending},
		"the handle and more":                    {bot.HandleTaken, func(c *bot.Community, why *string) { handle(c, why); c.Description = "x" }, bot.Pending},
		"something else, the handle being taken": {bot.HandleTaken, func(c *bot.Community, _ *string) { c.Tags = []string{"x"} }, bot.Pending},
		"another category":                       {bot.CategoryUnknown, func(c *bot.Community, _ *string) { c.Categories = []int64{1} }, bot.Pending},
		"what it is for":                         {bot.HandleTaken, func(_ *bot.Community, why *string) { *why = "for me" }, bot.Pending},
	} {
		t.Run(name, func(t *testing.T) {
			r := waiting(bot.Policy{})
			agree(t, r, ben, cleo)
			call(t, r, refused(c.reason))
			com, why := r.Community, r.Why
			c.change(&com, &why)
			if err := r.Resend(by(ada), r.Version, com, why, "", start); err != nil {
				t.Fatal(err)
			}
			votes := "2/2"
			if c.want == bot.Pending {
				votes = "0/2"
			}
			if r.State != c.want || r.Count() != votes {
				t.Errorf("it is %s with %s, want %s", r.State, r.Count(), c.want)
			}
		})
	}
}

func TestATryAgainKeepsTheApprovals(t *testing.T) {
	r := waiting(bot.Policy{})
	agree(t, r, ben, cleo)
	call(t, r, refused(bot.Unauthorized))
	if err := r.Retry(by(ben), r.Version, start); err != nil || r.State != bot.Approved || r.Count() != "2/2" {
		t.Errorf("%v, %s, %s", err, r.State, r.Count())
	}
}

func TestWhoHearsWhat(t *testing.T) {
	one, two, alone := waiting(bot.Policy{}), waiting(bot.Policy{Channel: there}), request()
	same := waiting(bot.Policy{Channel: here})
	if len(one.Threads) != 1 || len(two.Threads) != 2 || len(same.Threads) != 1 {
		t.Fatalf("%d, %d and %d threads", len(one.Threads), len(two.Threads), len(same.Threads))
	}
	for what, want := range map[bot.What]string{ // of one thread; the requester's of two; the approvers' of two; without approvals
		bot.Asked: "+-+-", bot.Reminded: "+-++", bot.Hidden: "++-+", bot.Sent: "----", bot.WasTold: "----",
		bot.Agreed: "++++", bot.TookBack: "++++", bot.Denied: "++++", bot.ChangesAsked: "++++", bot.Edited: "++++", bot.Withdrawn: "++++",
		bot.Expired: "++++", bot.Resent: "++++", bot.Retried: "++++", bot.Trouble: "++++", bot.Created: "++++", bot.Failed: "++++",
		bot.Unconfirmed: "++++", bot.Linked: "++++",
	} {
		got := ""
		for _, c := range []struct {
			r *bot.Request
			i int
		}{{one, 0}, {two, 0}, {two, 1}, {alone, 0}} {
			if c.r.Hears(c.i, bot.Entry{What: what, Asks: c.r.State == bot.Pending}) {
				got += "+"
			} else {
				got += "-"
			}
		}
		if got != want {
			t.Errorf("%s is heard %s, want %s", what, got, want)
		}
	}
	if one.Hears(0, bot.Entry{What: bot.Asked}) {
		t.Error("that nobody is asked is heard")
	}
	one.Unreachable(0, start)
	if one.Hears(0, bot.Entry{What: bot.Asked, Asks: true}) {
		t.Error("the requester hears in private that others are asked, who are not there")
	}
}

func TestWhatWasToldIsNoted(t *testing.T) {
	r := waiting(bot.Policy{Channel: there})
	below := there
	below.Message = "M1"
	r.Posted(1, below, r.Changed)
	changed := r.Changed
	r.Told(1, r.News()[0], below, start)
	if e := last(r); e.What != bot.WasTold || e.Note != "asked" || e.Where != below || r.Threads[1].Told != 1 || r.Threads[1].Last != below || r.Changed != changed {
		t.Errorf("entry %+v, thread %+v", e, r.Threads[1])
	}
}

func TestCallsThatMayNotBe(t *testing.T) {
	r := waiting(bot.Policy{Required: 1})
	agree(t, r, ben)
	r.State = bot.Pending // as no method leaves it
	if err := r.Call("me", start, time.Minute); err == nil {
		t.Error("Genuin is called for a request that waits")
	}
	made := request()
	call(t, made, nil)
	before := made.Entries
	made.Succeeded("acme", bot.Made{ID: "another"}, start)
	if made.Entries != before || made.Made.ID != "id" {
		t.Errorf("made twice: %+v", made)
	}
}

func TestWorkThatNobodyWantsChangesNothing(t *testing.T) {
	r := request()
	wishes := r.Wishes
	r.Finish(bot.Wake)
	r.Postpone(bot.Wake, start)
	r.Doubt(bot.Wake)
	if r.Tasks[bot.Wake] != nil || r.Wishes != wishes {
		t.Errorf("tasks %+v", r.Tasks)
	}
}

func TestLinksAndOldCards(t *testing.T) {
	r := request()
	call(t, r, refused(bot.BadRequest))
	if err := r.Link(by(ada), r.Version, "https://x.test", start); !errors.Is(err, bot.ErrNotNow) || r.Made.URL != "" {
		t.Errorf("after a plain failure: %v, link %q", err, r.Made.URL)
	}
	r.Drawn(0, 7)
	below := here
	below.Message = "M1"
	if err := r.Redraw(below, start); !errors.Is(err, bot.ErrNoTask) || r.Threads[0].Shown != 7 {
		t.Errorf("a card that is not there, drawn again: %v", err)
	}
	r.Posted(0, below, 7)
	if err := r.Redraw(below, start); err != nil || r.Threads[0].Shown != 0 || r.Tasks[bot.Sync] == nil {
		t.Errorf("%v, thread %+v", err, r.Threads[0])
	}
}
