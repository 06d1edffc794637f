// Package slack is the Slack adapter: it turns slash commands, sent forms and pressed buttons into bot.Event, draws what
// the bot answers, posts cards for jobs, and knows people and user groups.
//
// It imports bot, bot/words, slack-go and the WebSocket library that slack-go is made with.
package slack

import (
	"cmp"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/slack-go/slack"

	"communitybot/bot"
)

// platform names Slack in events and places.
const platform = "slack"

// How long things may take. Slack waits three seconds for an answer, and a trigger opens a form for as long.
// https://docs.slack.dev/interactivity/handling-user-interaction#acknowledgment_response
const (
	answerWithin = 2800 * time.Millisecond // since the request came in
	callWithin   = 2500 * time.Millisecond // one call to Slack while a person waits
	jobWithin    = 10 * time.Second        // one call to Slack while nobody waits
)

// Options are what New needs. Token and SigningSecret are those of one workspace's app.
type Options struct {
	Token         string
	SigningSecret string           // of requests over HTTP
	AppToken      string           // set: Socket Mode, by Run, instead of HTTP
	APIURL        string           // empty: Slack's own
	HTTP          *http.Client     // nil: one that gives up after ten seconds
	Log           *slog.Logger     // nil: slog.Default()
	Now           func() time.Time // nil: time.Now
	Panicked      func()           // called for every panic that was caught; nil: nothing
}

// Adapter is one Slack workspace. It is safe for concurrent use.
type Adapter struct {
	api       *slack.Client
	http      *http.Client
	secret    []byte
	log       *slog.Logger
	now       func() time.Time
	caught    func()            // a panic
	members   *memory[[]string] // of user groups
	groups    *memory[bot.User] // the groups' names
	people    *memory[account]  // names, languages and organisations
	openings  *openings
	limits    limits
	admission bot.Admission
	forms     *recent[*deed]     // that were opened, by trigger
	told      *recent[struct{}]  // triggers that were answered beside
	refills   *recent[*refilled] // of open forms, by view
	homes     homes
	chores    chores

	bySocket bool // Slack's requests come by Socket Mode
	link     link
	unread   atomic.Int64  // envelopes that could not be understood
	silence  time.Duration // after which a connection is dead
	farewell time.Duration // for what is being answered when Run ends
	pause    func(ctx context.Context, d time.Duration)
}

var (
	_ bot.Platform  = (*Adapter)(nil)
	_ bot.Directory = (*Adapter)(nil)
)

// New returns an adapter. It calls nothing yet.
func New(o Options) *Adapter {
	client := *cmp.Or(o.HTTP, &http.Client{Timeout: jobWithin})
	url := strings.TrimSuffix(cmp.Or(o.APIURL, slack.APIURL), "/") + "/"
	a := &Adapter{}
	client.Transport = listening{bot.Traced(cmp.Or(client.Transport, http.DefaultTransport)), url, &a.admission}
	*a = Adapter{
		api:      slack.New(o.Token, slack.OptionAPIURL(url), slack.OptionHTTPClient(&client), slack.OptionAppLevelToken(o.AppToken)),
		http:     &client,
		secret:   []byte(o.SigningSecret),
		log:      cmp.Or(o.Log, slog.Default()),
		now:      o.Now,
		caught:   o.Panicked,
		bySocket: o.AppToken != "",
		link:     link{problem: errNotYet},
		silence:  silence,
		farewell: farewell,
		pause:    pause,
	}
	if a.now == nil {
		a.now = time.Now
	}
	if a.caught == nil {
		a.caught = func() {}
	}
	a.admission = bot.Admission{Platform: platform, Log: a.log, Now: a.now}
	a.members = newMemory[[]string](membersLast, 0, a.now, a.panicked)
	a.groups = newMemory[bot.User](groupsLast, 0, a.now, a.panicked)
	a.people = newMemory[account](peopleLast, unknownLast, a.now, a.panicked)
	a.openings = newOpenings(a.now)
	a.forms = newRecent[*deed](a.now)
	a.told = newRecent[struct{}](a.now)
	a.refills = newRecent[*refilled](a.now)
	return a
}

// Name returns "slack", as events and places name this platform.
func (a *Adapter) Name() string { return platform }

// encode returns v as JSON. What this package draws is always encodable; if it ever is not, that is logged and the
// answer is empty, which Slack takes as "received".
func (a *Adapter) encode(ctx context.Context, v any) []byte {
	body, err := json.Marshal(v)
	if err != nil {
		a.log.ErrorContext(ctx, "slack: answer not encodable", "error", err)
		return nil
	}
	return body
}
