package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"communitybot/bot"
)

// detail is what the history keeps of an entry beside what is searched by.
type detail struct {
	By     bot.User   `json:"by,omitzero"`
	Where  bot.Place  `json:"where,omitzero"`
	Reason bot.Reason `json:"reason,omitempty"`
	Asks   bool       `json:"asks,omitempty"`
	Note   string     `json:"note,omitempty"`
}

// record adds a request's news to its history.
func record(ctx context.Context, tx *sql.Tx, r *bot.Request) error {
	for _, e := range r.News() {
		doc, err := json.Marshal(detail{e.By, e.Where, e.Reason, e.Asks, e.Note})
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO history (request_id, seq, what, at, version, event, doc) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			r.ID, e.Seq, e.What, e.At.UnixMilli(), e.Version, sql.NullString{String: e.Event, Valid: e.Event != ""}, doc)
		if err != nil {
			return fmt.Errorf("record %s of request %d: %w", e.What, r.ID, err)
		}
	}
	return nil
}

// History returns what happened to a request; see bot.Lookup.
func (s *Store) History(ctx context.Context, id int64, after int) ([]bot.Entry, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT seq, what, at, version, COALESCE(event, ''), doc FROM history
		WHERE request_id = $1 AND seq > $2 ORDER BY seq`, id, after)
	if err != nil {
		return nil, fmt.Errorf("history of request %d: %w", id, err)
	}
	defer rows.Close()
	var entries []bot.Entry
	for rows.Next() {
		e, err := scanEntry(rows)
		if err != nil {
			return nil, fmt.Errorf("history of request %d: %w", id, err)
		}
		e.Request = id
		entries = append(entries, e)
	}
	return entries, rows.Err()
}

// Events returns the numbers of all requests by the IDs of the events in their history.
func (s *Store) Events(ctx context.Context) (map[string]int64, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT event, request_id FROM history WHERE event IS NOT NULL`)
	if err != nil {
		return nil, fmt.Errorf("events of all requests: %w", err)
	}
	defer rows.Close()
	events := make(map[string]int64)
	for rows.Next() {
		var event string
		var id int64
		if err := rows.Scan(&event, &id); err != nil {
			return nil, err
		}
		events[event] = id
	}
	return events, rows.Err()
}

// scanEntry reads an entry from the last columns of a row; what stands before it goes to before.
func scanEntry(rows *sql.Rows, before ...any) (e bot.Entry, err error) {
	var at int64
	var doc []byte
	if err := rows.Scan(append(before, &e.Seq, &e.What, &at, &e.Version, &e.Event, &doc)...); err != nil {
		return e, err
	}
	var d detail
	if err := json.Unmarshal(doc, &d); err != nil {
		return e, err
	}
	e.At, e.By, e.Where, e.Reason, e.Asks, e.Note = time.UnixMilli(at).UTC(), d.By, d.Where, d.Reason, d.Asks, d.Note
	return e, nil
}

// Held returns the handles that requests hold; see bot.Lookup.
func (s *Store) Held(ctx context.Context, handles []string) ([]string, error) {
	if len(handles) == 0 {
		return nil, nil
	}
	args, marks := make([]any, len(handles)), make([]string, len(handles))
	for i, h := range handles {
		args[i], marks[i] = h, fmt.Sprintf("$%d", i+1)
	}
	rows, err := s.read.QueryContext(ctx, `SELECT handle FROM requests WHERE holds AND handle IN (`+strings.Join(marks, `, `)+`)`, args...)
	held, err := column[string](rows, err)
	if err != nil {
		return nil, fmt.Errorf("held handles: %w", err)
	}
	return held, nil
}

// column reads rows of one column.
func column[T any](rows *sql.Rows, err error) (list []T, _ error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var v T
		if err := rows.Scan(&v); err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, rows.Err()
}
