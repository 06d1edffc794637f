package discord

import (
	"context"
	"strings"
	"testing"
	"time"

	"communitybot/adapters/discord/discordfake"
	"communitybot/bot"
)

const routeCallback = "POST /interactions/{id}/{token}/callback"

// callbacks counts the answers that were sent.
func (w *gatewayWorld) callbacks() (n int) {
	for _, x := range w.Requests() {
		if strings.HasSuffix(x.Path, "/callback") {
			n++
		}
	}
	return n
}

func TestAnAnswerThatDoesNotArriveIsSentOnceMore(t *testing.T) {
	forever := make(chan struct{})
	defer close(forever)
	for _, c := range []struct {
		name string
		how  discordfake.Failure
	}{
		{"Discord is down", discordfake.Failure{Status: 503}},
		{"the connection breaks", discordfake.Failure{CutBefore: true}},
		{"the connection breaks after it arrived", discordfake.Failure{CutAfter: true}},
		{"Discord asks to wait", discordfake.Failure{RetryAfter: 20 * time.Millisecond}},
		{"no answer comes", discordfake.Failure{Hold: forever}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newGatewayWorld(t, discordfake.Options{}, ok)
			w.connects()
			w.Fail(routeCallback, 1, c.how)
			if m := w.note(w.types("/hello")); m.Text != "ok" {
				t.Errorf("told %q", m.Text)
			}
			w.until("it was sent twice", func() bool { return w.callbacks() == 2 })
		})
	}
}

func TestAnAnswerThatIsNotTakenIsLoggedAndNothingElse(t *testing.T) {
	for _, c := range []struct {
		name  string
		how   discordfake.Failure
		times int
	}{
		{"it is answered already", discordfake.Failure{Status: 400, Code: 40060}, 1},
		{"the interaction is over", discordfake.Failure{Status: 404, Code: 10062}, 1},
		{"it is invalid and has no older form", discordfake.Failure{Status: 400, Code: 50035}, 1},
		{"Discord stays down", discordfake.Failure{Status: 502}, 2},
		{"Discord asks to wait for too long", discordfake.Failure{RetryAfter: time.Minute}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newGatewayWorld(t, discordfake.Options{Patience: 200 * time.Millisecond}, ok)
			w.a.pace.answer, w.a.pace.way = 300*time.Millisecond, 100*time.Millisecond
			stop := w.connects()
			w.Fail(routeCallback, 9, c.how)
			if _, err := w.Type(t.Context(), ada, general, "/hello"); err == nil {
				t.Error("the person saw an answer")
			}
			w.until("it is logged", func() bool { return w.log.count("answer not delivered") == 1 })
			stop()
			if n := w.callbacks(); n != c.times {
				t.Errorf("sent %d times, want %d", n, c.times)
			}
			if s := w.log.String(); strings.Contains(s, "aW50ZXJhY3Rpb246") || w.panics.Load() != 0 {
				t.Errorf("the log:\n%s", s)
			}
			if len(w.seen(bot.Open)) != 1 {
				t.Error("what was asked for was not done once")
			}
		})
	}
}

func TestAnAnswerThatIsRefusedAsInvalidIsSentInItsOlderForm(t *testing.T) {
	w := newGatewayWorld(t, discordfake.Options{}, ok)
	w.connects()
	w.types("/hello")
	w.Fail(routeCallback, 1, discordfake.Failure{Status: 400, Code: 50035})
	in := &interaction{ID: "77", Token: "gone"}
	asked := 0
	answer := response{Type: showModal, legacy: func(context.Context) response {
		asked++
		return private(plain("the older form"))
	}}
	before := w.callbacks()
	if err := newIntake(w.a, nil).callback(t.Context(), in, answer); codeOf(err) != 10062 {
		t.Errorf("got %v", err)
	}
	all := w.Requests()
	if last := all[len(all)-1]; asked != 1 || w.callbacks() != before+2 || !strings.Contains(string(last.Body), "the older form") {
		t.Errorf("asked %d times, last %+v", asked, last)
	}
}
