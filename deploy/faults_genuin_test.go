package deploy_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"communitybot/bot/genuin/genuinfake"
)

const (
	noAnswer  = "Genuin did not answer, so the community may exist already."
	takesLong = "Genuin takes longer than usual."
	nowExists = "exists on Genuin now"
	wished    = 40
)

// wishes asks for the n-th communities, the even ones on Slack and the odd ones on Discord.
func (w *faulty) wishes(from, to int) {
	w.t.Helper()
	for n := from; n < to; n++ {
		at := w.chats()[[]string{"slack", "discord"}[n%2]]
		s, err := at.Type(w.t.Context(), at.who, at.channel, at.command+wish40(n))
		if err == nil && s.Form != nil {
			s, err = at.Send(w.t.Context(), at.who, s.Form.ID, nil)
		}
		if err != nil || s.Form != nil {
			w.t.Fatalf("%s: %+v, %v", wish40(n), s, err)
		}
	}
}

func wish40(n int) string { return fmt.Sprintf("Wish %d.", n) }

// heard counts the threads of the first requests that say words; a thread that says them twice fails the test.
func (w *faulty) heard(words string, requests int) (threads int) {
	w.t.Helper()
	times := map[string]int{}
	for _, at := range w.chats() {
		all, err := at.Read(w.t.Context(), at.who, at.channel)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, m := range all {
			name, _, _ := strings.Cut(m.Text, "\n")
			for _, line := range m.Thread {
				times[name] += strings.Count(line.Text, words)
			}
		}
	}
	for n := range requests {
		switch said := times[wish40(n)]; {
		case said > 1:
			w.t.Fatalf("%s is told %q %d times", wish40(n), words, said)
		case said == 1:
			threads++
		}
	}
	return threads
}

// called counts the calls to Genuin that were answered.
func (w *faulty) called() (calls int) {
	for _, c := range w.genuin.Calls() {
		if c.Path == genuinfake.CreatePath {
			calls++
		}
	}
	return calls
}

// TestAGenuinThatIsDownIsLeftAloneAndTold has forty requests meet a Genuin that is down. It is not hammered, each thread
// hears of it once, and all goes through when it is back.
func TestAGenuinThatIsDownIsLeftAloneAndTold(t *testing.T) {
	t.Parallel()
	w := startFaulty(t)
	w.genuin.Always(genuinfake.Unavailable)
	const first = 5
	began := time.Now()
	w.wishes(0, first)
	w.eventually(time.Minute, "the bot could find out that Genuin is down", func() bool { return w.called() >= first })
	w.wishes(first, wished)
	w.eventually(time.Minute, "each thread hears of it", func() bool {
		return w.heard(noAnswer, wished)+w.heard("Genuin can't be reached", wished) == wished
	})
	if calls, allowed := w.called(), first+int(time.Since(began)/(15*time.Second)); calls > allowed {
		t.Errorf("%d calls for %d requests in %v, want %d at most", calls, wished, time.Since(began), allowed)
	}
	w.genuin.Always(genuinfake.Behave)
	w.eventually(2*time.Minute, "all go through", func() bool { return w.heard(nowExists, wished) == wished })
	if told := w.heard(noAnswer, wished) + w.heard("Genuin can't be reached", wished); told != wished {
		t.Errorf("%d threads heard of it, want each once", told)
	}
	all := make([]string, wished)
	for n := range all {
		all[n] = wish40(n)
	}
	w.one(all...)
	w.bot.stop()
}

// TestAGenuinThatHangsHasThirtyCallsToBear has forty requests meet a Genuin that takes its time.
func TestAGenuinThatHangsHasThirtyCallsToBear(t *testing.T) {
	t.Parallel()
	w := startFaulty(t, "GENUIN_TIMEOUT=2m")
	w.genuin.Always(genuinfake.Hold)
	w.wishes(0, wished)
	w.held(30)
	w.eventually(time.Minute, "each thread hears that it takes long", func() bool { return w.heard(takesLong, wished) == wished })
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if err := w.genuin.WaitHeld(ctx, 31); err == nil {
		t.Error("Genuin has more than 30 calls to bear")
	}
	w.genuin.Always(genuinfake.Behave)
	for range 30 {
		w.genuin.Release()
	}
	w.eventually(time.Minute, "all go through", func() bool { return w.heard(nowExists, wished) == wished })
	if calls := w.called(); calls != wished {
		t.Errorf("%d calls, want %d", calls, wished)
	}
	w.bot.stop()
}
