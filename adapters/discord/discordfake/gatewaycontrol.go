package discordfake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Await waits until that many connections to the gateway are up, each with a session.
func (f *Fake) Await(ctx context.Context, connections int) error {
	for {
		f.mu.Lock()
		n, changed := f.gateway.connected(), f.gateway.changed
		f.mu.Unlock()
		if n == connections {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("discordfake: %d connections to the gateway, not %d: %w", n, connections, ctx.Err())
		}
	}
}

// Identified returns how many sessions have begun at the gateway. Coming back to one begins none.
func (f *Fake) Identified() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.gateway.identified
}

// Resumed returns how often a bot came back to a session.
func (f *Fake) Resumed() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.gateway.resumed
}

// Heartbeats returns how many heartbeats have come.
func (f *Fake) Heartbeats() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.gateway.heartbeats
}

// MostConnected returns how many connections were up at the same time at most.
func (f *Fake) MostConnected() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.gateway.most
}

// each does something to every session that is connected.
func (f *Fake) each(do func(*session)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, s := range append([]*session(nil), f.gateway.sessions...) {
		if s.on != nil {
			do(s)
		}
	}
}

// AskToReconnect has the gateway ask every connection to come again (opcode 7).
func (f *Fake) AskToReconnect() {
	f.each(func(s *session) { s.on.send(frame{Op: opReconnect}) })
}

// Invalidate has the gateway call every connected session invalid (opcode 9). One that is not resumable is over.
func (f *Fake) Invalidate(resumable bool) {
	f.each(func(s *session) {
		if !resumable {
			f.gateway.end(s)
		}
		s.on.send(frame{Op: opInvalid, Data: resumable})
	})
}

// Forget ends every session, without a word: whoever comes back to one is told that it is invalid.
func (f *Fake) Forget() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.gateway.sessions = nil
}

// CloseConnections has the gateway close every connection with a code.
func (f *Fake) CloseConnections(code int) {
	f.each(func(s *session) { s.on.close(code, "") })
}

// DropConnections breaks every connection, without a word.
func (f *Fake) DropConnections() {
	f.each(func(s *session) { _ = s.on.conn.NetConn().Close() })
}

// IgnoreHeartbeats says whether the gateway leaves heartbeats unanswered.
func (f *Fake) IgnoreHeartbeats(yes bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.gateway.mute = yes
}

// RefuseSessions has the gateway close whoever wants to begin a session with a code, such as 4014; 0 ends it.
func (f *Fake) RefuseSessions(code int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.gateway.refuse = code
}

// LimitSessions sets how many sessions may still begin, and after how long there are more.
func (f *Fake) LimitSessions(remaining int, reset time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.gateway.limit.Remaining, f.gateway.limit.Reset = remaining, reset.Milliseconds()
}

// Push sends any text to every connection, outside of what a gateway says.
func (f *Fake) Push(text string) {
	f.each(func(s *session) { s.on.queue(outgoing{body: []byte(text)}) })
}

// Heartbeat has the gateway ask every connection for a heartbeat (opcode 1).
func (f *Fake) Heartbeat() {
	f.each(func(s *session) { s.on.send(frame{Op: opHeartbeat}) })
}

// Dispatch sends an event to every session. data is JSON.
func (f *Fake) Dispatch(kind, data string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.dispatch(kind, json.RawMessage(data))
}

// DispatchAgain sends the last interaction to every session once more.
func (f *Fake) DispatchAgain() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.last == nil {
		return errors.New("discordfake: nothing was delivered yet")
	}
	f.dispatch(eventInteraction, f.last.body)
	return nil
}

// eventInteraction is the event that an interaction comes in.
const eventInteraction = "INTERACTION_CREATE"

// overGateway dispatches an interaction, if this application gets them that way: no endpoint is set, and its bot is
// connected or may come back.
func (f *Fake) overGateway(body []byte) bool {
	f.mu.Lock()
	yes := f.endpoint == "" && len(f.gateway.sessions) > 0
	f.mu.Unlock()
	if !yes {
		return false
	}
	// It is noted before what answers it.
	f.end(f.note(Exchange{Delivery: true, What: eventInteraction, Method: "WEBSOCKET", Path: eventInteraction, Body: body}), 0, nil)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.last = &delivery{body: body}
	f.dispatch(eventInteraction, body)
	return true
}
