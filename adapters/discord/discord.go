// Package discord is Discord for the bot: it turns interactions into events, draws the replies, and posts and updates
// cards for jobs.
//
// It imports bot and discordgo.
package discord

import (
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	"communitybot/bot"

	"github.com/bwmarrin/discordgo"
)

const platform = "discord"

// Options configures an Adapter.
type Options struct {
	// Token is the bot's token, without "Bot " before it.
	Token string
	// ApplicationID is the ID of the application the bot belongs to.
	ApplicationID string
	// PublicKey is the application's key in hex, which interactions are signed with. Empty: none is accepted over HTTP.
	PublicKey string
	// APIURL is the root of the REST API; empty: https://discord.com/api/v10.
	APIURL string
	// HTTP sends the REST calls; nil: a client that gives up after 10 seconds.
	HTTP *http.Client
	// Drafts keeps forms that are filled in over several steps. It may be nil where Handler is not used.
	Drafts bot.Drafts
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
	session     *discordgo.Session
	drafts      bot.Drafts
	locks       [64]sync.Mutex // a draft's is that of its ID's hash: two menus set at once must both count
	roles       memory[map[string]string]
	people      memory[bot.User]
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
	session, err := newSession(o)
	if err != nil {
		return nil, err
	}
	a := &Adapter{
		application: o.ApplicationID, key: key, publicKey: o.PublicKey, session: session,
		drafts: o.Drafts, log: o.Log, now: o.Now,
	}
	if a.log == nil {
		a.log = slog.Default()
	}
	if a.now == nil {
		a.now = time.Now
	}
	return a, nil
}

// Name returns "discord".
func (*Adapter) Name() string { return platform }

// isWeb reports whether s is a whole http or https URL.
func isWeb(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}
