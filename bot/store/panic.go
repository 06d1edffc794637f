package store

import (
	"context"
	"database/sql"
	"errors"
	"runtime/debug"

	"communitybot/bot"
)

// errPanicked is what a write answers that panicked. What the panic held is in the log alone.
var errPanicked = errors.New("a panic was caught in a change")

// write runs a write as the engine does. A bug in it ends it like an error, and neither the process nor the writes that
// share its commit. Who waits for it is counted, unless it is work that nobody waits for.
func (s *Store) write(ctx context.Context, run write) error {
	if !isBehind(ctx) {
		s.waiting.Add(1)
		defer s.waiting.Add(-1)
	}
	return s.engine.write(ctx, func(tx *sql.Tx) (jobs []bot.Job, err error) {
		defer func() {
			if p := recover(); p != nil {
				s.panicked()
				s.log.Error("a panic was caught", "at", "store", "panic", p, "stack", string(debug.Stack()))
				jobs, err = nil, errPanicked
			}
		}()
		return run(tx)
	})
}
