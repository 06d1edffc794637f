package commands

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync/atomic"
	"time"

	"communitybot/bot"
	"communitybot/bot/crash"
)

const (
	drawing   = 2 * time.Minute  // the lease for showing a request
	recording = 30 * time.Second // to note down what Genuin answered, while the database is in trouble
	again     = time.Second      // until the first try after a platform failed
	atMost    = time.Minute      // between tries; news of the request's other thread waits as long
)

// Worker does the slow work of requests: it shows them, and has Genuin make the communities. Every job may run twice.
type Worker struct {
	*Commands
	Genuin    bot.Genuin
	Platforms map[string]bot.Platform
	Owner     string        // this process, in tasks
	Life      Life          // of this process
	Call      time.Duration // what a call to Genuin takes at most, all its parts together
	Patience  time.Duration // after which people are told that a call takes long
	Log       *slog.Logger
	Panicked  func() // counts panics that were caught

	turns  turns                  // of calling Genuin
	closed atomic.Pointer[closed] // the last time that the approvers' channel could not be reached; nil when it could since
}

// Life is how long a process may act on the tasks it has. One that was silent for too long may not: others take them over.
type Life interface {
	// Alive reports whether it may act now.
	Alive() bool
	// While returns a context that ends with ctx, or when Alive does.
	While(ctx context.Context) (context.Context, context.CancelFunc)
}

// closed is that a place could not be reached.
type closed struct {
	err error
	at  time.Time
}

// notReady is how long a channel that could not be reached counts: a bot that gets no requests any more could never find
// out that it is open again.
const notReady = 5 * time.Minute

// Ready returns why the approvers' channel could not be reached, when that was a moment ago, or nil.
func (w *Worker) Ready(context.Context) error {
	if c := w.closed.Load(); c != nil && w.Now().Before(c.at.Add(notReady)) {
		return c.err
	}
	return nil
}

// Do does one job. bot.ErrNoTask says that there was nothing to do.
func (w *Worker) Do(ctx context.Context, j bot.Job) error {
	ctx = bot.ForRequest(ctx, j.Request)
	switch j.Work {
	case bot.Make:
		return w.makeIt(ctx, j.Request)
	case bot.Sync:
		return w.show(ctx, j.Request)
	case bot.Wake:
		crash.At(crash.Woken)
		_, err := w.Store.Change(ctx, j.Request, "", func(r *bot.Request) error { return r.Awake(w.Now()) })
		return err
	}
	return fmt.Errorf("no such work: %q", j.Work)
}

// makeIt has Genuin make the community, when its turn has come: what waits for that is not a call yet, so it is in no doubt
// when the process ends, and has all its time when it begins.
func (w *Worker) makeIt(ctx context.Context, id int64) error {
	slow := time.AfterFunc(w.Patience, func() { w.tellSlow(ctx, id) })
	defer slow.Stop()
	if !w.turns.take() {
		r, err := w.Store.Request(ctx, id)
		switch {
		case ctx.Err() != nil:
			return bot.ErrNoTask // the next start finds it
		case err != nil:
			return err
		case !r.Wanted(bot.Make, w.Now()) || !w.turns.wait(ctx):
			return bot.ErrNoTask
		}
	}
	defer w.turns.giveBack()
	return w.callFor(ctx, id, slow)
}

// callFor calls Genuin for a request. That the call is made is noted before it, so whatever dies in between, its answer
// counts as lost and not as never sent.
func (w *Worker) callFor(ctx context.Context, id int64, slow *time.Timer) error {
	lease := w.Call + recording + 10*time.Second // the call must be over before somebody else may make the next
	r, err := w.Store.Change(ctx, id, "", func(r *bot.Request) error { return r.Call(w.Owner, w.Now(), lease) })
	if err != nil {
		return err
	}
	if r.State != bot.Creating { // it ended instead
		return nil
	}
	crash.At(crash.Claimed)
	if !w.Life.Alive() {
		return bot.ErrTaken
	}
	calling, cancel := context.WithTimeout(ctx, w.Call)
	defer cancel()
	made, err := w.call(calling, r.Community)
	slow.Stop()
	crash.At(crash.Called)
	call, handle := r.Calls.Count, r.Community.Handle
	defer crash.At(crash.Noted)
	return w.note(ctx, id, func(r *bot.Request) error {
		var refusal *bot.Refusal
		switch {
		case err == nil:
			r.Succeeded(handle, made, w.Now())
		case errors.As(err, &refusal):
			r.Refused(call, refusal, w.Now())
		default:
			r.Refused(call, &bot.Refusal{Reason: bot.NoAnswer, Err: err}, w.Now())
		}
		return nil
	})
}

// call calls Genuin. A panic is an answer that was lost: people hear of it, and it is tried again.
func (w *Worker) call(ctx context.Context, c bot.Community) (made bot.Made, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &bot.Refusal{Reason: bot.NoAnswer, Err: w.caught("genuin", p)}
		}
	}()
	return w.Genuin.Create(ctx, c)
}

// caught counts and logs a panic, and returns it as an error.
func (w *Worker) caught(at string, p any) error {
	w.Panicked()
	w.Log.Error("a panic was caught", "at", at, "panic", p, "stack", string(debug.Stack()))
	return fmt.Errorf("panic: %v", p)
}

// tellSlow has people told that the call under way takes long. Failing to is no harm: its outcome is told.
func (w *Worker) tellSlow(ctx context.Context, id int64) {
	_, err := w.Store.Change(ctx, id, "", func(r *bot.Request) error { r.Slow(w.Now()); return nil })
	if err != nil && ctx.Err() == nil {
		w.Log.Warn("could not say that Genuin takes long", "request", id, "err", err)
	}
}

// note keeps an outcome that exists nowhere else. It goes on when ctx ends, and tries again while the database fails.
func (w *Worker) note(ctx context.Context, id int64, fn func(*bot.Request) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recording)
	defer cancel()
	for wait := 50 * time.Millisecond; ; wait = min(2*wait, 5*time.Second) {
		_, err := w.Store.Change(ctx, id, "", fn)
		if err == nil || bot.CodeOf(err) == bot.NotFound {
			return err
		}
		w.Log.Error("keeping Genuin's answer failed; trying again", "request", id, "err", err)
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return err
		}
	}
}
