package sandbox_test

import (
	"bufio"
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptrace"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// envOf returns the environment of the n-th start.
func (b *fakeBot) envOf(n int) map[string]string {
	b.mu.Lock()
	defer b.mu.Unlock()
	if n >= len(b.lives) {
		b.t.Fatalf("the bot was started %d times", len(b.lives))
	}
	return environ(b.lives[n])
}

func TestAPolicyReachesTheBotAsItsEnvironment(t *testing.T) {
	w := start(t)
	first := w.bot.envOf(0)
	if first["APPROVALS_REQUIRED"] != "1" || !strings.Contains(first["APPROVERS"], "slack:") || !strings.Contains(first["APPROVERS"], "discord:") {
		t.Errorf("at first %v", first)
	}
	w.ok(w.post("/api/policy", object{
		"required": 2, "approvers": []string{"Ben", "Eve"}, "channel": "discord", "expiry": "1h", "reminder": "0", "self": true,
	}))
	got := w.bot.envOf(1)
	want := map[string]string{
		"APPROVALS_REQUIRED": "2", "APPROVAL_EXPIRY": "1h", "APPROVAL_REMINDER": "0", "ALLOW_SELF_APPROVAL": "true",
		"APPROVERS":        "slack:UBEN,discord:1200000000000000002,slack:UEVE,discord:1200000000000000005",
		"APPROVAL_CHANNEL": "discord:1100000000000000002/1300000000000000002",
	}
	for name, value := range want {
		if got[name] != value {
			t.Errorf("%s=%s, want %s", name, got[name], value)
		}
	}
	if got["DATABASE_URL"] != first["DATABASE_URL"] {
		t.Error("the database is another one")
	}
	html := string(w.ok(w.get("/part/controls")).body)
	if !strings.Contains(html, "APPROVAL_EXPIRY=1h") {
		t.Errorf("the page does not show it: %s", html)
	}
	w.ok(w.post("/api/slack/type", object{"who": "Ada", "line": "/hello"})) // the new bot is connected
}

// TestWhatIsDoneWhileTheBotRestartsIsDoneAfterwards does what a restart could break, while there is no bot.
func TestWhatIsDoneWhileTheBotRestartsIsDoneAfterwards(t *testing.T) {
	for name, refuses := range map[string]string{"with the new policy": "", "with the former": "APPROVALS_REQUIRED=2"} {
		t.Run(name, func(t *testing.T) {
			w := start(t)
			starts := make(chan chan struct{})
			w.bot.mu.Lock()
			w.bot.starts, w.bot.refuses = starts, refuses
			w.bot.mu.Unlock()
			applied, _ := w.sends("/api/policy", object{"required": 2, "expiry": "1h", "reminder": "0"})
			may := <-starts // the former bot has ended
			answers := map[string]<-chan string{}
			for path, what := range map[string]object{
				"/api/slack/type":   {"who": "Ada", "line": "/hello"},
				"/api/discord/type": {"who": "Ada", "line": "/hello"},
				"/api/clock":        {"forward": "1h"},
			} {
				answer, sent := w.sends(path, what)
				answers[path] = answer
				<-sent
			}
			close(may)
			wanted := "200 OK"
			if refuses != "" {
				close(<-starts)
				wanted = "400 Bad Request"
			}
			if got := <-applied; got != wanted {
				t.Errorf("the policy: %s, want %s", got, wanted)
			}
			for path, answer := range answers {
				if got := <-answer; got != "200 OK" {
					t.Errorf("%s: %s", path, got)
				}
			}
		})
	}
}

// sends posts JSON beside the test. It returns what the status will be, and when all of it was sent.
func (w *world) sends(path string, v any) (status <-chan string, sent <-chan struct{}) {
	w.t.Helper()
	body, err := json.Marshal(v)
	if err != nil {
		w.t.Fatal(err)
	}
	ends, wrote := make(chan string, 1), make(chan struct{})
	r := w.request(http.MethodPost, path, body)
	r.Header.Set("Content-Type", "application/json")
	r = r.WithContext(httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{WroteRequest: func(httptrace.WroteRequestInfo) { close(wrote) }}))
	go func() {
		res, err := w.client.Do(r)
		if err != nil {
			ends <- err.Error()
			return
		}
		_ = res.Body.Close()
		ends <- res.Status
	}()
	return ends, wrote
}

func TestAPolicyThatTheBotRefusesLeavesTheFormer(t *testing.T) {
	w := start(t)
	w.bot.refuses = "APPROVALS_REQUIRED=9"
	if words := w.refused(w.post("/api/policy", object{"required": 9, "expiry": "1h", "reminder": "0"}), http.StatusBadRequest); !strings.Contains(words, "nobody is called that") {
		t.Errorf("it says %q", words)
	}
	if got := w.bot.envOf(2)["APPROVALS_REQUIRED"]; got != "1" {
		t.Errorf("now %s approvals are required", got)
	}
	w.ok(w.post("/api/discord/type", object{"who": "Ada", "line": "/hello"}))
}

func TestAPolicyThatCantBeMeantIsNotApplied(t *testing.T) {
	w := start(t)
	sound := object{"required": 2, "approvers": []string{"Ben"}, "channel": "slack", "expiry": "1h", "reminder": "0"}
	for name, c := range map[string]struct {
		field string
		value any
		words string
	}{
		"nobody of that name":  {"approvers", []string{"Ben", "Zed"}, `"Zed"`},
		"no chat of that name": {"channel", "teams", `"teams"`},
		"too many":             {"required", 99, "0 to 9"},
		"fewer than none":      {"required", -1, "0 to 9"},
		"no expiry":            {"expiry", "", "Expires after"},
		"a negative reminder":  {"reminder", "-1h", "Reminder after"},
	} {
		t.Run(name, func(t *testing.T) {
			asked := maps.Clone(sound)
			asked[c.field] = c.value
			if words := w.refused(w.post("/api/policy", asked), http.StatusBadRequest); !strings.Contains(words, c.words) || !strings.Contains(words, "former policy holds") {
				t.Errorf("it says %q", words)
			}
		})
	}
	if n := len(w.bot.lives); n != 1 {
		t.Errorf("the bot was started %d times", n)
	}
}

func TestTheClockGoesAhead(t *testing.T) {
	w := start(t)
	w.ok(w.post("/api/clock", object{"forward": "48h"}))
	w.bot.mu.Lock()
	looked, now := slices.Clone(w.bot.looked), w.bot.now()
	w.bot.mu.Unlock()
	if len(looked) != 1 || time.Until(looked[0]) < 47*time.Hour || time.Until(now) < 47*time.Hour {
		t.Errorf("the bot looked at %v, and it is %v", looked, now)
	}
	w.ok(w.post("/api/slack/type", object{"who": "Ada", "line": "/hello"}))
	for _, bad := range []string{"", "-1h", "0s", "tomorrow", "9000h"} {
		w.refused(w.post("/api/clock", object{"forward": bad}), http.StatusBadRequest)
	}
}

func TestAChatCanBeMadeToFail(t *testing.T) {
	w := start(t)
	w.ok(w.post("/api/slack/fault", object{"name": "down", "on": true}))
	w.ok(w.post("/api/slack/fault", object{"name": "away", "on": true}))
	if html := string(w.ok(w.get("/part/controls")).body); !strings.Contains(html, "The bot may not write in #communities") {
		t.Error("the switch is not shown")
	}
	w.bot.fails = true
	w.ok(w.post("/api/slack/type", object{"who": "Ada", "line": "/card"}))
	w.ok(w.post("/api/slack/fault", object{"name": "down", "on": false}))
	w.ok(w.post("/api/slack/type", object{"who": "Ada", "line": "/card"}))
	if n := len(w.state("Ada").Slack.Messages); n != 0 {
		t.Errorf("%d messages", n)
	}
	w.ok(w.post("/api/slack/fault", object{"name": "away", "on": false}))
	w.bot.fails = false
	w.ok(w.post("/api/slack/type", object{"who": "Ada", "line": "/card"}))
	if n := len(w.state("Ada").Slack.Messages); n != 1 {
		t.Errorf("%d messages when it is over", n)
	}
	w.refused(w.post("/api/discord/fault", object{"name": "gremlins", "on": true}), http.StatusNotFound)
	w.refused(w.post("/api/irc/fault", object{"name": "down", "on": true}), http.StatusNotFound)
}

// listen returns the names of the parts that change, as a page hears of them.
func (w *world) listen() <-chan string {
	w.t.Helper()
	ctx, cancel := context.WithCancel(w.t.Context())
	r := w.request(http.MethodGet, "/events", nil).WithContext(ctx)
	res, err := w.client.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	if got := res.Header.Get("Content-Type"); got != "text/event-stream" {
		w.t.Errorf("content type %q", got)
	}
	heard := make(chan string, 100)
	go func() {
		defer close(heard)
		defer func() { _ = res.Body.Close() }()
		lines := bufio.NewScanner(res.Body)
		for lines.Scan() {
			if name, is := strings.CutPrefix(lines.Text(), "event: "); is {
				heard <- name
			}
		}
	}()
	w.t.Cleanup(func() {
		cancel()
		for range heard {
		}
	})
	return heard
}

func hears(t *testing.T, heard <-chan string, name string) {
	t.Helper()
	for end := time.After(10 * time.Second); ; {
		select {
		case got, open := <-heard:
			if got == name {
				return
			}
			if !open {
				t.Fatalf("the page was cut off before it heard of %s", name)
			}
		case <-end:
			t.Fatalf("the page did not hear of %s", name)
		}
	}
}

func TestAPageHearsOfWhatChanges(t *testing.T) {
	w := start(t)
	heard := w.listen()
	first := []string{<-heard, <-heard, <-heard, <-heard}
	slices.Sort(first)
	if diff := cmp.Diff([]string{"controls", "discord", "genuin", "slack"}, first); diff != "" {
		t.Errorf("at first (-want +got):\n%s", diff)
	}
	w.ok(w.post("/api/slack/type", object{"who": "Ada", "line": "/card"}))
	hears(t, heard, "slack")
	w.ok(w.post("/api/discord/type", object{"who": "Ada", "line": "/card"}))
	hears(t, heard, "discord")
	w.create("acme")
	hears(t, heard, "genuin")
	w.ok(w.post("/api/clock", object{"forward": "1h"}))
	hears(t, heard, "controls")
}

func TestWhatIsTheBotsGoesToTheBot(t *testing.T) {
	w := start(t)
	r := w.request(http.MethodPost, "/slack/events", []byte("command=%2Fhello&user_name=Ada"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if a := w.ok(w.do(r)); !strings.Contains(string(a.body), "Hello Ada") {
		t.Errorf("it answers %s", a.body)
	}
}
