package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"communitybot/bot"
)

// Export calls fn with every entry of every request's history, oldest request first, as it stands in the database now.
// It only reads, and works beside a running bot. An error of fn ends it.
func Export(ctx context.Context, dbURL string, fn func(bot.Request, bot.Entry) error) (err error) {
	path, err := sqlitePath(dbURL)
	if err != nil {
		return err
	}
	if _, err := os.Stat(path); err != nil {
		return fmt.Errorf("there is no database %s: %w. Set DATABASE_URL to the one to export", path, err)
	}
	db, err := sql.Open("sqlite", dsn(path, "&mode=ro&_pragma=query_only(1)"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	rows, err := db.QueryContext(ctx, `SELECT r.id, r.state, r.doc, h.seq, h.what, h.at, h.version, COALESCE(h.event, ''), h.doc
		FROM requests r JOIN history h ON h.request_id = r.id ORDER BY r.id, h.seq`)
	if err != nil {
		return explainSQLite(path, err)
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
