package slack

import (
	"bufio"
	"context"
	"crypto/sha1"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
)

// upgrade answers the handshake of a WebSocket, and takes whatever comes by it afterwards.
func upgrade(t *testing.T, there net.Conn) {
	from := bufio.NewReader(there)
	request, err := http.ReadRequest(from)
	if err != nil {
		t.Error(err)
		return
	}
	key := sha1.Sum([]byte(request.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	answer := "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
		base64.StdEncoding.EncodeToString(key[:]) + "\r\n\r\n"
	if _, err := io.WriteString(there, answer); err != nil {
		t.Error(err)
	}
	_, _ = io.Copy(io.Discard, from) // until the other side closes it
}

func TestPingsAloneKeepAConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		here, there := net.Pipe()
		go upgrade(t, there)
		dialer := websocket.Dialer{NetDialContext: func(context.Context, string, string) (net.Conn, error) { return here, nil }}
		ws, response, err := dialer.DialContext(t.Context(), "ws://slack.test/link", nil)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		s := &socket{Adapter: New(Options{AppToken: appToken, Log: (&logBook{}).logger()}), answering: t.Context()}
		c := s.over(ws)
		go c.serve(t.Context())

		pace := time.NewTicker(silence / 3)
		defer pace.Stop()
		for range 12 {
			<-pace.C
			if _, err := there.Write([]byte{0x89, 0}); err != nil { // a ping
				t.Fatalf("the connection was given up: %v", err)
			}
		}
		start := time.Now()
		<-c.ended
		if took := time.Since(start); took != silence {
			t.Errorf("given up %v after the last ping", took)
		}
	})
}
