package deploy_test

import (
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"communitybot/adapters/slack/slackfake"
	"communitybot/bot/crash"
	"communitybot/bot/store/pgtest"
)

const replicas = 3

// cluster is three replicas of the bot on one Postgres.
type cluster struct {
	*fakes
	pg        *pgtest.Server
	lb        *balancer
	env       []string
	connected bool // they open the connections to the platforms themselves
	bots      [replicas]*replica
	deaths    []time.Time
}

// replica is one of them, in one life after the other.
type replica struct {
	*process
	number int
	state  state
	back   time.Time // when it is to come back, if it is dead or frozen
	url    string
	told   bool // it was told where to die or freeze
}

type state int

const (
	isUp state = iota
	isDead
	isFrozen
)

func startCluster(t *testing.T, connected bool) *cluster {
	t.Helper()
	pgtest.Need(t)
	pg, err := pgtest.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pg.Stop)
	if err := pg.Exec(t.Context(), `CREATE DATABASE bots`); err != nil {
		t.Fatal(err)
	}
	f := startFakes(t, slackfake.Options{})
	c := &cluster{fakes: f, pg: pg, lb: startBalancer(t), connected: connected}
	c.env = append(f.env, "APPROVALS_REQUIRED=1", "APPROVAL_REMINDER=2s", "GENUIN_TIMEOUT=5s")
	if connected {
		f.slack.UseSocket(appToken)
		c.env = append(c.env, overSocket, "SLACK_APP_TOKEN="+appToken, overGateway)
	} else {
		f.slack.Connect(c.lb.URL + "/slack/events")
		f.discord.Connect(c.lb.URL + "/discord/interactions")
	}
	if code, _, errOut := runs(t, append(c.env, "DATABASE_URL="+pg.URL("bots")), "register"); code != 0 {
		t.Fatalf("register ended with %d: %s", code, errOut)
	}
	for i := range c.bots {
		c.bots[i] = &replica{number: i}
		c.start(t, c.bots[i], "")
	}
	for _, r := range c.bots { // all at once, on an empty database
		c.listens(t, r)
	}
	return c
}

// name is what a replica is called in Postgres.
func (r *replica) name() string { return fmt.Sprintf("replica%d", r.number) }

// start starts a replica, which may be told where to die or freeze.
func (c *cluster) start(t *testing.T, r *replica, step string) {
	t.Helper()
	path, err := mortal()
	if err != nil {
		t.Fatal(err)
	}
	env := append(c.env[:len(c.env):len(c.env)], "DATABASE_URL="+c.pg.URL("bots")+"&application_name="+r.name())
	if step != "" {
		env = append(env, "COMMUNITYBOT_CRASH="+step)
	}
	r.process, r.state, r.told = startProgram(t, path, env), isUp, step != ""
}

// listens waits until a replica does, or has come to its step before.
func (c *cluster) listens(t *testing.T, r *replica) {
	t.Helper()
	until(t, "a replica listens", func() bool {
		_, after, _ := strings.Cut(r.errOut.String(), "listen=")
		address, _, whole := strings.Cut(after, " ")
		if whole {
			r.url = "http://" + address
			c.lb.is(r.number, address)
		}
		return whole || r.told && c.stepped(t, r)
	})
}

// stepped notes whether a replica that was told to has died or frozen by itself, and fails the test when another ended.
func (c *cluster) stepped(t *testing.T, r *replica) bool {
	t.Helper()
	select {
	case err := <-r.end:
		if !r.told {
			t.Fatalf("%s ended by itself: %v\n%s", r.name(), err, r.errOut)
		}
		c.dead(t, r, err)
	default:
		if !r.told || !strings.Contains(r.errOut.String(), crash.Frozen) {
			return false
		}
		r.state = isFrozen
		c.deaths = append(c.deaths, time.Now())
	}
	r.told = false
	return true
}

// dead looks that a replica ended by SIGKILL.
func (c *cluster) dead(t *testing.T, r *replica, err error) {
	t.Helper()
	exit := (*exec.ExitError)(nil)
	if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		t.Fatalf("%s ended by itself: %v\n%s", r.name(), err, r.errOut)
	}
	r.state = isDead
	c.deaths = append(c.deaths, time.Now())
	c.sound(t)
}

// signal sends a signal to a replica.
func (c *cluster) signal(t *testing.T, r *replica, s syscall.Signal) {
	t.Helper()
	if err := r.Process.Signal(s); err != nil {
		t.Fatalf("%s ended by itself: %v\n%s", r.name(), err, r.errOut)
	}
}

func (c *cluster) kill(t *testing.T, r *replica) {
	t.Helper()
	c.signal(t, r, syscall.SIGKILL)
	c.dead(t, r, <-r.end)
}

// freeze stops a replica for a time.
func (c *cluster) freeze(t *testing.T, r *replica) {
	t.Helper()
	c.signal(t, r, syscall.SIGSTOP)
	r.state = isFrozen
	c.deaths = append(c.deaths, time.Now())
}

// up are the replicas that work.
func (c *cluster) up() (up []*replica) {
	for _, r := range c.bots {
		if r.state == isUp {
			up = append(up, r)
		}
	}
	return up
}

func (c *cluster) died() []time.Time { return c.deaths }

func (c *cluster) logs() string {
	var all strings.Builder
	for _, r := range c.bots {
		fmt.Fprintf(&all, "== %s\n%s\n", r.name(), r.errOut)
	}
	return all.String()
}

// live notes which replicas have come to their steps.
func (c *cluster) live(t *testing.T) {
	t.Helper()
	for _, r := range c.up() {
		c.stepped(t, r)
	}
}

// sound looks that no replica panicked.
func (c *cluster) sound(t *testing.T) {
	t.Helper()
	if log := c.logs(); strings.Contains(log, "panic") {
		t.Fatalf("a bot panicked:\n%s", log)
	}
}
