// Package storetest is the one suite that every database under a store must pass.
//
// It imports bot, bot/store and testing.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"communitybot/bot"
	"communitybot/bot/store"
)

// Open opens a store on the test's database; the same one each time it is called within a test.
type Open func(t *testing.T, now func() time.Time) *store.Store

// Start is the time at which the suite's clock stands.
var Start = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

var (
	ada  = bot.User{Platform: "slack", ID: "U1", Name: "Ada"}
	here = bot.Place{Platform: "slack", Tenant: "T1", Channel: "C1"}
)

// request returns a request for a handle, out of an event.
func request(event, handle string) bot.Request {
	e := bot.Event{ID: event, By: ada, At: here}
	return bot.NewRequest(e, bot.Community{Name: "Acme Fans", Handle: handle, Type: "1", Tags: []string{"a", "b"}}, "because", bot.Policy{}, Start)
}

func now() time.Time { return Start }

// Run runs the suite.
func Run(t *testing.T, fresh func(t *testing.T) Open) {
	for name, test := range map[string]func(*testing.T, Open){
		"a request comes back as it was stored, with its history":       roundTrip,
		"the same event adds one request":                               sameEvent,
		"the same event changes a request once":                         sameChange,
		"a handle is held once, until its request fails":                held,
		"a change that fails leaves nothing behind":                     failedChange,
		"changes at the same time all count":                            together,
		"a failing write does not take the others of its group with it": groups,
		"lists go from the newest back, for one person":                 lists,
		"lists are of one person, of a tenant, or of either":            kinds,
		"a draft is kept, replaced, and forgotten in the end":           drafts,
		"a lease has one owner at a time":                               leases,
		"a lease of a process that died is free":                        leasesOfTheDead,
		"work is done once it is wanted, and not before its time":       work,
		"work that fails is tried again":                                retries,
		"work left by a process that died is taken over":                takeOver,
		"a job that panics takes nothing with it":                       panics,
		"a clock that is set back delays nothing":                       setBack,
	} {
		t.Run(name, func(t *testing.T) { test(t, fresh(t)) })
	}
}

func add(t *testing.T, s *store.Store, event, handle string) bot.Request {
	t.Helper()
	r, err := s.Add(t.Context(), request(event, handle))
	if err != nil {
		t.Fatalf("Add(%s): %v", handle, err)
	}
	return r
}

func roundTrip(t *testing.T, open Open) {
	s := open(t, now)
	want := add(t, s, "e1", "acme")
	got, err := s.Request(t.Context(), want.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(bot.Request{}), cmp.FilterPath(func(p cmp.Path) bool { return p.String() == "news" }, cmp.Ignore())); diff != "" {
		t.Errorf("request changed in the store (-stored +loaded):\n%s", diff)
	}
	entries, err := s.History(t.Context(), want.ID, 0)
	if err != nil {
		t.Fatal(err)
	}
	asked := []bot.Entry{{Request: want.ID, Seq: 1, What: bot.Asked, At: Start, By: ada, Where: here, Version: 1, Event: "e1"}}
	if diff := cmp.Diff(asked, entries); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
	add(t, s, "e2", "beta")
	events, err := s.Events(t.Context())
	if diff := cmp.Diff(map[string]int64{"e1": want.ID, "e2": want.ID + 1}, events); diff != "" || err != nil {
		t.Errorf("events (-want +got):\n%s%v", diff, err)
	}
	if _, err := s.Request(t.Context(), want.ID+2); bot.CodeOf(err) != bot.NotFound {
		t.Errorf("a request that is not there: %v, want not_found", err)
	}
}

func sameEvent(t *testing.T, open Open) {
	s := open(t, now)
	first := add(t, s, "e1", "acme")
	again := add(t, s, "e1", "acme")
	if again.ID != first.ID {
		t.Errorf("redelivery made request %d beside %d", again.ID, first.ID)
	}
}

func sameChange(t *testing.T, open Open) {
	s := open(t, now)
	r := add(t, s, "e1", "acme")
	fail := func(r *bot.Request) error {
		if err := r.Call(s.Owner(), Start, time.Minute); err != nil {
			return err
		}
		r.Refused(r.Calls.Count, &bot.Refusal{Reason: bot.BadRequest}, Start)
		return nil
	}
	if _, err := s.Change(t.Context(), r.ID, "", fail); err != nil {
		t.Fatal(err)
	}
	runs := 0
	for range 2 {
		got, err := s.Change(t.Context(), r.ID, "click", func(r *bot.Request) error {
			runs++
			return r.Resend(bot.Event{ID: "click", By: ada}, r.Version, r.Community, "", "", Start)
		})
		if err != nil || got.State != bot.Approved {
			t.Fatalf("state %q, err %v; want approved", got.State, err)
		}
	}
	if runs != 1 {
		t.Errorf("the change ran %d times for one event", runs)
	}
}

func held(t *testing.T, open Open) {
	s := open(t, now)
	r := add(t, s, "e1", "acme")
	if _, err := s.Add(t.Context(), request("e2", "acme")); !errors.Is(err, bot.ErrHeld) {
		t.Fatalf("second request for the handle: %v, want ErrHeld", err)
	}
	got, err := s.Held(t.Context(), []string{"acme", "acme-2"})
	if diff := cmp.Diff([]string{"acme"}, got); diff != "" || err != nil {
		t.Fatalf("held handles (-want +got), err %v:\n%s", err, diff)
	}
	_, err = s.Change(t.Context(), r.ID, "", func(r *bot.Request) error {
		if err := r.Call(s.Owner(), Start, time.Minute); err != nil {
			return err
		}
		r.Refused(1, &bot.Refusal{Reason: bot.HandleTaken}, Start)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	second := add(t, s, "e2", "acme")
	_, err = s.Change(t.Context(), r.ID, "e3", func(r *bot.Request) error {
		return r.Resend(bot.Event{ID: "e3", By: ada}, r.Version, r.Community, "", "", Start)
	})
	if !errors.Is(err, bot.ErrHeld) {
		t.Errorf("resending a handle that request %d holds by now: %v, want ErrHeld", second.ID, err)
	}
}

func failedChange(t *testing.T, open Open) {
	s := open(t, now)
	r := add(t, s, "e1", "acme")
	no := errors.New("no")
	_, err := s.Change(t.Context(), r.ID, "e2", func(r *bot.Request) error {
		if err := r.Call(s.Owner(), Start, time.Minute); err != nil {
			return err
		}
		return no
	})
	if !errors.Is(err, no) {
		t.Fatalf("Change: %v, want its function's error", err)
	}
	got, err := s.Request(t.Context(), r.ID)
	if err != nil || got.State != bot.Approved || got.Calls.Count != 0 {
		t.Errorf("after a failed change: state %s, %d calls, err %v", got.State, got.Calls.Count, err)
	}
}

func together(t *testing.T, open Open) {
	s := open(t, now)
	r := add(t, s, "e1", "acme")
	const n = 200
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			_, err := s.Change(context.Background(), r.ID, fmt.Sprint("click", i), func(r *bot.Request) error {
				r.Drawn(0, r.Threads[0].Shown+1)
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	got, err := s.Request(t.Context(), r.ID)
	if err != nil || got.Threads[0].Shown != n {
		t.Errorf("%d of %d changes counted, err %v", got.Threads[0].Shown, n, err)
	}
}

func groups(t *testing.T, open Open) {
	s := open(t, now)
	var all sync.WaitGroup
	for i := range 100 {
		all.Go(func() {
			// Every fifth handle is asked for twice: one of the two must be refused, and nothing else.
			_, err := s.Add(context.Background(), request(fmt.Sprint("e", i), fmt.Sprint("h", i-i%5/4)))
			if err != nil && !errors.Is(err, bot.ErrHeld) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	list, err := s.List(t.Context(), bot.Filter{By: &ada, Limit: 1000})
	if err != nil || len(list) != 80 {
		t.Errorf("%d requests stored, err %v; want 80", len(list), err)
	}
}

func lists(t *testing.T, open Open) {
	s := open(t, now)
	for i := range 5 {
		add(t, s, fmt.Sprint("e", i), fmt.Sprint("h", i))
	}
	other := request("other", "other")
	other.By.ID = "U2"
	if _, err := s.Add(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	var handles []string
	before := int64(0)
	for {
		page, err := s.List(t.Context(), bot.Filter{By: &ada, Before: before, Limit: 2})
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		for _, r := range page {
			handles = append(handles, r.Community.Handle)
			before = r.ID
		}
	}
	if diff := cmp.Diff([]string{"h4", "h3", "h2", "h1", "h0"}, handles); diff != "" {
		t.Errorf("pages of two (-want +got):\n%s", diff)
	}
}

func drafts(t *testing.T, open Open) {
	clock := Start
	s := open(t, func() time.Time { return clock })
	d := bot.Draft{ID: "d1", Owner: ada, Call: bot.Call{Command: "create-community"}, Values: bot.Values{"name": "A"}}
	for _, name := range []string{"A", "B"} {
		d.Values = bot.Values{"name": name}
		if err := s.SaveDraft(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	got, err := s.Draft(t.Context(), "d1")
	if diff := cmp.Diff(d, got); diff != "" || err != nil {
		t.Errorf("draft (-want +got), err %v:\n%s", err, diff)
	}
	clock = clock.Add(8 * 24 * time.Hour)
	if err := s.SaveDraft(t.Context(), bot.Draft{ID: "d2"}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Draft(t.Context(), "d1"); bot.CodeOf(err) != bot.NotFound {
		t.Errorf("an old draft: %v, want not_found", err)
	}
}
