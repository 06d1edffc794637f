package store_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"communitybot/bot"
)

// TestManyAreTakenOver has a process die at more than is gone through at once, much of it due at the same moment: the next
// one finds all of it dropped.
func TestManyAreTakenOver(t *testing.T) {
	const count = 1203
	path := filepath.Join(t.TempDir(), "test.db")
	s, err := open(t, path, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	var adding errgroup.Group
	adding.SetLimit(128)
	for i := range count {
		adding.Go(func() error {
			r := bot.Request{Community: bot.Community{Handle: fmt.Sprint(i)}, Tasks: map[bot.Work]*bot.Task{bot.Sync: {Due: now, Seq: 1}}}
			if _, err := r.Begin(bot.Sync, s.Owner(), now, time.Hour+time.Duration(i%2)*time.Minute); err != nil {
				return err
			}
			_, err := s.Add(t.Context(), r)
			return err
		})
	}
	if err := adding.Wait(); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err = open(t, path, time.Now); err != nil {
		t.Fatal(err)
	}
	q, err := s.Work(t.Context(), func(context.Context, bot.Job) error { return bot.ErrNoTask })
	if err != nil {
		t.Fatal(err)
	}
	if err := q.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	for id := int64(1); id <= count; id++ {
		r, err := s.Request(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if !r.Wanted(bot.Sync, time.Now().Add(3*time.Second)) { // when what that process sent has arrived
			t.Fatalf("request %d is still held by a process that is gone", id)
		}
	}
}
