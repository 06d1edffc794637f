package store

import (
	"context"
	"sync"
	"time"

	"communitybot/bot"
	"communitybot/bot/crash"
)

// lanes are the hands that this process has for jobs of each kind.
type lanes struct {
	free map[bot.Work]chan struct{} // holds one for each that is busy
	left chan struct{}              // holds one when jobs were left in their requests because no hand was free, and one is again
	over bool                       // jobs were left; only feed looks at it
	ctx  context.Context
	cut  context.CancelFunc // tells jobs to give up
	all  sync.WaitGroup
}

func newLanes() *lanes {
	l := &lanes{free: map[bot.Work]chan struct{}{}, left: make(chan struct{}, 1)}
	for w, hands := range map[bot.Work]int{bot.Sync: atOnce, bot.Make: waiting, bot.Wake: atOnce} {
		l.free[w] = make(chan struct{}, hands)
	}
	l.ctx, l.cut = context.WithCancel(context.Background())
	return l
}

// wait waits for all that is being done.
func (l *lanes) wait(ctx context.Context) error {
	done := make(chan struct{})
	go func() {
		l.all.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// done gives a hand back.
func (l *lanes) done(hand <-chan struct{}) {
	<-hand
	select {
	case l.left <- struct{}{}:
	default:
	}
}

// behind says when there may be hands free for jobs that were left; never when none were.
func (l *lanes) behind() <-chan struct{} {
	if !l.over {
		return nil
	}
	return l.left
}

// begin begins jobs as far as there are hands free. The others are left in their requests, where they are found.
func (q *Queue) begin(jobs []bot.Job) {
	for _, j := range jobs {
		a, free := args{j.Work, j.Request, j.Seq}, q.lanes.free[j.Work]
		select {
		case free <- struct{}{}:
		default:
			q.lanes.over = true
			continue
		}
		if !q.hands.take(0, a) {
			<-free
			continue
		}
		q.lanes.all.Go(func() {
			defer q.lanes.done(free)
			q.s.peopleFirst(q.lanes.ctx)
			q.do(q.lanes.ctx, 0, a)
		})
	}
	if len(jobs) > 0 {
		crash.At(crash.Queued)
	}
}

// catchUp begins what was left, the longest overdue first.
func (q *Queue) catchUp(ctx context.Context) {
	q.lanes.over = false
	now := q.s.now()
	late, err := q.s.pending(ctx, now, atOnce)
	if err != nil {
		if ctx.Err() == nil {
			q.s.log.Error("looking for work that was left failed; it is found again in a moment", "err", err)
		}
		return
	}
	var jobs []bot.Job
	for _, r := range late {
		jobs = append(jobs, r.Overdue(now)...)
	}
	q.begin(jobs)
	q.lanes.over = q.lanes.over || len(late) == atOnce
}

// People who wait for an answer come before work that nobody waits for, unless that waited long enough.
const (
	crowd     = 8 // people whose writes wait: more than one commit is for
	longest   = 2 * time.Second
	lookAgain = 20 * time.Millisecond
)

// peopleFirst waits while a crowd waits for answers, for a while.
func (s *Store) peopleFirst(ctx context.Context) {
	for end := time.Now().Add(longest); s.waiting.Load() >= crowd && time.Now().Before(end); {
		select {
		case <-time.After(lookAgain):
		case <-ctx.Done():
			return
		}
	}
}

// behindKey marks contexts of work that nobody waits for.
type behindKey struct{}

func behind(ctx context.Context) context.Context { return context.WithValue(ctx, behindKey{}, true) }

func isBehind(ctx context.Context) bool { return ctx.Value(behindKey{}) != nil }
