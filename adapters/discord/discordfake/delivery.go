package discordfake

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"

	"communitybot/adapters/person"
)

// delivery is a signed body.
type delivery struct {
	body                 []byte
	timestamp, signature string
}

// Sign returns the signature of a body delivered at a time (Unix seconds), in hex: X-Signature-Ed25519.
//
// https://docs.discord.com/developers/interactions/overview#setting-up-an-endpoint-validating-security-request-headers
func (f *Fake) Sign(timestamp string, body []byte) string {
	return hex.EncodeToString(ed25519.Sign(f.key, append([]byte(timestamp), body...)))
}

func (f *Fake) sign(body []byte) delivery {
	timestamp := strconv.FormatInt(f.now().Unix(), 10)
	return delivery{body: body, timestamp: timestamp, signature: f.Sign(timestamp, body)}
}

// Deliver sends any body to the bot, well signed, and returns the bot's answer, which has no effect. Its body is read
// already and needs no closing.
func (f *Fake) Deliver(ctx context.Context, body []byte) (*http.Response, error) {
	return f.send(ctx, f.sign(body))
}

// Redeliver sends the last delivery again, byte for byte, and returns the bot's answer, which has no effect.
func (f *Fake) Redeliver(ctx context.Context) (*http.Response, error) {
	f.mu.Lock()
	last := f.last
	f.mu.Unlock()
	if last == nil {
		return nil, errors.New("discordfake: nothing was delivered yet")
	}
	return f.send(ctx, *last)
}

// send posts a delivery to the bot's endpoint.
func (f *Fake) send(ctx context.Context, d delivery) (*http.Response, error) {
	f.mu.Lock()
	endpoint := f.endpoint
	f.last = &d
	f.mu.Unlock()
	if endpoint == "" {
		return nil, errors.New("discordfake: Connect was not called")
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, endpoint, bytes.NewReader(d.body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "Discord-Interactions/1.0 (+https://discord.com)")
	req.Header.Set("X-Signature-Ed25519", d.signature)
	req.Header.Set("X-Signature-Timestamp", d.timestamp)
	e := f.note(Exchange{
		Delivery: true, What: kindOf(d.body), Method: req.Method, Path: req.URL.RequestURI(), Header: req.Header, Body: d.body,
	})
	res, err := f.client.Do(req)
	if err != nil {
		f.end(e, 0, nil)
		return nil, err
	}
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(res.Body, maxBody))
	if err != nil {
		f.end(e, 0, nil)
		return nil, err
	}
	f.end(e, res.StatusCode, answer)
	res.Body = io.NopCloser(bytes.NewReader(answer))
	return res, nil
}

// callback is the first answer to an interaction.
type callback struct {
	Type int             `json:"type"`
	Data json.RawMessage `json:"data"`
}

// readAnswer reads the answer in an HTTP response. Nil without an error: the bot answers by the callback endpoint.
func readAnswer(res *http.Response) (*callback, *apiError) {
	body, err := io.ReadAll(res.Body)
	switch {
	case err == nil && len(body) == 0 && (res.StatusCode == http.StatusAccepted || res.StatusCode == http.StatusNoContent):
		return nil, nil
	case err != nil || res.StatusCode != http.StatusOK:
		return nil, &apiError{Message: "The bot answered HTTP " + res.Status}
	}
	if kind, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type")); kind != "application/json" {
		return nil, errContentTypeWrong
	}
	var c callback
	if problem := decode(body, &c); problem != nil {
		return nil, problem
	}
	return &c, nil
}

// deliver hands an interaction to the bot, in the one way that this application receives them. Nil without an error: the
// answer comes through the callback endpoint.
func (f *Fake) deliver(ctx context.Context, body []byte) (*callback, *apiError) {
	if f.overGateway(body) {
		return nil, nil
	}
	res, err := f.send(ctx, f.sign(body))
	if err != nil {
		return nil, &apiError{Message: "The bot could not be reached: " + err.Error()}
	}
	return readAnswer(res)
}

// act delivers what a person did, waits for the first answer as long as Discord does, and returns what came up.
func (f *Fake) act(ctx context.Context, in *interaction) (person.Screen, error) {
	f.mu.Lock()
	body := f.open(in)
	f.mu.Unlock()
	patience, cancel := context.WithTimeout(ctx, f.options.Patience)
	defer cancel()
	answer, problem := f.deliver(patience, body)
	if answer == nil && problem == nil {
		select {
		case <-in.done:
		case <-patience.Done():
			problem = &apiError{Message: "The bot did not answer in time"}
		}
	}
	f.mu.Lock()
	defer f.announce()
	if answer != nil {
		problem = f.acknowledge(in, answer)
	}
	if problem != nil && (answer != nil || in.state != answered) {
		f.problems = append(f.problems, problem.Error())
	}
	switch {
	case in.state == answered:
		return f.screen(in), nil
	case ctx.Err() != nil:
		in.state = dead
		return person.Screen{}, fmt.Errorf("discordfake: %w", ctx.Err())
	case problem != nil && problem.status != 0:
		in.state = dead
		return person.Screen{}, errBadAnswer
	default:
		in.state = dead
		return person.Screen{}, errNoAnswer
	}
}
