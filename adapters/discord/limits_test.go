package discord

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"communitybot/adapters/discord/discordfake"
	"communitybot/bot"
)

func TestRateLimitsAreHandedOnAtOnce(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	w.Fail(routeMessages, 1, discordfake.Failure{RetryAfter: 90 * time.Second})
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second) // far less than the wait
	defer cancel()
	_, err := w.a.Post(ctx, here, line("a", "x"))
	var e *bot.Error
	if !errors.As(err, &e) || e.Code != bot.Busy || e.RetryAfter != 90*time.Second {
		t.Errorf("got %+v", err)
	}
}

func TestALimitHoldsUpItsChannelAndNothingElse(t *testing.T) {
	const other = "400000000000000002"
	w := newWorld(t, always(bot.Done{}, nil))
	w.AddChannel(other, "other")
	there := here
	there.Channel = other
	top := w.posts(rich())
	w.Fail(routeMessages, 1, discordfake.Failure{RetryAfter: 90 * time.Second})
	if _, err := w.a.Post(t.Context(), here, line("a", "x")); bot.CodeOf(err) != bot.Busy {
		t.Fatalf("got %v", err)
	}
	before := len(w.Requests())
	w.clock.Move(80 * time.Second)
	_, err := w.a.Post(t.Context(), here, line("b", "x"))
	var e *bot.Error
	if !errors.As(err, &e) || e.Code != bot.Busy || e.RetryAfter != 10*time.Second || len(w.Requests()) != before {
		t.Errorf("after 80 seconds: %+v, %d requests", err, len(w.Requests())-before)
	}
	if _, err := w.a.Post(t.Context(), there, line("c", "x")); err != nil {
		t.Errorf("another channel: %v", err)
	}
	if err := w.a.Update(t.Context(), top, rich()); err != nil {
		t.Errorf("another call: %v", err)
	}
	w.clock.Move(10 * time.Second)
	if _, err := w.a.Post(t.Context(), here, line("a", "x")); err != nil {
		t.Errorf("after 90 seconds: %v", err)
	}
}

func TestALimitOnEverythingHoldsUpEverythingButAnswers(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	w.types("/hello")
	limited := http.Header{"Retry-After": {"5"}}
	a := w.adapter(Options{HTTP: &http.Client{Transport: canned{status: 429, header: limited, body: `{"retry_after":5,"global":true}`}}})
	for range 2 {
		_, err := a.Who(t.Context(), guild, ada)
		var e *bot.Error
		if !errors.As(err, &e) || e.RetryAfter != 5*time.Second {
			t.Errorf("got %v", err)
		}
	}
	if wait := a.limits.wait("POST", "/channels/1/messages", start); wait != 5*time.Second {
		t.Errorf("a channel waits %s", wait)
	}
	for _, path := range []string{"/webhooks/1/token", "/interactions/1/token/callback"} {
		if wait := a.limits.wait("POST", path, start); wait != 0 {
			t.Errorf("%s waits %s", path, wait)
		}
	}
	a.limits.keep("POST", "/channels/2/messages", false, start.Add(time.Minute), start.Add(10*time.Second))
	if len(a.limits.until) != 1 {
		t.Errorf("limits that are over are kept: %v", a.limits.until)
	}
}

func TestALimitThatIsNotOfARoute(t *testing.T) {
	const own = `{"message":"You are being rate limited.","retry_after":7,"global":false}`
	for name, tc := range map[string]struct {
		header http.Header
		body   string
		wait   time.Duration
		all    bool
	}{
		"a page of the network's":         {http.Header{"Retry-After": {"7"}}, "<html>", 7 * time.Second, true},
		"a page that says no time":        {nil, "error code: 1015", unsaid, true},
		"a page that says no number":      {http.Header{"Retry-After": {"NaN"}}, "<html>", unsaid, true},
		"nothing at all":                  {http.Header{"Retry-After": {"7"}}, "", 7 * time.Second, true},
		"a header that says so":           {http.Header{"X-Ratelimit-Global": {"true"}}, own, 7 * time.Second, true},
		"a header that names its scope":   {http.Header{"X-Ratelimit-Scope": {"global"}}, own, 7 * time.Second, true},
		"but not one that is of a server": {http.Header{"X-Ratelimit-Scope": {"shared"}}, own, 7 * time.Second, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, always(bot.Done{}, nil))
			a := w.adapter(Options{HTTP: &http.Client{Transport: canned{status: 429, header: tc.header, body: tc.body}}})
			_, err := a.Post(t.Context(), here, line("a", "x"))
			var e *bot.Error
			if !errors.As(err, &e) || e.Code != bot.Busy || e.RetryAfter != tc.wait {
				t.Errorf("got %+v", err)
			}
			if wait := a.limits.wait("GET", "/guilds/1/roles", start); (wait > 0) != tc.all {
				t.Errorf("another route waits %s", wait)
			}
		})
	}
	var l limits
	l.keep("POST", "/webhooks/1/token", true, start.Add(time.Minute), start)
	if wait := l.wait("GET", "/guilds/1/roles", start); wait != time.Minute {
		t.Errorf("after a follow-up was shut out, the rest waits %s", wait)
	}
}

func TestAShorterLimitDoesNotEndALongerOne(t *testing.T) {
	for _, all := range []bool{false, true} {
		var l limits
		l.keep("POST", "/channels/1/messages", all, start.Add(time.Minute), start)
		l.keep("POST", "/channels/1/messages", all, start.Add(time.Second), start)
		if wait := l.wait("POST", "/channels/1/messages", start); wait != time.Minute {
			t.Errorf("all %v: it waits %s", all, wait)
		}
	}
}

func TestAnOldLimitHoldsUpNoLaterCall(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	limits := http.Header{"X-Ratelimit-Remaining": {"0"}, "X-Ratelimit-Reset-After": {"3600"}}
	a := w.adapter(Options{HTTP: &http.Client{Transport: canned{status: 200, header: limits, body: `{"id":"1"}`}}})
	done := make(chan error, 1)
	go func() {
		_, first := a.Post(t.Context(), here, line("a", "x"))
		_, second := a.Post(t.Context(), here, line("b", "x"))
		done <- errors.Join(first, second)
	}()
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("the second call sleeps, whatever its context says")
	}
}

func TestEachRouteHasALimitOfItsOwn(t *testing.T) {
	for _, c := range []struct {
		name, method, path string
		waits              bool
	}{
		{"the same", "POST", "/channels/1/messages/5/threads", true},
		{"the same, on another message", "POST", "/channels/1/messages/6/threads", true},
		{"posting", "POST", "/channels/1/messages", false},
		{"in another channel", "POST", "/channels/2/messages/5/threads", false},
		{"by another method", "GET", "/channels/1/messages/5/threads", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			var l limits
			l.keep("POST", "/channels/1/messages/5/threads", false, start.Add(time.Minute), start)
			if wait := l.wait(c.method, c.path, start); (wait > 0) != c.waits {
				t.Errorf("it waits %s", wait)
			}
		})
	}
	w := newWorld(t, always(bot.Done{}, nil))
	top := w.posts(rich())
	w.Fail(routeThreads, 1, discordfake.Failure{RetryAfter: 90 * time.Second})
	if _, err := w.a.Post(t.Context(), top, line("a", "x")); bot.CodeOf(err) != bot.Busy {
		t.Errorf("in a thread: %v", err)
	}
	if _, err := w.a.Post(t.Context(), here, line("b", "x")); err != nil {
		t.Errorf("in the channel: %v", err)
	}
}

func TestDiscordMayNotAskToWaitForEver(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	w.Fail(routeMessages, 1, discordfake.Failure{RetryAfter: 99_999_999 * time.Second})
	_, err := w.a.Post(t.Context(), here, line("a", "x"))
	var e *bot.Error
	if !errors.As(err, &e) || e.RetryAfter != bot.LongestWait {
		t.Errorf("got %+v", err)
	}
	w.clock.Move(bot.LongestWait)
	if _, err := w.a.Post(t.Context(), here, line("a", "x")); err != nil {
		t.Errorf("after that: %v", err)
	}
}
