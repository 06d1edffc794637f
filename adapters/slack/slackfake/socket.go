package slackfake

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// What Slack does with connections in Socket Mode.
// https://docs.slack.dev/apis/events-api/using-socket-mode
const (
	maxSockets   = 10
	maxAck       = 20 << 10 // an acknowledgement as large or larger is ignored, without a word
	ticketLife   = 30 * time.Second
	pingEvery    = 10 * time.Second
	leavesWithin = 10 * time.Second // after a disconnect
	linkPath     = "/link/"         // where they are opened
)

// sockets is Slack's side of Socket Mode.
type sockets struct {
	mu       sync.Mutex
	appToken string // empty: Socket Mode is off
	over     bool   // the fake is closed
	tickets  map[string]time.Time
	open     []*socket
	turn     int
	waiting  map[string]wait // for acknowledgements, by envelope ID
	serving  sync.WaitGroup
}

// socket is one WebSocket of a bot.
type socket struct {
	ws      *websocket.Conn
	writing sync.Mutex
	closed  chan struct{}
}

// wait is for the acknowledgement of an envelope, which must come by the socket that it went out by.
type wait struct {
	by    *socket
	acked chan answer
}

// UseSocket switches Socket Mode on: what people do is delivered by WebSocket, to bots that connect with that app-level
// token, and no more by HTTP. An empty token switches it off again.
func (f *Fake) UseSocket(appToken string) {
	f.sockets.mu.Lock()
	defer f.sockets.mu.Unlock()
	f.sockets.appToken = appToken
}

// Sockets returns how many WebSockets are open.
func (f *Fake) Sockets() int {
	f.sockets.mu.Lock()
	defer f.sockets.mu.Unlock()
	return len(f.sockets.open)
}

// Disconnect tells every bot that its WebSocket is going to be closed: "warning", "refresh_requested" or "link_disabled",
// which switches Socket Mode off and closes at once. The others are used for some seconds more.
func (f *Fake) Disconnect(reason string) {
	f.sockets.mu.Lock()
	defer f.sockets.mu.Unlock()
	off := reason == "link_disabled"
	if off {
		f.sockets.appToken = ""
	}
	for _, s := range f.sockets.open {
		_ = s.write(object{"type": "disconnect", "reason": reason, "debug_info": object{"host": "fake"}}) // it is closed anyway
		if off {
			s.end()
			continue
		}
		time.AfterFunc(leavesWithin, s.end)
	}
}

// Cut breaks every WebSocket, without a word.
func (f *Fake) Cut() {
	f.sockets.mu.Lock()
	defer f.sockets.mu.Unlock()
	for _, s := range f.sockets.open {
		_ = s.ws.Close()
	}
}

// connectionsOpen returns where a bot can connect, once.
// https://docs.slack.dev/reference/methods/apps.connections.open
func (f *Fake) connectionsOpen(args) (object, error) {
	ticket := newID("")
	f.sockets.mu.Lock()
	defer f.sockets.mu.Unlock()
	if f.sockets.tickets == nil {
		f.sockets.tickets = map[string]time.Time{}
	}
	f.sockets.tickets[ticket] = f.Now()
	return object{"url": "ws" + strings.TrimPrefix(f.URL(), "http") + linkPath + "?ticket=" + ticket + "&app_id=" + appID}, nil
}

// authorizeApp checks the app-level token, which Slack reads in the header only.
func (f *Fake) authorizeApp(r *http.Request) error {
	f.sockets.mu.Lock()
	defer f.sockets.mu.Unlock()
	switch token, sent := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); {
	case !sent || token == "":
		return refusal("not_authed")
	case token == f.BotToken:
		return refusal("not_allowed_token_type")
	case token != f.sockets.appToken:
		return refusal("invalid_auth")
	}
	return nil
}

var upgrader = websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}

// serveLink is one WebSocket, from the ticket to its end.
func (f *Fake) serveLink(w http.ResponseWriter, r *http.Request) {
	f.sockets.mu.Lock()
	ticket := r.URL.Query().Get("ticket")
	issued, known := f.sockets.tickets[ticket]
	delete(f.sockets.tickets, ticket)
	if f.sockets.over || !known || f.Now().Sub(issued) > ticketLife {
		f.sockets.mu.Unlock()
		http.Error(w, "no such ticket", http.StatusForbidden)
		return
	}
	f.sockets.serving.Add(1)
	f.sockets.mu.Unlock()
	defer f.sockets.serving.Done()
	ws, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // it has answered
	}
	s := &socket{ws: ws, closed: make(chan struct{})}
	defer func() { _ = ws.Close() }()
	defer close(s.closed)
	if f.admit(s) {
		defer f.dismiss(s)
		f.sockets.serving.Go(s.ping)
		f.listen(s)
	}
}

// admit greets a bot, or turns it away: ten connections are the most that an app may have.
func (f *Fake) admit(s *socket) bool {
	f.sockets.mu.Lock()
	defer f.sockets.mu.Unlock()
	n := len(f.sockets.open) + 1
	debug := object{"host": "fake", "build_number": 1, "approximate_connection_time": 18060}
	if f.sockets.over || n > maxSockets {
		_ = s.write(object{"type": "disconnect", "reason": "too_many_websockets", "num_connections": n, "debug_info": debug})
		return false
	}
	f.sockets.open = append(f.sockets.open, s)
	hello := object{"type": "hello", "num_connections": n, "connection_info": object{"app_id": appID}, "debug_info": debug}
	return s.write(hello) == nil || f.drop(s)
}

// drop takes a socket out of those in use; false, for admit.
func (f *Fake) drop(s *socket) bool {
	f.sockets.open = slices.DeleteFunc(f.sockets.open, func(o *socket) bool { return o == s })
	return false
}

func (f *Fake) dismiss(s *socket) {
	f.sockets.mu.Lock()
	defer f.sockets.mu.Unlock()
	f.drop(s)
}

// listen hears acknowledgements until the socket ends.
func (f *Fake) listen(s *socket) {
	for {
		_, frame, err := s.ws.ReadMessage()
		if err != nil {
			return
		}
		var ack struct {
			Envelope string          `json:"envelope_id"`
			Payload  json.RawMessage `json:"payload"`
		}
		if len(frame) >= maxAck || json.Unmarshal(frame, &ack) != nil {
			continue
		}
		f.sockets.mu.Lock()
		w, waits := f.sockets.waiting[ack.Envelope]
		if waits && w.by == s {
			delete(f.sockets.waiting, ack.Envelope)
			w.acked <- answer{status: http.StatusOK, contentType: jsonType, body: ack.Payload, ack: frame}
		}
		f.sockets.mu.Unlock()
	}
}

// write sends one frame.
func (s *socket) write(v object) error {
	frame, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return s.raw(frame)
}

func (s *socket) raw(frame []byte) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	_ = s.ws.SetWriteDeadline(time.Now().Add(time.Second)) // writing fails if this does
	return s.ws.WriteMessage(websocket.TextMessage, frame)
}

// ping pings until the socket ends.
func (s *socket) ping() {
	tick := time.NewTicker(pingEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			_ = s.ws.WriteControl(websocket.PingMessage, []byte("Ping from fake"), time.Now().Add(time.Second)) // reading ends if it is gone
		case <-s.closed:
			return
		}
	}
}

// end closes the socket in an orderly way.
func (s *socket) end() {
	bye := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
	_ = s.ws.WriteControl(websocket.CloseMessage, bye, time.Now().Add(time.Second)) // it may be gone already
	_ = s.ws.Close()
}

// closeSockets ends Socket Mode and waits until nobody serves it any more.
func (f *Fake) closeSockets() {
	f.sockets.mu.Lock()
	f.sockets.over = true
	for _, s := range f.sockets.open {
		s.end()
	}
	f.sockets.mu.Unlock()
	f.sockets.serving.Wait()
}
