package discord

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// The opcodes of the gateway.
// https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway-gateway-opcodes
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

const (
	// maxFrame is far above anything a bot without intents is sent.
	maxFrame = 8 << 20
	// closeAndResume is a code that leaves the session as it is; 1000 and 1001 end it.
	// https://discord.com/developers/docs/events/gateway#initiating-a-disconnect
	closeAndResume = 4000
)

// session is what a connection goes on with where another one left off.
type session struct {
	id  string
	url string
	seq atomic.Int64 // of the last event that arrived; 0: none
}

// frame is one message of the gateway.
type frame struct {
	Op   int             `json:"op"`
	Data json.RawMessage `json:"d"`
	Seq  int64           `json:"s"`
	Type string          `json:"t"`
}

// wire is one connection to the gateway. discordgo's own hides why Discord closed it, resumes nothing, can't be stopped
// while it opens, and panics, where nobody can recover, on messages such as "null".
type wire struct {
	*Adapter
	conn    *websocket.Conn
	session *session
	lease   *lease
	intake  *intake

	writing sync.Mutex
	unacked atomic.Bool
	due     time.Time // by when the first event must have come; zero: it has
	every   time.Duration
	cause   atomic.Pointer[error] // why we closed it ourselves
}

// connect opens a connection, identifies or resumes, and hands interactions to the intake until the connection or ctx
// ends. The error says why; a panic is one.
func (a *Adapter) connect(ctx context.Context, s *session, l *lease, in *intake) (err error) {
	defer func() {
		if p := recover(); p != nil {
			a.panicked(ctx, "discord: panic at the gateway", p)
			err = errPanic
		}
	}()
	due := time.Now().Add(a.pace.handshake)
	conn, err := a.dial(ctx, s, due)
	if err != nil {
		return err
	}
	x := &wire{Adapter: a, conn: conn, session: s, lease: l, intake: in, due: due}
	defer x.shut(errors.New("discord: done with the connection"), closeAndResume)
	defer context.AfterFunc(ctx, func() {
		defer a.guard(ctx, "discord: panic while the gateway's connection was closed", nil)
		x.shut(context.Cause(ctx), websocket.CloseNormalClosure)
	})()
	if err := x.greet(); err != nil {
		return x.why(err)
	}
	beside, stop := context.WithCancel(ctx)
	var running sync.WaitGroup
	defer running.Wait()
	defer stop()
	for what, do := range map[string]func(context.Context){"discord: panic at a heartbeat": x.beat, "discord: panic beside the gateway": x.watch} {
		running.Go(func() {
			defer a.guard(ctx, what, func() { x.shut(errPanic, closeAndResume) })
			do(beside)
		})
	}
	for {
		if err := x.next(ctx); err != nil {
			return x.why(err)
		}
	}
}

// next reads and handles one message. An event that was read is handled also when ctx has ended: to Discord it arrived.
func (x *wire) next(ctx context.Context) error {
	f, err := x.read()
	switch {
	case err != nil:
		return err
	case ctx.Err() != nil && f.Op != opDispatch:
		return ctx.Err()
	}
	switch f.Op {
	case opDispatch:
		return x.event(ctx, f)
	case opHeartbeat:
		return x.heartbeat()
	case opReconnect:
		return errReconnect
	case opInvalid:
		var resumable bool
		_ = json.Unmarshal(f.Data, &resumable)
		return &invalidSession{resumable}
	case opAck:
		x.unacked.Store(false)
	}
	return nil
}

// event handles one event. That it arrived is noted first: it is not to be sent again when the connection breaks.
func (x *wire) event(ctx context.Context, f frame) error {
	if x.lease.left() <= 0 { // this process slept, and another one may have got the event as well
		return errLeaseOut
	}
	x.due = time.Time{}
	if f.Seq > 0 {
		x.session.seq.Store(f.Seq)
	}
	switch f.Type {
	case "READY":
		var ready struct {
			Session string `json:"session_id"`
			URL     string `json:"resume_gateway_url"`
		}
		if err := json.Unmarshal(f.Data, &ready); err != nil || ready.Session == "" {
			return errors.New("discord: the gateway began no session")
		}
		x.session.id, x.session.url = ready.Session, ready.URL
		x.open(ctx, "discord: connected to the gateway")
	case "RESUMED":
		x.open(ctx, "discord: connected to the gateway again")
	case "INTERACTION_CREATE":
		x.intake.take(ctx, f.Data)
	}
	return nil
}

func (x *wire) open(ctx context.Context, how string) {
	x.intake.refused = ""
	x.gate.set(nil)
	x.log.InfoContext(ctx, how)
}

// beat sends heartbeats, and closes a connection on which the last one was not answered.
// https://discord.com/developers/docs/events/gateway#sending-heartbeats
func (x *wire) beat(ctx context.Context) {
	wait := rand.N(x.every)
	for {
		sleep(ctx, wait)
		if ctx.Err() != nil {
			return
		}
		if x.unacked.Load() {
			x.shut(errSilent, closeAndResume)
			return
		}
		x.unacked.Store(true)
		if err := x.heartbeat(); err != nil {
			x.shut(err, closeAndResume)
			return
		}
		wait = x.every
	}
}

func (x *wire) heartbeat() error {
	var seq any
	if n := x.session.seq.Load(); n > 0 {
		seq = n
	}
	return x.write(opHeartbeat, seq)
}

// read reads the next message that can be read. Silence ends a connection: heartbeats are answered when nothing happens.
func (x *wire) read() (frame, error) {
	for {
		due := x.due
		if due.IsZero() {
			due = time.Now().Add(x.pace.handshake + 2*x.every)
		}
		_ = x.conn.SetReadDeadline(due)
		_, body, err := x.conn.ReadMessage()
		if err != nil {
			return frame{}, err
		}
		var f frame
		if json.Unmarshal(body, &f) == nil {
			return f, nil
		}
		x.log.Warn("discord: a message of the gateway could not be read", "bytes", len(body))
	}
}

func (x *wire) write(op int, data any) error {
	x.writing.Lock()
	defer x.writing.Unlock()
	_ = x.conn.SetWriteDeadline(time.Now().Add(x.pace.handshake))
	return x.conn.WriteJSON(map[string]any{"op": op, "d": data})
}

// shut closes the connection; the first cause stands. Discord is told, if it still listens.
func (x *wire) shut(cause error, code int) {
	if x.cause.CompareAndSwap(nil, &cause) {
		_ = x.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(time.Second))
		_ = x.conn.Close()
	}
}

// why returns why the connection ended: what we closed it for, or else what reading met.
func (x *wire) why(err error) error {
	if cause := x.cause.Load(); cause != nil {
		return *cause
	}
	return err
}
