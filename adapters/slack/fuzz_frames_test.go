package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack/socketmode"

	"communitybot/bot"
)

// lastFrame is one that can't be understood; that it is acknowledged tells that all before it were read.
const lastFrame = `{"envelope_id":"the-last-one","type":"brand_new"}`

// FuzzFrames sends any frame by Socket Mode. It is acknowledged once if it is an envelope, by JSON of a size that Slack
// takes, and what it holds is heard at most once.
func FuzzFrames(f *testing.F) {
	for i, body := range seeds(f) {
		f.Add(envelope(body), uint8(i))
		f.Add(envelope(body), uint8(4))
	}
	for _, frame := range []string{`{"envelope_id":"E1","type":"interactive","payload":["s3cret"]}`, `{"type":"slash_commands","envelope_id" : "E1","payload":{"text":"`,
		`{"type":"hello"}`, `{"type":"disconnect","reason":"warning"}`, `null`, `{"envelope_id":"","type":"interactive"}`, "\xff", "",
		`{"envelope_id":"E1","type":"interactive","payload":` + button("approve") + `}`} {
		f.Add(frame, uint8(0))
	}
	f.Fuzz(func(t *testing.T, frame string, kind uint8) {
		if strings.Contains(frame, "the-last-one") {
			return
		}
		h, away := newParrot(kind), &slackAway{t: t}
		a := away.adapter()
		acks := converse(t, a, h, frame)
		holdHeard(t, h.seen())

		var r socketmode.Request
		isEnvelope := json.Unmarshal([]byte(frame), &r) == nil && r.EnvelopeID != "" && r.Type != socketmode.RequestTypeHello && r.Type != socketmode.RequestTypeDisconnect
		if len(acks) > 1 || isEnvelope && len(acks) == 0 {
			t.Fatalf("acknowledged %q", acks)
		}
		for _, ack := range acks {
			var got struct {
				ID      string `json:"envelope_id"`
				Payload json.RawMessage
			}
			if err := json.Unmarshal([]byte(ack), &got); err != nil || len(ack) >= maxAck || isEnvelope && got.ID != r.EnvelopeID {
				t.Errorf("%d bytes for %q: %.200s, %v", len(ack), r.EnvelopeID, ack, err)
			}
			holdAnswer(t, bytes.TrimSpace(got.Payload))
		}
	})
}

// envelope returns a request as it comes by Socket Mode.
func envelope(body string) string {
	kind, payload := "events_api", json.RawMessage(body)
	if form := formOf(body); form.Has("payload") {
		kind, payload = "interactive", json.RawMessage(form.Get("payload"))
	} else if form.Has("command") {
		fields := map[string]string{}
		for name := range form {
			fields[name] = form.Get(name)
		}
		kind, payload = "slash_commands", must(json.Marshal(fields))
	}
	return string(must(json.Marshal(map[string]any{"envelope_id": "E1", "type": kind, "payload": payload, "accepts_response_payload": true})))
}

func must(raw []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return raw
}

// converse sends a frame by a connection that the adapter reads, and returns the acknowledgements until it has ended.
func converse(t *testing.T, a *Adapter, h bot.Handler, frame string) (acks []string) {
	t.Helper()
	ctx, read := context.WithCancel(t.Context())
	defer read()
	said := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer close(said)
		var up websocket.Upgrader
		ws, err := up.Upgrade(w, r, nil)
		if err != nil {
			t.Error(err)
			return
		}
		defer func() { _ = ws.Close() }()
		for _, text := range []string{frame, lastFrame} {
			if err := ws.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
				t.Error(err)
			}
		}
		for {
			_, ack, err := ws.ReadMessage()
			switch {
			case err != nil:
				return
			case bytes.Contains(ack, []byte("the-last-one")):
				read()
			default:
				acks = append(acks, string(ack))
			}
		}
	}))
	defer server.Close()
	dialer := websocket.Dialer{WriteBufferSize: writeBuffer}
	ws, response, err := dialer.Dial("ws"+strings.TrimPrefix(server.URL, "http"), nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	s := &socket{Adapter: a, handler: h, slots: make(chan struct{}, atOnce), answering: context.WithoutCancel(ctx)}
	c := &connection{socket: s, ws: ws, greeted: make(chan struct{}), leaving: make(chan struct{}), ended: make(chan struct{})}
	c.serve(ctx)
	<-said
	a.chores.finish()
	return acks
}
