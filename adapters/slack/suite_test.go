package slack_test

import (
	"context"
	"log/slog"
	"testing"

	slackgo "github.com/slack-go/slack"

	"communitybot/adapters/adaptertest"
	"communitybot/adapters/slack"
	"communitybot/adapters/slack/slackfake"
	"communitybot/bot"
)

func TestSuite(t *testing.T) {
	adaptertest.Run(t, func(t *testing.T) adaptertest.Kit {
		f, err := slackfake.Start(slackfake.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = f.Close() })
		f.AddUser("U1", "Ada")
		f.AddUser("U2", "Ben")
		f.AddGroup("S1", "ops", "U2")
		channel := slackfake.Channel{ID: "C1", Name: "general", Members: []string{"U1", "U2"}, Bot: true}
		f.AddChannel(channel)
		api := slackgo.New(f.BotToken, slackgo.OptionAPIURL(f.APIURL()))
		return adaptertest.Kit{
			Adapter: slack.New(slack.Options{Token: f.BotToken, SigningSecret: f.SigningSecret, APIURL: f.APIURL(), Log: slog.New(slog.DiscardHandler)}),
			Chat:    f,
			Connect: f.Connect,
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
	})
}
