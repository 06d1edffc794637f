// Package discordfake is a Discord that behaves: a real HTTP server with the REST API that a bot uses, interactions that
// come signed to the bot's endpoint or, where it has none, over the gateway, Discord's limits and errors, and people at the
// keyboard, with what their client is sent (person.Window).
//
// It imports the standard library, gorilla/websocket and adapters/person.
package discordfake

import (
	"cmp"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"communitybot/adapters/person"
)

// Options says how a Fake is set up. The zero value is ready to use.
type Options struct {
	Listen        string           // address to listen on; default 127.0.0.1:0
	Now           func() time.Time // the clock of IDs, timestamps and token expiry; default time.Now
	Heartbeat     time.Duration    // how often a bot on the gateway is to send one; default 41.25 s
	Patience      time.Duration    // how long the first answer to an interaction may take; default Discord's 3 s
	BotToken      string           // what the bot sends as "Authorization: Bot …"
	ApplicationID string           // a snowflake, also the ID of the bot's user
	GuildID       string           // a snowflake, the one server that there is
	AnyCommand    bool             // people can type commands that were never registered
}

const (
	botName   = "communitybot"
	guildName = "Fake Server"
)

// Fake is a running Discord with one server, one application and its bot. It implements person.Window.
type Fake struct {
	options Options
	key     ed25519.PrivateKey
	server  *http.Server
	address string
	client  *http.Client
	closed  chan struct{}
	running sync.WaitGroup // the listener and every handler

	mu           sync.Mutex // guards everything below
	endpoint     string
	lastID       int64
	bot          *user
	users        map[string]*user
	roles        []*role // the one that all have comes first
	channels     map[string]*channel
	messages     map[string]*message
	nonces       map[string]*message
	commands     []*command
	interactions map[string]*interaction // by token
	forms        map[string]*openForm
	looksAt      map[string]*openForm // by owner
	failures     []*failure
	problems     []string
	log          []*entry      // by beginning
	ended        int           // entries of it
	changed      chan struct{} // closed at the next change, and nil then; nil: nobody waits for one
	last         *delivery
	gateway      gateway

	refusesLabels bool
}

var _ person.Window = (*Fake)(nil)

// Start starts a fake. An error says that it can't listen, or that an ID among the options is not a snowflake.
func Start(o Options) (*Fake, error) {
	o.Listen = cmp.Or(o.Listen, "127.0.0.1:0")
	o.Patience = cmp.Or(o.Patience, 3*time.Second)
	o.Heartbeat = cmp.Or(o.Heartbeat, 41250*time.Millisecond)
	o.BotToken = cmp.Or(o.BotToken, "discordfake.bot.token")
	o.ApplicationID = cmp.Or(o.ApplicationID, "1100000000000000001")
	o.GuildID = cmp.Or(o.GuildID, "1100000000000000002")
	if o.Now == nil {
		o.Now = time.Now
	}
	if !isSnowflake(o.ApplicationID) || !isSnowflake(o.GuildID) {
		return nil, errors.New("discordfake: ApplicationID and GuildID must be snowflakes")
	}
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		return nil, fmt.Errorf("discordfake: %w", err)
	}
	l, err := net.Listen("tcp", o.Listen)
	if err != nil {
		return nil, fmt.Errorf("discordfake: %w", err)
	}
	f := &Fake{
		options: o, key: key, address: l.Addr().String(), closed: make(chan struct{}),
		client: &http.Client{
			Transport:     &http.Transport{},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		bot:          &user{ID: o.ApplicationID, Username: botName, Discriminator: "0", GlobalName: botName, Bot: true},
		users:        make(map[string]*user),
		channels:     make(map[string]*channel),
		messages:     make(map[string]*message),
		nonces:       make(map[string]*message),
		interactions: make(map[string]*interaction),
		forms:        make(map[string]*openForm),
		looksAt:      make(map[string]*openForm),
		gateway: gateway{
			changed: make(chan struct{}), limit: sessionLimit{Total: sessionsDay, Remaining: sessionsDay, Concurrency: 1},
		},
	}
	f.users[f.bot.ID] = f.bot
	f.putRole(o.GuildID, "@everyone")
	f.server = &http.Server{Handler: f.handler(), ReadHeaderTimeout: 10 * time.Second}
	f.running.Go(func() { _ = f.server.Serve(l) })
	return f, nil
}

// Close stops the fake, lets go of held requests and waits until nothing of it runs any more.
func (f *Fake) Close() {
	f.mu.Lock()
	if !f.isClosed() {
		close(f.closed)
	}
	f.mu.Unlock()
	_ = f.server.Close()
	f.running.Wait()
	f.client.CloseIdleConnections()
}

func (f *Fake) isClosed() bool {
	select {
	case <-f.closed:
		return true
	default:
		return false
	}
}

// begin counts a handler in, unless the fake is closed. The lock keeps the count from growing while Close waits.
func (f *Fake) begin() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.isClosed() {
		return false
	}
	f.running.Add(1)
	return true
}

// Options returns the options in force, defaults filled in.
func (f *Fake) Options() Options { return f.options }

// PublicKey returns the key that interactions are signed with, in hex: DISCORD_PUBLIC_KEY.
func (f *Fake) PublicKey() string {
	return hex.EncodeToString(f.key.Public().(ed25519.PublicKey))
}

// APIURL returns the base of the REST API: DISCORD_API_URL.
func (f *Fake) APIURL() string { return "http://" + f.address + "/api/v10" }

// Connect sets the URL that interactions are delivered to.
func (f *Fake) Connect(interactionsURL string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.endpoint = interactionsURL
}

// RefuseLabels has this Discord take no modals but the older kind, rows of text inputs: whatever else is in one is an
// Invalid Form Body (50035).
func (f *Fake) RefuseLabels() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.refusesLabels = true
}

// Problems returns what was wrong with the answers to interactions so far, oldest first, each as Discord's error JSON.
func (f *Fake) Problems() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.problems)
}

// Ping does what Discord does when an interactions endpoint is set: a well signed PING must be answered with a PONG, and
// a badly signed one with 401. The error is what Discord says, with the reason.
//
// https://docs.discord.com/developers/interactions/overview#preparing-for-interactions
func (f *Fake) Ping(ctx context.Context) error {
	const refused = "interactions_endpoint_url: The specified interactions endpoint url could not be verified"
	f.mu.Lock()
	body := marshal(f.envelope(&interaction{id: f.nextID(), token: newToken("ping"), kind: kindPing}))
	f.mu.Unlock()
	good := f.sign(body)
	res, err := f.send(ctx, good)
	if err != nil {
		return fmt.Errorf("%s: %w", refused, err)
	}
	if answer, apiErr := readAnswer(res); apiErr != nil || answer == nil || answer.Type != callbackPong {
		return fmt.Errorf("%s: a signed PING was answered with %s, not with a PONG", refused, res.Status)
	}
	bad := good
	bad.signature = hex.EncodeToString(make([]byte, ed25519.SignatureSize))
	res, err = f.send(ctx, bad)
	if err != nil {
		return fmt.Errorf("%s: %w", refused, err)
	}
	if res.StatusCode != http.StatusUnauthorized {
		return fmt.Errorf("%s: a PING with a wrong signature was answered with %s, not with 401", refused, res.Status)
	}
	return nil
}
