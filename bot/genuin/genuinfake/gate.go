package genuinfake

import (
	"context"
	"fmt"
	"sync"
)

// gate is where held calls wait. The zero value is shut.
type gate struct {
	mu      sync.Mutex
	permits int           // calls that may pass
	waiting int           // calls that wait
	changed chan struct{} // closed with the next change of these; nil: nobody looks
}

// hold waits for a permit. It is false when stop closed first.
func (g *gate) hold(stop <-chan struct{}) bool {
	g.add(0, 1)
	defer g.add(0, -1)
	for {
		g.mu.Lock()
		if g.permits > 0 {
			g.permits--
			g.mu.Unlock()
			return true
		}
		changed := g.watch()
		g.mu.Unlock()
		select {
		case <-changed:
		case <-stop:
			return false
		}
	}
}

func (g *gate) add(permits, waiting int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.permits += permits
	g.waiting += waiting
	if g.changed != nil {
		close(g.changed)
		g.changed = nil
	}
}

// watch returns the channel that closes with the next change. g.mu is locked.
func (g *gate) watch() <-chan struct{} {
	if g.changed == nil {
		g.changed = make(chan struct{})
	}
	return g.changed
}

// Release lets one held call go on: one that waits, or else the next one that would.
func (f *Fake) Release() { f.gate.add(1, 0) }

// WaitHeld returns when n calls are held, or with an error when ctx ends first.
func (f *Fake) WaitHeld(ctx context.Context, n int) error {
	g := &f.gate
	for {
		g.mu.Lock()
		waiting, changed := g.waiting, g.watch()
		g.mu.Unlock()
		if waiting >= n {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("genuinfake: %d of %d calls are held: %w", waiting, n, ctx.Err())
		}
	}
}
