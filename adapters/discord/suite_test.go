package discord_test

import (
	"context"
	"log/slog"
	"net/http"
	"testing"

	"communitybot/adapters/adaptertest"
	"communitybot/adapters/discord"
	"communitybot/adapters/discord/discordfake"
	"communitybot/bot"
	"communitybot/bot/bottest"
)

func TestSuite(t *testing.T) {
	const (
		channel = "1200000000000000001"
		ada     = "1300000000000000001"
		ben     = "1300000000000000002"
		ops     = "1400000000000000001"
	)
	adaptertest.Run(t, func(t *testing.T) adaptertest.Kit {
		f, err := discordfake.Start(discordfake.Options{AnyCommand: true})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(f.Close)
		f.AddRole(ops, "ops")
		f.AddUser(ada, "Ada")
		f.AddUser(ben, "Ben")
		f.AddChannel(channel, "general")
		o := f.Options()
		a, err := discord.New(discord.Options{
			Token: o.BotToken, ApplicationID: o.ApplicationID, PublicKey: f.PublicKey(), APIURL: f.APIURL(),
			Drafts: &bottest.Drafts{}, Log: slog.New(slog.DiscardHandler),
		})
		if err != nil {
			t.Fatal(err)
		}
		return adaptertest.Kit{
			Adapter: a,
			Chat:    f,
			Connect: f.Connect,
			Again: func(ctx context.Context) {
				r, err := f.Redeliver(ctx)
				if err != nil {
					t.Fatal(err)
				}
				_ = r.Body.Close()
			},
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
	})
}
