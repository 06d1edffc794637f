package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivertype"

	"communitybot/bot"
	"communitybot/bot/crash"
)

const (
	pickUp    = 10 * time.Millisecond // from a job's commit to its start, about
	lookEvery = 5 * time.Second       // for tasks that come due, and those whose job was lost
	atOnce    = 50                    // jobs of one kind
	waiting   = 1000                  // … that wait for Genuin, and do nothing else: a slow one must not hold up the next
)

// quiet is River's logger: what goes wrong with a job is logged here, once.
var quiet = slog.New(slog.DiscardHandler)

// Worker does one job. ErrNoTask means that there was nothing to do; any other error has the job tried again.
type Worker func(ctx context.Context, job bot.Job) error

// Queue hands tasks to River and takes them back as jobs.
type Queue struct {
	river.WorkerDefaults[args]
	s      *Store
	river  *river.Client[*sql.Tx]
	worker Worker
	hands  hands

	stop    context.CancelFunc
	running sync.WaitGroup
}

// args are a job's arguments in River.
type args struct {
	Work    bot.Work `json:"work"`
	Request int64    `json:"request"`
	Seq     int      `json:"seq"`
}

// Kind names the job for River.
func (args) Kind() string { return "request" }

// InsertOpts makes the same task one job as long as it is not done, and keeps the job until it is.
func (a args) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: string(a.Work), MaxAttempts: 10_000, UniqueOpts: river.UniqueOpts{ByArgs: true,
		ByState: []rivertype.JobState{rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable,
			rivertype.JobStateRunning, rivertype.JobStateScheduled}}}
}

// Work starts to do jobs with worker, at first those that a process before this one left behind.
func (s *Store) Work(ctx context.Context, worker Worker) (*Queue, error) {
	crash.At(crash.TakingOver)
	if err := s.takeOver(ctx); err != nil {
		return nil, explain(s.path, err)
	}
	crash.At(crash.TookOver)
	q := &Queue{s: s, worker: worker, hands: hands{at: map[int64]bool{}}}
	workers := river.NewWorkers()
	river.AddWorker(workers, q)
	lane := func(workers int) river.QueueConfig {
		return river.QueueConfig{MaxWorkers: workers, FetchCooldown: pickUp}
	}
	var err error
	q.river, err = river.NewClient(riversqlite.New(s.db), &river.Config{
		Queues:                      map[string]river.QueueConfig{string(bot.Sync): lane(atOnce), string(bot.Make): lane(waiting), string(bot.Wake): lane(atOnce)},
		Workers:                     workers,
		FetchPollInterval:           time.Second,
		JobTimeout:                  -1, // the work has limits of its own
		RetryPolicy:                 soon{},
		Logger:                      quiet,
		ID:                          s.owner,
		CompletedJobRetentionPeriod: time.Hour,
	})
	if err != nil {
		return nil, err
	}
	// Its life ends with Stop, not with ctx.
	if err := q.river.Start(context.WithoutCancel(ctx)); err != nil {
		return nil, err
	}
	running, cancel := context.WithCancel(context.WithoutCancel(ctx))
	q.stop = cancel
	q.running.Go(func() { q.feed(running) })
	return q, nil
}

// cutOff is how long jobs may take to note where they are, once they are told to give up.
const cutOff = 5 * time.Second

// Stop starts no more jobs and waits for those under way. When ctx ends they are told to give up: what they were at
// goes on at the next start.
func (q *Queue) Stop(ctx context.Context) error {
	q.stop()
	q.running.Wait()
	err := q.river.Stop(ctx)
	if !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	q.s.log.Warn("some work did not end in time; it goes on at the next start")
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cutOff)
	defer cancel()
	if err := q.river.StopAndCancel(ctx); !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil // what is left ends with the process
}

// takeOver puts back what a process that is gone was at. The lock on the file says that there is no other now.
func (s *Store) takeOver(ctx context.Context) error {
	gone := func(owner string) bool { return owner != s.owner }
	open, err := s.unfinished(ctx)
	if err != nil {
		return err
	}
	for _, r := range open {
		if _, err := s.Change(ctx, r.ID, "", func(r *bot.Request) error { r.Drop(gone, s.now()); return nil }); err != nil {
			return err
		}
	}
	return s.write(ctx, func(tx *sql.Tx) ([]bot.Job, error) {
		for _, sql := range []string{
			`UPDATE river_job SET state = 'available' WHERE state = 'running'`,
			`DELETE FROM river_leader`, // or its lease would hold up scheduled jobs
			`DELETE FROM leases`,
		} {
			if _, err := tx.ExecContext(ctx, sql); err != nil {
				return nil, err
			}
		}
		return nil, nil
	})
}

// feed queues the jobs of committed changes as they come and, from time to time, what comes due in the requests: what
// was put off, and what was lost on the way.
func (q *Queue) feed(ctx context.Context) {
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	q.Look(ctx)
	for {
		select {
		case jobs := <-q.s.jobs:
			q.insert(ctx, q.hold(q.more(jobs)))
		case <-look.C:
			q.Look(ctx)
		case <-ctx.Done():
			return
		}
	}
}

// more returns jobs with those that wait behind them.
func (q *Queue) more(jobs []bot.Job) []bot.Job {
	for len(jobs) < groupSize {
		select {
		case more := <-q.s.jobs:
			jobs = append(jobs, more...)
		default:
			return jobs
		}
	}
	return jobs
}

// hold keeps back jobs that are due in a moment, brings them up again then, and leaves those that are due later to a
// later look. So jobs go to River only when they are due: a clock that is set, or a policy that changes, finds nothing
// there that waits for the old time, and nothing starts seconds late.
func (q *Queue) hold(jobs []bot.Job) []bot.Job {
	now := q.s.now()
	return slices.DeleteFunc(jobs, func(j bot.Job) bool {
		wait := j.At.Sub(now)
		if wait > 0 && wait <= lookEvery {
			j.At = time.Time{} // due by then
			time.AfterFunc(wait, func() { q.s.hand([]bot.Job{j}) })
		}
		return wait > 0
	})
}

// Look queues what is due or comes due before the next look, and puts jobs back that nobody is at. It happens by itself
// every few seconds; a clock that was moved calls for one at once.
func (q *Queue) Look(ctx context.Context) {
	if err := q.rescue(ctx); err != nil && ctx.Err() == nil {
		q.s.log.Error("looking for jobs that nobody is at failed; trying again", "err", err)
	}
	by := q.s.now().Add(lookEvery)
	late, err := q.s.pending(ctx, by, 1000)
	if err != nil {
		if ctx.Err() == nil {
			q.s.log.Error("looking for lost work failed; trying again", "err", err)
		}
		return
	}
	var jobs []bot.Job
	for _, r := range late {
		jobs = append(jobs, r.Overdue(by)...)
	}
	q.insert(ctx, q.hold(jobs))
}

func (q *Queue) insert(ctx context.Context, jobs []bot.Job) {
	if len(jobs) == 0 {
		return
	}
	params := make([]river.InsertManyParams, len(jobs))
	for i, j := range jobs {
		params[i] = river.InsertManyParams{Args: args{j.Work, j.Request, j.Seq}}
	}
	if _, err := q.river.InsertMany(ctx, params); err != nil && ctx.Err() == nil {
		q.s.log.Error("queueing work failed; it is found again in a moment", "jobs", len(jobs), "err", err)
	}
	crash.At(crash.Queued)
}

// Work does one job for River. Nothing a job does may take the process down.
func (q *Queue) Work(ctx context.Context, job *river.Job[args]) (err error) {
	a := job.Args
	defer func() {
		if p := recover(); p != nil {
			q.s.log.Error("a job panicked", "work", a.Work, "request", a.Request, "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	q.hands.take(job.ID)
	defer q.hands.drop(job.ID)
	crash.At(crash.Begun)
	err = q.worker(ctx, bot.Job{Work: a.Work, Request: a.Request, Seq: a.Seq})
	if errors.Is(err, bot.ErrNoTask) {
		return nil
	}
	if err != nil {
		q.s.log.Error("a job failed; trying again", "work", a.Work, "request", a.Request, "err", err)
	}
	return err
}

// soon tries a failed job again in seconds: what takes longer to mend is postponed by the task itself.
type soon struct{}

// NextRetry returns when.
func (soon) NextRetry(job *rivertype.JobRow) time.Time {
	return time.Now().Add(min(time.Second<<min(len(job.Errors), 5), 30*time.Second))
}
