package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

// lookAtPostgres is look, for a Postgres database.
func lookAtPostgres(ctx context.Context, dbURL string) (_ string, err error) {
	config, err := poolConfig(dbURL, connections)
	if err != nil {
		return "", err
	}
	db := stdlib.OpenDB(*config.ConnConfig)
	defer func() { err = errors.Join(err, db.Close()) }()
	detail, err := sound(ctx, db)
	if err != nil {
		return "", explainPostgres(config, err)
	}
	return fmt.Sprintf("%s on %s is sound: %s", config.ConnConfig.Database, config.ConnConfig.Host, detail), nil
}

// sound looks whether this user may make tables, whether there are some that this program can work with, and at the clock.
func sound(ctx context.Context, db *sql.DB) (string, error) {
	var version string
	var may, readOnly bool
	var there sql.NullString
	var at int64
	began := time.Now()
	if err := db.QueryRowContext(ctx, `SELECT current_setting('server_version'), COALESCE(has_schema_privilege(current_schema(), 'CREATE'), FALSE),
		pg_is_in_recovery(), to_regclass('goose_db_version')::text, `+dbNow).Scan(&version, &may, &readOnly, &there, &at); err != nil {
		return "", err
	}
	off := began.Add(time.Since(began) / 2).Sub(time.UnixMilli(at))
	switch {
	case readOnly:
		return "", errors.New("it is a copy that can't be written to. Set DATABASE_URL to the one that it is a copy of")
	case !may:
		return "", errors.New("this user may not make tables in it. Let the database belong to the user")
	case off.Abs() > clocksOff:
		return "", fmt.Errorf("the clock of this machine is %s ahead of the database's. Set one right", off.Round(time.Millisecond))
	case !there.Valid:
		return "PostgreSQL " + version + ", with no tables yet; the first start makes them", nil
	}
	ours, err := versions(goose.DialectPostgres, db, postgresMigrations, "migrations/postgres")
	if err != nil {
		return "", err
	}
	if _, err := worksWith(ctx, db, ours); err != nil {
		return "", err
	}
	var replicas int
	if err := db.QueryRowContext(ctx, `SELECT count(*) FROM replicas WHERE taken IS NULL`).Scan(&replicas); err != nil {
		return "", err
	}
	return fmt.Sprintf("PostgreSQL %s, %d at work on it", version, replicas), nil
}
