package store_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/pressly/goose/v3"

	"communitybot/bot"
)

// TestRequestsOfAnEarlierVersionAreFound opens a database of which the tables did not know yet where people decide.
func TestRequestsOfAnEarlierVersionAreFound(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	earlier, err := goose.NewProvider(goose.DialectSQLite3, db, os.DirFS("migrations/sqlite"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := earlier.UpTo(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	for _, doc := range []string{
		`{"by":{"platform":"slack","id":"U1"},"policy":{"required":1},"threads":[{"at":{"platform":"slack","tenant":"T1","channel":"C1"}},{"at":{"platform":"discord","tenant":"7","channel":"8"}}]}`,
		`{"by":{"platform":"slack","id":"U1"},"policy":{"required":0},"threads":[{"at":{"platform":"discord","tenant":"7","channel":"8"}}]}`,
		`not JSON`,
	} {
		if _, err := db.Exec(`INSERT INTO requests (platform, user_id, state, handle, holds, doc) VALUES ('slack', 'U1', 'pending', $1, FALSE, $1)`, doc); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := open(t, path, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	list, err := s.List(t.Context(), bot.Filter{In: &bot.Place{Platform: "discord", Tenant: "7"}, Waiting: true, Limit: 10})
	if err != nil || len(list) != 1 || list[0].ID != 1 {
		t.Errorf("found %+v, err %v; want the first", list, err)
	}
}
