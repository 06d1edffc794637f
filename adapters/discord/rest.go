package discord

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"

	"communitybot/bot"
)

// maxAnswer bounds what is read of an answer.
const maxAnswer = 1 << 20

// rest is Discord's REST API. It tries nothing twice and waits for nothing: a job that failed is tried again by its
// queue, which knows the whole delay and survives a restart.
type rest struct {
	session *discordgo.Session
	token   string
}

func newREST(o Options) (rest, error) {
	s, err := discordgo.New("Bot " + o.Token)
	if err != nil {
		return rest{}, err
	}
	s.LogLevel = discordgo.LogError - 1 // what goes wrong is in the errors
	s.MaxRestRetries = 0
	s.ShouldRetryOnRateLimit = false
	client := http.Client{Timeout: 10 * time.Second}
	if o.HTTP != nil {
		client = *o.HTTP
	}
	client.Transport = redirect{strings.TrimSuffix(o.APIURL, "/"), bot.Traced(cmp.Or(client.Transport, http.DefaultTransport))}
	s.Client = &client
	return rest{s, o.Token}, nil
}

// answered is what a call was answered with; all zero without an answer.
type answered struct {
	status int
	header http.Header
	body   []byte
}

type answeredKey struct{}

// redirect sends what discordgo addresses to Discord's API to another root, and notes the answer whole: discordgo drops what
// it says about waiting.
type redirect struct {
	base string
	next http.RoundTripper
}

// RoundTrip sends one request.
func (w redirect) RoundTrip(req *http.Request) (*http.Response, error) {
	to := req.Clone(req.Context())
	u, err := url.Parse(w.base + strings.TrimPrefix(req.URL.RequestURI(), "/api/v"+discordgo.APIVersion))
	if err != nil {
		return nil, errors.New("not a request")
	}
	to.URL, to.Host = u, ""
	res, err := w.next.RoundTrip(to)
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		return nil, err
	}
	if seen, ok := req.Context().Value(answeredKey{}).(*answered); ok {
		*seen = answered{res.StatusCode, res.Header, body}
	}
	res.Body = io.NopCloser(bytes.NewReader(body))
	return res, nil
}

// send makes one request. The error holds neither the URL, which may hold an interaction's token, nor what was sent.
func (r rest) send(ctx context.Context, method, path string, body []byte) (answered, error) {
	var seen answered
	// discordgo's buckets sleep whatever the context says, and live as long as the process, one for each message that
	// got a thread and each interaction's token. A bucket for this call alone does neither.
	bucket := discordgo.NewRatelimiter().LockBucket(path)
	_, err := r.session.RequestWithLockedBucket(method, discordgo.EndpointAPI+strings.TrimPrefix(path, "/"), "application/json", body, bucket, 0,
		discordgo.WithContext(context.WithValue(ctx, answeredKey{}, &seen)))
	var at *url.Error
	switch {
	case seen.status != 0: // what it says is read from the answer itself
		return seen, nil
	case errors.As(err, &at):
		return seen, at.Err
	}
	return seen, err
}

// call calls the REST API. in is sent as JSON unless nil; out takes the answer unless nil. The error is a *bot.Error.
func (a *Adapter) call(ctx context.Context, method, path string, in, out any) (http.Header, error) {
	var body []byte
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return nil, &bot.Error{Code: bot.Internal, Err: fmt.Errorf("discord: %s %s: %w", method, public(path), err)}
		}
	}
	if wait := a.limits.wait(method, path, a.now()); wait > 0 {
		return nil, &bot.Error{Code: bot.Busy, RetryAfter: wait, Err: fmt.Errorf("discord: %s %s: Discord asked to wait", method, public(path))}
	}
	got, err := a.rest.send(ctx, method, path, body)
	if err == nil && got.status/100 == 2 && out != nil {
		err = json.Unmarshal(got.body, out)
	}
	if err != nil || got.status/100 != 2 {
		e, all := refusal(method+" "+public(path), got, err)
		if e.RetryAfter > 0 {
			now := a.now()
			a.limits.keep(method, path, all, now.Add(e.RetryAfter), now)
		}
		a.hear(method, path, got.status, e)
		return got.header, e
	}
	a.hear(method, path, got.status, nil)
	return got.header, nil
}

// public returns a path without the token of an interaction.
// https://discord.com/developers/docs/interactions/receiving-and-responding#endpoints
func public(path string) string {
	parts := strings.SplitN(path, "/", 5) // "", "webhooks", application, token, …
	if len(parts) > 3 && (parts[1] == "webhooks" || parts[1] == "interactions") {
		parts[3] = "***"
	}
	return strings.Join(parts, "/")
}
