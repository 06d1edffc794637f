package slack

import (
	"context"
	"sync"
	"time"
)

// chores are what is done once somebody was answered: nobody waits for them but Run, in the end.
type chores struct {
	mu     sync.Mutex
	ending bool
	work   sync.WaitGroup
}

// begin counts a chore, and reports false when the end has come: then whoever wants it does it.
func (c *chores) begin() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.ending {
		c.work.Add(1)
	}
	return !c.ending
}

// finish waits for all that were begun, and lets none begin any more.
func (c *chores) finish() {
	c.mu.Lock()
	c.ending = true
	c.mu.Unlock()
	c.work.Wait()
}

// later has act done without anybody waiting for it: Slack gets its acknowledgement, and what is told by other calls
// comes when it comes. What was promised is committed by then. A panic is caught.
func (a *Adapter) later(ctx context.Context, act func(context.Context)) {
	ctx = context.WithoutCancel(ctx)
	if !a.chores.begin() {
		a.guarded(ctx, act)
		return
	}
	go func() {
		defer a.chores.work.Done()
		a.guarded(ctx, act)
	}()
}

// guarded does act, and catches its panic.
func (a *Adapter) guarded(ctx context.Context, act func(context.Context)) {
	defer func() {
		if p := recover(); p != nil {
			a.panicked(ctx, p)
		}
	}()
	act(ctx)
}

// leave waits until wait has returned and all chores are done, for as long as a farewell takes at most.
func (a *Adapter) leave(ctx context.Context, wait func()) {
	finished := make(chan struct{})
	go func() {
		wait()
		a.chores.finish()
		close(finished)
	}()
	limit := time.NewTimer(a.farewell)
	defer limit.Stop()
	select {
	case <-finished:
	case <-limit.C:
		a.log.WarnContext(ctx, "slack: stopped before everything was answered")
	}
}
