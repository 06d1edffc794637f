// Package bottest has stand-ins of the interfaces in package bot, and a clock, for tests.
//
// It imports bot and the standard library.
package bottest

import (
	"context"
	"sync"
	"time"

	"communitybot/bot"
)

// Drafts is a bot.Drafts in memory. The zero value is ready.
type Drafts struct {
	mu sync.Mutex
	m  map[string]bot.Draft
}

// SaveDraft keeps d.
func (s *Drafts) SaveDraft(_ context.Context, d bot.Draft) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.m == nil {
		s.m = make(map[string]bot.Draft)
	}
	d.Values = bot.Values{}.With(d.Values)
	s.m[d.ID] = d
	return nil
}

// Draft returns the draft kept under id.
func (s *Drafts) Draft(_ context.Context, id string) (bot.Draft, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, ok := s.m[id]
	if !ok {
		return d, &bot.Error{Code: bot.NotFound}
	}
	d.Values = bot.Values{}.With(d.Values)
	return d, nil
}

// Clock is a clock that moves when told to.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock returns a clock that stands at t.
func NewClock(t time.Time) *Clock { return &Clock{now: t} }

// Now returns the clock's time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Move moves the clock by d.
func (c *Clock) Move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}
