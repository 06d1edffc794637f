package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"communitybot/bot"
	"communitybot/bot/store"
	"communitybot/bot/store/pgtest"
	"communitybot/bot/store/storetest"
)

func TestMain(m *testing.M) {
	store.Hear(onSQLite.add, onPostgres.add)
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		pgtest.Stop()
		os.Exit(code)
	}))
}

func open(t *testing.T, path string, now func() time.Time) (*store.Store, error) {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{URL: "sqlite:" + path, Log: slog.New(slog.DiscardHandler), Now: now})
	if err == nil {
		t.Cleanup(func() { _ = s.Close() }) // a second time where the test closed it: then it fails, and that is fine
	}
	return s, err
}

func TestSQLite(t *testing.T) { storetest.Run(t, freshSQLite) }

func TestPostgres(t *testing.T) { storetest.Run(t, freshPostgres) }

// quiet is a log that nobody reads.
var quiet = slog.New(slog.DiscardHandler)

// freshSQLite and freshPostgres give each test a database of its own.
func freshSQLite(t *testing.T) storetest.Open {
	path := filepath.Join(t.TempDir(), "new", "folder", "test.db")
	return func(t *testing.T, now func() time.Time) *store.Store {
		t.Helper()
		s, err := open(t, path, now)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
}

func freshPostgres(t *testing.T) storetest.Open {
	url := pgtest.URL(t)
	return func(t *testing.T, now func() time.Time) *store.Store {
		t.Helper()
		return openPostgres(t, url, now)
	}
}

func openPostgres(t *testing.T, url string, now func() time.Time) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{URL: url, Log: slog.New(slog.NewTextHandler(t.Output(), nil)), Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() }) // a second time where the test closed it
	return s
}

func TestOpenSaysWhatIsWrongWithTheFile(t *testing.T) {
	write := func(t *testing.T, path string, data []byte, mode os.FileMode) {
		t.Helper()
		if err := os.WriteFile(path, data, mode); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		prepare func(t *testing.T, path string)
		want    string
	}{
		"in use by another process": {func(t *testing.T, path string) {
			if _, err := open(t, path, time.Now); err != nil {
				t.Fatal(err)
			}
		}, "in use by another communitybot"},
		"not a database": {func(t *testing.T, path string) {
			write(t, path, []byte(strings.Repeat("This is a letter. ", 100)), 0o600)
		}, "damaged or not a database"},
		"damaged in the middle": {damage, "damaged"},
		"of a newer communitybot": {func(t *testing.T, path string) {
			s, err := open(t, path, time.Now)
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			exec(t, path, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, 1)`)
		}, "made by a newer communitybot"},
		"write-protected": {func(t *testing.T, path string) {
			write(t, path, nil, 0o400)
		}, "read-only"},
		"a folder": {func(t *testing.T, path string) {
			if err := os.Mkdir(path, 0o700); err != nil {
				t.Fatal(err)
			}
		}, "can't be"},
		"in a folder that is a file": {func(t *testing.T, path string) {
			if err := os.Remove(filepath.Dir(path)); err != nil {
				t.Fatal(err)
			}
			write(t, filepath.Dir(path), nil, 0o600)
		}, "can't be made"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "data")
			if err := os.Mkdir(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, "test.db")
			c.prepare(t, path)
			_, err := open(t, path, time.Now)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("error %v, want one that says %q", err, c.want)
			}
		})
	}
}

// damage makes a database and overwrites everything behind its first page.
func damage(t *testing.T, path string) {
	s, err := open(t, path, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := 4096; i < len(data); i++ {
		data[i] = 0xA5
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestAClosedStoreRefusesWork(t *testing.T) {
	s, err := open(t, filepath.Join(t.TempDir(), "test.db"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Ready(t.Context()); err != nil {
		t.Errorf("an open store is not ready: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Ready(context.Background()); err == nil {
		t.Error("a closed store says it is ready")
	}
}

// exec changes a database beside whoever has it open.
func exec(t *testing.T, path, statement string) int64 {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	done, err := db.ExecContext(t.Context(), statement)
	if err != nil {
		t.Fatal(err)
	}
	n, err := done.RowsAffected()
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestARequestThatCantBeReadHoldsUpNoOther also starts anew with it.
func TestARequestThatCantBeReadHoldsUpNoOther(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	s, err := open(t, path, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	soon := func(handle string) bot.Request {
		return bot.Request{Community: bot.Community{Handle: handle}, Tasks: map[bot.Work]*bot.Task{bot.Sync: {Due: time.Now(), Seq: 1}}, By: bot.User{Platform: "slack", ID: "U1"}}
	}
	bad, err := s.Add(t.Context(), soon("a"))
	if err != nil {
		t.Fatal(err)
	}
	good, err := s.Add(t.Context(), soon("b"))
	if err != nil {
		t.Fatal(err)
	}
	exec(t, path, fmt.Sprintf(`UPDATE requests SET doc = '{"tag": 5}' WHERE id = %d`, bad.ID))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err = open(t, path, time.Now); err != nil {
		t.Fatal(err)
	}
	did := make(chan int64, 10)
	q, err := s.Work(t.Context(), func(_ context.Context, j bot.Job) error { did <- j.Request; return nil })
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := q.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	}()
	select {
	case id := <-did:
		if id != good.ID {
			t.Errorf("request %d was worked on", id)
		}
	case <-time.After(20 * time.Second):
		t.Error("nobody worked on the one that can be read")
	}
	if list, err := s.List(t.Context(), bot.Filter{Limit: 10}); err != nil || len(list) != 1 || list[0].ID != good.ID {
		t.Errorf("listed %d, %v", len(list), err)
	}
}

// TestWorkThatIsWantedTwiceIsHandedOn has every look find work that is due in a moment, so that it comes up once for each.
func TestWorkThatIsWantedTwiceIsHandedOn(t *testing.T) {
	said := &lines{}
	s, err := store.Open(t.Context(), store.Options{URL: "sqlite:" + filepath.Join(t.TempDir(), "test.db"), Log: slog.New(slog.NewTextHandler(said, nil)), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	const requests = 20
	for i := range requests {
		r := bot.Request{Community: bot.Community{Handle: fmt.Sprint("acme-", i)}, Tasks: map[bot.Work]*bot.Task{bot.Sync: {Due: time.Now().Add(time.Second), Seq: 1}}}
		if _, err := s.Add(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	did := make(chan bot.Job, 100)
	q, err := s.Work(t.Context(), func(_ context.Context, j bot.Job) error { did <- j; return nil })
	if err != nil {
		t.Fatal(err)
	}
	for range 10 {
		q.Look(t.Context())
	}
	for range requests {
		select {
		case <-did:
		case <-time.After(20 * time.Second):
			t.Fatal("not all was done")
		}
	}
	if err := q.Stop(context.Background()); err != nil {
		t.Error(err)
	}
	if log := said.String(); log != "" {
		t.Errorf("it says\n%s", log)
	}
}

// lines is a log.
type lines struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
