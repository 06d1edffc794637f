package deploy_test

import (
	"net/http"
	"testing"
	"time"

	"communitybot/adapters/discord/discordfake"
	"communitybot/adapters/slack/slackfake"
)

// What the bot asks of the platforms while a request comes and becomes a community: opening the form, posting the card,
// redrawing it, and telling the news; on Discord also the answer to an interaction, which goes over the gateway here.
var (
	askedOfSlack   = []string{"views.open", "chat.postMessage", "chat.update"}
	askedOfDiscord = []string{
		"POST /interactions/{id}/{token}/callback", "POST /channels/{channel}/messages", "PATCH /channels/{channel}/messages/{message}",
		"POST /channels/{channel}/messages/{message}/threads",
	}
)

// outage is a way in which platforms fail.
type outage struct {
	slack   slackfake.Failure
	discord discordfake.Failure
}

// slowly is an answer that comes, late: after the three seconds that an interaction has, before a call is given up.
func slowly(t *testing.T) outage {
	late := make(chan struct{})
	timer := time.AfterFunc(6*time.Second, func() { close(late) })
	t.Cleanup(func() { timer.Stop() })
	return outage{slackfake.Hold(late), discordfake.Failure{Hold: late}}
}

// silent is no answer, for longer than the bot waits for one.
func silent(t *testing.T) outage {
	never := make(chan struct{})
	t.Cleanup(func() { close(never) })
	return outage{slackfake.Hold(never), discordfake.Failure{Hold: never}}
}

func always(o outage) func(*testing.T) outage { return func(*testing.T) outage { return o } }

// TestPlatformsThatFailForAWhile has Slack and Discord fail whatever the bot asks of them, messages twice in a row. People type
// and send again while they see that it did not work; there is one card, and one outcome on it.
func TestPlatformsThatFailForAWhile(t *testing.T) {
	for name, how := range map[string]func(*testing.T) outage{
		"they are down":         always(outage{slackfake.Status(http.StatusServiceUnavailable, 0), discordfake.Failure{Status: http.StatusServiceUnavailable}}),
		"they ask to wait":      always(outage{slackfake.Status(http.StatusTooManyRequests, time.Second), discordfake.Failure{RetryAfter: time.Second}}),
		"they lose answers":     always(outage{slackfake.LoseAnswer(), discordfake.Failure{CutAfter: true}}),
		"they refuse the token": always(outage{slackfake.Refuse("token_revoked"), discordfake.Failure{Status: http.StatusUnauthorized}}),
		"they are slow":         slowly,
		"they do not answer":    silent,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := startFaulty(t, overGateway)
			o := how(t)
			for _, method := range append(askedOfSlack, "chat.postMessage") { // the card, too, the second time
				w.slack.Fail(method, 1, o.slack)
			}
			for _, route := range append(askedOfDiscord, "POST /channels/{channel}/messages") {
				w.discord.Fail(route, 1, o.discord)
			}
			for platform := range w.chats() {
				w.insists(platform, "Acme "+platform)
			}
			for platform := range w.chats() {
				w.eventually(90*time.Second, platform+" says that it exists", func() bool {
					cards, told := w.told(platform, "Acme "+platform)
					if cards > 1 || told > 1 {
						t.Fatalf("on %s are %d cards, and it is told %d times", platform, cards, told)
					}
					return told == 1
				})
			}
			w.one("Acme slack", "Acme discord")
			w.bot.stop()
		})
	}
}

// insists types the command until a form opens, and sends that until it is taken.
func (w *faulty) insists(platform, name string) {
	w.t.Helper()
	at, form := w.chats()[platform], ""
	w.eventually(90*time.Second, "a form on "+platform, func() bool {
		s, err := at.Type(w.t.Context(), at.who, at.channel, at.command+name)
		if err == nil && s.Form != nil {
			form = s.Form.ID
		}
		return form != ""
	})
	w.eventually(90*time.Second, "the form is taken on "+platform, func() bool {
		s, err := at.Send(w.t.Context(), at.who, form, nil)
		if err != nil {
			w.t.Logf("sending on %s: %v", platform, err)
		}
		return err == nil && s.Form == nil
	})
}
