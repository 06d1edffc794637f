package deploy_test

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"path/filepath"
	"testing"

	_ "modernc.org/sqlite" // to hold the database from outside
)

// shown waits until every request is on its card, as far as there is news.
func shown(t *testing.T, path string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?mode=ro&_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	until(t, "all is shown", func() bool {
		var behind int
		if err := db.QueryRowContext(t.Context(), `SELECT count(*) FROM requests WHERE doc->>'$.tasks.sync' IS NOT NULL`).Scan(&behind); err != nil {
			t.Fatal(err)
		}
		return behind == 0
	})
}

// lock keeps everybody else from writing to a database, as a backup that never ends.
func lock(path string) (heal func() error, err error) {
	db, err := sql.Open("sqlite", "file:"+path+"?_txlock=immediate&_pragma=busy_timeout(5000)")
	if err != nil {
		return nil, err
	}
	tx, err := db.BeginTx(context.Background(), nil)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return func() error { return errors.Join(tx.Rollback(), db.Close()) }, nil
}

// TestTheDatabaseIsLocked has a lock last for longer than the bot waits for one, while Genuin answers a call.
func TestTheDatabaseIsLocked(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "bot.db")
	w := startFaulty(t, "DATABASE_URL=sqlite:"+path)
	w.sent(w.form("First"), "First")
	w.underway("Under way")
	shown(t, path)
	form := w.form("Third")
	heal, err := lock(path)
	if err != nil {
		t.Fatal(err)
	}
	w.genuin.Release()
	until(t, "Genuin has answered", func() bool { return w.called() == 2 })
	// Whether it will be kept can't be said before the lock is gone, so Slack tires of waiting and says so. The form stays
	// open: sent again, it counts once.
	for range 2 {
		if s, err := w.slack.Send(t.Context(), "U1", form, nil); err == nil && s.Form == nil {
			t.Error("it was acknowledged, and could not be kept")
		}
	}
	if code, _ := get(t, w.url+"/readyz"); code == http.StatusOK { // no answer in time is one, too
		t.Error("it is ready")
	}
	if err := heal(); err != nil {
		t.Fatal(err)
	}
	w.ready(http.StatusOK)
	w.exists("slack", "Under way")
	w.sent(form, "Third")
	w.one("First", "Under way", "Third")
	w.bot.stop()
}
