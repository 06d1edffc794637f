package store

import (
	"context"
	"time"
)

// ClockIsOff has a store on Postgres believe that the database's clock is ahead of this machine's, until the next beat.
func (s *Store) ClockIsOff(ahead time.Duration) {
	s.engine.(*postgresEngine).counted(time.Now(), ahead)
}

// Leads reports whether what is done from time to time is for this store to do now.
func (s *Store) Leads(ctx context.Context) (bool, error) { return s.engine.leads(ctx) }
