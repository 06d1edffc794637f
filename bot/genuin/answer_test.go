package genuin

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"communitybot/bot"
)

// FuzzAnswer reads any answer as both kinds of call would, and holds what their readers rely on.
func FuzzAnswer(f *testing.F) {
	for _, body := range []string{
		`{"code":200,"message":"XXXX-[done]","data":{"community_id":"x","share_url":"https://a.example/b","leader":{"phone":"91333333333333"}}}`,
		`{"code":"5216","message":"XXXX-[community handle already exists.]","data":{}}`,
		`{"code":5220,"message":["odd"],"data":[]}`,
		`{"gn-access-token":"t","data":{"gn-access-token":"u"}}`,
		`<html>`, ``, `null`, `{`, `{"data":{"community_id":1e9,"dp":"http://\u0000"}}`,
	} {
		for _, status := range []int{200, 400, 500, 503} {
			f.Add(status, "7", []byte(body))
		}
	}
	f.Fuzz(func(t *testing.T, status int, retry string, body []byte) {
		if status < 100 || status > 999 {
			t.Skip("no HTTP client returns it")
		}
		c := New(Options{APIKey: "the-key", APISecret: "the-secret"})
		a := answer{status: status, header: http.Header{"Retry-After": {retry}}, body: body, sent: true}
		made, refusal := a.community()
		hold(t, c.presentable(refusal, "the-token"), made.ID != "")
		for _, s := range []string{made.URL, made.Image, made.Banner} {
			if s != "" && !strings.HasPrefix(s, "http://") && !strings.HasPrefix(s, "https://") {
				t.Errorf("link %q", s)
			}
		}
		token, refusal := a.token()
		hold(t, c.presentable(refusal, ""), token != "")
	})
}

func hold(t *testing.T, r *bot.Refusal, succeeded bool) {
	t.Helper()
	if succeeded != (r == nil) {
		t.Fatalf("succeeded: %v, refused: %v", succeeded, r)
	}
	if r == nil {
		return
	}
	if r.Reason == "" || r.Err == nil || r.RetryAfter < 0 || r.RetryAfter > maxRetryAfter {
		t.Errorf("refusal %#v", r)
	}
	if utf8.RuneCountInString(r.Message) > maxMessage || utf8.RuneCountInString(r.Code) > maxCode {
		t.Errorf("endless: code %q, message %q", r.Code, r.Message)
	}
	for _, secret := range []string{"the-key", "the-secret"} {
		if strings.Contains(r.Error(), secret) {
			t.Errorf("%q is in %q", secret, r.Error())
		}
	}
}

func TestAnAnswerThatBrokeOffKeepsItsCause(t *testing.T) {
	cause := errors.New("cut")
	for status, want := range map[int]bot.Reason{200: bot.NoAnswer, 401: bot.Unauthorized, 500: bot.NoAnswer, 400: bot.BadRequest} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			_, r := answer{status: status, err: cause, sent: true}.community()
			if r.Reason != want || !errors.Is(r, cause) {
				t.Errorf("got %v, want %s", r, want)
			}
		})
	}
}
