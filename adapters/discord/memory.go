package discord

import (
	"context"
	"maps"
	"sync"
	"time"

	"communitybot/bot"
)

const (
	// remembered is for how long something looked up counts as true.
	remembered = 10 * time.Minute
	// maxRemembered bounds a memory; one that is full forgets.
	maxRemembered = 500
	// maxLookup is how long looking something up may take. It outlives the one who asked first, as others may wait, too.
	maxLookup = 10 * time.Second
)

// memory remembers what was looked up, by key. The zero value is ready to use.
type memory[V any] struct {
	mu    sync.Mutex
	known map[string]*lookup[V]
}

// lookup is something known, or being looked up.
type lookup[V any] struct {
	ready chan struct{} // closed when value and err are set
	until time.Time     // zero while it is looked up
	value V
	err   error
}

// get returns what is known under key, or looks it up. Those who ask meanwhile wait for the same answer, each as long as
// their own ctx. What failed is not remembered.
func (m *memory[V]) get(ctx context.Context, now func() time.Time, key string, look func(context.Context) (V, error)) (V, error) {
	m.mu.Lock()
	x := m.known[key]
	if x == nil || x.stale(now()) {
		x = &lookup[V]{ready: make(chan struct{})}
		m.keep(key, x, now())
		go func() {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), maxLookup)
			defer cancel()
			value, err := look(ctx)
			m.settle(key, x, value, err, now().Add(remembered))
		}()
	}
	m.mu.Unlock()

	select {
	case <-x.ready:
		return x.value, x.err
	case <-ctx.Done():
		var none V
		return none, &bot.Error{Code: bot.Busy, Err: ctx.Err()}
	}
}

// stale reports whether an answer is too old.
func (x *lookup[V]) stale(now time.Time) bool { return !x.until.IsZero() && !now.Before(x.until) }

// keep makes room and puts x there. Whoever waits for an answer that is thrown out still gets it.
func (m *memory[V]) keep(key string, x *lookup[V], now time.Time) {
	if len(m.known) >= maxRemembered {
		maps.DeleteFunc(m.known, func(_ string, x *lookup[V]) bool { return x.stale(now) })
	}
	if m.known == nil || len(m.known) >= maxRemembered {
		m.known = make(map[string]*lookup[V])
	}
	m.known[key] = x
}

// settle ends looking x up.
func (m *memory[V]) settle(key string, x *lookup[V], value V, err error, until time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	x.value, x.err, x.until = value, err, until
	if err != nil && m.known[key] == x {
		delete(m.known, key)
	}
	close(x.ready)
}
