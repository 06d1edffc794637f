package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"communitybot/adapters/discord/discordfake"
	"communitybot/adapters/person"
	"communitybot/adapters/schemas"
	"communitybot/bot"
	"communitybot/bot/bottest"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
)

var update = flag.Bool("update", false, "write the golden files")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	ada     = "200000000000000001"
	bob     = "200000000000000002"
	admins  = "300000000000000001"
	general = "400000000000000001"
)

var (
	start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	here  = bot.Place{Platform: "discord", Tenant: guild, Channel: general}
)

const guild = "1100000000000000002" // the fake's default

// world is a Discord with two people, the adapter connected to it, and a command that the test writes.
type world struct {
	*discordfake.Fake
	t       *testing.T
	a       *Adapter
	clock   *bottest.Clock
	drafts  *drafts
	log     *bytes.Buffer
	server  *httptest.Server
	client  *http.Client
	command bot.HandlerFunc

	mu     sync.Mutex
	events []bot.Event
}

func newWorld(t *testing.T, command bot.HandlerFunc) *world {
	t.Helper()
	w := &world{t: t, clock: bottest.NewClock(start), drafts: &drafts{}, log: new(bytes.Buffer), command: command}
	var err error
	if w.Fake, err = discordfake.Start(discordfake.Options{Now: w.clock.Now, AnyCommand: true}); err != nil {
		t.Fatal(err)
	}
	w.AddUser(ada, "Ada Lovelace", admins)
	w.AddUser(bob, "Bob")
	w.AddChannel(general, "general")
	w.client = &http.Client{Transport: &http.Transport{}, Timeout: 10 * time.Second}
	w.a = w.adapter(Options{})
	w.server = httptest.NewServer(w.a.Handler(bot.HandlerFunc(w.handle)))
	w.Connect(w.server.URL + "/discord/interactions")
	t.Cleanup(func() {
		w.server.Close()
		w.Close()
		schemas.CheckDiscord(t, w.Fake)
		w.client.CloseIdleConnections()
	})
	return w
}

// adapter returns an adapter for the fake; o sets what is to be different.
func (w *world) adapter(o Options) *Adapter {
	w.t.Helper()
	def := Options{
		Token: w.Options().BotToken, ApplicationID: w.Options().ApplicationID, PublicKey: w.PublicKey(), APIURL: w.APIURL(),
		HTTP: w.client, Drafts: w.drafts, Now: w.clock.Now,
		Log: slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	if o.Token != "" {
		def.Token = o.Token
	}
	if o.ApplicationID != "" {
		def.ApplicationID = o.ApplicationID
	}
	if o.PublicKey != "" {
		def.PublicKey = o.PublicKey
	}
	if o.APIURL != "" {
		def.APIURL = o.APIURL
	}
	def.Guilds = o.Guilds
	if o.HTTP != nil {
		def.HTTP = o.HTTP
	}
	a, err := New(def)
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

func (w *world) handle(ctx context.Context, e bot.Event) (bot.Reply, error) {
	w.mu.Lock()
	w.events = append(w.events, e)
	w.mu.Unlock()
	return w.command(ctx, e)
}

// seen returns the events of one step so far.
func (w *world) seen(s bot.Step) []bot.Event {
	w.mu.Lock()
	defer w.mu.Unlock()
	var list []bot.Event
	for _, e := range w.events {
		if e.Step == s {
			list = append(list, e)
		}
	}
	return list
}

// must fails the test on an error, and on an answer that Discord refused.
func (w *world) must(s person.Screen, err error) person.Screen {
	w.t.Helper()
	if err != nil {
		w.t.Fatalf("%v; Discord said: %v", err, w.Problems())
	}
	return s
}

func (w *world) types(line string) person.Screen {
	w.t.Helper()
	return w.must(w.Type(w.t.Context(), ada, general, line))
}

func (w *world) presses(message, label string) person.Screen {
	w.t.Helper()
	return w.must(w.Press(w.t.Context(), ada, message, label))
}

func (w *world) chooses(message, label string, options ...string) person.Screen {
	w.t.Helper()
	return w.must(w.Choose(w.t.Context(), ada, message, label, options...))
}

// sends fills in the form on a screen.
func (w *world) sends(s person.Screen, values map[string]string) person.Screen {
	w.t.Helper()
	if s.Form == nil {
		w.t.Fatalf("there is no form to send on %+v", s)
	}
	next := w.must(w.Send(w.t.Context(), ada, s.Form.ID, values))
	if next.Form != nil && next.Form.ID == s.Form.ID {
		w.t.Fatalf("the client did not send the form: %+v", next.Form)
	}
	return next
}

// note returns the one private message on a screen.
func (w *world) note(s person.Screen) person.Message {
	w.t.Helper()
	if len(s.Private) != 1 {
		w.t.Fatalf("want one private message on the screen, got %+v", s)
	}
	return s.Private[0]
}

// posts puts a card in #general.
func (w *world) posts(c bot.Card) bot.Place {
	w.t.Helper()
	at, err := w.a.Post(w.t.Context(), here, c)
	if err != nil {
		w.t.Fatal(err)
	}
	return at
}

// message returns one message of #general as Ada sees it.
func (w *world) message(id string) person.Message {
	w.t.Helper()
	list, err := w.Read(w.t.Context(), ada, general)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, m := range list {
		if m.ID == id {
			return m
		}
	}
	w.t.Fatalf("no message %s in %+v", id, list)
	return person.Message{}
}

// signed sends a body that Discord signed at a time, and returns the status and the body of the answer.
func (w *world) signed(body string, at time.Time) (int, string) {
	w.t.Helper()
	stamp := strconv.FormatInt(at.Unix(), 10)
	return w.raw(http.MethodPost, body, stamp, w.Sign(stamp, []byte(body)))
}

func (w *world) raw(method, body, stamp, signature string) (int, string) {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), method, w.server.URL+"/discord/interactions", strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("X-Signature-Timestamp", stamp)
	req.Header.Set("X-Signature-Ed25519", signature)
	res, err := w.client.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return res.StatusCode, string(answer)
}

// drafts is a bot.Drafts that can be told to fail.
type drafts struct {
	bottest.Drafts
	mu            sync.Mutex
	onSave, onGet error
	slow          bool // others get their turn between reading and writing
}

func (d *drafts) fail(onSave, onGet error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.onSave, d.onGet = onSave, onGet
}

func (d *drafts) SaveDraft(ctx context.Context, x bot.Draft) error {
	d.mu.Lock()
	err := d.onSave
	d.mu.Unlock()
	if err != nil {
		return err
	}
	return d.Drafts.SaveDraft(ctx, x)
}

func (d *drafts) Draft(ctx context.Context, id string) (bot.Draft, error) {
	d.mu.Lock()
	err, slow := d.onGet, d.slow
	d.mu.Unlock()
	if err != nil {
		return bot.Draft{}, err
	}
	x, err := d.Drafts.Draft(ctx, id)
	for range 2000 {
		if slow {
			runtime.Gosched()
		}
	}
	return x, err
}

// golden compares v as JSON with a file in testdata, or writes it with -update.
func golden(t *testing.T, name string, v any) {
	t.Helper()
	var got bytes.Buffer
	enc := json.NewEncoder(&got)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("testdata", name+".json")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

// always answers every event the same.
func always(r bot.Reply, err error) bot.HandlerFunc {
	return func(context.Context, bot.Event) (bot.Reply, error) { return r, err }
}
