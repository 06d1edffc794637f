package web_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"communitybot/bot/web"
)

// start serves h on loopback until the returned end is called, and hands over what Serve answers.
func start(t *testing.T, h http.Handler) (address string, end context.CancelFunc, ended <-chan error) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		done <- web.Serve(ctx, l, h, quiet)
		close(done)
	}()
	t.Cleanup(func() {
		cancel()
		<-done
	})
	return l.Addr().String(), cancel, done
}

// dial connects, sends text and returns what can be read.
func dial(t *testing.T, address, text string) (net.Conn, *bufio.Reader) {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
	return conn, bufio.NewReader(conn)
}

const get = "GET / HTTP/1.1\r\nHost: bot\r\n"

// status reads one answer and returns its status, and whether the server closes the connection behind it.
func status(t *testing.T, r *bufio.Reader) (int, bool) {
	t.Helper()
	answer, err := http.ReadResponse(r, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, answer.Close
}

func TestTheEndLetsARequestUnderWayFinish(t *testing.T) {
	under, goOn := make(chan struct{}), make(chan struct{})
	address, end, ended := start(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(under)
		<-goOn
		if err := r.Context().Err(); err != nil {
			t.Errorf("the request was given up: %v", err)
		}
		_, _ = io.WriteString(w, "done")
	}))
	_, answer := dial(t, address, get+"\r\n")
	<-under
	end()
	refused := false
	for range 1000 { // until the server takes nobody new
		conn, err := net.Dial("tcp", address)
		if refused = err != nil; refused {
			break
		}
		_ = conn.Close()
	}
	if !refused {
		t.Error("it still takes connections")
	}
	select {
	case err := <-ended:
		t.Fatalf("it ended with %v and left a request behind", err)
	default:
	}
	close(goOn)
	if code, _ := status(t, answer); code != http.StatusOK {
		t.Errorf("status %d", code)
	}
	if err := <-ended; err != nil {
		t.Errorf("it ended with %v", err)
	}
}

func TestAListenerThatBreaksIsAnError(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if err := web.Serve(t.Context(), l, says(""), quiet); !errors.Is(err, net.ErrClosed) {
		t.Errorf("error %v", err)
	}
}

func TestHeadersHaveALimit(t *testing.T) {
	address, _, _ := start(t, says("fine"))
	_, answer := dial(t, address, get+"X-Long: "+strings.Repeat("x", 32<<10)+"\r\n\r\n")
	if code, _ := status(t, answer); code != http.StatusOK {
		t.Errorf("32 KiB of headers: %d", code)
	}
	// The server stops reading early, so all of it may not arrive; what counts is that the request is not answered.
	conn, answer := dial(t, address, get)
	for range 100 {
		if _, err := fmt.Fprintf(conn, "X-Long: %s\r\n", strings.Repeat("x", 4<<10)); err != nil {
			break
		}
	}
	_, _ = io.WriteString(conn, "\r\n")
	if r, err := http.ReadResponse(answer, nil); err == nil {
		defer r.Body.Close()
		if r.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
			t.Errorf("400 KiB of headers: %s", r.Status)
		}
	}
}

// pipes is a listener whose connections are made in memory, so that time can be a test's own.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	close(p.closed)
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

func TestSlowClientsAreCutOff(t *testing.T) {
	for name, c := range map[string]struct {
		sends string // and then nothing more
		after time.Duration
	}{
		"nothing at all":         {"", 5 * time.Second},
		"half a header":          {"GET / HTTP/1.1\r\nHost: b", 5 * time.Second},
		"a header without a end": {get, 5 * time.Second},
		"half a body":            {"POST / HTTP/1.1\r\nHost: bot\r\nContent-Length: 10\r\n\r\nhalf", 10 * time.Second},
		"a request, then idle":   {get + "\r\n", 2 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := &pipes{conns: make(chan net.Conn), closed: make(chan struct{})}
				ctx, end := context.WithCancel(t.Context())
				ended := make(chan error)
				go func() {
					ended <- web.Serve(ctx, l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
						_, _ = io.Copy(w, r.Body)
					}), quiet)
				}()
				client, server := net.Pipe()
				l.conns <- server
				began := time.Now()
				go func() { _, _ = io.WriteString(client, c.sends) }()
				_, _ = io.Copy(io.Discard, client) // until the server closes
				if took := time.Since(began); took < c.after || took > c.after+time.Second {
					t.Errorf("cut off after %s, want %s", took, c.after)
				}
				_ = client.Close()
				end()
				if err := <-ended; err != nil {
					t.Error(err)
				}
			})
		})
	}
}

func TestTheEndDoesNotWaitForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &pipes{conns: make(chan net.Conn), closed: make(chan struct{})}
		ctx, end := context.WithCancel(t.Context())
		under, goOn, ended := make(chan struct{}), make(chan struct{}), make(chan error)
		go func() {
			ended <- web.Serve(ctx, l, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
				close(under)
				<-goOn
			}), quiet)
		}()
		client, server := net.Pipe()
		l.conns <- server
		go func() { _, _ = io.Copy(io.Discard, client) }()
		if _, err := io.WriteString(client, get+"\r\n"); err != nil {
			t.Fatal(err)
		}
		<-under
		asked := time.Now()
		end()
		if err := <-ended; err != nil || time.Since(asked) != 6*time.Second {
			t.Errorf("it ended after %s with %v", time.Since(asked), err)
		}
		close(goOn)
		_ = client.Close()
	})
}
