package store_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"communitybot/bot"
)

// count counts rows of a database beside whoever has it open.
func count(t *testing.T, path, query string) (rows int) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?mode=ro&_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if err := db.QueryRowContext(t.Context(), query).Scan(&rows); err != nil {
		t.Fatal(err)
	}
	return rows
}

// waitFor waits until there are so many rows; what clears up comes every half minute.
func waitFor(t *testing.T, path, query string, rows int) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for end := time.After(90 * time.Second); count(t, path, query) != rows; {
		select {
		case <-tick.C:
		case <-end:
			t.Fatalf("%s: %d, want %d", query, count(t, path, query), rows)
		}
	}
}

// TestFinishedJobsGoAfterAnHour waits for River's own clearing up. It leaves the requests, and jobs that ended lately.
func TestFinishedJobsGoAfterAnHour(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "test.db")
	s, err := open(t, path, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	const jobs = 10 // left by a process before, or else River would not see them
	for i := range jobs {
		r := bot.Request{Community: bot.Community{Handle: strconv.Itoa(i)}, Tasks: map[bot.Work]*bot.Task{bot.Sync: {Due: time.Now(), Seq: 1}}}
		if _, err := s.Add(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	q, err := s.Work(t.Context(), func(ctx context.Context, j bot.Job) error {
		_, err := s.Change(ctx, j.Request, "", func(r *bot.Request) error { delete(r.Tasks, j.Work); return nil })
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := q.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	}()
	const finished = `SELECT count(*) FROM river_job WHERE state = 'completed'`
	waitFor(t, path, finished, jobs)
	if n := exec(t, path, `UPDATE river_job SET finalized_at = datetime('now', '-61 minutes') WHERE id % 2 = 0`); n != jobs/2 {
		t.Fatalf("%d jobs are old", n)
	}
	if n := exec(t, path, `UPDATE river_job SET finalized_at = datetime('now', '-50 minutes') WHERE id % 2 = 1`); n != jobs/2 {
		t.Fatalf("%d jobs are not so old", n)
	}
	waitFor(t, path, finished, jobs/2)
	if n := count(t, path, `SELECT count(*) FROM river_job WHERE id % 2 = 1`); n != jobs/2 {
		t.Errorf("%d of the jobs that are not so old are left, want %d", n, jobs/2)
	}
	if n := count(t, path, `SELECT count(*) FROM requests`); n != jobs {
		t.Errorf("%d requests are left, want %d", n, jobs)
	}
}

// TestOldDraftsGoWithTheNextOne holds that drafts do not pile up: saving one forgets those of a week ago.
func TestOldDraftsGoWithTheNextOne(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	var passed atomic.Int64
	s, err := open(t, path, func() time.Time { return time.Now().Add(time.Duration(passed.Load())) })
	if err != nil {
		t.Fatal(err)
	}
	save := func(id string, after time.Duration, want int) {
		t.Helper()
		passed.Store(int64(after))
		if err := s.SaveDraft(t.Context(), bot.Draft{ID: id}); err != nil {
			t.Fatal(err)
		}
		if n := count(t, path, `SELECT count(*) FROM drafts`); n != want {
			t.Errorf("after %v there are %d drafts, want %d", after, n, want)
		}
	}
	const day = 24 * time.Hour
	save("first", 0, 1)
	save("second", 0, 2)
	save("first", 3*day, 2) // changed, so it stays for longer
	save("third", 7*day+time.Hour, 2)
	save("fourth", 10*day+time.Hour, 2)
}
