package slackfake

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// Request is one exchange with the bot. Secrets in it are masked.
type Request struct {
	// Method is the Web API method ("chat.postMessage"), "response_url", or the kind of a delivery.
	Method   string
	Delivery bool   // to the bot; otherwise from it
	Body     string // as it was sent: JSON or a form
	Status   int    // HTTP; 0 while there is no answer, and when it was lost
	Response string
	Problem  string // why Slack could do nothing with the bot's answer to a delivery
	At       time.Time
	Took     time.Duration // until the answer, or until it was known that none comes; 0 before
	Header   http.Header   // of the request; nil in Socket Mode. Not to be changed
}

// logged is a Request with the rest of what went over the wire.
type logged struct {
	Request
	verb       string    // HTTP's, or webSocket
	path       string    // with the query
	frame, ack string    // in Socket Mode: the envelope that the body went in, and what acknowledged it
	began      time.Time // by a clock that nobody moves

	turns, draws []string // see person.Exchange
	uses         string
}

// Arg returns an argument of the request: from a form the text, from JSON a string's text or the JSON of anything else.
func (r Request) Arg(name string) string {
	if strings.HasPrefix(strings.TrimSpace(r.Body), "{") {
		var args map[string]json.RawMessage
		if json.Unmarshal([]byte(r.Body), &args) != nil {
			return ""
		}
		var s string
		if json.Unmarshal(args[name], &s) == nil {
			return s
		}
		return string(args[name])
	}
	args, err := url.ParseQuery(r.Body)
	if err != nil {
		return ""
	}
	return args.Get(name)
}

// Requests returns every exchange so far, in the order in which they began.
func (f *Fake) Requests() []Request {
	f.mu.Lock()
	defer f.mu.Unlock()
	all := make([]Request, len(f.log))
	for i, r := range f.log {
		all[i] = r.Request
	}
	return all
}

// keepRequests bounds the log of a Slack that runs for long.
const keepRequests = 2000

// note begins an exchange in the log.
func (f *Fake) note(r logged) *logged {
	r.place()
	r.Body, r.path, r.frame, r.Header = f.mask(r.Body), f.mask(r.path), f.mask(r.frame), f.maskHeader(r.Header)
	f.mu.Lock()
	defer f.mu.Unlock()
	r.At, r.began = f.Now(), time.Now()
	if len(f.log) == keepRequests {
		f.log = f.log[1:]
	}
	f.log = append(f.log, &r)
	f.announce()
	return &r
}

// settle writes the answer down.
func (f *Fake) settle(entry *logged, a answer) {
	response, ack := f.mask(string(a.body)), f.mask(string(a.ack))
	f.mu.Lock()
	defer f.mu.Unlock()
	entry.placeAnswer(a.body)
	entry.Status, entry.Response, entry.ack, entry.Took = a.status, response, ack, time.Since(entry.began)
	f.announce()
}

var (
	// tokens finds whatever was sent as a token, right or wrong.
	tokens = regexp.MustCompile(`((?:^|&|\?)(?:token|ticket)=)[^&\\"]*|("token":\s*")[^"]*`)
	// hooks finds the end of response URLs, which is all that it takes to use one: as they are, and escaped in a form.
	hooks = regexp.MustCompile(`(/hooks/\w+/\w+/|%2Fhooks%2F\w+%2F\w+%2F)\w+`)
	// credentials are all of an Authorization header but the scheme.
	credentials = regexp.MustCompile(`^(Bearer |Basic )?.*`)
)

func (f *Fake) mask(s string) string {
	s = strings.NewReplacer(f.BotToken, "***", f.SigningSecret, "***", verification, "***").Replace(s)
	return hooks.ReplaceAllString(tokens.ReplaceAllString(s, "$1$2***"), "$1***")
}

// maskHeader returns a copy without secrets. What is signed stays: a signature tells nothing of its secret.
func (f *Fake) maskHeader(h http.Header) http.Header {
	masked := h.Clone()
	for name, values := range masked {
		for i, value := range values {
			values[i] = f.mask(value)
			if name == "Authorization" {
				values[i] = credentials.ReplaceAllString(value, "$1***")
			}
		}
	}
	return masked
}
