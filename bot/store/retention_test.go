package store_test

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"communitybot/bot"
	"communitybot/bot/store"
)

// TestRequestsThatEndedLongAgoAreForgotten has requests of all kinds grow old: only those go that ended, and that nobody
// touched for as long as they are to be kept.
func TestRequestsThatEndedLongAgoAreForgotten(t *testing.T) {
	const day = 24 * time.Hour
	path := filepath.Join(t.TempDir(), "test.db")
	began := time.Now()
	var passed atomic.Int64
	clock := func() time.Time { return began.Add(time.Duration(passed.Load())) }
	s, err := store.Open(t.Context(), store.Options{URL: "sqlite:" + path, Retention: 30 * day, Log: slog.New(slog.DiscardHandler), Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	ada := bot.User{Platform: "slack", ID: "U1"}
	ask := func(handle string, end func(*bot.Request)) bot.Request {
		t.Helper()
		r, err := s.Add(t.Context(), bot.NewRequest(bot.Event{ID: handle, By: ada}, bot.Community{Handle: handle}, "", bot.Policy{Required: 1}, clock()))
		if err == nil {
			r, err = s.Change(t.Context(), r.ID, "", func(r *bot.Request) error { end(r); return nil })
		}
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	withdraw := func(r *bot.Request) {
		if err := r.Withdraw(bot.Event{ID: "no " + r.Community.Handle, By: ada}, r.Version, clock()); err != nil {
			t.Fatal(err)
		}
	}
	over := func(r *bot.Request) { withdraw(r); r.Tasks = nil }
	for i := range 250 {
		ask(fmt.Sprint("ended-", i), over)
	}
	touched := ask("touched", over)
	ask("waits", func(r *bot.Request) { r.Tasks = nil })
	ask("to-be-told", withdraw)

	q, err := s.Work(t.Context(), func(context.Context, bot.Job) error { return bot.ErrNoTask })
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := q.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	}()
	left := func() (handles []string) {
		list, err := s.List(t.Context(), bot.Filter{Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range list {
			handles = append(handles, r.Community.Handle)
		}
		return handles
	}
	passed.Store(int64(29 * day))
	if _, err := s.Change(t.Context(), touched.ID, "", func(*bot.Request) error { return nil }); err != nil {
		t.Fatal(err)
	}
	q.Look(t.Context())
	if n := len(left()); n != 253 {
		t.Errorf("%d requests are left before their time, want all 253", n)
	}
	passed.Store(int64(31 * day))
	q.Look(t.Context())
	if got, want := left(), []string{"to-be-told", "waits", "touched"}; !slices.Equal(got, want) {
		t.Errorf("left are %q, want %q", got, want)
	}
	if n := count(t, path, `SELECT count(DISTINCT request_id) FROM history`); n != 3 {
		t.Errorf("there is history of %d requests, want 3", n)
	}
}
