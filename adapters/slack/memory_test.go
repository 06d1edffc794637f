package slack

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"
)

func TestAFetchHasItsOwnTimeAndOutlivesItsCaller(t *testing.T) {
	m := newMemory[string](time.Minute, 0, func() time.Time { return noon }, nobody)
	ended, cancel := context.WithCancel(t.Context())
	release := make(chan struct{})
	fetch := func(ctx context.Context) (string, error) {
		deadline, ok := ctx.Deadline()
		if left := time.Until(deadline); !ok || left > callWithin || left <= 0 {
			t.Errorf("a fetch has %v", left)
		}
		cancel()
		<-release
		return "kept", ctx.Err()
	}
	if got, err := m.get(ended, "a", fetch); got != "" || !errors.Is(err, context.Canceled) {
		t.Errorf("its caller left: %q, %v", got, err)
	}
	close(release)
	unwanted := func(context.Context) (string, error) { return "", errors.New("fetched twice") }
	if got, err := m.get(t.Context(), "a", unwanted); got != "kept" || err != nil {
		t.Errorf("the next caller got %q, %v", got, err)
	}
}

func TestAMemoryIsBounded(t *testing.T) {
	now := noon
	m := newMemory[int](time.Minute, 0, func() time.Time { return now }, nobody)
	fetches := 0
	get := func(key string) {
		t.Helper()
		if _, err := m.get(t.Context(), key, func(context.Context) (int, error) { fetches++; return 0, nil }); err != nil {
			t.Fatal(err)
		}
	}
	for i := range maxHeld {
		get(fmt.Sprint("old ", i))
	}
	now = now.Add(30 * time.Second)
	get("young")
	if len(m.held) != maxHeld {
		t.Errorf("full, it holds %d", len(m.held))
	}
	now = now.Add(45 * time.Second)
	get("next")
	if len(m.held) != 2 || fetches != maxHeld+2 {
		t.Errorf("it holds %d after %d fetches: the old ones stayed", len(m.held), fetches)
	}
	if get("young"); fetches != maxHeld+2 {
		t.Error("the young one went with the old")
	}
}

// nobody takes note of panics.
func nobody(context.Context, any, ...any) {}

func TestAFetchThatPanicsIsAFailure(t *testing.T) {
	panics := 0
	m := newMemory[int](time.Minute, 0, func() time.Time { return noon }, func(context.Context, any, ...any) { panics++ })
	if _, err := m.get(t.Context(), "a", func(context.Context) (int, error) { panic("boom") }); err == nil || panics != 1 {
		t.Errorf("%v, %d panics", err, panics)
	}
	if got, err := m.get(t.Context(), "a", func(context.Context) (int, error) { return 42, nil }); got != 42 || err != nil {
		t.Errorf("the next got %d, %v", got, err)
	}
}

func TestWhatWasKnownIsSeenUntilTheNextIsThere(t *testing.T) {
	now := noon
	m := newMemory[int](time.Minute, time.Minute, func() time.Time { return now }, nobody)
	answer := func(n int, err error) func(context.Context) (int, error) {
		return func(context.Context) (int, error) { return n, err }
	}
	if _, err := m.settle(t.Context(), "a", answer(0, errors.New("down"))); err == nil {
		t.Error("nothing was known")
	}
	if got, err := m.get(t.Context(), "a", answer(1, nil)); got != 1 || err != nil {
		t.Errorf("%d, %v", got, err)
	}
	for range 3 {
		now = now.Add(time.Minute)
		if got, err := m.settle(t.Context(), "a", answer(0, errors.New("down"))); got != 1 || err != nil {
			t.Errorf("%d, %v", got, err)
		}
		if got, known := m.peek("a"); got != 1 || !known {
			t.Errorf("seen: %d, %v", got, known)
		}
		if _, err := m.get(t.Context(), "a", answer(0, errors.New("down"))); err == nil {
			t.Error("who asks for it as it is gets the failure")
		}
	}
}
