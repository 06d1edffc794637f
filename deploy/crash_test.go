package deploy_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"communitybot/adapters/slack/slackfake"
	"communitybot/bot/crash"
)

var kills = flag.Int("kills", 16, "how often TestKilledAtAnyMoment kills the bot")

// mortal is the program with its crash points, built once.
var mortal = sync.OnceValues(func() (string, error) {
	path, err := binary()
	if err != nil {
		return "", err
	}
	path = filepath.Join(filepath.Dir(path), "mortal")
	out, err := build("-tags", "crash", "-o", path, "communitybot").CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%w: %s", err, out)
	}
	return path, err
})

// TestKilledAtAnyMoment kills the bot with SIGKILL, half of the time at a step that it names and half of the time at
// random, while people ask, agree and wait on both platforms. In the end, for every submission that was acknowledged
// there is one community (or an honest doubt), one card and one outcome in its thread; for any other at most that.
func TestKilledAtAnyMoment(t *testing.T) {
	for _, way := range []string{"over HTTP", "over connections"} {
		t.Run(way, func(t *testing.T) {
			w := startMortal(t, way == "over connections")
			people := w.letPeopleIn(t)
			died := map[crash.Point]int{}
			var starts []time.Duration
			for i := range *kills / 2 {
				point, count := crash.Point(""), 1+rand.IntN(3)
				if all := crash.Points(); i%2 == 0 {
					point = all[i/2%len(all)]
				}
				started, where := w.live(t, point, count)
				if started > 0 {
					starts = append(starts, started)
				}
				died[where]++
			}
			w.start(t, "", 0)
			w.whenReady(t)
			people.stopAsking()
			began := time.Now()
			people.settle(t)
			settled := time.Since(began)
			people.leave()
			w.bot.stop()
			slices.Sort(starts)
			t.Logf("%d kills: %v", *kills/2, died)
			t.Logf("from a start to /readyz: median %s, at most %s", starts[len(starts)/2].Round(time.Millisecond), starts[len(starts)-1].Round(time.Millisecond))
			t.Logf("all that was under way was done %s after the last start", settled.Round(time.Millisecond))
			people.check(t)
			if settled > recovery {
				t.Errorf("it took %s until everything went on after the last start, and may take %s", settled, recovery)
			}
			if len(died) < len(crash.Points())/2 && *kills >= 60 {
				t.Errorf("it died at %d steps only: %v", len(died), died)
			}
		})
	}
}

// recovery is how long it may take after a start until work that was under way is done: going on is to take ten seconds.
const recovery = 10 * time.Second

// TestTheReleaseHasNoCrashPoints looks for what the crash build is told by.
func TestTheReleaseHasNoCrashPoints(t *testing.T) {
	for _, c := range []struct {
		build func() (string, error)
		has   bool
	}{{binary, false}, {mortal, true}} {
		path, err := c.build()
		if err != nil {
			t.Fatal(err)
		}
		program, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(program), "COMMUNITYBOT_CRASH") != c.has {
			t.Errorf("%s can be told to crash: %v", filepath.Base(path), !c.has)
		}
	}
}

// world is a bot that dies often, on a Slack, a Discord and a Genuin that don't.
type mortalWorld struct {
	*fakes
	env []string
	url string
	bot *process
}

func startMortal(t *testing.T, connected bool) *mortalWorld {
	t.Helper()
	f := startFakes(t, slackfake.Options{})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil { // the bot listens there, each time it lives
		t.Fatal(err)
	}
	w := &mortalWorld{fakes: f, url: "http://" + address}
	w.env = append(f.env, "LISTEN_ADDR="+address, "DATABASE_URL=sqlite:"+filepath.Join(t.TempDir(), "bot.db"),
		"APPROVALS_REQUIRED=1", "APPROVAL_REMINDER=2s", "GENUIN_TIMEOUT=5s")
	if connected {
		f.slack.UseSocket("xapp-1-mortal")
		w.env = append(w.env, "SLACK_SIGNING_SECRET=", "SLACK_APP_TOKEN=xapp-1-mortal", "DISCORD_PUBLIC_KEY=")
	} else {
		f.slack.Connect(w.url + "/slack/events")
		f.discord.Connect(w.url + "/discord/interactions")
	}
	if code, _, errOut := runs(t, w.env, "register"); code != 0 {
		t.Fatalf("register ended with %d: %s", code, errOut)
	}
	return w
}

// start starts the bot, which is to die at a point when it comes by for the count-th time.
func (w *mortalWorld) start(t *testing.T, point crash.Point, count int) {
	t.Helper()
	path, err := mortal()
	if err != nil {
		t.Fatal(err)
	}
	env := slices.Clone(w.env)
	if point != "" {
		env = append(env, fmt.Sprintf("COMMUNITYBOT_CRASH=%s:%d", point, count))
	}
	w.bot = startProgram(t, path, env)
}

// live has the bot live until it dies, by itself at the point or else by a hand from outside. It returns how long the
// start took, 0 when it died before its end, and where it died: "" at random.
func (w *mortalWorld) live(t *testing.T, point crash.Point, count int) (started time.Duration, where crash.Point) {
	t.Helper()
	began := time.Now()
	w.start(t, point, count)
	until(t, "the bot is ready, or dead", func() bool {
		if w.bot.dead() {
			return true
		}
		code, _ := get(t, w.url+"/readyz")
		if code == http.StatusOK {
			started = time.Since(began)
		}
		return started > 0
	})
	life := time.Duration(50+rand.IntN(700)) * time.Millisecond
	if point != "" {
		life = 5 * time.Second
	}
	select {
	case <-w.bot.end:
		return started, point
	case <-time.After(life):
	}
	if err := w.bot.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-w.bot.end
	return started, ""
}

func (w *mortalWorld) whenReady(t *testing.T) {
	t.Helper()
	until(t, "the bot is ready", func() bool { code, _ := get(t, w.url+"/readyz"); return code == http.StatusOK })
}

// dead reports whether the program has ended.
func (p *process) dead() bool {
	select {
	case err := <-p.end:
		p.end <- err
		return true
	default:
		return false
	}
}
