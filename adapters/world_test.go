package adapters_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
	"golang.org/x/sync/errgroup"

	"communitybot/adapters"
	"communitybot/adapters/discord/discordfake"
	"communitybot/adapters/person"
	"communitybot/adapters/schemas"
	"communitybot/adapters/slack/slackfake"
	"communitybot/bot/config"
	"communitybot/bot/genuin"
	"communitybot/bot/genuin/genuinfake"
	"communitybot/bot/store"
	"communitybot/bot/store/pgtest"
	"communitybot/bot/web"
	"communitybot/commands"
)

// unhurried is how long platforms wait for answers here: how fast the bot is on a busy machine is no matter of these tests.
const unhurried = 20 * time.Second

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("net/http.(*conn).closeWriteAndWait"), goleak.Cleanup(func(code int) {
		pgtest.Stop()
		os.Exit(code)
	}))
}

// World is the whole bot on one or both platforms' fakes, with a Genuin that behaves. What is not said of another
// platform is about the one that it is named after.
type world struct {
	name    string
	linked  bool // the bot keeps a connection, instead of getting requests over HTTP
	chat    person.Chat
	channel string
	ids     map[string]string // of people, by name
	genuin  *genuinfake.Fake
	slack   *slackfake.Fake
	discord *discordfake.Fake
	other   *world // the other platform, when it takes part
	clock   *clock
	queue   *store.Queue
	url     string // of the bot
	log     *syncBuffer
}

// clock runs, and can be moved forward.
type clock struct{ moved atomic.Int64 }

// Now returns the clock's time.
func (c *clock) Now() time.Time { return time.Now().Add(time.Duration(c.moved.Load())) }

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

const (
	genuinSecret = "a-secret-of-genuin"
	appToken     = "xapp-1-a-secret-of-socket-mode"
)

// newWorld starts everything on a platform; extra is environment on top of what connects the parts. In it, {here} and
// {there} stand for the platforms, {Ben} for somebody's ID, {ops} for the group of Ben and Cleo and {approvals} for the
// approvers' channel; {there.Ben} and so on for those on the other platform, which takes part if it is named.
//
// "slack socket" and "discord gateway" are the platforms over a connection that the bot keeps; "slack postgres" and
// "discord postgres" are those of a bot that keeps everything in Postgres.
func newWorld(t *testing.T, name string, extra ...string) *world {
	t.Helper()
	g, err := genuinfake.Start(genuinfake.Options{APISecret: genuinSecret, RetryAfter: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Close)
	name, way, _ := strings.Cut(name, " ")
	database, linked := "sqlite:"+filepath.Join(t.TempDir(), "test.db"), way != ""
	if way == "postgres" {
		database, linked = pgtest.URL(t), false
	}
	w := &world{name: name, linked: linked, genuin: g, log: &syncBuffer{}, clock: &clock{}}
	environ := []string{
		"DATABASE_URL=" + database, "LOG_LEVEL=debug", "PUBLIC_URL=https://bot.example.com",
		"GENUIN_BASE_URL=" + g.URL(), "GENUIN_API_KEY=" + genuinfake.Key, "GENUIN_API_SECRET=" + genuinSecret,
	}
	environ = append(environ, w.startFake(t)...)
	if strings.Contains(strings.Join(extra, " "), "{there") {
		w.other = &world{name: map[string]string{"slack": "discord", "discord": "slack"}[name], linked: linked, clock: w.clock}
		environ = append(environ, w.other.startFake(t)...)
	}
	for _, e := range extra {
		environ = append(environ, w.fillIn(e))
	}
	w.startBot(t, environ)
	return w
}

// fillIn puts names and IDs in place of what stands for them.
func (w *world) fillIn(s string) string {
	pairs := []string{"{here}", w.name}
	for name, id := range w.ids {
		pairs = append(pairs, "{"+name+"}", id)
	}
	if w.other != nil {
		pairs = append(pairs, "{there}", w.other.name)
		for name, id := range w.other.ids {
			pairs = append(pairs, "{there."+name+"}", id)
		}
	}
	return strings.NewReplacer(pairs...).Replace(s)
}

// startFake starts the platform's fake and returns the environment that leads to it.
func (w *world) startFake(t *testing.T) []string {
	t.Helper()
	if w.name == "slack" {
		return w.startSlack(t)
	}
	return w.startDiscord(t)
}

func (w *world) startSlack(t *testing.T) []string {
	t.Helper()
	f, err := slackfake.Start(slackfake.Options{Now: w.now(), Patience: unhurried})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		schemas.CheckSlack(t, f)
		_ = f.Close()
	})
	w.slack, w.chat, w.channel = f, f, "C1"
	people := map[string]string{"Ada": "U1", "Ben": "U2", "Cleo": "U3", "Dan": "U4"}
	for person, id := range people {
		f.AddUser(id, person)
	}
	f.AddGroup("S1", "ops", "U2", "U3")
	f.AddChannel(slackfake.Channel{ID: "C1", Name: "general", Members: slices.Collect(maps.Values(people)), Bot: true})
	f.AddChannel(slackfake.Channel{ID: "C2", Name: "approvals", Members: []string{"U2", "U3", "U4"}, Bot: true})
	w.ids = people
	w.ids["ops"], w.ids["approvals"] = "S1", f.TeamID+"/C2"
	way := "SLACK_SIGNING_SECRET=" + f.SigningSecret
	if w.linked {
		f.UseSocket(appToken)
		way = "SLACK_APP_TOKEN=" + appToken
	}
	return []string{"SLACK_BOT_TOKEN=" + f.BotToken, way, "SLACK_API_URL=" + f.APIURL()}
}

func (w *world) startDiscord(t *testing.T) []string {
	t.Helper()
	f, err := discordfake.Start(discordfake.Options{Now: w.now(), Patience: unhurried})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		schemas.CheckDiscord(t, f)
		f.Close()
	})
	w.discord, w.chat, w.channel = f, f, "1200000000000000001"
	const ops, approvals = "1400000000000000001", "1200000000000000002"
	f.AddRole(ops, "ops")
	w.ids = map[string]string{"Ada": "1300000000000000001", "Ben": "1300000000000000002", "Cleo": "1300000000000000003", "Dan": "1300000000000000004"}
	for person, id := range w.ids {
		if person == "Ben" || person == "Cleo" {
			f.AddUser(id, person, ops)
		} else {
			f.AddUser(id, person)
		}
	}
	f.AddChannel(w.channel, "general")
	f.AddChannel(approvals, "approvals")
	o := f.Options()
	w.ids["ops"], w.ids["approvals"] = ops, o.GuildID+"/"+approvals
	environ := []string{"DISCORD_BOT_TOKEN=" + o.BotToken, "DISCORD_APPLICATION_ID=" + o.ApplicationID, "DISCORD_API_URL=" + f.APIURL()}
	if w.linked {
		return environ
	}
	return append(environ, "DISCORD_PUBLIC_KEY="+f.PublicKey())
}

// now is the world's clock, or the real one where there is none.
func (w *world) now() func() time.Time {
	if w.clock == nil {
		return time.Now
	}
	return w.clock.Now
}

// startBot wires the bot as main does.
func (w *world) startBot(t *testing.T, environ []string) {
	t.Helper()
	c, err := config.Load(environ, "")
	if err != nil {
		t.Fatal(err)
	}
	w.register(t, c)
	log := slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s, err := store.Open(t.Context(), store.Options{URL: string(c.DatabaseURL), Log: log, Now: w.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	metrics := web.NewMetrics()
	set, err := adapters.Open(c, adapters.Options{
		Drafts: s, Leases: s, Owner: s.Owner(), Commands: commands.Slash(), Panicked: metrics.Panicked, Log: log, Now: w.clock.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	can := commands.New(commands.Options{
		Store: s, Policy: c.Policy(), Types: c.Genuin.Types, Categories: c.Genuin.Categories, Language: c.CardLanguage, Now: w.clock.Now,
		Directories: set.Directories(), Translated: adapters.Translated(),
	})
	worker := &commands.Worker{
		Commands: can, Platforms: set.Platforms(), Owner: s.Owner(), Life: s, Call: time.Minute, Patience: 10 * time.Second, Panicked: func() { t.Error("something panicked") }, Log: log,
		Genuin: genuin.Guarded(genuin.New(genuin.Options{
			BaseURL: c.Genuin.BaseURL, APIKey: string(c.Genuin.APIKey), APISecret: string(c.Genuin.APISecret), Timeout: c.Genuin.Timeout,
		}), log),
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
	checks := []web.Check{{Name: "approval channel", Run: worker.Ready}}
	for _, a := range set {
		checks = append(checks, web.Check{Name: a.Name(), Run: a.Ready})
	}
	answers := metrics.Interactions(can, can.Known, log)
	var serving errgroup.Group
	serving.Go(func() error {
		return web.Serve(ctx, l, web.Mux(set.Routes(answers), checks, http.NotFoundHandler(), log), log)
	})
	serving.Go(func() error { return set.Run(ctx, answers) })
	w.url = "http://" + l.Addr().String()
	t.Cleanup(func() {
		cancel()
		w.genuin.Release()
		end, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		for _, err := range []error{serving.Wait(), queue.Stop(end), s.Close()} {
			if err != nil {
				t.Error("stopping:", err)
			}
		}
	})
	w.queue = queue
	for _, fake := range []*world{w, w.other} {
		if fake == nil || fake.linked {
			continue
		}
		if fake.slack != nil {
			fake.slack.Connect(w.url + "/slack/events")
		}
		if fake.discord != nil {
			fake.discord.Connect(w.url + "/discord/interactions")
		}
	}
	if w.linked {
		w.isReady(t)
	}
}

// register makes the commands known to the platforms, as "communitybot register" does and people with what it prints.
func (w *world) register(t *testing.T, c config.Config) {
	t.Helper()
	var manifest bytes.Buffer
	if err := adapters.Register(t.Context(), c, commands.Slash(), &manifest, io.Discard); err != nil {
		t.Fatal(err)
	}
	for _, fake := range []*world{w, w.other} {
		if fake != nil && fake.slack != nil {
			if err := fake.slack.Install(manifest.Bytes()); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// isReady waits until everything reaches the bot.
func (w *world) isReady(t *testing.T) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	end := time.After(soon)
	for {
		r, err := http.Get(w.url + "/readyz")
		if err != nil {
			t.Fatal(err)
		}
		_ = r.Body.Close()
		if r.StatusCode == http.StatusOK {
			return
		}
		select {
		case <-tick.C:
		case <-end:
			t.Fatalf("the bot does not get ready; log:\n%s", w.log)
		}
	}
}
