package discord

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"communitybot/adapters/discord/discordfake"
	"communitybot/adapters/schemas"
	"communitybot/bot"
	"communitybot/bot/bottest"
)

// quick is realPace for tests.
var quick = pace{
	lease: realPace.lease, renew: 100 * time.Millisecond, stop: realPace.stop, ask: 30 * time.Millisecond,
	handshake: 2 * time.Second, fastest: time.Millisecond, slowest: realPace.slowest, look: time.Hour, settled: time.Hour, again: 2 * time.Millisecond, longest: 20 * time.Millisecond, refused: 20 * time.Millisecond,
	invalid: 2 * time.Millisecond, answer: patience, way: 600 * time.Millisecond, drain: 4 * time.Second,
}

// hasty is quick with leases that run out soon.
var hasty = func() pace {
	p := quick
	p.lease, p.stop = time.Second, 300*time.Millisecond
	return p
}()

// gatewayWorld is a Discord without an endpoint: interactions go to whoever is connected.
type gatewayWorld struct {
	*world
	log    *logbook
	leases *leases
	panics atomic.Int32
}

func newGatewayWorld(t *testing.T, o discordfake.Options, command bot.HandlerFunc) *gatewayWorld {
	t.Helper()
	w := &gatewayWorld{
		world: &world{t: t, clock: bottest.NewClock(start), drafts: &drafts{}, command: command}, log: new(logbook), leases: newLeases(),
	}
	o.Now, o.AnyCommand = w.clock.Now, true
	var err error
	if w.Fake, err = discordfake.Start(o); err != nil {
		t.Fatal(err)
	}
	w.AddUser(ada, "Ada Lovelace", admins)
	w.AddUser(bob, "Bob")
	w.AddChannel(general, "general")
	w.client = &http.Client{Transport: &http.Transport{}, Timeout: 10 * time.Second}
	t.Cleanup(func() {
		w.leases.set(func(l *leases) { l.stuck = "" })
		w.Close()
		schemas.CheckDiscord(t, w.Fake)
		w.client.CloseIdleConnections()
	})
	w.a = w.replica("one", quick)
	return w
}

// replica returns one of several processes of the bot.
func (w *gatewayWorld) replica(owner string, p pace) *Adapter {
	w.t.Helper()
	a, err := New(Options{
		Token: w.Options().BotToken, ApplicationID: w.Options().ApplicationID, APIURL: w.APIURL(), HTTP: w.client, Drafts: w.drafts, Now: w.clock.Now,
		Leases: w.leases, Owner: owner, Panicked: func() { w.panics.Add(1) },
		Log: slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	if err != nil {
		w.t.Fatal(err)
	}
	a.pace = p
	return a
}

// runs starts a replica, which the returned function stops.
func (w *gatewayWorld) runs(a *Adapter) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx, bot.HandlerFunc(w.handle)) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			w.t.Errorf("running: %v", err)
		}
	})
	w.t.Cleanup(stop)
	return stop
}

// connects starts the one replica and waits until it is connected.
func (w *gatewayWorld) connects() (stop func()) {
	w.t.Helper()
	stop = w.runs(w.a)
	w.until("the bot is connected", func() bool { return w.a.Ready(w.t.Context()) == nil })
	return stop
}

// until waits for something to become true.
func (w *gatewayWorld) until(what string, so func() bool) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), 10*time.Second)
	defer cancel()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !so() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			w.t.Fatalf("it never comes to pass that %s; the log:\n%s", what, w.log)
		}
	}
}

// awaits waits until that many connections are up.
func (w *gatewayWorld) awaits(connections int) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), 10*time.Second)
	defer cancel()
	if err := w.Await(ctx, connections); err != nil {
		w.t.Fatalf("%v; the log:\n%s", err, w.log)
	}
}

// ready returns what Ready says.
func (w *gatewayWorld) ready() string {
	if err := w.a.Ready(w.t.Context()); err != nil {
		return err.Error()
	}
	return "ready"
}

// logbook is a log that can be read while it is written.
type logbook struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

func (l *logbook) count(s string) int { return strings.Count(l.String(), s) }

// leases is a bot.Leases that some owners can be cut off from.
type leases struct {
	mu      sync.Mutex
	changed sync.Cond
	held    map[string]held
	cut     string // this owner gets errors
	stuck   string // … and this one no answer, however long it waits
	letting []string
}

func newLeases() *leases {
	l := &leases{held: map[string]held{}}
	l.changed.L = &l.mu
	return l
}

type held struct {
	owner string
	until time.Time
}

var errStore = errors.New("the store is away")

func (l *leases) Hold(_ context.Context, name, owner string, d time.Duration) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for owner == l.stuck {
		l.changed.Wait()
	}
	if owner == l.cut {
		return false, errStore
	}
	if h := l.held[name]; h.owner != owner && time.Now().Before(h.until) {
		return false, nil
	}
	l.held[name] = held{owner, time.Now().Add(d)}
	return true, nil
}

func (l *leases) Release(_ context.Context, name, owner string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for owner == l.stuck {
		l.changed.Wait()
	}
	if owner == l.cut {
		return errStore
	}
	if l.held[name].owner == owner {
		delete(l.held, name)
		l.letting = append(l.letting, owner)
	}
	return nil
}

// set changes who is cut off, or who holds what.
func (l *leases) set(do func(*leases)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	do(l)
	l.changed.Broadcast()
}

// released returns who gave the lease back.
func (l *leases) released() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]string(nil), l.letting...)
}
