package slackfake

import (
	"net"
	"net/http"
	"strconv"
	"time"
)

// Failure is a way in which the Web API goes wrong: Refuse, Status, Hold, Late, Reset or LoseAnswer.
type Failure struct {
	code       string
	status     int
	retryAfter time.Duration
	hold       <-chan struct{}
	late       bool
	reset      bool
	lose       bool
}

// Refuse answers ok:false with one of Slack's error codes.
func Refuse(code string) Failure { return Failure{code: code} }

// Status answers with an HTTP status; retryAfter, in whole seconds, goes with 429.
// https://docs.slack.dev/apis/web-api/rate-limits
func Status(status int, retryAfter time.Duration) Failure {
	return Failure{status: status, retryAfter: retryAfter}
}

// Hold answers nothing until release is closed, then carries on as usual.
func Hold(release <-chan struct{}) Failure { return Failure{hold: release} }

// Late is Hold, and what was asked is done then also when whoever asked has gone.
func Late(release <-chan struct{}) Failure { return Failure{hold: release, late: true} }

// Reset breaks the connection before anything is done.
func Reset() Failure { return Failure{reset: true} }

// LoseAnswer does what was asked and breaks the connection instead of answering.
func LoseAnswer() Failure { return Failure{lose: true} }

// Fail makes the next calls of a method fail: a Web API method, or "response_url". Failures of a method queue up.
func (f *Fake) Fail(method string, times int, failure Failure) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for range times {
		f.failures[method] = append(f.failures[method], failure)
	}
}

// FailAlways makes every call of a method fail until Heal: a Web API method, or "response_url". Failures that Fail queued
// come first.
func (f *Fake) FailAlways(method string, failure Failure) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.always[method] = failure
}

// Heal forgets the failures that were asked for and did not happen yet, and ends those that always happen.
func (f *Fake) Heal() {
	f.mu.Lock()
	defer f.mu.Unlock()
	clear(f.failures)
	clear(f.always)
}

// failing takes the next failure that was asked for.
func (f *Fake) failing(method string) Failure {
	f.mu.Lock()
	defer f.mu.Unlock()
	queue := f.failures[method]
	if len(queue) == 0 {
		return f.always[method]
	}
	f.failures[method] = queue[1:]
	return queue[0]
}

// instead acts a failure out, as far as it stands in the way of the request, and returns the answer to give. handled is
// false when the request is to be handled as usual.
func (f *Fake) instead(w http.ResponseWriter, r *http.Request, failure Failure) (a answer, handled bool) {
	switch {
	case failure.hold != nil:
		gone := r.Context().Done()
		if failure.late {
			gone = nil
		}
		select {
		case <-failure.hold:
			return a, false
		case <-f.closed:
		case <-gone:
		}
		drop(w)
		return a, true
	case failure.reset:
		drop(w)
		return a, true
	case failure.code != "":
		return refused(refusal(failure.code)), true
	case failure.status == http.StatusTooManyRequests:
		return tooMany(failure.retryAfter), true
	case failure.status != 0:
		return answer{status: failure.status, contentType: "text/html", body: []byte("<html>" + http.StatusText(failure.status) + "</html>")}, true
	}
	return a, false
}

// tooMany is the answer to a request over a rate limit.
func tooMany(wait time.Duration) answer {
	a := refused(refusal("ratelimited"))
	a.status = http.StatusTooManyRequests
	a.retryAfter = strconv.Itoa(int(max(wait, time.Second) / time.Second))
	return a
}

// drop breaks the connection: the other side sees it reset.
func drop(w http.ResponseWriter) {
	hijacker, ok := w.(http.Hijacker)
	if !ok {
		panic(http.ErrAbortHandler)
	}
	conn, _, err := hijacker.Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // reset, not an orderly end; without it the end is orderly, which is as lost
	}
	_ = conn.Close()
}
