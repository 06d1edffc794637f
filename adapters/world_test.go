package adapters_test

import (
	"bytes"
	"context"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"communitybot/adapters"
	"communitybot/adapters/discord/discordfake"
	"communitybot/adapters/person"
	"communitybot/adapters/slack/slackfake"
	"communitybot/bot/config"
	"communitybot/bot/genuin"
	"communitybot/bot/genuin/genuinfake"
	"communitybot/bot/store"
	"communitybot/bot/web"
	"communitybot/commands"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("net/http.(*conn).closeWriteAndWait"))
}

// World is the whole bot on one platform's fake, with a Genuin that behaves.
type world struct {
	name    string
	chat    person.Chat
	channel string
	ids     map[string]string // of people, by name
	genuin  *genuinfake.Fake
	slack   *slackfake.Fake
	discord *discordfake.Fake
	url     string // of the bot
	log     *syncBuffer
}

// syncBuffer is a log that can be read while it is written.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

const genuinSecret = "a-secret-of-genuin"

// newWorld starts everything; extra is environment on top of what connects the parts.
func newWorld(t *testing.T, name string, extra ...string) *world {
	t.Helper()
	g, err := genuinfake.Start(genuinfake.Options{APISecret: genuinSecret, RetryAfter: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Close)
	w := &world{name: name, genuin: g, log: &syncBuffer{}}
	environ := []string{
		"DATABASE_URL=sqlite:" + filepath.Join(t.TempDir(), "test.db"), "LOG_LEVEL=debug",
		"GENUIN_BASE_URL=" + g.URL(), "GENUIN_API_KEY=" + genuinfake.Key, "GENUIN_API_SECRET=" + genuinSecret,
	}
	switch name {
	case "slack":
		environ = append(environ, w.startSlack(t)...)
	case "discord":
		environ = append(environ, w.startDiscord(t)...)
	}
	w.startBot(t, append(environ, extra...))
	return w
}

func (w *world) startSlack(t *testing.T) []string {
	t.Helper()
	f, err := slackfake.Start(slackfake.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	w.slack, w.chat, w.channel = f, f, "C1"
	w.ids = map[string]string{"Ada": "U1", "Ben": "U2"}
	for person, id := range w.ids {
		f.AddUser(id, person)
	}
	f.AddChannel(slackfake.Channel{ID: "C1", Name: "general", Members: []string{"U1", "U2"}, Bot: true})
	return []string{"SLACK_BOT_TOKEN=" + f.BotToken, "SLACK_SIGNING_SECRET=" + f.SigningSecret, "SLACK_API_URL=" + f.APIURL()}
}

func (w *world) startDiscord(t *testing.T) []string {
	t.Helper()
	f, err := discordfake.Start(discordfake.Options{AnyCommand: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	w.discord, w.chat, w.channel = f, f, "1200000000000000001"
	w.ids = map[string]string{"Ada": "1300000000000000001", "Ben": "1300000000000000002"}
	for person, id := range w.ids {
		f.AddUser(id, person)
	}
	f.AddChannel(w.channel, "general")
	o := f.Options()
	return []string{"DISCORD_BOT_TOKEN=" + o.BotToken, "DISCORD_APPLICATION_ID=" + o.ApplicationID, "DISCORD_PUBLIC_KEY=" + f.PublicKey(), "DISCORD_API_URL=" + f.APIURL()}
}

// startBot wires the bot as main does.
func (w *world) startBot(t *testing.T, environ []string) {
	t.Helper()
	c, err := config.Load(environ, "")
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s, err := store.Open(t.Context(), store.Options{URL: string(c.DatabaseURL), Log: log, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	set, err := adapters.Open(c, adapters.Options{Drafts: s, Log: log, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	can := commands.New(commands.Options{Store: s, Policy: c.Policy(), Types: c.Genuin.Types, Categories: c.Genuin.Categories, Now: time.Now})
	worker := &commands.Worker{
		Commands: can, Platforms: set.Platforms(), Owner: s.Owner(), Call: time.Minute, Patience: 10 * time.Second, Log: log,
		Genuin: genuin.New(genuin.Options{BaseURL: c.Genuin.BaseURL, APIKey: string(c.Genuin.APIKey), APISecret: string(c.Genuin.APISecret), Timeout: c.Genuin.Timeout}),
	}
	queue, err := s.Work(t.Context(), worker.Do)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() {
		routes := set.Routes(web.NewMetrics().Interactions(can, can.Known, log))
		served <- web.Serve(ctx, l, web.Mux(routes, nil, http.NotFoundHandler(), log), log)
	}()
	w.url = "http://" + l.Addr().String()
	t.Cleanup(func() {
		cancel()
		w.genuin.Release()
		end, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		for _, err := range []error{<-served, queue.Stop(end), s.Close()} {
			if err != nil {
				t.Error("stopping:", err)
			}
		}
	})
	if w.slack != nil {
		w.slack.Connect(w.url + "/slack/events")
	}
	if w.discord != nil {
		w.discord.Connect(w.url + "/discord/interactions")
	}
}
