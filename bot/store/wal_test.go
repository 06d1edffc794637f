package store_test

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"communitybot/bot"
	"communitybot/bot/store"
	"communitybot/bot/store/pgtest"
)

// checkpoint moves what stands beside a database into it, and reports whether nobody who reads holds that up.
func checkpoint(t *testing.T, path string) bool {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	var busy, pages, moved int
	if err := db.QueryRowContext(t.Context(), `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &pages, &moved); err != nil {
		t.Fatal(err)
	}
	return busy == 0
}

// TestAnExportThatPausesHoldsUpNothing has whoever reads an export take their time, as a pager does: what the bot writes
// meanwhile can be moved into the database, or it would grow beside it without end. There are several pages of it.
func TestAnExportThatPausesHoldsUpNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	s, err := open(t, path, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	exportsInOrder(t, s, "sqlite:"+path, func(n int) {
		if err := s.SaveDraft(t.Context(), bot.Draft{ID: fmt.Sprint(n)}); err != nil {
			t.Fatal(err)
		}
		if !checkpoint(t, path) {
			t.Errorf("at line %d, nothing can be moved into the database", n)
		}
	})
}

func TestAnExportOfPostgresHasItsPagesInOrder(t *testing.T) {
	url := pgtest.URL(t)
	exportsInOrder(t, openPostgres(t, url, time.Now), url, func(int) {})
}

// exportsInOrder keeps several pages of history, and exports it; now and then it calls pause.
func exportsInOrder(t *testing.T, s *store.Store, url string, pause func(line int)) {
	const requests = 400
	for i := range requests {
		e := bot.Event{ID: fmt.Sprint(i), By: bot.User{Platform: "slack", ID: "U1"}}
		r, err := s.Add(t.Context(), bot.NewRequest(e, bot.Community{Name: "Acme", Handle: fmt.Sprint("acme-", i)}, "", bot.Policy{Required: 1}, time.Now()))
		if err != nil {
			t.Fatal(err)
		}
		for n := range 2 { // three lines of each: a page ends within a request
			_, err = s.Change(t.Context(), r.ID, "", func(r *bot.Request) error { r.Told(0, bot.Entry{Seq: n}, bot.Place{}, time.Now()); return nil })
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	var lines []string
	err := store.Export(t.Context(), url, func(r bot.Request, e bot.Entry) error {
		if n := len(lines); n%500 == 0 {
			pause(n)
		}
		lines = append(lines, fmt.Sprint(r.ID, "/", e.Seq))
		return nil
	})
	if err != nil || len(lines) != 3*requests {
		t.Fatalf("%d lines, err %v", len(lines), err)
	}
	for i, line := range lines {
		if want := fmt.Sprint(i/3+1, "/", i%3+1); line != want {
			t.Fatalf("line %d is of %s, want %s", i, line, want)
		}
	}
}

// TestWhatStandsBesideTheDatabaseShrinks has somebody read for long, while much is written.
func TestWhatStandsBesideTheDatabaseShrinks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	s, err := open(t, path, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	size := func() int64 {
		info, err := os.Stat(path + "-wal")
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	write := func(megabytes int) {
		for n := range megabytes {
			if err := s.SaveDraft(t.Context(), bot.Draft{ID: fmt.Sprint(n), Values: bot.Values{"text": strings.Repeat("x", 1<<20)}}); err != nil {
				t.Fatal(err)
			}
		}
	}
	write(1)
	reader, err := sql.Open("sqlite", "file:"+path+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reader.Close() }()
	rows, err := reader.QueryContext(t.Context(), `SELECT doc FROM drafts UNION ALL SELECT doc FROM drafts`)
	if err != nil || !rows.Next() {
		t.Fatal(err)
	}
	write(20)
	if grown := size(); grown < 16<<20 {
		t.Fatalf("it has %d bytes: nobody held it up", grown)
	}
	if err := rows.Close(); err != nil {
		t.Fatal(err)
	}
	write(6)
	if now := size(); now > 9<<20 {
		t.Errorf("it still has %d bytes", now)
	}
}
