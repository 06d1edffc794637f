package store_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"communitybot/bot"
)

// TestABacklogHidesNothingElse has far more requests wait for Genuin than one look finds: what comes due later is found all
// the same, though all of those are overdue for longer.
func TestABacklogHidesNothingElse(t *testing.T) {
	const count = 1100
	var skipped atomic.Int64
	s, err := open(t, filepath.Join(t.TempDir(), "test.db"), func() time.Time { return time.Now().Add(time.Duration(skipped.Load())) })
	if err != nil {
		t.Fatal(err)
	}
	reminded := make(chan int64, 10)
	q, err := s.Work(t.Context(), func(ctx context.Context, j bot.Job) error {
		if j.Work != bot.Make {
			reminded <- j.Request
			return bot.ErrNoTask
		}
		<-ctx.Done()
		return bot.ErrNoTask
	})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		now, cancel := context.WithDeadline(context.Background(), time.Now())
		defer cancel()
		if err := q.Stop(now); err != nil && !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
	}()
	var adding errgroup.Group
	adding.SetLimit(128)
	for i := range count {
		adding.Go(func() error {
			_, err := s.Add(t.Context(), bot.Request{Community: bot.Community{Handle: fmt.Sprint(i)}, Tasks: map[bot.Work]*bot.Task{bot.Make: {Due: time.Now(), Seq: 1}}})
			return err
		})
	}
	if err := adding.Wait(); err != nil {
		t.Fatal(err)
	}
	late, err := s.Add(t.Context(), bot.Request{Community: bot.Community{Handle: "late"}, Tasks: map[bot.Work]*bot.Task{bot.Wake: {Due: time.Now().Add(time.Hour), Seq: 1}}})
	if err != nil {
		t.Fatal(err)
	}
	skipped.Store(int64(time.Hour))
	q.Look(t.Context())
	select {
	case id := <-reminded:
		if id != late.ID {
			t.Errorf("request %d was reminded of, want %d", id, late.ID)
		}
	case <-time.After(20 * time.Second):
		t.Error("nobody is reminded while so many wait for Genuin")
	}
}
