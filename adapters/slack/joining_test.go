package slack

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"communitybot/adapters/person"
	"communitybot/adapters/slack/slackfake"
	"communitybot/bot"
)

// random is a public channel that the bot is not in.
var random = bot.Place{Platform: platform, Tenant: "T1", Channel: "C2"}

// loses posts a card, and the answer gets lost.
func (d *desk) loses(t *testing.T, at bot.Place, c bot.Card) {
	t.Helper()
	d.Fail("chat.postMessage", 1, slackfake.LoseAnswer())
	if _, err := d.adapter.Post(t.Context(), at, c); bot.CodeOf(err) != bot.Busy {
		t.Fatalf("the lost answer: %v", err)
	}
}

// cards returns the messages of the bot's in a channel that have a button.
func (d *desk) cards(t *testing.T, channel string) []person.Message {
	t.Helper()
	return slices.DeleteFunc(d.reads(t, channel), func(m person.Message) bool { return len(m.Buttons) == 0 })
}

func TestInAChannelThatTheBotIsNotInNothingIsPostedTwice(t *testing.T) {
	again := oneButton
	again.Again = true
	d := sit(t, answering(nil))
	d.loses(t, random, oneButton)
	card, err := d.adapter.Post(t.Context(), random, again)
	if all := d.cards(t, "C2"); err != nil || len(all) != 1 || all[0].ID != card.Message {
		t.Fatalf("at %+v, %v: %+v", card, err, all)
	}
	d.AddChannel(slackfake.Channel{ID: "C2", Name: "random", Members: []string{"U1", "U2"}}) // somebody removes it
	line := bot.Card{Key: "line-1", Text: bot.Say("News.")}
	d.loses(t, card, line)
	line.Again = true
	found, err := d.adapter.Post(t.Context(), card, line)
	if thread := d.cards(t, "C2")[0].Thread; err != nil || len(thread) != 1 || thread[0].ID != found.Message {
		t.Errorf("at %+v, %v: %+v", found, err, thread)
	}
	if n := len(d.calls("conversations.join")); n != 2 {
		t.Errorf("it joined %d times", n)
	}
}

func TestTheBotJoinsOnlyToFindWhatItMayHavePosted(t *testing.T) {
	d := sit(t, answering(nil))
	card, err := d.adapter.Post(t.Context(), random, oneButton)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.adapter.Post(t.Context(), card, bot.Card{Key: "line-1", Text: bot.Say("News.")}); err != nil {
		t.Fatal(err)
	}
	if n := len(d.calls("conversations.join")); n > 0 {
		t.Errorf("it joined %d times", n)
	}
}

func TestAChannelThatCantBeJoined(t *testing.T) {
	again := oneButton
	again.Again = true
	for name, tc := range map[string]struct {
		failure slackfake.Failure
		want    bot.Code
	}{
		"ever":            {slackfake.Refuse("method_not_supported_for_channel_type"), ""}, // then it can't be looked for
		"without a scope": {slackfake.Refuse("missing_scope"), ""},
		"for now":         {slackfake.Status(http.StatusTooManyRequests, 7*time.Second), bot.Busy},
		"with no answer":  {slackfake.Reset(), bot.Busy},
		"with a page":     {slackfake.Status(http.StatusBadGateway, 0), bot.Busy},
	} {
		t.Run(name, func(t *testing.T) {
			d := sit(t, answering(nil))
			d.Fail("conversations.join", 1, tc.failure)
			_, err := d.adapter.Post(t.Context(), random, again)
			if bot.CodeOf(err) != tc.want {
				t.Errorf("%v, want %q", err, tc.want)
			}
			if posts := len(d.calls("chat.postMessage")); (posts == 1) != (tc.want == "") {
				t.Errorf("%d posts", posts)
			}
			if logged := strings.Contains(d.log.String(), "can't look for"); logged != (tc.want == "") {
				t.Errorf("log: %s", d.log)
			}
		})
	}
}

func TestTheFakesAppMayDoWhatTheManifestAsksFor(t *testing.T) {
	fake, err := slackfake.Start(slackfake.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = fake.Close() }()
	if diff := cmp.Diff(slices.Sorted(slices.Values(Scopes)), slices.Sorted(slices.Values(fake.Scopes))); diff != "" {
		t.Errorf("scopes (-manifest +fake):\n%s", diff)
	}
}
