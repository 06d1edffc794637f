package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"communitybot/bot"
)

// engine is what differs between databases. All else is written once, in SQL that each of them takes.
type engine interface {
	// reader answers questions, and never waits for who writes.
	reader() *sql.DB
	// write runs one write in a transaction, and returns once it is on disk. When run fails, nothing of it is kept, and
	// nobody else's write is touched. The jobs that a committed write asks for are handed on. run may run twice.
	write(ctx context.Context, run write) error
	// forUpdate ends a SELECT of a row that the same transaction writes.
	forUpdate() string
	// duplicate returns the index by which a row was refused ("requests_handle"), or "".
	duplicate(err error) string
	// explain puts what the database says when it is opened in words for an operator.
	explain(err error) error
	// river makes River's client.
	river(*river.Config) (jobs, error)
	// running ends a SELECT of River's running jobs with those that this process should be at.
	running() string
	// landing is how long what a process sent before it was found to be gone may still take to arrive.
	landing() time.Duration
	// join begins to tell others that this process is at work, and calls takeOver: now, and whenever others are gone.
	join(ctx context.Context, takeOver func(context.Context) error) error
	// alive reports whether this process may act on what it has: nobody else took it meanwhile.
	alive() bool
	// while returns a context that ends when alive does.
	while(ctx context.Context) (context.Context, context.CancelFunc)
	// leads reports whether what is done from time to time is for this process to do.
	leads(ctx context.Context) (bool, error)
	// inTime returns an error when the clock of this machine is not the one of the others.
	inTime() error
	// gone returns which owners of tasks are not at work any more.
	gone(ctx context.Context) (func(owner string) bool, error)
	// clear forgets what processes that are gone left behind, other than in requests.
	clear(ctx context.Context, tx *sql.Tx) error
	// close ends all work on the database.
	close() error
}

// write is what is done in one transaction; it returns the jobs that its changes ask for.
type write func(tx *sql.Tx) ([]bot.Job, error)

// jobs is River's client, whatever the kind of its transactions.
type jobs interface {
	Start(ctx context.Context) error
	Stop(ctx context.Context) error
	StopAndCancel(ctx context.Context) error
	InsertMany(ctx context.Context, params []river.InsertManyParams) ([]*rivertype.JobInsertResult, error)
}
