package discord

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"communitybot/bot"
)

// pace is how long things take at the gateway; tests are quicker.
type pace struct {
	lease     time.Duration // for which the right to connect is taken
	renew     time.Duration // how often it is renewed
	stop      time.Duration // before it runs out, the connection is closed
	ask       time.Duration // how often whoever stands by asks for it
	handshake time.Duration // from dialling until the first event
	fastest   time.Duration // the least time between two heartbeats that is believed
	slowest   time.Duration // … and the longest
	look      time.Duration // how often it is looked whether interactions go elsewhere
	settled   time.Duration // a connection that lasted this long was a good one
	again     time.Duration // the first wait after one that was not; it doubles
	longest   time.Duration // … up to this
	refused   time.Duration // the wait after Discord refused for good, until an operator has changed something
	invalid   time.Duration // the least wait before a new session in place of an invalid one; it may be five times as long
	answer    time.Duration // from the arrival of an interaction until its answer is there
	way       time.Duration // what is left of that for the answer's way
	drain     time.Duration // for what is being answered in the end
}

// The three seconds are Discord's: https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-callback
// So are the one to five: https://discord.com/developers/docs/events/gateway#resuming
var realPace = pace{
	lease: 6 * time.Second, renew: 2 * time.Second, stop: time.Second, ask: 1500 * time.Millisecond,
	handshake: 10 * time.Second, fastest: time.Second, slowest: 10 * time.Minute, look: time.Minute, settled: time.Minute, again: time.Second, longest: time.Minute, refused: time.Minute, invalid: time.Second,
	answer: patience, way: 600 * time.Millisecond, drain: 4 * time.Second,
}

// gate is how the gateway is doing.
type gate struct {
	mu     sync.Mutex
	closed error // why no interaction comes in here; nil: they do, or come in elsewhere
	begun  bool
}

var (
	errNotYet   = errors.New("discord: not connected to the gateway yet")
	errLeaseOut = errors.New("discord: the right to connect to the gateway ran out")
)

func (g *gate) set(err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed, g.begun = err, true
}

// Ready returns why interactions don't reach the bot, or why Discord does not let it in, or nil. Over HTTP, and while another
// process holds the gateway's connection, they do.
func (a *Adapter) Ready(ctx context.Context) error {
	if err := a.connected(); err != nil {
		return err
	}
	return a.letIn(ctx)
}

func (a *Adapter) connected() error {
	a.gate.mu.Lock()
	defer a.gate.mu.Unlock()
	if len(a.key) > 0 {
		return nil
	}
	if !a.gate.begun {
		return errNotYet
	}
	return a.gate.closed
}

// Run takes interactions from Discord's gateway and has h answer them, until ctx ends; then it finishes those that have
// arrived, within four seconds, and returns nil. It keeps one connection and goes on where a lost one left off. Of
// several processes with the same Leases one connects, and the others stand by. With a PublicKey interactions come over
// HTTP: it returns nil at once. https://discord.com/developers/docs/events/gateway
func (a *Adapter) Run(ctx context.Context, h bot.Handler) error {
	if len(a.key) > 0 {
		return nil
	}
	a.gate.set(errNotYet)
	in := newIntake(a, h)
	defer in.drain()
	standing := false
	for ctx.Err() == nil {
		l := &lease{Adapter: a}
		mine, err := l.hold(ctx)
		switch {
		case ctx.Err() != nil:
		case err != nil:
			a.gate.set(err)
			a.log.WarnContext(ctx, "discord: whether to connect to the gateway is not known", "err", err)
			sleep(ctx, a.pace.ask)
		case !mine:
			if !standing {
				a.log.InfoContext(ctx, "discord: another process is connected to the gateway; standing by")
			}
			a.gate.set(nil)
			sleep(ctx, a.pace.ask)
		default:
			a.lead(ctx, l, in)
		}
		standing = err == nil && !mine
	}
	a.gate.set(errNotYet)
	return nil
}

// lead keeps a connection while this process has the right to. It returns, having given that back, when ctx ends, when
// the right is lost, and when Discord refuses for good: another process may be set up better.
func (a *Adapter) lead(ctx context.Context, l *lease, in *intake) {
	if in.refused == "" { // or else that is still why
		a.gate.set(errNotYet)
	}
	holding, lost := context.WithCancel(ctx)
	var keeping sync.WaitGroup
	keeping.Go(func() {
		defer a.guard(ctx, "discord: panic while the right to the gateway was renewed", lost)
		l.keep(holding, lost)
	})
	err := a.stayConnected(holding, l, in)
	lost()
	keeping.Wait()
	l.release(ctx)
	if err != nil && ctx.Err() == nil {
		sleep(ctx, a.pace.refused)
	}
}

// stayConnected connects again and again. The error is a refusal that trying again won't mend.
func (a *Adapter) stayConnected(ctx context.Context, l *lease, in *intake) error {
	s := new(session)
	for failures := 0; ctx.Err() == nil; {
		began := time.Now()
		err := a.connect(ctx, s, l, in)
		if ctx.Err() != nil {
			break
		}
		v := a.judge(err)
		a.gate.set(v.err)
		if v.final {
			if in.refused != v.err.Error() { // it is told once, however often it is tried
				a.log.ErrorContext(ctx, "discord: the gateway refuses this bot", "err", v.err)
			}
			in.refused = v.err.Error()
			return v.err
		}
		if v.fresh {
			s.id, s.url = "", ""
			s.seq.Store(0)
		}
		if time.Since(began) >= a.pace.settled {
			failures = 0
		}
		wait := max(v.wait, a.pace.backoff(failures))
		failures++
		if failures%3 == 0 {
			s.url = "" // the usual address takes a resumed session, too
		}
		a.log.WarnContext(ctx, "discord: the gateway's connection ended; trying again", "err", v.err, "wait", wait, "resume", s.id != "")
		sleep(ctx, wait)
	}
	a.gate.set(errLeaseOut)
	return nil
}

// backoff is the wait after a number of failures in a row: none after a good connection, then ever longer ones. Discord
// takes a bot's token away when it begins more than a thousand sessions a day.
func (p pace) backoff(failures int) time.Duration {
	if failures == 0 {
		return 0
	}
	wait := min(p.again<<min(failures-1, 16), p.longest)
	return wait/2 + rand.N(wait/2+1)
}

// sleep waits for d, or until ctx ends.
func sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
