package store_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"communitybot/bot/store"
	"communitybot/bot/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func open(t *testing.T, path string, now func() time.Time) (*store.Store, error) {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{URL: "sqlite:" + path, Log: slog.New(slog.DiscardHandler), Now: now})
	if err == nil {
		t.Cleanup(func() { _ = s.Close() }) // a second time where the test closed it: then it fails, and that is fine
	}
	return s, err
}

func TestSQLite(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Open {
		path := filepath.Join(t.TempDir(), "new", "folder", "test.db")
		return func(t *testing.T, now func() time.Time) *store.Store {
			t.Helper()
			s, err := open(t, path, now)
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
	})
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
