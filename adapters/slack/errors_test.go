package slack

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"communitybot/adapters/slack/slackfake"
	"communitybot/bot"
)

// asError returns err as what bot.Platform promises.
func asError(t *testing.T, err error) *bot.Error {
	t.Helper()
	var e *bot.Error
	if !errors.As(err, &e) {
		t.Fatalf("%T %v is no *bot.Error", err, err)
	}
	return e
}

// unhurried lets an hour pass between calls, so that no limit that Slack set holds up the next.
func (d *desk) unhurried() {
	now := time.Now()
	d.adapter.now = func() time.Time { now = now.Add(time.Hour); return now }
}

// meanings are what Slack's errors mean, one of each.
var meanings = map[bot.Code][]string{
	bot.NoAccess: {"not_in_channel", "channel_not_found", "is_archived", "restricted_action", "restricted_action_read_only_channel",
		"restricted_action_thread_only_channel", "is_inactive",
		"user_is_bot", "user_not_visible", "user_not_found", "users_not_found", "user_disabled", "messages_tab_disabled", "cannot_dm_bot",
		"channel_type_not_supported", "method_not_supported_for_channel_type", "team_access_not_granted", "ekm_access_denied"},
	bot.Gone: {"message_not_found", "cant_update_message", "edit_window_closed", "thread_not_found", "cannot_reply_to_message"},
	bot.Forbidden: {"invalid_auth", "token_revoked", "token_expired", "account_inactive", "not_authed", "missing_scope", "no_permission", "accesslimited",
		"access_denied", "not_allowed_token_type", "org_login_required", "enterprise_is_restricted", "two_factor_setup_required", "forbidden_team", "team_disabled"},
	bot.Busy: {"ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable", "message_limit_exceeded",
		"update_failed", "request_timeout", "team_added_to_org", "external_channel_migrating"},
	bot.Internal: {"invalid_blocks", "msg_too_long", "msg_blocks_too_long", "too_many_attachments", "metadata_too_large", "no_text", "invalid_arguments", "something_new"},
}

func TestWhatSlacksErrorsMean(t *testing.T) {
	d := sit(t, answering(nil))
	d.unhurried()
	card := d.posts(t, bot.Card{Title: "T"})
	calls := map[string]func() error{
		"chat.postMessage": func() error { _, err := d.adapter.Post(t.Context(), card, bot.Card{Title: "T"}); return err },
		"chat.update":      func() error { return d.adapter.Update(t.Context(), card, bot.Card{Title: "T"}) },
		"conversations.replies": func() error {
			_, _, err := d.adapter.find(t.Context(), card, "key", time.Time{})
			return err
		},
	}
	for want, all := range meanings {
		for _, code := range all {
			for method, call := range calls {
				d.Fail(method, 1, slackfake.Refuse(code))
				if code == "not_in_channel" && method == "conversations.replies" { // then it tries to join
					d.Fail("conversations.join", 1, slackfake.Refuse(code))
				}
				e := asError(t, call())
				if e.Code != want || e.Message != "" || !strings.Contains(e.Error(), code) {
					t.Errorf("%s of %s: %v, want %s", code, method, e, want)
				}
				if (e.RetryAfter > 0) != strings.HasPrefix(code, "rate") {
					t.Errorf("%s of %s: wait %v", code, method, e.RetryAfter)
				}
			}
		}
	}
}

func TestEveryCodeIsTested(t *testing.T) {
	for code, want := range codes {
		if !slices.Contains(meanings[want], code) {
			t.Errorf("%s is not among those that are %s", code, want)
		}
	}
}

func TestWhatAFailingSlackMeans(t *testing.T) {
	tests := map[string]struct {
		failure slackfake.Failure
		want    bot.Code
		wait    time.Duration
	}{
		"too many requests": {slackfake.Status(http.StatusTooManyRequests, 30*time.Second), bot.Busy, 30 * time.Second},
		"a broken Slack":    {slackfake.Status(http.StatusInternalServerError, 0), bot.Busy, 0},
		"a bad gateway":     {slackfake.Status(http.StatusBadGateway, 0), bot.Busy, 0},
		"unavailable":       {slackfake.Status(http.StatusServiceUnavailable, 0), bot.Busy, 0},
		"a proxy's refusal": {slackfake.Status(http.StatusForbidden, 0), bot.Busy, 0},
		"a bad request":     {slackfake.Status(http.StatusBadRequest, 0), bot.Busy, 0},
		"too much":          {slackfake.Status(http.StatusRequestEntityTooLarge, 0), bot.Internal, 0},
		"not JSON":          {slackfake.Status(http.StatusOK, 0), bot.Busy, 0},
		"a reset":           {slackfake.Reset(), bot.Busy, 0},
		"a lost answer":     {slackfake.LoseAnswer(), bot.Busy, 0},
	}
	d := sit(t, answering(nil))
	d.unhurried()
	at := d.posts(t, bot.Card{Title: "T"})
	for name, tc := range tests {
		d.Fail("chat.update", 1, tc.failure)
		e := asError(t, d.adapter.Update(t.Context(), at, bot.Card{Title: "U"}))
		if e.Code != tc.want || e.RetryAfter != tc.wait {
			t.Errorf("%s: %+v", name, e)
		}
	}
}

func TestWhenNobodyAnswers(t *testing.T) {
	d := sit(t, answering(nil))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.adapter.Post(ctx, general, bot.Card{Title: "T"}); bot.CodeOf(err) != bot.Busy {
		t.Errorf("cancelled: %v", err)
	}
	ctx, cancel = context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	d.Fail("chat.postMessage", 1, slackfake.Hold(make(chan struct{})))
	if _, err := d.adapter.Post(ctx, general, bot.Card{Title: "T"}); bot.CodeOf(err) != bot.Busy {
		t.Errorf("too slow: %v", err)
	}
	nobody := New(Options{Token: "xoxb-test", APIURL: "http://127.0.0.1:1/api"})
	_, err := nobody.Post(t.Context(), general, bot.Card{Title: "T"})
	if bot.CodeOf(err) != bot.Busy || strings.Contains(err.Error(), "xoxb") {
		t.Errorf("nobody there: %v", err)
	}
}

func TestALimitWithoutATimeIsASecond(t *testing.T) {
	e := asError(t, translate(slack.StatusCodeError{Code: http.StatusTooManyRequests, Status: "429"}))
	if e.Code != bot.Busy || e.RetryAfter != time.Second {
		t.Errorf("%+v", e)
	}
}

func TestErrorsNameTheScopeAndTheRule(t *testing.T) {
	for want, err := range map[string]error{
		"missing_scope (needs chat:write)": slack.SlackErrorResponse{Err: "missing_scope", Needed: "chat:write"},
		"invalid_blocks (too long; too many)": slack.SlackErrorResponse{
			Err: "invalid_blocks", ResponseMetadata: slack.ResponseMetadata{Messages: []string{"too long", "too many"}},
		},
	} {
		if got := describe(err).Error(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if translate(nil) != nil {
		t.Error("no error became one")
	}
}
