package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"os"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
)

// Moved is a table that was moved, and found to be the same on both sides.
type Moved struct {
	Table string
	Rows  int64
	Hash  string // of all that is in it
}

// table is one that is moved. What processes were doing is not: it is found in the requests.
type table struct {
	name    string
	columns string // each with what it holds: i, b or t
	order   string
}

var moved = []table{
	{"requests", "id:i platform:t user_id:t state:t handle:t holds:b due:i doc:t decided_in:t ended:i", "id"},
	{"history", "request_id:i seq:i what:t at:i version:i event:t doc:t", "request_id, seq"},
	{"drafts", "id:t updated:i doc:t", "id"},
}

// Move copies all that is kept in a SQLite file into an empty Postgres database, in one transaction, and compares
// counts and hashes of each table. It refuses a file that a bot has open, and a database in which there is something or on
// which one works. The file stays as it is, apart from tables that are brought up to date.
func Move(ctx context.Context, from, to string) (_ []Moved, err error) {
	path, err := sqlitePath(from)
	if err != nil {
		return nil, errors.New("what is moved must be sqlite:PATH, and where to postgres://USER:PASSWORD@HOST/NAME")
	}
	if !isPostgres(to) {
		return nil, errors.New("where to move must be postgres://USER:PASSWORD@HOST/NAME")
	}
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("there is no database %s: %w", path, err)
	}
	source, err := openSQLite(ctx, from, "", nil)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, source.close()) }()
	config, err := poolConfig(to, connections)
	if err != nil {
		return nil, err
	}
	list, err := moveTo(ctx, source.read, config)
	if err != nil {
		return nil, explainPostgres(config, err)
	}
	return list, nil
}

func moveTo(ctx context.Context, from *sql.DB, config *pgxpool.Config) ([]Moved, error) {
	config.ConnConfig.RuntimeParams["idle_in_transaction_session_timeout"] = "0"
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	defer pool.Close()
	db := stdlib.OpenDBFromPool(pool)
	defer func() { _ = db.Close() }()
	if err := migratePostgres(ctx, pool, db); err != nil {
		return nil, err
	}
	var list []Moved
	return list, pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		if err := empty(ctx, tx); err != nil {
			return err
		}
		for _, t := range moved {
			m, err := t.move(ctx, from, tx)
			if err != nil {
				return fmt.Errorf("table %s: %w", t.name, err)
			}
			list = append(list, m)
		}
		return goOn(ctx, from, tx)
	})
}

// empty returns an error unless nothing is in a database, and nobody is at work on it. Nothing comes in until tx ends.
func empty(ctx context.Context, tx pgx.Tx) error {
	if _, err := tx.Exec(ctx, `LOCK TABLE requests, history, drafts, replicas IN EXCLUSIVE MODE`); err != nil {
		return err
	}
	var rows, bots int64
	if err := tx.QueryRow(ctx, `SELECT (SELECT count(*) FROM requests) + (SELECT count(*) FROM history) + (SELECT count(*) FROM drafts),
		(SELECT count(*) FROM replicas WHERE taken IS NULL AND beat > `+dbNow+` - $1)`, lostAfter.Milliseconds()).Scan(&rows, &bots); err != nil {
		return err
	}
	switch {
	case bots > 0:
		return fmt.Errorf("%d communitybots are at work on it. Stop them first", bots)
	case rows > 0:
		return fmt.Errorf("it is not empty: there are %d rows of requests, history and drafts in it. Move into a new one", rows)
	}
	return nil
}

// goOn has the next request get the number after the last one that there ever was.
func goOn(ctx context.Context, from *sql.DB, tx pgx.Tx) error {
	var last int64
	err := from.QueryRowContext(ctx, `SELECT seq FROM sqlite_sequence WHERE name = 'requests'`).Scan(&last)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `SELECT setval(pg_get_serial_sequence('requests', 'id'), $1)`, last)
	return err
}

// names returns the columns' names, and what each holds.
func (t table) names() (names []string, kinds []byte) {
	for _, column := range strings.Fields(t.columns) {
		name, kind, _ := strings.Cut(column, ":")
		names, kinds = append(names, name), append(kinds, kind[0])
	}
	return names, kinds
}

// query reads all of the table, in words that both databases take and answer alike.
func (t table) query() string {
	names, kinds := t.names()
	for i, name := range names {
		if kinds[i] == 'b' {
			names[i] = `CASE WHEN ` + name + ` THEN 1 ELSE 0 END`
		}
	}
	return `SELECT ` + strings.Join(names, `, `) + ` FROM ` + t.name + ` ORDER BY ` + t.order
}

// move copies the table, and reads it again on the other side.
func (t table) move(ctx context.Context, from *sql.DB, tx pgx.Tx) (Moved, error) {
	rows, err := from.QueryContext(ctx, t.query())
	if err != nil {
		return Moved{}, err
	}
	defer rows.Close()
	names, kinds := t.names()
	there := &reading{rows: rows, kinds: kinds, row: make([]sql.NullString, len(kinds)), sum: sha256.New()}
	if _, err := tx.CopyFrom(ctx, pgx.Identifier{t.name}, names, there); err != nil {
		return Moved{}, err
	}
	copied, err := tx.Query(ctx, t.query())
	if err != nil {
		return Moved{}, err
	}
	defer copied.Close()
	here := &reading{rows: copied, kinds: kinds, row: make([]sql.NullString, len(kinds)), sum: sha256.New()}
	for here.Next() {
		if _, err := here.Values(); err != nil {
			return Moved{}, err
		}
	}
	if err := here.Err(); err != nil {
		return Moved{}, err
	}
	if here.count != there.count || here.hash() != there.hash() {
		return Moved{}, fmt.Errorf("what arrived is not what was there: %d rows, sha256 %s, instead of %d rows, sha256 %s. Nothing was moved",
			here.count, here.hash(), there.count, there.hash())
	}
	return Moved{t.name, here.count, here.hash()}, nil
}

// reading is a table being read; it is also what pgx copies from.
type reading struct {
	rows interface {
		Next() bool
		Scan(...any) error
		Err() error
	}
	kinds []byte
	row   []sql.NullString
	count int64
	sum   hash.Hash
}

// Next goes to the next row.
func (r *reading) Next() bool { return r.rows.Next() }

// Err is why there is no next row.
func (r *reading) Err() error { return r.rows.Err() }

func (r *reading) hash() string { return hex.EncodeToString(r.sum.Sum(nil)) }

// Values returns the row, and adds it to the hash.
func (r *reading) Values() ([]any, error) {
	to, values := make([]any, len(r.row)), make([]any, len(r.row))
	for i := range r.row {
		to[i] = &r.row[i]
	}
	if err := r.rows.Scan(to...); err != nil {
		return nil, err
	}
	r.count++
	for i, v := range r.row {
		length := int64(-1) // of NULL, which is not an empty text
		if v.Valid {
			length = int64(len(v.String))
		}
		r.sum.Write(binary.BigEndian.AppendUint64(nil, uint64(length)))
		r.sum.Write([]byte(v.String))
		if !v.Valid {
			continue
		}
		var err error
		switch r.kinds[i] {
		case 'i':
			values[i], err = strconv.ParseInt(v.String, 10, 64)
		case 'b':
			values[i] = v.String == "1"
		default:
			values[i] = v.String
		}
		if err != nil {
			return nil, err
		}
	}
	return values, nil
}
