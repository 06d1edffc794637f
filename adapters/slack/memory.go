package slack

import (
	"context"
	"maps"
	"sync"
	"time"
)

// maxHeld bounds a memory, in things.
const maxHeld = 500

// memory keeps what Slack answered for a while, so that not every click asks again. Failures are not kept. It is safe
// for concurrent use.
type memory[V any] struct {
	life time.Duration
	now  func() time.Time

	mu   sync.Mutex
	held map[string]*fetched[V]
}

// fetched is one answer of Slack's, or the wait for it.
type fetched[V any] struct {
	until time.Time     // when it is too old to be used
	done  chan struct{} // closed when value and err are there
	value V
	err   error
}

func newMemory[V any](life time.Duration, now func() time.Time) *memory[V] {
	return &memory[V]{life: life, now: now, held: map[string]*fetched[V]{}}
}

// get returns what is known by key, and fetches it when that is nothing, or too old. All who ask for it meanwhile wait
// for one fetch, each until their ctx ends; the fetch itself ends after callWithin.
func (m *memory[V]) get(ctx context.Context, key string, fetch func(context.Context) (V, error)) (V, error) {
	f := m.find(ctx, key, fetch)
	select {
	case <-f.done:
		return f.value, f.err
	case <-ctx.Done():
		var none V
		return none, ctx.Err()
	}
}

func (m *memory[V]) find(ctx context.Context, key string, fetch func(context.Context) (V, error)) *fetched[V] {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now()
	if f := m.held[key]; f != nil && now.Before(f.until) {
		return f
	}
	m.makeRoom(now)
	f := &fetched[V]{until: now.Add(m.life), done: make(chan struct{})}
	m.held[key] = f
	go func() {
		// The first to ask may leave; those who joined still wait.
		call, cancel := context.WithTimeout(context.WithoutCancel(ctx), callWithin)
		defer cancel()
		f.value, f.err = fetch(call)
		if f.err != nil {
			m.forget(key, f)
		}
		close(f.done)
	}()
	return f
}

// makeRoom drops what is too old once the memory is full, and failing that anything.
func (m *memory[V]) makeRoom(now time.Time) {
	if len(m.held) < maxHeld {
		return
	}
	maps.DeleteFunc(m.held, func(_ string, f *fetched[V]) bool { return !now.Before(f.until) })
	for key := range m.held {
		if len(m.held) < maxHeld {
			return
		}
		delete(m.held, key)
	}
}

func (m *memory[V]) forget(key string, f *fetched[V]) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.held[key] == f {
		delete(m.held, key)
	}
}
