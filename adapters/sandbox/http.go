package sandbox

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"net/http/httputil"
	"net/netip"
	"net/url"
	"strings"
)

const maxBody = 1 << 20 // bytes of a request

// Handler serves the page, what it loads, and its API. What is the bot's goes to the bot.
func (s *Sandbox) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.servePage)
	mux.Handle("GET /replay/{request}", s.withBot(http.HandlerFunc(s.serveReplay)))
	mux.HandleFunc("GET /part/{part}", s.servePart)
	mux.HandleFunc("GET /part/{part}/form", s.serveForm)
	mux.HandleFunc("GET /events", s.serveEvents)
	mux.HandleFunc("GET /picture", s.servePicture)
	mux.HandleFunc("GET /assets/{file}", serveAsset)
	mux.HandleFunc("GET /{page}", func(w http.ResponseWriter, _ *http.Request) { refuse(w, notFound("There is nothing at this address.")) })
	mux.HandleFunc("GET /favicon.ico", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.Handle("GET /api/state", endpoint(s.getState))
	mux.Handle("GET /api/replay/{request}", s.withBot(endpoint(s.getReplay)))
	mux.Handle("POST /api/genuin", endpoint(s.postGenuin))
	mux.Handle("POST /api/policy", endpoint(s.postPolicy))
	mux.Handle("POST /api/clock", s.withBot(endpoint(s.postClock)))
	mux.Handle("POST /api/{platform}/fault", endpoint(s.postFault))
	mux.Handle("POST /api/{platform}/{verb}", s.withBot(endpoint(s.postDeed)))
	all := http.NewServeMux()
	for _, route := range []string{"/slack/events", "/discord/interactions", "/healthz", "/readyz", "/metrics"} {
		all.Handle(route, s.withBot(http.HandlerFunc(s.serveBot)))
	}
	all.Handle("/", s.guard(mux))
	return all
}

// withBot has requests wait while the bot starts anew.
func (s *Sandbox) withBot(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.door.RLock()
		defer s.door.RUnlock()
		if r.Context().Err() == nil { // else whoever asked has gone meanwhile
			next.ServeHTTP(w, r)
		}
	})
}

// serveBot hands a request to the bot that runs now.
func (s *Sandbox) serveBot(w http.ResponseWriter, r *http.Request) {
	bot, err := url.Parse(s.running().URL)
	if err != nil || bot.Host == "" {
		http.Error(w, "The bot does not run yet.", http.StatusServiceUnavailable)
		return
	}
	proxy := httputil.ReverseProxy{Transport: s.client.Transport, Rewrite: func(p *httputil.ProxyRequest) { p.SetURL(bot) }}
	proxy.ServeHTTP(w, r)
}

// guard lets in only requests that a page of this sandbox, or a program on this computer, can send.
func (s *Sandbox) guard(next http.Handler) http.Handler {
	policy := strings.Join([]string{
		"default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'",
		"base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
	}, "; ")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		if !ours(r) {
			answer(w, nil, &problem{http.StatusForbidden, "The sandbox is not here. Open it by the address that it printed when it started."})
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		next.ServeHTTP(w, r)
	})
}

// ours reports whether a request was addressed to this computer by a name that only we can have. Any other name may be
// another site's that was made to point here (DNS rebinding).
func ours(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil { // without a port
		host = strings.Trim(r.Host, "[]")
	}
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	local, listening := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	return ip.Unmap().IsLoopback() || (listening && ip.Unmap() == local.AddrPort().Addr().Unmap())
}

// endpoint is a part of the API: it returns what is answered as JSON.
type endpoint func(r *http.Request) (any, error)

// ServeHTTP answers a request.
func (e endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v, err := e(r)
	answer(w, v, err)
}

// problem is an error with the status and the words it is answered with.
type problem struct {
	status int
	words  string
}

// Error returns the words.
func (p *problem) Error() string { return p.words }

func badRequest(words string) error { return &problem{http.StatusBadRequest, words} }

func notFound(words string) error { return &problem{http.StatusNotFound, words} }

func asProblem(err error) *problem {
	p := &problem{http.StatusUnprocessableEntity, err.Error()}
	errors.As(err, &p)
	return p
}

// refuse answers what went wrong to whoever opened an address in a browser.
func refuse(w http.ResponseWriter, err error) {
	p := asProblem(err)
	renderAs(w, p.status, "problem.html", p.words)
}

// answer writes v, or what went wrong. An error that is no problem of the API is what a platform shows to people.
func answer(w http.ResponseWriter, v any, err error) {
	status := http.StatusOK
	if err != nil {
		p := asProblem(err)
		status, v = p.status, map[string]string{"error": p.words}
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // fails only when the client has gone
}

// read reads a request's JSON into v. The content type keeps other sites out: a browser lets them send forms and plain
// text without asking, but not JSON.
func read(r *http.Request, v any) error {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return &problem{http.StatusUnsupportedMediaType, "Send JSON, with the header Content-Type: application/json."}
	}
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	err := d.Decode(v)
	if err == nil {
		if _, more := d.Token(); !errors.Is(more, io.EOF) {
			err = errors.Join(errors.New("there is more than one JSON value"), more)
		}
	}
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return &problem{http.StatusRequestEntityTooLarge, "That is more than 1 MiB."}
	case err != nil:
		return badRequest("That is not the JSON I expect: " + err.Error())
	}
	return nil
}
