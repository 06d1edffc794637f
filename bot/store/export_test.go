package store_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"communitybot/bot"
	"communitybot/bot/store"
)

var exportStart = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

func TestExportBesideAnOpenStore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "with space", "test.db")
	s, err := open(t, path, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	ada := bot.User{Platform: "slack", ID: "U1", Name: "Ada"}
	ben := bot.User{Platform: "slack", ID: "U2", Name: "Ben"}
	here := bot.Place{Platform: "slack", Tenant: "T1", Channel: "C1"}
	for _, handle := range []string{"acme", "other"} {
		r := bot.NewRequest(bot.Event{ID: handle, By: ada, At: here}, bot.Community{Name: "Acme", Handle: handle}, "", bot.Policy{Required: 1}, exportStart)
		if _, err := s.Add(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	_, err = s.Change(t.Context(), 1, "deny", func(r *bot.Request) error {
		return r.Deny(bot.Event{ID: "deny", By: ben, At: here}, 1, "no", exportStart.Add(time.Minute))
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []bot.Entry
	var states []bot.State
	err = store.Export(t.Context(), "sqlite:"+path, func(r bot.Request, e bot.Entry) error {
		if r.ID != e.Request || r.Community.Name != "Acme" {
			t.Errorf("entry %+v of request %d %+v", e, r.ID, r.Community)
		}
		got, states = append(got, e), append(states, r.State)
		return nil
	})
	want := []bot.Entry{
		{Request: 1, Seq: 1, What: bot.Asked, At: exportStart, By: ada, Where: here, Version: 1, Event: "acme", Asks: true},
		{Request: 1, Seq: 2, What: bot.Denied, At: exportStart.Add(time.Minute), By: ben, Where: here, Version: 2, Event: "deny", Note: "no"},
		{Request: 2, Seq: 1, What: bot.Asked, At: exportStart, By: ada, Where: here, Version: 1, Event: "other", Asks: true},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if diff := cmp.Diff([]bot.State{bot.IsRejected, bot.IsRejected, bot.Pending}, states); diff != "" {
		t.Errorf("states (-want +got):\n%s", diff)
	}
	full := errors.New("the disk is full")
	if err := store.Export(t.Context(), "sqlite:"+path, func(bot.Request, bot.Entry) error { return full }); !errors.Is(err, full) {
		t.Errorf("error %v, want the one of the writer", err)
	}
	if err := s.Ready(t.Context()); err != nil {
		t.Errorf("the open store is not ready any more: %v", err)
	}
}

func TestExportSaysWhatIsWrong(t *testing.T) {
	none := func(bot.Request, bot.Entry) error { return errors.New("there is nothing to export") }
	missing := filepath.Join(t.TempDir(), "none.db")
	broken := filepath.Join(t.TempDir(), "broken.db")
	damage(t, broken)
	for url, want := range map[string]string{
		"mysql://db/x":      "sqlite:PATH",
		"sqlite:" + missing: "there is no database " + missing,
		"sqlite:" + broken:  "damaged",
	} {
		if err := store.Export(t.Context(), url, none); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want one that says %q", url, err, want)
		}
	}
}
