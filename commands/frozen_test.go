package commands

import (
	"context"
	"errors"
	"testing"
	"time"

	"communitybot/bot"
	"communitybot/bot/bottest"
)

// woken is a process that was frozen for so long, after it took a task, that others may have it.
func woken() *bottest.Life {
	l := &bottest.Life{}
	l.Over.Store(true)
	return l
}

func TestAProcessThatWasFrozenDoesNotCallGenuin(t *testing.T) {
	w := newWorld(t)
	r := w.ask(acme)
	worker, _ := w.worker(genuin(func(context.Context, bot.Community) (bot.Made, error) {
		t.Error("Genuin was called")
		return bot.Made{}, nil
	}), newChat())
	worker.Life = woken()
	if err := w.do(worker, bot.Make, r.ID); !errors.Is(err, bot.ErrTaken) {
		t.Errorf("error %v, want that the task is taken", err)
	}
}

func TestAProcessThatWasFrozenShowsNothing(t *testing.T) {
	w, c := newWorld(t), newChat()
	r := w.ask(acme)
	worker, _ := w.worker(nil, c)
	worker.Life = woken()
	if err := w.do(worker, bot.Sync, r.ID); !errors.Is(err, bot.ErrTaken) {
		t.Errorf("error %v, want that the task is taken", err)
	}
	if posted := w.saw(c, r.ID); len(posted) > 0 {
		t.Errorf("posted %q", posted)
	}
}

// TestWhoeverTookATaskOverIsNotDisturbed has a process be frozen while it posts. What it knows is noted by whoever looks for it.
func TestWhoeverTookATaskOverIsNotDisturbed(t *testing.T) {
	w, c := newWorld(t), newChat()
	r := w.ask(acme)
	worker, _ := w.worker(nil, c)
	c.before = func(string, bot.Place, bot.Card) error {
		w.change(r.ID, func(r *bot.Request) error {
			r.Drop(func(string) bool { return true }, w.clock.Now())
			_, err := r.Begin(bot.Sync, "another", w.clock.Now(), time.Minute)
			return err
		})
		return nil
	}
	if err := w.do(worker, bot.Sync, r.ID); !errors.Is(err, bot.ErrTaken) {
		t.Errorf("error %v, want that the task is taken", err)
	}
	got := w.load(r.ID)
	if task := got.Tasks[bot.Sync]; task == nil || task.Owner != "another" {
		t.Errorf("the task is %+v, want it to be the other's", task)
	}
	if at := got.Threads[0].At; at.Message != "" {
		t.Errorf("a card was noted at %+v by a process that must not", at)
	}
}
