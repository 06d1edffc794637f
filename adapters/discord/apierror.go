package discord

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"communitybot/bot"
)

// apiError is a call that failed, for the log. It holds nothing of what was sent.
type apiError struct {
	Call   string // "POST /channels/1/messages"
	Status int    // HTTP; 0 without an answer
	Code   int    // Discord's; 0 without one
	Kind   bool   // a component was refused because of its type
	Err    error
}

// Error returns the form for logs.
func (e *apiError) Error() string {
	return fmt.Sprintf("discord: %s: status %d, code %d: %v", e.Call, e.Status, e.Code, e.Err)
}

// Unwrap returns the cause.
func (e *apiError) Unwrap() error { return e.Err }

// Discord's error codes that the bot knows.
// https://discord.com/developers/docs/topics/opcodes-and-status-codes#json-json-error-codes
const (
	unknownChannel     = 10003
	unknownGuild       = 10004
	unknownMember      = 10007
	unknownMessage     = 10008
	unknownUser        = 10013
	unknownWebhook     = 10015
	threadMembersFull  = 30033
	dmTooFast          = 40003
	acknowledged       = 40060
	missingAccess      = 50001
	notInDirect        = 50003
	notOurs            = 50005
	cannotMessageUser  = 50007
	cannotSpeak        = 50008
	missingPermissions = 50013
	wrongChannelType   = 50024
	invalidToken       = 50027
	badRecipient       = 50033
	invalidBody        = 50035
	threadArchived     = 50083
	noMutualGuild      = 50278
	overloaded         = 130000
	replyNeedsHistory  = 160002
	threadExists       = 160004
	threadLocked       = 160005
	threadsFull        = 160006
)

// outcomes says what Discord's codes mean to a job. Codes that are not here are told by their HTTP status.
var outcomes = map[int]bot.Code{
	missingAccess:      bot.NoAccess,
	missingPermissions: bot.NoAccess,
	cannotSpeak:        bot.NoAccess,
	unknownChannel:     bot.NoAccess,
	unknownGuild:       bot.NoAccess,
	threadArchived:     bot.NoAccess,
	threadLocked:       bot.NoAccess,
	cannotMessageUser:  bot.NoAccess,
	noMutualGuild:      bot.NoAccess,
	badRecipient:       bot.NoAccess,
	unknownMessage:     bot.Gone,
	notOurs:            bot.Gone, // the bot's of another application, before this one
	unknownMember:      bot.NoAccess,
	unknownUser:        bot.NoAccess,
	dmTooFast:          bot.Busy,
	overloaded:         bot.Busy,
}

// refusal turns a call that failed into an error by the rules of bot.Platform. err is nil where there was an answer that
// could be read. all says that what it asks to wait with is everything.
func refusal(call string, got answered, err error) (e *bot.Error, all bool) {
	failed := &apiError{Call: call, Status: got.status, Err: err}
	var said struct {
		Code       int     `json:"code"`
		Message    string  `json:"message"`
		RetryAfter float64 `json:"retry_after"`
		Global     bool    `json:"global"`
		Errors     struct {
			Data struct {
				Components map[string]json.RawMessage `json:"components"`
			} `json:"data"`
		} `json:"errors"`
	}
	theirs := false
	if err == nil {
		theirs = json.Unmarshal(got.body, &said) == nil && (said.Message != "" || said.Code != 0 || said.RetryAfter > 0)
		failed.Code, failed.Err = said.Code, errors.New(cmp.Or(said.Message, "refused"))
		for _, problem := range said.Errors.Data.Components {
			failed.Kind = failed.Kind || isKind(problem)
		}
	}
	e = &bot.Error{Err: failed}
	code, known := outcomes[failed.Code]
	switch {
	case got.status == http.StatusTooManyRequests:
		e.Code, e.RetryAfter = bot.Busy, retryAfter(said.RetryAfter, got.header)
	case known:
		e.Code = code
	case !theirs && got.status != http.StatusRequestEntityTooLarge: // of whatever stands between, which says nothing of the call
		e.Code = bot.Busy
	case got.status == http.StatusUnauthorized:
		e.Code = bot.Forbidden
	case err != nil, got.status >= 500:
		e.Code = bot.Busy
	default:
		e.Code = bot.Internal
	}
	return e, said.Global || got.status == http.StatusTooManyRequests && (!theirs || isGlobal(got.header))
}

// isGlobal reports whether a limit is on everything. One that does not come in Discord's own JSON is, too: it is of the
// network before it, which shuts the bot's address out.
// https://docs.discord.com/developers/topics/rate-limits#header-format-rate-limit-header-examples
func isGlobal(h http.Header) bool {
	return h.Get("X-RateLimit-Global") == "true" || h.Get("X-RateLimit-Scope") == "global"
}

// isKind reports whether what Discord says about a component is that it takes none of that type there: at the component
// itself, or at its type. https://discord.com/developers/docs/reference#error-messages
func isKind(problem json.RawMessage) bool {
	var at struct {
		Errors []struct {
			Code string `json:"code"`
		} `json:"_errors"`
		Type json.RawMessage `json:"type"`
	}
	if json.Unmarshal(problem, &at) != nil {
		return false
	}
	return at.Type != nil || len(at.Errors) > 0 && strings.HasPrefix(at.Errors[0].Code, "UNION_TYPE")
}

// answerless reports whether a call had no answer, so that it may have worked.
func answerless(err error) bool {
	var e *apiError
	return errors.As(err, &e) && e.Status == 0
}

// unknownComponent reports whether a call failed because Discord does not know a type of component.
func unknownComponent(err error) bool {
	var e *apiError
	return errors.As(err, &e) && e.Kind
}

// unsaid is how long to wait when Discord says that it is too much, but not for how long.
const unsaid = time.Second

// retryAfter returns how long Discord asks to wait. Its own limits tell in JSON; those of the network before it in the
// header only. https://discord.com/developers/docs/topics/rate-limits#exceeding-a-rate-limit
func retryAfter(said float64, h http.Header) time.Duration {
	if !(said > 0) {
		said, _ = strconv.ParseFloat(h.Get("Retry-After"), 64)
	}
	if !(said > 0) {
		said = unsaid.Seconds()
	}
	return time.Duration(min(said, bot.LongestWait.Seconds()) * float64(time.Second))
}

// codeOf returns Discord's own code in an error of call, or 0.
func codeOf(err error) int {
	var e *apiError
	if errors.As(err, &e) {
		return e.Code
	}
	return 0
}
