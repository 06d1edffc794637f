package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"

	"communitybot/bot"
	"communitybot/bot/store"
	"communitybot/bot/store/pgtest"
	"communitybot/bot/store/storetest"
)

// statements are those that stores of this test process sent to a database.
type statements struct {
	mu  sync.Mutex
	all map[string]bool
}

var onSQLite, onPostgres statements

func (s *statements) add(query string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all == nil {
		s.all = map[string]bool{}
	}
	s.all[query] = true
}

// grows finds statements about the tables that grow with use, other than those that only add to them.
var grows = regexp.MustCompile(`(?is)^\s*(SELECT|UPDATE|DELETE)\b.*\b(requests|history|drafts)\b`)

// ofGrowing returns the statements whose plans count, in order.
func (s *statements) ofGrowing() (list []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, q := range slices.Sorted(maps.Keys(s.all)) {
		if grows.MatchString(q) && !strings.Contains(q, "pg_catalog") && !strings.Contains(q, "information_schema") {
			list = append(list, q)
		}
	}
	return list
}

// readsAll reports whether a statement is there to go through a whole table: once, to move it or as a part of a migration.
func readsAll(t *testing.T, query string) bool {
	t.Helper()
	if slices.Contains(store.Moves(), query) {
		return true
	}
	files, err := filepath.Glob("migrations/*/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	return slices.ContainsFunc(files, func(file string) bool {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Contains(string(text), query)
	})
}

// exercise has a store do all it can: the suite, and what it has no part in.
func exercise(t *testing.T, fresh func(t *testing.T) storetest.Open, url string) {
	t.Helper()
	storetest.Run(t, fresh)
	s, err := store.Open(t.Context(), store.Options{URL: url, Retention: time.Hour, Log: quiet, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	q, err := s.Work(t.Context(), func(context.Context, bot.Job) error { return bot.ErrNoTask })
	if err != nil {
		t.Fatal(err)
	}
	q.Look(t.Context())
	if err := q.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := store.Export(t.Context(), url, func(bot.Request, bot.Entry) error { return nil }); err != nil {
		t.Fatal(err)
	}
}

// check holds that the plan of each statement goes by an index; plan returns it, a step a line.
func (s *statements) check(t *testing.T, scan *regexp.Regexp, plan func(query string) (string, error)) {
	t.Helper()
	list := s.ofGrowing()
	if len(list) < 12 {
		t.Errorf("only %d statements were heard:\n%s", len(list), strings.Join(list, "\n"))
	}
	for _, query := range list {
		if readsAll(t, query) {
			continue
		}
		steps, err := plan(query)
		if err != nil {
			t.Errorf("%s: %v", query, err)
		} else if scan.MatchString(steps) {
			t.Errorf("%s\nreads a whole table:\n%s", query, steps)
		}
	}
}

// parameter is a place in a statement that is filled in.
var parameter = regexp.MustCompile(`\$[0-9]+`)

// parameters returns how many values a statement takes.
func parameters(query string) int {
	found := parameter.FindAllString(query, -1)
	slices.Sort(found)
	return len(slices.Compact(found))
}

func TestEveryPlanOnSQLiteGoesByAnIndex(t *testing.T) {
	path := filepath.Join(t.TempDir(), "plans.db")
	exercise(t, freshSQLite, "sqlite:"+path)
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	onSQLite.check(t, regexp.MustCompile(`(?m)^SCAN (requests|history|drafts|r|h)\b`), func(query string) (string, error) {
		return steps(t.Context(), db, `EXPLAIN QUERY PLAN `+query, make([]any, parameters(query))...)
	})
}

func TestEveryPlanOnPostgresGoesByAnIndex(t *testing.T) {
	url := pgtest.URL(t)
	exercise(t, freshPostgres, url)
	db, err := sql.Open("pgx", url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	db.SetMaxOpenConns(1) // what is set is of one connection
	for _, set := range []string{`SET enable_seqscan = off`, `SET plan_cache_mode = force_generic_plan`} {
		if _, err := db.ExecContext(t.Context(), set); err != nil {
			t.Fatal(err)
		}
	}
	n := 0
	onPostgres.check(t, regexp.MustCompile(`Seq Scan on (requests|history|drafts)`), func(query string) (string, error) {
		n++
		if _, err := db.ExecContext(t.Context(), fmt.Sprintf(`PREPARE planned%d AS %s`, n, query)); err != nil {
			return "", err
		}
		values := ""
		if of := parameters(query); of > 0 {
			values = `(` + strings.TrimSuffix(strings.Repeat(`NULL,`, of), `,`) + `)`
		}
		return steps(t.Context(), db, fmt.Sprintf(`EXPLAIN EXECUTE planned%d%s`, n, values))
	})
}

// steps returns the last column of all rows, a line each.
func steps(ctx context.Context, db *sql.DB, query string, args ...any) (string, error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return "", err
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for rows.Next() {
		values := make([]any, len(columns))
		for i := range values {
			values[i] = new(any)
		}
		if err := rows.Scan(values...); err != nil {
			return "", err
		}
		fmt.Fprintln(&b, *values[len(values)-1].(*any))
	}
	return b.String(), rows.Err()
}
