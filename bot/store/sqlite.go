package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/gofrs/flock"
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"communitybot/bot"
)

//go:embed migrations/sqlite/*.sql
var sqliteMigrations embed.FS

// checked is the size up to which a file is read through for damage when it is opened: what takes no time worth
// noticing. Damage in a larger one shows when it is met.
const checked = 16 << 20

// walLimit is what the file beside the database shrinks to, in bytes, once nobody needs more of it: whoever reads for long
// makes it grow. It is twice what it comes to without them.
const walLimit = "&_pragma=journal_size_limit(8388608)"

// readers is how many questions are answered at once: each connection has memory of its own, and no answer takes long.
const readers = 4

// sqliteEngine is one SQLite file. A lock beside it says that no other process works on it.
type sqliteEngine struct {
	db    *sql.DB // one connection: SQLite has one writer
	read  *sql.DB // read-only connections, which never wait for it
	owner string
	path  string
	lock  *flock.Flock

	ops     chan op // of people who wait for an answer
	later   chan op // of work that nobody waits for
	hand    func([]bot.Job)
	closing context.CancelFunc
	ended   chan struct{} // closed when nothing is written any more
}

// openSQLite opens the file that a DATABASE_URL names. Jobs of committed writes go to hand.
func openSQLite(ctx context.Context, dbURL, owner string, hand func([]bot.Job)) (*sqliteEngine, error) {
	path, err := sqlitePath(dbURL)
	if err != nil {
		return nil, err
	}
	lock, err := claimFile(path)
	if err != nil {
		return nil, err
	}
	s := &sqliteEngine{owner: owner, path: path, lock: lock, hand: hand, ops: make(chan op, 256), later: make(chan op, 256), ended: make(chan struct{})}
	if err := s.open(ctx, path); err != nil {
		return nil, errors.Join(s.explain(err), s.closeFiles())
	}
	running, cancel := context.WithCancel(context.Background())
	s.closing = cancel
	go s.writer(running)
	return s, nil
}

// dsn opens the file for modernc.org/sqlite.
func dsn(path, params string) string {
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?_pragma=busy_timeout(5000)&_pragma=foreign_keys(1)" + params
}

func (s *sqliteEngine) open(ctx context.Context, path string) error {
	s.db = openPrepared(dsn(path, "&_txlock=immediate&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)"+walLimit))
	s.db.SetMaxOpenConns(1)
	if err := check(ctx, s.db, path); err != nil {
		return err
	}
	if err := migrate(ctx, s.db); err != nil {
		return err
	}
	s.read = openPrepared(dsn(path, "&_pragma=query_only(1)"))
	s.read.SetMaxOpenConns(readers)
	s.read.SetMaxIdleConns(readers)
	return nil
}

// check reads a small database through, to find damage before people do.
func check(ctx context.Context, db *sql.DB, path string) error {
	if info, err := os.Stat(path); err != nil || info.Size() > checked {
		return db.PingContext(ctx)
	}
	var result string
	if err := db.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&result); err != nil {
		return err
	}
	if result != "ok" {
		return fmt.Errorf("%w: %s", errDamaged, result)
	}
	return nil
}

// migrate brings the tables up to date: ours, then River's.
func migrate(ctx context.Context, db *sql.DB) error {
	ours, err := versions(goose.DialectSQLite3, db, sqliteMigrations, "migrations/sqlite")
	if err != nil {
		return err
	}
	if err := knows(ctx, ours); err != nil {
		return err
	}
	if _, err := ours.Up(ctx); err != nil {
		return err
	}
	rivers, err := rivermigrate.New(riversqlite.New(db), &rivermigrate.Config{Logger: quiet})
	if err != nil {
		return err
	}
	_, err = rivers.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}

// versions returns the migrations in a folder.
func versions(dialect goose.Dialect, db *sql.DB, files embed.FS, folder string) (*goose.Provider, error) {
	sub, err := fs.Sub(files, folder)
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(dialect, db, sub)
}

// knows returns an error when the tables are of a communitybot that is newer than this one.
func knows(ctx context.Context, ours *goose.Provider) error {
	current, target, err := ours.GetVersions(ctx)
	if err == nil && current > target {
		err = fmt.Errorf("%w: it has version %d of the tables, and this one knows %d", errNewer, current, target)
	}
	return err
}

func (s *sqliteEngine) reader() *sql.DB { return s.read }

// forUpdate is nothing: a transaction that writes is the only one.
func (s *sqliteEngine) forUpdate() string { return "" }

func (s *sqliteEngine) river(c *river.Config) (jobs, error) {
	return river.NewClient(alone{riversqlite.New(s.db)}, c)
}

// alone is River's driver for the only process on a file. Who queues a job is who does it, so River need not ask the
// database twenty times a second whether somebody else did.
type alone struct{ *riversqlite.Driver }

// SupportsListener says that there is nothing to listen for.
func (alone) SupportsListener() bool { return false }

// running is all of them.
func (s *sqliteEngine) running() string { return "" }

// join finds nobody else, says the lock on the file, and so on.
func (s *sqliteEngine) join(ctx context.Context, takeOver func(context.Context) error) error {
	return takeOver(ctx)
}

// landing allows for calls that were on their way to a platform when the process was killed: the next one may start a
// tenth of a second later.
func (s *sqliteEngine) landing() time.Duration { return 2 * time.Second }

func (s *sqliteEngine) alive() bool { return true }

func (s *sqliteEngine) while(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithCancel(ctx)
}

func (s *sqliteEngine) leads(context.Context) (bool, error) { return true, nil }

func (s *sqliteEngine) inTime() error { return nil }

func (s *sqliteEngine) gone(context.Context) (func(string) bool, error) {
	return func(owner string) bool { return owner != s.owner }, nil
}

func (s *sqliteEngine) clear(ctx context.Context, tx *sql.Tx) error {
	for _, sql := range []string{
		`DELETE FROM river_job`,
		`DELETE FROM river_leader`, // or its lease would hold up scheduled jobs
		`DELETE FROM leases`,
	} {
		if _, err := tx.ExecContext(ctx, sql); err != nil {
			return err
		}
	}
	return nil
}

func (s *sqliteEngine) close() error {
	s.closing()
	<-s.ended
	return s.closeFiles()
}

func (s *sqliteEngine) closeFiles() error {
	var errs []error
	for _, db := range []*sql.DB{s.read, s.db} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	return errors.Join(append(errs, s.lock.Unlock())...)
}

var (
	errDamaged = errors.New("damaged")
	errNewer   = errors.New("made by a newer communitybot")
)

func (s *sqliteEngine) explain(err error) error { return explainSQLite(s.path, err) }

// explainSQLite puts what SQLite says about a file in words for an operator.
func explainSQLite(path string, err error) error {
	var e *sqlite.Error
	code := 0
	if errors.As(err, &e) {
		code = e.Code() & 0xff // the primary code: https://www.sqlite.org/rescode.html
	}
	switch {
	case errors.Is(err, errNewer):
		return fmt.Errorf("the database %s is not for this communitybot (%w). Start the newer one, or put a backup in its place", path, err)
	case errors.Is(err, errDamaged), code == sqlite3.SQLITE_CORRUPT, code == sqlite3.SQLITE_NOTADB:
		return fmt.Errorf("the database %s is damaged or not a database (%w). Put a backup in its place, or move it away to start empty", path, err)
	case code == sqlite3.SQLITE_READONLY, code == sqlite3.SQLITE_CANTOPEN, code == sqlite3.SQLITE_PERM:
		return fmt.Errorf("the database %s can't be written to (%w). Make it and its folder writable, or set DATABASE_URL to another place", path, err)
	case code == sqlite3.SQLITE_BUSY, code == sqlite3.SQLITE_LOCKED:
		return fmt.Errorf("the database %s is locked by another program (%w). Close that one first", path, err)
	case code == sqlite3.SQLITE_FULL, code == sqlite3.SQLITE_IOERR:
		return fmt.Errorf("the disk under the database %s is full or failing (%w). Make room first", path, err)
	}
	return fmt.Errorf("the database %s can't be opened: %w", path, err)
}

func (s *sqliteEngine) duplicate(err error) string {
	var e *sqlite.Error
	if !errors.As(err, &e) || e.Code() != sqlite3.SQLITE_CONSTRAINT_UNIQUE {
		return ""
	}
	_, column, _ := strings.Cut(e.Error(), "UNIQUE constraint failed: ") // "requests.handle (2067)"
	column, _, _ = strings.Cut(column, " ")
	return strings.Replace(column, ".", "_", 1) // its index is named so
}
