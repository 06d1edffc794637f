package slack

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"communitybot/adapters/person"
	"communitybot/adapters/slack/slackfake"
	"communitybot/bot"
)

func TestAClickIsAcknowledgedBeforeItsAnswerArrives(t *testing.T) {
	tell := func() bot.Handler { return answering(bot.Tell{Text: bot.Say("Hello")}) }
	bothWays(t, tell, func(t *testing.T, d *desk) {
		at := d.posts(t, oneButton)
		d.Fail("users.info", 1, slackfake.Hold(make(chan struct{})))
		release := make(chan struct{})
		d.Fail("response_url", 1, slackfake.Hold(release))
		start := time.Now()
		s, err := d.Press(t.Context(), "U2", at.Message, "Approve")
		if took := time.Since(start); err != nil || len(s.Private) > 0 || took > 2500*time.Millisecond {
			t.Errorf("%+v, %v after %v", s, err, took)
		}
		close(release)
		until(t, "the answer", func() bool { return len(d.notes(t)) == 1 })
	})
}

func TestAHomeIsAcknowledgedBeforeItIsDrawn(t *testing.T) {
	d := sit(t, desktop(func(bot.Event) (bot.Reply, error) { return bot.Done{}, nil }))
	home := d.opens(t)
	release := make(chan struct{})
	d.Fail("views.publish", 1, slackfake.Hold(release))
	if s, err := d.Press(t.Context(), "U1", home[1].ID, "Edit"); err != nil {
		t.Errorf("%+v, %v", s, err)
	}
	close(release)
	d.rest()
	if n := len(d.calls("views.publish")); n != 2 {
		t.Errorf("drawn %d times", n)
	}
}

func TestASlowFormIsToldInTime(t *testing.T) {
	bothWays(t, func() bot.Handler { return answering(bot.Ask{Form: richForm()}) }, func(t *testing.T, d *desk) {
		d.Fail("users.info", 1, slackfake.Hold(make(chan struct{})))
		d.Fail("views.open", 1, slackfake.Hold(make(chan struct{})))
		if got := private1(t, d.types(t, "/create-community")); got == "" {
			t.Error("nothing was told")
		}
	})
}

func TestRunEndsWhenAllIsTold(t *testing.T) {
	tell := answering(bot.Tell{Text: bot.Say("Hello")})
	for name, start := range map[string]func(t *testing.T) (d *desk, stop func(), ended chan struct{}){
		"over HTTP": func(t *testing.T) (*desk, func(), chan struct{}) {
			d, ended := sit(t, tell), make(chan struct{})
			ctx, stop := context.WithCancel(t.Context())
			go func() {
				defer close(ended)
				if err := d.adapter.Run(ctx, tell); err != nil {
					t.Error(err)
				}
			}()
			return d, stop, ended
		},
		"in Socket Mode": func(t *testing.T) (*desk, func(), chan struct{}) {
			w := plug(t, tell, nil)
			w.online(t, 1)
			return w.desk, w.stop, w.ended
		},
	} {
		t.Run(name, func(t *testing.T) {
			d, stop, ended := start(t)
			defer stop()
			release := make(chan struct{})
			d.Fail("response_url", 1, slackfake.Hold(release))
			at := d.posts(t, oneButton)
			pressed := make(chan person.Screen)
			go func() {
				s, err := d.Press(t.Context(), "U2", at.Message, "Approve")
				if err != nil {
					t.Error(err)
				}
				pressed <- s
			}()
			until(t, "it is told", func() bool { return len(d.calls("response_url")) == 1 })
			<-pressed
			stop()
			select {
			case <-ended:
				t.Error("it ended before all was told")
			default:
			}
			close(release)
			<-ended
			if n := len(d.notes(t)); n != 1 {
				t.Errorf("%d were told", n)
			}
		})
	}
}

func TestLeavingWaitsForAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := New(Options{Log: (&logBook{}).logger()})
		answered, told, left := make(chan struct{}), make(chan struct{}), false
		a.later(t.Context(), func(context.Context) { <-told })
		go func() {
			a.leave(t.Context(), func() { <-answered })
			left = true
		}()
		for _, done := range []chan struct{}{answered, told} {
			synctest.Wait()
			if left {
				t.Error("it left before all was done")
			}
			close(done)
		}
		synctest.Wait()
		if !left {
			t.Error("it did not leave")
		}
	})
}

func TestRunOverHTTPDoesNotWaitForEver(t *testing.T) {
	d := sit(t, answering(bot.Tell{Text: bot.Say("Hello")}))
	d.adapter.farewell = time.Millisecond
	release := make(chan struct{})
	d.Fail("response_url", 1, slackfake.Hold(release))
	d.presses(t)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := d.adapter.Run(ctx, answering(nil)); err != nil {
		t.Error(err)
	}
	close(release)
}

func TestAfterTheEndNobodyIsLeftBehind(t *testing.T) {
	d := sit(t, answering(bot.Tell{Text: bot.Say("Hello")}))
	d.rest()
	if got := private1(t, d.presses(t)); got != "Hello" {
		t.Errorf("%q", got)
	}
	var panics int
	d.adapter.caught = func() { panics++ }
	d.adapter.later(t.Context(), func(context.Context) { panic("boom") })
	if panics != 1 {
		t.Errorf("%d panics", panics)
	}
}
