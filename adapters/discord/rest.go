package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"communitybot/bot"
)

const (
	// maxAnswer bounds what is read of an answer.
	maxAnswer = 1 << 20
	// userAgent is of the form that Discord asks for: https://discord.com/developers/docs/reference#user-agent
	userAgent = "DiscordBot (https://begenuin.com, 1)"
)

// rest is Discord's REST API. It tries nothing twice and waits for nothing: a job that failed is tried again by its
// queue, which knows the whole delay and survives a restart. discordgo's own client sleeps whatever the context says,
// and keeps a bucket for every interaction's token for as long as the process lives.
type rest struct {
	base   string
	token  string
	client *http.Client
}

func newREST(o Options) rest {
	r := rest{base: strings.TrimSuffix(o.APIURL, "/"), token: o.Token, client: o.HTTP}
	if r.client == nil {
		r.client = &http.Client{Timeout: 10 * time.Second}
	}
	return r
}

// answered is what a call was answered with.
type answered struct {
	status int
	header http.Header
	body   []byte
}

// send makes one request. The error holds neither the URL, which may hold an interaction's token, nor what was sent.
func (r rest) send(ctx context.Context, method, path string, body []byte) (answered, error) {
	req, err := http.NewRequestWithContext(ctx, method, r.base+path, bytes.NewReader(body))
	if err != nil {
		return answered{}, errors.New("not a request")
	}
	req.Header.Set("Authorization", "Bot "+r.token)
	req.Header.Set("User-Agent", userAgent)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := r.client.Do(req)
	if err != nil {
		var at *url.Error
		if errors.As(err, &at) {
			err = at.Err
		}
		return answered{}, err
	}
	defer func() { _ = res.Body.Close() }()
	got := answered{status: res.StatusCode, header: res.Header}
	got.body, err = io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	return got, err
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
		return got.header, e
	}
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
