package deploy_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// headOf is the first lines of a knock as they go over the wire, up to the body.
func headOf(k knock, length string) string {
	head := "POST " + k.path + " HTTP/1.1\r\nHost: bot\r\n"
	for name, values := range k.header {
		head += name + ": " + values[0] + "\r\n"
	}
	return head + length + "\r\n\r\n"
}

func contentLength(n int) string { return fmt.Sprintf("Content-Length: %d", n) }

func TestBodiesThatDoNotComeWholeAreRefusedWithoutEffect(t *testing.T) {
	d := openDoor(t)
	for _, platform := range []string{"slack", "discord"} {
		whole := d.signed(platform, tempting(platform, "Forged"), time.Now())
		most := whole.body[:len(whole.body)-1]
		unsigned := whole
		unsigned.header = http.Header{}
		ended := d.signed(platform, whole.body+"   ", time.Now()) // what arrives would do by itself
		for name, c := range map[string]struct {
			k      knock
			length string
			body   string
			want   int
		}{
			"signed as a whole":             {whole, contentLength(len(whole.body)), most, 400},
			"signed as it arrives":          {d.signed(platform, most, time.Now()), contentLength(len(whole.body)), most, 400},
			"all but the end that is space": {ended, contentLength(len(ended.body)), whole.body, 400},
			"none of it":                    {whole, contentLength(len(whole.body)), "", 400},
			"not signed":                    {unsigned, contentLength(len(whole.body)), most, 401},
			"in chunks, without the last":   {whole, "Transfer-Encoding: chunked", fmt.Sprintf("%x\r\n%s\r\n", len(whole.body), whole.body), 400},
			"in a chunk that breaks off":    {whole, "Transfer-Encoding: chunked", fmt.Sprintf("%x\r\n%s", len(whole.body), most), 400},
			"in chunks, not signed":         {unsigned, "Transfer-Encoding: chunked", fmt.Sprintf("%x\r\n%s", len(whole.body), most), 401},
		} {
			t.Run(platform+": "+name, func(t *testing.T) {
				conn := d.dial(t)
				d.unmoved(t, func() {
					if _, err := io.WriteString(conn, headOf(c.k, c.length)+c.body); err != nil {
						t.Fatal(err)
					}
					if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
						t.Fatal(err)
					}
					if got := statuses(t, conn); !slices.Equal(got, []int{c.want}) {
						t.Errorf("answered %v, want %d", got, c.want)
					}
				})
			})
		}
	}
	d.p.stop()
}

func TestBodiesThatAreTooLargeAreRefusedWithoutEffect(t *testing.T) {
	d := openDoor(t)
	const limit = 1 << 20
	for _, platform := range []string{"slack", "discord"} {
		body := tempting(platform, "Forged")
		body += strings.Repeat(" ", limit+1-len(body))
		signed := d.signed(platform, body, time.Now())
		unsigned := signed
		unsigned.header = http.Header{}
		for name, c := range map[string]struct {
			k    knock
			want int
		}{"signed": {signed, 413}, "not signed": {unsigned, 401}} {
			t.Run(platform+": "+name, func(t *testing.T) {
				conn := d.dial(t)
				d.unmoved(t, func() {
					go func() { _, _ = io.WriteString(conn, headOf(c.k, contentLength(len(body)))+body) }()
					if got := statuses(t, conn); !slices.Equal(got, []int{c.want}) {
						t.Errorf("with a length it is answered %v, want %d", got, c.want)
					}
				})
			})
			t.Run(platform+", in chunks without end: "+name, func(t *testing.T) {
				conn := d.dial(t)
				d.unmoved(t, func() {
					taken := make(chan int, 1)
					go func() { taken <- chunks(conn, headOf(c.k, "Transfer-Encoding: chunked")) }()
					if got := statuses(t, conn); !slices.Equal(got, []int{c.want}) {
						t.Errorf("answered %v, want %d", got, c.want)
					}
					_ = conn.Close()
					if n := <-taken; n > 16<<20 { // most of it lies in buffers of the system
						t.Errorf("%d MiB were taken", n>>20)
					}
				})
			})
		}
	}
	d.p.stop()
}

// chunks writes a request whose body has no end, and returns how much of it was taken.
func chunks(conn io.Writer, head string) (taken int) {
	if _, err := io.WriteString(conn, head); err != nil {
		return 0
	}
	const size = 16 << 10
	chunk := fmt.Sprintf("%x\r\n%s\r\n", size, strings.Repeat(" ", size))
	for {
		n, err := io.WriteString(conn, chunk)
		taken += n
		if err != nil {
			return taken
		}
	}
}

// trickle writes text a byte at a time until the connection is closed.
func trickle(conn io.Writer, text string) {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for i := 0; ; i++ {
		if _, err := io.WriteString(conn, text[i%len(text):][:1]); err != nil {
			return
		}
		<-tick.C
	}
}

// slowness is a way of sending a request that never ends.
type slowness struct {
	at     string // once
	drip   string // and then this, byte by byte, for ever
	within time.Duration
	want   []int // nil: nothing, or 400 when it ends in the middle of a line
}

// TestSlowClientsAreCutOff keeps more than a hundred connections busy on every route by bytes that never become a request. Each is closed in
// time, and others are answered meanwhile.
func TestSlowClientsAreCutOff(t *testing.T) {
	d := openDoor(t)
	cases := map[string]slowness{
		"nothing":        {"", "", 5 * time.Second, nil},
		"the first line": {"POST /", "x", 5 * time.Second, nil},
	}
	for route, plain := range routes {
		head := route + " HTTP/1.1\r\nHost: bot\r\n"
		cases[route+": a header"] = slowness{head, "X-A: b\r\n", 5 * time.Second, nil}
		cases[route+": a body, not signed"] = slowness{head + contentLength(1000) + "\r\n\r\n", "x", 10 * time.Second, []int{plain}}
		cases[route+": a large body, not signed"] = slowness{head + contentLength(1<<20) + "\r\n\r\n", "x", 10 * time.Second, []int{plain}}
		cases[route+": a chunk, not signed"] = slowness{head + "Transfer-Encoding: chunked\r\n\r\nfffff\r\n", "x", 10 * time.Second, []int{plain}}
	}
	for _, platform := range []string{"slack", "discord"} {
		body := tempting(platform, "Forged")
		signed := d.signed(platform, body, time.Now())
		cases[platform+": a body"] = slowness{headOf(signed, contentLength(1<<20)), body, 10 * time.Second, []int{400}}
		cases[platform+": a chunk"] = slowness{headOf(signed, "Transfer-Encoding: chunked") + "fffff\r\n", body, 10 * time.Second, []int{400}}
		cases[platform+": extensions of chunks"] = slowness{headOf(signed, "Transfer-Encoding: chunked") + "1;", "x", 10 * time.Second, []int{400}}
	}
	var slow sync.WaitGroup
	for name, c := range cases {
		for range 5 {
			conn := d.dial(t)
			slow.Go(func() { c.lasts(t, name, conn) })
		}
	}
	if code, _ := get(t, d.url+"/healthz"); code != http.StatusOK {
		t.Errorf("meanwhile others are answered %d", code)
	}
	d.says("slack", tempting("slack", "Genuine"))
	slow.Wait()
	if got := strings.Join(d.history(), "\n"); strings.Contains(got, "Forged") || !strings.Contains(got, "Genuine") {
		t.Errorf("history:\n%s", got)
	}
	d.p.stop()
}

// lasts sends a request that never ends, and checks that the connection does.
func (c slowness) lasts(t *testing.T, name string, conn net.Conn) {
	began := time.Now()
	if _, err := io.WriteString(conn, c.at); err != nil {
		t.Errorf("%s: %v", name, err)
	}
	if c.drip != "" {
		go trickle(conn, c.drip)
	}
	got := statuses(t, conn)
	if !slices.Equal(got, c.want) && (c.want != nil || !slices.Equal(got, []int{http.StatusBadRequest})) {
		t.Errorf("%s is answered %v, want %v", name, got, c.want)
	}
	if took := time.Since(began); took > c.within+5*time.Second {
		t.Errorf("%s is closed after %v, want %v", name, took, c.within)
	}
}

// TestClientsThatReadNoAnswerAreCutOff asks again and again for what has the longest answer and reads nothing, until no
// answer fits into the buffers of the system any more.
func TestClientsThatReadNoAnswerAreCutOff(t *testing.T) {
	t.Parallel()
	d := openDoor(t)
	const within = 20 * time.Second // for an answer
	many := strings.Repeat("GET /metrics HTTP/1.1\r\nHost: bot\r\n\r\n", 1000)
	var deaf sync.WaitGroup
	for range 20 {
		conn := d.dial(t).(*net.TCPConn)
		if err := errors.Join(conn.SetReadBuffer(4<<10), conn.SetDeadline(time.Now().Add(time.Minute))); err != nil {
			t.Fatal(err)
		}
		deaf.Go(func() {
			began := time.Now()
			var err error
			for err == nil {
				_, err = io.WriteString(conn, many)
			}
			if took := time.Since(began); errors.Is(err, os.ErrDeadlineExceeded) || took < time.Second {
				t.Errorf("after %v: %v; want to be cut off after %v and the time to fill the buffers", took, err, within)
			}
		})
	}
	if code, _ := get(t, d.url+"/healthz"); code != http.StatusOK {
		t.Errorf("meanwhile others are answered %d", code)
	}
	deaf.Wait()
	d.p.stop()
}
