package genuin_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"communitybot/bot"
	"communitybot/bot/genuin"
	"communitybot/bot/genuin/genuinfake"
)

func TestATokenIsFetchedOnceAndKept(t *testing.T) {
	for name, place := range map[string]genuinfake.TokenPlace{"in the header": genuinfake.InHeader, "in the body": genuinfake.InBody, "in the data": genuinfake.InData} {
		t.Run(name, func(t *testing.T) {
			f := fake(t, genuinfake.Options{TokenIn: place})
			c := withKey(f)
			if len(f.Calls()) != 0 {
				t.Error("New called Genuin")
			}
			for i := range 2 {
				community := chess
				community.Handle += fmt.Sprint(i)
				if _, err := c.Create(t.Context(), community); err != nil {
					t.Fatal(err)
				}
			}
			if n := calls(f, genuinfake.AuthPath); n != 1 {
				t.Errorf("%d tokens fetched, want 1", n)
			}
		})
	}
}

func TestAReadyTokenNeedsNoAuthenticationAndIsNotRenewed(t *testing.T) {
	f := fake(t, genuinfake.Options{AccessToken: readyToken})
	c := genuin.New(genuin.Options{BaseURL: f.URL(), AccessToken: readyToken, APIKey: genuinfake.Key, APISecret: genuinfake.Secret})
	if _, err := c.Create(t.Context(), chess); err != nil {
		t.Fatal(err)
	}
	f.Next(genuinfake.Unauthorized)
	if r := refused(t, c, t.Context()); r.Reason != bot.Unauthorized || r.Status != 401 {
		t.Errorf("got %v", r)
	}
	if n := calls(f, genuinfake.AuthPath); n != 0 {
		t.Errorf("%d authentications", n)
	}
}

func TestARefusedTokenIsRenewedOnce(t *testing.T) {
	for _, mode := range []genuinfake.Mode{genuinfake.ExpiredToken, genuinfake.Unauthorized, genuinfake.Forbidden} {
		t.Run(string(mode), func(t *testing.T) {
			f := fake(t, genuinfake.Options{})
			f.Next(mode)
			if _, err := withKey(f).Create(t.Context(), chess); err != nil {
				t.Fatal(err)
			}
			f.Always(mode)
			before := len(f.Calls())
			r := refused(t, withKey(f), t.Context())
			if got := len(f.Calls()) - before; r.Reason != bot.Unauthorized || got != 4 {
				t.Errorf("got %v after %d calls, want 4: token, create, token, create", r, got)
			}
		})
	}
}

func TestRenewingThatFailsSaysWhy(t *testing.T) {
	f := fake(t, genuinfake.Options{})
	f.NextAuth(genuinfake.Behave, genuinfake.Unavailable)
	f.Next(genuinfake.ExpiredToken)
	if r := refused(t, withKey(f), t.Context()); r.Reason != bot.Unreachable || r.Status != 503 {
		t.Errorf("got %v, HTTP %d", r, r.Status)
	}
}

func TestManyCallsShareOneFetch(t *testing.T) {
	const n = 10
	f := fake(t, genuinfake.Options{})
	c := withKey(f)
	createAll := func(prefix string) {
		var all sync.WaitGroup
		for i := range n {
			all.Go(func() {
				community := chess
				community.Handle = fmt.Sprint(prefix, i)
				if _, err := c.Create(t.Context(), community); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
	}
	createAll("first")
	if got := calls(f, genuinfake.AuthPath); got != 1 {
		t.Errorf("%d tokens fetched at the start, want 1", got)
	}
	f.ExpireTokens()
	createAll("second")
	if got := calls(f, genuinfake.AuthPath); got != 2 {
		t.Errorf("%d tokens fetched after they expired, want one more", got)
	}
	if len(f.Communities()) != 2*n {
		t.Errorf("%d communities, want %d", len(f.Communities()), 2*n)
	}
}

func TestOneWhoStopsWaitingDoesNotStopTheOthers(t *testing.T) {
	f := fake(t, genuinfake.Options{})
	f.NextAuth(genuinfake.Hold)
	c := withKey(f)
	impatient, cancel := context.WithCancel(t.Context())
	gone := make(chan *bot.Refusal, 1)
	go func() {
		_, err := c.Create(impatient, chess)
		var r *bot.Refusal
		_ = errors.As(err, &r)
		gone <- r
	}()
	waitHeld(t, f, 1)
	done := make(chan error, 1)
	go func() {
		_, err := c.Create(t.Context(), chess)
		done <- err
	}()
	cancel()
	if r := <-gone; r == nil || r.Reason != bot.Unreachable || !errors.Is(r, context.Canceled) {
		t.Errorf("the impatient one got %v", r)
	}
	f.Release()
	if err := <-done; err != nil {
		t.Errorf("the patient one got %v", err)
	}
	if n := calls(f, genuinfake.AuthPath); n != 1 {
		t.Errorf("%d tokens fetched, want 1", n)
	}
}

func TestAuthenticationFailures(t *testing.T) {
	coded := func(code string) string { return `{"code":"` + code + `","message":"XXXX-[in words]"}` }
	tests := []struct {
		name   string
		status int
		body   string
		reason bot.Reason
	}{
		{"400 1099", 400, coded("1099"), bot.Unauthorized},
		{"401", 401, "", bot.Unauthorized},
		{"403", 403, "<html>", bot.Unauthorized},
		{"404 5235", 404, coded("5235"), bot.Unauthorized},
		{"404 page", 404, "<html>", bot.Unauthorized},
		{"412 5166", 412, coded("5166"), bot.Unauthorized},
		{"500 5235", 500, coded("5235"), bot.Unauthorized},
		{"302", 302, "", bot.Unauthorized},
		{"408", 408, "", bot.Unreachable},
		{"429", 429, "", bot.RateLimited},
		{"500", 500, "", bot.Unreachable},
		{"503", 503, "<html>", bot.Unreachable},
		{"200 with 5235 inside", 200, coded("5235"), bot.Unauthorized},
		{"200 with 429 inside", 200, coded("429"), bot.RateLimited},
		{"200 with an unknown error inside", 200, coded("9999"), bot.Unreachable},
		{"200 without a token", 200, `{"code":200,"data":{}}`, bot.Unauthorized},
		{"200 with a token that is no text", 200, `{"code":200,"gn-access-token":{},"data":[]}`, bot.Unauthorized},
		{"200 with a token that no header takes", 200, `{"code":200,"gn-access-token":"a\nb"}`, bot.Unauthorized},
		{"200 that is not JSON", 200, "<html>", bot.Unreachable},
		{"200 that is too long", 200, `{"code":200,"gn-access-token":"x"}` + strings.Repeat(" ", 1<<20), bot.Unreachable},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			url := answers(t, tt.status, map[string]string{"Retry-After": "3"}, tt.body)
			r := refused(t, genuin.New(genuin.Options{BaseURL: url, APIKey: "the-key", APISecret: "the-secret"}), t.Context())
			if r.Reason != tt.reason || r.Status != tt.status || r.MayHaveLanded() {
				t.Errorf("got %v, HTTP %d; want %s", r, r.Status, tt.reason)
			}
			if tt.reason == bot.RateLimited && r.RetryAfter != 3*time.Second {
				t.Errorf("wait %v", r.RetryAfter)
			}
			if !strings.Contains(r.Error(), "authentication") {
				t.Errorf("the log learns %v", r)
			}
		})
	}
}

func TestAuthenticationThatGetsNoAnswerMadeNothing(t *testing.T) {
	f := fake(t, genuinfake.Options{})
	f.NextAuth(genuinfake.ResetBefore)
	c := withKey(f)
	if r := refused(t, c, t.Context()); r.Reason != bot.Unreachable || r.Status != 0 {
		t.Errorf("got %v", r)
	}
	if _, err := c.Create(t.Context(), chess); err != nil {
		t.Errorf("the next call: %v", err)
	}
}

func TestCredentialsThatCannotWorkAreForTheOperator(t *testing.T) {
	for name, o := range map[string]genuin.Options{
		"none":                         {},
		"a key without a secret":       {APIKey: "the-key"},
		"a token that no header takes": {AccessToken: "two words"},
	} {
		t.Run(name, func(t *testing.T) {
			o.BaseURL = "http://genuin.test"
			o.Transport = roundTripper(func(*http.Request) (*http.Response, error) {
				t.Error("called Genuin")
				return nil, http.ErrServerClosed
			})
			if r := refused(t, genuin.New(o), t.Context()); r.Reason != bot.Unauthorized {
				t.Errorf("got %v", r)
			}
		})
	}
}
