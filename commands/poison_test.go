package commands

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"communitybot/bot"
)

func TestACallThatPanicsIsALostAnswer(t *testing.T) {
	w := newWorld(t)
	r := w.ask(acme)
	worker, log := w.worker(genuin(func(context.Context, bot.Community) (bot.Made, error) { panic("a bug") }), nil)
	if err := w.do(worker, bot.Make, r.ID); err != nil {
		t.Fatal(err)
	}
	now := w.load(r.ID)
	if now.State != bot.Approved || !now.Calls.Lost || now.Calls.Reason != bot.NoAnswer || log.panics.Load() != 1 || !log.has("a bug") {
		t.Errorf("it is %s because %q, %d panics", now.State, now.Calls.Reason, log.panics.Load())
	}
	for range 1000 { // it ends, as with any Genuin that does not answer
		if now = w.load(r.ID); now.Tasks[bot.Make] == nil {
			break
		}
		w.clock.Move(now.Tasks[bot.Make].Due.Sub(w.clock.Now()))
		if err := w.do(worker, bot.Make, r.ID); err != nil {
			t.Fatal(err)
		}
	}
	if now.State != bot.Unclear {
		t.Errorf("in the end it is %s", now.State)
	}
}

func TestACallerThatDiesAtEveryCallComesToAnEnd(t *testing.T) {
	w := newWorld(t)
	r := w.ask(acme)
	worker, _ := w.worker(nil, nil)
	lease := worker.Call + recording + 10*time.Second
	for range 10_000 {
		now, err := w.store.Change(t.Context(), r.ID, "", func(r *bot.Request) error { return r.Call("another", w.clock.Now(), lease) })
		if err != nil {
			t.Fatal(err)
		}
		if now.State == bot.Unclear {
			break
		}
		w.clock.Move(lease) // it never reports back
	}
	now := w.load(r.ID)
	if now.State != bot.Unclear || now.Tasks[bot.Make] != nil {
		t.Fatalf("it is %s", now.State)
	}
	if diff := cmp.Diff([]bot.What{bot.Asked, bot.Sent, bot.Unconfirmed}, w.happened(r.ID)); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
	if err := w.do(worker, bot.Make, r.ID); !errors.Is(err, bot.ErrNoTask) {
		t.Errorf("and once more: %v", err)
	}
}

func TestWhatWasNotEvenSentIsNoTry(t *testing.T) {
	w := newWorld(t)
	r := w.ask(acme)
	worker, _ := w.worker(genuin(func(context.Context, bot.Community) (bot.Made, error) {
		return bot.Made{}, &bot.Refusal{Reason: bot.Unreachable, RetryAfter: 15 * time.Second, Uncalled: true}
	}), nil)
	for range 100 {
		if err := w.do(worker, bot.Make, r.ID); err != nil {
			t.Fatal(err)
		}
		wait := w.load(r.ID).Tasks[bot.Make].Due.Sub(w.clock.Now())
		if wait < 15*time.Second || wait > 30*time.Second {
			t.Fatalf("the next try is in %s", wait)
		}
		w.clock.Move(wait)
	}
	if diff := cmp.Diff([]bot.What{bot.Asked, bot.Sent, bot.Trouble}, w.happened(r.ID)); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
}

func TestAPanicWhileShowingIsTriedAgainLater(t *testing.T) {
	w, c := newWorld(t), newChat()
	worker, log := w.worker(nil, c)
	broken := true
	c.before = func(string, bot.Place, bot.Card) error {
		if broken {
			panic("a bug")
		}
		return nil
	}
	r := w.ask(acme)
	for i := range 4 {
		if err := w.do(worker, bot.Sync, r.ID); err != nil {
			t.Fatal(err)
		}
		task := w.load(r.ID).Tasks[bot.Sync]
		if task == nil || task.Tries != i+1 || !task.Due.After(w.clock.Now()) {
			t.Fatalf("after %d panics: %+v", i+1, task)
		}
		w.clock.Move(task.Due.Sub(w.clock.Now()))
	}
	if log.panics.Load() != 4 {
		t.Errorf("%d panics were counted", log.panics.Load())
	}
	broken = false
	if err := w.do(worker, bot.Sync, r.ID); err != nil || len(c.posted) == 0 {
		t.Errorf("when it is mended: %v, posted %q", err, c.posted)
	}
}

// TestACardThatIsDeletedAtOnce is about a channel in which something deletes whatever the bot posts.
func TestACardThatIsDeletedAtOnce(t *testing.T) {
	w, c := newWorld(t), newChat()
	worker, _ := w.worker(answers(nil), c)
	c.before = func(op string, at bot.Place, _ bot.Card) error {
		if at.Message != "" && c.messages[at.Message] != nil && c.messages[at.Message].at.Channel == "C1" {
			return &bot.Error{Code: bot.Gone}
		}
		return nil
	}
	r := w.ask(acme)
	if err := w.do(worker, bot.Make, r.ID); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if err := w.do(worker, bot.Sync, r.ID); err != nil && !errors.Is(err, bot.ErrNoTask) {
			t.Fatal(err)
		}
	}
	cards := 0
	for _, p := range c.posted {
		if strings.HasPrefix(p, "in C1") {
			cards++
		}
	}
	last := c.posted[len(c.posted)-1]
	if id, _, _ := strings.Cut(strings.TrimPrefix(last, "below "), " "); cards > 2 || c.messages[id] == nil || c.messages[id].at.User != "U1" {
		t.Errorf("%d cards in the channel, and in the end %q", cards, c.posted)
	}
	if now := w.load(r.ID); now.Tasks[bot.Sync] != nil || now.Threads[0].Told < now.Changed {
		t.Errorf("told %d of %d, task %+v", now.Threads[0].Told, now.Changed, now.Tasks[bot.Sync])
	}
}

// TestALostAnswerAndApproversOutOfReach has the answer to the requester's card get lost, and the approvers' channel fail
// in the same run: what is said about the latter must not post the card again without looking.
func TestALostAnswerAndApproversOutOfReach(t *testing.T) {
	w, c := under(t, bot.Policy{Channel: there}), newChat()
	worker, _ := w.worker(nil, c)
	first := true
	c.after = func(_ string, at bot.Place, _ bot.Card) error {
		if first && where(at) == "in C1" {
			first = false
			return &bot.Error{Code: bot.Busy}
		}
		return nil
	}
	c.before = func(op string, at bot.Place, card bot.Card) error {
		if where(at) == "in C2" {
			return &bot.Error{Code: bot.Busy}
		}
		return nil
	}
	r := w.ask(acme)
	for range 3 {
		if err := w.do(worker, bot.Sync, r.ID); err != nil && !errors.Is(err, bot.ErrNoTask) {
			t.Fatal(err)
		}
		w.clock.Move(time.Minute)
	}
	cards := 0
	for _, p := range c.posted {
		if strings.HasPrefix(p, "in C1") {
			cards++
		}
	}
	if cards != 1 {
		t.Errorf("%d cards: %q", cards, c.posted)
	}
}

func TestACardThatIsFoundShowsHowThingsStand(t *testing.T) {
	w, c := newWorld(t), newChat()
	worker, _ := w.worker(nil, c)
	r := w.ask(acme)
	c.after = func(string, bot.Place, bot.Card) error { return &bot.Error{Code: bot.Busy, Err: errors.New("lost")} }
	w.shows(worker, c, r.ID, "in C1 c1-0-0")
	w.later(r.ID)
	c.after = nil
	w.call(r.ID, nil)
	w.shows(worker, c, r.ID, "found c1-0-0", "redraw M1", "below M1 e1-0-3")
}
