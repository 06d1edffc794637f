package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"communitybot/adapters/slack/slackfake"
	"communitybot/bot"
)

// parrot is a command that puts what it was told into whatever kind of answer a test wants.
type parrot struct {
	recorder
	kind uint8
}

func newParrot(kind uint8) *parrot {
	p := &parrot{kind: kind}
	p.answer = p.repeat
	return p
}

func (p *parrot) repeat(e bot.Event) (bot.Reply, error) {
	var said bot.Text
	fields := map[string]string{}
	form := richForm()
	form.Call = e.Call
	offer := bot.Offer{}
	for _, name := range slices.Sorted(maps.Keys(e.Values)) { // one input, one answer
		value := e.Values[name]
		said = append(said, bot.Plain(name+" "), bot.Bold(value), bot.Plain(" "), bot.Literal(value), bot.Link{URL: value, Label: name}, bot.Name{Name: value})
		fields[name] = value
		offer.Options = append(offer.Options, bot.Option{Value: value, Label: name})
		if f := form.Field(name); f != nil {
			f.Value, f.Problem = value, value
		}
	}
	card := bot.Card{Title: e.By.Name, Text: said, Facts: []bot.Fact{{Label: e.Field, Value: said}}, Footer: said}
	switch p.kind % 7 {
	case 0:
		return bot.Tell{Text: append(bot.Say("You said "), said...), Actions: oneButton.Actions}, nil
	case 1:
		return bot.Ask{Form: form}, nil
	case 2:
		return offer, nil
	case 3:
		return bot.Board{Cards: []bot.Card{card, card}}, nil
	case 4:
		return nil, &bot.Error{Code: bot.Invalid, Fields: fields}
	case 5:
		return nil, &bot.Error{Code: bot.Forbidden, Message: "No: " + said.String()}
	default:
		return bot.Done{Text: said}, nil
	}
}

// slackAway is a Slack that takes everything, and holds what it is sent to what a Slack would refuse.
type slackAway struct{ t *testing.T }

func (s *slackAway) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	var call struct{ View json.RawMessage }
	switch method := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]; method {
	case "views.open", "views.push", "views.update", "views.publish":
		if err := json.Unmarshal(body, &call); err != nil {
			s.t.Errorf("%s: %v", method, err)
		}
		holdView(s.t, call.View)
	case "users.info":
	default:
		holdMessage(s.t, body)
	}
	return &http.Response{
		StatusCode: http.StatusOK, Request: r, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(`{"ok":true,"user":{"id":"U1","name":"ann","locale":"en-US"},"view":{"id":"V2"}}`)),
	}, nil
}

// deliveries are requests as Slack sends them, while people use the bot: their bodies. The error says what they could
// not do; on a machine that is slower than Slack is patient there are fewer.
func deliveries(f testing.TB) (bodies []string, err error) {
	f.Helper()
	fake, err := slackfake.Start(slackfake.Options{BotToken: "xoxb-test", SigningSecret: secret, TeamID: "T1", Scopes: Scopes})
	if err != nil {
		f.Fatal(err)
	}
	fake.AddUser("U1", "ann")
	fake.AddChannel(slackfake.Channel{ID: "C1", Name: "general", Members: []string{"U1"}, Bot: true})
	client := &http.Client{Transport: &http.Transport{}, Timeout: 5 * time.Second}
	a := New(Options{Token: "xoxb-test", SigningSecret: secret, APIURL: fake.APIURL(), HTTP: client, Log: slog.New(slog.DiscardHandler)})
	handler := a.Handler(bot.HandlerFunc(func(_ context.Context, e bot.Event) (bot.Reply, error) {
		switch {
		case e.Command == bot.Home:
			return bot.Board{Cards: []bot.Card{oneButton}}, nil
		case e.Step == bot.Submit:
			return bot.Tell{Text: bot.Say("Thanks"), Actions: oneButton.Actions}, nil
		case e.Command == "approve":
			return bot.Tell{Text: bot.Say("No"), Actions: oneButton.Actions}, nil
		}
		form := richForm()
		form.Field("name").Leads = true
		form.Field("categories").Options = numbered(101)
		return bot.Ask{Form: form}, nil
	}))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		bodies = append(bodies, string(body))
		r.Body = io.NopCloser(bytes.NewReader(body))
		handler.ServeHTTP(w, r)
	}))
	fake.Connect(server.URL + EventsPath)
	err = fill(f.Context(), fake, a)
	server.Close()
	client.CloseIdleConnections()
	return bodies, errors.Join(err, fake.Close())
}

// seeds are what deliveries are there.
func seeds(f *testing.F) []string {
	f.Helper()
	bodies, err := deliveries(f)
	if err != nil {
		f.Log("fewer seeds: ", err)
	}
	return bodies
}

func TestSeedsAreAllThatPeopleDo(t *testing.T) {
	if bodies, err := deliveries(t); err != nil || len(bodies) < 8 {
		t.Errorf("%d, %v", len(bodies), err)
	}
}

// fill has ann do all that people do: type, fill in, search, send, look at her home, and press a button at each place.
func fill(ctx context.Context, fake *slackfake.Fake, a *Adapter) error {
	screen, err := fake.Type(ctx, "U1", "C1", "/create-community R&D <fans>")
	if err != nil {
		return err
	}
	if screen.Form == nil {
		return errors.New("no form came up")
	}
	if _, err := fake.Search(ctx, "U1", screen.Form.ID, "Categories", "a"); err != nil {
		return err
	}
	if screen, err = fake.Send(ctx, "U1", screen.Form.ID, map[string]string{"Name": "Cricket <!here>"}); err != nil {
		return err
	}
	if screen.Form == nil {
		return errors.New("no thanks came up")
	}
	if _, err = fake.Press(ctx, "U1", screen.Form.ID, "Approve"); err != nil {
		return err
	}
	home, err := fake.Home(ctx, "U1")
	if err == nil {
		err = fake.CloseForm(ctx, "U1", screen.Form.ID)
	}
	if err == nil {
		screen, err = fake.Press(ctx, "U1", home[0].ID, "Approve")
	}
	if err == nil && screen.Form != nil {
		err = fake.CloseForm(ctx, "U1", screen.Form.ID)
	}
	if err != nil {
		return err
	}
	card, err := a.Post(ctx, general, oneButton)
	if err == nil {
		_, err = fake.Press(ctx, "U1", card.Message, "Approve")
	}
	return err
}

// adapter returns an adapter to that Slack, on which no panic is taken for granted.
func (s *slackAway) adapter() *Adapter {
	return New(Options{
		Token: "xoxb-test", SigningSecret: secret, AppToken: appToken, APIURL: nowhere, HTTP: &http.Client{Transport: s},
		Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return noon }, Panicked: func() { s.t.Error("a panic was caught") },
	})
}

// formOf returns a body as a form.
func formOf(body string) url.Values {
	form, _ := url.ParseQuery(body) // of an event there is none
	return form
}
