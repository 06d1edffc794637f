package discord

import (
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"communitybot/adapters/discord/discordfake"
	"communitybot/bot"
)

const routeFollowUp = "POST /webhooks/{app}/{token}"

// hers is Ada's own view of #general.
var hers = bot.Place{Platform: "discord", Tenant: guild, Channel: general, User: ada}

func TestSomethingIsSaidInPrivateWhereAPersonActed(t *testing.T) {
	w := newWorld(t, always(bot.Done{Text: bot.Say("Thanks.")}, nil))
	w.types("/hello")
	at, err := w.a.Post(t.Context(), hers, rich())
	if err != nil || at != hers {
		t.Fatalf("posted at %+v, %v", at, err)
	}
	all := w.reads()
	if len(all) != 2 || !all[1].Private || !strings.Contains(all[1].Text, "Acme") || len(all[1].Buttons) == 0 {
		t.Errorf("she sees %+v", all)
	}
	if others, err := w.Read(t.Context(), bob, general); err != nil || len(others) != 0 {
		t.Errorf("others see %+v, %v", others, err)
	}
	before := len(w.Requests())
	if err := w.a.Update(t.Context(), at, rich()); err != nil || len(w.Requests()) != before {
		t.Errorf("updating: %v, %d requests", err, len(w.Requests())-before)
	}
}

func TestNothingIsSaidInPrivateWithoutAWayToDoSo(t *testing.T) {
	for _, c := range []struct {
		name string
		at   bot.Place
		wait time.Duration
		want bot.Code
	}{
		{"within a quarter of an hour", hers, passLife - time.Second, ""},
		{"after a quarter of an hour", hers, passLife, bot.NoAccess},
		{"in another channel", bot.Place{Channel: "7", User: ada}, 0, bot.NoAccess},
		{"to somebody else", bot.Place{Channel: general, User: bob}, 0, bot.NoAccess},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, always(bot.Done{}, nil))
			w.types("/hello")
			w.clock.Move(c.wait)
			if _, err := w.a.Post(t.Context(), c.at, line("a", "x")); bot.CodeOf(err) != c.want {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestAFollowUpThatIsRefused(t *testing.T) {
	for _, c := range []struct {
		name string
		how  discordfake.Failure
		late time.Duration
		want bot.Code
		wait time.Duration
	}{
		{"the answer is still on its way", discordfake.Failure{Status: 404, Code: 10015}, time.Second, bot.Busy, 2 * time.Second},
		{"there never was an answer", discordfake.Failure{Status: 404, Code: 10015}, 3 * time.Second, bot.NoAccess, 0},
		{"the token is over", discordfake.Failure{Status: 401, Code: 50027}, 0, bot.NoAccess, 0},
		{"Discord is down", discordfake.Failure{Status: 503}, 0, bot.Busy, 0},
		{"no answer came, and perhaps it is there", discordfake.Failure{CutAfter: true}, 0, bot.Busy, unsure},
		{"too many", discordfake.Failure{RetryAfter: 4 * time.Second}, 0, bot.Busy, 4 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, always(bot.Done{}, nil))
			w.types("/hello")
			w.clock.Move(c.late)
			w.Fail(routeFollowUp, 1, c.how)
			_, err := w.a.Post(t.Context(), hers, line("a", "x"))
			var e *bot.Error
			if !errors.As(err, &e) || e.Code != c.want || e.RetryAfter != c.wait {
				t.Fatalf("got %+v", err)
			}
			if p, _ := w.a.passes.of(general, ada, w.clock.Now()); p.token == "" || strings.Contains(err.Error()+w.log.String(), p.token) {
				t.Errorf("the token is shown: %v", err)
			}
		})
	}
}

func TestPassesAreFewAndTheNewest(t *testing.T) {
	var p passes
	now := start
	act := func(n int) {
		p.keep(&interaction{Type: command, Token: "t", Channel: strconv.Itoa(n), User: &user{ID: "9"}}, now)
	}
	for n := range 3 * maxPasses {
		now = now.Add(time.Millisecond)
		act(n)
		if len(p.known) > maxPasses {
			t.Fatalf("%d are kept", len(p.known))
		}
		if _, ok := p.of(strconv.Itoa(max(n-maxPasses/2+1, 0)), "9", now); !ok {
			t.Fatalf("one of the newest is lost at %d", n)
		}
	}
	now = now.Add(passLife)
	for n := range maxPasses {
		act(-n)
	}
	if _, ok := p.of("2999", "9", now); ok || len(p.known) > maxPasses {
		t.Errorf("an old one works; %d are kept", len(p.known))
	}
	p = passes{}
	p.keep(&interaction{Type: autocomplete, Token: "t", Channel: "5", User: &user{ID: "9"}}, now)
	p.keep(&interaction{Type: command, Channel: "5", User: &user{ID: "9"}}, now)
	if len(p.known) != 0 {
		t.Errorf("what nothing can follow is kept: %+v", p.known)
	}
}
