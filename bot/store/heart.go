package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
)

const (
	beatEvery = time.Second
	// lapse is how long after a beat a process may act on what it has. It is over before the others take that.
	lapse = 4500 * time.Millisecond
	// lostAfter is how long after its last beat a process counts as gone.
	lostAfter = 6 * time.Second
	clocksOff = 2 * time.Second // at most, between this machine and the database
	// othersFirst is how long periodic work has to be nobody's until one does it whose clock is off.
	othersFirst = 4 * lookEvery
)

// dbNow is the database's clock, which is the same for all processes.
const dbNow = `(extract(epoch FROM clock_timestamp()) * 1000)::bigint`

// heart says in the database that this process lives, again and again, and knows which others do. When it could not
// say so for too long, as when the process was frozen, others may be at what it was at: it has lapsed then, until the next
// beat that counts.
type heart struct {
	id   string
	log  *slog.Logger
	pool *pgxpool.Pool // of its own: it must not wait for work
	db   *sql.DB

	mu   sync.Mutex
	last time.Time // when the last beat that counted began
	born time.Time // since when it beats without a lapse
	off  time.Duration
	life context.Context // ends with the lapse
	end  context.CancelFunc
	over *time.Timer

	quit    context.CancelFunc
	beating sync.WaitGroup
}

func newHeart(ctx context.Context, o Options, owner string) (*heart, error) {
	config, err := poolConfig(o.URL, 2)
	if err != nil {
		return nil, err
	}
	config.MaxConns = 2 // one to beat, one to take over
	h := &heart{id: owner, log: o.Log}
	if h.pool, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		return nil, err
	}
	h.db = stdlib.OpenDBFromPool(h.pool)
	h.life, h.end = context.WithCancel(context.Background())
	h.end() // it does not live yet
	return h, nil
}

// join begins to beat, and calls takeOver: now, and whenever others were lost, or this process was.
func (h *heart) join(ctx context.Context, takeOver func(context.Context) error) error {
	err := h.beat(ctx)
	if err == nil {
		err = h.sweep(ctx, takeOver, true)
	}
	if err != nil {
		return fmt.Errorf("join those at work: %w", err)
	}
	beating, quit := context.WithCancel(context.WithoutCancel(ctx))
	h.quit = quit
	h.every(beating, "could not tell the database that this process lives; trying again", h.beat)
	h.every(beating, "could not take over from a process that is gone; trying again", func(ctx context.Context) error {
		return h.sweep(ctx, takeOver, false)
	})
	return nil
}

// every does something at each beat until ctx ends, and says what is the matter when it fails.
func (h *heart) every(ctx context.Context, failed string, do func(context.Context) error) {
	h.beating.Go(func() {
		tick := time.NewTicker(beatEvery)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				if err := do(ctx); err != nil && ctx.Err() == nil {
					h.log.Warn(failed, "err", err)
				}
			case <-ctx.Done():
				return
			}
		}
	})
}

// stop ends the beating. The others take over at once what is left.
func (h *heart) stop() error {
	var err error
	if h.quit != nil {
		h.quit()
		h.beating.Wait()
		ctx, cancel := context.WithTimeout(context.Background(), lapse)
		defer cancel()
		_, err = h.db.ExecContext(ctx, `UPDATE replicas SET taken = 0 WHERE id = $1`, h.id)
	}
	h.mu.Lock()
	h.end()
	if h.over != nil {
		h.over.Stop()
	}
	h.mu.Unlock()
	return errors.Join(err, h.db.Close(), closed(h.pool))
}

// beat says that this process lives. It does not count while others take over what it had.
func (h *heart) beat(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, lapse)
	defer cancel()
	began := time.Now()
	var at int64
	err := h.db.QueryRowContext(ctx, `INSERT INTO replicas (id, beat) VALUES ($1, `+dbNow+`)
		ON CONFLICT (id) DO UPDATE SET beat = excluded.beat WHERE replicas.taken IS NULL RETURNING beat`, h.id).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		h.mu.Lock()
		h.end()
		h.mu.Unlock()
		return errLost
	}
	if err != nil {
		return err
	}
	h.counted(began, time.UnixMilli(at).Sub(began.Add(time.Since(began)/2)))
	return nil
}

var errLost = errors.New("this process was silent for too long, and others take over what it had")

// counted notes a beat.
func (h *heart) counted(began time.Time, off time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if off.Abs() > clocksOff && h.off.Abs() <= clocksOff {
		h.log.Error("the clock of this machine is not the database's; set one right", "ahead", -off)
	}
	h.last, h.off = began, off
	left := lapse - time.Since(began)
	if h.life.Err() == nil && h.over.Stop() {
		h.over.Reset(left)
		return
	}
	h.end()
	h.born = began
	h.life, h.end = context.WithCancel(context.Background())
	h.over = time.AfterFunc(left, h.end)
}

// landing is over by the time a process counts as gone.
func (h *heart) landing() time.Duration { return 0 }

// alive reports whether this process may act on what it has.
func (h *heart) alive() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	// Of two clocks, as one of them stands still while a machine sleeps.
	return h.life.Err() == nil && max(time.Since(h.last), time.Now().Round(0).Sub(h.last.Round(0))) < lapse
}

// age is for how long it beats without a lapse.
func (h *heart) age() time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.life.Err() != nil {
		return 0
	}
	return time.Since(h.born)
}

// while returns a context that ends with the lapse.
func (h *heart) while(ctx context.Context) (context.Context, context.CancelFunc) {
	h.mu.Lock()
	life := h.life
	h.mu.Unlock()
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(life, cancel)
	return ctx, func() { stop(); cancel() }
}

// inTime returns an error when this machine's clock is off.
func (h *heart) inTime() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.off.Abs() > clocksOff {
		return fmt.Errorf("the clock of this machine is %s ahead of the database's", (-h.off).Round(time.Millisecond))
	}
	return nil
}

// sweep has what lost processes were at taken over, by one of the others: who marks them first. When that one is lost,
// too, another goes on after a while. All that is done may be done twice. Nobody counts as silent for a time in which this
// process did not beat either: then it was the database that was away.
func (h *heart) sweep(ctx context.Context, takeOver func(context.Context) error, always bool) error {
	rows, err := h.db.QueryContext(ctx, `UPDATE replicas SET taken = `+dbNow+` + $1
		WHERE taken < `+dbNow+` OR $2 AND taken IS NULL AND beat < `+dbNow+` - $1 RETURNING id`, lostAfter.Milliseconds(), h.age() >= lostAfter)
	gone, err := column[string](rows, err)
	if err != nil || len(gone) == 0 && !always {
		return err
	}
	if len(gone) > 0 {
		h.log.Info("taking over from processes that are gone", "replicas", gone)
	}
	if err := takeOver(ctx); err != nil {
		return err
	}
	_, err = h.db.ExecContext(ctx, `DELETE FROM replicas WHERE id = ANY($1) AND taken IS NOT NULL`, gone)
	return err
}

// gone returns which owners are not at work, or must not act on what they have.
func (h *heart) gone(ctx context.Context) (func(owner string) bool, error) {
	rows, err := h.db.QueryContext(ctx, `SELECT id FROM replicas WHERE taken IS NULL`)
	lives, err := column[string](rows, err)
	return func(owner string) bool { return !slices.Contains(lives, owner) }, err
}

// leads reports whether the periodic work is this process's. One whose clock is off does it only when nobody else does.
func (h *heart) leads(ctx context.Context) (bool, error) {
	after := time.Duration(0)
	if h.inTime() != nil {
		after = othersFirst
	}
	done, err := h.db.ExecContext(ctx, `INSERT INTO leases (name, owner, until) VALUES ('periodic work', $1, `+dbNow+` + $2)
		ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until = excluded.until
		WHERE leases.owner = excluded.owner AND $3 = 0 OR leases.until <= `+dbNow+` - $3`, h.id, (2 * lookEvery).Milliseconds(), after.Milliseconds())
	if err != nil {
		return false, err
	}
	rows, err := done.RowsAffected()
	return rows > 0, err
}
