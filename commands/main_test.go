package commands

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"communitybot/bot"
	"communitybot/bot/bottest"
	"communitybot/bot/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	start = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	ada   = bot.User{Platform: "slack", ID: "U1", Name: "Ada"}
	ben   = bot.User{Platform: "slack", ID: "U2", Name: "Ben"}
	here  = bot.Place{Platform: "slack", Tenant: "T1", Channel: "C1"}
	types = []bot.Option{{Value: "1", Label: "Public"}, {Value: "2", Label: "Private"}}
)

// world is commands on a database of their own.
type world struct {
	*Commands
	t      *testing.T
	store  *store.Store
	clock  *bottest.Clock
	events *int
}

func open(path string, now func() time.Time) (*store.Store, error) {
	return store.Open(context.Background(), store.Options{URL: "sqlite:" + path, Log: slog.New(slog.DiscardHandler), Now: now})
}

// emptyDatabase is a database with its tables: making them takes longer than most tests.
var emptyDatabase = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "commands")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "empty.db")
	s, err := open(path, time.Now)
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

func newWorld(t *testing.T, change ...func(*Options)) *world {
	t.Helper()
	clock := bottest.NewClock(start)
	path := filepath.Join(t.TempDir(), "test.db")
	empty, err := emptyDatabase()
	if err == nil {
		err = os.WriteFile(path, empty, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	s, err := open(path, clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	o := Options{Store: s, Types: types, Now: clock.Now}
	for _, c := range change {
		c(&o)
	}
	return &world{Commands: New(o), t: t, store: s, clock: clock, events: new(int)}
}

// in returns the world for a part of its test.
func (w *world) in(t *testing.T) *world {
	part := *w
	part.t = t
	return &part
}

// event is a new one.
func (w *world) event(who bot.User, step bot.Step, call bot.Call) bot.Event {
	*w.events++
	return bot.Event{Call: call, Step: step, ID: fmt.Sprintf("test:%d", *w.events), By: who, At: here}
}

// does handles an event that must not be refused.
func (w *world) does(e bot.Event) bot.Reply {
	w.t.Helper()
	reply, err := w.Handle(w.t.Context(), e)
	if err != nil {
		w.t.Fatalf("%s: %v", e.Call, err)
	}
	return reply
}

// refused handles an event that must be refused, and returns the error.
func (w *world) refused(e bot.Event, code bot.Code) *bot.Error {
	w.t.Helper()
	reply, err := w.Handle(w.t.Context(), e)
	var refusal *bot.Error
	if !errors.As(err, &refusal) || refusal.Code != code {
		w.t.Fatalf("%s: answer %#v, error %v, want one that is %s", e.Call, reply, err, code)
	}
	return refusal
}

// ask has ada ask for a community and returns her request.
func (w *world) ask(v bot.Values) bot.Request {
	w.t.Helper()
	w.does(w.event(ada, bot.Submit, bot.Call{Command: nameCreate, Values: v}))
	mine, err := w.store.List(w.t.Context(), bot.Filter{By: &ada, Limit: 1})
	if err != nil || len(mine) != 1 {
		w.t.Fatalf("%d requests, %v", len(mine), err)
	}
	return mine[0]
}

// call makes the next call to Genuin when it is due: nil means that the community was made.
func (w *world) call(id int64, answers ...*bot.Refusal) bot.Request {
	w.t.Helper()
	r := w.load(id)
	for _, answer := range answers {
		if wait := r.Tasks[bot.Make].Due.Sub(w.clock.Now()); wait > 0 {
			w.clock.Move(wait)
		}
		r = w.change(id, func(r *bot.Request) error {
			if err := r.Call("elsewhere", w.clock.Now(), time.Minute); err != nil {
				return err
			}
			if answer == nil {
				r.Succeeded(r.Community.Handle, bot.Made{ID: "g1", URL: "https://genuin.test/acme"}, w.clock.Now())
			} else {
				r.Refused(r.Calls.Count, answer, w.clock.Now())
			}
			return nil
		})
	}
	return r
}

func (w *world) change(id int64, fn func(*bot.Request) error) bot.Request {
	w.t.Helper()
	r, err := w.store.Change(w.t.Context(), id, "", fn)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

func (w *world) load(id int64) bot.Request {
	w.t.Helper()
	r, err := w.store.Request(w.t.Context(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

// happened lists a request's history.
func (w *world) happened(id int64) []bot.What {
	w.t.Helper()
	entries, err := w.store.History(w.t.Context(), id, 0)
	if err != nil {
		w.t.Fatal(err)
	}
	var all []bot.What
	for _, e := range entries {
		all = append(all, e.What)
	}
	return all
}

func because(reason bot.Reason) *bot.Refusal {
	return &bot.Refusal{Reason: reason, Message: "its words"}
}

// shaky is a store that fails when told to: before runs ahead of each method, and its error is the method's.
type shaky struct {
	bot.Store
	before func(method string) error
}

var errDisk = errors.New("the disk is full")

// failsAt fails one method each time.
func failsAt(method string) func(string) error {
	return func(m string) error {
		if m == method {
			return errDisk
		}
		return nil
	}
}

func (s *shaky) Add(ctx context.Context, r bot.Request) (bot.Request, error) {
	if err := s.before("Add"); err != nil {
		return bot.Request{}, err
	}
	return s.Store.Add(ctx, r)
}

func (s *shaky) Request(ctx context.Context, id int64) (bot.Request, error) {
	if err := s.before("Request"); err != nil {
		return bot.Request{}, err
	}
	return s.Store.Request(ctx, id)
}

func (s *shaky) Change(ctx context.Context, id int64, event string, fn func(*bot.Request) error) (bot.Request, error) {
	if err := s.before("Change"); err != nil {
		return bot.Request{}, err
	}
	return s.Store.Change(ctx, id, event, fn)
}

func (s *shaky) History(ctx context.Context, id int64, after int) ([]bot.Entry, error) {
	if err := s.before("History"); err != nil {
		return nil, err
	}
	return s.Store.History(ctx, id, after)
}

func (s *shaky) Held(ctx context.Context, handles []string) ([]string, error) {
	if err := s.before("Held"); err != nil {
		return nil, err
	}
	return s.Store.Held(ctx, handles)
}

func (s *shaky) List(ctx context.Context, f bot.Filter) ([]bot.Request, error) {
	if err := s.before("List"); err != nil {
		return nil, err
	}
	return s.Store.List(ctx, f)
}

// record is a log that can be read while it is written.
type record struct {
	mu     sync.Mutex
	b      bytes.Buffer
	panics atomic.Int64
}

func (l *record) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *record) has(words string) bool { return l.count(words) > 0 }

func (l *record) count(words string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Count(l.b.String(), words)
}
