package discord

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"communitybot/bot"
	"communitybot/bot/bottest"
)

func TestAMemoryLooksUpOnceForAllWhoWait(t *testing.T) {
	var m memory[string]
	var looked atomic.Int32
	release := make(chan struct{})
	now := bottest.NewClock(start).Now
	look := func(context.Context) (string, error) {
		looked.Add(1)
		<-release
		return "known", nil
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for range 3 { // each leaves at once, and what the first one began goes on
		if _, err := m.get(gone, now, "key", look); bot.CodeOf(err) != bot.Busy || !errors.Is(err, context.Canceled) {
			t.Errorf("stopped waiting with %v", err)
		}
	}
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if v, err := m.get(t.Context(), now, "key", look); v != "known" || err != nil {
				t.Errorf("got %q, %v", v, err)
			}
		})
	}
	close(release)
	all.Wait()
	if n := looked.Load(); n != 1 {
		t.Errorf("looked up %d times", n)
	}
}

func TestAMemoryIsBoundedAndForgetsTheOldFirst(t *testing.T) {
	var m memory[int]
	clock := bottest.NewClock(start)
	looked := 0
	get := func(key string) {
		t.Helper()
		want := looked + 1
		v, err := m.get(t.Context(), clock.Now, key, func(context.Context) (int, error) { looked++; return want, nil })
		if err != nil || v > want {
			t.Fatalf("got %d, %v", v, err)
		}
	}
	for i := range maxRemembered - 1 {
		get(fmt.Sprint("old", i))
	}
	clock.Move(remembered - 1)
	get("young")
	clock.Move(1)
	get("new")
	if len(m.known) != 2 || m.known["young"] == nil {
		t.Errorf("%d are left after the old ones went", len(m.known))
	}
	for i := range 3 * maxRemembered {
		get(fmt.Sprint("more", i))
		if len(m.known) > maxRemembered {
			t.Fatalf("%d are remembered", len(m.known))
		}
	}
}

func TestAMemoryThatFailedLooksAgain(t *testing.T) {
	var m memory[string]
	now := bottest.NewClock(start).Now
	broken := errors.New("broken")
	if _, err := m.get(t.Context(), now, "key", func(context.Context) (string, error) { return "half", broken }); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if len(m.known) != 0 {
		t.Errorf("the failure is kept: %+v", m.known)
	}
	if v, err := m.get(t.Context(), now, "key", func(context.Context) (string, error) { return "known", nil }); v != "known" || err != nil {
		t.Errorf("got %q, %v", v, err)
	}
}

func TestALookUpHasATimeOfItsOwn(t *testing.T) {
	var m memory[bool]
	limited, err := m.get(t.Context(), bottest.NewClock(start).Now, "key", func(ctx context.Context) (bool, error) {
		_, ok := ctx.Deadline()
		return ok, nil
	})
	if !limited || err != nil {
		t.Errorf("limited: %t, %v", limited, err)
	}
}
