package genuin

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"

	"communitybot/bot"
)

const (
	maxBody   = 1 << 20  // bytes of an answer that are read
	maxHeader = 64 << 10 // bytes of its header

	userAgent = "communitybot"
)

// answer is what came back from a call. With status 0 nothing did, and err says why; a status with err is an answer
// whose body could not be read.
type answer struct {
	status int
	header http.Header
	body   []byte
	err    error
	sent   bool // some of the request's body was given away, so all of it may have arrived
}

// transport returns a transport that opens a connection for each call. Communities are made by hand, a few a day, so
// a kept connection would mostly be one that the other side is just closing: then a lost answer is not to be told from
// a request that never arrived. On a fresh connection every lost answer is a real one, and net/http never sends again.
func transport() *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.DisableKeepAlives = true
	t.MaxResponseHeaderBytes = maxHeader
	return t
}

// post sends JSON once: it follows no redirect, which is an answer like any other. A token of "" sends no Authorization.
func (c *Client) post(ctx context.Context, path, token string, payload []byte) answer {
	if c.baseErr != nil {
		return answer{err: c.baseErr}
	}
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	body := &outgoing{rest: bytes.NewReader(payload)}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base.JoinPath(path).String(), body)
	if err != nil {
		return answer{err: err}
	}
	req.ContentLength = int64(len(payload))
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", userAgent)
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
		bot.Trace(ctx, req.Header) // a token is for all requests, so fetching one is for none
	}
	resp, err := c.wire.RoundTrip(req)
	if err != nil {
		return answer{err: fmt.Errorf("POST %s: %w", req.URL.Path, err), sent: body.seal()}
	}
	defer resp.Body.Close()
	a := answer{status: resp.StatusCode, header: resp.Header, sent: true}
	a.body, a.err = io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	if len(a.body) > maxBody {
		a.body, a.err = nil, fmt.Errorf("the answer is longer than %d bytes", maxBody)
	}
	return a
}

// outgoing is a request body that can be read once and knows whether it was. The handle is in the body, so a call whose
// body nobody has read can't have made anything: this holds for every transport and protocol, where httptrace tells
// only that a connection was there. It has no way back to its start (http.Request.GetBody), so no transport can send it
// twice behind our back: https://pkg.go.dev/net/http#Transport, and HTTP/2 does so even for a POST.
type outgoing struct {
	mu     sync.Mutex
	rest   *bytes.Reader
	read   bool
	sealed bool
}

var errSealed = errors.New("genuin: the call is over, its body stays here")

// Read gives the body away.
func (o *outgoing) Read(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.sealed {
		return 0, errSealed
	}
	o.read = true
	return o.rest.Read(p)
}

// Close ends the reading.
func (o *outgoing) Close() error {
	o.seal()
	return nil
}

// seal makes every later Read fail and reports whether there was one before. A transport may still be writing when
// its RoundTrip has returned; after seal the answer "never read" can't become wrong any more.
func (o *outgoing) seal() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.sealed = true
	return o.read
}
