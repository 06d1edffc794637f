package genuinfake

import (
	"encoding/json"
	"image/color"
	"net/http"
	"slices"
	"time"
)

// Community is one that was made.
type Community struct {
	ID       string // a UUID
	Handle   string
	Name     string
	ShareURL string // may be empty
	At       time.Time
	Request  json.RawMessage // the body that asked for it

	dp, banner       string
	color, textColor color.RGBA
}

// Look is what Genuin shows of a community: addresses of its pictures, which may be empty, and its colours in hex.
type Look struct{ Picture, Banner, Color, TextColor string }

// Look returns what it looks like.
func (c Community) Look() Look { return Look{c.dp, c.banner, hex(c.color), hex(c.textColor)} }

// Call is a request that was answered, or whose connection was broken.
type Call struct {
	Method        string
	Path          string
	Status        int    // 0: the connection was broken instead
	Body          string // empty for authentication calls: it holds the key and the secret
	Authorization string // masked: "Bearer ***", or "" when there was none

	At     time.Time
	Took   time.Duration
	Header http.Header // with the masked Authorization
	Answer string      // of create calls
}

// Communities returns what was made, oldest first.
func (f *Fake) Communities() []Community {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.communities)
}

// Calls returns the requests that were answered so far, oldest first. One that is held is not among them.
func (f *Fake) Calls() []Call {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.calls)
}

func (f *Fake) record(r *http.Request, began time.Time, body []byte, a answer) {
	c := Call{Method: r.Method, Path: r.URL.Path, Status: a.status, At: began, Took: f.options.Now().Sub(began), Header: r.Header.Clone()}
	if r.URL.Path != AuthPath {
		c.Body = string(body)
	}
	if r.URL.Path == CreatePath {
		c.Answer = string(a.body)
	}
	if r.Header.Get("Authorization") != "" {
		c.Authorization = "Bearer ***"
		c.Header.Set("Authorization", c.Authorization)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, c)
	close(f.changed)
	f.changed = make(chan struct{})
}

// Changed returns a channel that is closed after the next call.
func (f *Fake) Changed() <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.changed
}
