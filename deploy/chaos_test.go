package deploy_test

import (
	"cmp"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"syscall"
	"testing"
	"time"

	"communitybot/bot/crash"
)

var (
	chaos = flag.Int("chaos", 0, "how many faults TestReplicasInChaos makes; each kind in turn")
	frost = flag.Duration("frost", 8*time.Second, "for how long it freezes a replica at most")
)

// goneOn is how long after a fault everything that was open has its outcome, at most: a replica is missed for six seconds
// before others take over.
const goneOn = 20 * time.Second

// TestReplicasInChaos has people ask and agree on both platforms while three replicas on one Postgres, behind a load
// balancer or on connections of their own, are killed and frozen, at steps that they name and at random moments, lose
// their connections to the database, and find it restarted. After each fault, what was open then has its outcome within twenty seconds, whoever is
// still dead or frozen. In the end there is for every submission that was acknowledged one community (or an honest doubt),
// one card and one outcome in its thread; for any other that, or nothing.
func TestReplicasInChaos(t *testing.T) {
	if *chaos == 0 {
		t.Skip("-chaos says how many faults there are to be (make chaos)")
	}
	from := cmp.Or(*seed, rand.Uint64())
	t.Logf("-seed %d", from)
	var deck []string
	for i, way := range []string{"over HTTP", "over connections"} {
		t.Run(way, func(t *testing.T) {
			c := startCluster(t, i == 1)
			x := &storm{cluster: c, people: c.letPeopleIn(t, c), rand: rand.New(rand.NewPCG(from, uint64(i))), deck: &deck, took: map[string][]time.Duration{}}
			x.people.thaw = true
			for made := 0; made < *chaos/2; made++ {
				x.round(t)
			}
			x.calm(t)
			x.report(t)
			x.people.check(t)
		})
	}
}

// storm makes one fault after the other.
type storm struct {
	*cluster
	people *people
	rand   *rand.Rand
	deck   *[]string                  // the faults that come next: each kind as often as any other
	took   map[string][]time.Duration // from a fault until what was open then had its outcome, by kind
}

// The kinds of faults.
const (
	killed       = "a replica killed"
	killedAtStep = "a replica killed at a step"
	frozen       = "a replica frozen"
	frozenAtStep = "a replica frozen at a step"
	cutOne       = "connections of a replica cut"
	cutAll       = "all connections cut"
	restarted    = "Postgres restarted"
	crashed      = "Postgres killed, and started"
)

// kinds are all of them.
var kinds = []string{killed, killedAtStep, frozen, frozenAtStep, cutOne, cutAll, restarted, crashed}

// round makes one fault, and waits until what was open has its outcome. Who was killed or frozen before comes back when its
// time is over, so one fault meets another.
func (x *storm) round(t *testing.T) {
	t.Helper()
	x.comeBack(t, 2)
	kind := x.draw()
	if x.rand.IntN(2) == 0 {
		x.discord.ForgetNonces()
	}
	x.people.sendAway()
	pause(t.Context(), time.Duration(x.rand.IntN(500))*time.Millisecond)
	began := x.fault(t, kind)
	open := x.people.open(t)
	x.people.settle(t, open)
	took := time.Since(began)
	x.took[kind] = append(x.took[kind], took)
	t.Logf("%s: %d were open, and went on within %s; %d replicas were up", kind, len(open), took.Round(time.Millisecond), len(x.up()))
	if took > goneOn {
		t.Errorf("%s: it took %s until everything had gone on, and may take %s\n%s", kind, took, goneOn, x.logs())
	}
}

// draw returns what kind of fault is next.
func (x *storm) draw() (kind string) {
	if len(*x.deck) == 0 {
		*x.deck = slices.Clone(kinds)
		x.rand.Shuffle(len(kinds), func(i, j int) { (*x.deck)[i], (*x.deck)[j] = (*x.deck)[j], (*x.deck)[i] })
	}
	kind, *x.deck = (*x.deck)[0], (*x.deck)[1:]
	return kind
}

// fault makes a fault, and returns since when things can go on: a replica is gone, or Postgres is back.
func (x *storm) fault(t *testing.T, kind string) time.Time {
	t.Helper()
	r := x.up()[x.rand.IntN(len(x.up()))]
	switch kind {
	case killed:
		x.kill(t, r)
		x.later(r, 3*time.Second)
	case frozen:
		x.cluster.freeze(t, r)
		x.later(r, *frost)
	case killedAtStep:
		x.toStep(t, r, "")
		x.later(r, 3*time.Second)
	case frozenAtStep:
		x.toStep(t, r, ":freeze")
		x.later(r, *frost)
	case cutOne:
		x.cut(t, " AND application_name = '"+r.name()+"'")
	case cutAll:
		x.cut(t, "")
	case restarted:
		if err := x.pg.Shutdown(); err != nil {
			t.Fatal(err)
		}
		x.database(t)
	case crashed:
		x.pg.Kill()
		x.database(t)
	}
	return time.Now()
}

// later says when a replica is to come back: soon, or a while after others have taken over.
func (x *storm) later(r *replica, most time.Duration) {
	r.back = time.Now().Add(time.Duration(x.rand.Int64N(int64(most))))
	if x.rand.IntN(3) == 0 {
		r.back = time.Now().Add(most)
	}
}

// toStep starts a replica anew, in good order, that is to die or freeze at a step, and waits until it has.
func (x *storm) toStep(t *testing.T, r *replica, how string) {
	t.Helper()
	r.stop()
	points := crash.Points()
	step := points[x.rand.IntN(len(points))]
	count := 1 + x.rand.IntN(3)
	if step == crash.TakingOver || step == crash.TookOver {
		count = 1
	}
	x.start(t, r, fmt.Sprintf("%s:%d%s", step, count, how))
	x.listens(t, r)
	for end := time.Now().Add(longLife); r.state == isUp && time.Now().Before(end); {
		pause(t.Context(), 5*time.Millisecond)
		x.stepped(t, r)
	}
	switch {
	case r.state != isUp:
	case how == "":
		x.kill(t, r)
	default:
		x.cluster.freeze(t, r)
	}
	r.told = false
}

// cut ends connections to the database.
func (x *storm) cut(t *testing.T, whose string) {
	t.Helper()
	if err := x.pg.Exec(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'bots'`+whose); err != nil {
		t.Fatal(err)
	}
}

// database starts Postgres, at once or a moment later.
func (x *storm) database(t *testing.T) {
	t.Helper()
	pause(t.Context(), time.Duration(x.rand.IntN(2000))*time.Millisecond)
	if err := x.pg.Run(); err != nil {
		t.Fatal(err)
	}
}

// comeBack has those come back whose time it is, and others until there are as many as there have to be.
func (x *storm) comeBack(t *testing.T, least int) {
	t.Helper()
	x.live(t)
	out := slices.DeleteFunc(slices.Clone(x.bots[:]), func(r *replica) bool { return r.state == isUp })
	slices.SortFunc(out, func(a, b *replica) int { return a.back.Compare(b.back) })
	for _, r := range out {
		if time.Now().Before(r.back) {
			if len(x.up()) >= least {
				return
			}
			pause(t.Context(), time.Until(r.back))
		}
		if r.state == isDead {
			x.start(t, r, "")
			x.listens(t, r)
			continue
		}
		x.signal(t, r, syscall.SIGCONT)
		r.state = isUp
	}
}

// calm has all come back, everything go on, and the replicas stop in good order.
func (x *storm) calm(t *testing.T) {
	t.Helper()
	x.comeBack(t, replicas)
	x.people.stopAsking()
	x.people.settle(t, x.people.open(t))
	x.people.leave()
	for _, r := range x.bots {
		r.stop()
	}
	x.sound(t)
}

func (x *storm) report(t *testing.T) {
	t.Helper()
	var all []time.Duration
	for _, kind := range kinds {
		t.Logf("%3d × %s; from then until all that was open had its outcome: %s", len(x.took[kind]), kind, spread(x.took[kind]))
		all = append(all, x.took[kind]...)
	}
	t.Logf("%d faults, %d requests; recovery: %s", len(all), len(x.people.asked()), spread(all))
	if !x.connected {
		t.Logf("requests that the load balancer gave to each replica: %v", x.lb.took)
		if len(x.lb.took) != replicas {
			t.Error("not every replica got a request")
		}
	}
	noPassword(t, x.logs())
}
