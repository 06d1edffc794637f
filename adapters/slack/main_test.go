package slack

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"communitybot/bot"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const secret = "test-signing-secret"

// nowhere is a Web API that nobody answers at.
const nowhere = "http://127.0.0.1:1/api/"

// noon is when tests happen, unless they say otherwise.
var noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

// golden compares v, as JSON, with a file in testdata.
func golden(t *testing.T, name string, v any) {
	t.Helper()
	got := pretty(t, v)
	path := filepath.Join("testdata", name+".json")
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// pretty returns v as JSON that people can read.
func pretty(t *testing.T, v any) []byte {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var plain any
	if err := json.Unmarshal(raw, &plain); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(plain); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// recorder is a handler that keeps its events and gives one answer to all.
type recorder struct {
	mu     sync.Mutex
	events []bot.Event
	answer func(bot.Event) (bot.Reply, error)
}

func answering(r bot.Reply) *recorder {
	return &recorder{answer: func(bot.Event) (bot.Reply, error) { return r, nil }}
}

func failing(err error) *recorder {
	return &recorder{answer: func(bot.Event) (bot.Reply, error) { return nil, err }}
}

func (r *recorder) Handle(_ context.Context, e bot.Event) (bot.Reply, error) {
	r.mu.Lock()
	r.events = append(r.events, e)
	r.mu.Unlock()
	return r.answer(e)
}

func (r *recorder) seen() []bot.Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.events
}

// one returns the only event there was.
func (r *recorder) one(t *testing.T) bot.Event {
	t.Helper()
	events := r.seen()
	if len(events) != 1 {
		t.Fatalf("%d events, want 1: %+v", len(events), events)
	}
	return events[0]
}

// logBook is a log that tests can read.
type logBook struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func (l *logBook) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// line is a bot's events address that a test speaks to as Slack does.
type line struct {
	t   testing.TB
	url string
	now time.Time
	log *logBook
	// rest waits until all is done that nobody waits for.
	rest func()
}

// listen serves an adapter whose Web API is at apiURL; empty: nowhere.
func listen(t testing.TB, h bot.Handler, apiURL string) *line {
	t.Helper()
	if apiURL == "" {
		apiURL = nowhere
	}
	l := &line{t: t, now: noon, log: &logBook{}}
	client := &http.Client{Transport: &http.Transport{}, Timeout: 5 * time.Second}
	a := New(Options{
		Token: "xoxb-test", SigningSecret: secret, APIURL: apiURL, HTTP: client,
		Log: l.log.logger(), Now: func() time.Time { return noon },
	})
	l.rest = a.chores.finish
	server := httptest.NewServer(a.Handler(h))
	l.url = server.URL
	t.Cleanup(func() {
		server.Close()
		l.rest()
		client.CloseIdleConnections()
	})
	return l
}

// sign returns the headers of a request that Slack sent at a time.
func sign(body string, at time.Time) http.Header {
	stamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("v0:" + stamp + ":" + body))
	h := http.Header{}
	h.Set("Content-Type", "application/x-www-form-urlencoded")
	h.Set("X-Slack-Request-Timestamp", stamp)
	h.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
	return h
}

// reply is what the bot answered.
type reply struct {
	status      int
	contentType string
	body        string
}

// send sends a signed body.
func (l *line) send(body string) reply {
	l.t.Helper()
	return l.do(http.MethodPost, body, sign(body, l.now))
}

func (l *line) do(method, body string, header http.Header) reply {
	l.t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), method, l.url, strings.NewReader(body))
	if err != nil {
		l.t.Fatal(err)
	}
	req.Header = header
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		l.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(res.Body)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		l.t.Fatal(err)
	}
	http.DefaultClient.CloseIdleConnections()
	return reply{res.StatusCode, res.Header.Get("Content-Type"), string(answer)}
}

// slashBody is a typed command; changes replace or, when empty, remove parameters.
func slashBody(changes ...string) string {
	form := url.Values{
		"team_id": {"T1"}, "channel_id": {"C1"}, "user_id": {"U1"}, "user_name": {"ann"},
		"command": {"/create-community"}, "text": {""}, "trigger_id": {"11.22.abc"}, "response_url": {"https://hooks.invalid/x"},
	}
	for i := 0; i+1 < len(changes); i += 2 {
		if changes[i+1] == "" {
			form.Del(changes[i])
			continue
		}
		form.Set(changes[i], changes[i+1])
	}
	return form.Encode()
}

// payloadBody is an interaction.
func payloadBody(payload string) string { return url.Values{"payload": {payload}}.Encode() }

// decode reads an answer's JSON.
func decode(t *testing.T, r reply) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal([]byte(r.body), &v); err != nil {
		t.Fatalf("answer %q: %v", r.body, err)
	}
	if want := "application/json; charset=utf-8"; r.contentType != want {
		t.Errorf("content type %q, want %q", r.contentType, want)
	}
	return v
}

// brokenReader is a body whose sender hung up.
type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// plainWriter is a response without a connection.
type plainWriter struct {
	header http.Header
	status int
	size   int
}

func (w *plainWriter) Header() http.Header { return w.header }

func (w *plainWriter) WriteHeader(status int) { w.status = status }

func (w *plainWriter) Write(p []byte) (int, error) {
	w.size += len(p)
	return len(p), nil
}
