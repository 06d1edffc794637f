package discord

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"communitybot/adapters/discord/discordfake"
	"communitybot/bot"

	"github.com/gorilla/websocket"
)

// newOddGateway returns an adapter whose gateway is served by serve, one connection after the other.
func newOddGateway(t *testing.T, serve func(*websocket.Conn)) (*gatewayWorld, *Adapter) {
	t.Helper()
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasSuffix(r.URL.Path, "/gateway/bot"):
			_, _ = rw.Write([]byte(`{"url":"ws://` + r.Host + `"}`))
		case !websocket.IsWebSocketUpgrade(r):
			_, _ = rw.Write([]byte(`{}`))
		default:
			conn, err := up.Upgrade(rw, r, nil)
			if err != nil {
				t.Error(err)
				return
			}
			defer func() { _ = conn.Close() }()
			serve(conn)
		}
	}))
	t.Cleanup(server.Close)
	w := newGatewayWorld(t, discordfake.Options{}, ok)
	a := w.replica("odd", quick)
	a.rest = mustREST(t, Options{Token: "t", APIURL: server.URL, HTTP: w.client})
	return w, a
}

func mustREST(t *testing.T, o Options) rest {
	t.Helper()
	r, err := newREST(o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestAHelloThatCanNotBeMeantIsRefused(t *testing.T) {
	for _, interval := range []string{"1e300", "1e-7", "-1", "0", "999", "600001", `"x"`, "null"} {
		t.Run(interval, func(t *testing.T) {
			w, a := newOddGateway(t, func(c *websocket.Conn) {
				_ = c.WriteMessage(websocket.TextMessage, []byte(`{"op":10,"d":{"heartbeat_interval":`+interval+`}}`))
				_, _, _ = c.ReadMessage()
			})
			a.pace.fastest = realPace.fastest
			w.runs(a)
			w.until("readiness says so", func() bool {
				err := a.Ready(t.Context())
				return err != nil && strings.Contains(err.Error(), "did not say hello")
			})
			if n := w.panics.Load(); n != 0 {
				t.Errorf("%d panics:\n%s", n, w.log)
			}
		})
	}
}

func TestAConnectionThatNeverBeginsIsGivenUp(t *testing.T) {
	w, a := newOddGateway(t, func(c *websocket.Conn) {
		err := c.WriteMessage(websocket.TextMessage, []byte(`{"op":10,"d":{"heartbeat_interval":45000}}`))
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for err == nil { // it says something all the time, and never that a session begins
			<-tick.C
			err = c.WriteMessage(websocket.TextMessage, []byte(`{"op":11}`))
		}
	})
	a.pace.handshake = 200 * time.Millisecond
	w.runs(a)
	w.until("it is tried again", func() bool { return w.log.count("trying again") > 1 })
}

func TestOnlyHeartbeatsOfOurOwnHaveToBeAnswered(t *testing.T) {
	var asked atomic.Int32
	w, a := newOddGateway(t, func(c *websocket.Conn) {
		_ = c.WriteMessage(websocket.TextMessage, []byte(`{"op":10,"d":{"heartbeat_interval":200}}`))
		_, _, _ = c.ReadMessage() // identify
		err := c.WriteMessage(websocket.TextMessage, []byte(`{"op":0,"s":1,"t":"READY","d":{"session_id":"s"}}`))
		for err == nil {
			if _, _, err = c.ReadMessage(); err == nil { // a heartbeat of its own, which is answered
				_ = c.WriteMessage(websocket.TextMessage, []byte(`{"op":11}`))
				_ = c.WriteMessage(websocket.TextMessage, []byte(`{"op":1}`))
				_, _, err = c.ReadMessage() // one that was asked for, which is not
				asked.Add(1)
			}
		}
	})
	w.runs(a)
	w.until("some were sent", func() bool { return asked.Load() > 4 || w.log.count(errSilent.Error()) > 0 })
	if w.log.count(errSilent.Error()) > 0 {
		t.Errorf("the log:\n%s", w.log)
	}
}

// panicking is a bot.Leases with a bug, once it is held.
type panicking struct{ held bool }

func (l *panicking) Hold(context.Context, string, string, time.Duration) (bool, error) {
	if l.held {
		panic("a bug in the leases")
	}
	l.held = true
	return true, nil
}

func (*panicking) Release(context.Context, string, string) error { panic("another bug") }

func TestPanicsBesideTheGatewayAreSurvivedAndCounted(t *testing.T) {
	w := newGatewayWorld(t, discordfake.Options{}, ok)
	w.a.leases = new(panicking)
	stop := w.connects()
	w.until("a panic is counted", func() bool { return w.panics.Load() > 0 })
	stop()
	if w.log.count("a bug in the leases") == 0 || w.log.count("another bug") == 0 {
		t.Errorf("the log:\n%s", w.log)
	}
}

func TestAPanicWhileSomethingIsLookedUpIsSurvivedAndCounted(t *testing.T) {
	w := newGatewayWorld(t, discordfake.Options{}, ok)
	var m memory[string]
	_, err := m.get(t.Context(), w.clock.Now, "key", guarded(w.a, func(context.Context) (string, error) { panic("a bug") }))
	if bot.CodeOf(err) != bot.Internal || !errors.Is(err, errPanic) || w.panics.Load() != 1 {
		t.Errorf("got %v; %d panics", err, w.panics.Load())
	}
}
