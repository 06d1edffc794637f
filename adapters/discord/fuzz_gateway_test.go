package discord

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/gorilla/websocket"
)

// FuzzGateway has the gateway send any message, twice. An interaction is answered, once, at its own address with what
// Discord takes; anything else makes nobody hear anything.
func FuzzGateway(f *testing.F) {
	for i, body := range append(seeds(f), typedBody, pressBody, submitBody) {
		body = strings.Replace(body, `{`, `{"token":"t/../k?",`, 1)
		f.Add(`{"op":0,"s":5,"t":"INTERACTION_CREATE","d":`+body+`}`, uint8(i))
	}
	for _, text := range []string{`null`, `{"op":9,"d":"x"}`, `{"op":0,"t":"READY","d":null}`, `{"op":0,"t":"READY","d":{"session_id":"a","resume_gateway_url":"http://x"}}`,
		`{"op":0,"s":-1,"t":"INTERACTION_CREATE","d":null}`, `{"op":1}`, `{"op":11}`, `{"op":7}`, `{"op":0,"t":"GUILD_CREATE","d":{}}`, "", "\xff"} {
		f.Add(text, uint8(0))
	}
	f.Fuzz(func(t *testing.T, text string, kind uint8) {
		var sent frame
		var in *interaction
		if json.Unmarshal([]byte(text), &sent) == nil && sent.Op == opDispatch && sent.Type == "INTERACTION_CREATE" {
			in, _ = decode(sent.Data)
		}
		var mu sync.Mutex
		answers := 0
		a := away(t, sent.Data, false, func(r *http.Request) *http.Response {
			mu.Lock()
			defer mu.Unlock()
			answers++
			body := drainBody(t, r)
			if path := r.URL.EscapedPath(); in == nil || strings.Count(path, "/") != 4 || !strings.HasPrefix(path, "/interactions/") || !strings.HasSuffix(path, "/callback") {
				t.Errorf("answered at %s", path)
			}
			holdAnswer(t, sent.Data, body)
			return &http.Response{StatusCode: http.StatusNoContent, Body: http.NoBody}
		})
		h := &parrot{kind: kind}
		intake := newIntake(a, h)
		speak(t, a, intake, text)
		intake.running.Wait()
		holdHeard(t, h.events)
		want := 0
		if in != nil && in.Token != "" {
			want = 1
		}
		if answers != want || want == 0 && len(h.events) > 0 {
			t.Errorf("%d answers, want %d; heard %+v", answers, want, h.events)
		}
	})
}

// speak has the adapter connect to a gateway that sends a message twice and then ends the connection.
func speak(t *testing.T, a *Adapter, in *intake, text string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var up websocket.Upgrader
		ws, err := up.Upgrade(w, r, nil)
		if err != nil {
			t.Error(err)
			return
		}
		defer func() { _ = ws.Close() }()
		for _, message := range []string{`{"op":10,"d":{"heartbeat_interval":45000}}`, text, text, `{"op":7}`} {
			if ws.WriteMessage(websocket.TextMessage, []byte(message)) != nil {
				return // the message before ended it
			}
		}
		for {
			if _, _, err := ws.ReadMessage(); err != nil {
				return
			}
		}
	}))
	defer server.Close()
	s := &session{url: "ws" + strings.TrimPrefix(server.URL, "http")}
	if err := a.connect(t.Context(), s, &lease{Adapter: a}, in); err == nil {
		t.Error("it ended without a reason")
	}
}
