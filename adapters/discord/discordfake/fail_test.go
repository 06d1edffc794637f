package discordfake

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/google/go-cmp/cmp"
)

const posting = "POST /channels/{channel}/messages"

func TestToldToFail(t *testing.T) {
	var limited *discordgo.RateLimitError
	for name, c := range map[string]struct {
		how    Failure
		check  func(error) bool
		effect int
	}{
		"with a code":               {Failure{Code: 50013, Status: 403, Message: "Missing Permissions"}, func(err error) bool { return codeOf(err) == 50013 }, 0},
		"with a code alone":         {Failure{Code: 50007}, func(err error) bool { return codeOf(err) == 50007 }, 0},
		"with a status":             {Failure{Status: 503}, func(err error) bool { return strings.Contains(err.Error(), "503") }, 0},
		"by asking to wait":         {Failure{RetryAfter: 1500 * time.Millisecond}, func(err error) bool { return errors.As(err, &limited) && limited.RetryAfter == 1500*time.Millisecond }, 0},
		"with 429 and no time":      {Failure{Status: 429}, func(err error) bool { return errors.As(err, &limited) }, 0},
		"by a cut before anything":  {Failure{CutBefore: true}, func(err error) bool { return codeOf(err) == -1 }, 0},
		"by a cut after the effect": {Failure{CutAfter: true}, func(err error) bool { return codeOf(err) == -1 }, 1},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, Options{})
			w.Fail(posting, 2, c.how)
			for range 2 {
				if _, err := w.s.ChannelMessageSend(general, "hi"); err == nil || !c.check(err) {
					t.Fatalf("got %v", err)
				}
			}
			if n := len(w.read(ada, general)); n != 2*c.effect {
				t.Errorf("%d messages, want %d", n, 2*c.effect)
			}
			if _, err := w.s.User("@me"); err != nil {
				t.Errorf("another route: %v", err)
			}
			if _, err := w.s.ChannelMessageSend(general, "hi"); err != nil {
				t.Errorf("after the failures: %v", err)
			}
		})
	}
}

func TestHealed(t *testing.T) {
	w := newWorld(t, Options{})
	w.Fail(posting, 3, Failure{Status: http.StatusBadGateway})
	w.Heal()
	if _, err := w.s.ChannelMessageSend(general, "hi"); err != nil {
		t.Error(err)
	}
}

func TestARouteThatAlwaysFailsIsHealed(t *testing.T) {
	w := newWorld(t, Options{})
	w.Fail(posting, 1, Failure{Code: 50013, Status: http.StatusForbidden})
	w.FailAlways(posting, Failure{Code: 50001, Status: http.StatusForbidden})
	for _, want := range []int{50013, 50001, 50001, 50001} {
		_, err := w.s.ChannelMessageSend(general, "hi")
		wantCode(t, err, want)
	}
	if _, err := w.s.User("@me"); err != nil {
		t.Errorf("another route: %v", err)
	}
	w.Heal()
	if _, err := w.s.ChannelMessageSend(general, "hi"); err != nil {
		t.Error(err)
	}
}

func TestRetryAfterIsInTheHeaderToo(t *testing.T) {
	w := newWorld(t, Options{})
	w.Fail("GET /users/@me", 1, Failure{RetryAfter: 1500 * time.Millisecond})
	req, err := http.NewRequest("GET", w.APIURL()+"/users/@me", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := w.http.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != 429 || res.Header.Get("Retry-After") != "2" {
		t.Errorf("got %s, %v", res.Status, res.Header)
	}
}

func TestHeldRequests(t *testing.T) {
	w := newWorld(t, Options{})
	release := make(chan struct{})
	w.Fail(posting, 1, Failure{Hold: release})
	done := make(chan error)
	go func() {
		_, err := w.s.ChannelMessageSend(general, "late")
		done <- err
	}()
	if _, err := w.s.User("@me"); err != nil { // the rest goes on meanwhile
		t.Fatal(err)
	}
	if n := len(w.read(ada, general)); n != 0 {
		t.Fatalf("%d messages before the release", n)
	}
	close(release)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if n := len(w.read(ada, general)); n != 1 {
		t.Errorf("%d messages after the release", n)
	}
}

func TestHeldRequestsEndWithTheirClientAndWithTheFake(t *testing.T) {
	w := newWorld(t, Options{})
	w.Fail(posting, 2, Failure{Hold: make(chan struct{})})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := w.s.ChannelMessageSend(general, "hi", discordgo.WithContext(ctx)); err == nil {
		t.Error("a held request was answered")
	}
	done := make(chan error)
	go func() {
		_, err := w.s.ChannelMessageSend(general, "hi")
		done <- err
	}()
	w.until(func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.failures[0].left == 0
	})
	w.Close()
	if err := <-done; err == nil {
		t.Error("the fake was closed, yet the request was answered")
	}
}

// until waits for something to become true.
func (w *world) until(true func() bool) {
	w.t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	deadline := time.After(5 * time.Second)
	for !true() {
		select {
		case <-tick.C:
		case <-deadline:
			w.t.Fatal("it did not happen")
		}
	}
}

func TestRequestsAreLoggedWithoutSecrets(t *testing.T) {
	w := newWorld(t, Options{AnyCommand: true})
	in := w.answered(t, privately)
	if _, err := w.s.FollowupMessageCreate(in, true, &discordgo.WebhookParams{Content: "token " + w.Options().BotToken}); err != nil {
		t.Fatal(err)
	}
	w.post(`{"content":"hi"}`)
	w.api("POST", "/channels/"+general+"/messages", `{`)
	w.Fail(posting, 1, Failure{CutAfter: true})
	_, _ = w.s.ChannelMessageSend(general, "lost")
	type line struct {
		Delivery     bool
		Method, Path string
		Status       int
	}
	var got []line
	for _, x := range w.Requests() {
		got = append(got, line{x.Delivery, x.Method, x.Path, x.Status})
		for _, secret := range []string{in.Token, w.Options().BotToken} {
			if strings.Contains(x.Path+string(x.Body)+string(x.Answer), secret) {
				t.Errorf("a secret in %+v", x)
			}
		}
	}
	messages := "/channels/" + general + "/messages"
	want := []line{
		{true, "POST", "/discord/interactions", 200},
		{false, "POST", "/webhooks/" + in.AppID + "/***?wait=true", 200},
		{false, "POST", messages, 200},
		{false, "POST", messages, 400},
		{false, "POST", messages, 0},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	log := w.Requests()
	if !strings.Contains(string(log[0].Body), `"token":"***"`) || string(log[0].Answer) != privately || string(log[3].Body) != `"{"` {
		t.Errorf("bodies %s, %s, %s", log[0].Body, log[0].Answer, log[3].Body)
	}
}

func TestTheLogIsBounded(t *testing.T) {
	w := newWorld(t, Options{})
	for range keepExchanges {
		w.end(w.note(Exchange{Method: "OLD"}), 0, nil)
	}
	w.end(w.note(Exchange{Method: "NEW"}), 0, nil)
	if log := w.Requests(); len(log) != keepExchanges || log[len(log)-1].Method != "NEW" {
		t.Errorf("%d entries", len(log))
	}
}

func TestRoutesNameWhatCanFail(t *testing.T) {
	if list := Routes(); !slices.Contains(list, posting) || !slices.Contains(list, "PATCH /webhooks/{app}/{token}/messages/{message}") {
		t.Errorf("routes %v", list)
	}
}
