package discord_test

import (
	"context"
	"log/slog"
	"net/http"
	"runtime"
	"sync"
	"testing"
	"time"

	"communitybot/adapters/adaptertest"
	"communitybot/adapters/discord"
	"communitybot/adapters/discord/discordfake"
	"communitybot/adapters/schemas"
	"communitybot/bot"
	"communitybot/bot/bottest"
)

const (
	channel = "1200000000000000001"
	ada     = "1300000000000000001"
	ben     = "1300000000000000002"
	ops     = "1400000000000000001"
)

func TestSuite(t *testing.T) {
	adaptertest.Run(t, func(t *testing.T) adaptertest.Kit {
		f := start(t)
		a := adapter(t, f, f.PublicKey())
		k := kit(t, f)
		k.Adapter = a
		k.Connect = f.Connect
		k.Again = func(ctx context.Context) {
			r, err := f.Redeliver(ctx)
			if err != nil {
				t.Fatal(err)
			}
			_ = r.Body.Close()
		}
		return k
	})
}

func TestSuiteOverTheGateway(t *testing.T) {
	adaptertest.Run(t, func(t *testing.T) adaptertest.Kit {
		f := start(t)
		g := &overGateway{t: t, f: f, Adapter: adapter(t, f, "")}
		k := kit(t, f)
		k.Adapter = g
		k.Connect = func(string) { g.run() }
		k.Again = func(context.Context) { g.again() }
		return k
	})
}

// overGateway is an adapter whose handler hears of what comes over the gateway.
type overGateway struct {
	*discord.Adapter
	t    *testing.T
	f    *discordfake.Fake
	h    bot.Handler
	stop func()
}

// Handler returns the endpoint, which takes nothing, and notes who answers what comes over the gateway.
func (g *overGateway) Handler(h bot.Handler) http.Handler {
	g.h = h
	return g.Adapter.Handler(h)
}

// run connects to the gateway, until the test ends or stop is called.
func (g *overGateway) run() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- g.Run(ctx, g.h) }()
	g.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			g.t.Errorf("running: %v", err)
		}
	})
	g.t.Cleanup(g.stop)
	await(g.t, g.f, 1)
}

// again has another process, which remembers nothing, receive the last interaction once more.
func (g *overGateway) again() {
	g.stop()
	await(g.t, g.f, 0)
	g.Adapter = adapter(g.t, g.f, "")
	g.run()
	before := len(g.f.Requests())
	if err := g.f.DispatchAgain(); err != nil {
		g.t.Fatal(err)
	}
	for { // it is answered in vain: there is one answer to an interaction
		if answers := g.f.Requests(); len(answers) > before {
			return
		}
		if g.t.Context().Err() != nil {
			g.t.Fatal("the interaction was not answered again")
		}
		runtime.Gosched()
	}
}

// await waits until that many connections to the gateway are up.
func await(t *testing.T, f *discordfake.Fake, connections int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := f.Await(ctx, connections); err != nil {
		t.Fatal(err)
	}
}

func start(t *testing.T) *discordfake.Fake {
	t.Helper()
	f, err := discordfake.Start(discordfake.Options{AnyCommand: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		f.Close()
		schemas.CheckDiscord(t, f)
	})
	f.AddRole(ops, "ops")
	f.AddUser(ada, "Ada")
	f.AddUser(ben, "Ben")
	f.AddChannel(channel, "general")
	return f
}

func adapter(t *testing.T, f *discordfake.Fake, key string) *discord.Adapter {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{}, Timeout: 10 * time.Second}
	t.Cleanup(client.CloseIdleConnections)
	a, err := discord.New(discord.Options{
		Token: f.Options().BotToken, ApplicationID: f.Options().ApplicationID, PublicKey: key, APIURL: f.APIURL(), HTTP: client,
		Drafts: &bottest.Drafts{}, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// kit is what the suite needs, whatever way interactions come.
func kit(t *testing.T, f *discordfake.Fake) adaptertest.Kit {
	o := f.Options()
	return adaptertest.Kit{
		Chat:  f,
		Close: func() { f.Allow(channel, 0) },
		Delete: func(message string) {
			r, err := http.NewRequest(http.MethodDelete, f.APIURL()+"/channels/"+channel+"/messages/"+message, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Authorization", "Bot "+o.BotToken)
			answer, err := http.DefaultClient.Do(r)
			if err != nil || answer.StatusCode != http.StatusNoContent {
				t.Fatalf("deleting: %v, %v", answer, err)
			}
			_ = answer.Body.Close()
			http.DefaultClient.CloseIdleConnections()
		},
		Channel: bot.Place{Platform: "discord", Tenant: o.GuildID, Channel: channel},
		Ada:     bot.User{Platform: "discord", ID: ada, Name: "Ada"},
		Ben:     bot.User{Platform: "discord", ID: ben, Name: "Ben"},
		Group:   bot.User{Platform: "discord", ID: ops, Name: "ops", Group: true},
	}
}
