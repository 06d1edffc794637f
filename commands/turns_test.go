package commands

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"communitybot/bot"
)

// hang is a Genuin that answers nothing until it is told to.
type hang struct {
	under  atomic.Int64
	answer chan struct{}
}

func (h *hang) Create(context.Context, bot.Community) (bot.Made, error) {
	h.under.Add(1)
	defer h.under.Add(-1)
	<-h.answer
	return bot.Made{ID: "g"}, nil
}

// TestACallThatWaitsForItsTurnHasNotBegun has Genuin hang with as many calls as it bears, and one more request.
func TestACallThatWaitsForItsTurnHasNotBegun(t *testing.T) {
	w := newWorld(t)
	h := &hang{answer: make(chan struct{})}
	worker, log := w.worker(h, nil)
	var all sync.WaitGroup
	do := func(ctx context.Context, id int64, want error) (done chan struct{}) {
		done = make(chan struct{})
		all.Go(func() {
			defer close(done)
			if err := worker.Do(ctx, bot.Job{Work: bot.Make, Request: id}); !errors.Is(err, want) {
				t.Errorf("request %d: %v, want %v", id, err, want)
			}
		})
		return done
	}
	for i := range callsAtOnce {
		do(t.Context(), w.ask(bot.Values{fieldName: "A", fieldHandle: fmt.Sprint("a-", i)}).ID, nil)
	}
	eventually(t, "Genuin has all calls that it bears", func() bool { return h.under.Load() == callsAtOnce })

	worker.Patience = time.Millisecond
	next := w.ask(acme)
	stopping, stop := context.WithCancel(t.Context())
	given := do(stopping, next.ID, bot.ErrNoTask)
	slow := func() bool { return slices.Contains(w.happened(next.ID), bot.Trouble) }
	eventually(t, "people are told that it takes long", slow)
	stop() // as when the process ends
	<-given
	if r := w.load(next.ID); r.State != bot.Approved || r.Calls.Count != 0 || r.Calls.Lost || r.Tasks[bot.Make].Owner != "" {
		t.Errorf("a call that was never made: %s, %+v, %+v", r.State, r.Calls, r.Tasks[bot.Make])
	}

	do(t.Context(), next.ID, nil)
	close(h.answer)
	all.Wait()
	if r := w.load(next.ID); r.State != bot.IsCreated || r.Calls.Count != 1 || r.Calls.Lost || log.panics.Load() > 0 {
		t.Errorf("in the end: %s, %+v", r.State, r.Calls)
	}
}

// TestWhoHasNothingToDoWaitsForNoTurn has a job come for a request that is not due.
func TestWhoHasNothingToDoWaitsForNoTurn(t *testing.T) {
	w := newWorld(t)
	worker, _ := w.worker(answers(nil), nil)
	r := w.call(w.ask(acme).ID, because(bot.Unreachable)) // which is tried later
	for range callsAtOnce {
		worker.turns.take()
	}
	if err := w.do(worker, bot.Make, r.ID); !errors.Is(err, bot.ErrNoTask) {
		t.Errorf("done: %v", err)
	}
}
