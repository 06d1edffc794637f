package store

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"math"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
	"golang.org/x/sync/errgroup"

	"communitybot/bot"
	"communitybot/bot/crash"
)

const (
	pickUp    = 100 * time.Millisecond // from when River has a job to its start, at most
	lookEvery = 5 * time.Second        // for tasks that come due, and those whose job was lost
	enough    = 1000                   // jobs that one look finds
	setBackBy = 2 * time.Second        // and more, a clock is not just being adjusted
	atOnce    = 50                     // jobs of one kind
	waiting   = 1000                   // … that wait for Genuin, and do nothing else: a slow one must not hold up the next
)

// quiet is River's logger: what goes wrong with a job is logged here, once.
var quiet = slog.New(slog.DiscardHandler)

// Worker does one job. ErrNoTask means that there was nothing to do; any other error is logged. What was not done is done
// with a later job.
type Worker func(ctx context.Context, job bot.Job) error

// Queue has the tasks of requests done. What a change asks for now, this process begins at once, as far as it has hands
// free. All else is found in the requests when it is due, and goes to River, from where any process takes it.
type Queue struct {
	river.WorkerDefaults[args]
	s      *Store
	river  jobs
	worker Worker
	hands  hands
	lanes  *lanes
	look   sync.Mutex
	latest time.Time // that was ever looked at
	pruned time.Time // when the last old requests were forgotten

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

// InsertOpts makes the same task one job as long as it is not done.
func (a args) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: string(a.Work), UniqueOpts: river.UniqueOpts{ByArgs: true,
		ByState: []rivertype.JobState{rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable,
			rivertype.JobStateRunning, rivertype.JobStateScheduled}}}
}

// Work starts to do jobs with worker, at first those that a process before this one left behind.
func (s *Store) Work(ctx context.Context, worker Worker) (*Queue, error) {
	crash.At(crash.TakingOver)
	if err := s.engine.join(ctx, s.takeOver); err != nil {
		return nil, s.engine.explain(err)
	}
	crash.At(crash.TookOver)
	q := &Queue{s: s, worker: worker, hands: hands{at: map[int64]bool{}, busy: map[args]args{}}, lanes: newLanes()}
	workers := river.NewWorkers()
	river.AddWorker(workers, q)
	lane := func(workers int) river.QueueConfig {
		return river.QueueConfig{MaxWorkers: workers, FetchCooldown: pickUp}
	}
	var err error
	q.river, err = s.engine.river(&river.Config{
		Queues:                      map[string]river.QueueConfig{string(bot.Sync): lane(atOnce), string(bot.Make): lane(waiting), string(bot.Wake): lane(atOnce)},
		Workers:                     workers,
		FetchPollInterval:           time.Second,
		JobTimeout:                  -1, // the work has limits of its own
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
	q.lanes.close()
	err := both(func() error { return q.river.Stop(ctx) }, func() error { return q.lanes.wait(ctx) })
	if !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	q.s.log.Warn("some work did not end in time; it goes on at the next start")
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cutOff)
	defer cancel()
	q.lanes.cut()
	err = both(func() error { return q.river.StopAndCancel(ctx) }, func() error { return q.lanes.wait(ctx) })
	if !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil // what is left ends with the process
}

// both does two things beside each other.
func both(one, other func() error) error {
	ended := make(chan error, 1)
	go func() { ended <- other() }()
	return errors.Join(one(), <-ended)
}

// takeOver puts back what processes that are gone were at. Their jobs are made anew from the requests: those that are
// left may be half done, or wait for a time that a clock was ahead to.
func (s *Store) takeOver(ctx context.Context) error {
	gone, err := s.engine.gone(ctx)
	if err != nil {
		return err
	}
	if err := s.mend(ctx, func(r *bot.Request) bool {
		back := r.Saved.Sub(s.now()) > setBackBy && r.SetBack(s.now())
		dropped := r.Drop(gone, s.now().Add(s.engine.landing()))
		return dropped || back
	}); err != nil {
		return err
	}
	return s.write(ctx, func(tx *sql.Tx) ([]bot.Job, error) { return nil, s.engine.clear(ctx, tx) })
}

// mend keeps what fn changes about requests that have tasks. fn reports whether it changed one.
func (s *Store) mend(ctx context.Context, fn func(*bot.Request) bool) error {
	return s.unfinished(ctx, math.MaxInt64, func(open []bot.Request) error {
		mending, ctx := errgroup.WithContext(ctx)
		mending.SetLimit(groupSize) // so many share a commit
		for _, r := range open {
			if !fn(&r) {
				continue
			}
			mending.Go(func() error {
				_, err := s.Change(ctx, r.ID, "", func(r *bot.Request) error { fn(r); return nil })
				return err
			})
		}
		return mending.Wait()
	})
}

// clockSetBack mends what waits for a time that the clock was ahead to.
func (q *Queue) clockSetBack(ctx context.Context) error {
	q.s.log.Warn("the clock was set back; what waits is brought forward by as much")
	if err := q.s.mend(ctx, func(r *bot.Request) bool { return r.SetBack(q.s.now()) }); err != nil {
		return err
	}
	return q.s.write(ctx, func(tx *sql.Tx) ([]bot.Job, error) {
		_, err := tx.ExecContext(ctx, `DELETE FROM river_job WHERE state IN ('available', 'retryable', 'scheduled')`)
		return nil, err
	})
}

// feed begins the jobs of committed changes as they come and queues, from time to time, what comes due in the requests:
// what was put off, and what was lost on the way.
func (q *Queue) feed(ctx context.Context) {
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	q.Look(ctx)
	for {
		select {
		case jobs := <-q.s.jobs:
			q.begin(q.hold(q.more(jobs)))
		case <-q.lanes.left:
			q.catchUp(ctx)
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

// Look queues what is due or comes due before the next look, puts jobs back that nobody is at, and once a minute forgets
// what need not be kept any more. It happens by itself
// every few seconds; a clock that was moved calls for one at once.
func (q *Queue) Look(ctx context.Context) {
	q.look.Lock()
	defer q.look.Unlock()
	if err := q.rescue(ctx); err != nil && ctx.Err() == nil {
		q.s.log.Error("looking for jobs that nobody is at failed; trying again", "err", err)
	}
	leads, err := q.s.engine.leads(ctx)
	if err != nil && ctx.Err() == nil {
		q.s.log.Error("finding out who does what is done from time to time failed; trying again", "err", err)
	}
	if leads {
		q.lead(ctx)
	}
}

// lead is the part of Look that one process does for all.
func (q *Queue) lead(ctx context.Context) {
	if now := q.s.now(); q.latest.After(now.Add(setBackBy)) {
		if err := q.clockSetBack(ctx); err != nil {
			q.s.log.Error("mending what waits failed; trying again", "err", err)
			return
		}
		q.latest = now
	}
	q.latest = later(q.latest, q.s.now())
	by := q.s.now().Add(lookEvery)
	jobs, err := q.s.overdue(ctx, by, enough, q.underWay)
	if err != nil {
		if ctx.Err() == nil {
			q.s.log.Error("looking for lost work failed; trying again", "err", err)
		}
		return
	}
	q.insert(ctx, q.hold(jobs))
	q.forget(ctx)
}

// forget forgets what need not be kept any more, unless it did a moment ago.
func (q *Queue) forget(ctx context.Context) {
	if now := q.s.now(); now.Sub(q.pruned).Abs() >= pruneEvery {
		if err := q.s.prune(ctx); err != nil && ctx.Err() == nil {
			q.s.log.Error("forgetting old requests failed; trying again", "err", err)
		}
		q.pruned = now
	}
}

// underWay reports whether this process is at a job, or has it wait for a hand.
func (q *Queue) underWay(j bot.Job) bool { return q.hands.has(args{j.Work, j.Request, j.Seq}) }

func (q *Queue) insert(ctx context.Context, jobs []bot.Job) {
	if len(jobs) == 0 {
		return
	}
	var params []river.InsertManyParams
	twice := make(map[args]bool, len(jobs)) // River refuses a batch with the same job twice, whole
	for _, j := range jobs {
		if a := (args{j.Work, j.Request, j.Seq}); !twice[a] {
			twice[a] = true
			params = append(params, river.InsertManyParams{Args: a})
		}
	}
	if len(params) == 0 {
		return
	}
	if _, err := q.river.InsertMany(ctx, params); err != nil && ctx.Err() == nil {
		q.s.log.Error("queueing work failed; it is found again in a moment", "jobs", len(jobs), "err", err)
	}
	crash.At(crash.Queued)
}

// Work does one job for River.
func (q *Queue) Work(ctx context.Context, job *river.Job[args]) error {
	if q.hands.take(job.ID, job.Args) {
		q.do(ctx, job.ID, job.Args)
	}
	return nil
}

// do does one job that was taken; its number in River is 0 when it is not from there. Nothing it does may take the process
// down. A job that fails is done all the same: its task is still wanted, so a new one is made.
func (q *Queue) do(ctx context.Context, job int64, a args) {
	defer func() { q.s.hand(q.hands.drop(job, a)) }()
	ctx = behind(ctx)
	crash.At(crash.Begun)
	if err := q.try(ctx, a); err != nil && !errors.Is(err, bot.ErrNoTask) {
		q.s.log.Error("a job failed; trying again", "work", a.Work, "request", a.Request, "err", err)
		q.giveBack(ctx, a)
	}
}

// try does a job, and returns a panic as an error.
func (q *Queue) try(ctx context.Context, a args) (err error) {
	defer func() {
		if p := recover(); p != nil {
			q.s.log.Error("a job panicked", "work", a.Work, "request", a.Request, "panic", p, "stack", string(debug.Stack()))
			err = errors.New("panic")
		}
	}()
	return q.worker(ctx, bot.Job{Work: a.Work, Request: a.Request, Seq: a.Seq})
}

// giveBack ends that this process is at a task, as soon as the database takes it: nobody else may begin it before.
func (q *Queue) giveBack(ctx context.Context, a args) {
	for wait := time.Second; ; wait = min(2*wait, lookEvery) {
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return // the next start finds it
		}
		_, err := q.s.Change(ctx, a.Request, "", func(r *bot.Request) error { r.GiveBack(a.Work, q.s.owner, q.s.now()); return nil })
		if err == nil || bot.CodeOf(err) == bot.NotFound {
			return
		}
	}
}
