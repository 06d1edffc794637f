package genuinfake

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Mode is how the fake treats a call. Its text is its name.
type Mode string

// The modes. Those up to NotJSON and ResetBefore make no community, whatever was asked for.
const (
	Behave          Mode = "behave"           // do what the call asks for
	HandleTaken     Mode = "handle_taken"     // 500, 5216
	CategoryUnknown Mode = "category_unknown" // 404, 5220
	Misuse          Mode = "misuse"           // 412, 5166
	NoBrand         Mode = "no_brand"         // 404, 5235
	BadRequest      Mode = "bad_request"      // 400, no body
	Unauthorized    Mode = "unauthorized"     // 401
	Forbidden       Mode = "forbidden"        // 403
	ExpiredToken    Mode = "expired_token"    // all tokens expire, then 401
	RateLimited     Mode = "rate_limited"     // 429 with Retry-After
	Broken          Mode = "broken"           // 500, a code nobody knows
	BadGateway      Mode = "bad_gateway"      // 502
	Unavailable     Mode = "unavailable"      // 503
	GatewayTimeout  Mode = "gateway_timeout"  // 504
	NotJSON         Mode = "not_json"         // 200, a web page
	ResetBefore     Mode = "reset_before"     // the connection breaks, nothing was made
	ResetAfter      Mode = "reset_after"      // the answer is lost after the community was made
	BrokenAfter     Mode = "broken_after"     // 500, a code nobody knows, after the community was made; again once it is there
	Hold            Mode = "hold"             // wait for Release, then behave, even if the client has gone
	HoldMade        Mode = "hold_made"        // behave, then wait for Release with the answer
	Oversized       Mode = "oversized"        // made, and the answer is longer than 1 MiB
	NoShareURL      Mode = "no_share_url"     // made, share_url is empty
	Slow            Mode = "slow"             // wait for Options.Slow, then behave, even if the client has gone
)

// Modes returns every mode, Behave first. A text that is not among them behaves, too.
func Modes() []Mode {
	return []Mode{
		Behave, HandleTaken, CategoryUnknown, Misuse, NoBrand, BadRequest, Unauthorized, Forbidden, ExpiredToken, RateLimited,
		Broken, BadGateway, Unavailable, GatewayTimeout, NotJSON, ResetBefore, ResetAfter, BrokenAfter, Hold, HoldMade, Oversized, NoShareURL, Slow,
	}
}

// queue is what the coming calls of one kind meet.
type queue struct {
	next   []Mode
	always Mode
}

func (q *queue) take() Mode {
	if len(q.next) == 0 {
		return q.always
	}
	mode := q.next[0]
	q.next = q.next[1:]
	return mode
}

// Next queues modes: each meets one create call, in this order.
func (f *Fake) Next(modes ...Mode) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.creates.next = append(f.creates.next, modes...)
}

// Always sets the mode of every create call that meets none of Next.
func (f *Fake) Always(mode Mode) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.creates.always = mode
}

// NextAuth is Next for authentication calls. Modes about a made community behave there.
func (f *Fake) NextAuth(modes ...Mode) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.auths.next = append(f.auths.next, modes...)
}

// Clear forgets all modes: the fake behaves again. Calls that are held stay held.
func (f *Fake) Clear() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.creates, f.auths = queue{}, queue{}
}

// dawdle waits for as long as Slow takes. It is false when the fake closed first.
func (f *Fake) dawdle() bool {
	over := time.NewTimer(f.options.Slow)
	defer over.Stop()
	select {
	case <-over.C:
		return true
	case <-f.closed:
		return false
	}
}

// take returns the mode that a call meets, and waits with it when that is Hold or Slow. ok is false when the fake closed.
func (f *Fake) take(q *queue) (mode Mode, ok bool) {
	f.mu.Lock()
	mode = q.take()
	f.mu.Unlock()
	switch mode {
	case Hold:
		return mode, f.gate.hold(f.closed)
	case Slow:
		return mode, f.dawdle()
	}
	return mode, true
}

// failed returns the answer of a mode that does nothing else. ok is false for the modes that do what was asked.
func (f *Fake) failed(mode Mode) (a answer, ok bool) {
	switch mode {
	case HandleTaken:
		return handleTaken(), true
	case CategoryUnknown:
		return categoryUnknown(), true
	case Misuse:
		return refusal(http.StatusPreconditionFailed, "5166", "Invalid Use of API"), true
	case NoBrand:
		return noBrand(), true
	case BadRequest:
		return empty(http.StatusBadRequest), true
	case Unauthorized:
		return unauthorized(), true
	case Forbidden:
		return refusal(http.StatusForbidden, "403", "Forbidden"), true
	case ExpiredToken:
		f.ExpireTokens()
		return unauthorized(), true
	case RateLimited:
		a := refusal(http.StatusTooManyRequests, "429", "Too many requests")
		a.header["Retry-After"] = strconv.Itoa(int(f.options.RetryAfter / time.Second))
		return a, true
	case Broken:
		return broken(), true
	case BadGateway:
		return plain(http.StatusBadGateway), true
	case Unavailable:
		return plain(http.StatusServiceUnavailable), true
	case GatewayTimeout:
		return plain(http.StatusGatewayTimeout), true
	case NotJSON:
		return plain(http.StatusOK), true
	case ResetBefore:
		return answer{reset: true}, true
	default:
		return answer{}, false
	}
}

// altered is the answer of a mode that has its way with a success.
func altered(mode Mode, a answer) answer {
	switch {
	case mode == ResetAfter:
		return answer{reset: true}
	case mode == BrokenAfter:
		return broken()
	case mode == Oversized && a.status == http.StatusOK:
		a.body = slices.Concat(a.body, []byte(strings.Repeat(" ", 1<<20)))
	}
	return a
}

func broken() answer {
	return refusal(http.StatusInternalServerError, "5000", "something went wrong.")
}

func handleTaken() answer {
	return refusal(http.StatusInternalServerError, "5216", "community handle already exists.")
}

func categoryUnknown() answer {
	return refusal(http.StatusNotFound, "5220", "community categories does not exists.")
}

func noBrand() answer { return refusal(http.StatusNotFound, "5235", "Brand not exists.") }

func unauthorized() answer { return refusal(http.StatusUnauthorized, "401", "Unauthorized") }
