package genuin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"communitybot/bot"
)

// tokenName is how Genuin calls the token, in headers and in JSON.
const tokenName = "gn-access-token"

// flight is one fetch of a token, for all who wait for it.
type flight struct {
	done    chan struct{} // closed when token and refusal are set
	token   string
	refusal *bot.Refusal
}

// token returns a token other than the refused one. Those who need one at the same time share a fetch; each stops
// waiting with its own ctx, and the fetch goes on for the others.
func (c *Client) token(ctx context.Context, refused string) (string, *bot.Refusal) {
	if err := ctx.Err(); err != nil {
		return "", &bot.Refusal{Reason: bot.Unreachable, Err: err}
	}
	if c.fixed != "" {
		if !sendable(c.fixed) {
			return "", &bot.Refusal{Reason: bot.Unauthorized, Err: errors.New("GENUIN_ACCESS_TOKEN holds characters that no token has")}
		}
		return c.fixed, nil
	}
	c.mu.Lock()
	if c.current != "" && c.current != refused {
		defer c.mu.Unlock()
		return c.current, nil
	}
	f := c.flight
	if f == nil {
		f = &flight{done: make(chan struct{})}
		c.flight = f
		go c.fly(context.WithoutCancel(ctx), f)
	}
	c.mu.Unlock()
	select {
	case <-f.done:
		if f.refusal != nil {
			own := *f.refusal // each caller's refusal is its own
			return "", &own
		}
		return f.token, nil
	case <-ctx.Done():
		return "", &bot.Refusal{Reason: bot.Unreachable, Err: fmt.Errorf("waiting for a token: %w", ctx.Err())}
	}
}

func (c *Client) fly(ctx context.Context, f *flight) {
	f.token, f.refusal = c.fetch(ctx)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.flight = nil
	if f.refusal == nil {
		c.current = f.token
	}
	close(f.done)
}

// fetch asks Genuin for a token. Whatever goes wrong here, no community was asked for.
func (c *Client) fetch(ctx context.Context) (string, *bot.Refusal) {
	if c.key == "" || c.secret == "" {
		return "", &bot.Refusal{Reason: bot.Unauthorized, Err: errNoCredentials}
	}
	body, err := json.Marshal(map[string]string{"api_key": c.key, "api_secret": c.secret})
	if err != nil {
		return "", &bot.Refusal{Reason: bot.Unauthorized, Err: err}
	}
	token, refusal := c.post(ctx, authPath, "", body).token()
	if refusal != nil && refusal.Err != nil {
		refusal.Err = fmt.Errorf("authentication: %w", refusal.Err)
	}
	return token, c.presentable(refusal, "")
}

var errNoCredentials = errors.New("set GENUIN_ACCESS_TOKEN, or GENUIN_API_KEY and GENUIN_API_SECRET")

// token reads the answer of an authentication call.
func (a answer) token() (string, *bot.Refusal) {
	if a.status == 0 {
		return "", &bot.Refusal{Reason: bot.Unreachable, Err: a.err}
	}
	e, isJSON := a.envelope()
	status, refusal := a.status, a.refusal(e)
	if success(status) {
		failed, ok := failure(refusal.Code)
		if !ok {
			token := e.token(a.header)
			switch {
			case sendable(token):
				return token, nil
			case !isJSON: // a page of something in between: it passes
				refusal.Reason = bot.Unreachable
			default:
				refusal.Reason = bot.Unauthorized
			}
			refusal.Err = fmt.Errorf("%w: the answer holds no %s", refusal.Err, tokenName)
			return "", refusal
		}
		status = failed
	}
	refusal.Reason = authReason(status, refusal.Code)
	return "", refusal
}

// authReason says what a refused authentication means: somebody must change the key, or it passes.
func authReason(status int, code string) bot.Reason {
	switch {
	case status == http.StatusTooManyRequests:
		return bot.RateLimited
	case code == codeNoBrand, code == codeMisuse:
		return bot.Unauthorized
	case status >= http.StatusInternalServerError, status == http.StatusRequestTimeout:
		return bot.Unreachable
	default:
		return bot.Unauthorized
	}
}

// token returns the token from the first of the places where Genuin may put it.
func (e envelope) token(h http.Header) string {
	if s := h.Get(tokenName); s != "" {
		return s
	}
	if s := text(e.Token); s != "" {
		return s
	}
	var data envelope
	if json.Unmarshal(e.Data, &data) != nil {
		return ""
	}
	return text(data.Token)
}

// sendable reports whether a header can carry the token. The transport would refuse any other, call after call, and
// that would look like a network that is down.
func sendable(token string) bool {
	return token != "" && !strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' })
}
