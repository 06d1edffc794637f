package commands

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"communitybot/bot"
	"communitybot/bot/bottest"
)

// genuin is a Genuin that answers as told.
type genuin func(ctx context.Context, c bot.Community) (bot.Made, error)

func (g genuin) Create(ctx context.Context, c bot.Community) (bot.Made, error) { return g(ctx, c) }

// answers is a Genuin that gives these answers one after the other; nil means that the community was made.
func answers(list ...error) genuin {
	return func(context.Context, bot.Community) (bot.Made, error) {
		err := list[0]
		list = list[1:]
		if err != nil {
			return bot.Made{}, err
		}
		return bot.Made{ID: "g1", URL: "https://genuin.test/acme"}, nil
	}
}

// worker does the world's slow work.
func (w *world) worker(g bot.Genuin, chat *chat) (*Worker, *record) {
	log := &record{}
	return &Worker{
		Commands: w.Commands, Genuin: g, Platforms: map[string]bot.Platform{"slack": chat}, Owner: "me", Life: &bottest.Life{},
		Call: time.Minute, Patience: time.Hour, Panicked: func() { log.panics.Add(1) }, Log: slog.New(slog.NewTextHandler(log, nil)),
	}, log
}

func (w *world) do(worker *Worker, work bot.Work, id int64) error {
	return worker.Do(w.t.Context(), bot.Job{Work: work, Request: id})
}

// eventually waits until something is so.
func eventually(t *testing.T, what string, so func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	deadline := time.After(20 * time.Second)
	for !so() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("it never came to this: %s", what)
		}
	}
}

func TestMakingACommunity(t *testing.T) {
	for name, c := range map[string]struct {
		answer error
		state  bot.State
		told   bot.What
		reason bot.Reason
	}{
		"made":                 {nil, bot.IsCreated, bot.Created, ""},
		"handle taken":         {because(bot.HandleTaken), bot.HasFailed, bot.Failed, bot.HandleTaken},
		"category unknown":     {because(bot.CategoryUnknown), bot.HasFailed, bot.Failed, bot.CategoryUnknown},
		"bad request":          {because(bot.BadRequest), bot.HasFailed, bot.Failed, bot.BadRequest},
		"not let in":           {because(bot.Unauthorized), bot.HasFailed, bot.Failed, bot.Unauthorized},
		"misuse":               {because(bot.Misuse), bot.HasFailed, bot.Failed, bot.Misuse},
		"rate limited":         {because(bot.RateLimited), bot.Approved, bot.Trouble, bot.RateLimited},
		"unreachable":          {because(bot.Unreachable), bot.Approved, bot.Trouble, bot.Unreachable},
		"broken":               {because(bot.Broken), bot.Approved, bot.Trouble, bot.Broken},
		"answer lost":          {because(bot.NoAnswer), bot.Approved, bot.Trouble, bot.NoAnswer},
		"an error of any kind": {errors.New("out of order"), bot.Approved, bot.Trouble, bot.NoAnswer},
		"out of time":          {context.DeadlineExceeded, bot.Approved, bot.Trouble, bot.NoAnswer},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			r := w.ask(acme)
			var asked bot.Community
			worker, _ := w.worker(genuin(func(ctx context.Context, com bot.Community) (bot.Made, error) {
				asked = com
				if now := w.load(r.ID); now.State != bot.Creating || now.Calls.Count != 1 {
					t.Errorf("it is %s while the call is made", now.State)
				}
				if limit, ok := ctx.Deadline(); !ok || time.Until(limit) > time.Minute {
					t.Error("the call may take for ever")
				}
				return answers(c.answer)(ctx, com)
			}), nil)
			if err := w.do(worker, bot.Make, r.ID); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(r.Community, asked); diff != "" {
				t.Errorf("Genuin was asked for something else (-want +got):\n%s", diff)
			}
			now := w.load(r.ID)
			if diff := cmp.Diff([]bot.What{bot.Asked, bot.Sent, c.told}, w.happened(r.ID)); diff != "" || now.State != c.state || now.Calls.Reason != c.reason {
				t.Errorf("%s because %q, history (-want +got):\n%s", now.State, now.Calls.Reason, diff)
			}
			if c.answer == nil && now.Made.URL != "https://genuin.test/acme" {
				t.Errorf("made %+v", now.Made)
			}
			if lost := now.Calls.Lost; lost != (c.reason == bot.NoAnswer) {
				t.Errorf("an answer was lost: %v", lost)
			}
			if again := now.Tasks[bot.Make]; (again != nil) != (c.state == bot.Approved) || again != nil && !again.Due.After(w.clock.Now()) {
				t.Errorf("another try: %+v", again)
			}
			if err := w.do(worker, bot.Make, r.ID); !errors.Is(err, bot.ErrNoTask) {
				t.Errorf("the same job again: %v", err)
			}
		})
	}
}

func TestGenuinsWaitIsHonoured(t *testing.T) {
	w := newWorld(t)
	r := w.ask(acme)
	worker, _ := w.worker(answers(&bot.Refusal{Reason: bot.RateLimited, RetryAfter: 7 * time.Minute}), nil)
	if err := w.do(worker, bot.Make, r.ID); err != nil {
		t.Fatal(err)
	}
	if due := w.load(r.ID).Tasks[bot.Make].Due; !due.Equal(start.Add(7 * time.Minute)) {
		t.Errorf("the next try is at %s", due)
	}
}

func TestACallWhoseProcessDiedCountsAsALostAnswer(t *testing.T) {
	w := newWorld(t)
	r := w.ask(acme)
	w.change(r.ID, func(r *bot.Request) error { return r.Call("a dead process", w.clock.Now(), time.Minute) })
	worker, _ := w.worker(answers(because(bot.HandleTaken)), nil)
	if err := w.do(worker, bot.Make, r.ID); !errors.Is(err, bot.ErrNoTask) {
		t.Fatalf("a second call beside the first: %v", err)
	}
	w.clock.Move(time.Minute)
	if err := w.do(worker, bot.Make, r.ID); err != nil {
		t.Fatal(err)
	}
	if now := w.load(r.ID); now.State != bot.Unclear {
		t.Errorf("it is %s", now.State)
	}
}

func TestTheOutcomeIsKeptWhenTheDatabaseFailsForAWhile(t *testing.T) {
	for name, c := range map[string]struct {
		answer error
		state  bot.State
	}{"made": {nil, bot.IsCreated}, "refused": {because(bot.BadRequest), bot.HasFailed}} {
		t.Run(name, func(t *testing.T) {
			broken := &shaky{before: func(string) error { return nil }}
			w := newWorld(t, func(o *Options) { broken.Store, o.Store = o.Store, broken })
			r := w.ask(acme)
			ctx, cancel := context.WithCancel(t.Context())
			failures := 2
			worker, log := w.worker(genuin(func(ctx context.Context, com bot.Community) (bot.Made, error) {
				broken.before = func(method string) error {
					if failures == 0 {
						return nil
					}
					failures--
					return errDisk
				}
				cancel() // the process is asked to end, too
				return answers(c.answer)(ctx, com)
			}), nil)
			if err := worker.Do(ctx, bot.Job{Work: bot.Make, Request: r.ID}); err != nil {
				t.Fatal(err)
			}
			if now := w.load(r.ID); now.State != c.state || now.Calls.Lost {
				t.Errorf("it is %s", now.State)
			}
			if failures != 0 || !log.has("keeping Genuin's answer failed; trying again") {
				t.Error("the failures were not met, or not logged")
			}
		})
	}
}

func TestNotingGivesUpInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tries := 0
		worker := &Worker{Commands: New(Options{Store: &shaky{before: func(string) error { tries++; return errDisk }}}), Panicked: func() {}, Log: slog.New(slog.DiscardHandler)}
		began := time.Now()
		err := worker.note(t.Context(), 1, nil)
		if took := time.Since(began); !errors.Is(err, errDisk) || took != recording {
			t.Errorf("error %v after %s, want the database's after %s", err, took, recording)
		}
		if tries < 8 || tries > 20 {
			t.Errorf("%d tries", tries)
		}
	})
	w := newWorld(t)
	worker, _ := w.worker(nil, nil)
	if err := worker.note(t.Context(), 7, nil); bot.CodeOf(err) != bot.NotFound {
		t.Errorf("a request that is not there: %v", err)
	}
}

func TestASlowCallIsToldOnce(t *testing.T) {
	w := newWorld(t)
	r := w.ask(acme)
	var worker *Worker
	worker, _ = w.worker(genuin(func(ctx context.Context, com bot.Community) (bot.Made, error) {
		eventually(t, "people are told that it takes long", func() bool { return slices.Contains(w.happened(r.ID), bot.Trouble) })
		worker.tellSlow(ctx, r.ID) // a second time changes nothing
		return bot.Made{}, because(bot.NoAnswer)
	}), nil)
	worker.Patience = time.Millisecond
	if err := w.do(worker, bot.Make, r.ID); err != nil {
		t.Fatal(err)
	}
	worker.Patience = time.Hour
	worker.Genuin = answers(nil)
	w.clock.Move(time.Minute)
	if err := w.do(worker, bot.Make, r.ID); err != nil {
		t.Fatal(err)
	}
	want := []bot.What{bot.Asked, bot.Sent, bot.Trouble, bot.Trouble, bot.Created} // the lost answer is news of its own
	if diff := cmp.Diff(want, w.happened(r.ID)); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
	worker.tellSlow(t.Context(), r.ID)
	if diff := cmp.Diff(want, w.happened(r.ID)); diff != "" {
		t.Errorf("told after the end (-want +got):\n%s", diff)
	}
}

func TestNotBeingAbleToSayThatItIsSlowIsLogged(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.Store = &shaky{Store: o.Store, before: failsAt("Change")} })
	worker, log := w.worker(nil, nil)
	ended, end := context.WithCancel(t.Context())
	end()
	worker.tellSlow(ended, 1)
	if log.has("could not say") {
		t.Error("logged although the process ends")
	}
	worker.tellSlow(t.Context(), 1)
	if !log.has("could not say that Genuin takes long") {
		t.Error("not logged")
	}
}

func TestTwoCallsAtTheSameTimeAreOne(t *testing.T) {
	w := newWorld(t)
	r := w.ask(acme)
	calls := make(chan struct{}, 8)
	worker, _ := w.worker(genuin(func(context.Context, bot.Community) (bot.Made, error) {
		calls <- struct{}{}
		return bot.Made{ID: "g1"}, nil
	}), nil)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if err := w.do(worker, bot.Make, r.ID); err != nil && !errors.Is(err, bot.ErrNoTask) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if len(calls) != 1 {
		t.Errorf("Genuin was called %d times", len(calls))
	}
}

func TestWorkThatIsNotThere(t *testing.T) {
	w := newWorld(t)
	worker, _ := w.worker(nil, nil)
	if err := w.do(worker, "dance", 1); err == nil {
		t.Error("it dances")
	}
	for _, work := range []bot.Work{bot.Make, bot.Sync} {
		if err := w.do(worker, work, 7); bot.CodeOf(err) != bot.NotFound {
			t.Errorf("%s of a request that is not there: %v", work, err)
		}
	}
}
