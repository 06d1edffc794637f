package store

import (
	"context"
	"database/sql"
	"sync"
	"time"

	"communitybot/bot"
)

// strandedFor is how long nobody has to be at a job that is marked as running before it is put back. River notes a job's
// end a moment after it, and keeps trying for two minutes while the database fails; after that it gives up.
const strandedFor = 30 * time.Second

// hands knows the jobs that this process is at, and since when it saw others that are marked as running.
type hands struct {
	mu   sync.Mutex
	at   map[int64]bool
	busy map[args]args // by work and request: two runs of the same must not meet, whatever the clock says of a lease
	idle map[int64]time.Time
}

// take begins a job, and reports false when the same work is under way. Then it is brought up again after that.
func (h *hands) take(job int64, a args) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, busy := h.busy[a.whatever()]; busy {
		h.busy[a.whatever()] = a
		return false
	}
	h.at[job], h.busy[a.whatever()] = true, a
	return true
}

// has reports whether a job is under way.
func (h *hands) has(a args) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.busy[a.whatever()] == a
}

// drop ends a job. Work that was asked for again meanwhile is returned.
func (h *hands) drop(job int64, a args) (again []bot.Job) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if next := h.busy[a.whatever()]; next != a {
		again = []bot.Job{{Work: next.Work, Request: next.Request, Seq: next.Seq}}
	}
	delete(h.at, job)
	delete(h.busy, a.whatever())
	return again
}

// whatever is the work, whichever wish for it.
func (a args) whatever() args {
	a.Seq = 0
	return a
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// stranded returns which of the jobs that are marked as running nobody has been at for too long.
func (h *hands) stranded(running []int64, now time.Time) (jobs []int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	idle := map[int64]time.Time{}
	for _, id := range running {
		if h.at[id] {
			continue
		}
		since, before := h.idle[id]
		switch {
		case !before:
			idle[id] = now
		case now.Sub(since).Abs() >= strandedFor:
			jobs = append(jobs, id)
		default:
			idle[id] = since
		}
	}
	h.idle = idle
	return jobs
}

// rescue puts jobs back that are marked as running while nobody is at them, because the database could not take their
// end. As River makes a task one job only, its work would never be done.
func (q *Queue) rescue(ctx context.Context) error {
	rows, err := q.s.read.QueryContext(ctx, `SELECT id FROM river_job WHERE state = 'running'`+q.s.engine.running())
	running, err := column[int64](rows, err)
	if err != nil {
		return err
	}
	stranded := q.hands.stranded(running, q.s.now())
	if len(stranded) == 0 {
		return nil
	}
	q.s.log.Warn("jobs were left half done, because the database did not take their end; they go on", "jobs", len(stranded))
	return q.s.write(ctx, func(tx *sql.Tx) ([]bot.Job, error) {
		for _, id := range stranded {
			if _, err := tx.ExecContext(ctx, `UPDATE river_job SET state = 'available' WHERE id = $1 AND state = 'running'`, id); err != nil {
				return nil, err
			}
		}
		return nil, nil
	})
}
