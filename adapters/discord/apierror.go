package discord

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"communitybot/bot"

	"github.com/bwmarrin/discordgo"
)

// apiError is a call that failed, for the log. It holds nothing of what was sent.
type apiError struct {
	Call   string // "POST /channels/1/messages"
	Status int    // HTTP; 0 without an answer
	Code   int    // Discord's; 0 without one
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
	threadMembersFull  = 30033
	missingAccess      = 50001
	cannotMessageUser  = 50007
	notInDirect        = 50003
	missingPermissions = 50013
	wrongChannelType   = 50024
	threadArchived     = 50083
	noMutualGuild      = 50278
	replyNeedsHistory  = 160002
	threadExists       = 160004
	threadLocked       = 160005
	threadsFull        = 160006
)

// outcomes says what Discord's codes mean to a job. Codes that are not here are told by their HTTP status.
var outcomes = map[int]bot.Error{
	missingAccess:      {Code: bot.NoAccess, Message: "I can't see that channel. Please give me access to it."},
	missingPermissions: {Code: bot.NoAccess, Message: "I may not write in that channel. Please give me the permission."},
	unknownChannel:     {Code: bot.NoAccess, Message: "I can't find that channel. It may be deleted, or hidden from me."},
	unknownGuild:       {Code: bot.NoAccess, Message: "I can't look into that server. Please add me to it."},
	cannotMessageUser:  {Code: bot.NoAccess, Message: "I can't send you direct messages. Please allow them for this server."},
	noMutualGuild:      {Code: bot.NoAccess, Message: "I can't send you direct messages, because we share no server."},
	threadArchived:     {Code: bot.NoAccess, Message: "That thread is archived or locked."},
	unknownMessage:     {Code: bot.Gone, Message: "The message was deleted."},
	unknownMember:      {Code: bot.NotFound, Message: nobody},
	unknownUser:        {Code: bot.NotFound, Message: nobody},
}

// refusal turns what discordgo returned into an error by the rules of bot.Platform.
func refusal(method, path string, seen *answered, err error) error {
	failed := &apiError{Call: method + " " + path, Status: seen.status, Err: err}
	var rest *discordgo.RESTError
	if errors.As(err, &rest) {
		failed.Err = errors.New("refused")
		if rest.Message != nil {
			failed.Code, failed.Err = rest.Message.Code, errors.New(rest.Message.Message)
		}
	}
	e, known := outcomes[failed.Code]
	switch {
	case known:
	case seen.status == http.StatusUnauthorized:
		e = bot.Error{Code: bot.Forbidden, Message: "Discord does not accept the bot's token."}
	case seen.status == http.StatusTooManyRequests:
		e = bot.Error{Code: bot.Busy, Message: "Discord asks to wait a moment.", RetryAfter: retryAfter(seen, err)}
	case rest == nil || seen.status >= 500: // no answer, or one that no API writes: a proxy's page, say
		e = bot.Error{Code: bot.Busy, Message: "Discord did not answer."}
	default:
		e = bot.Error{Code: bot.Internal}
	}
	e.Err = failed
	return &e
}

// retryAfter returns how long Discord asks to wait. Its own limits tell in JSON; those of the network before it in the
// header only.
func retryAfter(seen *answered, err error) time.Duration {
	var limited *discordgo.RateLimitError
	if errors.As(err, &limited) && limited.RetryAfter > 0 {
		return limited.RetryAfter
	}
	seconds, _ := strconv.ParseFloat(cmp.Or(seen.header.Get("Retry-After"), "0"), 64)
	return time.Duration(seconds * float64(time.Second))
}

// codeOf returns Discord's own code in an error of call, or 0.
func codeOf(err error) int {
	var e *apiError
	if errors.As(err, &e) {
		return e.Code
	}
	return 0
}
