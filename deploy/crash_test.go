package deploy_test

import (
	"cmp"
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"communitybot/adapters/discord/discordfake"
	"communitybot/adapters/slack/slackfake"
	"communitybot/bot/crash"
	"communitybot/bot/genuin/genuinfake"
)

var (
	kills = flag.Int("kills", 16, "how often TestKilledAtAnyMoment kills the bot; from 60 on, at every step on each way in")
	seed  = flag.Uint64("seed", 0, "what TestKilledAtAnyMoment draws its moments from; 0: another each time")
)

const (
	everyStep = 60               // kills, from which on each step must be among them on each way in
	recovery  = 10 * time.Second // at most, from a start until all that was open at the kill before it is done
	longLife  = 5 * time.Second  // in which a bot comes by every step
)

// TestKilledAtAnyMoment kills the bot with SIGKILL, at steps that it names and at random moments, while people ask,
// agree and wait on both platforms, which now and then lose the answers to what the bot shows, while Genuin loses answers, too,
// or is down. After each kill at a step, what was open then has its outcome within ten seconds. In
// the end there is for every submission that was acknowledged one community (or an honest doubt), one card and one
// outcome in its thread; for any other that, or nothing.
func TestKilledAtAnyMoment(t *testing.T) {
	from := cmp.Or(*seed, rand.Uint64())
	t.Logf("-seed %d", from)
	for i, way := range []string{"over HTTP", "over connections"} {
		t.Run(way, func(t *testing.T) {
			w := startMortal(t, i == 1)
			h := &hunt{mortalWorld: w, people: w.letPeopleIn(t, w), rand: rand.New(rand.NewPCG(from, uint64(i))), at: map[crash.Point]int{}, missed: map[crash.Point]bool{}, failed: map[genuinfake.Mode]int{}}
			for h.left() > 0 {
				h.round(t)
			}
			h.people.stopAsking()
			h.recover(t)
			h.people.leave()
			h.bot.stop()
			h.report(t)
			if not := h.people.check(t); not == 0 && *kills >= everyStep {
				t.Error("every submission was acknowledged, so nothing is shown about others")
			}
		})
	}
}

// hunt kills a bot again and again.
type hunt struct {
	*mortalWorld
	people *people
	rand   *rand.Rand
	rounds int
	lost   int // times that platforms lost answers
	failed map[genuinfake.Mode]int
	at     map[crash.Point]int  // kills by step; all others were at random
	missed map[crash.Point]bool // steps that it did not come by often enough

	opened int             // requests that were open at a kill at a step
	starts []time.Duration // from each start to /readyz
	went   []time.Duration // … until all that was open had its outcome
}

// left is how many kills are to come.
func (h *hunt) left() int { return *kills/2 - len(h.deaths) }

// missing are the steps at which the bot has not died yet.
func (h *hunt) missing() []crash.Point {
	return slices.DeleteFunc(crash.Points(), func(p crash.Point) bool { return h.at[p] > 0 })
}

// round kills the bot once at a step, sees that it recovers, and kills it once at random: before, maybe while it starts
// and takes over, or after, when people are at it. A bot that is not killed at random is stopped in good order. Random
// kills are left out when all that are left are needed for steps.
func (h *hunt) round(t *testing.T) {
	h.rounds++
	if h.rounds%3 == 0 {
		h.loseAnswers()
	}
	if h.rounds%4 == 0 {
		h.failGenuin()
	}
	early, random := h.rounds%2 == 0, *kills < everyStep || h.left() > len(h.missing())
	if early && random {
		h.start(t, "", 0)
		h.killSoon(t)
	}
	h.killAtStep(t)
	h.recover(t)
	if !early && random {
		h.killSoon(t)
	} else {
		h.bot.stop()
		h.sound(t)
	}
}

// loseAnswers has the platforms do the next things that a bot shows, and answer nothing: whatever they were is unknown to the
// bot that asked, and to the one after it.
func (h *hunt) loseAnswers() {
	for _, method := range []string{"chat.postMessage", "chat.update"} {
		h.slack.Fail(method, 2, slackfake.LoseAnswer())
	}
	for _, route := range []string{"POST /channels/{channel}/messages", "PATCH /channels/{channel}/messages/{message}"} {
		h.discord.Fail(route, 2, discordfake.Failure{CutAfter: true})
	}
	h.lost++
}

// failGenuin has Genuin fail the next calls in one way: it makes what is asked for and loses the answer, breaks the
// connection before, or is not there.
func (h *hunt) failGenuin() {
	ways := []genuinfake.Mode{genuinfake.ResetAfter, genuinfake.ResetBefore, genuinfake.Unavailable}
	mode := ways[h.rounds/4%len(ways)]
	h.genuin.Next(slices.Repeat([]genuinfake.Mode{mode}, 3)...) // no more: it is left alone for a while after five
	h.failed[mode]++
}

// killSoon kills the bot at random.
func (h *hunt) killSoon(t *testing.T) {
	t.Helper()
	if h.lives(t, time.Duration(h.rand.IntN(700))*time.Millisecond) {
		t.Fatalf("nobody killed the bot, and it is dead:\n%s", h.bot.errOut)
	}
	h.kill(t)
}

// killAtStep has the bot die at a step, one that is missing if there is any. When it does not come by often enough, it
// is killed all the same, which is a random moment then, and dies there the first time later.
func (h *hunt) killAtStep(t *testing.T) {
	t.Helper()
	steps := h.missing()
	if len(steps) == 0 {
		steps = crash.Points()
	}
	step, count := steps[h.rand.IntN(len(steps))], 1+h.rand.IntN(3)
	if step == crash.TakingOver || step == crash.TookOver || h.missed[step] { // a process takes over once
		count = 1
	}
	h.start(t, step, count)
	if h.lives(t, longLife) {
		h.at[step]++
		return
	}
	h.missed[step] = true
	h.kill(t)
}

// recover starts the bot and waits until all that is open has its outcome. Half of the time Discord has forgotten
// meanwhile which messages it was sent.
func (h *hunt) recover(t *testing.T) {
	t.Helper()
	if h.rand.IntN(2) == 0 {
		h.discord.ForgetNonces()
	}
	h.slack.Heal() // the time is that of a kill: platforms that fail have waits of their own
	h.discord.Heal()
	h.genuin.Clear()
	h.people.sendAway()
	open := h.people.open(t)
	began := time.Now()
	h.start(t, "", 0)
	until(t, "the bot is ready", func() bool { return h.ready(t) })
	h.starts = append(h.starts, time.Since(began))
	h.people.settle(t, open)
	if len(open) == 0 {
		return
	}
	h.opened += len(open)
	h.went = append(h.went, time.Since(began))
	if took := time.Since(began); took > recovery {
		t.Errorf("it took %s from a start until everything had gone on, and may take %s:\n%s", took, recovery, h.bot.errOut)
	}
}

func (h *hunt) report(t *testing.T) {
	t.Helper()
	steps := 0
	for _, n := range h.at {
		steps += n
	}
	t.Logf("%d kills: %d at random, %d at steps: %v; %d times, platforms lost answers before; Genuin failed: %v", len(h.deaths), len(h.deaths)-steps, steps, h.at, h.lost, h.failed)
	t.Logf("from a start to /readyz: %s", spread(h.starts))
	t.Logf("from a start until the %d requests that were open when the bot was killed at a step had their outcome: %s", h.opened, spread(h.went))
	if missing := h.missing(); *kills >= everyStep && len(missing) > 0 {
		t.Errorf("it never died at %q", missing)
	}
}

// spread says what is usual, and what is most.
func spread(took []time.Duration) string {
	slices.Sort(took)
	if len(took) == 0 {
		return "never"
	}
	round := func(d time.Duration) string { return d.Round(time.Millisecond).String() }
	return "median " + round(took[len(took)/2]) + ", at most " + round(took[len(took)-1])
}

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
