package discord

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// lease is the right of one process to be connected to the gateway: whoever connects twice gets everything twice.
type lease struct {
	*Adapter
	mu    sync.Mutex
	until time.Time // on the safe side
	wall  time.Time // the same moment by the clock on the wall, which goes on while the machine sleeps
}

// lasts sets until when the lease is held.
func (l *lease) lasts(until time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.until, l.wall = until, until.Round(0)
}

// ask asks the leases something, and stops waiting for the answer when ctx ends: a store that hangs may not hear of that.
// Nothing more is asked while it does.
func (l *lease) ask(ctx context.Context, what func() (bool, error)) (bool, error) {
	type answer struct {
		yes bool
		err error
	}
	select {
	case l.asking <- struct{}{}:
	case <-ctx.Done():
		return false, ctx.Err()
	}
	got := make(chan answer, 1)
	go func() {
		defer func() { <-l.asking }()
		defer l.guard(ctx, "discord: panic in the leases", func() { got <- answer{err: errPanic} })
		yes, err := what()
		got <- answer{yes, err}
	}()
	select {
	case a := <-got:
		return a.yes, a.err
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

func (l *lease) name() string { return "discord-gateway:" + l.application }

// hold takes or renews the lease. The error says that nobody knows who has it.
func (l *lease) hold(ctx context.Context) (bool, error) {
	if l.leases == nil {
		return true, nil
	}
	ctx, cancel := context.WithTimeout(ctx, l.pace.lease-l.pace.stop)
	defer cancel()
	asked := time.Now() // it counts from some moment after this
	mine, err := l.ask(ctx, func() (bool, error) { return l.leases.Hold(ctx, l.name(), l.owner, l.pace.lease) })
	if err != nil {
		return false, fmt.Errorf("discord: asking for the right to connect to the gateway: %w", err)
	}
	if mine {
		l.lasts(asked.Add(l.pace.lease - l.pace.stop))
	}
	return mine, nil
}

// left returns for how long the connection may still be used: the less by either clock.
func (l *lease) left() time.Duration {
	if l.leases == nil {
		return time.Hour
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return min(time.Until(l.until), l.wall.Sub(time.Now().Round(0)))
}

// keep renews the lease until ctx ends. It calls lost when another process has it, or when it could not be renewed in
// time, even if the store does not answer at all.
func (l *lease) keep(ctx context.Context, lost func()) {
	if l.leases == nil {
		return
	}
	deadline := time.AfterFunc(l.left(), lost)
	defer deadline.Stop()
	for {
		sleep(ctx, l.pace.renew)
		if ctx.Err() != nil {
			return
		}
		mine, err := l.hold(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			l.log.WarnContext(ctx, "discord: the right to the gateway was not renewed", "err", err)
		case !mine:
			l.log.WarnContext(ctx, "discord: another process took over the gateway")
			l.lasts(time.Time{})
			lost()
			return
		default:
			deadline.Reset(l.left())
		}
	}
}

// release gives the lease back, so that nobody has to wait until it runs out.
func (l *lease) release(ctx context.Context) {
	if l.leases == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	_, err := l.ask(ctx, func() (bool, error) { return false, l.leases.Release(ctx, l.name(), l.owner) })
	if err != nil {
		l.log.WarnContext(ctx, "discord: the right to the gateway was not given back", "err", err)
	}
}
