package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// Hear has the statements of all stores told to hear, whatever becomes of them. It is called before any store is opened.
func Hear(sqlite, postgres func(query string)) { prepares, traces = sqlite, tracer(postgres) }

// tracer hears of each statement that goes to Postgres.
type tracer func(query string)

// TraceQueryStart hears of one.
func (t tracer) TraceQueryStart(ctx context.Context, _ *pgx.Conn, q pgx.TraceQueryStartData) context.Context {
	t(q.SQL)
	return ctx
}

// TraceQueryEnd does nothing.
func (tracer) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// ClockIsOff has a store on Postgres believe that the database's clock is ahead of this machine's, until the next beat.
func (s *Store) ClockIsOff(ahead time.Duration) {
	s.engine.(*postgresEngine).counted(time.Now(), ahead)
}

// Leads reports whether what is done from time to time is for this store to do now.
func (s *Store) Leads(ctx context.Context) (bool, error) { return s.engine.leads(ctx) }

// Moves returns the statements that read a whole table to move it.
func Moves() (all []string) {
	for _, t := range moved {
		all = append(all, t.query())
	}
	return all
}
