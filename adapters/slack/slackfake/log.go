package slackfake

import (
	"encoding/json"
	"net/url"
	"regexp"
	"strings"
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
		all[i] = *r
	}
	return all
}

// keepRequests bounds the log of a Slack that runs for long.
const keepRequests = 2000

// note begins an exchange in the log.
func (f *Fake) note(r Request) *Request {
	r.Body = f.mask(r.Body)
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.log) == keepRequests {
		f.log = f.log[1:]
	}
	f.log = append(f.log, &r)
	return &r
}

// settle writes the answer down.
func (f *Fake) settle(entry *Request, a answer) {
	response := f.mask(string(a.body))
	f.mu.Lock()
	defer f.mu.Unlock()
	entry.Status, entry.Response = a.status, response
}

// tokens finds whatever was sent as a token, right or wrong.
var tokens = regexp.MustCompile(`((?:^|&|\?)(?:token|ticket)=)[^&\\"]*|("token":\s*")[^"]*`)

func (f *Fake) mask(s string) string {
	s = strings.NewReplacer(f.BotToken, "***", f.SigningSecret, "***", verification, "***").Replace(s)
	return tokens.ReplaceAllString(s, "$1$2***")
}
