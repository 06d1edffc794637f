package discord

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"communitybot/adapters/discord/discordfake"
	"communitybot/bot"
)

// pair starts two replicas and returns the one that is connected first, the other one, and how to stop each.
func (w *gatewayWorld) pair() (leader, other *Adapter, stopLeader, stopOther func()) {
	w.t.Helper()
	w.a.pace = hasty
	stopLeader = w.connects()
	other = w.replica("two", hasty)
	stopOther = w.runs(other)
	w.until("the other one stands by", func() bool { return other.Ready(w.t.Context()) == nil })
	return w.a, other, stopLeader, stopOther
}

// holds reports whether an owner has the lease.
func (l *leases) holds(owner string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	h := l.held["discord-gateway:1100000000000000001"]
	return h.owner == owner && time.Now().Before(h.until)
}

func TestOfTwoReplicasOneIsConnected(t *testing.T) {
	w := newGatewayWorld(t, discordfake.Options{}, ok)
	w.pair()
	for i := range 10 {
		w.types(fmt.Sprint("/c", i))
	}
	if n := len(w.seen(bot.Open)); n != 10 || w.MostConnected() != 1 || w.Identified() != 1 {
		t.Errorf("%d events, %d connections at once, %d sessions", n, w.MostConnected(), w.Identified())
	}
	if w.log.count("standing by") != 1 {
		t.Errorf("the log:\n%s", w.log)
	}
}

func TestAReplicaTakesOver(t *testing.T) {
	for _, c := range []struct {
		name  string
		end   func(w *gatewayWorld, stop func())
		timed bool // the other one connects once the lease has run out
	}{
		{"from one that stops in order", func(_ *gatewayWorld, stop func()) { stop() }, false},
		{"from one that is killed", func(w *gatewayWorld, stop func()) {
			w.leases.set(func(l *leases) { l.cut = "one" })
			stop()
		}, true},
		{"from one that can't renew", func(w *gatewayWorld, _ func()) { w.leases.set(func(l *leases) { l.cut = "one" }) }, true},
		{"from one whose store hangs", func(w *gatewayWorld, _ func()) { w.leases.set(func(l *leases) { l.stuck = "one" }) }, true},
		{"from one that was thought dead", func(w *gatewayWorld, _ func()) {
			w.leases.set(func(l *leases) {
				l.held["discord-gateway:1100000000000000001"] = held{"two", time.Now().Add(time.Minute)}
			})
		}, false},
		{"from one that Discord refuses", func(w *gatewayWorld, _ func()) {
			w.a.pace.refused = time.Hour
			w.CloseConnections(4004)
		}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newGatewayWorld(t, discordfake.Options{}, ok)
			_, _, stop, _ := w.pair()
			w.types("/before")
			c.end(w, stop)
			w.until("the other one has the lease and is connected", func() bool { return w.leases.holds("two") && w.Identified() == 2 })
			w.awaits(1)
			w.types("/after")
			var got []string
			for _, e := range w.seen(bot.Open) {
				got = append(got, e.Command)
			}
			if !slices.Equal(got, []string{"before", "after"}) {
				t.Errorf("the bot heard %q", got)
			}
			if c.timed && w.MostConnected() != 1 {
				t.Errorf("%d connections at once", w.MostConnected())
			}
		})
	}
}

func TestALeaderThatCanNotRenewClosesBeforeTheLeaseRunsOut(t *testing.T) {
	for name, cut := range map[string]func(*leases){
		"an error":  func(l *leases) { l.cut = "one" },
		"no answer": func(l *leases) { l.stuck = "one" },
	} {
		t.Run(name, func(t *testing.T) {
			w := newGatewayWorld(t, discordfake.Options{}, ok)
			w.a.pace = hasty
			w.connects()
			w.leases.set(cut)
			w.awaits(0)
			if !w.leases.holds("one") {
				t.Error("the connection outlived the lease")
			}
			w.until("it is not ready", func() bool { return w.ready() != "ready" })
			w.leases.set(func(l *leases) { l.cut, l.stuck = "", "" })
			w.until("it is ready again", func() bool { return w.ready() == "ready" && w.Identified() == 2 })
			w.types("/hello")
		})
	}
}

func TestWhatArrivesAfterTheLeaseIsLeftToOthers(t *testing.T) {
	w := newGatewayWorld(t, discordfake.Options{}, ok)
	x := &wire{Adapter: w.a, lease: &lease{Adapter: w.a, until: time.Now()}, session: new(session), intake: newIntake(w.a, bot.HandlerFunc(w.handle))}
	if err := x.event(t.Context(), frame{Type: "INTERACTION_CREATE", Data: []byte(opensDraft)}); err != errLeaseOut {
		t.Errorf("got %v", err)
	}
	x.intake.drain()
	if len(w.events) != 0 {
		t.Errorf("it was answered: %+v", w.events)
	}
}

func TestAStoreThatDoesNotSayWhoHoldsTheLease(t *testing.T) {
	w := newGatewayWorld(t, discordfake.Options{}, ok)
	w.leases.cut = "one"
	w.runs(w.a)
	w.until("readiness says why", func() bool {
		return w.ready() == "discord: asking for the right to connect to the gateway: the store is away"
	})
	if w.Identified() != 0 {
		t.Error("it connected all the same")
	}
}

func TestAStoreThatHangsDoesNotKeepTheBotFromStopping(t *testing.T) {
	w := newGatewayWorld(t, discordfake.Options{}, ok)
	w.a.pace = hasty
	stop := w.connects()
	w.leases.set(func(l *leases) { l.stuck = "one" })
	w.until("the lease is asked for in vain", func() bool { return len(w.a.asking) == 1 })
	stopped := make(chan struct{})
	go func() {
		stop()
		close(stopped)
	}()
	select {
	case <-stopped:
	case <-time.After(10 * time.Second):
		t.Error("it still runs")
		w.leases.set(func(l *leases) { l.stuck = "" })
		<-stopped
	}
}

func TestALeaseRunsOutByEitherClock(t *testing.T) {
	w := newGatewayWorld(t, discordfake.Options{}, ok)
	l := &lease{Adapter: w.a}
	l.lasts(time.Now().Add(5 * time.Second))
	if left := l.left(); left <= 4*time.Second || left > 5*time.Second {
		t.Errorf("%s are left of 5s", left)
	}
	l.wall = l.wall.Add(-time.Minute) // the machine slept for a minute, in which its other clock stood still
	if left := l.left(); left > 0 {
		t.Errorf("after a minute of sleep %s are left", left)
	}
	l.lasts(time.Now().Add(-time.Second))
	l.wall = l.wall.Add(time.Hour) // somebody set the clock back
	if left := l.left(); left > 0 {
		t.Errorf("with a clock that was set back %s are left", left)
	}
}
