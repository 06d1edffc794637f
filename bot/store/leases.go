package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"communitybot/bot"
)

// Hold takes or keeps a lease; see bot.Leases. Whoever finds that its time is over takes it, or that it lasts longer than
// any can: then a clock was set back.
func (s *Store) Hold(ctx context.Context, name, owner string, d time.Duration) (held bool, err error) {
	now := s.now()
	err = s.write(ctx, func(tx *sql.Tx) ([]bot.Job, error) {
		done, err := tx.ExecContext(ctx, `INSERT INTO leases (name, owner, until) VALUES ($1, $2, $3)
			ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until = excluded.until
			WHERE leases.owner = excluded.owner OR leases.until <= $4 OR leases.until > $5`,
			name, owner, now.Add(d).UnixMilli(), now.UnixMilli(), now.Add(2*d).UnixMilli())
		if err != nil {
			return nil, fmt.Errorf("take a lease: %w", err)
		}
		rows, err := done.RowsAffected()
		held = rows > 0
		return nil, err
	})
	return held && err == nil, err
}

// Release gives a lease back; see bot.Leases.
func (s *Store) Release(ctx context.Context, name, owner string) error {
	return s.write(ctx, func(tx *sql.Tx) ([]bot.Job, error) {
		if _, err := tx.ExecContext(ctx, `DELETE FROM leases WHERE name = $1 AND owner = $2`, name, owner); err != nil {
			return nil, fmt.Errorf("give a lease back: %w", err)
		}
		return nil, nil
	})
}
