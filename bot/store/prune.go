package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"communitybot/bot"
)

const (
	pruneEvery = time.Minute
	pruned     = 100 // requests in one transaction: others wait for it
)

// ended is the request's column of that name.
func ended(r *bot.Request) any {
	if _, open := r.Due(); open || r.State == bot.Pending {
		return nil
	}
	return r.Saved.UnixMilli()
}

// prune forgets requests, and their history, that ended longer ago than they are to be kept.
func (s *Store) prune(ctx context.Context) error {
	if s.retention == 0 {
		return nil
	}
	before := s.now().Add(-s.retention).UnixMilli()
	for {
		var gone int64
		err := s.write(ctx, func(tx *sql.Tx) ([]bot.Job, error) {
			const old = `(SELECT id FROM requests WHERE ended < $1 ORDER BY ended, id LIMIT $2)`
			if _, err := tx.ExecContext(ctx, `DELETE FROM history WHERE request_id IN `+old, before, pruned); err != nil {
				return nil, err
			}
			done, err := tx.ExecContext(ctx, `DELETE FROM requests WHERE id IN `+old, before, pruned)
			if err != nil {
				return nil, err
			}
			gone, err = done.RowsAffected()
			return nil, err
		})
		if err != nil {
			return fmt.Errorf("forget old requests: %w", err)
		}
		if gone < pruned {
			return nil
		}
	}
}
