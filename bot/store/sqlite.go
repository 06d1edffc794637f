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
	"path/filepath"
	"strings"

	"github.com/gofrs/flock"
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

//go:embed migrations/*.sql
var migrations embed.FS

// checked is the size up to which a file is read through for damage when it is opened: what takes no time worth
// noticing. Damage in a larger one shows when it is met.
const checked = 16 << 20

// sqlitePath returns the file that a DATABASE_URL names.
func sqlitePath(dbURL string) (string, error) {
	path, ok := strings.CutPrefix(dbURL, "sqlite:")
	if path = strings.TrimPrefix(path, "//"); !ok || path == "" {
		return "", fmt.Errorf("the database must be sqlite:PATH, such as sqlite:data/communitybot.db")
	}
	return path, nil
}

// claimFile makes the file's folder and takes the lock beside the file, so that two processes never work on it.
func claimFile(path string) (*flock.Flock, error) {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("the folder %s can't be made: %w. Set DATABASE_URL to a place this user may write to", dir, err)
	}
	if err := writeProtected(path); err != nil {
		return nil, err
	}
	lock := flock.New(path + ".lock")
	free, err := lock.TryLock()
	if err == nil && free {
		err = private(path)
	}
	switch {
	case err != nil:
		return nil, fmt.Errorf("the database %s can't be locked: %w. Set DATABASE_URL to a place this user may write to", path, err)
	case !free:
		return nil, fmt.Errorf("the database %s is in use by another communitybot. Stop that one first, or set DATABASE_URL to another file", path)
	}
	return lock, nil
}

// private makes the file, so that nobody else may read it, and leaves one that is there as it is.
func private(path string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return file.Close()
}

// writeProtected returns an error when the file or its folder is marked read-only. Root could write to them all the
// same, but read-only is how somebody wants them to stay.
func writeProtected(path string) error {
	for _, p := range []string{filepath.Dir(path), path} {
		if info, err := os.Stat(p); err == nil && info.Mode().Perm()&0o222 == 0 {
			return fmt.Errorf("%s is read-only. Make it writable, or set DATABASE_URL to another place", p)
		}
	}
	return nil
}

// dsn opens the file for modernc.org/sqlite.
func dsn(path, params string) string {
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?_pragma=busy_timeout(5000)&_pragma=foreign_keys(1)" + params
}

func (s *Store) open(ctx context.Context, path string) error {
	var err error
	if s.db, err = sql.Open("sqlite", dsn(path, "&_txlock=immediate&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")); err != nil {
		return err
	}
	s.db.SetMaxOpenConns(1)
	if err := check(ctx, s.db, path); err != nil {
		return err
	}
	if err := migrate(ctx, s.db); err != nil {
		return err
	}
	s.read, err = sql.Open("sqlite", dsn(path, "&_pragma=query_only(1)"))
	return err
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
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	ours, err := goose.NewProvider(goose.DialectSQLite3, db, files)
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

// knows returns an error when the tables are of a communitybot that is newer than this one.
func knows(ctx context.Context, ours *goose.Provider) error {
	current, target, err := ours.GetVersions(ctx)
	if err == nil && current > target {
		err = fmt.Errorf("%w: it has version %d of the tables, and this one knows %d", errNewer, current, target)
	}
	return err
}

func (s *Store) closeFiles() error {
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

// explain puts what SQLite says about a file in words for an operator.
func explain(path string, err error) error {
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

// unique returns the column on which a row was refused as a duplicate ("requests.handle"), or "".
func unique(err error) string {
	var e *sqlite.Error
	if !errors.As(err, &e) || e.Code() != sqlite3.SQLITE_CONSTRAINT_UNIQUE {
		return ""
	}
	_, column, _ := strings.Cut(e.Error(), "UNIQUE constraint failed: ")
	column, _, _ = strings.Cut(column, " ")
	return column
}
