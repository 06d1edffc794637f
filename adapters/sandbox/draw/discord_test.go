package draw

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"communitybot/adapters/discord/discordfake"
	"communitybot/adapters/person"
)

const (
	discordAda     = "1200000000000000001"
	discordOps     = "1200000000000000009"
	discordChannel = "1300000000000000001"
)

// discordWorld knows what the fake Discord of the tests knows, and the pictures that are not from elsewhere.
var discordWorld = World{
	User:    func(id string) string { return map[string]string{discordAda: "Ada"}[id] },
	Group:   func(id string) string { return map[string]string{discordOps: "ops"}[id] },
	Channel: func(id string) string { return map[string]string{discordChannel: "communities"}[id] },
	Picture: func(address string) string {
		if strings.Contains(address, "elsewhere") {
			return ""
		}
		return "/picture?at=" + url.QueryEscape(address)
	},
}

// discordGuild is a fake Discord with a channel, Ada, and a bot that answers everything with answer.
type discordGuild struct {
	*discordfake.Fake
	t      testing.TB
	answer []byte
}

func newDiscordGuild(t testing.TB) *discordGuild {
	t.Helper()
	fake, err := discordfake.Start(discordfake.Options{AnyCommand: true, Now: func() time.Time { return time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(fake.Close)
	g := &discordGuild{Fake: fake, t: t}
	bot := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(g.answer)
	}))
	t.Cleanup(bot.Close)
	fake.Connect(bot.URL)
	fake.AddRole(discordOps, "ops")
	fake.AddUser(discordAda, "Ada", discordOps)
	fake.AddChannel(discordChannel, "communities")
	return g
}

// post sends JSON to the REST API as the bot, and returns the ID of what was made.
func (g *discordGuild) post(path string, body any) string {
	g.t.Helper()
	b, err := json.Marshal(body)
	if err != nil {
		g.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(g.t.Context(), http.MethodPost, g.APIURL()+path, bytes.NewReader(b))
	if err != nil {
		g.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bot "+g.Options().BotToken)
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		g.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(res.Body)
	var made struct{ ID string }
	if err != nil || res.StatusCode >= 300 || json.Unmarshal(answer, &made) != nil {
		g.t.Fatalf("%s: %s %s %v", path, res.Status, answer, err)
	}
	return made.ID
}

// say posts messages: the first in the channel, the others in its thread.
func (g *discordGuild) say(messages ...map[string]any) {
	g.t.Helper()
	where := discordChannel
	for i, m := range messages {
		delete(m, "allowed_mentions") // the golden files have other IDs than these
		if i == 1 {
			where = g.post("/channels/"+discordChannel+"/messages/"+where+"/threads", map[string]any{"name": "Acme"})
		}
		id := g.post("/channels/"+where+"/messages", m)
		if i == 0 {
			where = id
		}
	}
}

// look returns what Ada sees in the channel.
func (g *discordGuild) look() []person.Sent {
	g.t.Helper()
	seen, err := g.Look(discordAda, discordChannel)
	if err != nil {
		g.t.Fatal(err)
	}
	return seen
}

// command has Ada type a command that is answered so.
func (g *discordGuild) command(kind int, data any) {
	g.t.Helper()
	var err error
	if g.answer, err = json.Marshal(map[string]any{"type": kind, "data": data}); err != nil {
		g.t.Fatal(err)
	}
	if _, err := g.Type(g.t.Context(), discordAda, discordChannel, "/create-community"); err != nil {
		g.t.Fatal(err, g.Problems())
	}
}

// eachDiscordGolden does something with all that the adapter sends: messages of a card and its thread, or an answer.
func eachDiscordGolden(t *testing.T, do func(t *testing.T, name string, g *discordGuild)) {
	t.Helper()
	paths, err := filepath.Glob("../../testdata/golden/discord/*.json")
	if err != nil || len(paths) < 30 {
		t.Fatalf("%d golden files, %v", len(paths), err)
	}
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".json")
		t.Run(name, func(t *testing.T) {
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			g := newDiscordGuild(t)
			var messages []map[string]any
			if json.Unmarshal(b, &messages) == nil {
				g.say(messages...)
			} else {
				var answer struct {
					Type int
					Data map[string]any
				}
				if err := json.Unmarshal(b, &answer); err != nil {
					t.Fatal(err)
				}
				if answer.Type == 7 { // it changed a message that there is not
					answer.Type = 4
				}
				g.command(answer.Type, answer.Data)
			}
			do(t, name, g)
		})
	}
}

func TestEverythingSentToDiscordIsDrawn(t *testing.T) {
	eachDiscordGolden(t, func(t *testing.T, name string, g *discordGuild) {
		var drawn bytes.Buffer
		for _, m := range g.look() {
			fmt.Fprintln(&drawn, Discord(m, discordWorld))
		}
		if form := g.Open(discordAda); form != nil {
			fmt.Fprintln(&drawn, DiscordForm(*form, discordWorld))
		}
		safe(t, drawn.String())
		if strings.Contains(drawn.String(), `class="unknown"`) {
			t.Error("something is unknown")
		}
		golden(t, "discord/"+name+".html", drawn.Bytes())
	})
}

func TestADrawingSaysWhatDiscordShows(t *testing.T) {
	var messages, forms int
	eachDiscordGolden(t, func(t *testing.T, _ string, g *discordGuild) {
		var compare func(list []person.Sent)
		compare = func(list []person.Sent) {
			for _, m := range list {
				messages++
				got := discordReadMessage(t, string(Discord(m, discordWorld)))
				want := person.Message{Text: m.Text, Buttons: m.Buttons, Links: m.Links, Private: m.Private, Author: m.Author}
				if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
					t.Errorf("(-shown +drawn):\n%s", diff)
				}
				compare(m.Thread)
			}
		}
		compare(g.look())
		if form := g.Open(discordAda); form != nil {
			forms++
			got := discordReadForm(t, string(DiscordForm(*form, discordWorld)))
			if diff := cmp.Diff(form.Form, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("(-shown +drawn):\n%s", diff)
			}
		}
	})
	if messages < 50 || forms < 5 {
		t.Errorf("only %d messages and %d forms were compared", messages, forms)
	}
}
