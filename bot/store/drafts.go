package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"communitybot/bot"
)

// draftLife is how long a draft is kept after its last change.
const draftLife = 7 * 24 * time.Hour

// SaveDraft keeps a draft; see bot.Drafts.
func (s *Store) SaveDraft(ctx context.Context, d bot.Draft) error {
	doc, err := json.Marshal(d)
	if err != nil {
		return err
	}
	now := s.now()
	return s.write(ctx, func(tx *sql.Tx) ([]bot.Job, error) {
		if _, err := tx.ExecContext(ctx, `DELETE FROM drafts WHERE updated < $1`, now.Add(-draftLife).UnixMilli()); err != nil {
			return nil, fmt.Errorf("forget old drafts: %w", err)
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO drafts (id, updated, doc) VALUES ($1, $2, $3)
			ON CONFLICT (id) DO UPDATE SET updated = excluded.updated, doc = excluded.doc`, d.ID, now.UnixMilli(), doc)
		if err != nil {
			return nil, fmt.Errorf("save draft: %w", err)
		}
		return nil, nil
	})
}

// Draft returns a draft; see bot.Drafts.
func (s *Store) Draft(ctx context.Context, id string) (bot.Draft, error) {
	var d bot.Draft
	var doc []byte
	err := s.read.QueryRowContext(ctx, `SELECT doc FROM drafts WHERE id = $1`, id).Scan(&doc)
	if errors.Is(err, sql.ErrNoRows) {
		return d, &bot.Error{Code: bot.NotFound}
	}
	if err != nil {
		return d, fmt.Errorf("load draft: %w", err)
	}
	return d, json.Unmarshal(doc, &d)
}
