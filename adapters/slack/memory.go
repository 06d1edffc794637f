package slack

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"time"
)

// maxHeld bounds a memory, in things.
const maxHeld = 500

// memory keeps what Slack answered for a while, so that not every click asks again; failures, for those who settle for
// one, for a time of their own. What is too old is kept beside what takes its place, for them too, until that is there. It
// is safe for concurrent use.
type memory[V any] struct {
	life    time.Duration // of what was answered
	failure time.Duration // of a failure; 0: not kept
	now     func() time.Time
	caught  func(ctx context.Context, p any, args ...any) // a panic in a fetch

	mu   sync.Mutex
	held map[string]*fetched[V]
}

// fetched is one answer of Slack's, or the wait for it.
type fetched[V any] struct {
	until  time.Time     // when it is too old to be used
	failed bool          // err is not nil
	done   chan struct{} // closed when value and err are there
	value  V
	err    error
	before *V // what was known until then; nil: nothing
}

func newMemory[V any](life, failure time.Duration, now func() time.Time, caught func(context.Context, any, ...any)) *memory[V] {
	return &memory[V]{life: life, failure: failure, now: now, caught: caught, held: map[string]*fetched[V]{}}
}

// get returns what is known by key, and fetches it when that is nothing, or too old. All who ask for it meanwhile wait
// for one fetch, each until their ctx ends; the fetch itself ends after callWithin.
func (m *memory[V]) get(ctx context.Context, key string, fetch func(context.Context) (V, error)) (V, error) {
	return m.find(ctx, key, fetch, false).wait(ctx)
}

// settle is get for those to whom a failure that is known is answer enough, and what is too old better than nothing.
func (m *memory[V]) settle(ctx context.Context, key string, fetch func(context.Context) (V, error)) (V, error) {
	f := m.find(ctx, key, fetch, true)
	value, err := f.wait(ctx)
	if err != nil && f.before != nil {
		return *f.before, nil
	}
	return value, err
}

// peek returns what is known by key without asking for it, and false when that is nothing.
func (m *memory[V]) peek(key string) (value V, known bool) {
	m.mu.Lock()
	f := m.held[key]
	m.mu.Unlock()
	if last := f.last(); last != nil {
		return *last, true
	}
	return value, false
}

// last returns the latest that was answered; nil when nothing was.
func (f *fetched[V]) last() *V {
	if f == nil {
		return nil
	}
	select {
	case <-f.done:
		if f.err == nil {
			return &f.value
		}
	default:
	}
	return f.before
}

func (f *fetched[V]) wait(ctx context.Context) (V, error) {
	select {
	case <-f.done:
		return f.value, f.err
	case <-ctx.Done():
		var none V
		return none, ctx.Err()
	}
}

func (m *memory[V]) find(ctx context.Context, key string, fetch func(context.Context) (V, error), settle bool) *fetched[V] {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now()
	if f := m.held[key]; f != nil && now.Before(f.until) && (settle || !f.failed) {
		return f
	}
	f := &fetched[V]{until: now.Add(m.life), done: make(chan struct{}), before: m.held[key].last()}
	m.makeRoom(now)
	m.held[key] = f
	go func() {
		defer close(f.done)
		// The first to ask may leave; those who joined still wait.
		call, cancel := context.WithTimeout(context.WithoutCancel(ctx), callWithin)
		defer cancel()
		if f.value, f.err = m.ask(call, fetch); f.err != nil {
			m.fail(key, f)
		}
	}()
	return f
}

// ask fetches, and turns a panic into an error.
func (m *memory[V]) ask(ctx context.Context, fetch func(context.Context) (V, error)) (value V, err error) {
	defer func() {
		if p := recover(); p != nil {
			m.caught(ctx, p)
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return fetch(ctx)
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

// fail keeps a failed fetch for as long as failures are kept.
func (m *memory[V]) fail(key string, f *fetched[V]) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f.failed = true
	f.until = m.now().Add(m.failure)
	if m.failure == 0 && m.held[key] == f {
		delete(m.held, key)
	}
}
