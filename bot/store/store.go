// Package store keeps requests, their history, drafts and the work that requests want, in SQLite or Postgres.
// A request's row is the truth: its tasks say what is to be done. What is wanted at once begins in the process that
// committed it; what comes due later, or was lost, is found in the rows and goes to River.
//
// It imports bot, database/sql with modernc.org/sqlite and pgx, goose for the schema, and River.
package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"communitybot/bot"
	"communitybot/bot/crash"
)

// Options of a store.
type Options struct {
	URL       string        // sqlite:PATH or postgres://…
	Retention time.Duration // how long a request is kept that ended and that nobody touched since; 0: for good
	Log       *slog.Logger
	Now       func() time.Time
	Panicked  func() // counts a panic that was caught; nil: nobody does
}

// Store is a bot.Store and bot.Drafts on a SQLite file, for one process at a time, or on a Postgres database, for any
// number of them.
type Store struct {
	owner string // this process, in tasks
	log   *slog.Logger
	now   func() time.Time

	panicked func()

	retention time.Duration

	engine engine
	read   *sql.DB // the engine's reader

	unreadable sync.Map     // IDs of requests, as far as that was said
	waiting    atomic.Int64 // writes of people who wait
	wrote      atomic.Int64 // when Ready last found that writing works, in nanoseconds since 1970

	jobs chan []bot.Job // of committed changes, for the Queue
}

var (
	_ bot.Store  = (*Store)(nil)
	_ bot.Drafts = (*Store)(nil)
)

// Open opens the database, making its file, folder and tables when they are not there. The error says in plain words
// what is wrong with the file: in use, read-only, damaged, not a database.
func Open(ctx context.Context, o Options) (*Store, error) {
	// Times are compared by the wall clock, also within a process: Go's own comparison would not notice that it was set
	// back, while what is stored knows of nothing else.
	now := func() time.Time { return o.Now().Round(0) }
	if o.Panicked == nil {
		o.Panicked = func() {}
	}
	s := &Store{owner: rand.Text(), log: o.Log, now: now, panicked: o.Panicked, retention: o.Retention, jobs: make(chan []bot.Job, 1024)}
	var err error
	if isPostgres(o.URL) {
		s.engine, err = openPostgres(ctx, o, s.owner, s.hand)
	} else {
		s.engine, err = openSQLite(ctx, o.URL, s.owner, s.hand)
	}
	if err != nil {
		return nil, err
	}
	s.read = s.engine.reader()
	return s, nil
}

// isPostgres reports whether a DATABASE_URL names a Postgres database.
func isPostgres(dbURL string) bool {
	return strings.HasPrefix(dbURL, "postgres://") || strings.HasPrefix(dbURL, "postgresql://")
}

// Alive reports whether this process may act on the tasks it has. It may not after it was silent for too long, as when
// it was frozen: others take them over then.
func (s *Store) Alive() bool { return s.engine.alive() }

// While returns a context that ends with ctx, or when Alive does.
func (s *Store) While(ctx context.Context) (context.Context, context.CancelFunc) {
	return s.engine.while(ctx)
}

// Owner names this process in the tasks it is at.
func (s *Store) Owner() string { return s.owner }

// freshFor is how long a write that worked shows that the next would: whoever asks all the time must not fill the disk.
const freshFor = time.Second

// Ready reports whether something can be written: an answer to a question would not show that the disk is full. It ends
// with ctx.
func (s *Store) Ready(ctx context.Context) error {
	if err := s.engine.inTime(); err != nil {
		return err
	}
	if s.now().Sub(time.Unix(0, s.wrote.Load())).Abs() < freshFor {
		return nil
	}
	written := make(chan error, 1)
	go func() { written <- s.beat(ctx) }() // a write that waits for a lock does not hear of ctx
	select {
	case err := <-written:
		if err == nil {
			s.wrote.Store(s.now().UnixNano())
		}
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// beat writes something.
func (s *Store) beat(ctx context.Context) error {
	return s.write(ctx, func(tx *sql.Tx) ([]bot.Job, error) {
		_, err := tx.ExecContext(ctx, `INSERT INTO pulse (id, at) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET at = excluded.at`, s.now().UnixMilli())
		return nil, err
	})
}

// hand gives jobs to the queue. When it is behind they are dropped: it finds them in the requests.
func (s *Store) hand(jobs []bot.Job) {
	if len(jobs) == 0 {
		return
	}
	select {
	case s.jobs <- jobs:
		crash.At(crash.Handed)
	default:
	}
}

// Close ends all work on the database, which must not be used any more, and gives the file back.
func (s *Store) Close() error {
	s.wrote.Store(0)
	return s.engine.close()
}
