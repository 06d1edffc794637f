package store_test

import (
	"context"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"

	"communitybot/bot"
)

// setBack is the time now as a process reads it whose system's clock was set back meanwhile: the wall clock's part is an
// earlier one, while the monotonic part, which comparisons go by when it is there, went on.
func setBack(t *testing.T, by time.Duration) time.Time {
	t.Helper()
	before := time.Now()
	now := time.Now()
	// The first word of a time is a flag, 33 bits of seconds, and 30 bits of nanoseconds.
	*(*uint64)(unsafe.Pointer(&now)) -= uint64(by/time.Second) << 30
	if now.Before(before) || now.Round(0).After(before.Round(0).Add(time.Second-by)) {
		t.Error("a time.Time is not made like this any more")
	}
	return now
}

// TestASystemClockThatIsSetBackDelaysNothing reads time as the program does, with its monotonic part.
func TestASystemClockThatIsSetBackDelaysNothing(t *testing.T) {
	var back atomic.Int64
	now := func() time.Time { return setBack(t, time.Duration(back.Load())) }
	s, err := open(t, filepath.Join(t.TempDir(), "test.db"), now)
	if err != nil {
		t.Fatal(err)
	}
	did := make(chan bot.Job, 10)
	q, err := s.Work(t.Context(), func(_ context.Context, j bot.Job) error { did <- j; return nil })
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := q.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	}()
	q.Look(t.Context())
	// Due in seconds by the clock as it was; an hour later, when nobody notices that it is set back.
	if _, err := s.Add(t.Context(), bot.Request{Tasks: map[bot.Work]*bot.Task{bot.Sync: {Due: time.Now().Add(7 * time.Second), Seq: 1}}}); err != nil {
		t.Fatal(err)
	}
	back.Store(int64(time.Hour))
	q.Look(t.Context())
	back.Store(int64(time.Hour - time.Minute))
	q.Look(t.Context())
	select {
	case <-did:
	case <-time.After(20 * time.Second):
		t.Fatal("what was due in seconds waits for the time that the clock was set back from")
	}
}

// TestAClockThatIsSetBackMakesNothingFresh is about whether writing works: that it did an hour ahead says nothing.
func TestAClockThatIsSetBackMakesNothingFresh(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	clock := time.Now()
	s, err := open(t, path, func() time.Time { return clock })
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	exec(t, path, `DROP TABLE pulse`)
	clock = clock.Add(-time.Hour)
	if err := s.Ready(t.Context()); err == nil {
		t.Error("it is ready, and nothing can be written")
	}
}
