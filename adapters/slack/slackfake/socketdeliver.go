package slackfake

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strconv"
)

// bySocket reports whether Socket Mode is on.
func (f *Fake) bySocket() bool {
	f.sockets.mu.Lock()
	defer f.sockets.mu.Unlock()
	return f.sockets.appToken != ""
}

// handBySocket takes a delivery to one of the bots that are connected, which has three seconds to acknowledge it.
func (f *Fake) handBySocket(ctx context.Context, sent logged, d delivery) (a answer, entry *logged, err error) {
	id := newID("")
	frame, err := envelope(id, d)
	sent.verb, sent.path, sent.frame = webSocket, linkPath, string(frame)
	entry = f.note(sent)
	if err == nil {
		a, err = f.await(ctx, id, func(s *socket) error { return s.raw(frame) })
	}
	f.settle(entry, a)
	return a, entry, err
}

// await has something sent by one of the open sockets, in turn, and waits for the acknowledgement of that envelope.
func (f *Fake) await(ctx context.Context, id string, send func(*socket) error) (answer, error) {
	limited, cancel := context.WithTimeout(ctx, f.Patience)
	defer cancel()
	acked := make(chan answer, 1)
	f.sockets.mu.Lock()
	n := len(f.sockets.open)
	if n == 0 {
		f.sockets.mu.Unlock()
		return answer{}, errUnreachable
	}
	f.sockets.turn++
	s := f.sockets.open[f.sockets.turn%n]
	if f.sockets.waiting == nil {
		f.sockets.waiting = map[string]wait{}
	}
	f.sockets.waiting[id] = wait{by: s, acked: acked}
	f.sockets.mu.Unlock()
	defer func() {
		f.sockets.mu.Lock()
		defer f.sockets.mu.Unlock()
		delete(f.sockets.waiting, id)
	}()
	if err := send(s); err != nil {
		return answer{}, errUnreachable
	}
	select {
	case a := <-acked:
		return a, nil
	case <-limited.Done():
		return answer{}, reason(ctx, limited)
	}
}

// envelope wraps a delivery as Slack does in Socket Mode: what is a form over HTTP becomes JSON.
// https://docs.slack.dev/apis/events-api/using-socket-mode#events
func envelope(id string, d delivery) ([]byte, error) {
	e := object{"envelope_id": id, "accepts_response_payload": false}
	if d.header.Get("Content-Type") == jsonType {
		retries, _ := strconv.Atoi(d.header.Get("X-Slack-Retry-Num")) // 0 without
		e["type"], e["payload"] = "events_api", json.RawMessage(d.body)
		e["retry_attempt"], e["retry_reason"] = retries, d.header.Get("X-Slack-Retry-Reason")
		return json.Marshal(e)
	}
	form, err := url.ParseQuery(d.body)
	if err != nil {
		return nil, errors.New("slackfake: only forms and JSON go by Socket Mode")
	}
	if payload := form.Get("payload"); payload != "" {
		var p struct {
			Type string `json:"type"`
		}
		_ = json.Unmarshal([]byte(payload), &p) // Deliver sends anything
		e["type"], e["payload"] = "interactive", json.RawMessage(payload)
		e["accepts_response_payload"] = p.Type == "view_submission" || p.Type == "block_suggestion"
		return json.Marshal(e)
	}
	fields := object{}
	for name := range form {
		fields[name] = form.Get(name)
	}
	e["type"], e["payload"], e["accepts_response_payload"] = "slash_commands", fields, true
	return json.Marshal(e)
}

// Frame sends text, such as a malformed envelope, as it is by one of the open WebSockets. It waits until the envelope of
// that ID is acknowledged, and returns the answer to it; with an empty ID it does not wait.
func (f *Fake) Frame(ctx context.Context, envelopeID, text string) (string, error) {
	if envelopeID == "" {
		now, cancel := context.WithCancel(ctx)
		cancel()
		_, err := f.await(now, newID(""), func(s *socket) error { return s.raw([]byte(text)) })
		if errors.Is(err, context.Canceled) {
			return "", nil
		}
		return "", err
	}
	a, err := f.await(ctx, envelopeID, func(s *socket) error { return s.raw([]byte(text)) })
	return string(a.body), err
}
