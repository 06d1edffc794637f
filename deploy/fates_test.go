package deploy_test

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// outcomes are what ends a request, as its thread says it.
var outcomes = []string{"exists on Genuin now", "exists on Genuin, and it is probably ours"}

// fate is what came of a wish, as people see it.
type fate struct {
	cards    int
	live     int // cards that still ask for a decision
	agreed   int // lines that say that somebody agreed
	outcomes int
	doubts   int // among them
	cleared  int // doubts that ended: a process that was frozen had the answer after all
}

// fates reads what came of wishes.
func (p *people) fates(t *testing.T, wishes []*wish) map[string]fate {
	t.Helper()
	fates, read := map[string]fate{}, map[string]bool{}
	for _, w := range wishes {
		if read[w.channel] {
			continue
		}
		read[w.channel] = true
		messages, err := w.at.Read(t.Context(), w.at.approver, w.channel)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range messages {
			if m.Private {
				continue
			}
			name, _, _ := strings.Cut(m.Text, "\n")
			f := fates[name]
			f.cards++
			if m.Button("Approve") {
				f.live++
			}
			for _, line := range m.Thread {
				if strings.Contains(line.Text, " agreed: ") {
					f.agreed++
				}
				f.hear(line.Text)
			}
			fates[name] = f
		}
	}
	return fates
}

// hear counts a line that tells an outcome.
func (f *fate) hear(line string) {
	for i, words := range outcomes {
		switch {
		case !strings.Contains(line, words):
		case i == 0 && f.doubts > f.cleared:
			f.cleared++
		default:
			f.outcomes++
			f.doubts += i
		}
	}
}

// taken reports whether the bot said that it has the wish, or showed it.
func (w *wish) taken(f fate) bool { return w.acked.Load() || w.refused.Load() || f.cards > 0 }

// open are the wishes whose outcome is to come.
func (p *people) open(t *testing.T) []*wish {
	t.Helper()
	return p.withoutOutcome(t, p.asked())
}

func (p *people) withoutOutcome(t *testing.T, wishes []*wish) []*wish {
	t.Helper()
	fates := p.fates(t, wishes)
	return slices.DeleteFunc(slices.Clone(wishes), func(w *wish) bool {
		f := fates[w.name]
		return f.outcomes > 0 || !w.taken(f)
	})
}

// settle waits until each of these wishes has its outcome.
func (p *people) settle(t *testing.T, wishes []*wish) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for end := time.After(time.Minute); ; {
		if wishes = p.withoutOutcome(t, wishes); len(wishes) == 0 {
			return
		}
		select {
		case <-tick.C:
			p.bots.live(t)
		case <-end:
			t.Fatalf("%d have no outcome, such as %s: %+v\n%s", len(wishes), wishes[0].name, p.fates(t, wishes)[wishes[0].name], p.bots.logs())
		}
	}
}

// check compares what came of every wish with what was promised, and returns how many submissions were not acknowledged.
func (p *people) check(t *testing.T) (not int) {
	t.Helper()
	made := map[string][]time.Time{}
	for _, c := range p.genuin.Communities() {
		made[c.Handle] = append(made[c.Handle], c.At)
	}
	fates := p.fates(t, p.asked())
	sent, acked, refused, left, doubts, cleared := 0, 0, 0, 0, 0, 0
	platforms := tallies{}
	for _, w := range p.asked() {
		f, n := fates[w.name], len(made[w.handle])
		want := fate{cards: 1, agreed: 1, outcomes: 1, doubts: f.doubts}
		if p.thaw {
			want.cleared = f.cleared
		}
		cleared += f.cleared
		once := n == 1 && f == want
		switch {
		case !w.sent.Load():
			if n > 0 || f != (fate{}) {
				t.Errorf("%s was not sent: %d communities, %+v", w.name, n, f)
			}
			continue
		case w.acked.Load():
			acked++
		case w.refused.Load(): // an earlier try was kept
			refused++
		case n == 0 && f == fate{}:
			left++
			once = true
		}
		sent++
		platforms.of(w.at.platform).add(w.acked.Load(), n, f)
		if !once {
			t.Errorf("%s in %s (acknowledged: %v): %d communities, %+v; want one of each, and nothing only of what was not acknowledged", w.name, w.channel, w.acked.Load(), n, f)
		}
		if f.doubts > 0 && n > 0 {
			doubts++
			p.excused(t, w, made[w.handle][0])
		}
	}
	t.Logf("%d submissions: %d acknowledged; %d not, of which %d were kept, %d after they were sent again, and nothing came of %d",
		sent, acked, sent-acked, sent-acked-left, refused, left)
	t.Logf("%d in doubt, because the bot died, or froze, while Genuin answered, or Genuin lost the answer; %d no more, as it had the answer when it went on", doubts, cleared)
	t.Log(platforms)
	p.bounded(t, doubts, acked)
	return sent - acked
}

const (
	noting  = 3 * time.Second // after Genuin made a community, at most, until the bot has noted that, on a slow disk
	landing = 2 * time.Second // after a bot was killed, at most, until what it sent has arrived
)

// excused looks whether the bot may say that it does not know: only of a community that Genuin made a moment before the
// bot was killed, or after, because that was on its way; or lost the answer about.
func (p *people) excused(t *testing.T, w *wish, made time.Time) {
	t.Helper()
	for _, call := range p.genuin.Calls() {
		if call.Status == 0 && strings.Contains(call.Body, `"`+w.handle+`"`) {
			return
		}
	}
	for _, died := range p.bots.died() {
		if wait := died.Sub(made); wait > -landing && wait < noting {
			return
		}
	}
	t.Errorf("%s is in doubt, although the bot was not killed when Genuin made it, and Genuin lost no answer", w.name)
}

// bounded looks whether doubts are as few as they can be. Each of the askers has one submission under way at a time and
// asks again a moment later, while all that was agreed to takes Genuin and a disk a moment, too: about as many calls as
// there are askers are under way when the bot is killed, and only those can be left in doubt, beside
// the few whose answers Genuin lost.
func (p *people) bounded(t *testing.T, doubts, acked int) {
	t.Helper()
	deaths := len(p.bots.died())
	if most := deaths * askersPerPlace * len(p.places); doubts > most {
		t.Errorf("%d are in doubt after %d kills, and %d may be", doubts, deaths, most)
	}
	if acked == 0 {
		t.Error("nobody could ask for anything")
	}
}
