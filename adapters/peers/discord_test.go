package peers_test

import (
	"errors"
	"io/fs"
	"net/http"
	"testing"

	"communitybot/adapters/discord/discordfake"
	"communitybot/adapters/person"
	"communitybot/adapters/schemas"
)

// startDiscord starts a Discord with two people and a channel.
func startDiscord(t *testing.T) (*discordfake.Fake, group) {
	t.Helper()
	f, err := discordfake.Start(discordfake.Options{AnyCommand: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		checkFake(t, f)
		f.Close()
	})
	g := group{Chat: f, ada: "1300000000000000001", ben: "1300000000000000002", channel: "1200000000000000001"}
	f.AddUser(g.ada, "Ada")
	f.AddUser(g.ben, "Ben")
	f.AddChannel(g.channel, "general")
	return f, g
}

// checkFake checks what the fake said to clients by Discord's own file, if that is there. What discord.js says holds more
// than Discord knows, which Discord does not mind.
func checkFake(t *testing.T, f *discordfake.Fake) {
	t.Helper()
	api, err := schemas.LoadDiscord()
	if errors.Is(err, fs.ErrNotExist) {
		return // a test of package schemas says so
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range f.Requests() {
		if x.Delivery {
			err = api.Interaction(x.Body)
		} else {
			err = api.Answer(x.Method, x.Path, x.Status, x.Answer)
		}
		if err != nil {
			t.Errorf("%s %s: %v", x.Method, x.Path, err)
		}
	}
}

// startEndpoint starts the bot that takes interactions over HTTP and returns where.
func startEndpoint(t *testing.T, f *discordfake.Fake) string {
	t.Helper()
	return start(t, "discord-http.mjs", "DISCORD_API_URL="+f.APIURL(), "DISCORD_BOT_TOKEN="+f.Options().BotToken, "DISCORD_PUBLIC_KEY="+f.PublicKey())
}

// inANote is what a private message says.
func inANote(s person.Screen) string {
	if len(s.Private) == 0 {
		return ""
	}
	return s.Private[0].Text
}

func TestABotOnDiscordInteractionsLivesOnTheFakeOverHTTP(t *testing.T) {
	f, g := startDiscord(t)
	f.Connect(startEndpoint(t, f))
	if err := f.Ping(t.Context()); err != nil {
		t.Error(err)
	}
	g.converse(t, "/create-community name:Acme", inANote)
	for _, p := range f.Problems() {
		t.Error(p)
	}
}

func TestADiscordJSClientLivesOnTheFakeOverTheGateway(t *testing.T) {
	f, g := startDiscord(t)
	start(t, "discordjs.mjs", "DISCORD_API_URL="+f.APIURL(), "DISCORD_BOT_TOKEN="+f.Options().BotToken)
	g.converse(t, "/create-community name:Acme", inANote)
	for _, p := range f.Problems() {
		t.Error(p)
	}
}

func TestDiscordInteractionsAcceptsTheFakesSignaturesAndNoOthers(t *testing.T) {
	f, _ := startDiscord(t)
	bot := startEndpoint(t, f)
	for name, c := range map[string]struct {
		to   string
		want int
	}{
		"as signed": {bot, http.StatusOK},
		"tampered":  {tampering(t, bot), http.StatusUnauthorized},
	} {
		f.Connect(c.to)
		answer, err := f.Deliver(t.Context(), []byte(`{"type":1}`))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if answer.StatusCode != c.want {
			t.Errorf("%s: discord-interactions answers %d, want %d", name, answer.StatusCode, c.want)
		}
	}
}
