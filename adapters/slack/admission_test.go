package slack

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"communitybot/adapters/slack/slackfake"
	"communitybot/bot"
)

// refusedTo returns how often the log says that the bot is not let in.
func (d *desk) refusedTo() int { return strings.Count(d.log.String(), "level=ERROR") }

func TestATokenThatIsRefusedIsSeenWhateverItIsFor(t *testing.T) {
	for name, do := range map[string]func(*testing.T, *desk){
		"a form": func(t *testing.T, d *desk) {
			if said := d.types(t, "/create-community").Private; len(said) != 1 || !strings.Contains(said[0].Text, "did not open") {
				t.Errorf("somebody is told %+v", said)
			}
		},
		"a card": func(t *testing.T, d *desk) {
			if _, err := d.adapter.Post(t.Context(), general, oneButton); bot.CodeOf(err) != bot.Forbidden {
				t.Error(err)
			}
		},
		"a group": func(t *testing.T, d *desk) {
			if _, err := d.adapter.InGroup(t.Context(), bot.User{Platform: platform, ID: "U1"}, "S1"); bot.CodeOf(err) != bot.Forbidden {
				t.Error(err)
			}
		},
		"a name": func(t *testing.T, d *desk) {
			if _, err := d.adapter.Who(t.Context(), "T1", "U2"); bot.CodeOf(err) != bot.Forbidden {
				t.Error(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := sit(t, answering(bot.Ask{Form: richForm()}))
			if err := d.adapter.Ready(t.Context()); err != nil {
				t.Fatalf("with a token that is good: %v", err)
			}
			everything := []string{"views.open", "chat.postMessage", "users.info", "usergroups.users.list", "auth.test"}
			for _, method := range everything {
				d.FailAlways(method, slackfake.Refuse("token_revoked"))
			}
			do(t, d)
			for range 2 {
				if err := d.adapter.Ready(t.Context()); bot.CodeOf(err) != bot.Forbidden || !strings.Contains(err.Error(), "token_revoked") {
					t.Errorf("ready with %v", err)
				}
			}
			if n := d.refusedTo(); n != 1 {
				t.Errorf("it is said %d times: %s", n, d.log)
			}
			d.Heal()
			d.types(t, "/create-community")
			if err := d.adapter.Ready(t.Context()); err != nil {
				t.Errorf("let in again: %v", err)
			}
		})
	}
}

func TestATokenIsTriedOnceAMinute(t *testing.T) {
	d := sit(t, answering(nil))
	now := time.Now()
	d.adapter.admission.Now = func() time.Time { return now }
	d.FailAlways("auth.test", slackfake.Refuse("invalid_auth"))
	for range 3 {
		if err := d.adapter.Ready(t.Context()); bot.CodeOf(err) != bot.Forbidden {
			t.Errorf("a token that never was good: %v", err)
		}
	}
	now = now.Add(time.Minute)
	d.Heal()
	if err := d.adapter.Ready(t.Context()); err != nil || len(d.calls("auth.test")) != 2 {
		t.Errorf("%v after %d calls", err, len(d.calls("auth.test")))
	}
}

func TestWhatSaysNothingOfTheToken(t *testing.T) {
	for name, failure := range map[string]slackfake.Failure{
		"a scope that is missing elsewhere": slackfake.Refuse("missing_scope"),
		"a page of a proxy's":               slackfake.Status(http.StatusForbidden, 0),
		"a page that is well":               slackfake.Status(http.StatusOK, 0),
		"no answer":                         slackfake.Reset(),
		"a trouble of Slack's":              slackfake.Refuse("internal_error"),
	} {
		d := sit(t, answering(nil))
		d.FailAlways("users.info", failure)
		d.FailAlways("auth.test", failure)
		_, _ = d.adapter.Who(t.Context(), "T1", "U2") // as it may be
		if err := d.adapter.Ready(t.Context()); err != nil || d.refusedTo() > 0 {
			t.Errorf("%s: ready with %v, log %s", name, err, d.log)
		}
	}
}

func TestAScopeThatPostingLacksIsSeenUntilItIsThere(t *testing.T) {
	d := sit(t, answering(nil))
	d.Fail("chat.postMessage", 1, slackfake.Refuse("missing_scope"))
	_, _ = d.adapter.Post(t.Context(), general, oneButton)
	if _, err := d.adapter.Who(t.Context(), "T1", "U2"); err != nil {
		t.Fatal(err)
	}
	if err := d.adapter.Ready(t.Context()); bot.CodeOf(err) != bot.Forbidden {
		t.Errorf("ready with %v", err)
	}
	d.posts(t, oneButton)
	if err := d.adapter.Ready(t.Context()); err != nil {
		t.Error(err)
	}
}
