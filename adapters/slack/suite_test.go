package slack_test

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"testing"
	"time"

	slackgo "github.com/slack-go/slack"

	"communitybot/adapters/adaptertest"
	"communitybot/adapters/schemas"
	"communitybot/adapters/slack"
	"communitybot/adapters/slack/slackfake"
	"communitybot/bot"
)

func TestSuite(t *testing.T) {
	t.Run("over HTTP", func(t *testing.T) {
		adaptertest.Run(t, func(t *testing.T) adaptertest.Kit {
			f := world(t)
			a := slack.New(slack.Options{Token: f.BotToken, SigningSecret: f.SigningSecret, APIURL: f.APIURL(), Log: slog.New(slog.DiscardHandler)})
			return kit(t, f, a, f.Connect)
		})
	})
	t.Run("in Socket Mode", func(t *testing.T) {
		adaptertest.Run(t, func(t *testing.T) adaptertest.Kit {
			f := world(t)
			f.UseSocket("xapp-test")
			a := slack.New(slack.Options{Token: f.BotToken, AppToken: "xapp-test", APIURL: f.APIURL(), Log: slog.New(slog.DiscardHandler)})
			return kit(t, f, &connected{Adapter: a, t: t}, func(string) { await(t, func() error { return a.Ready(t.Context()) }) })
		})
	})
}

// connected is an adapter that runs in Socket Mode as soon as it has a handler.
type connected struct {
	*slack.Adapter
	t    *testing.T
	once sync.Once
}

func (c *connected) Handler(h bot.Handler) http.Handler {
	c.once.Do(func() {
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan error)
		go func() { done <- c.Run(ctx, h) }()
		c.t.Cleanup(func() {
			cancel()
			if err := <-done; err != nil {
				c.t.Error(err)
			}
		})
	})
	return c.Adapter.Handler(h)
}

// await polls until nothing is missing any more, for some seconds at most.
func await(t *testing.T, missing func() error) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	limit := time.After(10 * time.Second)
	for missing() != nil {
		select {
		case <-tick.C:
		case <-limit:
			t.Fatal(missing())
		}
	}
}

// world is a Slack with two people, a user group and a channel.
func world(t *testing.T) *slackfake.Fake {
	f, err := slackfake.Start(slackfake.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		schemas.CheckSlack(t, f)
		_ = f.Close()
	})
	f.AddUser("U1", "Ada")
	f.AddUser("U2", "Ben")
	f.AddGroup("S1", "ops", "U2")
	return f
}

// kit is an adapter on a Slack.
func kit(t *testing.T, f *slackfake.Fake, a adaptertest.Adapter, connect func(string)) adaptertest.Kit {
	channel := slackfake.Channel{ID: "C1", Name: "general", Members: []string{"U1", "U2"}, Bot: true}
	f.AddChannel(channel)
	api := slackgo.New(f.BotToken, slackgo.OptionAPIURL(f.APIURL()))
	return adaptertest.Kit{
		Adapter: a,
		Chat:    f,
		Connect: connect,
		Again: func(ctx context.Context) {
			r, err := f.Redeliver(ctx)
			if err != nil {
				t.Fatal(err)
			}
			_ = r.Body.Close()
		},
		Close: func() {
			channel.Bot, channel.Private = false, true
			f.AddChannel(channel)
		},
		Delete: func(message string) {
			if _, _, err := api.DeleteMessage("C1", message); err != nil {
				t.Fatal(err)
			}
		},
		Channel: bot.Place{Platform: "slack", Tenant: f.TeamID, Channel: "C1"},
		Ada:     bot.User{Platform: "slack", ID: "U1", Name: "Ada"},
		Ben:     bot.User{Platform: "slack", ID: "U2", Name: "Ben"},
		Group:   bot.User{Platform: "slack", ID: "S1", Name: "ops", Group: true},
	}
}
