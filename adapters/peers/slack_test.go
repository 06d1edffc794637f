package peers_test

import (
	"net/http"
	"testing"

	"communitybot/adapters/person"
	"communitybot/adapters/schemas"
	"communitybot/adapters/slack/slackfake"
)

// startSlack starts a Slack with two people and a channel that the bot is in.
func startSlack(t *testing.T) (*slackfake.Fake, group) {
	t.Helper()
	f, err := slackfake.Start(slackfake.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		schemas.CheckSlack(t, f)
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	f.AddUser("U1", "Ada")
	f.AddUser("U2", "Ben")
	f.AddChannel(slackfake.Channel{ID: "C1", Name: "general", Members: []string{"U1", "U2"}, Bot: true})
	return f, group{Chat: f, ada: "U1", ben: "U2", channel: "C1"}
}

// atTheHandle is what a form says about the handle.
func atTheHandle(s person.Screen) string {
	if s.Form == nil || s.Form.Field("Handle") == nil {
		return ""
	}
	return s.Form.Field("Handle").Problem
}

func TestABoltAppLivesOnTheFakeOverHTTP(t *testing.T) {
	f, g := startSlack(t)
	f.Connect(start(t, "bolt.mjs", "SLACK_API_URL="+f.APIURL(), "SLACK_BOT_TOKEN="+f.BotToken, "SLACK_SIGNING_SECRET="+f.SigningSecret))
	g.converse(t, "/create-community Acme", atTheHandle)
	g.see(t, g.ben, "a private answer by response_url", func(m person.Message) bool { return m.Private && m.Text == "Thank you." })
}

func TestABoltAppLivesOnTheFakeInSocketMode(t *testing.T) {
	f, g := startSlack(t)
	const appToken = "xapp-fake"
	f.UseSocket(appToken)
	start(t, "bolt.mjs", "SLACK_API_URL="+f.APIURL(), "SLACK_BOT_TOKEN="+f.BotToken, "SLACK_APP_TOKEN="+appToken)
	g.converse(t, "/create-community Acme", atTheHandle)
	g.see(t, g.ben, "a private answer by response_url", func(m person.Message) bool { return m.Private && m.Text == "Thank you." })
}

func TestBoltAcceptsTheFakesSignaturesAndNoOthers(t *testing.T) {
	f, _ := startSlack(t)
	app := start(t, "bolt.mjs", "SLACK_API_URL="+f.APIURL(), "SLACK_BOT_TOKEN="+f.BotToken, "SLACK_SIGNING_SECRET="+f.SigningSecret)
	for name, c := range map[string]struct {
		to   string
		want int
	}{
		"as signed": {app, http.StatusOK},
		"tampered":  {tampering(t, app), http.StatusUnauthorized},
	} {
		f.Connect(c.to)
		answer, err := f.Deliver(t.Context(), "application/json", `{"type":"url_verification","challenge":"three"}`)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := answer.Body.Close(); err != nil {
			t.Error(err)
		}
		if answer.StatusCode != c.want {
			t.Errorf("%s: Bolt answers %d, want %d", name, answer.StatusCode, c.want)
		}
	}
}
