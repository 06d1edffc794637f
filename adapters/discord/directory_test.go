package discord

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"communitybot/adapters/discord/discordfake"
	"communitybot/bot"

	"github.com/google/go-cmp/cmp"
)

const (
	routeRoles  = "GET /guilds/{guild}/roles"
	routeMember = "GET /guilds/{guild}/members/{user}"
)

// asked returns how often the bot asked for paths that hold part.
func (w *world) asked(part string) (n int) {
	for _, x := range w.Requests() {
		if !x.Delivery && strings.Contains(x.Path, part) {
			n++
		}
	}
	return n
}

func TestWhoIsInARole(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	if _, err := w.Type(t.Context(), ada, general, "/hello"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Type(t.Context(), bob, general, "/hello"); err != nil {
		t.Fatal(err)
	}
	byAda, byBob := w.events[0].By, w.events[1].By
	foreign := byAda
	foreign.Platform = "slack"
	for _, c := range []struct {
		name  string
		who   bot.User
		group string
		want  bool
	}{
		{"a person with the role", byAda, admins, true},
		{"a person without any", byBob, admins, false},
		{"another role", byAda, "7", false},
		{"somebody else's ID", byAda, bob, false},
		{"no ID", byAda, "", false},
		{"the server itself", byAda, guild, false},
		{"somebody of another platform", foreign, admins, false},
	} {
		if got, err := w.a.InGroup(t.Context(), c.who, c.group); got != c.want || err != nil {
			t.Errorf("%s: %t, %v", c.name, got, err)
		}
	}
	if n := w.asked("/"); n != 0 {
		t.Errorf("%d calls for what the interaction tells", n)
	}
}

func TestWhoSomebodyIs(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	w.AddRole(admins, "ops")
	w.AddUser("200000000000000003", "Cleo")
	w.SetNick("200000000000000003", "The Queen")
	for _, c := range []struct {
		name string
		id   string
		want bot.User
	}{
		{"a role", admins, bot.User{Platform: "discord", ID: admins, Name: "ops", Group: true}},
		{"the role of all", guild, bot.User{Platform: "discord", ID: guild, Name: "@everyone", Group: true}},
		{"a person", ada, bot.User{Platform: "discord", ID: ada, Name: "Ada Lovelace"}},
		{"a person with a nickname", "200000000000000003", bot.User{Platform: "discord", ID: "200000000000000003", Name: "The Queen"}},
	} {
		got, err := w.a.Who(t.Context(), guild, c.id)
		if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v, %s", c.name, err, diff)
		}
	}
	if n := w.asked("/roles"); n != 1 {
		t.Errorf("the roles were asked for %d times", n)
	}
}

func TestNobody(t *testing.T) {
	for _, c := range []struct {
		name, tenant, id string
		calls            int
	}{
		{"an ID of nobody", guild, "200000000000000009", 2},
		{"no ID", guild, "", 0},
		{"words", guild, "ada", 0},
		{"a way out of the path", guild, "../../users/@me", 0},
		{"an ID beyond all", guild, "99999999999999999999", 0},
		{"zero", guild, "0", 0},
		{"no server", "", ada, 0},
		{"another platform's server", "T1", ada, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, always(bot.Done{}, nil))
			u, err := w.a.Who(t.Context(), c.tenant, c.id)
			if bot.CodeOf(err) != bot.NotFound || u.ID != "" {
				t.Errorf("%+v, %v", u, err)
			}
			if n := w.asked("/guilds/"); n != c.calls {
				t.Errorf("%d calls, want %d", n, c.calls)
			}
		})
	}
}

func TestNamesAreRememberedForTenMinutes(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	name := func(id string) string {
		u, err := w.a.Who(t.Context(), guild, id)
		if err != nil {
			t.Fatal(err)
		}
		return u.Name
	}
	w.AddRole(admins, "ops")
	first := []string{name(admins), name(ada), name(bob)}
	w.AddRole(admins, "operations")
	w.SetNick(ada, "Countess")
	w.clock.Move(10*time.Minute - time.Second)
	if diff := cmp.Diff(first, []string{name(admins), name(ada), name(bob)}); diff != "" {
		t.Errorf("within ten minutes: %s", diff)
	}
	if roles, people := w.asked("/roles"), w.asked("/members/"); roles != 1 || people != 2 {
		t.Errorf("asked for roles %d times, for people %d times", roles, people)
	}
	w.clock.Move(time.Second)
	if diff := cmp.Diff([]string{"operations", "Countess"}, []string{name(admins), name(ada)}); diff != "" {
		t.Errorf("after ten minutes: %s", diff)
	}
}

func TestThoseWhoAskAtOnceShareOneCall(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	hold := make(chan struct{})
	w.Fail(routeRoles, 1, discordfake.Failure{Hold: hold})
	w.Fail(routeMember, 1, discordfake.Failure{Hold: hold})
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if u, err := w.a.Who(t.Context(), guild, ada); err != nil || u.Name != "Ada Lovelace" {
				t.Errorf("%+v, %v", u, err)
			}
		})
	}
	close(hold)
	all.Wait()
	if roles, people := w.asked("/roles"), w.asked("/members/"); roles != 1 || people != 1 {
		t.Errorf("asked for roles %d times, for people %d times", roles, people)
	}
}

func TestWhoeverStopsWaitingLeavesTheAnswerToOthers(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	hold := make(chan struct{})
	w.Fail(routeRoles, 1, discordfake.Failure{Hold: hold})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := w.a.Who(ctx, guild, ada); bot.CodeOf(err) != bot.Busy {
		t.Errorf("the one who stopped waiting: %v", err)
	}
	close(hold)
	if u, err := w.a.Who(t.Context(), guild, ada); err != nil || u.Name != "Ada Lovelace" {
		t.Errorf("the next one: %+v, %v", u, err)
	}
	if n := w.asked("/roles"); n != 1 {
		t.Errorf("the roles were asked for %d times", n)
	}
}

func TestWhyDiscordDoesNotTellWhoSomebodyIs(t *testing.T) {
	for _, c := range []struct {
		name  string
		route string
		how   discordfake.Failure
		code  bot.Code
	}{
		{"the bot may not look there", routeRoles, discordfake.Failure{Status: 403, Code: 50001}, bot.NoAccess},
		{"the bot was removed", routeRoles, discordfake.Failure{Status: 404, Code: 10004}, bot.NoAccess},
		{"the bot was removed meanwhile", routeMember, discordfake.Failure{Status: 403, Code: 50001}, bot.NoAccess},
		{"the person has left", routeMember, discordfake.Failure{Status: 404, Code: 10007}, bot.NotFound},
		{"there is no such person", routeMember, discordfake.Failure{Status: 404, Code: 10013}, bot.NotFound},
		{"the token is refused", routeRoles, discordfake.Failure{Status: http.StatusUnauthorized}, bot.Forbidden},
		{"too many calls", routeMember, discordfake.Failure{RetryAfter: 7 * time.Second}, bot.Busy},
		{"Discord is down", routeRoles, discordfake.Failure{Status: 503}, bot.Busy},
		{"the connection breaks", routeRoles, discordfake.Failure{CutBefore: true}, bot.Busy},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, always(bot.Done{}, nil))
			w.Fail(c.route, 1, c.how)
			_, err := w.a.Who(t.Context(), guild, ada)
			if bot.CodeOf(err) != c.code {
				t.Errorf("got %v, want %s", err, c.code)
			}
			w.clock.Move(7 * time.Second)
			if u, err := w.a.Who(t.Context(), guild, ada); err != nil || u.Name != "Ada Lovelace" {
				t.Errorf("the failure is remembered: %+v, %v", u, err)
			}
		})
	}
}

func TestAnotherServerIsNoneOfTheBots(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	if _, err := w.a.Who(t.Context(), "1100000000000000009", ada); bot.CodeOf(err) != bot.NoAccess {
		t.Errorf("got %v", err)
	}
}
