package discordfake

import (
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Failure says how a request of the bot goes wrong. Hold and a cut can stand with the rest or alone; alone, the request
// has its effect.
type Failure struct {
	Code       int             // Discord's error code, in the JSON
	Message    string          // the words beside Code
	Status     int             // HTTP status; with a Code or 429 it may be left out
	RetryAfter time.Duration   // makes it a 429, told in the header and the JSON
	Hold       <-chan struct{} // the request waits here until it is closed
	Late       bool            // what is held is done then, also when the bot has gone
	CutBefore  bool            // the connection is reset, and nothing has happened
	CutAfter   bool            // the connection is reset instead of an answer: the effect is there
}

type failure struct {
	Failure
	route string
	left  int
}

// Fail makes the next requests of a route go wrong, as many as times says. The route is its method and pattern, such as
// "POST /channels/{channel}/messages"; Routes lists them. It panics when there is no such route.
func (f *Fake) Fail(route string, times int, how Failure) {
	if !slices.Contains(Routes(), route) {
		panic(fmt.Sprintf("discordfake: no route %q; there are %s", route, strings.Join(Routes(), ", ")))
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.failures = append(f.failures, &failure{Failure: how, route: route, left: times})
}

// FailAlways makes every request of a route go wrong until Heal, after what Fail was asked for before. It panics when
// there is no such route.
func (f *Fake) FailAlways(route string, how Failure) { f.Fail(route, math.MaxInt, how) }

// Heal forgets the failures that were asked for and did not happen yet.
func (f *Fake) Heal() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.failures = nil
}

// failing takes what is to go wrong with the next request of a route; the zero Failure is nothing.
func (f *Fake) failing(route string) Failure {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, x := range f.failures {
		if x.route == route && x.left > 0 {
			x.left--
			return x.Failure
		}
	}
	return Failure{}
}

// hold waits, if it is to, and reports whether the request goes on: not when the fake is closed, or the bot
// has gone and x is not Late.
func (f *Fake) hold(r *http.Request, x Failure) bool {
	if x.Hold == nil {
		return true
	}
	gone := r.Context().Done()
	if x.Late {
		gone = nil
	}
	select {
	case <-x.Hold:
		return true
	case <-gone:
		return false
	case <-f.closed:
		return false
	}
}

// answer returns what a request is answered with instead of being handled, or nil.
func (x Failure) answer() *reply {
	if x.RetryAfter > 0 || x.Status == http.StatusTooManyRequests {
		seconds := x.RetryAfter.Seconds()
		return &reply{
			status: http.StatusTooManyRequests,
			header: map[string]string{"Retry-After": strconv.Itoa(int(seconds + 0.999)), "X-RateLimit-Scope": "user"},
			body:   marshal(map[string]any{"message": "You are being rate limited.", "retry_after": seconds, "global": false}),
		}
	}
	if x.Code == 0 && x.Status == 0 {
		return nil
	}
	status := x.Status
	if status == 0 {
		status = http.StatusBadRequest
	}
	message := x.Message
	if message == "" {
		message = strconv.Itoa(status) + ": " + http.StatusText(status)
	}
	return errorReply(&apiError{status: status, Code: x.Code, Message: message})
}

// cut resets the connection.
func cut(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(interface{ SetLinger(int) error }); ok {
		_ = tcp.SetLinger(0) // a reset instead of an orderly end
	}
	_ = conn.Close()
}
