package discordfake

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"
	"go.uber.org/goleak"

	"communitybot/adapters/person"
	"communitybot/bot/bottest"
)

const (
	ada     = "200000000000000001"
	bob     = "200000000000000002"
	admins  = "300000000000000001"
	general = "400000000000000001"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// world is a fake with two people and a channel, and a session of the real client library.
type world struct {
	*Fake
	t     *testing.T
	clock *bottest.Clock
	s     *discordgo.Session
	http  *http.Client
}

func newWorld(t *testing.T, o Options) *world {
	t.Helper()
	c := bottest.NewClock(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	o.Now = c.Now
	f, err := Start(o)
	if err != nil {
		t.Fatal(err)
	}
	f.AddUser(ada, "Ada Lovelace", admins)
	f.AddUser(bob, "Bob")
	f.AddChannel(general, "general")
	w := &world{Fake: f, t: t, clock: c, http: &http.Client{Transport: &http.Transport{}, Timeout: 10 * time.Second}}
	if w.s, err = discordgo.New("Bot " + f.Options().BotToken); err != nil {
		t.Fatal(err)
	}
	w.s.MaxRestRetries, w.s.ShouldRetryOnRateLimit = 0, false
	w.s.Client = &http.Client{Transport: redirect{to: f.APIURL(), next: w.http.Transport}, Timeout: 10 * time.Second}
	t.Cleanup(func() {
		f.Close()
		w.http.CloseIdleConnections()
	})
	return w
}

// redirect sends what is meant for discord.com to the fake, API version 9 as discordgo speaks it.
type redirect struct {
	to   string
	next http.RoundTripper
}

func (r redirect) RoundTrip(req *http.Request) (*http.Response, error) {
	to, err := url.Parse(r.to)
	if err != nil {
		return nil, err
	}
	req = req.Clone(req.Context())
	req.URL.Scheme, req.URL.Host, req.Host = to.Scheme, to.Host, to.Host
	return r.next.RoundTrip(req)
}

// api sends JSON to the fake and returns the status and the answer.
func (w *world) api(method, path, body string) (int, map[string]any) {
	w.t.Helper()
	req, err := http.NewRequest(method, w.APIURL()+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bot "+w.Options().BotToken)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := w.http.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	var out map[string]any
	if bytes.HasPrefix(raw, []byte("{")) {
		if err := json.Unmarshal(raw, &out); err != nil {
			w.t.Fatalf("%s: %v", raw, err)
		}
	}
	return res.StatusCode, out
}

// post posts a message and returns its ID.
func (w *world) post(body string) string {
	w.t.Helper()
	status, m := w.api("POST", "/channels/"+general+"/messages", body)
	if status != http.StatusOK {
		w.t.Fatalf("POST message: %d %v", status, m)
	}
	return m["id"].(string)
}

// asked is an interaction as the bot got it.
type asked struct {
	ID, Token, ChannelID string
	Type                 int
	Raw                  map[string]any
}

// data returns the interaction's data.
func (a asked) data() map[string]any { return a.Raw["data"].(map[string]any) }

// bot serves an interactions endpoint that verifies signatures, answers PING, and answers the rest with what answer
// returns: "" is 202 without a body.
func (w *world) bot(answer func(asked) string) {
	w.t.Helper()
	key, err := hex.DecodeString(w.PublicKey())
	if err != nil {
		w.t.Fatal(err)
	}
	w.Connect(w.listen(func(rw http.ResponseWriter, r *http.Request) {
		if !discordgo.VerifyInteraction(r, ed25519.PublicKey(key)) {
			rw.WriteHeader(http.StatusUnauthorized)
			return
		}
		var a asked
		body, _ := io.ReadAll(r.Body)
		if json.Unmarshal(body, &a.Raw) != nil || a.Raw["id"] == nil {
			rw.WriteHeader(http.StatusBadRequest)
			return
		}
		a.ID, a.Token, a.Type = a.Raw["id"].(string), a.Raw["token"].(string), int(a.Raw["type"].(float64))
		a.ChannelID, _ = a.Raw["channel_id"].(string)
		out := `{"type":1}`
		if a.Type != kindPing {
			out = answer(a)
		}
		if out == "" {
			rw.WriteHeader(http.StatusAccepted)
			return
		}
		rw.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(rw, out)
	}) + "/discord/interactions")
}

// listen runs a handler until the test ends and returns its URL.
func (w *world) listen(h http.HandlerFunc) string {
	w.t.Helper()
	srv := httptest.NewServer(h)
	w.t.Cleanup(srv.Close)
	return srv.URL
}

// always is a bot that answers everything the same.
func always(answer string) func(asked) string { return func(asked) string { return answer } }

func (w *world) read(who, channel string) []person.Message {
	w.t.Helper()
	list, err := w.Read(context.Background(), who, channel)
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}

// writes posts a message of somebody.
func (w *world) writes(who, channel, text string) string {
	w.t.Helper()
	id, err := w.Write(context.Background(), who, channel, text)
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

// quoted is n times s as a JSON string.
func quoted(s string, n int) string {
	b, _ := json.Marshal(strings.Repeat(s, n))
	return string(b)
}

func TestStartRefusesWhatCannotWork(t *testing.T) {
	for name, o := range map[string]Options{
		"an application ID that is no snowflake": {ApplicationID: "bot"},
		"a guild ID that is no snowflake":        {GuildID: "-1"},
		"an address nobody can listen on":        {Listen: "256.0.0.1:0"},
	} {
		t.Run(name, func(t *testing.T) {
			if f, err := Start(o); err == nil {
				f.Close()
				t.Fatal("started")
			}
		})
	}
}

func TestSetupMistakesPanic(t *testing.T) {
	w := newWorld(t, Options{})
	for name, mistake := range map[string]func(){
		"a user ID that is no snowflake": func() { w.AddUser("ada", "Ada") },
		"a role ID that is no snowflake": func() { w.AddUser(ada, "Ada", "admins") },
		"a channel ID with words":        func() { w.AddChannel("general", "general") },
		"permissions of no channel":      func() { w.Allow("1", Everything) },
		"a thread that is a channel":     func() { w.SetThread(general, true, false) },
		"a locale of nobody":             func() { w.SetLocale("1", "de") },
		"a locale that Discord has not":  func() { w.SetLocale(ada, "de-DE") },
		"a failure of no route":          func() { w.Fail("POST /nowhere", 1, Failure{}) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Fatal("no panic")
				}
			}()
			mistake()
		})
	}
}

func TestCloseTwiceIsFine(t *testing.T) {
	w := newWorld(t, Options{})
	w.Close()
	w.Close()
}

func TestPing(t *testing.T) {
	pong := func(rw http.ResponseWriter) {
		rw.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(rw, `{"type":1}`)
	}
	t.Run("a bot that verifies signatures passes", func(t *testing.T) {
		w := newWorld(t, Options{})
		w.bot(always(""))
		if err := w.Ping(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
	for name, c := range map[string]struct {
		serve http.HandlerFunc
		want  string
	}{
		"a bot that takes any signature is refused": {
			func(rw http.ResponseWriter, _ *http.Request) { pong(rw) }, "wrong signature was answered with 200 OK"},
		"a bot that answers no PONG is refused": {
			func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusNotFound) }, "answered with 404"},
		"a bot that does not say it is JSON is refused": {
			func(rw http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(rw, `{"type":1}`) }, "not with a PONG"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, Options{})
			w.Connect(w.listen(c.serve))
			if err := w.Ping(t.Context()); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v, want %q", err, c.want)
			}
		})
	}
}
