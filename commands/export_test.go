package commands

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"communitybot/bot"
)

var exportedRequest = bot.Request{
	ID: 7, State: bot.IsCreated, Made: bot.Made{URL: "https://genuin.test/acme"},
	Community: bot.Community{Name: "=HYPERLINK(\"https://evil.test\")", Handle: "acme"},
}

var exportedEntries = []bot.Entry{
	{Request: 7, Seq: 1, What: bot.Asked, At: start, By: bot.User{Platform: "slack", ID: "U1", Name: "@Ada, \"the\" one"}, Where: here, Version: 1, Event: "e"},
	{Request: 7, Seq: 2, What: bot.Trouble, At: start.Add(1e6), Version: 1, Reason: bot.Broken, Note: "-1+1\nline"},
}

func exporting(t *testing.T, format string) string {
	t.Helper()
	var out strings.Builder
	write, flush, err := Export(format, &out)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range exportedEntries {
		if err := write(exportedRequest, e); err != nil {
			t.Fatal(err)
		}
	}
	if err := flush(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestExportAsCSV(t *testing.T) {
	rows, err := csv.NewReader(strings.NewReader(exporting(t, "csv"))).ReadAll()
	want := [][]string{
		{"request", "seq", "at", "what", "version", "platform", "user", "user_name", "where", "note", "reason", "community", "handle", "state", "url"},
		{"7", "1", "2026-03-01T09:00:00Z", "asked", "1", "slack", "U1", "'@Ada, \"the\" one", "slack:T1/C1", "", "",
			"'=HYPERLINK(\"https://evil.test\")", "acme", "created", "https://genuin.test/acme"},
		{"7", "2", "2026-03-01T09:00:00.001Z", "trouble", "1", "", "", "", "", "'-1+1\nline", "broken",
			"'=HYPERLINK(\"https://evil.test\")", "acme", "created", "https://genuin.test/acme"},
	}
	if diff := cmp.Diff(want, rows); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestExportAsLinesOfJSON(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(exporting(t, "jsonl")), "\n")
	if len(lines) != 2 {
		t.Fatalf("%d lines", len(lines))
	}
	var got map[string]any
	if err := json.Unmarshal([]byte(lines[0]), &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"request": 7.0, "seq": 1.0, "at": "2026-03-01T09:00:00Z", "what": "asked", "version": 1.0, "platform": "slack", "user": "U1",
		"user_name": "@Ada, \"the\" one", "where": "slack:T1/C1", "community": "=HYPERLINK(\"https://evil.test\")", "handle": "acme",
		"state": "created", "url": "https://genuin.test/acme",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSpreadsheetsAreNotToCalculate(t *testing.T) {
	for s, want := range map[string]string{
		"": "", "Acme": "Acme", "=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@SUM(1)": "'@SUM(1)", "\t=1": "\t'=1", "\r=1": "\r'=1", " =1": " '=1", "a=1": "a=1", "Жук": "Жук",
		"a\n=1": "a\n'=1", "a;+1;b -1": "a;'+1;b -1", "a;\"=1": "a;\"'=1", "a; \u00a0@b": "a; \u00a0'@b", "＝1": "'＝1", "a-b": "a-b",
	} {
		if got := inert(s); got != want {
			t.Errorf("%q becomes %q, want %q", s, got, want)
		}
	}
}

// full is a disk that takes nothing more after some bytes.
type full struct{ left int }

func (f *full) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, errDisk
	}
	return len(p), nil
}

func TestAnExportThatFails(t *testing.T) {
	if _, _, err := Export("xml", nil); err == nil || !strings.Contains(err.Error(), `no format "xml": csv and jsonl are`) {
		t.Errorf("error %v", err)
	}
	for _, format := range []string{"csv", "jsonl"} {
		write, flush, err := Export(format, &full{})
		if err != nil {
			t.Fatal(err)
		}
		err = errors.Join(write(exportedRequest, exportedEntries[0]), flush())
		if !errors.Is(err, errDisk) {
			t.Errorf("%s on a full disk: %v", format, err)
		}
	}
}
