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

// exportPage is how many entries are read at a time.
const exportPage = 500

// exported is an entry with its request.
type exported struct {
	r bot.Request
	e bot.Entry
}

// Export calls fn with every entry of every request's history, oldest request first, as it stands in the database when it
// comes to it. It only reads, and works beside a running bot: a page at a time, so that fn may take as long as it likes
// and nothing is held up meanwhile. An error of fn ends it.
func Export(ctx context.Context, dbURL string, fn func(bot.Request, bot.Entry) error) (err error) {
	db, explain, err := openToRead(dbURL)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var last bot.Entry
	for {
		page, err := readPage(ctx, db, last, explain)
		if err != nil {
			return err
		}
		for _, x := range page {
			if err := fn(x.r, x.e); err != nil {
				return err
			}
			last = x.e
		}
		if len(page) < exportPage {
			return nil
		}
	}
}

// readPage returns the entries that come after one.
func readPage(ctx context.Context, db *sql.DB, last bot.Entry, explain func(error) error) (page []exported, err error) {
	rows, err := db.QueryContext(ctx, `SELECT r.id, r.state, r.doc, h.seq, h.what, h.at, h.version, COALESCE(h.event, ''), h.doc
		FROM history h JOIN requests r ON h.request_id = r.id WHERE (h.request_id, h.seq) > ($1, $2)
		ORDER BY h.request_id, h.seq LIMIT $3`, last.Request, last.Seq, exportPage)
	if err != nil {
		return nil, explain(err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var r bot.Request
		var doc []byte
		e, err := scanEntry(rows, &r.ID, &r.State, &doc)
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(doc, &r); err != nil {
			return nil, fmt.Errorf("request %d can't be read: %w", r.ID, err)
		}
		e.Request = r.ID
		page = append(page, exported{r, e})
	}
	return page, rows.Err()
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
