package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/jackc/pgx/v5/stdlib"

	"communitybot/bot"
)

// Export calls fn with every entry of every request's history, oldest request first, as it stands in the database now.
// It only reads, and works beside a running bot. An error of fn ends it.
func Export(ctx context.Context, dbURL string, fn func(bot.Request, bot.Entry) error) (err error) {
	db, explain, err := openToRead(dbURL)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	rows, err := db.QueryContext(ctx, `SELECT r.id, r.state, r.doc, h.seq, h.what, h.at, h.version, COALESCE(h.event, ''), h.doc
		FROM requests r JOIN history h ON h.request_id = r.id ORDER BY r.id, h.seq`)
	if err != nil {
		return explain(err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var r bot.Request
		var doc []byte
		e, err := scanEntry(rows, &r.ID, &r.State, &doc)
		if err != nil {
			return err
		}
		if err := json.Unmarshal(doc, &r); err != nil {
			return fmt.Errorf("request %d can't be read: %w", r.ID, err)
		}
		e.Request = r.ID
		if err := fn(r, e); err != nil {
			return err
		}
	}
	return rows.Err()
}

// openToRead opens a database that nothing is changed in, and returns how its errors are explained.
func openToRead(dbURL string) (*sql.DB, func(error) error, error) {
	if isPostgres(dbURL) {
		config, err := poolConfig(dbURL, connections)
		if err != nil {
			return nil, nil, err
		}
		config.ConnConfig.RuntimeParams["default_transaction_read_only"] = "on"
		return stdlib.OpenDB(*config.ConnConfig), func(err error) error { return explainPostgres(config, err) }, nil
	}
	path, err := sqlitePath(dbURL)
	if err != nil {
		return nil, nil, err
	}
	if _, err := os.Stat(path); err != nil {
		return nil, nil, fmt.Errorf("there is no database %s: %w. Set DATABASE_URL to the one to export", path, err)
	}
	db, err := sql.Open("sqlite", dsn(path, "&mode=ro&_pragma=query_only(1)"))
	return db, func(err error) error { return explainSQLite(path, err) }, err
}
