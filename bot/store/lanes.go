package store

import (
	"context"
	"sync"
	"time"

	"communitybot/bot"
	"communitybot/bot/crash"
)

// maxLine is how many jobs of a kind wait in memory for a hand; more are left in their requests.
const maxLine = 5000

// lanes are the hands that this process has for jobs of each kind, and the jobs that wait for one.
type lanes struct {
	most map[bot.Work]int

	mu   sync.Mutex
	busy map[bot.Work]int
	line map[bot.Work][]args
	over map[bot.Work]bool // jobs of a kind were left in their requests, because the line was too long
	left chan struct{}     // holds one when there is room for those again

	ctx context.Context
	cut context.CancelFunc // tells jobs to give up
	all sync.WaitGroup
}

func newLanes() *lanes {
	l := &lanes{
		most: map[bot.Work]int{bot.Sync: atOnce, bot.Make: waiting, bot.Wake: atOnce},
		busy: map[bot.Work]int{}, line: map[bot.Work][]args{}, over: map[bot.Work]bool{}, left: make(chan struct{}, 1),
	}
	l.ctx, l.cut = context.WithCancel(context.Background())
	return l
}

// enter reports whether there is a hand for a job, and whether the job waits for one if not.
func (l *lanes) enter(a args) (hand, waits bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.busy[a.Work] < l.most[a.Work]:
		l.busy[a.Work]++
		return true, false
	case len(l.line[a.Work]) < maxLine:
		l.line[a.Work] = append(l.line[a.Work], a)
		return false, true
	}
	l.over[a.Work] = true
	return false, false
}

// next returns what a hand does next that is free; nothing gives the hand back.
func (l *lanes) next(w bot.Work) (a args, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	line := l.line[w]
	if len(line) > 0 && l.ctx.Err() == nil {
		l.line[w] = line[1:]
		return line[0], true
	}
	l.busy[w]--
	if l.over[w] {
		delete(l.over, w)
		select {
		case l.left <- struct{}{}:
		default:
		}
	}
	return a, false
}

// close has no more jobs begun.
func (l *lanes) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	clear(l.line)
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

// begin begins jobs, or has them wait for a hand, as far as there is room. The others are left in their requests, where
// they are found.
func (q *Queue) begin(jobs []bot.Job) {
	for _, j := range jobs {
		a := args{j.Work, j.Request, j.Seq}
		if !q.hands.take(0, a) {
			continue
		}
		switch hand, waits := q.lanes.enter(a); {
		case hand:
			q.lanes.all.Go(func() { q.work(a) })
		case !waits:
			q.hands.drop(0, a)
		}
	}
	if len(jobs) > 0 {
		crash.At(crash.Queued)
	}
}

// work does a job, and then those that wait for a hand.
func (q *Queue) work(a args) {
	for more := true; more; a, more = q.lanes.next(a.Work) {
		q.s.peopleFirst(q.lanes.ctx)
		q.do(q.lanes.ctx, 0, a)
	}
}

// catchUp begins what was left, the longest overdue first.
func (q *Queue) catchUp(ctx context.Context) {
	late, err := q.s.overdue(ctx, q.s.now(), maxLine/2, q.underWay)
	if err != nil {
		if ctx.Err() == nil {
			q.s.log.Error("looking for work that was left failed; it is found again in a moment", "err", err)
		}
		return
	}
	q.begin(late)
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
