package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"communitybot/bot"
)

// Add keeps a new request; see bot.Requests.
func (s *Store) Add(ctx context.Context, r bot.Request) (bot.Request, error) {
	event := ""
	for _, e := range r.News() {
		event = e.Event
	}
	err := s.once(ctx, event, func(tx *sql.Tx) ([]bot.Job, error) {
		if seen, err := byEvent(ctx, tx, event); err != nil || seen.ID != 0 {
			r = seen
			return nil, err
		}
		r.Saved = s.now()
		doc, err := json.Marshal(&r)
		if err != nil {
			return nil, err
		}
		err = tx.QueryRowContext(ctx, `INSERT INTO requests (platform, user_id, state, handle, holds, due, decided_in, ended, doc)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id`,
			r.By.Platform, r.By.ID, r.State, r.Community.Handle, r.State.Holds(), due(&r), decidedIn(&r), ended(&r), doc).Scan(&r.ID)
		if s.engine.duplicate(err) == "requests_handle" {
			return nil, fmt.Errorf("%w (%w)", bot.ErrHeld, err)
		}
		if err != nil {
			return nil, fmt.Errorf("add request: %w", err)
		}
		return r.Jobs(), record(ctx, tx, &r)
	})
	return r, err
}

// once runs a write. When nobody can know whether it was kept, it runs again if there is an event by which it finds out.
func (s *Store) once(ctx context.Context, event string, run write) error {
	err := s.write(ctx, run)
	if errors.Is(err, errUnknown) && event != "" {
		err = s.write(ctx, run)
	}
	return err
}

// Request returns a request; see bot.Requests.
func (s *Store) Request(ctx context.Context, id int64) (bot.Request, error) {
	return load(s.read.QueryRowContext(ctx, selectRequest+` WHERE id = $1`, id))
}

// Change changes a request; see bot.Requests.
func (s *Store) Change(ctx context.Context, id int64, event string, fn func(*bot.Request) error) (bot.Request, error) {
	var r bot.Request
	err := s.once(ctx, event, func(tx *sql.Tx) (jobs []bot.Job, err error) {
		if r, err = load(tx.QueryRowContext(ctx, selectRequest+` WHERE id = $1`+s.engine.forUpdate(), id)); err != nil {
			return nil, err
		}
		// After the lock: the same event may come to two processes at once.
		if seen, err := byEvent(ctx, tx, event); err != nil || seen.ID != 0 {
			r = seen
			return nil, err
		}
		before := r.Jobs()
		if err := fn(&r); err != nil {
			return nil, err
		}
		return added(before, r.Jobs()), s.save(ctx, tx, &r)
	})
	return r, err
}

// added returns the jobs of after that are not in before: the others are queued already.
func added(before, after []bot.Job) []bot.Job {
	known := make(map[bot.Work]int, len(before))
	for _, j := range before {
		known[j.Work] = j.Seq
	}
	var jobs []bot.Job
	for _, j := range after {
		if seq, ok := known[j.Work]; !ok || seq != j.Seq {
			jobs = append(jobs, j)
		}
	}
	return jobs
}

func (s *Store) save(ctx context.Context, tx *sql.Tx, r *bot.Request) error {
	r.Saved = s.now()
	doc, err := json.Marshal(r)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE requests SET state = $1, handle = $2, holds = $3, due = $4, decided_in = $5, ended = $6, doc = $7 WHERE id = $8`,
		r.State, r.Community.Handle, r.State.Holds(), due(r), decidedIn(r), ended(r), doc, r.ID)
	if s.engine.duplicate(err) == "requests_handle" {
		return fmt.Errorf("%w (%w)", bot.ErrHeld, err)
	}
	if err != nil {
		return fmt.Errorf("save request %d: %w", r.ID, err)
	}
	return record(ctx, tx, r)
}

const selectRequest = `SELECT id, state, doc FROM requests`

// load reads one row of selectRequest.
func load(row interface{ Scan(...any) error }) (r bot.Request, err error) {
	var doc []byte
	err = row.Scan(&r.ID, &r.State, &doc)
	if errors.Is(err, sql.ErrNoRows) {
		return r, &bot.Error{Code: bot.NotFound}
	}
	if err != nil {
		return r, fmt.Errorf("load request: %w", err)
	}
	if err := json.Unmarshal(doc, &r); err != nil {
		return r, fmt.Errorf("request %d can't be read: %w", r.ID, err)
	}
	return r, nil
}

// byEvent returns the request that an event acted on, or none.
func byEvent(ctx context.Context, tx *sql.Tx, event string) (bot.Request, error) {
	if event == "" {
		return bot.Request{}, nil
	}
	r, err := load(tx.QueryRowContext(ctx, selectRequest+` WHERE id = (SELECT request_id FROM history WHERE event = $1)`, event))
	if bot.CodeOf(err) == bot.NotFound {
		return bot.Request{}, nil
	}
	return r, err
}

// due is the request's column of that name.
func due(r *bot.Request) any {
	if at, ok := r.Due(); ok {
		return at.UnixMilli()
	}
	return nil
}

// decidedIn is the request's column of that name.
func decidedIn(r *bot.Request) any {
	if in, ok := r.DecidedIn(); ok {
		return within(in)
	}
	return nil
}

// within writes a tenant as the column decided_in has it.
func within(in bot.Place) string { return in.Platform + "/" + in.Tenant }

// errEnough ends going through requests.
var errEnough = errors.New("enough")

// overdue returns jobs that somebody should have looked at by a time, the longest overdue first, and so many at least if
// there are: those that are under way are left out, however many there are, for they must not hide the others.
func (s *Store) overdue(ctx context.Context, by time.Time, enough int, underWay func(bot.Job) bool) (jobs []bot.Job, err error) {
	err = s.unfinished(ctx, by.UnixMilli(), func(late []bot.Request) error {
		for _, r := range late {
			jobs = append(jobs, slices.DeleteFunc(r.Overdue(by), underWay)...)
		}
		if len(jobs) >= enough {
			return errEnough
		}
		return nil
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	return jobs, err
}

// page is how many requests are in memory at once when all are gone through.
const page = 500

// place is where a request stands among those that have tasks.
type place struct{ due, id int64 }

// after finds those after a place ($1, $2), up to a time ($3).
const after = ` WHERE due <= $3 AND (due, id) > ($1, $2)`

// unfinished goes through all requests that have tasks to look at by a time, a page at a time. do may change them: one that
// becomes due later by that may come again.
func (s *Store) unfinished(ctx context.Context, by int64, do func([]bot.Request) error) error {
	for at := (place{due: math.MinInt64}); ; {
		end, err := s.endOfPage(ctx, at, by)
		if err != nil || end == at {
			return err
		}
		rows, err := s.read.QueryContext(ctx, selectRequest+after+` AND (due, id) <= ($4, $5)`, at.due, at.id, by, end.due, end.id)
		list, err := s.collect(rows, err)
		if err != nil {
			return err
		}
		if err := do(list); err != nil {
			return err
		}
		at = end
	}
}

// endOfPage returns where the last request of the page after a place stands; that place, when there is none. The page itself
// does not tell: what can't be read is left out of it.
func (s *Store) endOfPage(ctx context.Context, at place, by int64) (place, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT due, id FROM requests`+after+` ORDER BY due, id LIMIT $4`, at.due, at.id, by, page)
	if err != nil {
		return at, fmt.Errorf("go through requests: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(&at.due, &at.id); err != nil {
			return at, err
		}
	}
	return at, rows.Err()
}
