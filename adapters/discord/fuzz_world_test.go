package discord

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"communitybot/adapters/discord/discordfake"
	"communitybot/bot"
	"communitybot/bot/bottest"
)

// parrot is a command that puts what it was told into whatever kind of answer a test wants.
type parrot struct {
	kind   uint8
	mu     sync.Mutex
	events []bot.Event
}

func (p *parrot) Handle(ctx context.Context, e bot.Event) (bot.Reply, error) {
	p.mu.Lock()
	p.events = append(p.events, e)
	p.mu.Unlock()
	said := bot.Say("You said ")
	problems := map[string]string{}
	offer := bot.Offer{}
	for _, name := range slices.Sorted(maps.Keys(e.Values)) { // one input, one answer
		value := e.Values[name]
		said = append(said, bot.Plain(name+" "), bot.Bold(value), bot.Plain(" "), bot.Literal(value), bot.Plain(" "), bot.Link{URL: value, Label: name}, bot.Name{Name: value})
		problems[name] = "Not " + value
		offer.Options = append(offer.Options, bot.Option{Value: value, Label: name})
	}
	switch p.kind % 6 {
	case 0:
		return bot.Tell{Text: said, Actions: []bot.Action{{Call: bot.Call{Command: "approve", Values: e.Values}, Label: e.By.Name}}}, nil
	case 1:
		return offer, nil
	case 2:
		if e.Step != bot.Open {
			return nil, &bot.Error{Code: bot.Invalid, Fields: problems}
		}
		return p.form(ctx, e)
	case 3:
		return nil, &bot.Error{Code: bot.Forbidden, Message: "No: " + said.String()}
	case 4:
		return bot.Done{Text: said}, nil
	default:
		return p.form(ctx, e)
	}
}

// form is a long form that is called what its first field holds.
func (p *parrot) form(ctx context.Context, e bot.Event) (bot.Reply, error) {
	reply, err := community(ctx, e)
	ask, isForm := reply.(bot.Ask)
	if isForm && e.Values["name"] != "" {
		ask.Form.Title, ask.Form.Submit = e.Values["name"], e.Values["name"]
		return ask, nil
	}
	return reply, err
}

// openDrafts has a draft of ada's under every ID, other than that of the interaction that is answered.
type openDrafts struct {
	bottest.Drafts
	now string
}

func (d *openDrafts) Draft(ctx context.Context, id string) (bot.Draft, error) {
	x, err := d.Drafts.Draft(ctx, id)
	if err == nil || !isID(id) || id == d.now {
		return x, err
	}
	return bot.Draft{ID: id, Owner: bot.User{Platform: platform, ID: ada}, Call: bot.Call{Command: "create-community"}, Values: bot.Values{"tags": "#", "name": "*"}}, nil
}

var keys = sync.OnceValues(func() (public ed25519.PublicKey, secret ed25519.PrivateKey) {
	public, secret, err := ed25519.GenerateKey(nil)
	if err != nil {
		panic(err)
	}
	return public, secret
})

// away returns an adapter that calls do for every call to Discord, and takes no panic for granted.
func away(t *testing.T, body []byte, older bool, do func(*http.Request) *http.Response) *Adapter {
	t.Helper()
	var in struct{ ID string }
	_ = json.Unmarshal(body, &in)
	public, _ := keys()
	a, err := New(Options{
		PublicKey: hex.EncodeToString(public), APIURL: "http://discord.invalid", HTTP: &http.Client{Transport: transport(do)}, Drafts: &openDrafts{now: in.ID},
		Commands: both, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return start }, Panicked: func() { t.Error("a panic was caught") },
	})
	if err != nil {
		t.Fatal(err)
	}
	a.older.Store(older)
	return a
}

type transport func(*http.Request) *http.Response

func (do transport) RoundTrip(r *http.Request) (*http.Response, error) { return do(r), nil }

// deliveries are interactions as Discord sends them, while somebody uses the bot. The error says what they could not do;
// on a machine that is slower than Discord is patient there are fewer.
func deliveries(f testing.TB) (bodies []string, err error) {
	f.Helper()
	fake, err := discordfake.Start(discordfake.Options{AnyCommand: true})
	if err != nil {
		f.Fatal(err)
	}
	fake.AddUser(ada, "Ada Lovelace", admins)
	fake.AddChannel(general, "general")
	client := &http.Client{Transport: &http.Transport{}, Timeout: 10 * time.Second}
	a, err := New(Options{
		Token: fake.Options().BotToken, ApplicationID: fake.Options().ApplicationID, PublicKey: fake.PublicKey(), APIURL: fake.APIURL(),
		HTTP: client, Drafts: &bottest.Drafts{}, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		f.Fatal(err)
	}
	server := httptest.NewServer(a.Handler(bot.HandlerFunc(community)))
	fake.Connect(server.URL + "/discord/interactions")
	err = fill(f.Context(), fake, a)
	for _, x := range fake.Requests() {
		if x.Delivery {
			bodies = append(bodies, string(x.Body))
		}
	}
	server.Close()
	fake.Close()
	client.CloseIdleConnections()
	return bodies, err
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
	if bodies, err := deliveries(t); err != nil || len(bodies) < 6 {
		t.Errorf("%d, %v", len(bodies), err)
	}
}

// fill has ada do all that people do: type, fill in a form, its next page, send it, and press a card's button.
func fill(ctx context.Context, fake *discordfake.Fake, a *Adapter) error {
	screen, err := fake.Type(ctx, ada, general, "/create-community name:R&D <fans>")
	send := func(values map[string]string) {
		switch {
		case err == nil && screen.Form == nil:
			err = errors.New("no form came up")
		case err == nil:
			screen, err = fake.Send(ctx, ada, screen.Form.ID, values)
		}
	}
	press := func(label string) {
		switch {
		case err == nil && len(screen.Private) == 0:
			err = errors.New("no message came up")
		case err == nil:
			screen, err = fake.Press(ctx, ada, screen.Private[0].ID, label)
		}
	}
	send(map[string]string{"Name": "Cricket @here", "Handle": "a b"})
	press("Try again")
	send(map[string]string{"Handle": "ab"})
	press("Create")
	if err != nil {
		return err
	}
	card, err := a.Post(ctx, here, bot.Card{Title: "Acme", Actions: []bot.Action{{Call: bot.Call{Command: "deny", Values: bot.Values{"id": "42"}}, Label: "Deny…"}}})
	if err == nil {
		_, err = fake.Press(ctx, ada, card.Message, "Deny…")
	}
	return err
}

// drainBody reads a request's body.
func drainBody(t *testing.T, r *http.Request) []byte {
	t.Helper()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Error(err)
	}
	return body
}
