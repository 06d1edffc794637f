package store_test

import (
	"bytes"
	"context"
	"log/slog"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"communitybot/bot"
	"communitybot/bot/store"
)

// TestAChangeThatPanicsTakesNothingWithIt has the function of a change panic, among changes that share its commit.
func TestAChangeThatPanicsTakesNothingWithIt(t *testing.T) {
	var log bytes.Buffer
	var counted atomic.Int64
	s, err := store.Open(t.Context(), store.Options{
		URL: "sqlite:" + filepath.Join(t.TempDir(), "test.db"), Log: slog.New(slog.NewTextHandler(&log, nil)), Now: time.Now,
		Panicked: func() { counted.Add(1) },
	})
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.Add(t.Context(), bot.Request{By: bot.User{Platform: "slack", ID: "U1"}, Why: "before"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Change(t.Context(), r.ID, "click", func(r *bot.Request) error {
		r.Why = "half done"
		panic("a bug")
	})
	if err == nil || bot.CodeOf(err) != bot.Internal || strings.Contains(err.Error(), "a bug") {
		t.Errorf("the change says %v, want an error without what the panic held", err)
	}
	got, err := s.Change(t.Context(), r.ID, "click", func(*bot.Request) error { return nil })
	if err != nil || got.Why != "before" {
		t.Errorf("afterwards the request says %q, err %v", got.Why, err)
	}
	if err := s.Close(); err != nil { // nobody writes to the log any more
		t.Fatal(err)
	}
	if counted.Load() != 1 || !strings.Contains(log.String(), "a bug") || !strings.Contains(log.String(), "panic_test.go") {
		t.Errorf("counted %d, the log says\n%s", counted.Load(), log.String())
	}
	if _, err := s.Request(context.Background(), r.ID); err == nil {
		t.Error("a closed store answers")
	}
}
