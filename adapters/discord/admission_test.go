package discord

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"communitybot/adapters/discord/discordfake"
	"communitybot/bot"
)

func TestATokenThatIsRefusedIsSeenWhateverItIsFor(t *testing.T) {
	refused := discordfake.Failure{Status: http.StatusUnauthorized}
	for name, tc := range map[string]struct {
		route string
		do    func(*world) error
	}{
		"a card": {routeMessages, func(w *world) error { _, err := w.a.Post(w.t.Context(), here, bot.Card{Title: "T"}); return err }},
		"a name": {routeMember, func(w *world) error { _, err := w.a.Who(w.t.Context(), guild, bob); return err }},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, nil)
			if err := w.a.Ready(t.Context()); err != nil {
				t.Fatalf("with a token that is good: %v", err)
			}
			w.Fail(tc.route, 2, refused)
			for range 2 {
				if err := tc.do(w); bot.CodeOf(err) != bot.Forbidden {
					t.Fatal(err)
				}
				if err := w.a.Ready(t.Context()); bot.CodeOf(err) != bot.Forbidden {
					t.Errorf("ready with %v", err)
				}
			}
			if n := strings.Count(w.log.String(), "level=ERROR"); n != 1 {
				t.Errorf("it is said %d times: %s", n, w.log)
			}
			if err := tc.do(w); err != nil {
				t.Fatal(err)
			}
			if err := w.a.Ready(t.Context()); err != nil {
				t.Errorf("let in again: %v", err)
			}
		})
	}
}

func TestATokenIsTriedOnceAMinute(t *testing.T) {
	w := newWorld(t, nil)
	const me = "GET /users/@me"
	w.Fail(me, 2, discordfake.Failure{Status: http.StatusUnauthorized})
	for i, want := range []bot.Code{bot.Forbidden, bot.Forbidden, ""} {
		for range 2 {
			if err := w.a.Ready(t.Context()); bot.CodeOf(err) != want {
				t.Errorf("minute %d: ready with %v", i, err)
			}
		}
		w.clock.Move(time.Minute)
	}
	if n := w.took(me); n != 3 {
		t.Errorf("it was tried %d times", n)
	}
}

func TestWhatSaysNothingOfTheToken(t *testing.T) {
	w := newWorld(t, nil)
	w.a.hear(http.MethodPost, "/webhooks/"+w.a.application+"/token", http.StatusUnauthorized, &bot.Error{Code: bot.Forbidden})
	w.a.hear(http.MethodGet, "/users/@me", http.StatusBadGateway, &bot.Error{Code: bot.Busy})
	w.Fail("GET /users/@me", 1, discordfake.Failure{CutBefore: true})
	if err := w.a.Ready(t.Context()); err != nil {
		t.Error(err)
	}
}
