package genuin_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"communitybot/bot"
	"communitybot/bot/genuin"
	"communitybot/bot/genuin/genuinfake"
)

// net/http lingers half a second on a connection that it closed with the request unread.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("net/http.(*conn).closeWriteAndWait"))
}

// discard is for servers that would complain of what a test does to them.
var discard = log.New(io.Discard, "", 0)

var chess = bot.Community{Name: "Chess Club", Handle: "chess", Type: "1"}

func fake(t testing.TB, o genuinfake.Options) *genuinfake.Fake {
	t.Helper()
	f, err := genuinfake.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	return f
}

// withKey returns a client that has to fetch its token.
func withKey(f *genuinfake.Fake) *genuin.Client {
	return genuin.New(genuin.Options{BaseURL: f.URL(), APIKey: genuinfake.Key, APISecret: genuinfake.Secret})
}

// withToken returns a client of any URL that has a ready token.
func withToken(url string) *genuin.Client {
	return genuin.New(genuin.Options{BaseURL: url, AccessToken: readyToken})
}

const readyToken = "gn-ready-token"

// refused makes a call that must fail, and returns how.
func refused(t *testing.T, c *genuin.Client, ctx context.Context) *bot.Refusal {
	t.Helper()
	made, err := c.Create(ctx, chess)
	var r *bot.Refusal
	if !errors.As(err, &r) {
		t.Fatalf("Create = %+v, %v; want a refusal", made, err)
	}
	if made != (bot.Made{}) {
		t.Errorf("a refused call returned %+v", made)
	}
	return r
}

// answers starts a server that gives every request the same answer.
func answers(t *testing.T, status int, header map[string]string, body string) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		for k, v := range header {
			w.Header().Set(k, v)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// listen starts a server that treats each connection as it likes. Connections close when the test ends.
func listen(t *testing.T, serve func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var conns sync.WaitGroup
	var mu sync.Mutex
	var open []net.Conn
	conns.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			open = append(open, conn)
			mu.Unlock()
			conns.Go(func() { serve(conn) })
		}
	})
	t.Cleanup(func() {
		l.Close()
		mu.Lock()
		for _, conn := range open {
			conn.Close()
		}
		mu.Unlock()
		conns.Wait()
	})
	return "http://" + l.Addr().String()
}

// readRequest reads a whole request, its body too.
func readRequest(r *bufio.Reader) error {
	req, err := http.ReadRequest(r)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, req.Body)
	return err
}

// roundTripper is a function as a transport.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func waitHeld(t *testing.T, f *genuinfake.Fake, n int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := f.WaitHeld(ctx, n); err != nil {
		t.Fatal(err)
	}
}

// calls counts what the fake answered on a path.
func calls(f *genuinfake.Fake, path string) int {
	n := 0
	for _, c := range f.Calls() {
		if c.Path == path {
			n++
		}
	}
	return n
}

func decode(t *testing.T, raw []byte) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	return m
}
