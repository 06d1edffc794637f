package slackfake

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
)

func posted(t *testing.T, f *Fake) []string {
	t.Helper()
	var seen []string
	for _, m := range must[[]messageT](t)(f.Read(ctx(t), "U1", "C1")) {
		seen = append(seen, m.Text)
	}
	return seen
}

func TestFailures(t *testing.T) {
	isCode := func(code string) func(error) bool {
		return func(err error) bool {
			var refused slack.SlackErrorResponse
			return errors.As(err, &refused) && refused.Err == code
		}
	}
	isStatus := func(status int) func(error) bool {
		return func(err error) bool {
			var s slack.StatusCodeError
			return errors.As(err, &s) && s.Code == status
		}
	}
	limited := func(err error) bool {
		var r *slack.RateLimitedError
		return errors.As(err, &r) && r.RetryAfter == 7*time.Second
	}
	lost := func(err error) bool {
		return err != nil && (strings.Contains(err.Error(), "reset") || strings.Contains(err.Error(), "EOF"))
	}
	rows := []struct {
		name    string
		failure Failure
		is      func(error) bool
		exists  bool
	}{
		{"a code of Slack's", Refuse("account_inactive"), isCode("account_inactive"), false},
		{"a status", Status(http.StatusBadGateway, 0), isStatus(http.StatusBadGateway), false},
		{"too many requests", Status(http.StatusTooManyRequests, 7*time.Second), limited, false},
		{"a reset before anything is done", Reset(), lost, false},
		{"a lost answer", LoseAnswer(), lost, true},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			f := start(t, Options{})
			api := client(t, f)
			f.Fail("chat.postMessage", 2, r.failure)
			for range 2 {
				_, _, err := api.PostMessageContext(ctx(t), "C1", slack.MsgOptionText("fails", false))
				if !r.is(err) {
					t.Errorf("got %v", err)
				}
			}
			_, _, err := api.PostMessageContext(ctx(t), "C1", slack.MsgOptionText("works", false))
			wantCode(t, err, "")
			want := []string{"works"}
			if r.exists {
				want = []string{"fails", "fails", "works"}
			}
			same(t, "messages", posted(t, f), want)
		})
	}
}

func TestFailuresOfOneMethodQueueUpAndLeaveOthersAlone(t *testing.T) {
	f := start(t, Options{})
	api := client(t, f)
	f.Fail("chat.postMessage", 1, Refuse("fatal_error"))
	f.Fail("chat.postMessage", 1, Refuse("internal_error"))
	_, err := api.AuthTestContext(ctx(t))
	wantCode(t, err, "")
	for _, code := range []string{"fatal_error", "internal_error", ""} {
		_, _, err := api.PostMessageContext(ctx(t), "C1", slack.MsgOptionText("x", false))
		wantCode(t, err, code)
	}
}

func TestHealed(t *testing.T) {
	f := start(t, Options{})
	f.Fail("chat.postMessage", 3, Refuse("fatal_error"))
	f.Heal()
	_, _, err := client(t, f).PostMessageContext(ctx(t), "C1", slack.MsgOptionText("x", false))
	wantCode(t, err, "")
}

func TestAMethodThatAlwaysFails(t *testing.T) {
	f := start(t, Options{})
	api := client(t, f)
	f.FailAlways("chat.postMessage", Refuse("not_in_channel"))
	f.FailAlways("chat.postMessage", Refuse("fatal_error"))
	f.Fail("chat.postMessage", 1, Refuse("internal_error"))
	for _, code := range []string{"internal_error", "fatal_error", "fatal_error"} {
		_, _, err := api.PostMessageContext(ctx(t), "C1", slack.MsgOptionText("x", false))
		wantCode(t, err, code)
	}
	_, err := api.AuthTestContext(ctx(t))
	wantCode(t, err, "")
	f.Heal()
	_, _, err = api.PostMessageContext(ctx(t), "C1", slack.MsgOptionText("x", false))
	wantCode(t, err, "")
}

// until waits until the log has a request of that method; the log tells of requests when they begin.
func until(t *testing.T, f *Fake, method string) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for range 10000 {
		for _, r := range f.Requests() {
			if r.Method == method {
				return
			}
		}
		<-tick.C
	}
	t.Fatal("no request came")
}

func TestAHeldRequestGoesOnWhenReleased(t *testing.T) {
	f := start(t, Options{})
	api := client(t, f)
	release, done := make(chan struct{}), make(chan error, 1)
	f.Fail("chat.postMessage", 1, Hold(release))
	go func() {
		_, _, err := api.PostMessageContext(ctx(t), "C1", slack.MsgOptionText("held", false))
		done <- err
	}()
	until(t, f, "chat.postMessage")
	if log := f.Requests(); log[0].Status != 0 || len(posted(t, f)) != 0 {
		t.Errorf("the request was not held: %+v", log)
	}
	close(release)
	wantCode(t, <-done, "")
	same(t, "messages", posted(t, f), []string{"held"})
}

func TestAHeldRequestWhoseCallerGivesUpDoesNothing(t *testing.T) {
	f := start(t, Options{})
	release := make(chan struct{})
	f.Fail("chat.postMessage", 1, Hold(release))
	impatient, cancel := context.WithCancel(ctx(t))
	done := make(chan error, 1)
	go func() {
		_, _, err := client(t, f).PostMessageContext(impatient, "C1", slack.MsgOptionText("held", false))
		done <- err
	}()
	until(t, f, "chat.postMessage")
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if len(posted(t, f)) != 0 {
		t.Error("the message was posted")
	}
}

func TestClosingLetsGoOfHeldRequests(t *testing.T) {
	f := start(t, Options{})
	f.Fail("api.test", 1, Hold(make(chan struct{})))
	done := make(chan error, 1)
	go func() {
		_, err := httpClient(t).Get(f.APIURL() + "api.test")
		done <- err
	}()
	until(t, f, "api.test")
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	if err := <-done; err == nil {
		t.Error("the held request was answered")
	}
}

func TestResponseURLsFailToo(t *testing.T) {
	f := start(t, Options{})
	f.mu.Lock()
	address := f.newResponse("commands", f.channels["C1"], "U1", nil)
	f.mu.Unlock()
	f.Fail("response_url", 1, Status(http.StatusServiceUnavailable, 0))
	f.Fail("response_url", 1, LoseAnswer())
	if response, _ := post(t, f, address, "application/json", `{"text":"x","response_type":"in_channel"}`); response.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("status %d", response.StatusCode)
	}
	if response, err := httpClient(t).Post(address, "application/json", strings.NewReader(`{"text":"y","response_type":"in_channel"}`)); err == nil {
		_ = response.Body.Close()
		t.Error("the answer was not lost")
	}
	same(t, "messages", posted(t, f), []string{"y"})
}

func TestTheLogTellsWhatWasSentAndAnsweredWithoutSecrets(t *testing.T) {
	f := start(t, Options{BotToken: "xoxb-very-secret"})
	api := client(t, f)
	_, _, err := api.PostMessageContext(ctx(t), "C1", slack.MsgOptionText("a & b", false), slack.MsgOptionBlocks(section("x")))
	wantCode(t, err, "")
	openRaw(t, f, with(aModal, object{"callback_id": "create"}))
	_, err = slack.New("xoxb-somebody-elses", slack.OptionAPIURL(f.APIURL()), slack.OptionHTTPClient(httpClient(t))).AuthTestContext(ctx(t))
	wantCode(t, err, "invalid_auth")

	log := f.Requests()
	if len(log) != 3 {
		t.Fatalf("got %d entries", len(log))
	}
	same(t, "a form's argument", log[0].Arg("text"), "a & b")
	same(t, "a form's structure", log[0].Arg("blocks"), `[{"type":"section","text":{"type":"mrkdwn","text":"x"}}]`)
	same(t, "no such argument", log[0].Arg("nothing"), "")
	if v := log[1].Arg("view"); !strings.Contains(v, `"callback_id":"create"`) || log[1].Arg("trigger_id") == "" {
		t.Errorf("JSON's arguments: view %s, trigger %q", v, log[1].Arg("trigger_id"))
	}
	for _, r := range log {
		if r.Status != http.StatusOK || r.Response == "" || r.Delivery {
			t.Errorf("entry: %+v", r)
		}
		for _, secret := range []string{"very-secret", "somebody-elses"} {
			if strings.Contains(r.Body+r.Response, secret) {
				t.Errorf("a secret in the log: %+v", r)
			}
		}
	}
}

func TestTheLogIsBounded(t *testing.T) {
	f := start(t, Options{})
	for range keepRequests + 5 {
		f.note(logged{Request: Request{Method: "x"}})
	}
	same(t, "entries", len(f.Requests()), keepRequests)
}
