package bot_test

import (
	"errors"
	"testing"
	"time"

	"communitybot/bot"
)

func begin(t *testing.T, r *bot.Request, w bot.Work, at time.Time) bool {
	t.Helper()
	dropped, err := r.Begin(w, "me", at, time.Minute)
	if err != nil {
		t.Fatalf("begin %s: %v", w, err)
	}
	return dropped
}

func TestWorkIsDoneByOneAtATime(t *testing.T) {
	r := request()
	if len(r.Jobs()) != 2 {
		t.Fatalf("%d jobs for a new request, want sync and make", len(r.Jobs()))
	}
	begin(t, r, bot.Sync, start)
	if _, err := r.Begin(bot.Sync, "you", start.Add(30*time.Second), time.Minute); !errors.Is(err, bot.ErrNoTask) {
		t.Errorf("a second owner: %v, want ErrNoTask", err)
	}
	if jobs := r.Jobs(); len(jobs) != 1 || jobs[0].Work != bot.Make {
		t.Errorf("jobs %v, want make alone", jobs)
	}
	r.Finish(bot.Sync)
	if r.Tasks[bot.Sync] != nil {
		t.Error("finished work is still wanted")
	}
	if _, err := r.Begin(bot.Sync, "you", start, time.Minute); !errors.Is(err, bot.ErrNoTask) {
		t.Errorf("work that is done, begun again: %v", err)
	}
}

func TestWorkAskedForWhileItIsDoneIsDoneAgain(t *testing.T) {
	r := request()
	begin(t, r, bot.Sync, start)
	call(t, r, nil) // there is news
	r.Finish(bot.Sync)
	if jobs := r.Jobs(); len(jobs) != 1 || jobs[0].Work != bot.Sync {
		t.Fatalf("jobs %v, want sync again", jobs)
	}
	begin(t, r, bot.Sync, start)
}

func TestWorkThatWasDroppedIsTakenUpInDoubt(t *testing.T) {
	for name, lose := range map[string]func(r *bot.Request) time.Time{
		"its lease ended": func(*bot.Request) time.Time { return start.Add(time.Minute) },
		"its owner died": func(r *bot.Request) time.Time {
			r.Drop(func(string) bool { return true }, start)
			return start
		},
		"its answer was lost": func(r *bot.Request) time.Time {
			r.Doubt(bot.Sync)
			r.Postpone(bot.Sync, start)
			return start
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := request()
			if begin(t, r, bot.Sync, start) {
				t.Error("new work is in doubt")
			}
			if !begin(t, r, bot.Sync, lose(r)) {
				t.Error("the next owner is not told")
			}
		})
	}
}

func TestWorkWaitsForItsTime(t *testing.T) {
	r := request()
	begin(t, r, bot.Sync, start)
	r.Postpone(bot.Sync, start.Add(time.Hour))
	if _, err := r.Begin(bot.Sync, "me", start.Add(59*time.Minute), time.Minute); !errors.Is(err, bot.ErrNoTask) {
		t.Errorf("before its time: %v", err)
	}
	call(t, r, nil) // news must not cut the wait short
	if due := r.Tasks[bot.Sync].Due; due != start.Add(time.Hour) {
		t.Errorf("due at %s", due)
	}
	begin(t, r, bot.Sync, start.Add(time.Hour))
}

func TestOverdueWorkIsFound(t *testing.T) {
	r := request()
	if at, ok := r.Due(); !ok || at != start {
		t.Errorf("due %v at %s", ok, at)
	}
	if jobs := r.Overdue(start.Add(-time.Second)); len(jobs) != 0 {
		t.Errorf("overdue before its time: %v", jobs)
	}
	begin(t, r, bot.Sync, start)
	begin(t, r, bot.Make, start)
	if at, ok := r.Due(); !ok || at != start.Add(time.Minute) {
		t.Errorf("work under way is due %v at %s, want when its lease ends", ok, at)
	}
	if jobs := r.Overdue(start.Add(59 * time.Second)); len(jobs) != 0 {
		t.Errorf("overdue while somebody is at it: %v", jobs)
	}
	if jobs := r.Overdue(start.Add(time.Minute)); len(jobs) != 2 {
		t.Errorf("%d jobs overdue after the leases, want 2", len(jobs))
	}
}

func TestThreads(t *testing.T) {
	r := request()
	at := here
	at.Message = "1.1"
	r.Posted(0, at, r.Changed)
	key := r.CardKey(0)
	r.CardGone(0)
	if th := r.Threads[0]; th.At != here || th.Shown != 0 || r.CardKey(0) != key {
		t.Errorf("after the card was deleted: %+v", th)
	}
	r.Posted(0, at, r.Changed)
	if r.CardKey(0) == key {
		t.Error("two cards have the same key")
	}
	r.Unreachable(0, start)
	if th := r.Threads[0]; th.At.User != ada.ID || th.At.Channel != "" || !th.Private || th.Dead {
		t.Errorf("after the channel was closed: %+v", th)
	}
	r.Unreachable(0, start)
	if th := r.Threads[0]; th.At.User != ada.ID || th.At.Channel != here.Channel || !th.Fading || th.Dead {
		t.Errorf("after direct messages were closed, too: %+v", th)
	}
	r.Unreachable(0, start)
	if !r.Threads[0].Dead {
		t.Error("nobody can be reached, and the thread goes on")
	}
	if n := len(r.LineKey(0, bot.Entry{Seq: 99999})); n > 25 {
		t.Errorf("a key of %d characters, Discord takes 25", n)
	}
}
