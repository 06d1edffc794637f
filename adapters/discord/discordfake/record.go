package discordfake

import (
	"bytes"
	"cmp"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"communitybot/adapters/person"
)

// Exchange is one request between the bot and Discord with its answer. Tokens are masked.
type Exchange struct {
	At       time.Time     // when it began
	Took     time.Duration // until its answer, or its end without one
	Delivery bool          // Discord asked the bot; else the bot asked Discord
	What     string        // of a delivery the kind of interaction in words, else the route as in Routes
	Method   string        // WEBSOCKET: an event of the gateway, which its Path names
	Path     string        // with the query, without the API's version
	Header   http.Header
	Body     json.RawMessage // what is not JSON is a JSON string here
	Status   int             // 0: there was no answer
	Answer   json.RawMessage
}

// entry is a line of the log.
type entry struct {
	Exchange
	path  string    // with the API's version
	began time.Time // by the machine's clock
	ended int       // its number among those that have; 0: it has not

	part  *interaction // that it brings, or answers by its token
	draws string       // the message that it posts or changes, beside what the interaction's answer is
}

// keepExchanges bounds the log of a fake that runs for long.
const keepExchanges = 2000

// tokenPrefix is what interaction tokens start with, as Discord's do: "interaction:" in base 64.
const tokenPrefix = "aW50ZXJhY3Rpb246"

var tokenPattern = regexp.MustCompile(tokenPrefix + `[A-Za-z0-9_-]*`)

// Requests returns the requests so far, oldest first, in the order of their answers.
func (f *Fake) Requests() []Exchange {
	f.mu.Lock()
	defer f.mu.Unlock()
	var over []*entry
	for _, e := range f.log {
		if e.ended > 0 {
			over = append(over, e)
		}
	}
	slices.SortFunc(over, func(a, b *entry) int { return cmp.Compare(a.ended, b.ended) })
	var list []Exchange
	for _, e := range over {
		list = append(list, e.Exchange)
	}
	return list
}

// Wire returns what went between Discord and the bot so far in the order of its beginning, those requests among it that
// wait for their answer. An event of the gateway has no answer of its own: the bot answers over REST.
func (f *Fake) Wire() []person.Exchange {
	f.mu.Lock()
	defer f.mu.Unlock()
	var list []person.Exchange
	for _, e := range f.log {
		x := person.Exchange{
			At: e.At, Took: e.Took, FromBot: !e.Delivery, What: e.What, Method: e.Method, Path: e.path, Header: e.Header,
			Body: plain(e.Body), Status: e.Status, Answer: plain(e.Answer),
		}
		e.place(&x)
		list = append(list, x)
	}
	return list
}

// note writes a request into the log that has no answer yet.
func (f *Fake) note(x Exchange) *entry {
	e := &entry{Exchange: x, path: f.mask(x.Path), began: time.Now()}
	e.Path, e.Body, e.Header = e.path, f.maskJSON(x.Body), f.maskHeader(x.Header)
	if !x.Delivery {
		e.Path = withoutVersion(e.path)
	}
	f.mu.Lock()
	defer f.announce()
	e.At = f.now()
	e.part = f.interactions[x.token()]
	if len(f.log) == keepExchanges {
		f.log = slices.Delete(f.log, 0, 1)
	}
	f.log = append(f.log, e)
	return e
}

// end notes the answer to a request: status 0 when there will be none.
func (f *Fake) end(e *entry, status int, answer []byte) {
	masked := f.maskJSON(answer)
	f.mu.Lock()
	defer f.announce()
	f.ended++
	e.ended, e.Took, e.Status, e.Answer = f.ended, time.Since(e.began), status, masked
	e.draws = e.drawn(answer)
}

func (f *Fake) mask(s string) string {
	return strings.ReplaceAll(tokenPattern.ReplaceAllString(s, "***"), f.options.BotToken, "***")
}

// maskHeader masks whatever the bot says to be its token, also a wrong one: it may be the token of another bot.
func (f *Fake) maskHeader(h http.Header) http.Header {
	out := make(http.Header, len(h))
	for name, values := range h {
		for _, v := range values {
			if scheme, _, ok := strings.Cut(v, " "); name == "Authorization" {
				v = "***"
				if ok {
					v = scheme + " ***"
				}
			}
			out[name] = append(out[name], f.mask(v))
		}
	}
	return out
}

func (f *Fake) maskJSON(b []byte) json.RawMessage {
	switch {
	case len(b) == 0:
		return nil
	case json.Valid(b):
		return json.RawMessage(f.mask(string(b)))
	default:
		return marshal(f.mask(string(b)))
	}
}

// plain undoes what maskJSON does to what is not JSON.
func plain(b json.RawMessage) string {
	var s string
	if bytes.HasPrefix(b, []byte(`"`)) && json.Unmarshal(b, &s) == nil {
		return s
	}
	return string(b)
}
