package deploy_test

import (
	"maps"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"communitybot/bot/genuin/genuinfake"
)

// stopsWithin is how long the bot may take after SIGTERM.
const stopsWithin = 30 * time.Second

// TestStoppedWhileGenuinAnswers stops the bot with SIGTERM while Genuin has calls of it, one from each platform. It ends
// in good order, and after the next start each request has its outcome, once.
func TestStoppedWhileGenuinAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		held    genuinfake.Mode
		answers bool // while the bot waits
		outcome string
	}{
		"and it answers while the bot waits":        {genuinfake.Hold, true, outcomes[0]},
		"and it has made nothing when the bot ends": {genuinfake.Hold, false, outcomes[0]},
		"and it has made them, and says so to none": {genuinfake.HoldMade, false, outcomes[1]},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := []string{"DATABASE_URL=sqlite:" + filepath.Join(t.TempDir(), "bot.db"), "GENUIN_TIMEOUT=1m"}
			w := startFaulty(t, env...)
			w.genuin.Next(c.held, c.held)
			want := map[string]ending{}
			for platform, at := range w.chats() {
				s, err := at.Type(t.Context(), at.who, at.channel, at.command+"Acme "+platform)
				if err == nil {
					_, err = at.Send(t.Context(), at.who, s.Form.ID, nil)
				}
				if err != nil {
					t.Fatal(err)
				}
				want["Acme "+platform] = ending{communities: 1, cards: 1, outcomes: c.outcome}
			}
			w.held(len(want))
			w.terminate(c.answers, len(want))
			w.again(env...)
			until(t, "each has its outcome", func() bool { return maps.Equal(w.endings(), want) })
			for range want { // calls that were held until now
				w.genuin.Release()
			}
			w.bot.stop() // whatever else it would say is said then
			if got := w.endings(); !maps.Equal(got, want) {
				t.Errorf("it came to %+v, want %+v", got, want)
			}
		})
	}
}

// terminate sends SIGTERM and waits for the end. Genuin answers its calls in between, or not.
func (w *faulty) terminate(answers bool, calls int) {
	w.t.Helper()
	end := time.After(stopsWithin)
	if err := w.bot.Process.Signal(syscall.SIGTERM); err != nil {
		w.t.Fatal(err)
	}
	until(w.t, "the bot stops", func() bool { return strings.Contains(w.bot.errOut.String(), "stopping") })
	for range calls {
		if answers {
			w.genuin.Release()
		}
	}
	select {
	case err := <-w.bot.end:
		if err != nil {
			w.t.Fatalf("it ended with %v\n%s", err, w.bot.errOut)
		}
	case <-end:
		w.t.Fatalf("it is still running %s after SIGTERM\n%s", stopsWithin, w.bot.errOut)
	}
}

// again starts the bot anew.
func (w *faulty) again(env ...string) {
	w.t.Helper()
	w.bot = start(w.t, append(w.env, env...))
	w.url = w.bot.address()
	w.slack.Connect(w.url + "/slack/events")
	w.discord.Connect(w.url + "/discord/interactions")
}

// ending is what a wish came to.
type ending struct {
	communities, cards int
	outcomes           string // what the thread says, all of it that ends a request
}

// endings reads what all wishes came to, by name.
func (w *faulty) endings() map[string]ending {
	w.t.Helper()
	found := map[string]ending{}
	for _, c := range w.genuin.Communities() {
		e := found[c.Name]
		e.communities++
		found[c.Name] = e
	}
	for _, at := range w.chats() {
		all, err := at.Read(w.t.Context(), at.who, at.channel)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, m := range all {
			if m.Private {
				continue
			}
			name, _, _ := strings.Cut(m.Text, "\n")
			e := found[name]
			e.cards++
			for _, line := range m.Thread {
				for _, words := range outcomes {
					if strings.Contains(line.Text, words) {
						e.outcomes += words
					}
				}
			}
			found[name] = e
		}
	}
	return found
}
