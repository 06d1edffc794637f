package discordfake

import (
	"io"
	"mime"
	"net/http"
	"strings"
)

const maxBody = 8 << 20

// call is one request of the bot.
type call struct {
	*Fake
	r    *http.Request
	body []byte
}

// path returns a part of the path by its name in the route.
func (c *call) path(name string) string { return c.r.PathValue(name) }

// reply is what a request is answered with.
type reply struct {
	status int
	header map[string]string
	body   []byte
}

func errorReply(e *apiError) *reply { return &reply{status: e.status, body: marshal(e)} }

// route is an endpoint. A nil answer without an error is 204 No Content.
type route struct {
	pattern string
	open    bool // needs no bot token: the interaction's token is in the path
	status  int  // of success; 200 when 0
	handle  func(*call) (any, *apiError)
}

func routes() []route {
	const commands, guildCommands = "/applications/{app}/commands", "/applications/{app}/guilds/{guild}/commands"
	const sent = "/webhooks/{app}/{token}/messages/{message}"
	return []route{
		{pattern: "GET /users/@me", handle: (*call).me},
		{pattern: "POST /users/@me/channels", handle: (*call).openDirect},
		{pattern: "GET /applications/@me", handle: (*call).application},
		{pattern: "GET /oauth2/applications/@me", handle: (*call).application},
		{pattern: "GET /gateway", handle: (*call).gatewayAddress, open: true},
		{pattern: "GET /gateway/bot", handle: (*call).gatewayBot},
		{pattern: "GET " + commands, handle: (*call).listCommands},
		{pattern: "PUT " + commands, handle: (*call).putCommands},
		{pattern: "POST " + commands, handle: (*call).postCommand, status: http.StatusCreated},
		{pattern: "GET " + guildCommands, handle: (*call).listCommands},
		{pattern: "PUT " + guildCommands, handle: (*call).putCommands},
		{pattern: "POST " + guildCommands, handle: (*call).postCommand, status: http.StatusCreated},
		{pattern: "GET /guilds/{guild}/roles", handle: (*call).listRoles},
		{pattern: "GET /guilds/{guild}/members/{user}", handle: (*call).getMember},
		{pattern: "GET /channels/{channel}", handle: (*call).getChannel},
		{pattern: "PATCH /channels/{channel}", handle: (*call).patchChannel},
		{pattern: "GET /channels/{channel}/messages", handle: (*call).listMessages},
		{pattern: "POST /channels/{channel}/messages", handle: (*call).postMessage},
		{pattern: "GET /channels/{channel}/messages/{message}", handle: (*call).getMessage},
		{pattern: "PATCH /channels/{channel}/messages/{message}", handle: (*call).patchMessage},
		{pattern: "DELETE /channels/{channel}/messages/{message}", handle: (*call).deleteMessage},
		{pattern: "POST /channels/{channel}/messages/{message}/threads", handle: (*call).startThread, status: http.StatusCreated},
		{pattern: "POST /interactions/{id}/{token}/callback", handle: (*call).callback, open: true},
		{pattern: "POST /webhooks/{app}/{token}", handle: (*call).followUp, open: true},
		{pattern: "GET " + sent, handle: (*call).getSent, open: true},
		{pattern: "PATCH " + sent, handle: (*call).patchSent, open: true},
		{pattern: "DELETE " + sent, handle: (*call).deleteSent, open: true},
	}
}

// Routes returns the routes of the API, as Fail takes them.
func Routes() []string {
	var names []string
	for _, r := range routes() {
		names = append(names, r.pattern)
	}
	return names
}

// withoutVersion takes the API's version off a path: 10 or, for discordgo, 9.
func withoutVersion(path string) string {
	for _, version := range []string{"/api/v10", "/api/v9"} {
		if rest, ok := strings.CutPrefix(path, version); ok && strings.HasPrefix(rest, "/") {
			return rest
		}
	}
	return path
}

// handler serves the API and the gateway.
func (f *Fake) handler() http.Handler {
	mux := http.NewServeMux()
	for _, r := range routes() {
		mux.HandleFunc(r.pattern, func(w http.ResponseWriter, req *http.Request) { f.serve(w, req, r) })
	}
	mux.HandleFunc("GET /{$}", f.serveGateway)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !f.begin() {
			cut(w)
			return
		}
		defer f.running.Done()
		r.URL.Path, r.URL.RawPath = withoutVersion(r.URL.Path), withoutVersion(r.URL.RawPath)
		if _, pattern := mux.Handler(r); pattern == "" {
			f.missing(w, r, mux)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// missing answers a request that has no route: 405 when only its method is wrong.
func (f *Fake) missing(w http.ResponseWriter, r *http.Request, mux *http.ServeMux) {
	problem := errNotFound
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		other := r.Clone(r.Context())
		other.Method = method
		if _, pattern := mux.Handler(other); pattern != "" {
			problem = errMethod
		}
	}
	e := f.note(Exchange{What: "no such route", Method: r.Method, Path: r.RequestURI, Header: r.Header})
	f.respond(w, e, errorReply(problem))
}

// serve answers one request: what it was told to do wrong, or what the route does.
func (f *Fake) serve(w http.ResponseWriter, r *http.Request, at route) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		cut(w)
		return
	}
	e := f.note(Exchange{What: at.pattern, Method: r.Method, Path: r.RequestURI, Header: r.Header, Body: body})
	wrong := f.failing(at.pattern)
	if !f.hold(r, wrong) || wrong.CutBefore {
		f.end(e, 0, nil)
		cut(w)
		return
	}
	answer := wrong.answer()
	if answer == nil {
		answer = f.answer(r, at, body)
	}
	if wrong.CutAfter {
		f.end(e, 0, nil)
		cut(w)
		return
	}
	f.respond(w, e, answer)
}

// answer runs the route under the lock.
func (f *Fake) answer(r *http.Request, at route, body []byte) *reply {
	if !at.open && r.Header.Get("Authorization") != "Bot "+f.options.BotToken {
		return errorReply(errUnauthorized)
	}
	if len(body) > maxBody {
		return errorReply(errTooLarge)
	}
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); len(body) > 0 && kind != "application/json" {
		return errorReply(errContentTypeWrong)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	result, problem := at.handle(&call{Fake: f, r: r, body: body})
	switch {
	case problem != nil:
		return errorReply(problem)
	case result == nil:
		return &reply{status: http.StatusNoContent}
	case at.status != 0:
		return &reply{status: at.status, body: marshal(result)}
	default:
		return &reply{status: http.StatusOK, body: marshal(result)}
	}
}

// respond sends and records an answer.
func (f *Fake) respond(w http.ResponseWriter, e *entry, a *reply) {
	f.end(e, a.status, a.body)
	for name, value := range a.header {
		w.Header().Set(name, value)
	}
	if a.body != nil {
		w.Header().Set("Content-Type", "application/json")
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body)
}

// read decodes the body of a request.
func (c *call) read(v any) *apiError {
	if len(c.body) == 0 {
		return errBadJSON
	}
	return decode(c.body, v)
}
