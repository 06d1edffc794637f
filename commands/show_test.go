package commands

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"communitybot/bot"
)

// chat is a platform in memory. It finds a message by its key when it is asked to look.
type chat struct {
	mu       sync.Mutex
	messages map[string]*message // by ID
	posted   []string            // what was posted or redrawn, in order: "C1 card c1-0-0", "M1 line …"

	before func(op string, at bot.Place, c bot.Card) error // nothing arrives when it fails
	after  func(op string, at bot.Place, c bot.Card) error // it arrived, and the answer is lost
}

type message struct {
	at   bot.Place
	card bot.Card
}

func newChat() *chat { return &chat{messages: make(map[string]*message)} }

func (c *chat) do(op string, at bot.Place, card bot.Card, act func() error) error {
	if c.before != nil {
		if err := c.before(op, at, card); err != nil {
			return err
		}
	}
	c.mu.Lock()
	err := act()
	c.mu.Unlock()
	if err == nil && c.after != nil {
		err = c.after(op, at, card)
	}
	return err
}

func (c *chat) Post(_ context.Context, at bot.Place, card bot.Card) (bot.Place, error) {
	place := at
	err := c.do("post", at, card, func() error {
		if card.Again {
			for id, m := range c.messages {
				if m.card.Key == card.Key {
					place.Message = id
					c.posted = append(c.posted, "found "+card.Key)
					return nil
				}
			}
		}
		if at.Message != "" && c.messages[at.Message] == nil {
			return &bot.Error{Code: bot.Gone}
		}
		place.Message = fmt.Sprintf("M%d", len(c.messages)+1)
		c.messages[place.Message] = &message{at, card}
		c.posted = append(c.posted, where(at)+" "+card.Key)
		if at.User != "" && at.Channel != "" { // nothing that can be found again
			place.Message = ""
		}
		return nil
	})
	return place, err
}

func (c *chat) Update(_ context.Context, at bot.Place, card bot.Card) error {
	return c.do("update", at, card, func() error {
		if c.messages[at.Message] == nil {
			return &bot.Error{Code: bot.Gone}
		}
		c.messages[at.Message].card = card
		c.posted = append(c.posted, "redraw "+at.Message)
		return nil
	})
}

func where(at bot.Place) string {
	switch {
	case at.Message != "":
		return "below " + at.Message
	case at.Channel != "" && at.User != "":
		return "to " + at.User + " in " + at.Channel
	case at.Channel != "":
		return "in " + at.Channel
	}
	return "to " + at.User
}

// seen returns what was posted since it was asked the last time.
func (c *chat) seen() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	posted := c.posted
	c.posted = nil
	return posted
}

// showing has a request's card and thread brought up to date, and compares what was posted for it.
func (w *world) shows(worker *Worker, chat *chat, id int64, want ...string) {
	w.t.Helper()
	if err := w.do(worker, bot.Sync, id); err != nil {
		w.t.Fatal(err)
	}
	if diff := cmp.Diff(want, w.saw(chat, id)); diff != "" {
		w.t.Errorf("posted (-want +got):\n%s", diff)
	}
}

// saw is what was posted since it was asked the last time, with the request's number in place of its tag.
func (w *world) saw(chat *chat, id int64) []string {
	w.t.Helper()
	posted, tag := chat.seen(), w.load(id).Tag
	for i := range posted {
		posted[i] = strings.ReplaceAll(posted[i], tag, fmt.Sprint(id))
	}
	return posted
}

// later moves the clock to the time at which the request is shown again.
func (w *world) later(id int64) time.Duration {
	w.t.Helper()
	task := w.load(id).Tasks[bot.Sync]
	if task == nil {
		w.t.Fatal("nobody wants it shown")
	}
	wait := task.Due.Sub(w.clock.Now())
	w.clock.Move(wait)
	return wait
}

func TestACardIsPostedRedrawnAndItsThreadToldOnce(t *testing.T) {
	w, c := newWorld(t), newChat()
	worker, _ := w.worker(nil, c)
	r := w.ask(acme)
	w.shows(worker, c, r.ID, "in C1 c1-0-0")
	w.call(r.ID, because(bot.Unreachable), because(bot.HandleTaken))
	w.shows(worker, c, r.ID, "redraw M1", "below M1 e1-0-3", "below M1 e1-0-4")
	if line := c.messages["M3"].card; !strings.Contains(line.Text.String(), "acme-community") || line.Again || line.Thread != "Acme" {
		t.Errorf("line %+v", line)
	}
	if first, second := c.messages["M2"].card, c.messages["M3"].card; first.After.Message != "" || second.After.Message != "M2" {
		t.Errorf("the lines are newer than %+v and %+v", first.After, second.After)
	}
	if card := c.messages["M1"].card; !slices.Equal(buttons(card), []string{labelFix}) {
		t.Errorf("card %+v", card)
	}
	if err := w.do(worker, bot.Sync, r.ID); !errors.Is(err, bot.ErrNoTask) {
		t.Errorf("shown again: %v", err)
	}
	now := w.load(r.ID)
	w.does(w.press(ada, bot.Submit, now, nameFix, bot.Values{fieldHandle: "acme-2"}))
	w.call(r.ID, nil)
	w.shows(worker, c, r.ID, "redraw M1", "below M1 e1-0-7", "below M1 e1-0-9")
}

func TestAClosedChannelAndThenNobody(t *testing.T) {
	w, c := newWorld(t), newChat()
	worker, log := w.worker(nil, c)
	closed := map[string]bool{"in C1": true}
	c.before = func(op string, at bot.Place, _ bot.Card) error {
		if op == "post" && closed[where(at)] {
			return &bot.Error{Code: bot.NoAccess}
		}
		return nil
	}
	r := w.ask(acme)
	w.shows(worker, c, r.ID, "to U1 c1-0-0", "below M1 e1-0-2")
	if line := c.messages["M2"].card.Text.String(); !strings.Contains(line, "can't post all about Acme in the channel") {
		t.Errorf("told %q", line)
	}
	if !log.has("no access to a channel") {
		t.Error("not logged")
	}
	w.call(r.ID, nil)
	closed["below M1"], closed["to U1 in C1"] = true, true
	w.clock.Move(time.Hour)
	w.shows(worker, c, r.ID, "redraw M1") // the card is still theirs; its thread is not
	if now := w.load(r.ID); !now.Threads[0].Dead {
		t.Errorf("thread %+v, want it dead", now.Threads[0])
	}
}

func TestACardThatWasDeletedIsPostedAgain(t *testing.T) {
	w, c := newWorld(t), newChat()
	worker, _ := w.worker(nil, c)
	r := w.ask(acme)
	w.shows(worker, c, r.ID, "in C1 c1-0-0")
	c.messages["M1"], c.messages["gone"] = nil, &message{}
	w.call(r.ID, nil)
	w.shows(worker, c, r.ID, "in C1 c1-0-1", "below M3 e1-0-3")
}

func TestACardThatIsDeletedEachTimeEndsTheRun(t *testing.T) {
	w, c := newWorld(t), newChat()
	worker, _ := w.worker(nil, c)
	c.before = func(string, bot.Place, bot.Card) error { return &bot.Error{Code: bot.Gone} }
	w.shows(worker, c, w.ask(acme).ID)
}

func TestABusyPlatformIsTriedAgainAndLookedAtFirst(t *testing.T) {
	for name, c := range map[string]struct {
		err    error
		wait   time.Duration
		posted []string
	}{
		"it says when":        {&bot.Error{Code: bot.Busy, RetryAfter: 42 * time.Second}, 42 * time.Second, []string{"in C1 c1-0-0"}},
		"it does not":         {&bot.Error{Code: bot.Busy}, time.Second, []string{"in C1 c1-0-0"}},
		"it says a short one": {&bot.Error{Code: bot.Busy, RetryAfter: time.Millisecond}, time.Second, []string{"in C1 c1-0-0"}},
		"a plain error":       {errors.New("reset"), time.Second, []string{"in C1 c1-0-0", "found c1-0-0"}}, // tried in plain words at once
	} {
		t.Run(name, func(t *testing.T) {
			w, chat := newWorld(t), newChat()
			worker, log := w.worker(nil, chat)
			r := w.ask(acme)
			chat.after = func(string, bot.Place, bot.Card) error { return c.err }
			w.shows(worker, chat, r.ID, c.posted...)
			if !log.has("showing a request failed") {
				t.Error("not logged")
			}
			if got := w.later(r.ID); got != c.wait {
				t.Errorf("tried again after %s, want %s", got, c.wait)
			}
			chat.after = nil
			w.call(r.ID, nil)
			w.shows(worker, chat, r.ID, "found c1-0-0", "redraw M1", "below M1 e1-0-3")
			if chat.messages["M2"].card.Again {
				t.Error("looked for a line that nobody can have posted")
			}
		})
	}
}

func TestALineWhoseAnswerWasLostIsToldOnce(t *testing.T) {
	w, c := newWorld(t), newChat()
	worker, _ := w.worker(nil, c)
	r := w.ask(acme)
	w.call(r.ID, nil)
	c.after = func(_ string, at bot.Place, _ bot.Card) error {
		if at.Message != "" {
			return &bot.Error{Code: bot.Busy}
		}
		return nil
	}
	w.shows(worker, c, r.ID, "in C1 c1-0-0", "below M1 e1-0-3")
	w.later(r.ID)
	c.after = nil
	w.shows(worker, c, r.ID, "found e1-0-3")
	if len(c.messages) != 2 {
		t.Errorf("%d messages, want the card and one line", len(c.messages))
	}
}

func TestACrashBetweenPostingAndNoting(t *testing.T) {
	for name, c := range map[string]struct {
		down int // how many writes fail after the post
		wait time.Duration
	}{
		"the note alone is lost":     {1, time.Second},
		"the process dies with it":   {2, drawing},
		"the next process knows too": {2, 0},
	} {
		t.Run(name, func(t *testing.T) {
			broken := &shaky{before: func(string) error { return nil }}
			w, chat := newWorld(t, func(o *Options) { broken.Store, o.Store = o.Store, broken }), newChat()
			worker, _ := w.worker(nil, chat)
			r := w.ask(acme)
			chat.after = func(string, bot.Place, bot.Card) error {
				left := c.down
				broken.before = func(method string) error {
					if method != "Change" || left == 0 {
						return nil
					}
					left--
					return errDisk
				}
				return nil
			}
			if err := w.do(worker, bot.Sync, r.ID); (err != nil) != (c.down == 2) {
				t.Fatalf("error %v", err)
			}
			chat.after = nil
			if c.wait == 0 { // as a process does when it takes over
				w.change(r.ID, func(r *bot.Request) error { r.Drop(func(string) bool { return true }, w.clock.Now()); return nil })
			}
			w.clock.Move(c.wait)
			chat.seen()
			w.shows(worker, chat, r.ID, "found c1-0-0", "redraw M1")
			if now := w.load(r.ID); len(chat.messages) != 1 || now.Threads[0].At.Message != "M1" {
				t.Errorf("%d messages, thread %+v", len(chat.messages), now.Threads[0])
			}
		})
	}
}

func TestTwoRunsAtTheSameTimePostOnce(t *testing.T) {
	w, c := newWorld(t), newChat()
	worker, _ := w.worker(nil, c)
	r := w.ask(acme)
	posting, goOn := make(chan struct{}), make(chan struct{})
	c.before = func(string, bot.Place, bot.Card) error {
		close(posting)
		<-goOn
		return nil
	}
	first := make(chan error)
	go func() { first <- worker.Do(context.Background(), bot.Job{Work: bot.Sync, Request: r.ID}) }()
	<-posting
	if err := w.do(worker, bot.Sync, r.ID); !errors.Is(err, bot.ErrNoTask) {
		t.Errorf("the second run: %v", err)
	}
	close(goOn)
	if err := <-first; err != nil {
		t.Error(err)
	}
	if got := w.saw(c, r.ID); !slices.Equal(got, []string{"in C1 c1-0-0"}) {
		t.Errorf("posted %q", got)
	}
}

func TestNewsDuringARunIsShownByTheNext(t *testing.T) {
	w, c := newWorld(t), newChat()
	worker, _ := w.worker(nil, c)
	r := w.ask(acme)
	c.before = func(string, bot.Place, bot.Card) error {
		c.before = nil
		w.call(r.ID, nil) // Genuin answers while the card is on its way
		return nil
	}
	w.shows(worker, c, r.ID, "in C1 c1-0-0", "redraw M1", "below M1 e1-0-3")
	w.shows(worker, c, r.ID)
	if err := w.do(worker, bot.Sync, r.ID); !errors.Is(err, bot.ErrNoTask) {
		t.Errorf("shown for ever: %v", err)
	}
}

func TestAPlatformThatIsNotConfigured(t *testing.T) {
	w, c := newWorld(t), newChat()
	worker, log := w.worker(nil, c)
	worker.Platforms = nil
	r := w.ask(acme)
	w.shows(worker, c, r.ID)
	if !log.has("is on slack, which is not configured") {
		t.Error("not logged")
	}
	w.later(r.ID)
	worker.Platforms = map[string]bot.Platform{"slack": c}
	w.shows(worker, c, r.ID, "in C1 c1-0-0", "redraw M1")
}

func TestShowingWhileTheDatabaseFails(t *testing.T) {
	for _, method := range []string{"History", "Held"} {
		t.Run(method, func(t *testing.T) {
			broken := &shaky{before: func(string) error { return nil }}
			w, c := newWorld(t, func(o *Options) { broken.Store, o.Store = o.Store, broken }), newChat()
			worker, _ := w.worker(nil, c)
			r := w.call(w.ask(acme).ID, because(bot.HandleTaken))
			broken.before = failsAt(method)
			w.shows(worker, c, r.ID, "in C1 c1-0-0")
			broken.before = func(string) error { return nil }
			w.later(r.ID)
			w.shows(worker, c, r.ID, "below M1 e1-0-3")
		})
	}
	for name, code := range map[string]bot.Code{"noting a closed channel": bot.NoAccess, "noting a deleted card": bot.Gone} {
		t.Run(name, func(t *testing.T) {
			broken := &shaky{before: func(string) error { return nil }}
			w, c := newWorld(t, func(o *Options) { broken.Store, o.Store = o.Store, broken }), newChat()
			worker, _ := w.worker(nil, c)
			r := w.ask(acme)
			failed := false
			c.before = func(string, bot.Place, bot.Card) error {
				c.before = nil
				broken.before = func(string) error {
					if failed {
						return nil
					}
					failed = true
					return errDisk
				}
				return &bot.Error{Code: code}
			}
			w.shows(worker, c, r.ID)
			w.later(r.ID)
			w.shows(worker, c, r.ID, "in C1 c1-0-0", "redraw M1")
		})
	}
}

func TestPause(t *testing.T) {
	busy := &bot.Error{Code: bot.Busy, RetryAfter: time.Minute}
	for name, c := range map[string]struct {
		err   error
		tries int
		want  time.Duration
	}{
		"at first":                    {errDisk, 0, time.Second},
		"later and later":             {errDisk, 3, 8 * time.Second},
		"never above a minute":        {errDisk, 1000, atMost},
		"as long as the platform":     {fmt.Errorf("post: %w", busy), 0, time.Minute},
		"longer than it asks":         {&bot.Error{Code: bot.Busy, RetryAfter: 10 * time.Second}, 5, 32 * time.Second},
		"the platform's wait, joined": {errors.Join(errDisk, busy), 0, time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			if got := pause(c.err, c.tries); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}
