package genuinfake_test

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"communitybot/bot/genuin/genuinfake"
)

func TestModesThatMakeNothing(t *testing.T) {
	tests := map[genuinfake.Mode]struct {
		status int
		code   any
	}{
		genuinfake.HandleTaken: {500, "5216"}, genuinfake.CategoryUnknown: {404, "5220"}, genuinfake.Misuse: {412, "5166"},
		genuinfake.NoBrand: {404, "5235"}, genuinfake.BadRequest: {400, nil}, genuinfake.Unauthorized: {401, "401"},
		genuinfake.Forbidden: {403, "403"}, genuinfake.ExpiredToken: {401, "401"}, genuinfake.RateLimited: {429, "429"},
		genuinfake.Broken: {500, "5000"}, genuinfake.BadGateway: {502, nil}, genuinfake.Unavailable: {503, nil},
		genuinfake.GatewayTimeout: {504, nil}, genuinfake.NotJSON: {200, nil},
	}
	for mode, want := range tests {
		t.Run(string(mode), func(t *testing.T) {
			f := start(t, genuinfake.Options{RetryAfter: 7 * time.Second})
			f.Next(mode)
			r := create(t, f, valid)
			if r.status != want.status || r.Code != want.code {
				t.Errorf("got %d, code %v; want %d, %v", r.status, r.Code, want.status, want.code)
			}
			if got := r.header.Get("Retry-After"); (got == "7") != (mode == genuinfake.RateLimited) {
				t.Errorf("Retry-After %q", got)
			}
			if n := len(f.Communities()); n != 0 {
				t.Errorf("made %d communities", n)
			}
			if r := create(t, f, valid); r.status != http.StatusOK {
				t.Errorf("the call after it: got %d", r.status)
			}
		})
	}
}

func TestExpiredTokenExpiresAll(t *testing.T) {
	f := start(t, genuinfake.Options{})
	tok := token(t, f)
	f.Next(genuinfake.ExpiredToken)
	for range 2 {
		if r := mustSend(t, f, http.MethodPost, genuinfake.CreatePath, tok, valid); r.status != http.StatusUnauthorized {
			t.Errorf("got %d", r.status)
		}
	}
}

func TestConnectionsBreakBeforeAndAfterMaking(t *testing.T) {
	for mode, made := range map[genuinfake.Mode]int{genuinfake.ResetBefore: 0, genuinfake.ResetAfter: 1} {
		t.Run(string(mode), func(t *testing.T) {
			f := start(t, genuinfake.Options{})
			tok := token(t, f)
			f.Next(mode)
			if _, err := send(f, http.MethodPost, genuinfake.CreatePath, tok, valid); !errors.Is(err, syscall.ECONNRESET) {
				t.Errorf("got %v, want a reset", err)
			}
			if n := len(f.Communities()); n != made {
				t.Errorf("made %d communities, want %d", n, made)
			}
		})
	}
}

func TestItFailsAfterItMadeOne(t *testing.T) {
	f := start(t, genuinfake.Options{})
	f.Always(genuinfake.BrokenAfter)
	for range 2 {
		if r := create(t, f, valid); r.status != http.StatusInternalServerError || !strings.Contains(r.body, "5000") {
			t.Errorf("got %d, %s", r.status, r.body)
		}
	}
	if n := len(f.Communities()); n != 1 {
		t.Errorf("made %d communities", n)
	}
}

func TestOddSuccesses(t *testing.T) {
	f := start(t, genuinfake.Options{})
	f.Next(genuinfake.Oversized, genuinfake.NoShareURL)
	if r := create(t, f, valid); len(r.body) <= 1<<20 || r.Data["community_id"] != f.Communities()[0].ID {
		t.Errorf("oversized: %d bytes", len(r.body))
	}
	r := create(t, f, strings.Replace(valid, "chess", "go", 1))
	if r.Data["share_url"] != "" || f.Communities()[1].ShareURL != "" {
		t.Errorf("no share_url: %s", r.body)
	}
}

func TestHeldCallsGoOnOneByOne(t *testing.T) {
	for mode, before := range map[genuinfake.Mode]int{genuinfake.Hold: 0, genuinfake.HoldMade: 2} {
		t.Run(string(mode), func(t *testing.T) {
			f := start(t, genuinfake.Options{AccessToken: "ready"})
			f.Always(mode)
			done := make(chan error, 2)
			for _, handle := range []string{"a", "b"} {
				go func() {
					_, err := send(f, http.MethodPost, genuinfake.CreatePath, "ready", strings.Replace(valid, "chess", handle, 1))
					done <- err
				}()
			}
			waitHeld(t, f, 2)
			if n := len(f.Communities()); n != before || len(f.Calls()) != 0 {
				t.Errorf("%d communities while held, want %d; %d answers, want none", n, before, len(f.Calls()))
			}
			f.Release()
			if err := <-done; err != nil {
				t.Error(err)
			}
			if n := len(f.Calls()); n != 1 {
				t.Errorf("%d answers after one release", n)
			}
			f.Release()
			if err := <-done; err != nil {
				t.Error(err)
			}
		})
	}
}

func waitHeld(t *testing.T, f *genuinfake.Fake, n int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := f.WaitHeld(ctx, n); err != nil {
		t.Fatal(err)
	}
}

func TestASlowCallIsDoneLate(t *testing.T) {
	const late = 50 * time.Millisecond
	f := start(t, genuinfake.Options{Slow: late})
	f.Next(genuinfake.Slow)
	began := time.Now()
	if r := create(t, f, valid); r.status != http.StatusOK || time.Since(began) < late {
		t.Errorf("got %d after %v", r.status, time.Since(began))
	}
}

func TestASlowCallEndsWithTheFake(t *testing.T) {
	f := start(t, genuinfake.Options{AccessToken: "ready", Slow: time.Hour})
	f.Next(genuinfake.Slow)
	done := make(chan error, 1)
	go func() {
		_, err := send(f, http.MethodPost, genuinfake.CreatePath, "ready", valid)
		done <- err
	}()
	f.Close()
	if err := <-done; err == nil {
		t.Error("a call of an hour was answered")
	}
}

func TestAHeldCallIsDoneEvenIfItsClientHasGone(t *testing.T) {
	f := start(t, genuinfake.Options{AccessToken: "ready"})
	f.Next(genuinfake.Hold)
	ctx, leave := context.WithCancel(t.Context())
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, f.URL()+genuinfake.CreatePath, strings.NewReader(valid))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer ready")
	done := make(chan error, 1)
	go func() {
		resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
		if err == nil {
			resp.Body.Close()
		}
		done <- err
	}()
	waitHeld(t, f, 1)
	leave()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("the client got %v", err)
	}
	f.Release()
	deadline := time.After(10 * time.Second)
	for tick := time.Tick(time.Millisecond); len(f.Communities()) == 0; {
		select {
		case <-tick:
		case <-deadline:
			t.Fatal("nothing was made")
		}
	}
}

func TestReleaseCountsForACallThatComesLater(t *testing.T) {
	f := start(t, genuinfake.Options{})
	f.Next(genuinfake.Hold)
	f.Release()
	if r := create(t, f, valid); r.status != http.StatusOK {
		t.Errorf("got %d", r.status)
	}
}

func TestWaitHeldEndsWithItsContext(t *testing.T) {
	f := start(t, genuinfake.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := f.WaitHeld(ctx, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestCloseDropsHeldCalls(t *testing.T) {
	f := start(t, genuinfake.Options{})
	tok := token(t, f)
	f.Next(genuinfake.Hold)
	done := make(chan error, 1)
	go func() {
		_, err := send(f, http.MethodPost, genuinfake.CreatePath, tok, valid)
		done <- err
	}()
	waitHeld(t, f, 1)
	f.Close()
	if err := <-done; err == nil {
		t.Error("the held call got an answer")
	}
	f.Close() // twice is fine
}

func TestAlwaysNextAndClear(t *testing.T) {
	f := start(t, genuinfake.Options{AccessToken: "ready"})
	f.Always(genuinfake.Broken)
	f.Next(genuinfake.Misuse, genuinfake.BadGateway)
	f.NextAuth(genuinfake.Unavailable)
	var got []int
	for i := range 5 {
		if i == 4 {
			f.Clear()
		}
		got = append(got, mustSend(t, f, http.MethodPost, genuinfake.CreatePath, "ready", valid).status)
	}
	if diff := cmp.Diff([]int{412, 502, 500, 500, 200}, got); diff != "" {
		t.Errorf("statuses (-want +got):\n%s", diff)
	}
	if token(t, f) == "" {
		t.Error("Clear did not reach authentication")
	}
}

func TestAuthenticationFailsWhenToldTo(t *testing.T) {
	f := start(t, genuinfake.Options{})
	f.NextAuth(genuinfake.Unavailable, genuinfake.Misuse)
	for _, want := range []int{503, 412, 200} {
		if r := mustSend(t, f, http.MethodPost, genuinfake.AuthPath, "", credentials); r.status != want {
			t.Errorf("got %d, want %d", r.status, want)
		}
	}
}

func TestModesListsEachOnceUnderAPlainName(t *testing.T) {
	modes := genuinfake.Modes()
	if modes[0] != genuinfake.Behave {
		t.Errorf("the first is %q", modes[0])
	}
	for i, mode := range modes {
		if slices.Contains(modes[:i], mode) || !regexp.MustCompile(`^[a-z_]+$`).MatchString(string(mode)) {
			t.Errorf("mode %q", mode)
		}
	}
}
