package slack

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"communitybot/adapters/person"
	"communitybot/adapters/schemas"
	"communitybot/adapters/slack/slackfake"
	"communitybot/bot"
)

// desk is a Slack with two people in it, and the adapter connected to it.
type desk struct {
	*slackfake.Fake
	adapter *Adapter
	log     *logBook
}

// sit starts a desk. The bot is in general (C1) and in the private C4; it is not in C2, C3 is archived.
func sit(t testing.TB, h bot.Handler, scopes ...string) *desk {
	t.Helper()
	if scopes == nil {
		scopes = Scopes
	}
	fake, err := slackfake.Start(slackfake.Options{BotToken: "xoxb-test", SigningSecret: secret, TeamID: "T1", Scopes: scopes})
	if err != nil {
		t.Fatal(err)
	}
	fake.AddUser("U1", "ann")
	fake.AddUser("U2", "bob")
	people := []string{"U1", "U2"}
	fake.AddChannel(slackfake.Channel{ID: "C1", Name: "general", Members: people, Bot: true})
	fake.AddChannel(slackfake.Channel{ID: "C2", Name: "random", Members: people})
	fake.AddChannel(slackfake.Channel{ID: "C3", Name: "old", Members: people, Bot: true, Archived: true})
	fake.AddChannel(slackfake.Channel{ID: "C4", Name: "secret", Members: people, Bot: true, Private: true})
	fake.AddChannel(slackfake.Channel{ID: "C5", Name: "hidden", Members: people, Private: true})
	client := &http.Client{Transport: &http.Transport{}, Timeout: 5 * time.Second}
	d := &desk{Fake: fake, log: &logBook{}}
	d.adapter = New(Options{Token: "xoxb-test", SigningSecret: secret, APIURL: fake.APIURL(), HTTP: client, Log: d.log.logger()})
	d.adapter.pause = func(ctx context.Context, _ time.Duration) { pause(ctx, time.Millisecond) }
	server := httptest.NewServer(d.adapter.Handler(h))
	fake.Connect(server.URL + EventsPath)
	t.Cleanup(func() {
		server.Close()
		d.rest()
		client.CloseIdleConnections()
		schemas.CheckSlack(t, fake)
		if err := fake.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// rest waits until all is done that nobody waits for. It is the end of what the adapter does beside answering.
func (d *desk) rest() { d.adapter.chores.finish() }

// calls returns the requests of one method to this Slack.
func (d *desk) calls(method string) []slackfake.Request {
	return slices.DeleteFunc(d.Requests(), func(r slackfake.Request) bool { return r.Method != method })
}

// types types a command in general and returns what came up.
func (d *desk) types(t *testing.T, line string) person.Screen {
	t.Helper()
	s, err := d.Type(t.Context(), "U1", "C1", line)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// fills types a command and sends the form that came up.
func (d *desk) fills(t *testing.T, values map[string]string) person.Screen {
	t.Helper()
	form := d.types(t, "/create-community").Form
	if form == nil {
		t.Fatal("no form")
	}
	s, err := d.Send(t.Context(), "U1", form.ID, values)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// posts posts a card in general.
func (d *desk) posts(t *testing.T, c bot.Card) bot.Place {
	t.Helper()
	at, err := d.adapter.Post(t.Context(), general, c)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// presses posts a card with one button and presses it.
func (d *desk) presses(t *testing.T) person.Screen {
	t.Helper()
	at := d.posts(t, oneButton)
	s, err := d.Press(t.Context(), "U2", at.Message, "Approve")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var oneButton = bot.Card{
	Key: "card-1", Title: "Cricket", Color: "#A4E6DA",
	Actions: []bot.Action{{Call: bot.Call{Command: "approve", Values: bot.Values{"id": "42", "v": "3"}}, Label: "Approve"}},
}

// reads returns what ann sees in a channel.
func (d *desk) reads(t *testing.T, channel string) []person.Message {
	t.Helper()
	messages, err := d.Read(t.Context(), "U1", channel)
	if err != nil {
		t.Fatal(err)
	}
	return messages
}

// private returns the text of the only private message on a screen.
func private1(t *testing.T, s person.Screen) string {
	t.Helper()
	if len(s.Private) != 1 || s.Form != nil {
		t.Fatalf("want one private message, got %+v", s)
	}
	return s.Private[0].Text
}

// asking answers a command or a button with a form, and a sent form with what submit says.
func asking(submit func(bot.Event) (bot.Reply, error)) *recorder {
	return &recorder{answer: func(e bot.Event) (bot.Reply, error) {
		if e.Step == bot.Open {
			return bot.Ask{Form: richForm()}, nil
		}
		return submit(e)
	}}
}
