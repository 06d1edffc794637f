package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack/socketmode"
)

// connection is one WebSocket to Slack. slack-go's own client closes it as soon as Slack announces its end, which loses
// what is under way, and sends acknowledgements by whichever connection there is; so this one is kept here.
type connection struct {
	*socket
	ws      *websocket.Conn
	greeted chan struct{} // closed at Slack's hello
	leaving chan struct{} // closed when Slack asks to connect anew
	reason  string        // why it does
	ended   chan struct{} // closed when nothing comes any more
	lost    error         // why nothing does
	work    sync.WaitGroup

	mu      sync.Mutex
	stopped bool // reading

	writing sync.Mutex // gorilla takes one writer at a time
}

// connect opens a connection and waits until Slack greets it.
// https://docs.slack.dev/reference/methods/apps.connections.open
func (s *socket) connect(ctx context.Context) (*connection, error) {
	soon, cancel := context.WithTimeout(ctx, connectWithin)
	defer cancel()
	_, url, err := s.api.StartSocketModeContext(soon)
	if err != nil {
		return nil, err
	}
	dialer := websocket.Dialer{Proxy: http.ProxyFromEnvironment, WriteBufferSize: writeBuffer}
	ws, response, err := dialer.DialContext(soon, url, nil)
	if err != nil {
		if response != nil {
			_ = response.Body.Close()
			err = fmt.Errorf("%w: %s", err, response.Status)
		}
		return nil, err
	}
	c := s.over(ws)
	s.connections.Go(func() { c.serve(ctx) })
	select {
	case <-c.greeted:
		return c, nil
	case <-c.ended:
		if c.reason != "" {
			return nil, fmt.Errorf("turned away: %s", c.reason)
		}
		return nil, c.lost
	case <-soon.Done():
		c.stop()
		return nil, errors.New("no greeting from Slack")
	}
}

// over returns a connection by a WebSocket that is open.
func (s *socket) over(ws *websocket.Conn) *connection {
	c := &connection{
		socket: s, ws: ws,
		greeted: make(chan struct{}), leaving: make(chan struct{}), ended: make(chan struct{}),
	}
	ws.SetReadLimit(maxFrame)
	ws.SetPingHandler(func(data string) error {
		c.listen()
		_ = ws.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(time.Second)) // reading finds out what is wrong
		return nil
	})
	return c
}

// serve reads until the connection is lost or ctx ends, and closes it when all that came by it is answered.
func (c *connection) serve(ctx context.Context) {
	defer func() { _ = c.ws.Close() }()
	defer context.AfterFunc(ctx, c.stop)()
	greeted := false
	for {
		c.listen()
		_, frame, err := c.ws.ReadMessage()
		if err != nil {
			c.lost = err
			break
		}
		var r socketmode.Request
		if err := json.Unmarshal(frame, &r); err != nil {
			c.garbled(ctx, frame, err)
			continue
		}
		switch r.Type {
		case socketmode.RequestTypeHello:
			if !greeted {
				greeted = true
				c.link.up()
				close(c.greeted)
			}
		case socketmode.RequestTypeDisconnect:
			c.leave(r.Reason)
		default:
			if r.EnvelopeID == "" {
				c.unreadable(ctx, frame, errNoEnvelope)
				continue
			}
			c.take(ctx, r)
		}
	}
	if greeted {
		c.link.down(c.lost)
	}
	close(c.ended)
	c.work.Wait()
	bye := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
	_ = c.ws.WriteControl(websocket.CloseMessage, bye, time.Now().Add(time.Second)) // it may be gone already
}

// leave notes that Slack is going to close the connection: "warning" some seconds before, "refresh_requested" for one
// that is old, "link_disabled" when Socket Mode was switched off.
func (c *connection) leave(reason string) {
	select {
	case <-c.leaving:
	default:
		c.reason = reason
		close(c.leaving)
	}
}

// lingers is how long an old connection is listened to when the next one stands: Slack closes it within ten seconds.
const lingers = 15 * time.Second

// retire has the connection end when Slack closes it, or soon.
func (c *connection) retire() { time.AfterFunc(lingers, c.stop) }

// listen goes on reading for as long as Slack may be silent.
func (c *connection) listen() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.stopped {
		_ = c.ws.SetReadDeadline(time.Now().Add(c.silence)) // reading fails if this does
	}
}

// stop ends reading. What was read is still answered.
func (c *connection) stop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stopped = true
	_ = c.ws.SetReadDeadline(time.Now())
}
