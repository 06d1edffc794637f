// Package genuinfake is a Genuin that behaves: a real HTTP server on loopback that keeps the contract of the Create
// Community API (tokens, mandatory fields, unique handles, known categories) and fails in each way it is told to.
//
// It imports the standard library only. The tests and the sandbox run on it.
package genuinfake

import (
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// What a fake started with zero Options takes for authentication.
const (
	Key    = "genuin-sandbox-key"
	Secret = "genuin-sandbox-secret"
)

// LeaderPhone is the leader's phone number in every success: personal data that must turn up nowhere else.
const LeaderPhone = "91333333333333"

// Where the API lives.
const (
	AuthPath   = "/api/thirdparty/auth"
	CreatePath = "/api/thirdparty/community/create"
)

const maxBody = 1 << 20 // bytes of a request that are read

// TokenPlace is where the answer of an authentication call holds the token. Genuin's pages leave that open.
type TokenPlace int

// The places.
const (
	InHeader TokenPlace = iota
	InBody              // at the top level of the JSON
	InData              // in its data
)

// Options is what a fake starts with. The zero value is a Genuin with Key, Secret and the categories 1 to 12.
type Options struct {
	APIKey      string        // empty: Key
	APISecret   string        // empty: Secret
	AccessToken string        // a token that is good from the start and never expires; empty: none
	Categories  []int64       // the existing ones; nil: 1 to 12
	Taken       []string      // handles that belong to somebody else already
	RetryAfter  time.Duration // what RateLimited asks for, in whole seconds; 0: 2 s
	Slow        time.Duration // how long a call takes with the mode Slow; 0: 6 s
	TokenIn     TokenPlace
	Now         func() time.Time // when things happened; nil: time.Now
}

// Fake is a running Genuin. Its methods are safe for concurrent use.
type Fake struct {
	options Options
	url     string
	server  *http.Server
	served  chan struct{} // closed when the server has stopped
	closed  chan struct{} // closed by Close
	closing sync.Once
	gate    gate

	mu          sync.Mutex
	tokens      map[string]bool // those that were given out and have not expired
	taken       map[string]bool // handles
	communities []Community
	calls       []Call
	changed     chan struct{}
	creates     queue
	auths       queue
}

// Start starts a fake on a free port of 127.0.0.1.
func Start(o Options) (*Fake, error) {
	if o.APIKey == "" {
		o.APIKey = Key
	}
	if o.APISecret == "" {
		o.APISecret = Secret
	}
	if o.Categories == nil {
		o.Categories = []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.RetryAfter == 0 {
		o.RetryAfter = 2 * time.Second
	}
	if o.Slow == 0 {
		o.Slow = 6 * time.Second
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("genuinfake: %w", err)
	}
	f := &Fake{
		options: o,
		url:     "http://" + listener.Addr().String(),
		served:  make(chan struct{}),
		closed:  make(chan struct{}),
		tokens:  make(map[string]bool),
		taken:   make(map[string]bool),
		changed: make(chan struct{}),
	}
	for _, handle := range o.Taken {
		f.taken[handle] = true
	}
	f.server = &http.Server{Handler: f, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		defer close(f.served)
		_ = f.server.Serve(listener) // ends with ErrServerClosed
	}()
	return f, nil
}

// URL returns the base URL, without a slash at its end.
func (f *Fake) URL() string { return f.url }

// Close drops every connection, those of held calls too, and stops the server.
func (f *Fake) Close() {
	f.closing.Do(func() {
		close(f.closed)
		_ = f.server.Close()
		<-f.served
	})
}

// ServeHTTP answers one request. A call is on record before its answer leaves.
func (f *Fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	began := f.options.Now()
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	a := plain(http.StatusRequestEntityTooLarge)
	if err == nil {
		a = f.route(r, body)
	}
	f.record(r, began, body, a)
	a.write(w)
}

func (f *Fake) route(r *http.Request, body []byte) answer {
	path := r.URL.Path
	switch {
	case path == CreatePath && r.Method == http.MethodPost:
		return f.create(r, body)
	case path == AuthPath && r.Method == http.MethodPost:
		return f.auth(body)
	case path == CreatePath, path == AuthPath:
		return plain(http.StatusMethodNotAllowed)
	case strings.HasPrefix(path, mediaPath):
		return f.media(strings.TrimPrefix(path, mediaPath))
	case strings.HasPrefix(path, pagePath):
		return f.page(strings.TrimPrefix(path, pagePath))
	default:
		return plain(http.StatusNotFound)
	}
}

// ExpireTokens makes every token that was given out worthless.
func (f *Fake) ExpireTokens() {
	f.mu.Lock()
	defer f.mu.Unlock()
	clear(f.tokens)
}

func newToken() string { return "gn-" + rand.Text() }
