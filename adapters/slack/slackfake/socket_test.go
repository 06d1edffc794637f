package slackfake

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

const appToken = "xapp-test"

// dial connects to Slack by WebSocket and returns the connection with the first message.
func dial(t *testing.T, f *Fake) (*websocket.Conn, socketmode.Request) {
	t.Helper()
	ws := call(t, socketURL(t, f))
	return ws, receive(t, ws)
}

func socketURL(t *testing.T, f *Fake) string {
	t.Helper()
	api := slack.New("", slack.OptionAPIURL(f.APIURL()), slack.OptionHTTPClient(httpClient(t)), slack.OptionAppLevelToken(appToken))
	_, url, err := api.StartSocketModeContext(ctx(t))
	if err != nil {
		t.Fatal(err)
	}
	return url
}

func call(t *testing.T, url string) *websocket.Conn {
	t.Helper()
	ws, response, err := websocket.DefaultDialer.DialContext(ctx(t), url, nil)
	if err != nil {
		t.Fatalf("%v, %+v", err, response)
	}
	t.Cleanup(func() { _ = ws.Close() })
	return ws
}

func receive(t *testing.T, ws *websocket.Conn) socketmode.Request {
	t.Helper()
	var r socketmode.Request
	if err := ws.ReadJSON(&r); err != nil {
		t.Fatal(err)
	}
	return r
}

// inSocketMode starts a Slack in Socket Mode.
func inSocketMode(t *testing.T) *Fake {
	t.Helper()
	f := start(t, Options{})
	f.UseSocket(appToken)
	return f
}

// typing has ann type a command, and returns where the outcome comes.
func typing(t *testing.T, f *Fake, line string) <-chan error {
	t.Helper()
	done := make(chan error, 1)
	go func() {
		s, err := f.Type(ctx(t), "U1", "C1", line)
		if err == nil && len(s.Private) == 1 {
			err = errors.New(s.Private[0].Text)
		}
		done <- err
	}()
	return done
}

func TestWhoMayConnectBySocket(t *testing.T) {
	f := start(t, Options{BotToken: "xoxb-1"})
	open := func(token string) error {
		api := slack.New("", slack.OptionAPIURL(f.APIURL()), slack.OptionHTTPClient(httpClient(t)), slack.OptionAppLevelToken(token))
		_, _, err := api.StartSocketModeContext(ctx(t))
		return err
	}
	wantCode(t, open(appToken), "invalid_auth") // Socket Mode is off
	f.UseSocket(appToken)
	wantCode(t, open("xapp-other"), "invalid_auth")
	wantCode(t, open("xoxb-1"), "not_allowed_token_type")
	wantCode(t, open(""), "not_authed")
	wantCode(t, open(appToken), "")
	for _, r := range f.Requests() {
		if r.Method == appMethod && strings.Contains(r.Response, "ws://") && !strings.Contains(r.Response, "ticket=***") {
			t.Errorf("the log holds a ticket: %s", r.Response)
		}
	}
}

func TestATicketIsGoodOnceAndNotForLong(t *testing.T) {
	f, c := startAt(t, Options{})
	f.UseSocket(appToken)
	used, old := socketURL(t, f), socketURL(t, f)
	call(t, used)
	c.move(time.Minute)
	for _, url := range []string{used, old, strings.Split(old, "?")[0]} {
		if _, response, err := websocket.DefaultDialer.DialContext(ctx(t), url, nil); err == nil || response.StatusCode != http.StatusForbidden {
			t.Errorf("%v, %+v", err, response)
		}
	}
}

func TestACommandBySocket(t *testing.T) {
	f := inSocketMode(t)
	ws, hello := dial(t, f)
	if hello.Type != "hello" || hello.NumConnections != 1 || hello.ConnectionInfo.AppID != appID {
		t.Errorf("%+v", hello)
	}
	done := typing(t, f, "/create-community Acme & Söhne")
	r := receive(t, ws)
	var got slack.SlashCommand
	if err := json.Unmarshal(r.Payload, &got); err != nil {
		t.Fatal(err)
	}
	if r.Type != "slash_commands" || !r.AcceptsResponsePayload || got.Command != "/create-community" || got.Text != "Acme & Söhne" || got.TriggerID == "" {
		t.Errorf("%+v, %+v", r, got)
	}
	ack := object{"envelope_id": r.EnvelopeID, "payload": object{"text": "hello"}}
	if err := ws.WriteJSON(ack); err != nil {
		t.Fatal(err)
	}
	if got := <-done; got.Error() != "hello" {
		t.Errorf("%v", got)
	}
}

// hear hands on what comes by a connection, until it ends.
func hear(ws *websocket.Conn) <-chan socketmode.Request {
	heard := make(chan socketmode.Request, 10)
	go func() {
		defer close(heard)
		for {
			var r socketmode.Request
			if ws.ReadJSON(&r) != nil {
				return
			}
			heard <- r
		}
	}()
	return heard
}

func TestAnEnvelopeGoesToOneConnectionAndIsAcknowledgedThere(t *testing.T) {
	f := inSocketMode(t)
	f.Patience = 100 * time.Millisecond
	first, _ := dial(t, f)
	second, _ := dial(t, f)
	byFirst, bySecond := hear(first), hear(second)
	for _, elsewhere := range []bool{false, true} {
		turns := 0
		for range 2 {
			done := typing(t, f, "/x")
			var r socketmode.Request
			by, other := first, second
			select {
			case r = <-byFirst:
				turns++
			case r = <-bySecond:
				by, other = second, first
			}
			if elsewhere {
				by = other
			}
			if err := by.WriteJSON(object{"envelope_id": r.EnvelopeID}); err != nil {
				t.Fatal(err)
			}
			if err := <-done; (err != nil) != elsewhere {
				t.Errorf("acknowledged elsewhere: %v, and %v", elsewhere, err)
			}
		}
		if turns != 1 {
			t.Errorf("one connection got %d of two", turns)
		}
	}
}

func TestWhatPeopleSeeWhenNobodyAcknowledges(t *testing.T) {
	f := inSocketMode(t)
	f.Patience = 50 * time.Millisecond
	if err := <-typing(t, f, "/x"); err == nil || !strings.Contains(err.Error(), "dispatch_failed") {
		t.Errorf("without a connection: %v", err)
	}
	ws, _ := dial(t, f)
	heard := hear(ws)
	if err := <-typing(t, f, "/x"); err == nil || !strings.Contains(err.Error(), "operation_timeout") {
		t.Errorf("without an acknowledgement: %v", err)
	}
	late := <-heard
	done := typing(t, f, "/x")
	large := object{"envelope_id": (<-heard).EnvelopeID, "payload": object{"text": strings.Repeat("x", maxAck)}}
	for _, ack := range []object{{"envelope_id": late.EnvelopeID}, {"envelope_id": "unknown"}, large} {
		if err := ws.WriteJSON(ack); err != nil {
			t.Fatal(err)
		}
	}
	if err := <-done; err == nil || !strings.Contains(err.Error(), "operation_timeout") {
		t.Errorf("with others: %v", err)
	}
}

func TestSlackAsksToConnectAnew(t *testing.T) {
	f := inSocketMode(t)
	ws, _ := dial(t, f)
	for _, reason := range []string{"warning", "refresh_requested"} {
		f.Disconnect(reason)
		if r := receive(t, ws); r.Type != "disconnect" || r.Reason != reason || f.Sockets() != 1 {
			t.Errorf("%+v", r)
		}
	}
	f.Disconnect("link_disabled")
	if r := receive(t, ws); r.Reason != "link_disabled" {
		t.Errorf("%+v", r)
	}
	if _, _, err := ws.ReadMessage(); !websocket.IsCloseError(err, websocket.CloseNormalClosure) {
		t.Errorf("%v", err)
	}
}

func TestTenConnectionsAreTheMost(t *testing.T) {
	f := inSocketMode(t)
	for n := 1; n <= maxSockets; n++ {
		if _, hello := dial(t, f); hello.NumConnections != n {
			t.Errorf("%+v", hello)
		}
	}
	ws, r := dial(t, f)
	if r.Type != "disconnect" || r.Reason != "too_many_websockets" {
		t.Errorf("%+v", r)
	}
	if _, _, err := ws.ReadMessage(); err == nil || f.Sockets() != maxSockets {
		t.Errorf("%v, %d connections", err, f.Sockets())
	}
}

func TestAConnectionThatIsCut(t *testing.T) {
	f := inSocketMode(t)
	ws, _ := dial(t, f)
	f.Cut()
	if _, _, err := ws.ReadMessage(); !websocket.IsCloseError(err, websocket.CloseAbnormalClosure) {
		t.Errorf("%v", err)
	}
}

func TestAnEventIsSentAgainAsARetry(t *testing.T) {
	f := inSocketMode(t)
	ws, _ := dial(t, f)
	heard := hear(ws)
	for retries, deliver := range []func() (*http.Response, error){
		func() (*http.Response, error) {
			return f.Deliver(ctx(t), jsonType, `{"type":"event_callback","event_id":"Ev1"}`)
		},
		func() (*http.Response, error) { return f.Redeliver(ctx(t)) },
	} {
		done := make(chan error, 1)
		go func() {
			_, err := deliver()
			done <- err
		}()
		r := <-heard
		if r.Type != "events_api" || r.RetryAttempt != retries || r.AcceptsResponsePayload || !strings.Contains(string(r.Payload), "Ev1") {
			t.Errorf("%+v", r)
		}
		if err := ws.WriteJSON(object{"envelope_id": r.EnvelopeID}); err != nil {
			t.Fatal(err)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if _, err := f.Deliver(ctx(t), formType, "%zz"); err == nil {
		t.Error("what is no form was sent")
	}
}

// TestSlackGosClientLivesOnIt has the client of another hand connect, answer, and connect anew.
func TestSlackGosClientLivesOnIt(t *testing.T) {
	f := inSocketMode(t)
	client := socketmode.New(slack.New(f.BotToken, slack.OptionAPIURL(f.APIURL()), slack.OptionHTTPClient(httpClient(t)), slack.OptionAppLevelToken(appToken)))
	running, stop := context.WithCancel(ctx(t))
	ended := make(chan error, 1)
	go func() { ended <- client.RunContext(running) }()
	connected := make(chan struct{}, 10)
	go func() {
		for {
			select {
			case e := <-client.Events:
				switch e.Type {
				case socketmode.EventTypeHello:
					connected <- struct{}{}
				case socketmode.EventTypeSlashCommand:
					_ = client.Ack(*e.Request, map[string]string{"text": "hello"}) // its failure shows below
				}
			case <-running.Done():
				return
			}
		}
	}()
	for range 2 {
		<-connected
		if err := <-typing(t, f, "/x"); err == nil || err.Error() != "hello" {
			t.Errorf("%v", err)
		}
		f.Disconnect("refresh_requested")
	}
	<-connected
	stop()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}
