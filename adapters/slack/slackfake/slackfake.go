// Package slackfake is a Slack that behaves: a real HTTP server with channels, messages, threads, views and people, which
// keeps the platform's limits, answers violations with the platform's own errors, and delivers signed requests to a bot.
//
// It imports the standard library, gorilla/websocket and adapters/person.
package slackfake

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"communitybot/adapters/person"
)

// The bot that lives in this Slack.
const (
	botUser = "UBOT"
	botName = "communitybot"
	botID   = "BBOT"
	appID   = "ACOMMUNITYBOT"
	domain  = "fake"
)

// defaultScopes is what the bot's manifest asks for, so that a bot meets here what it will meet where it is installed.
const defaultScopes = "commands,chat:write,chat:write.public,channels:join,im:write," +
	"channels:history,groups:history,im:history,usergroups:read,users:read"

// Options says what kind of Slack to start. The zero value is one on a free loopback port.
type Options struct {
	Listen        string           // address; "127.0.0.1:0" when empty
	Now           func() time.Time // time.Now when nil; triggers, response URLs, signatures and timestamps go by it
	BotToken      string           // what the Web API accepts
	SigningSecret string           // signs deliveries
	TeamID        string
	Organisation  string        // of Enterprise Grid, that the workspace is part of; empty: none
	Scopes        []string      // what the token may do; what the manifest asks for when nil
	RateLimit     bool          // refuse more than one message a second in a channel
	Patience      time.Duration // how long a delivery may take; Slack's 3 s when 0
}

// Fake is a running Slack. Its Options tell how it was started, defaults filled in. Its methods may be called from several
// goroutines.
type Fake struct {
	Options
	server   *http.Server
	listener net.Listener
	client   *http.Client
	served   chan struct{}
	closing  sync.Once
	closed   chan struct{}
	sockets  sockets

	mu        sync.Mutex
	events    string // where requests of people go
	last      *delivery
	log       []*logged
	failures  map[string][]Failure // by method, one for each call
	always    map[string]Failure   // by method, when there is none for the call
	users     map[string]string    // ID -> name
	profiles  map[string]profile
	groups    map[string]group
	channels  map[string]*channel
	triggers  map[string]*trigger
	responses map[string]*responseURL
	stacks    map[string][]*view // open modals of a user, the visible one last
	homes     map[string]*view
	manifest  *manifest     // nil until one is installed
	micros    int64         // of the latest timestamp given out
	seq       int           // counts what people can see change
	changes   chan struct{} // closed at the next; nil while nobody waits
}

var _ person.Window = (*Fake)(nil)

// Start starts a Slack. It errs when the address can't be listened on.
func Start(o Options) (*Fake, error) {
	o.Listen = cmp.Or(o.Listen, "127.0.0.1:0")
	o.BotToken = cmp.Or(o.BotToken, "xoxb-fake-bot-token")
	o.SigningSecret = cmp.Or(o.SigningSecret, "fake-signing-secret")
	o.TeamID = cmp.Or(o.TeamID, "T0FAKE")
	o.Patience = cmp.Or(o.Patience, 3*time.Second)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Scopes == nil {
		o.Scopes = strings.Split(defaultScopes, ",")
	}
	listener, err := net.Listen("tcp", o.Listen)
	if err != nil {
		return nil, err
	}
	f := &Fake{
		Options:  o,
		listener: listener,
		served:   make(chan struct{}),
		closed:   make(chan struct{}),
		client: &http.Client{
			Transport:     &http.Transport{},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		failures:  map[string][]Failure{},
		always:    map[string]Failure{},
		users:     map[string]string{botUser: botName},
		profiles:  map[string]profile{},
		groups:    map[string]group{},
		channels:  map[string]*channel{},
		triggers:  map[string]*trigger{},
		responses: map[string]*responseURL{},
		stacks:    map[string][]*view{},
		homes:     map[string]*view{},
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", f.serveAPI)
	mux.HandleFunc("POST /hooks/{kind}/{team}/{id}", f.serveResponse)
	mux.HandleFunc("GET "+linkPath, f.serveLink)
	f.server = &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		defer close(f.served)
		_ = f.server.Serve(listener) // ends with ErrServerClosed, by Close
	}()
	return f, nil
}

// URL returns where this Slack listens, without a slash at the end.
func (f *Fake) URL() string { return "http://" + f.listener.Addr().String() }

// APIURL returns the Web API's address, for SLACK_API_URL.
func (f *Fake) APIURL() string { return f.URL() + "/api/" }

// Connect names the bot's Request URL: where commands, clicks and forms of people are delivered.
func (f *Fake) Connect(eventsURL string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.events = eventsURL
}

// Close stops the server, lets go of held requests and drops connections that are still busy after a second.
func (f *Fake) Close() error {
	f.closing.Do(func() { close(f.closed) })
	f.closeSockets()
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	err := f.server.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		err = f.server.Close()
	}
	<-f.served
	f.client.CloseIdleConnections()
	return err
}

// Channel is a channel as it is set up.
type Channel struct {
	ID, Name string
	Members  []string // user IDs
	Bot      bool     // the bot is a member
	Private  bool
	Archived bool
	ReadOnly bool // to the bot: it can still edit what it posted
	Flat     bool // it has no threads
}

// AddChannel adds a channel. Adding an ID again changes the channel and keeps its messages.
func (f *Fake) AddChannel(c Channel) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tick()
	c.Members = slices.Clone(c.Members)
	if old := f.channels[c.ID]; old != nil {
		old.Channel = c
		return
	}
	f.channels[c.ID] = &channel{Channel: c}
}

// newID returns an ID that no earlier run of the fake gave out, because bots keep IDs to recognise redeliveries.
func newID(prefix string) string { return prefix + rand.Text()[:12] }
