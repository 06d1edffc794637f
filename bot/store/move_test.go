package store_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"communitybot/bot"
	"communitybot/bot/store"
	"communitybot/bot/store/pgtest"
)

// lived makes a SQLite file as a bot leaves it that was killed: requests of several kinds, one of them under way, a
// draft, and the last request forgotten.
func lived(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "bot.db")
	s, err := open(t, path, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	add := func(handle string, p bot.Policy, then func(*bot.Request) error) int64 {
		t.Helper()
		c := bot.Community{Name: "Acme – \u0000 \U0001F389 \xff", Handle: handle}
		r, err := s.Add(t.Context(), bot.NewRequest(bot.Event{ID: handle, By: ben}, c, "", p, time.Now()))
		if err == nil && then != nil {
			r, err = s.Change(t.Context(), r.ID, "then "+handle, then)
		}
		if err != nil {
			t.Fatal(err)
		}
		return r.ID
	}
	agree := bot.Policy{Required: 1}
	add("waits", agree, nil)
	add("gone", agree, func(r *bot.Request) error {
		return r.Withdraw(bot.Event{ID: "then gone", By: ben}, r.Version, time.Now())
	})
	add("called", bot.Policy{}, func(r *bot.Request) error { return r.Call("a bot that was killed", time.Now(), time.Hour) })
	last := add("last", agree, nil)
	if err := errors.Join(s.SaveDraft(t.Context(), bot.Draft{ID: "d", Owner: ben, Values: bot.Values{"name": "A"}}), s.Close()); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{`DELETE FROM history WHERE request_id = %d`, `DELETE FROM requests WHERE id = %d`} {
		exec(t, path, fmt.Sprintf(statement, last))
	}
	return path
}

func TestAllIsMovedToPostgresAndGoesOnThere(t *testing.T) {
	path, url := lived(t), pgtest.Empty(t)
	tables, err := store.Move(t.Context(), "sqlite:"+path, url)
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]int64{}
	for _, m := range tables {
		rows[m.Table] = m.Rows
	}
	if diff := cmp.Diff(map[string]int64{"requests": 3, "history": 5, "drafts": 1}, rows); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	before, err := open(t, path, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	after := openPostgres(t, url, time.Now)
	all := func(s *store.Store) (list []bot.Request, happened [][]bot.Entry, d bot.Draft) {
		t.Helper()
		list, err := s.List(t.Context(), bot.Filter{Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range list {
			entries, err := s.History(t.Context(), r.ID, 0)
			if err != nil {
				t.Fatal(err)
			}
			happened = append(happened, entries)
		}
		if d, err = s.Draft(t.Context(), "d"); err != nil {
			t.Fatal(err)
		}
		return list, happened, d
	}
	list, happened, draft := all(before)
	movedList, movedHappened, movedDraft := all(after)
	if diff := cmp.Diff([]any{list, happened, draft}, []any{movedList, movedHappened, movedDraft}, cmpopts.IgnoreUnexported(bot.Request{})); diff != "" || len(list) != 3 {
		t.Errorf("%d requests (-SQLite +Postgres):\n%s", len(list), diff)
	}

	begun := make(chan bot.Request, 10)
	works(t, after, func(ctx context.Context, j bot.Job) error {
		if j.Work != bot.Make {
			return bot.ErrNoTask
		}
		r, err := after.Change(ctx, j.Request, "", func(r *bot.Request) error { return r.Call(after.Owner(), time.Now(), time.Hour) })
		if err == nil {
			begun <- r
		}
		return err
	})
	select {
	case r := <-begun:
		if r.ID != 3 || !r.Calls.Lost {
			t.Errorf("request %d goes on, lost %v; want 3, whose call may have arrived", r.ID, r.Calls.Lost)
		}
	case <-time.After(30 * time.Second):
		t.Error("what was under way does not go on")
	}
	r, err := after.Add(t.Context(), bot.NewRequest(bot.Event{ID: "new", By: ben}, bot.Community{Handle: "new"}, "", bot.Policy{Required: 1}, time.Now()))
	if err != nil || r.ID != 5 {
		t.Errorf("the next request is %d, error %v; want 5: there was a fourth", r.ID, err)
	}
}

func TestMovingIsRefused(t *testing.T) {
	source := "sqlite:" + lived(t)
	for name, c := range map[string]struct {
		prepare func(t *testing.T) (from, to string)
		want    string
	}{
		"when a bot has the file open": {func(t *testing.T) (string, string) {
			path := lived(t)
			if _, err := open(t, path, time.Now); err != nil {
				t.Fatal(err)
			}
			return "sqlite:" + path, pgtest.Empty(t)
		}, "in use by another communitybot. Stop that one first"},
		"when there is something in the database": {func(t *testing.T) (string, string) {
			url := pgtest.URL(t)
			beside(t, url, `INSERT INTO drafts (id, updated, doc) VALUES ('d', 1, '{}')`)
			return source, url
		}, "is not empty"},
		"when a bot is at work on the database": {func(t *testing.T) (string, string) {
			url := pgtest.URL(t)
			works(t, openPostgres(t, url, time.Now), idle)
			return source, url
		}, "1 communitybots are at work on it"},
		"when something else arrives": {func(t *testing.T) (string, string) {
			url := pgtest.URL(t)
			beside(t, url, `CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.doc = NEW.doc || ' '; RETURN NEW; END $$`)
			beside(t, url, `CREATE TRIGGER spoil BEFORE INSERT ON history FOR EACH ROW WHEN (NEW.seq = 2) EXECUTE FUNCTION spoil()`)
			return source, url
		}, "table history: what arrived is not what was there"},
		"when a row does not": {func(t *testing.T) (string, string) {
			url := pgtest.URL(t)
			beside(t, url, `CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$`)
			beside(t, url, `CREATE TRIGGER lose BEFORE INSERT ON drafts FOR EACH ROW EXECUTE FUNCTION lose()`)
			return source, url
		}, "table drafts: what arrived is not what was there: 0 rows"},
		"when there is no file": {func(t *testing.T) (string, string) {
			return "sqlite:" + filepath.Join(t.TempDir(), "none.db"), pgtest.Empty(t)
		}, "there is no database"},
		"the other way":         {func(*testing.T) (string, string) { return pgtest.Empty(t), source }, "what is moved must be sqlite:PATH"},
		"from a file to a file": {func(*testing.T) (string, string) { return source, source }, "where to move must be postgres://"},
	} {
		t.Run(name, func(t *testing.T) {
			from, to := c.prepare(t)
			_, err := store.Move(t.Context(), from, to)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("error %v, want one that says %q", err, c.want)
			}
			if strings.Contains(err.Error(), pgtest.Password) {
				t.Errorf("the password is in %q", err)
			}
			if path := strings.TrimPrefix(from, "sqlite:"); strings.HasSuffix(path, "none.db") {
				if _, err := os.Stat(path); err == nil {
					t.Error("the file was made")
				}
			}
			if strings.Contains(c.want, "arrived") && one[int](t, to, `SELECT count(*) FROM requests`) > 0 {
				t.Error("a part was moved")
			}
		})
	}
}
