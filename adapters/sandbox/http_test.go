package sandbox_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"communitybot/adapters/sandbox"
)

// answer is an HTTP answer that was read.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (w *world) do(r *http.Request) answer {
	w.t.Helper()
	res, err := w.client.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return answer{res.StatusCode, res.Header, body}
}

func (w *world) request(method, path string, body []byte) *http.Request {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.url+path, bytes.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

func (w *world) get(path string) answer {
	w.t.Helper()
	return w.do(w.request(http.MethodGet, path, nil))
}

func (w *world) post(path string, v any) answer {
	w.t.Helper()
	body, err := json.Marshal(v)
	if err != nil {
		w.t.Fatal(err)
	}
	r := w.request(http.MethodPost, path, body)
	r.Header.Set("Content-Type", "application/json")
	return w.do(r)
}

// ok checks that an answer is good.
func (w *world) ok(a answer) answer {
	w.t.Helper()
	if a.status != http.StatusOK {
		w.t.Fatalf("status %d: %s", a.status, a.body)
	}
	return a
}

// refused checks that an answer is an error with that status, and returns its words.
func (w *world) refused(a answer, status int) string {
	w.t.Helper()
	var said struct{ Error string }
	if err := json.Unmarshal(a.body, &said); err != nil || a.status != status || said.Error == "" {
		w.t.Fatalf("got status %d: %s; want %d and words", a.status, a.body, status)
	}
	return said.Error
}

func TestThePageRendersAndItsAssetsLoad(t *testing.T) {
	w := start(t)
	page := w.ok(w.get("/"))
	if got := page.header.Get("Content-Type"); got != "text/html; charset=utf-8" {
		t.Errorf("content type %q", got)
	}
	seen := map[string]bool{}
	waiting := regexp.MustCompile(`(?:src|href)="(/assets/[^"]*)"`).FindAllStringSubmatch(string(page.body), -1)
	kinds := map[string]string{".js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8"}
	for len(waiting) > 0 {
		path := waiting[0][1]
		waiting = waiting[1:]
		if seen[path] {
			continue
		}
		seen[path] = true
		a := w.ok(w.get(path))
		if want := kinds[path[len(path)-3:]]; a.header.Get("Content-Type") != want || len(a.body) == 0 {
			t.Errorf("%s: %d bytes of %q, want %q", path, len(a.body), a.header.Get("Content-Type"), want)
		}
		// Whatever it loaded from elsewhere, or ran from a text, the policy would stop: it must not try.
		code := regexp.MustCompile(`(?m)^\s*(?://|\*|/\*).*$`).ReplaceAll(a.body, nil)
		if found := regexp.MustCompile(`document\.write|eval\(|@import|url\(|https?://[a-z]|//# source`).Find(code); found != nil {
			t.Errorf("%s has %q", path, found)
		}
		for _, m := range regexp.MustCompile(`from "\./([a-z]+\.js)"`).FindAllSubmatch(a.body, -1) {
			waiting = append(waiting, []string{"", "/assets/" + string(m[1])})
		}
	}
	for _, want := range []string{"/assets/main.js", "/assets/style.css", "/assets/slack.css", "/assets/discord.css"} {
		if !seen[want] {
			t.Errorf("the page does not load %s", want)
		}
	}
	for _, path := range []string{"/", "/part/slack", "/part/discord", "/part/genuin", "/part/controls", "/replay/1"} {
		if found := regexp.MustCompile(`<style|<script>| style=| on[a-z]+="`).Find(w.ok(w.get(path)).body); found != nil {
			t.Errorf("%s has %q inline", path, found)
		}
	}
}

func TestHeaders(t *testing.T) {
	w := start(t)
	want := map[string]string{
		"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
			"base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
		"X-Content-Type-Options": "nosniff",
		"Referrer-Policy":        "no-referrer",
		"Cache-Control":          "no-store",
	}
	for _, path := range []string{"/", "/?who=Ben", "/assets/main.js", "/assets/style.css", "/part/slack", "/part/discord/form", "/replay/1", "/api/state?who=Ada", "/api/state?who=Fay", "/nothing"} {
		a := w.get(path)
		for name, value := range want {
			if got := a.header.Get(name); got != value {
				t.Errorf("%s of %s is %q, want %q", name, path, got, value)
			}
		}
	}
}

func TestOnlyAddressesOfThisComputerAreServed(t *testing.T) {
	w := start(t)
	tests := map[string]struct {
		host string
		want int
	}{
		"the address it listens on":      {mustParse(t, w.url).Host, http.StatusOK},
		"localhost":                      {"localhost:8080", http.StatusOK},
		"localhost in capitals, no port": {"LOCALHOST", http.StatusOK},
		"another loopback address":       {"127.0.0.2:8080", http.StatusOK},
		"loopback of IPv6":               {"[::1]:8080", http.StatusOK},
		"loopback of IPv6, no port":      {"[::1]", http.StatusOK},
		"a name that points here":        {"evil.example:8080", http.StatusForbidden},
		"a name that looks like ours":    {"localhost.evil.example", http.StatusForbidden},
		"an address that looks like one": {"127.0.0.1.evil.example", http.StatusForbidden},
		"another computer":               {"192.0.2.1:8080", http.StatusForbidden},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			for _, path := range []string{"/", "/api/state?who=Ada"} {
				r := w.request(http.MethodGet, path, nil)
				r.Host = test.host
				a := w.do(r)
				if a.status != test.want {
					t.Errorf("%s: got %d, want %d", path, a.status, test.want)
				}
				if test.want == http.StatusForbidden {
					w.refused(a, test.want)
				}
			}
		})
	}
}

// TestTheAddressOfTheListenerIsServed is about --listen with an address that is not loopback, as in a container.
func TestTheAddressOfTheListenerIsServed(t *testing.T) {
	box, err := sandbox.Start(sandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = box.Close() })
	get := func(host string, local net.Addr) int {
		r := httptest.NewRequest(http.MethodGet, "http://"+host+"/", nil)
		ctx := r.Context()
		if local != nil {
			ctx = context.WithValue(ctx, http.LocalAddrContextKey, local)
		}
		w := httptest.NewRecorder()
		box.Handler().ServeHTTP(w, r.WithContext(ctx))
		return w.Code
	}
	lan := &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 8080}
	for host, want := range map[string]int{"192.0.2.1:8080": 200, "[::ffff:192.0.2.1]:8080": 200, "192.0.2.2:8080": 403, "sandbox.example:8080": 403} {
		if got := get(host, lan); got != want {
			t.Errorf("Host %s at 192.0.2.1: got %d, want %d", host, got, want)
		}
	}
	if got := get("192.0.2.1:8080", nil); got != http.StatusForbidden {
		t.Errorf("without a listener: got %d", got)
	}
}

func TestOtherSitesCannotPost(t *testing.T) {
	w := start(t)
	body := []byte(`{"who":"Ada","line":"/card"}`)
	for _, kind := range []string{"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json-seq", ";"} {
		r := w.request(http.MethodPost, "/api/slack/type", body)
		r.Header.Set("Content-Type", kind)
		w.refused(w.do(r), http.StatusUnsupportedMediaType)
		r = w.request(http.MethodPost, "/api/genuin", []byte(`{"mode":"broken"}`))
		r.Header.Set("Content-Type", kind)
		w.refused(w.do(r), http.StatusUnsupportedMediaType)
	}
	s := w.state("Ada")
	if len(s.Slack.Messages) != 0 || s.Genuin.Next != "behave" {
		t.Error("one of them changed something")
	}
	r := w.request(http.MethodPost, "/api/slack/type", body)
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	w.ok(w.do(r))
}

func TestBadRequests(t *testing.T) {
	w := start(t)
	large := `{"who":"Ada","line":"/` + strings.Repeat("a", 1<<20) + `"}`
	tests := map[string]struct {
		path, body string
		status     int
		words      string // among those of the answer
	}{
		"no body":                {"/api/slack/type", "", 400, "JSON"},
		"not JSON":               {"/api/slack/type", "who=Ada", 400, "JSON"},
		"a list":                 {"/api/slack/type", "[]", 400, "JSON"},
		"two values":             {"/api/slack/type", `{"who":"Ada"} {}`, 400, "more than one"},
		"a misspelt name":        {"/api/slack/press", `{"who":"Ada","mesage":"1"}`, 400, "mesage"},
		"a value of wrong type":  {"/api/discord/send", `{"who":"Ada","values":{"Name":1}}`, 400, "JSON"},
		"more than a mebibyte":   {"/api/slack/type", large, 413, "1 MiB"},
		"a tail over the limit":  {"/api/slack/type", `{"who":"Ada"}` + strings.Repeat(" ", 1<<20), 413, "1 MiB"},
		"an unknown platform":    {"/api/irc/type", `{"who":"Ada"}`, 404, "slack and discord"},
		"an unknown verb":        {"/api/slack/shout", `{"who":"Ada"}`, 404, "send, shortcut, type, write, enter, home, search"},
		"an unknown person":      {"/api/slack/type", `{"who":"Fay"}`, 404, `"Fay". There are Ada, Ben, Cleo, Dan, Eve.`},
		"nobody":                 {"/api/discord/type", `{}`, 404, "There are Ada"},
		"a platform's ID":        {"/api/slack/type", `{"who":"UADA","line":"/hello"}`, 404, "There are Ada"},
		"an unknown mode":        {"/api/genuin", `{"mode":"sulk"}`, 400, "handle_taken"},
		"a mode with other data": {"/api/genuin", `{"mode":"","who":"Ada"}`, 400, "who"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r := w.request(http.MethodPost, test.path, []byte(test.body))
			r.Header.Set("Content-Type", "application/json")
			if words := w.refused(w.do(r), test.status); !strings.Contains(words, test.words) {
				t.Errorf("the words are %q; want %q among them", words, test.words)
			}
		})
	}
	w.refused(w.get("/api/state"), http.StatusNotFound)
	w.refused(w.get("/api/state?who=Fay"), http.StatusNotFound)
}

func TestWrongMethodsAndPaths(t *testing.T) {
	w := start(t)
	tests := map[string]int{
		"GET /nothing": 404, "GET /page/main.js": 404, "GET /assets/page.html": 404, "GET /assets/..%2fsandbox.go": 404, "GET /?who=Fay": 404, "GET /part/irc": 404,
		"GET /part/slack?channel=nowhere": 404, "GET /part/slack?who=Fay": 404, "GET /part/irc/form": 404, "GET /replay/x": 404, "GET /picture": 404,
		"GET /picture?of=/community/x": 404, "GET /picture?of=/media/../api": 404, "GET /picture?of=/media/none/dp.png": 404, "GET /part/slack/form": 204,
		"GET /page.html": 404, "GET /sandbox.db": 404, "GET /favicon.ico": 204,
		"GET /api/slack/type": 405, "GET /api/genuin": 405, "POST /": 405, "POST /api/state": 405, "DELETE /api/genuin": 405,
	}
	for line, want := range tests {
		method, path, _ := strings.Cut(line, " ")
		if got := w.do(w.request(method, path, nil)).status; got != want {
			t.Errorf("%s: got %d, want %d", line, got, want)
		}
	}
}
