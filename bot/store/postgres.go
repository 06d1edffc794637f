package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"communitybot/bot"
	"communitybot/bot/crash"
)

const (
	connections = 8                // of one process at most, beside two for its heart; pool_max_conns in the URL says otherwise
	oneTry      = 10 * time.Second // for one transaction: a database that hangs is left
	enoughTries = 1500 * time.Millisecond
	trusted     = 100 * time.Millisecond // for so long after it was used a connection is used again unasked
)

// postgresEngine is a Postgres database on which any number of processes work. Postgres shares commits among its
// connections by itself.
type postgresEngine struct {
	*heart
	pool *pgxpool.Pool
	db   *sql.DB // on the pool
	hand func([]bot.Job)
}

// openPostgres connects to the database that a DATABASE_URL names. Jobs of committed writes go to hand.
func openPostgres(ctx context.Context, o Options, owner string, hand func([]bot.Job)) (*postgresEngine, error) {
	config, err := poolConfig(o.URL, connections)
	if err != nil {
		return nil, err
	}
	p := &postgresEngine{hand: hand}
	if p.pool, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		return nil, explainPostgres(config, err)
	}
	p.db = stdlib.OpenDBFromPool(p.pool)
	if err = migratePostgres(ctx, p.pool, p.db); err == nil {
		p.heart, err = newHeart(ctx, o, owner)
	}
	if err != nil {
		return nil, errors.Join(explainPostgres(config, err), p.db.Close(), closed(p.pool))
	}
	return p, nil
}

// traces hears each statement, for tests; nil: nobody does.
var traces pgx.QueryTracer

// poolConfig reads a URL. Its error does not say the password.
func poolConfig(dbURL string, most int32) (*pgxpool.Config, error) {
	config, err := pgxpool.ParseConfig(dbURL)
	if err != nil {
		return nil, errors.New("DATABASE_URL can't be read as postgres://USER:PASSWORD@HOST/NAME: look at what stands behind its question mark")
	}
	if !strings.Contains(dbURL, "pool_max_conns=") || config.MaxConns < 2 {
		config.MaxConns = most
	}
	params := config.ConnConfig.RuntimeParams
	if params["application_name"] == "" {
		params["application_name"] = "communitybot"
	}
	// A process that was frozen within a transaction must not keep rows from the others.
	params["idle_in_transaction_session_timeout"] = "4000"
	config.ShouldPing = func(_ context.Context, p pgxpool.ShouldPingParams) bool { return p.IdleDuration > trusted }
	config.ConnConfig.Tracer = traces
	if config.ConnConfig.ConnectTimeout == 0 {
		config.ConnConfig.ConnectTimeout = 5 * time.Second
	}
	return config, nil
}

func (p *postgresEngine) reader() *sql.DB { return p.db }

func (p *postgresEngine) forUpdate() string { return " FOR UPDATE" }

func (p *postgresEngine) explain(err error) error { return explainPostgres(p.pool.Config(), err) }

func (p *postgresEngine) river(c *river.Config) (jobs, error) {
	return river.NewClient(riverpgxv5.New(p.pool), c)
}

// running are those that this process took.
func (p *postgresEngine) running() string {
	return ` AND attempted_by[cardinality(attempted_by)] = '` + p.id + `'`
}

// write runs one write. One that did nothing yet when the database failed for a moment is tried again, and so is one
// whose row another process made meanwhile: it sees that one then.
func (p *postgresEngine) write(ctx context.Context, run write) error {
	met := false
	for began, wait := time.Now(), 20*time.Millisecond; ; wait *= 2 {
		jobs, err := p.try(ctx, run)
		switch {
		case err == nil:
			p.hand(jobs)
			return nil
		case p.duplicate(err) != "" && !met:
			met = true
			continue
		case !passing(err) || time.Since(began)+wait > enoughTries:
			return err
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return err
		}
	}
}

// try runs a write once.
func (p *postgresEngine) try(ctx context.Context, run write) ([]bot.Job, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	// ctx is no way out of a commit: whether it was committed must be known.
	whole, cancel := context.WithTimeout(context.WithoutCancel(ctx), oneTry)
	defer cancel()
	tx, err := p.db.BeginTx(whole, nil)
	if err != nil {
		return nil, fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // in vain, once it is committed
	jobs, err := run(tx)
	if err != nil {
		return nil, err
	}
	crash.At(crash.Committing)
	if err := tx.Commit(); err != nil {
		if answered(err) {
			return nil, fmt.Errorf("commit: %w", err)
		}
		return nil, fmt.Errorf("%w: %w", errUnknown, err)
	}
	crash.At(crash.Committed)
	return jobs, nil
}

// clear forgets what replicas had that are gone.
func (p *postgresEngine) clear(ctx context.Context, tx *sql.Tx) error {
	for _, sql := range []string{
		`DELETE FROM river_job WHERE state = 'running' AND attempted_by[cardinality(attempted_by)] NOT IN (SELECT id FROM replicas WHERE taken IS NULL)`,
		`DELETE FROM river_leader WHERE leader_id NOT IN (SELECT id FROM replicas WHERE taken IS NULL)`, // or its lease would hold up scheduled jobs
		`DELETE FROM leases WHERE owner NOT IN (SELECT id FROM replicas WHERE taken IS NULL)`,
	} {
		if _, err := tx.ExecContext(ctx, sql); err != nil {
			return err
		}
	}
	return nil
}

func (p *postgresEngine) close() error {
	return errors.Join(p.stop(), p.db.Close(), closed(p.pool))
}

// closed closes a pool.
func closed(p *pgxpool.Pool) error {
	p.Close()
	return nil
}
