// Package pgtest gives tests a Postgres of their own: one server for all tests of a package, a fresh database for each.
//
// It imports bot/store, pgx and testing.
package pgtest

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"communitybot/bot/store"
)

// Password of every server's user: what must not be printed.
const Password = "a-password-of-postgres"

var (
	mu     sync.Mutex
	shared *Server
	failed error
	number atomic.Int64
)

// URL returns the URL of a database of the test's own, with all tables in it, on the server of all tests; Stop ends that. Without
// Postgres on this machine the test is skipped, or fails when CI says so.
func URL(t testing.TB) string {
	t.Helper()
	return server(t).Database(t, "migrated")
}

// Empty is URL, of a database in which there is nothing.
func Empty(t testing.TB) string {
	t.Helper()
	return server(t).Database(t, "template0")
}

// server returns the server that all tests share.
func server(t testing.TB) *Server {
	t.Helper()
	Need(t)
	mu.Lock()
	defer mu.Unlock()
	if shared == nil && failed == nil {
		shared, failed = start()
	}
	if failed != nil {
		t.Fatal(failed)
	}
	return shared
}

// start starts a server, and makes the database of which others are copies.
func start() (*Server, error) {
	s, err := Start()
	if err != nil {
		return nil, err
	}
	ctx := context.Background()
	if err := s.Exec(ctx, `CREATE DATABASE migrated`); err != nil {
		s.Stop()
		return nil, err
	}
	made, err := store.Open(ctx, store.Options{URL: s.URL("migrated"), Log: slog.New(slog.DiscardHandler), Now: time.Now})
	if err == nil {
		err = made.Close()
	}
	if err != nil {
		s.Stop()
		return nil, err
	}
	return s, nil
}

// Need skips the test when there is no Postgres on this machine; when CI says so it fails.
func Need(t testing.TB) {
	t.Helper()
	_, err := programs()
	switch {
	case err == nil:
	case os.Getenv("CI") != "":
		t.Fatal(err)
	default:
		t.Skip(err)
	}
}

// Stop stops the server of all tests, if one was started. It belongs at the end of TestMain.
func Stop() {
	mu.Lock()
	defer mu.Unlock()
	if shared != nil {
		shared.Stop()
		shared = nil
	}
}

// Database makes a database as a copy of another, which goes with the test, and returns its URL.
func (s *Server) Database(t testing.TB, template string) string {
	t.Helper()
	name := fmt.Sprintf("test_%d", number.Add(1))
	if err := s.Exec(t.Context(), fmt.Sprintf(`CREATE DATABASE %s TEMPLATE %s`, name, template)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Exec(context.Background(), fmt.Sprintf(`DROP DATABASE %s WITH (FORCE)`, name)); err != nil {
			t.Error(err)
		}
	})
	return s.URL(name)
}

// Exec runs a statement as the server's administrator.
func (s *Server) Exec(ctx context.Context, statement string) error {
	conn, err := pgx.Connect(ctx, s.URL("postgres"))
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, statement)
	if closing := conn.Close(ctx); err == nil {
		err = closing
	}
	return err
}
