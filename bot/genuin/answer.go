package genuin

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"communitybot/bot"
)

// Genuin's codes, as strings: it sends numbers and strings.
const (
	codeHandleTaken     = "5216"
	codeCategoryUnknown = "5220"
	codeMisuse          = "5166"
	codeNoBrand         = "5235"
)

// maxRetryAfter bounds what a Retry-After may ask for.
const maxRetryAfter = 24 * time.Hour

// envelope is what every answer of Genuin has around its data. The fields stay raw, so one of an unexpected type does
// not spoil the rest, and no value of them ends up in a decoding error.
type envelope struct {
	Code    json.RawMessage `json:"code"`
	Message json.RawMessage `json:"message"`
	Data    json.RawMessage `json:"data"`
	Token   json.RawMessage `json:"gn-access-token"`
}

// community is what is read of a made community. The leader is not: it holds a phone number.
type community struct {
	ID     json.RawMessage `json:"community_id"`
	URL    json.RawMessage `json:"share_url"`
	Image  json.RawMessage `json:"dp"`
	Banner json.RawMessage `json:"banner"`
	Color  json.RawMessage `json:"color_code"`
}

// community reads the answer of a create call.
func (a answer) community() (bot.Made, *bot.Refusal) {
	if a.status == 0 {
		reason := bot.Unreachable
		if a.sent {
			reason = bot.NoAnswer
		}
		return bot.Made{}, &bot.Refusal{Reason: reason, Err: a.err}
	}
	e, isJSON := a.envelope()
	status, code := a.status, text(e.Code)
	refusal := a.refusal(e)
	if success(status) {
		failed, ok := failure(code)
		if !ok {
			if made, ok := e.made(); ok {
				return made, nil
			}
			refusal.Reason = bot.NoAnswer
			refusal.Err = fmt.Errorf("%w: the answer names no community", refusal.Err)
			return bot.Made{}, refusal
		}
		status = failed
	}
	refusal.Reason = reason(status, code, isJSON)
	return bot.Made{}, refusal
}

// reason says what a refused create call means. A status that stands before Genuin itself goes first, then Genuin's
// code, then what is left of the status.
func reason(status int, code string, isJSON bool) bot.Reason {
	switch {
	case status/100 == 3:
		return bot.Broken
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return bot.Unauthorized
	case status == http.StatusTooManyRequests:
		return bot.RateLimited
	case code == codeHandleTaken:
		return bot.HandleTaken
	case code == codeCategoryUnknown:
		return bot.CategoryUnknown
	case code == codeMisuse, status == http.StatusPreconditionFailed:
		return bot.Misuse
	case status == http.StatusBadRequest:
		return bot.BadRequest
	case status/100 == 4 && status != http.StatusRequestTimeout:
		return bot.Broken // a page says that there is no such thing here, such as a wrong address
	case !isJSON, status >= http.StatusBadGateway && status <= http.StatusGatewayTimeout:
		return bot.NoAnswer // somebody else's words: Genuin behind them may have done it
	default:
		return bot.Broken
	}
}

// refusal returns what an answer says of itself, without the reason.
func (a answer) refusal(e envelope) *bot.Refusal {
	err := fmt.Errorf("HTTP %d", a.status)
	if a.err != nil {
		err = fmt.Errorf("HTTP %d: %w", a.status, a.err)
	}
	return &bot.Refusal{Status: a.status, Code: text(e.Code), Message: unwrap(text(e.Message)), RetryAfter: retryAfter(a.header), Err: err}
}

// envelope reads the body, and reports whether it was a JSON object that came whole.
func (a answer) envelope() (envelope, bool) {
	var e envelope
	if a.err != nil || !bytes.HasPrefix(bytes.TrimSpace(a.body), []byte("{")) || json.Unmarshal(a.body, &e) != nil {
		return envelope{}, false
	}
	return e, true
}

// made reads the community. Without an ID there is none; anything else that is missing or odd is left empty.
func (e envelope) made() (bot.Made, bool) {
	var c community
	if json.Unmarshal(e.Data, &c) != nil {
		return bot.Made{}, false
	}
	made := bot.Made{ID: text(c.ID), URL: link(c.URL), Image: link(c.Image), Banner: link(c.Banner)}
	if s := text(c.Color); color.MatchString(s) {
		made.Color = s
	}
	return made, made.ID != ""
}

func success(status int) bool { return status/100 == 2 }

// failure reports whether the code of a successful answer says that it failed, and the status it stands for. No code,
// one that is not a number, or one below 300 says nothing of the kind.
func failure(code string) (status int, failed bool) {
	n, err := strconv.Atoi(code)
	switch {
	case err != nil || n < 300:
		return 0, false
	case n < 600:
		return n, true
	default:
		return http.StatusInternalServerError, true
	}
}

var color = regexp.MustCompile(`^#[0-9A-Fa-f]{6}$`)

// text returns a JSON string or number as text, and "" for anything else.
func text(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return strings.TrimSpace(s)
	}
	var n json.Number
	if json.Unmarshal(raw, &n) == nil {
		return n.String()
	}
	return ""
}

// link returns a JSON string that is a web address, and "" for anything else: it becomes a link that people press.
func link(raw json.RawMessage) string {
	u, err := url.Parse(text(raw))
	if err != nil || !isWeb(u) {
		return ""
	}
	return u.String()
}

// unwrap returns the words for people in "XXXX-[words]", where XXXX is any one word; other text stays as it is.
func unwrap(s string) string {
	before, after, found := strings.Cut(s, "[")
	words, closed := strings.CutSuffix(after, "]")
	if !found || !closed || strings.ContainsAny(before, " \t\r\n") || (before != "" && !strings.HasSuffix(before, "-")) {
		return s
	}
	return strings.TrimSpace(words)
}

// retryAfter reads the header of that name: seconds or a date, https://www.rfc-editor.org/rfc/rfc9110#name-retry-after.
func retryAfter(h http.Header) time.Duration {
	s := h.Get("Retry-After")
	wait := time.Duration(0)
	if seconds, err := strconv.ParseInt(s, 10, 64); err == nil {
		wait = time.Duration(min(seconds, int64(maxRetryAfter/time.Second))) * time.Second
	} else if at, err := http.ParseTime(s); err == nil {
		wait = time.Until(at)
	}
	return max(0, min(wait, maxRetryAfter))
}
