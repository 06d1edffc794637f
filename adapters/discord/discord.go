// Package discord is Discord for the bot: it turns interactions into events, draws the replies, and posts and updates
// cards for jobs.
//
// It imports bot, bot/words, discordgo for the REST API and the shapes of messages, and gorilla/websocket.
package discord

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"sync"
	"time"

	"communitybot/bot"
)

const platform = "discord"

// Options configures an Adapter.
type Options struct {
	// Token is the bot's token, without "Bot " before it.
	Token string
	// ApplicationID is the ID of the application the bot belongs to.
	ApplicationID string
	// PublicKey is the application's key in hex, which interactions are signed with. Empty: none is accepted over HTTP,
	// and Run takes them from the gateway.
	PublicKey string
	// APIURL is the root of the REST API; empty: https://discord.com/api/v10.
	APIURL string
	// Guilds are the servers whose people may use the bot, by their IDs. Empty: those of every server it was invited to.
	Guilds []string
	// HTTP sends the REST calls; nil: a client that gives up after 10 seconds.
	HTTP *http.Client
	// Drafts keeps forms that are filled in over several steps. It may be nil where Handler is not used.
	Drafts bot.Drafts
	// Commands are those that are registered: a shortcut comes in by its own name, and Check looks whether all are there.
	Commands []bot.Command
	// Leases lets only one of several processes hold the gateway's connection; nil: this is the only one. Owner names this
	// process among them.
	Leases bot.Leases
	Owner  string
	// Panicked is called once for every panic that was recovered; nil: nobody is told but the log.
	Panicked func()
	// Log takes what the adapter itself meets; nil: slog.Default().
	Log *slog.Logger
	// Now is the clock; nil: time.Now.
	Now func() time.Time
}

// Adapter is one Discord application. It is safe for concurrent use.
type Adapter struct {
	application string
	key         ed25519.PublicKey
	publicKey   string
	guilds      []string
	rest        rest
	limits      limits
	admission   bot.Admission
	drafts      bot.Drafts
	known       []bot.Command
	older       lapsing         // Discord refused labels in a modal
	locks       [256]sync.Mutex // a draft's is that of its ID's hash: two menus set at once must both count
	roles       memory[map[string]string]
	people      memory[bot.User]
	passes      passes
	gate        gate
	pace        pace
	leases      bot.Leases
	asking      chan struct{} // holds one while the leases are asked something
	owner       string
	onPanic     func()
	log         *slog.Logger
	now         func() time.Time
}

var (
	_ bot.Platform  = (*Adapter)(nil)
	_ bot.Directory = (*Adapter)(nil)
)

// New returns an adapter. It fails on a public key that is not 64 hex digits or an API URL that is not one of http(s),
// and calls nobody.
func New(o Options) (*Adapter, error) {
	var key ed25519.PublicKey
	if o.PublicKey != "" {
		raw, err := hex.DecodeString(o.PublicKey)
		if err != nil || len(raw) != ed25519.PublicKeySize {
			return nil, errors.New("discord: the public key must be 64 hex digits, as the Developer Portal shows it")
		}
		key = raw
	}
	if o.APIURL == "" {
		o.APIURL = "https://discord.com/api/v10"
	}
	if !isWeb(o.APIURL) {
		return nil, fmt.Errorf("discord: the API URL %q must start with http:// or https://", o.APIURL)
	}
	rest, err := newREST(o)
	if err != nil {
		return nil, fmt.Errorf("discord: %w", err)
	}
	a := &Adapter{
		application: o.ApplicationID, key: key, publicKey: o.PublicKey, guilds: o.Guilds, rest: rest,
		drafts: o.Drafts, known: o.Commands, leases: o.Leases, owner: o.Owner, asking: make(chan struct{}, 1), onPanic: o.Panicked, pace: realPace, log: o.Log, now: o.Now,
	}
	if a.log == nil {
		a.log = slog.Default()
	}
	if a.now == nil {
		a.now = time.Now
	}
	a.admission = bot.Admission{Platform: platform, Log: a.log, Now: a.now}
	return a, nil
}

// panicked takes note of a recovered panic.
func (a *Adapter) panicked(ctx context.Context, what string, p any, about ...any) {
	a.log.ErrorContext(ctx, what, append(about, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))...)
	if a.onPanic != nil {
		a.onPanic()
	}
}

// guard, deferred in a goroutine, recovers a panic, takes note of it and calls then, unless that is nil.
func (a *Adapter) guard(ctx context.Context, what string, then func()) {
	if p := recover(); p != nil {
		a.panicked(ctx, what, p)
		if then != nil {
			then()
		}
	}
}

// Name returns "discord".
func (*Adapter) Name() string { return platform }

// isWeb reports whether s is a whole http or https URL.
func isWeb(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}
