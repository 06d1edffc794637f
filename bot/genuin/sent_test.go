package genuin_test

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"communitybot/bot"
	"communitybot/bot/genuin"
	"communitybot/bot/genuin/genuinfake"
)

// short is a timeout that a test waits for.
const short = 50 * time.Millisecond

func TestWhatWasNeverSentIsUnreachable(t *testing.T) {
	ready := genuin.Options{AccessToken: readyToken, Timeout: short}
	dial := func(f func(ctx context.Context) (net.Conn, error)) http.RoundTripper {
		return &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return f(ctx) }}
	}
	tests := []struct {
		name  string
		setUp func(t *testing.T, o *genuin.Options)
	}{
		{"nobody listens", func(t *testing.T, o *genuin.Options) {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			o.BaseURL = "http://" + l.Addr().String()
			l.Close()
		}},
		{"no such name", func(_ *testing.T, o *genuin.Options) {
			o.BaseURL = "https://genuin.test"
			o.Transport = dial(func(context.Context) (net.Conn, error) {
				return nil, &net.DNSError{Err: "no such host", IsNotFound: true}
			})
		}},
		{"the connection takes too long", func(t *testing.T, o *genuin.Options) {
			o.BaseURL = "http://genuin.test"
			over := make(chan struct{}) // net/http lets a dial go on when its caller has left
			t.Cleanup(func() { close(over) })
			o.Transport = dial(func(context.Context) (net.Conn, error) { <-over; return nil, net.ErrClosed })
		}},
		{"a certificate that nobody knows", func(t *testing.T, o *genuin.Options) {
			s := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the request arrived") }))
			s.Config.ErrorLog = discard
			s.StartTLS()
			t.Cleanup(s.Close)
			o.BaseURL, o.Timeout = s.URL, 0
		}},
		{"a server that does not speak TLS", func(t *testing.T, o *genuin.Options) {
			o.BaseURL = "https" + listen(t, func(c net.Conn) { _, _ = io.WriteString(c, "220 hello\r\n"); c.Close() })[len("http"):]
		}},
		{"a TLS handshake that hangs", func(t *testing.T, o *genuin.Options) {
			o.BaseURL = "https" + listen(t, func(c net.Conn) { _, _ = io.Copy(io.Discard, c) })[len("http"):]
		}},
		{"a base URL that is none", func(_ *testing.T, o *genuin.Options) { o.BaseURL = "genuin.test" }},
		{"a base URL of another kind", func(_ *testing.T, o *genuin.Options) { o.BaseURL = "ftp://genuin.test" }},
		{"no base URL", func(*testing.T, *genuin.Options) {}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := ready
			tt.setUp(t, &o)
			if r := refused(t, genuin.New(o), t.Context()); r.Reason != bot.Unreachable || r.Status != 0 || r.Err == nil {
				t.Errorf("got %v", r)
			}
		})
	}
}

func TestACallThatIsCancelledBeforeItStartsIsNotSent(t *testing.T) {
	f := fake(t, genuinfake.Options{AccessToken: readyToken})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, c := range []*genuin.Client{withToken(f.URL()), withKey(f)} {
		if r := refused(t, c, ctx); r.Reason != bot.Unreachable || !errors.Is(r, context.Canceled) {
			t.Errorf("got %v", r)
		}
	}
	if n := len(f.Calls()); n != 0 {
		t.Errorf("%d calls arrived", n)
	}
}

func TestWhatWasSentAndNotAnsweredMayHaveLanded(t *testing.T) {
	tests := []struct {
		name  string
		serve func(net.Conn)
	}{
		{"closed without a word", func(c net.Conn) { _ = readRequest(bufio.NewReader(c)); c.Close() }},
		{"closed before it was read", func(c net.Conn) { _, _ = c.Read(make([]byte, 1)); c.Close() }},
		{"silence", func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }},
		{"not HTTP", func(c net.Conn) {
			_ = readRequest(bufio.NewReader(c))
			_, _ = io.WriteString(c, "hello\r\n\r\n")
			c.Close()
		}},
		{"half a header", func(c net.Conn) {
			_ = readRequest(bufio.NewReader(c))
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nCont")
			c.Close()
		}},
		{"half a success", func(c net.Conn) {
			_ = readRequest(bufio.NewReader(c))
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{\"code\":200,\"data\":{\"community_id\":\"x\"}}")
			c.Close()
		}},
		{"a success that never ends", func(c net.Conn) {
			_ = readRequest(bufio.NewReader(c))
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{\"code\":200,")
			_, _ = io.Copy(io.Discard, c)
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := genuin.New(genuin.Options{BaseURL: listen(t, tt.serve), AccessToken: readyToken, Timeout: short})
			if r := refused(t, c, t.Context()); !r.MayHaveLanded() {
				t.Errorf("got %v", r)
			}
		})
	}
}

func TestAnAnswerWhoseHeaderDoesNotEndIsCutOff(t *testing.T) {
	r := refused(t, withToken(listen(t, func(c net.Conn) {
		_ = readRequest(bufio.NewReader(c))
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\n")
		for {
			if _, err := io.WriteString(c, "X-More: and more and more and more\r\n"); err != nil {
				return
			}
		}
	})), t.Context())
	if r.Reason != bot.NoAnswer || !strings.Contains(r.Error(), "65536 bytes") {
		t.Errorf("got %v", r)
	}
}

func TestACallerWhoLeavesAfterSendingMayHaveACommunity(t *testing.T) {
	for name, end := range map[string]struct {
		timeout time.Duration
		cause   error
	}{"by timeout": {short, context.DeadlineExceeded}, "by cancelling": {time.Minute, context.Canceled}} {
		t.Run(name, func(t *testing.T) {
			f := fake(t, genuinfake.Options{AccessToken: readyToken})
			f.Next(genuinfake.HoldMade)
			c := genuin.New(genuin.Options{BaseURL: f.URL(), AccessToken: readyToken, Timeout: end.timeout})
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			go func() {
				if f.WaitHeld(ctx, 1) == nil && errors.Is(end.cause, context.Canceled) {
					cancel()
				}
			}()
			if r := refused(t, c, ctx); r.Reason != bot.NoAnswer || !errors.Is(r, end.cause) {
				t.Errorf("got %v", r)
			}
			if r := refused(t, c, t.Context()); r.Reason != bot.HandleTaken || len(f.Communities()) != 1 {
				t.Errorf("then got %v, with %d communities", r, len(f.Communities()))
			}
		})
	}
}

func TestATransportThatGoesOnAfterItGaveUpCannotSendTheBody(t *testing.T) {
	read := make(chan error, 1)
	returned := make(chan struct{})
	c := genuin.New(genuin.Options{BaseURL: "http://genuin.test", AccessToken: readyToken, Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		go func() {
			<-returned
			_, err := r.Body.Read(make([]byte, 1))
			read <- err
		}()
		return nil, errors.New("gave up")
	})})
	r := refused(t, c, t.Context())
	close(returned)
	if err := <-read; r.Reason != bot.Unreachable || err == nil || errors.Is(err, io.EOF) {
		t.Errorf("called it %s, and a later read of the body got %v", r.Reason, err)
	}
}

// A kept connection that the server closes when the request is on it is the case in which net/http sends some requests
// again.
func TestALostAnswerOnAKeptConnectionIsNotSentAgain(t *testing.T) {
	var requests, connections atomic.Int32
	url := listen(t, func(c net.Conn) {
		connections.Add(1)
		defer c.Close()
		r := bufio.NewReader(c)
		for n := 1; readRequest(r) == nil; n++ {
			requests.Add(1)
			if n == 2 {
				return
			}
			_, _ = io.WriteString(c, "HTTP/1.1 500 Oops\r\nContent-Length: 2\r\n\r\n{}")
		}
	})
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	c := genuin.New(genuin.Options{BaseURL: url, AccessToken: readyToken, Transport: transport})
	if r := refused(t, c, t.Context()); r.Reason != bot.Broken {
		t.Errorf("first got %v", r)
	}
	if r := refused(t, c, t.Context()); r.Reason != bot.NoAnswer {
		t.Errorf("then got %v", r)
	}
	if requests.Load() != 2 || connections.Load() != 1 {
		t.Errorf("%d requests on %d connections, want 2 on 1", requests.Load(), connections.Load())
	}
}

// net/http's HTTP/2 sends a request again, POST or not, when the server resets its stream for a protocol error.
func TestAResetHTTP2StreamIsNotSentAgain(t *testing.T) {
	var streams atomic.Int32
	url := listen(t, func(c net.Conn) { resetStreams(c, &streams) })
	transport := &http.Transport{Protocols: new(http.Protocols)}
	transport.Protocols.SetUnencryptedHTTP2(true)
	t.Cleanup(transport.CloseIdleConnections)
	c := genuin.New(genuin.Options{BaseURL: url, AccessToken: readyToken, Transport: transport})
	if r := refused(t, c, t.Context()); r.Reason != bot.NoAnswer || streams.Load() != 1 {
		t.Errorf("got %v after %d streams, want one", r, streams.Load())
	}
}

// resetStreams speaks just enough HTTP/2 (https://www.rfc-editor.org/rfc/rfc9113) to take each request whole and then
// reset its stream with PROTOCOL_ERROR.
func resetStreams(c net.Conn, streams *atomic.Int32) {
	const (
		data, headers, rstStream, settings = 0, 1, 3, 4
		endStream, ack                     = 1, 1
		preface                            = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
	)
	frame := func(kind, flags byte, stream uint32, payload ...byte) {
		b := []byte{0, 0, byte(len(payload)), kind, flags}
		_, _ = c.Write(append(binary.BigEndian.AppendUint32(b, stream), payload...))
	}
	r := bufio.NewReader(c)
	if _, err := r.Discard(len(preface)); err != nil {
		return
	}
	frame(settings, 0, 0)
	for {
		var head [9]byte
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return
		}
		length := int(head[0])<<16 | int(head[1])<<8 | int(head[2])
		if _, err := r.Discard(length); err != nil {
			return
		}
		kind, flags := head[3], head[4]
		switch {
		case kind == settings && flags&ack == 0:
			frame(settings, ack, 0)
		case (kind == data || kind == headers) && flags&endStream != 0:
			streams.Add(1)
			frame(rstStream, 0, binary.BigEndian.Uint32(head[5:]), 0, 0, 0, 1)
		}
	}
}

func TestEveryCallHasAConnectionOfItsOwn(t *testing.T) {
	var connections atomic.Int32
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"code":200,"data":{"community_id":"x"}}`)
	}))
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	s.Start()
	t.Cleanup(s.Close)
	c := withToken(s.URL)
	for range 3 {
		if _, err := c.Create(t.Context(), chess); err != nil {
			t.Fatal(err)
		}
	}
	if connections.Load() != 3 {
		t.Errorf("%d connections for 3 calls", connections.Load())
	}
}
