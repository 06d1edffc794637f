package slack

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"communitybot/adapters/slack/slackfake"
	"communitybot/bot"
)

// found writes findings down, a line each.
func found(all []bot.Finding) string {
	var lines []string
	for _, f := range all {
		verdict := "ok"
		if f.Err != nil {
			verdict = f.Err.Error()
		}
		lines = append(lines, fmt.Sprintf("%s (%s): %s", f.Name, f.Detail, verdict))
	}
	return strings.Join(lines, "\n")
}

func TestASoundSetUp(t *testing.T) {
	d := sit(t, answering(nil))
	all := d.adapter.Check(t.Context())
	if slices.ContainsFunc(all, func(f bot.Finding) bool { return f.Err != nil }) || len(all) != 3 {
		t.Errorf("%s", found(all))
	}
	if !strings.Contains(found(all), "communitybot in") || !strings.Contains(found(all), "(T1)") {
		t.Errorf("%s", found(all))
	}
	if n := len(d.Requests()); n != 1 {
		t.Errorf("%d requests", n)
	}
}

func TestMissingScopesAreNamed(t *testing.T) {
	d := sit(t, answering(nil), "commands", "channels:history", "groups:history", "im:history", "chat:write.public", "channels:join", "users:read", "extra")
	got := found(d.adapter.Check(t.Context()))
	if want := "missing chat:write, im:write, usergroups:read: add them"; !strings.Contains(got, want) {
		t.Errorf("%s\nlacks %q", got, want)
	}
}

func TestScopesThatCanBeMissed(t *testing.T) {
	d := sit(t, answering(nil), "commands", "chat:write", "channels:history", "groups:history", "im:history", "chat:write.public", "users:read")
	all := d.adapter.Check(t.Context())
	if got := found(all); !strings.Contains(got, "without channels:join, im:write, usergroups:read some things don't work: see the README): ok") {
		t.Errorf("%s", got)
	}
}

func TestATokenThatIsRefused(t *testing.T) {
	d := sit(t, answering(nil))
	for _, tc := range []struct {
		failure slackfake.Failure
		want    string
		lines   int
	}{
		{slackfake.Refuse("invalid_auth"), "SLACK_BOT_TOKEN is not accepted: invalid_auth", 2},
		{slackfake.Status(http.StatusInternalServerError, 0), "500", 1},
		{slackfake.Reset(), "no answer", 1},
	} {
		d.Fail("auth.test", 1, tc.failure)
		all := d.adapter.Check(t.Context())
		if got := found(all); !strings.Contains(got, tc.want) || len(all) != tc.lines || strings.Contains(got, "xoxb") {
			t.Errorf("%d lines:\n%s", len(all), got)
		}
	}
}

func TestTheClockIsComparedWithSlacks(t *testing.T) {
	for off, want := range map[time.Duration]string{
		0:                 "slack clock (0s off Slack's): ok",
		40 * time.Second:  "slack clock (40s off Slack's): ok",
		-4 * time.Minute:  "clock is 4m0s off Slack's",
		90 * time.Second:  "clock is 1m30s off Slack's",
		-59 * time.Second: "slack clock (59s off Slack's): ok",
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Date", noon.Format(http.TimeFormat))
			_, _ = w.Write([]byte(`{"ok":true,"user":"communitybot","team":"Fans","team_id":"T1"}`))
		}))
		client := server.Client()
		a := New(Options{Token: "xoxb-test", APIURL: server.URL, HTTP: client, Now: func() time.Time { return noon.Add(off) }})
		got := found(a.Check(t.Context()))
		if !strings.Contains(got, want) {
			t.Errorf("%v off:\n%s", off, got)
		}
		if !strings.Contains(got, "does not say which scopes the token has): ok") {
			t.Errorf("without scopes in the answer:\n%s", got)
		}
		server.Close()
		client.CloseIdleConnections()
	}
}

func TestTheAppTokenIsChecked(t *testing.T) {
	d := sit(t, answering(nil))
	d.UseSocket(appToken)
	for token, want := range map[string]string{
		appToken:     "slack app token (Socket Mode is on): ok",
		"xapp-other": "slack app token (apps.connections.open): SLACK_APP_TOKEN is refused: invalid_auth",
		"xoxb-test":  "slack app token (apps.connections.open): SLACK_APP_TOKEN is refused: not_allowed_token_type",
	} {
		a := New(Options{Token: "xoxb-test", AppToken: token, APIURL: d.APIURL(), HTTP: d.adapter.http})
		if got := found(a.Check(t.Context())); !strings.Contains(got, want) || strings.Contains(got, "xapp-o") {
			t.Errorf("%s", got)
		}
	}
	if d.Sockets() > 0 {
		t.Error("it connected")
	}
}

func TestTheAdapterIsSlack(t *testing.T) {
	if diff := cmp.Diff("slack", New(Options{}).Name()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
