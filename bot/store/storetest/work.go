package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"communitybot/bot"
	"communitybot/bot/store"
)

// patience is how long a test waits for what must happen, far beyond what it takes.
const patience = 20 * time.Second

// start has worker do the jobs until the test ends.
func start(t *testing.T, s *store.Store, worker store.Worker) *store.Queue {
	t.Helper()
	q, err := s.Work(t.Context(), worker)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, q) })
	return q
}

func stop(t *testing.T, q *store.Queue) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := q.Stop(ctx); err != nil {
		t.Errorf("stop: %v", err)
	}
}

// next returns the next job out of c.
func next(t *testing.T, c <-chan bot.Job) bot.Job {
	t.Helper()
	select {
	case j := <-c:
		return j
	case <-time.After(patience):
		t.Fatal("no job came")
		return bot.Job{}
	}
}

// finish does nothing for a job, and says that it is done.
func finish(s *store.Store) store.Worker {
	return func(ctx context.Context, j bot.Job) error {
		_, err := s.Change(ctx, j.Request, "", func(r *bot.Request) error {
			if _, err := r.Begin(j.Work, s.Owner(), time.Now(), time.Minute); err != nil {
				return err
			}
			r.Finish(j.Work)
			return nil
		})
		return err
	}
}

func work(t *testing.T, open Open) {
	s := open(t, time.Now)
	done := make(chan bot.Job, 10)
	do := finish(s)
	start(t, s, func(ctx context.Context, j bot.Job) error {
		if err := do(ctx, j); err != nil {
			return err
		}
		done <- j
		return nil
	})
	r := request("e1", "acme")
	later := time.Now().Add(time.Second)
	r.Tasks[bot.Make].Due = later
	r, err := s.Add(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	if j := next(t, done); j.Work != bot.Sync || j.Request != r.ID {
		t.Errorf("first job %+v, want sync of request %d", j, r.ID)
	}
	if j := next(t, done); j.Work != bot.Make || time.Now().Before(later) {
		t.Errorf("second job %+v, want make, and not before its time", j)
	}
	got, err := s.Request(t.Context(), r.ID)
	if err != nil || len(got.Tasks) != 0 {
		t.Errorf("%d tasks left, err %v", len(got.Tasks), err)
	}
}

func retries(t *testing.T, open Open) {
	s := open(t, time.Now)
	tried := make(chan bot.Job, 10)
	start(t, s, func(_ context.Context, j bot.Job) error {
		if j.Work == bot.Make {
			return bot.ErrNoTask
		}
		tried <- j
		return errors.New("not now")
	})
	add(t, s, "e1", "acme")
	if first, second := next(t, tried), next(t, tried); first != second {
		t.Errorf("%+v came back as %+v", first, second)
	}
}

func takeOver(t *testing.T, open Open) {
	s := open(t, time.Now)
	begun := make(chan bot.Job, 10)
	q := start(t, s, func(ctx context.Context, j bot.Job) error {
		if j.Work == bot.Make {
			if _, err := s.Change(ctx, j.Request, "", func(r *bot.Request) error {
				return r.Call(s.Owner(), time.Now(), time.Hour)
			}); err != nil {
				return err
			}
			begun <- j // and the process dies before it reports back
		}
		return nil
	})
	r := add(t, s, "e1", "acme")
	next(t, begun)
	stop(t, q)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	s = open(t, time.Now)
	lost := make(chan bot.Request, 10)
	start(t, s, func(ctx context.Context, j bot.Job) error {
		if j.Work != bot.Make {
			return bot.ErrNoTask
		}
		r, err := s.Change(ctx, j.Request, "", func(r *bot.Request) error {
			return r.Call(s.Owner(), time.Now(), time.Hour)
		})
		if err == nil {
			lost <- r
		}
		return err
	})
	select {
	case got := <-lost:
		if got.ID != r.ID || !got.Calls.Lost || got.Calls.Count != 2 {
			t.Errorf("request %d, call %d, lost %v; want the second call of %d, the first one's answer lost", got.ID, got.Calls.Count, got.Calls.Lost, r.ID)
		}
	case <-time.After(patience):
		t.Fatal("nobody took the work over")
	}
}

func panics(t *testing.T, open Open) {
	s := open(t, time.Now)
	tried := make(chan bot.Job, 10)
	panicked := false
	start(t, s, func(_ context.Context, j bot.Job) error {
		if j.Work == bot.Sync && !panicked {
			panicked = true
			panic("a bug")
		}
		tried <- j
		return nil
	})
	add(t, s, "e1", "acme")
	for {
		if j := next(t, tried); j.Work == bot.Sync {
			return
		}
	}
}

// setBack has a clock be an hour ahead and be set back, while the store is open or between two starts. What was to happen
// in a moment happens in a moment, and what was being done by a process that is gone goes on.
func setBack(t *testing.T, open Open) {
	for _, restarted := range []bool{false, true} {
		t.Run(map[bool]string{false: "while it is open", true: "between two starts"}[restarted], func(t *testing.T) {
			var ahead atomic.Int64
			ahead.Store(int64(time.Hour))
			now := func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
			s := open(t, now)
			did := make(chan bot.Job, 10)
			work := func(s *store.Store) *store.Queue {
				return start(t, s, func(_ context.Context, j bot.Job) error { did <- j; return nil })
			}
			q := work(s)
			r := request(t.Name(), fmt.Sprint("acme-", restarted))
			r.Tasks = map[bot.Work]*bot.Task{bot.Sync: {Due: now().Add(time.Minute), Seq: 1}}
			if _, err := s.Add(t.Context(), r); err != nil {
				t.Fatal(err)
			}
			q.Look(t.Context())
			if restarted {
				stop(t, q)
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
			}
			ahead.Store(0)
			if restarted {
				s = open(t, now)
				q = work(s)
			}
			q.Look(t.Context())
			ahead.Store(int64(time.Minute))
			q.Look(t.Context())
			if j := next(t, did); j.Work != bot.Sync {
				t.Errorf("%+v was done", j)
			}
		})
	}
}
