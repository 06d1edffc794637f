package slackfake

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
)

// delivery is one request to the bot, as it goes over the wire.
type delivery struct {
	url    string
	header http.Header
	body   string
}

// Why a delivery got no answer.
var (
	errTimeout     = errors.New("no answer in time")
	errUnreachable = errors.New("no connection to the bot")
)

const (
	formType = "application/x-www-form-urlencoded"
	jsonType = "application/json"
)

// deliver brings something a person did to the bot and its answer back.
func (f *Fake) deliver(ctx context.Context, kind string, form url.Values) (answer, *logged, error) {
	return f.carry(ctx, kind, formType, form.Encode())
}

// deliverEvent brings an event of the Events API to the bot: JSON, with nothing around it.
// https://docs.slack.dev/apis/events-api/#event-type-structure
func (f *Fake) deliverEvent(ctx context.Context, event object) (answer, *logged, error) {
	body, err := json.Marshal(event)
	if err != nil {
		return answer{}, nil, fmt.Errorf("slackfake: %w", err)
	}
	return f.carry(ctx, "events_api", jsonType, string(body))
}

// carry takes a body to the bot. The error is errTimeout, errUnreachable or the context's.
func (f *Fake) carry(ctx context.Context, kind, contentType, body string) (answer, *logged, error) {
	return f.hand(ctx, kind, f.sign(contentType, body))
}

// hand takes a delivery to the bot, which has three seconds to answer: by HTTP or, when that is on, in Socket Mode. It is
// the only way there.
func (f *Fake) hand(ctx context.Context, kind string, d delivery) (answer, *logged, error) {
	sent := logged{Request: Request{Method: kind, Delivery: true, Body: d.body}}
	if f.bySocket() {
		return f.handBySocket(ctx, sent, d)
	}
	sent.Header, sent.verb, sent.path = d.header, http.MethodPost, d.path()
	entry := f.note(sent)
	a, err := f.send(ctx, d)
	f.settle(entry, a)
	return a, entry, err
}

// path returns where on the bot's host a delivery goes.
func (d delivery) path() string {
	u, err := url.Parse(d.url)
	if err != nil {
		return ""
	}
	return u.RequestURI()
}

// sign makes a delivery. https://docs.slack.dev/authentication/verifying-requests-from-slack
func (f *Fake) sign(contentType, body string) delivery {
	stamp := strconv.FormatInt(f.Now().Unix(), 10)
	mac := hmac.New(sha256.New, []byte(f.SigningSecret))
	_, _ = fmt.Fprintf(mac, "v0:%s:%s", stamp, body) // a hash never fails
	f.mu.Lock()
	defer f.mu.Unlock()
	d := delivery{url: f.events, body: body, header: http.Header{
		"Content-Type":              {contentType},
		"User-Agent":                {"Slackbot 1.0 (+https://api.slack.com/robots)"},
		"X-Slack-Request-Timestamp": {stamp},
		"X-Slack-Signature":         {"v0=" + hex.EncodeToString(mac.Sum(nil))},
	}}
	f.last = &d
	return d
}

// send takes a delivery to the bot by HTTP.
func (f *Fake) send(ctx context.Context, d delivery) (answer, error) {
	limited, cancel := context.WithTimeout(ctx, f.Patience)
	defer cancel()
	request, err := http.NewRequestWithContext(limited, http.MethodPost, d.url, bytes.NewReader([]byte(d.body)))
	if err != nil {
		return answer{}, errUnreachable
	}
	request.Header = d.header.Clone()
	response, err := f.client.Do(request)
	if err != nil {
		return answer{}, reason(ctx, limited)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxBody))
	if err != nil {
		return answer{}, reason(ctx, limited)
	}
	return answer{status: response.StatusCode, contentType: response.Header.Get("Content-Type"), body: body}, nil
}

func reason(asked, limited context.Context) error {
	switch {
	case asked.Err() != nil:
		return asked.Err()
	case limited.Err() != nil:
		return errTimeout
	}
	return errUnreachable
}

// Deliver sends the bot a signed body of any kind: one that is malformed, or of a type that people can't send. Nothing
// is done with the answer.
func (f *Fake) Deliver(ctx context.Context, contentType, body string) (*http.Response, error) {
	return f.resend(ctx, f.sign(contentType, body))
}

// Redeliver sends the latest delivery again, byte for byte with its old signature; an event with the headers of Slack's
// first retry. Nothing is done with the answer. https://docs.slack.dev/apis/events-api/#retries
func (f *Fake) Redeliver(ctx context.Context) (*http.Response, error) {
	f.mu.Lock()
	last := f.last
	f.mu.Unlock()
	if last == nil {
		return nil, errors.New("slackfake: nothing was delivered yet")
	}
	again := *last
	if again.header.Get("Content-Type") == jsonType {
		again.header = again.header.Clone()
		again.header.Set("X-Slack-Retry-Num", "1")
		again.header.Set("X-Slack-Retry-Reason", "http_timeout")
	}
	return f.resend(ctx, again)
}

func (f *Fake) resend(ctx context.Context, d delivery) (*http.Response, error) {
	a, _, err := f.hand(ctx, "deliver", d)
	if err != nil {
		return nil, err
	}
	return &http.Response{
		StatusCode: a.status,
		Status:     http.StatusText(a.status),
		Header:     http.Header{"Content-Type": {a.contentType}},
		Body:       io.NopCloser(bytes.NewReader(a.body)),
	}, nil
}
