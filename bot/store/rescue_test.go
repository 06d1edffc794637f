package store_test

import (
	"context"
	"errors"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"communitybot/bot"
)

// TestAJobWhoseEndWasNotKeptIsDoneAgain has a job stay marked as running while nobody is at it: that is how River leaves
// one whose end the database did not take for too long. A clock that is set back meanwhile does not prolong it.
func TestAJobWhoseEndWasNotKeptIsDoneAgain(t *testing.T) {
	for _, skip := range []time.Duration{time.Minute, -time.Hour} {
		t.Run(skip.String(), func(t *testing.T) { rescued(t, skip) })
	}
}

// rescued has the clock skip while a job is stranded.
func rescued(t *testing.T, skip time.Duration) {
	path := filepath.Join(t.TempDir(), "test.db")
	var skipped atomic.Int64
	s, err := open(t, path, func() time.Time { return time.Now().Add(time.Duration(skipped.Load())) })
	if err != nil {
		t.Fatal(err)
	}
	var mended atomic.Bool
	did := make(chan bot.Job, 10)
	q, err := s.Work(t.Context(), func(_ context.Context, j bot.Job) error {
		if !mended.Load() {
			return errors.New("the database is locked")
		}
		did <- j
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := q.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	}()
	r, err := s.Add(t.Context(), bot.Request{Tasks: map[bot.Work]*bot.Task{bot.Sync: {Due: time.Now(), Seq: 1}}})
	if err != nil {
		t.Fatal(err)
	}
	strand(t, path)
	mended.Store(true)
	q.Look(t.Context())
	skipped.Store(int64(skip))
	q.Look(t.Context())
	select {
	case j := <-did:
		if j.Request != r.ID || j.Work != bot.Sync {
			t.Errorf("%+v was done, want sync of request %d", j, r.ID)
		}
	case <-time.After(20 * time.Second):
		t.Error("nobody did the job")
	}
}

// strand waits until the one job there is was done in vain, and marks it as running.
func strand(t *testing.T, path string) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for range 10_000 {
		if exec(t, path, `UPDATE river_job SET state = 'running', finalized_at = NULL WHERE state = 'completed'`) == 1 {
			return
		}
		<-tick.C
	}
	t.Fatal("nobody did the job")
}
