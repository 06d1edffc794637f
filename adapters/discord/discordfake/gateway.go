package discordfake

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/gorilla/websocket"
)

// The opcodes of the gateway.
//
// https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway
const (
	opDispatch  = 0
	opHeartbeat = 1
	opIdentify  = 2
	opResume    = 6
	opReconnect = 7
	opInvalid   = 9
	opHello     = 10
	opAck       = 11
)

// The codes that the gateway closes a connection with.
//
// https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes
const (
	closeUnknownOp   = 4001
	closeUndecodable = 4002
	closeNotYet      = 4003
	closeToken       = 4004
	closeTwice       = 4005
	closeSeq         = 4007
	closeTimeout     = 4009
	closeShard       = 4010
	closeVersion     = 4012
	closeIntents     = 4013
	closeForbidden   = 4014
)

// The intents that there are, and those of them that an application needs to be allowed.
//
// https://docs.discord.com/developers/events/gateway#gateway-intents
const (
	allIntents        = 1<<26 - 1
	privilegedIntents = 1<<1 | 1<<8 | 1<<15
	biggestIntent     = 26
)

const (
	resumable   = 2 * time.Minute // how long a session waits for its bot to come back
	keepEvents  = 1000            // of a session, to be sent again
	maxGateway  = 4096            // bytes of a message to the gateway
	sessionsDay = 1000            // that may begin in a day
)

// gateway is the state of the gateway.
type gateway struct {
	sessions   []*session
	changed    chan struct{} // closed and replaced when a connection comes up or goes
	identified int
	resumed    int
	heartbeats int
	most       int // connections at once
	limit      sessionLimit
	refuse     int // code that the next sessions are refused with; 0: none is
	mute       bool
}

type sessionLimit struct {
	Total       int   `json:"total"`
	Remaining   int   `json:"remaining"`
	Reset       int64 `json:"reset_after"` // milliseconds
	Concurrency int   `json:"max_concurrency"`
}

// session is what a bot goes on with when it comes back on another connection.
type session struct {
	id     string
	seq    int64
	events []frame // the last ones, in order
	on     *socket // nil: away
	away   time.Time
}

type frame struct {
	Op   int    `json:"op"`
	Data any    `json:"d"`
	Seq  *int64 `json:"s"`
	Type any    `json:"t"`
}

// gatewayURL is where the bot connects to.
func (f *Fake) gatewayURL() string { return "ws://" + f.address }

func (c *call) gatewayAddress() (any, *apiError) {
	return map[string]string{"url": c.gatewayURL()}, nil
}

func (c *call) gatewayBot() (any, *apiError) {
	return map[string]any{"url": c.gatewayURL(), "shards": 1, "session_start_limit": c.gateway.limit}, nil
}

// connected counts the connections on which a session is.
func (g *gateway) connected() (n int) {
	for _, s := range g.sessions {
		if s.on != nil {
			n++
		}
	}
	return n
}

func (g *gateway) change() {
	g.most = max(g.most, g.connected())
	close(g.changed)
	g.changed = make(chan struct{})
}

// session returns the session with that ID, if there still is one.
func (g *gateway) session(id string) *session {
	i := slices.IndexFunc(g.sessions, func(s *session) bool { return s.id == id })
	if i < 0 {
		return nil
	}
	return g.sessions[i]
}

func (g *gateway) end(s *session) {
	g.sessions = slices.DeleteFunc(g.sessions, func(x *session) bool { return x == s })
}

// dispatch sends an event to every session, those of bots that are away among them. Two sessions of one bot get it both.
func (f *Fake) dispatch(kind string, data json.RawMessage) {
	f.gateway.sessions = slices.DeleteFunc(f.gateway.sessions, func(s *session) bool {
		return s.on == nil && f.now().Sub(s.away) > resumable
	})
	for _, s := range f.gateway.sessions {
		s.dispatch(kind, data)
	}
}

func (s *session) dispatch(kind string, data any) {
	s.seq++
	x := frame{Op: opDispatch, Data: data, Seq: new(s.seq), Type: kind}
	if s.events = append(s.events, x); len(s.events) > keepEvents {
		s.events = s.events[1:]
	}
	if s.on != nil {
		s.on.send(x)
	}
}

// upgrader takes any origin: bots have none.
var upgrader = websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}

// serveGateway serves one connection.
func (f *Fake) serveGateway(w http.ResponseWriter, r *http.Request) {
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // it is answered
	}
	conn.SetReadLimit(maxGateway)
	x := &socket{conn: conn, out: make(chan outgoing, keepEvents+10), done: make(chan struct{})}
	f.running.Go(x.write)
	f.running.Go(func() {
		select {
		case <-f.closed:
			_ = conn.Close()
		case <-x.done:
		}
	})
	if q := r.URL.Query(); (q.Get("v") != "10" && q.Get("v") != "9") || q.Get("encoding") != "json" {
		x.close(closeVersion, "Invalid API version")
	}
	x.send(frame{Op: opHello, Data: map[string]int64{"heartbeat_interval": f.options.Heartbeat.Milliseconds()}})
	for {
		_ = conn.SetReadDeadline(time.Now().Add(2 * f.options.Heartbeat))
		_, body, err := conn.ReadMessage()
		if err != nil {
			f.gone(x, err)
			return
		}
		f.heard(x, body)
	}
}

// gone notes that a connection is over. Its session waits for the bot, unless the bot ended it.
func (f *Fake) gone(x *socket, err error) {
	if wait, ok := err.(interface{ Timeout() bool }); ok && wait.Timeout() {
		x.close(closeTimeout, "Session timed out")
	}
	x.finish()
	f.mu.Lock()
	defer f.mu.Unlock()
	s := x.session
	if s == nil || s.on != x {
		return
	}
	s.on, s.away = nil, f.now()
	if websocket.IsCloseError(err, websocket.CloseNormalClosure, websocket.CloseGoingAway) && !x.closing.Load() {
		f.gateway.end(s)
	}
	f.gateway.change()
}

// heard handles one message of the bot.
func (f *Fake) heard(x *socket, body []byte) {
	var m struct {
		Op   int             `json:"op"`
		Data json.RawMessage `json:"d"`
	}
	if json.Unmarshal(body, &m) != nil {
		x.close(closeUndecodable, "Error while decoding payload.")
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case m.Op == opHeartbeat:
		f.gateway.heartbeats++
		if !f.gateway.mute {
			x.send(frame{Op: opAck})
		}
	case m.Op == opIdentify:
		f.identify(x, m.Data)
	case m.Op == opResume:
		f.resume(x, m.Data)
	case m.Op < 0 || m.Op > 31:
		x.close(closeUnknownOp, "Unknown opcode.")
	case x.session == nil:
		x.close(closeNotYet, "Not authenticated.")
	}
}
