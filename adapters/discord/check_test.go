package discord

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"communitybot/bot"
)

// canned answers every request the same, without a network.
type canned struct {
	status int
	header http.Header
	body   string
	err    error
	asked  *string // takes the URL
}

func (c canned) RoundTrip(r *http.Request) (*http.Response, error) {
	if c.asked != nil {
		*c.asked = r.URL.String()
	}
	if c.err != nil {
		return nil, c.err
	}
	return &http.Response{
		Status: http.StatusText(c.status), StatusCode: c.status, Header: c.header, Request: r,
		Body: io.NopCloser(strings.NewReader(c.body)),
	}, nil
}

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		name    string
		adapter func(*world) *Adapter
		want    map[string]string // finding: part of its detail; "!" first: it failed
	}{
		{"all is well", func(w *world) *Adapter { return w.a },
			map[string]string{"discord token": "signed in as communitybot", "discord application": "application 1100000000000000001", "discord commands": "/create-community", "discord clock": "apart"}},
		{"a wrong token", func(w *world) *Adapter { return w.adapter(Options{Token: "wrong"}) },
			map[string]string{"discord token": "!DISCORD_BOT_TOKEN was not accepted", "discord clock": "apart"}},
		{"another application", func(w *world) *Adapter { return w.adapter(Options{ApplicationID: "1100000000000000009"}) },
			map[string]string{"discord token": "signed in", "discord application": "!DISCORD_APPLICATION_ID is \"1100000000000000009\"", "discord commands": "!could not be read", "discord clock": "apart"}},
		{"another public key", func(w *world) *Adapter { return w.adapter(Options{PublicKey: strings.Repeat("0a", 32)}) },
			map[string]string{"discord token": "signed in", "discord application": "!DISCORD_PUBLIC_KEY", "discord commands": "/create-community", "discord clock": "apart"}},
		{"anybody's servers", func(w *world) *Adapter { return w.a },
			map[string]string{"discord token": "signed in", "discord application": "switch Public Bot off in the Developer Portal, or name your servers in DISCORD_GUILDS", "discord commands": "/create-community", "discord clock": "apart"}},
		{"the servers that are named", func(w *world) *Adapter { return w.adapter(Options{Guilds: []string{guild}}) },
			map[string]string{"discord token": "signed in", "discord application": "=application 1100000000000000001", "discord commands": "/create-community", "discord clock": "apart"}},
		{"nobody there", func(w *world) *Adapter {
			return w.adapter(Options{HTTP: &http.Client{Transport: canned{err: errors.New("no route")}}})
		}, map[string]string{"discord token": "!can't be reached"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, always(bot.Done{}, nil))
			w.clock.Move(time.Since(start)) // the fake's answers are dated by its web server
			if err := w.a.Register(t.Context(), both); err != nil {
				t.Fatal(err)
			}
			found := c.adapter(w).Check(t.Context())
			if len(found) != len(c.want) {
				t.Errorf("%d findings, want %d: %+v", len(found), len(c.want), found)
			}
			for _, f := range found {
				want, fails := strings.CutPrefix(c.want[f.Name], "!")
				if whole, exactly := strings.CutPrefix(want, "="); exactly && f.Detail == whole {
					want = whole
				}
				if !strings.Contains(f.Detail, want) || want == "" || (f.Err != nil) != fails {
					t.Errorf("%s: %q, %v; want %q", f.Name, f.Detail, f.Err, c.want[f.Name])
				}
			}
		})
	}
}

func TestCheckReadsTheClock(t *testing.T) {
	for _, c := range []struct {
		name string
		off  time.Duration
		bad  bool
	}{{"exact", 0, false}, {"a minute slow", -time.Minute, false}, {"five minutes fast", 5 * time.Minute, false}, {"six minutes fast", 6 * time.Minute, true}, {"six minutes slow", -6 * time.Minute, true}} {
		t.Run(c.name, func(t *testing.T) {
			a, err := New(Options{Now: func() time.Time { return start.Add(c.off) }})
			if err != nil {
				t.Fatal(err)
			}
			f, ok := a.checkClock(http.Header{"Date": {start.Format(http.TimeFormat)}})
			if !ok || (f.Err != nil) != c.bad || f.Name != "discord clock" {
				t.Errorf("found %+v, %v", f, ok)
			}
		})
	}
	a, _ := New(Options{})
	if f, ok := a.checkClock(nil); ok {
		t.Errorf("found %+v without a date", f)
	}
}
