package commands

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"communitybot/bot"
)

// waits is how long a place has to be left alone.
func waits(t *testing.T, p *pace, at bot.Place, now time.Time) time.Duration {
	t.Helper()
	err := p.wait(at, now)
	if err == nil {
		return 0
	}
	var e *bot.Error
	if !errors.As(err, &e) || e.Code != bot.Busy || e.RetryAfter <= 0 {
		t.Fatalf("waiting is %v", err)
	}
	return e.RetryAfter
}

func TestAChannelThatAskedToWaitIsLeftAlone(t *testing.T) {
	var p pace
	inThread := here
	inThread.Message = "M1"
	elsewhere := here
	elsewhere.Channel = "C9"
	if got := waits(t, &p, here, start); got != 0 {
		t.Errorf("nobody asked to wait, and it takes %s", got)
	}
	for _, harmless := range []error{nil, errors.New("x"), &bot.Error{Code: bot.Busy}, &bot.Error{Code: bot.NoAccess, RetryAfter: time.Hour}} {
		p.note(here, harmless, start)
		if got := waits(t, &p, here, start); got != 0 {
			t.Errorf("after %v it takes %s", harmless, got)
		}
	}
	p.note(inThread, &bot.Error{Code: bot.Busy, RetryAfter: 30 * time.Second}, start)
	if got := waits(t, &p, elsewhere, start); got != 0 {
		t.Errorf("another channel waits for %s", got)
	}
	var got []time.Duration // those who come in the meantime come back one after the other
	for _, at := range []bot.Place{here, inThread, here} {
		got = append(got, waits(t, &p, at, start.Add(10*time.Second)))
	}
	if diff := cmp.Diff([]time.Duration{21 * time.Second, 22 * time.Second, 23 * time.Second}, got); diff != "" {
		t.Errorf("waits (-want +got):\n%s", diff)
	}
	if got := waits(t, &p, here, start.Add(30*time.Second)); got != 0 {
		t.Errorf("when the time is over it takes %s", got)
	}
	p.note(elsewhere, &bot.Error{Code: bot.Busy, RetryAfter: time.Minute}, start)
	p.note(elsewhere, &bot.Error{Code: bot.Busy, RetryAfter: time.Second}, start)
	if got := waits(t, &p, elsewhere, start); got < time.Minute {
		t.Errorf("a shorter wait takes the place of a longer one: %s", got)
	}
	for i := range maxPaced {
		at := here
		at.Channel = "C" + time.Duration(i).String()
		p.note(at, &bot.Error{Code: bot.Busy, RetryAfter: time.Hour}, start.Add(time.Minute))
	}
	if len(p.held) > maxPaced {
		t.Errorf("%d channels are kept in mind", len(p.held))
	}
}

func TestABusyChannelHoldsUpNoOther(t *testing.T) {
	w, c := newWorld(t), newChat()
	worker, _ := w.worker(nil, c)
	calls := 0
	c.before = func(_ string, at bot.Place, _ bot.Card) error {
		if at.Channel != "C1" {
			return nil
		}
		calls++
		return &bot.Error{Code: bot.Busy, RetryAfter: 40 * time.Second}
	}
	one, two := w.ask(bot.Values{fieldName: "One"}), w.ask(bot.Values{fieldName: "Two"})
	w.shows(worker, c, one.ID)
	w.shows(worker, c, two.ID)
	if calls != 1 {
		t.Errorf("a channel that asked to wait was called %d times", calls)
	}
	e := w.event(ada, bot.Submit, bot.Call{Command: nameCreate, Values: bot.Values{fieldName: "Three"}})
	e.At.Channel = "C2"
	w.does(e)
	w.shows(worker, c, 3, "in C2 c3-0-0")

	c.before = nil
	if got := w.load(one.ID).Tasks[bot.Sync].Due.Sub(start); got != 40*time.Second {
		t.Errorf("the first comes back after %s", got)
	}
	if got := w.load(two.ID).Tasks[bot.Sync].Due.Sub(start); got != 41*time.Second {
		t.Errorf("the second comes back after %s", got)
	}
	w.later(one.ID)
	w.shows(worker, c, one.ID, "in C1 c1-0-0")
	w.later(two.ID)
	w.shows(worker, c, two.ID, "in C1 c2-0-0")
}

func TestATokenThatIsRefusedIsSeen(t *testing.T) {
	w, c := newWorld(t), newChat()
	worker, log := w.worker(nil, c)
	refused := true
	c.before = func(string, bot.Place, bot.Card) error {
		if refused {
			return &bot.Error{Code: bot.Forbidden, Err: errors.New("token_revoked")}
		}
		return nil
	}
	r := w.ask(acme)
	for range 3 {
		w.shows(worker, c, r.ID)
		if bot.CodeOf(worker.LetIn("slack")) != bot.Forbidden || worker.LetIn("discord") != nil {
			t.Errorf("slack: %v, discord: %v", worker.LetIn("slack"), worker.LetIn("discord"))
		}
		w.later(r.ID)
	}
	if n := log.count("does not let the bot in"); n != 1 {
		t.Errorf("it is said %d times in the log", n)
	}
	elsewhere := w.ask(bot.Values{fieldName: "Other"})
	w.change(elsewhere.ID, func(r *bot.Request) error { r.Threads[0].Dead = true; return nil })
	w.shows(worker, c, elsewhere.ID)
	if worker.LetIn("slack") == nil {
		t.Error("work that called nobody says that the bot is let in")
	}
	refused = false
	w.shows(worker, c, r.ID, "in C1 c1-0-0")
	if err := worker.LetIn("slack"); err != nil {
		t.Errorf("it is let in again: %v", err)
	}
	refused = true
	third := w.ask(bot.Values{fieldName: "Third"})
	w.shows(worker, c, third.ID)
	w.clock.Move(notReady)
	if err := worker.LetIn("slack"); err != nil {
		t.Errorf("a bot that gets no requests would never be ready again: %v", err)
	}
}
