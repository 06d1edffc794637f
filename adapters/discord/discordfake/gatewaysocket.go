package discordfake

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// socket is one connection to the gateway. What is sent on it waits in out, so that nobody who sends waits.
type socket struct {
	conn    *websocket.Conn
	out     chan outgoing
	session *session // guarded by the fake's lock
	once    sync.Once
	done    chan struct{}
	closing atomic.Bool // by us
}

// outgoing is a message, or the end with a code.
type outgoing struct {
	body   []byte
	code   int
	reason string
}

// send queues a message. A bot that reads so slowly that the queue is full is cut off.
func (x *socket) send(f frame) { x.queue(outgoing{body: marshal(f)}) }

// close queues the end of the connection.
func (x *socket) close(code int, reason string) {
	x.closing.Store(true)
	x.queue(outgoing{code: code, reason: reason})
}

func (x *socket) queue(o outgoing) {
	select {
	case x.out <- o:
	default:
		_ = x.conn.Close()
	}
}

// finish ends the connection, once nobody reads from it any more.
func (x *socket) finish() {
	x.once.Do(func() { close(x.done) })
}

// write sends what is queued until the connection is over. After a close frame the bot has a second to answer it.
func (x *socket) write() {
	defer func() { _ = x.conn.Close() }()
	for {
		select {
		case o := <-x.out:
			if !x.put(o) {
				return
			}
		case <-x.done:
			for { // what was queued before the end is sent before it
				select {
				case o := <-x.out:
					if !x.put(o) {
						return
					}
				default:
					return
				}
			}
		}
	}
}

// put sends one message and reports whether more may follow.
func (x *socket) put(o outgoing) bool {
	until := time.Now().Add(time.Second)
	if o.code == 0 {
		_ = x.conn.SetWriteDeadline(until)
		return x.conn.WriteMessage(websocket.TextMessage, o.body) == nil
	}
	_ = x.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(o.code, o.reason), until)
	_ = x.conn.SetReadDeadline(until)
	select {
	case <-x.done:
	case <-time.After(time.Second):
	}
	return false
}
