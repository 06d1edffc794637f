// Package genuin makes communities with Genuin's Create Community API, and says of every call that failed whether the
// community may exist all the same.
//
// It imports bot and the standard library.
package genuin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"communitybot/bot"
)

const (
	authPath   = "api/thirdparty/auth"
	createPath = "api/thirdparty/community/create"

	defaultTimeout = 15 * time.Second
)

// Options is what a Client needs to know. AccessToken, or APIKey with APISecret, are Genuin's; a token goes before them.
type Options struct {
	BaseURL     string            // e.g. "https://api.example.com"; a path in it stays in front
	AccessToken string            // a ready token: never renewed
	APIKey      string            // with APISecret: a token is fetched when it is first needed
	APISecret   string            //
	Timeout     time.Duration     // for one HTTP call; 0: 15 seconds. Create makes four at most
	Actions     json.RawMessage   // sent as `actions`, as it is; empty: []
	Transport   http.RoundTripper // nil: one that opens a connection for each call, see transport
}

// Client is a bot.Genuin over HTTP. It is safe for concurrent use, and its calls share one token.
type Client struct {
	base    *url.URL
	baseErr error // why base can't be used
	key     string
	secret  string
	fixed   string // the ready token, or ""
	timeout time.Duration
	actions json.RawMessage
	wire    http.RoundTripper

	mu      sync.Mutex
	current string  // the token that was fetched last
	flight  *flight // the fetch under way, or nil
}

var _ bot.Genuin = (*Client)(nil)

// New returns a client. It calls nobody: what is wrong with the options shows in the first Create or Check.
func New(o Options) *Client {
	c := &Client{
		key:     o.APIKey,
		secret:  o.APISecret,
		fixed:   strings.TrimSpace(o.AccessToken),
		timeout: o.Timeout,
		actions: json.RawMessage("[]"),
		wire:    o.Transport,
	}
	c.base, c.baseErr = parseBase(o.BaseURL)
	if c.timeout <= 0 {
		c.timeout = defaultTimeout
	}
	if len(o.Actions) > 0 {
		c.actions = append(json.RawMessage(nil), o.Actions...)
	}
	if c.wire == nil {
		c.wire = transport()
	}
	return c
}

// Create asks Genuin once to make the community; when the token is refused, once more with a new one. The error is
// always a *bot.Refusal, and holds no secret.
func (c *Client) Create(ctx context.Context, community bot.Community) (bot.Made, error) {
	made, refusal := c.create(ctx, community)
	if refusal != nil {
		return bot.Made{}, refusal
	}
	return made, nil
}

func (c *Client) create(ctx context.Context, community bot.Community) (bot.Made, *bot.Refusal) {
	body, err := encode(community, c.actions)
	if err != nil { // nothing but Actions can fail, and the operator wrote them
		return bot.Made{}, &bot.Refusal{Reason: bot.Misuse, Err: fmt.Errorf("GENUIN_COMMUNITY_ACTIONS: %w", err)}
	}
	token, refusal := c.token(ctx, "")
	if refusal != nil {
		return bot.Made{}, refusal
	}
	made, refusal := c.attempt(ctx, token, body)
	if refusal == nil || refusal.Reason != bot.Unauthorized || c.fixed != "" {
		return made, refusal
	}
	// Refused is not made, so asking again is safe.
	if token, refusal = c.token(ctx, token); refusal != nil {
		return bot.Made{}, refusal
	}
	return c.attempt(ctx, token, body)
}

func (c *Client) attempt(ctx context.Context, token string, body []byte) (bot.Made, *bot.Refusal) {
	made, refusal := c.post(ctx, createPath, token, body).community()
	return made, c.presentable(refusal, token)
}

// parseBase reads the base URL. A user name in it would have to go where the token goes, so there can't be one.
func parseBase(s string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil || !isWeb(u) || u.User != nil {
		return nil, errors.New("GENUIN_BASE_URL is not a URL like https://api.example.com") // err would quote it
	}
	u.RawQuery, u.Fragment = "", ""
	return u, nil
}

func isWeb(u *url.URL) bool { return u.Host != "" && (u.Scheme == "http" || u.Scheme == "https") }
