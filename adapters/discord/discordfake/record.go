package discordfake

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

// Exchange is one request between the bot and Discord with its answer. Tokens are masked.
type Exchange struct {
	Delivery bool // Discord asked the bot; else the bot asked Discord
	Method   string
	Path     string          // with the query, without the API's version
	Body     json.RawMessage // what is not JSON is a JSON string here
	Status   int             // 0: there was no answer
	Answer   json.RawMessage
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
	return slices.Clone(f.exchanges)
}

func (f *Fake) record(x Exchange) {
	x.Path = f.mask(x.Path)
	x.Body, x.Answer = f.maskJSON(x.Body), f.maskJSON(x.Answer)
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.exchanges) == keepExchanges {
		f.exchanges = slices.Delete(f.exchanges, 0, 1)
	}
	f.exchanges = append(f.exchanges, x)
}

func (f *Fake) mask(s string) string {
	return strings.ReplaceAll(tokenPattern.ReplaceAllString(s, "***"), f.options.BotToken, "***")
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
