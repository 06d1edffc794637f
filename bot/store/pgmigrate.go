package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

//go:embed migrations/postgres/*.sql
var postgresMigrations embed.FS

// migrating is the advisory lock of whoever brings the tables up to date: "communit" as a number.
const migrating = 0x636f6d6d756e6974

// migratePostgres brings the tables up to date: ours, then River's. One process at a time does, and the others wait.
func migratePostgres(ctx context.Context, pool *pgxpool.Pool, db *sql.DB) (err error) {
	lock, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer func() {
		if _, e := lock.Exec(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, migrating); e != nil {
			_ = lock.Conn().Close(context.WithoutCancel(ctx)) // which unlocks, too
		}
		lock.Release()
	}()
	if _, err := lock.Exec(ctx, `SELECT pg_advisory_lock($1)`, migrating); err != nil {
		return err
	}
	ours, err := versions(goose.DialectPostgres, db, postgresMigrations, "migrations/postgres")
	if err != nil {
		return err
	}
	newer, err := worksWith(ctx, db, ours)
	if err != nil || newer {
		return err
	}
	if _, err := ours.Up(ctx); err != nil {
		return err
	}
	rivers, err := rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{Logger: quiet})
	if err != nil {
		return err
	}
	_, err = rivers.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}

// worksWith reports whether the tables are of a communitybot that is newer than this one. They may be, as while one
// release takes the place of another, as long as they say that this one can work with them.
func worksWith(ctx context.Context, db *sql.DB, ours *goose.Provider) (newer bool, err error) {
	current, known, err := ours.GetVersions(ctx)
	if err != nil || current <= known {
		return false, err
	}
	var least int64
	if err := db.QueryRowContext(ctx, `SELECT works_with FROM tables`).Scan(&least); err != nil {
		return true, errors.Join(errNewer, err)
	}
	if known < least {
		return true, fmt.Errorf("%w: it has version %d of the tables, which needs a communitybot that knows %d, and this one knows %d", errNewer, current, least, known)
	}
	return true, nil
}
