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

// codes says what Slack's errors mean for the bot. Those that are not here are Internal: a retry won't mend them, plainer
// words may.
// https://docs.slack.dev/reference/methods/chat.postMessage#errors and the same section of the other methods.
var codes = map[string]bot.Code{
	// The bot may not post there, or nobody is there.
	"not_in_channel":                        bot.NoAccess,
	"channel_not_found":                     bot.NoAccess,
	"is_archived":                           bot.NoAccess,
	"is_inactive":                           bot.NoAccess, // a card in a channel that was archived since
	"restricted_action":                     bot.NoAccess, // and restricted_action_read_only_channel, …
	"channel_type_not_supported":            bot.NoAccess,
	"method_not_supported_for_channel_type": bot.NoAccess,
	"user_is_bot":                           bot.NoAccess,
	"user_not_found":                        bot.NoAccess,
	"users_not_found":                       bot.NoAccess,
	"user_not_visible":                      bot.NoAccess,
	"user_disabled":                         bot.NoAccess,
	"messages_tab_disabled":                 bot.NoAccess,
	"cannot_dm_bot":                         bot.NoAccess,
	"team_access_not_granted":               bot.NoAccess,
	"ekm_access_denied":                     bot.NoAccess,

	// The message is not there any more, or not for us.
	"message_not_found":       bot.Gone,
	"cant_update_message":     bot.Gone,
	"edit_window_closed":      bot.Gone,
	"thread_not_found":        bot.Gone,
	"cannot_reply_to_message": bot.Gone, // what takes its place can have replies

	// The token, or what it may do, is not what it should be: whoever runs the bot has to act.
	"invalid_auth":              bot.Forbidden,
	"token_revoked":             bot.Forbidden,
	"token_expired":             bot.Forbidden,
	"account_inactive":          bot.Forbidden,
	"not_authed":                bot.Forbidden,
	"missing_scope":             bot.Forbidden,
	"no_permission":             bot.Forbidden,
	"not_allowed_token_type":    bot.Forbidden,
	"access_denied":             bot.Forbidden,
	"accesslimited":             bot.Forbidden,
	"org_login_required":        bot.Forbidden,
	"enterprise_is_restricted":  bot.Forbidden,
	"two_factor_setup_required": bot.Forbidden,
	"forbidden_team":            bot.Forbidden,
	"team_disabled":             bot.Forbidden,

	// It is the moment that is wrong.
	"ratelimited":                bot.Busy,
	"rate_limited":               bot.Busy,
	"message_limit_exceeded":     bot.Busy,
	"update_failed":              bot.Busy,
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

// defaultWait is how long to wait when Slack says that it is too much, but not for how long. Slack takes about one
// message a second per channel: https://docs.slack.dev/apis/web-api/rate-limits
const defaultWait = time.Second

// translate returns err, which a call to Slack returned, as the *bot.Error that bot.Platform promises; nil for nil. An
// error that is not Slack's own answer means that no answer was had: Busy. Slack refuses with status 200; another one is of
// whatever stands between.
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
		e.RetryAfter = min(limited.RetryAfter, bot.LongestWait)
	case errors.As(err, &status) && status.Code == http.StatusTooManyRequests:
		e.RetryAfter = defaultWait
	case errors.As(err, &status) && status.Code == http.StatusRequestEntityTooLarge: // plainer words may fit
		e.Code = bot.Internal
	case errors.As(err, &refused):
		e.Code = codeOf(refused.Err)
		if refused.Err == "ratelimited" || refused.Err == "rate_limited" {
			e.RetryAfter = defaultWait
		}
	}
	return e
}

// translateHook is translate for a call to a response_url, where Slack refuses by the status.
func translateHook(err error) error {
	var status slack.StatusCodeError
	if errors.As(err, &status) && status.Code < http.StatusInternalServerError && status.Code != http.StatusTooManyRequests {
		return &bot.Error{Code: bot.Internal, Err: describe(err)}
	}
	return translate(err)
}

func codeOf(reason string) bot.Code {
	if strings.HasPrefix(reason, "restricted_action") {
		reason = "restricted_action"
	}
	if code, ok := codes[reason]; ok {
		return code
	}
	return bot.Internal
}

// slackError returns the code of Slack's own in err, such as "not_in_channel"; empty when there is none.
func slackError(err error) string {
	var refused slack.SlackErrorResponse
	errors.As(err, &refused)
	return refused.Err
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
