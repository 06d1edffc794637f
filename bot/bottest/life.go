package bottest

import (
	"context"
	"sync/atomic"
)

// Life is the life of a process from which nobody takes its tasks, until Over is set.
type Life struct{ Over atomic.Bool }

// Alive reports whether Over is not set.
func (l *Life) Alive() bool { return !l.Over.Load() }

// While returns a context that ends with ctx.
func (l *Life) While(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithCancel(ctx)
}
