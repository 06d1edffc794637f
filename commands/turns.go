package commands

import (
	"context"
	"sync"
)

// callsAtOnce is how many calls a Genuin that hangs has to bear. The others wait for their turn.
const callsAtOnce = 30

// turns are the calls to Genuin that may be under way at a time. The zero value has all of them free.
type turns struct {
	once  sync.Once
	taken chan struct{}
}

// take takes a turn, at once or not at all.
func (t *turns) take() bool {
	t.once.Do(func() { t.taken = make(chan struct{}, callsAtOnce) })
	select {
	case t.taken <- struct{}{}:
		return true
	default:
		return false
	}
}

// wait takes the next turn, those who wait longest first; false when ctx ends before that.
func (t *turns) wait(ctx context.Context) bool {
	select {
	case t.taken <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

// giveBack ends a turn.
func (t *turns) giveBack() { <-t.taken }
