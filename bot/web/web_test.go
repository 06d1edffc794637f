package web_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"communitybot/bot/web"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// record is a log that can be read while it is written.
type record struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *record) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

// lines returns what was logged since it was asked the last time.
func (l *record) lines() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	text := strings.TrimSpace(l.b.String())
	l.b.Reset()
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

func newLog() (*slog.Logger, *record) {
	r := &record{}
	return slog.New(slog.NewTextHandler(r, &slog.HandlerOptions{Level: slog.LevelDebug})), r
}

var quiet = slog.New(slog.DiscardHandler)

// serve has h answered on loopback and returns its URL.
func serve(t *testing.T, h http.Handler) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	t.Cleanup(http.DefaultClient.CloseIdleConnections)
	return s.URL
}

// ask sends a request and returns the status and the body.
func ask(t *testing.T, method, url string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(body)
}

func says(words string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, words) })
}

func TestRoutes(t *testing.T) {
	url := serve(t, web.Mux(map[string]http.Handler{"POST /slack/events": says("slack"), "/": says("page")}, nil, says("numbers"), quiet))
	bare := serve(t, web.Mux(map[string]http.Handler{"POST /slack/events": says("slack")}, nil, says("numbers"), quiet))
	for name, c := range map[string]struct {
		method, url string
		status      int
		body        string
	}{
		"a platform":                       {"POST", url + "/slack/events", 200, "slack"},
		"alive":                            {"GET", url + "/healthz", 200, "alive\n"},
		"ready, as there are no checks":    {"GET", url + "/readyz", 200, "ready\n"},
		"metrics":                          {"GET", url + "/metrics", 200, "numbers"},
		"everything else":                  {"GET", url + "/anything", 200, "page"},
		"nothing there":                    {"GET", bare + "/anything", 404, "404 page not found\n"},
		"a platform, by the wrong method":  {"GET", bare + "/slack/events", 405, "Method Not Allowed\n"},
		"alive, by the wrong method":       {"POST", bare + "/healthz", 405, "Method Not Allowed\n"},
		"ready, by the wrong method":       {"DELETE", bare + "/readyz", 405, "Method Not Allowed\n"},
		"metrics, by the wrong method":     {"PUT", bare + "/metrics", 405, "Method Not Allowed\n"},
		"alive, asked for the header only": {"HEAD", bare + "/healthz", 200, ""},
		"a platform, with a slash more":    {"POST", bare + "//slack/events", 404, "404 page not found\n"},
		"a platform, from beside it":       {"POST", bare + "/x/../slack/events", 404, "404 page not found\n"},
		"a page, with a slash more":        {"GET", url + "//anything", 404, "404 page not found\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if status, body := ask(t, c.method, c.url); status != c.status || body != c.body {
				t.Errorf("%d %q, want %d %q", status, body, c.status, c.body)
			}
		})
	}
}

func TestReadyNamesWhatIsMissingAndKeepsWhyToTheLog(t *testing.T) {
	fails := func(why string) func(context.Context) error {
		return func(context.Context) error { return errors.New(why) }
	}
	fine := func(ctx context.Context) error {
		if _, ok := ctx.Deadline(); !ok {
			return errors.New("a check may take for ever")
		}
		return nil
	}
	for name, c := range map[string]struct {
		checks []web.Check
		status int
		body   string
		logged []string
	}{
		"all well": {[]web.Check{{"database", fine}, {"queue", fine}}, 200, "ready\n", nil},
		"one fails": {[]web.Check{{"database", fails("password hunter2 refused")}, {"queue", fine}}, 503, "not ready: database\n",
			[]string{"check=database", "hunter2"}},
		"several fail, in order": {[]web.Check{{"queue", fails("slow")}, {"database", fails("gone")}}, 503, "not ready: database, queue\n",
			[]string{"err=slow", "err=gone"}},
	} {
		t.Run(name, func(t *testing.T) {
			log, lines := newLog()
			status, body := ask(t, "GET", serve(t, web.Mux(nil, c.checks, says(""), log))+"/readyz")
			if status != c.status || body != c.body {
				t.Errorf("%d %q, want %d %q", status, body, c.status, c.body)
			}
			logged := strings.Join(lines.lines(), "\n")
			for _, want := range c.logged {
				if !strings.Contains(logged, want) {
					t.Errorf("log %q does not say %q", logged, want)
				}
			}
			if (logged == "") != (c.logged == nil) {
				t.Errorf("log %q", logged)
			}
		})
	}
}

func TestAlive(t *testing.T) {
	t.Cleanup(http.DefaultClient.CloseIdleConnections)
	host := func(url string) string { return strings.TrimPrefix(url, "http://") }
	if err := web.Alive(t.Context(), host(serve(t, web.Mux(nil, nil, says(""), quiet)))); err != nil {
		t.Errorf("a server that is alive: %v", err)
	}
	if err := web.Alive(t.Context(), host(serve(t, http.NotFoundHandler()))); err == nil || !strings.Contains(err.Error(), "it answers 404") {
		t.Errorf("another server: %v", err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if err := web.Alive(t.Context(), l.Addr().String()); err == nil || !strings.Contains(err.Error(), "nobody answers") {
		t.Errorf("nobody: %v", err)
	}
	if err := web.Alive(t.Context(), "not an address"); err == nil {
		t.Error("an address that is none is alive")
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if err := web.Alive(ended, l.Addr().String()); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end: %v", err)
	}
}
