package storetest

import (
	"testing"
	"time"

	"communitybot/bot"
	"communitybot/bot/store"
)

var _ bot.Leases = (*store.Store)(nil)

func leases(t *testing.T, open Open) {
	clock := Start
	s := open(t, func() time.Time { return clock })
	hold := func(name, owner string, want bool) {
		t.Helper()
		held, err := s.Hold(t.Context(), name, owner, 6*time.Second)
		if err != nil || held != want {
			t.Errorf("%s takes %s after %s: %v (err %v), want %v", owner, name, clock.Sub(Start), held, err, want)
		}
	}
	hold("gateway", "a", true)
	hold("gateway", "b", false)
	hold("another", "b", true)
	clock = clock.Add(5 * time.Second)
	hold("gateway", "a", true) // for six more
	clock = clock.Add(5 * time.Second)
	hold("gateway", "b", false)
	clock = clock.Add(time.Second)
	hold("gateway", "b", true) // a did not come back in time
	hold("gateway", "a", false)

	if err := s.Release(t.Context(), "gateway", "a"); err != nil {
		t.Fatal(err)
	}
	hold("gateway", "a", false) // it was not its to give back
	if err := s.Release(t.Context(), "gateway", "b"); err != nil {
		t.Fatal(err)
	}
	hold("gateway", "a", true)
	clock = clock.Add(-time.Hour)
	hold("gateway", "b", true) // nobody has to wait for a clock that was set back
}

func leasesOfTheDead(t *testing.T, open Open) {
	s := open(t, now)
	if held, err := s.Hold(t.Context(), "gateway", "a process that died", time.Hour); !held || err != nil {
		t.Fatal(held, err)
	}
	stop(t, start(t, s, finish(s)))
	if held, err := s.Hold(t.Context(), "gateway", "me", time.Hour); !held || err != nil {
		t.Errorf("the lease of a process that is gone holds up the next: %v, %v", held, err)
	}
}
