package slack

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"communitybot/bot"
)

// codes says what Slack's errors mean for the bot. Those that are not here are Internal: a retry won't mend them.
// https://docs.slack.dev/reference/methods/chat.postMessage#errors and the same section of the other methods.
var codes = map[string]bot.Code{
	"not_in_channel":             bot.NoAccess,
	"channel_not_found":          bot.NoAccess,
	"is_archived":                bot.NoAccess,
	"restricted_action":          bot.NoAccess, // and restricted_action_read_only_channel, …
	"user_is_bot":                bot.NoAccess,
	"user_not_found":             bot.NoAccess,
	"user_disabled":              bot.NoAccess,
	"messages_tab_disabled":      bot.NoAccess,
	"cannot_dm_bot":              bot.NoAccess,
	"team_access_not_granted":    bot.NoAccess,
	"ekm_access_denied":          bot.NoAccess,
	"message_not_found":          bot.Gone,
	"cant_update_message":        bot.Gone,
	"edit_window_closed":         bot.Gone,
	"thread_not_found":           bot.Gone,
	"invalid_auth":               bot.Forbidden,
	"token_revoked":              bot.Forbidden,
	"token_expired":              bot.Forbidden,
	"account_inactive":           bot.Forbidden,
	"not_authed":                 bot.Forbidden,
	"missing_scope":              bot.Forbidden,
	"not_allowed_token_type":     bot.Forbidden,
	"access_denied":              bot.Forbidden,
	"org_login_required":         bot.Forbidden,
	"ratelimited":                bot.Busy,
	"rate_limited":               bot.Busy,
	"message_limit_exceeded":     bot.Busy,
	"internal_error":             bot.Busy,
	"fatal_error":                bot.Busy,
	"service_unavailable":        bot.Busy,
	"request_timeout":            bot.Busy,
	"team_added_to_org":          bot.Busy,
	"external_channel_migrating": bot.Busy,
}

// triggerErrors are Slack's errors for a trigger that opens no form any more.
// https://docs.slack.dev/reference/methods/views.open#errors
var triggerErrors = map[string]bool{
	"expired_trigger_id":   true,
	"exchanged_trigger_id": true,
	"invalid_trigger_id":   true,
	"trigger_expired":      true, // what older workspaces still answer
	"trigger_exchanged":    true,
}

// words are for the people who read a code that came from Slack.
var words = map[bot.Code]string{
	bot.NoAccess:  "I can't post in that channel. Invite me with /invite, then try again.",
	bot.Gone:      "The message is no longer there.",
	bot.Forbidden: "Slack does not let me do that. Whoever runs this bot has to look at its installation.",
	bot.Busy:      "Slack is busy right now. Please try again in a minute.",
}

// defaultWait is how long to wait when Slack says that it is too much, but not for how long. Slack takes about one
// message a second per channel: https://docs.slack.dev/apis/web-api/rate-limits
const defaultWait = time.Second

// translate returns err, which a call to Slack returned, as the *bot.Error that bot.Platform promises; nil for nil. An
// error that is not Slack's own answer means that no answer was had: Busy.
func translate(err error) error {
	if err == nil {
		return nil
	}
	var limited *slack.RateLimitedError
	var status slack.StatusCodeError
	var refused slack.SlackErrorResponse
	e := &bot.Error{Code: bot.Busy, Err: describe(err)}
	switch {
	case errors.As(err, &limited):
		e.RetryAfter = limited.RetryAfter
	case errors.As(err, &status) && status.Code == http.StatusTooManyRequests:
		e.RetryAfter = defaultWait
	case errors.As(err, &status) && status.Code < http.StatusInternalServerError:
		e.Code = bot.Internal
	case errors.As(err, &refused):
		e.Code = codeOf(refused.Err)
		if refused.Err == "ratelimited" || refused.Err == "rate_limited" {
			e.RetryAfter = defaultWait
		}
	}
	e.Message = words[e.Code]
	return e
}

func codeOf(slackError string) bot.Code {
	if strings.HasPrefix(slackError, "restricted_action") {
		slackError = "restricted_action"
	}
	if code, ok := codes[slackError]; ok {
		return code
	}
	return bot.Internal
}

// describe returns err for logs: with the scope or the rule that Slack names, and without URLs, as those of responses
// are secrets.
func describe(err error) error {
	var refused slack.SlackErrorResponse
	var failed *url.Error
	switch {
	case errors.As(err, &refused) && refused.Needed != "":
		return fmt.Errorf("%w (needs %s)", refused, refused.Needed)
	case errors.As(err, &refused) && len(refused.ResponseMetadata.Messages) > 0:
		return fmt.Errorf("%w (%s)", refused, strings.Join(refused.ResponseMetadata.Messages, "; "))
	case errors.As(err, &failed):
		return fmt.Errorf("%s: %w", strings.ToLower(failed.Op), failed.Err)
	default:
		return err
	}
}
