package adapters_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"io"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"communitybot/adapters"
	"communitybot/bot"
	"communitybot/bot/config"
	"communitybot/bot/store"
	"communitybot/commands"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata")

// golden compares the JSON of what was drawn with testdata/golden/PLATFORM/NAME.json.
func golden(t *testing.T, platform, name string, drawn []byte) {
	t.Helper()
	var got bytes.Buffer
	if err := json.Indent(&got, volatile.ReplaceAll(drawn, []byte("0")), "", "  "); err != nil {
		t.Fatalf("%v: %s", err, drawn)
	}
	got.WriteByte('\n')
	path := filepath.Join("testdata", "golden", platform, name+".json")
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("%s (-want +got), `make golden` rewrites it:\n%s", path, diff)
	}
}

// volatile is what differs from run to run: IDs that the fakes give out.
var volatile = regexp.MustCompile(`1[0-9]{18}`)

var (
	noon  = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	types = []bot.Option{{Value: "1", Label: "Public"}, {Value: "2", Label: "Private"}}
	cats  = []bot.Option{{Value: "1", Label: "Sports"}, {Value: "2", Label: "Music"}}
)

// full is a community with every field set.
var full = bot.Community{
	Name: "Acme <Fans> *& co*", Handle: "acme-fans", Description: "For #fans.\nSee <!channel> @everyone `x`", Tags: []string{"fans", "city"}, Type: "1",
	Categories: []int64{1, 2}, Proposed: []string{"Road runners"}, Picture: "1.png", Banner: "banner.png",
	Members: []string{"b12f13af-ef5a-4906-b0a0-2995e106200d"}, AI: true, AIPicture: true, AIBanner: true,
}

// asked is a request of w's Ada.
func (w *world) asked(tenant string) *bot.Request {
	e := bot.Event{ID: "e1", By: bot.User{Platform: w.name, ID: w.ids["Ada"], Name: "Ada"}, At: bot.Place{Platform: w.name, Tenant: tenant, Channel: w.channel}}
	r := bot.NewRequest(e, full, "For the launch", bot.Policy{}, noon)
	r.ID = 42
	return &r
}

// lives are the ways a request can take, by name: each is what Genuin answers in turn, nil that it made the community.
var lives = map[string][]*bot.Refusal{
	"on-its-way":       {},
	"created":          {nil},
	"trouble":          {{Reason: bot.Unreachable}},
	"handle-taken":     {{Reason: bot.HandleTaken, Message: "community handle already exists."}},
	"category-unknown": {{Reason: bot.CategoryUnknown}},
	"bad-request":      {{Reason: bot.BadRequest, Message: "name is too short"}},
	"not-let-in":       {{Reason: bot.Unauthorized}},
	"unconfirmed":      {{Reason: bot.NoAnswer}, {Reason: bot.HandleTaken}},
	"may-exist":        {{Reason: bot.NoAnswer}, {Reason: bot.BadRequest}},
}

func (w *world) lived(t *testing.T, answers []*bot.Refusal) *bot.Request {
	t.Helper()
	r := w.asked("T1")
	for _, a := range answers {
		now := r.Tasks[bot.Make].Due
		if err := r.Call("me", now, time.Minute); err != nil {
			t.Fatal(err)
		}
		if a == nil {
			r.Succeeded(full.Handle, bot.Made{ID: "0a2be302", URL: "https://community.example.com/acme", Color: "#A4E6DA",
				Image: "https://media.example.com/dp.png", Banner: "https://media.example.com/banner.png"}, now)
		} else {
			r.Refused(r.Calls.Count, a, now)
		}
	}
	return r
}

// TestEveryCardAndLine pins what people see: each request's card as it stands at the end, and all that its thread heard.
func TestEveryCardAndLine(t *testing.T) {
	can := commands.New(commands.Options{Types: types, Categories: cats, Now: func() time.Time { return noon }})
	for _, platform := range []string{"slack", "discord"} {
		for name, answers := range lives {
			t.Run(platform+"/"+name, func(t *testing.T) {
				w, set := newFake(t, platform)
				r := w.lived(t, answers)
				to := set.Platforms()[platform]
				card := can.Card(r, 0, nil)
				card.Key = r.CardKey(0)
				at, err := to.Post(t.Context(), r.At, card)
				if err != nil {
					t.Fatal(err)
				}
				drawn := [][]byte{w.sent(t)}
				for _, e := range r.News() {
					if !r.Hears(0, e) {
						continue
					}
					line := bot.Card{Key: r.LineKey(0, e), Text: can.Line(commands.Told{Request: r, Entry: e, Free: []string{"acme-hq", "acme-club"}}), Thread: r.Community.Name}
					if _, err := to.Post(t.Context(), at, line); err != nil {
						t.Fatal(err)
					}
					drawn = append(drawn, w.sent(t))
				}
				golden(t, platform, "card-"+name, []byte("["+string(bytes.Join(drawn, []byte(",")))+"]"))
			})
		}
	}
}

// newFake starts a platform's fake and its adapter, without a bot.
func newFake(t *testing.T, platform string) (*world, adapters.Set) {
	t.Helper()
	w := &world{name: platform}
	environ := []string{"GENUIN_BASE_URL=http://127.0.0.1:1", "GENUIN_ACCESS_TOKEN=none", "PUBLIC_URL=https://bot.example.com"}
	if platform == "slack" {
		environ = append(environ, w.startSlack(t)...)
	} else {
		environ = append(environ, w.startDiscord(t)...)
	}
	c, err := config.Load(environ, "")
	if err != nil {
		t.Fatal(err)
	}
	w.register(t, c)
	s, err := store.Open(t.Context(), store.Options{URL: "sqlite:" + filepath.Join(t.TempDir(), "x.db"), Log: slog.New(slog.DiscardHandler), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	set, err := adapters.Open(c, adapters.Options{Drafts: s, Commands: commands.Slash(), Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	return w, set
}

// sent returns what the last message was drawn as on the wire.
func (w *world) sent(t *testing.T) []byte {
	t.Helper()
	if w.discord != nil {
		all := w.discord.Requests()
		return all[len(all)-1].Body
	}
	all := w.slack.Requests()
	message := map[string]json.RawMessage{}
	for _, name := range []string{"blocks", "attachments", "metadata"} {
		if arg := all[len(all)-1].Arg(name); arg != "" {
			message[name] = json.RawMessage(arg)
		}
	}
	text, err := json.Marshal(all[len(all)-1].Arg("text"))
	if err != nil {
		t.Fatal(err)
	}
	message["text"] = text
	drawn, err := json.Marshal(message)
	if err != nil {
		t.Fatal(err)
	}
	return drawn
}

// TestEveryForm pins the forms: on Slack the view, on Discord each modal, the review, and the note about what is wrong.
func TestEveryForm(t *testing.T) {
	for _, platform := range []string{"slack", "discord"} {
		for name, life := range map[string]string{"create-community": "", "fix": "handle-taken", "rename": "unconfirmed", "link": "unconfirmed"} {
			t.Run(platform+"/"+name, func(t *testing.T) {
				w, set := newFake(t, platform)
				can := commands.New(commands.Options{Store: stored{w.lived(t, lives[life])}, Types: types, Categories: cats, Now: time.Now})
				h := bot.HandlerFunc(func(ctx context.Context, e bot.Event) (bot.Reply, error) {
					if e.Command != "create-community" || name != "create-community" {
						e.Call = bot.Call{Command: name, Values: bot.Values{"id": "42", "v": "2"}.With(e.Values)}
					}
					return can.Handle(ctx, e)
				})
				server := httptest.NewServer(set.Routes(h)[set[0].Route])
				defer server.Close()
				if w.slack != nil {
					w.slack.Connect(server.URL)
				} else {
					w.discord.Connect(server.URL)
				}
				w.drawForm(t, name)
			})
		}
	}
}

// drawForm types a command and goes through what comes up, pinning each part.
func (w *world) drawForm(t *testing.T, name string) {
	s, err := w.chat.Type(t.Context(), w.ids["Ada"], w.channel, "/create-community")
	if err != nil || s.Form == nil {
		t.Fatalf("no form: %+v, %v", s, err)
	}
	if w.slack != nil {
		for _, r := range w.slack.Requests() {
			if r.Method == "views.open" {
				golden(t, "slack", "form-"+name, []byte(r.Arg("view")))
			}
		}
		return
	}
	golden(t, "discord", "form-"+name+"-1", w.answered())
	switch name {
	case "link", "rename":
		return
	case "create-community": // most people are done now; go on as one who wants everything
		if s, err = w.chat.Type(t.Context(), w.ids["Ada"], w.channel, "/create-community more:true"); err != nil {
			t.Fatal(err)
		}
		golden(t, "discord", "form-"+name+"-more", w.answered())
	}
	if s, err = w.chat.Send(t.Context(), w.ids["Ada"], s.Form.ID, map[string]string{"Name": "Acme", "Handle": "Not a handle"}); err != nil {
		t.Fatal(err)
	}
	golden(t, "discord", "form-"+name+"-note", w.answered())
	if s, err = w.chat.Press(t.Context(), w.ids["Ada"], s.Private[0].ID, "Try again"); err != nil {
		t.Fatal(err)
	}
	if s, err = w.chat.Send(t.Context(), w.ids["Ada"], s.Form.ID, map[string]string{"Handle": "acme"}); err != nil {
		t.Fatal(err)
	}
	golden(t, "discord", "form-"+name+"-review", w.answered())
	review := s.Private[0]
	if _, err = w.chat.Press(t.Context(), w.ids["Ada"], review.ID, review.Buttons[2]); err != nil {
		t.Fatal(err)
	}
	golden(t, "discord", "form-"+name+"-2", w.answered())
}

// answered returns the bot's last answer to Discord.
func (w *world) answered() []byte {
	all := w.discord.Requests()
	for i := len(all) - 1; ; i-- {
		if all[i].Delivery {
			return all[i].Answer
		}
	}
}

// stored is a store that holds one request.
type stored struct{ r *bot.Request }

func (s stored) Request(context.Context, int64) (bot.Request, error) { return *s.r, nil }

func (s stored) Held(_ context.Context, handles []string) ([]string, error) {
	if strings.Join(handles, "") == s.r.Community.Handle {
		return handles, nil
	}
	return nil, nil
}

func (stored) Add(context.Context, bot.Request) (bot.Request, error) { panic("nothing is sent here") }
func (stored) Change(context.Context, int64, string, func(*bot.Request) error) (bot.Request, error) {
	panic("nothing is changed here")
}
func (stored) History(context.Context, int64, int) ([]bot.Entry, error) { return nil, nil }
func (stored) List(context.Context, bot.Filter) ([]bot.Request, error) {
	return nil, nil
}
