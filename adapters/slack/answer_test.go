package slack

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"communitybot/adapters/person"
	"communitybot/adapters/slack/slackfake"
	"communitybot/bot"
	"communitybot/bot/words"
)

var errHandle = &bot.Error{Code: bot.Invalid, Message: "That does not work.", Fields: map[string]string{"handle": "Taken.", "about": "Too dull."}}

func TestACommandIsAnswered(t *testing.T) {
	tests := map[string]struct {
		h    bot.Handler
		want string // private words; empty: nothing comes up
	}{
		"Tell":             {answering(bot.Tell{Text: bot.Say("Hello {who} <!channel>", "who", bot.Bold("you"))}), "Hello you <!channel>"},
		"Done":             {answering(bot.Done{Text: bot.Say("Done.")}), ""},
		"nothing":          {answering(nil), ""},
		"an error":         {failing(errHandle), "That does not work."},
		"a foreign error":  {failing(errors.New("disk on fire")), words.English.Chat.OurFault},
		"a panic":          {bot.HandlerFunc(func(context.Context, bot.Event) (bot.Reply, error) { panic("boom") }), words.English.Chat.OurFault},
		"words with marks": {failing(&bot.Error{Message: "Not *this* `one` <@U2>"}), "Not *this* `one` <@U2>"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			d := sit(t, tc.h)
			s := d.types(t, "/create-community Cricket")
			if tc.want == "" {
				if s.Form != nil || s.Private != nil {
					t.Errorf("came up: %+v", s)
				}
				return
			}
			if diff := cmp.Diff(tc.want, private1(t, s)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if pings := s.Private[0].Pings; len(pings) > 0 {
				t.Errorf("notified %v", pings)
			}
		})
	}
}

func TestALongTellIsWhole(t *testing.T) {
	d := sit(t, answering(bot.Tell{Text: bot.Say(strings.Repeat("word ", 1000))}))
	got := private1(t, d.types(t, "/help"))
	if words := strings.Fields(got); len(words) != 1000 || words[999] != "word" {
		t.Errorf("%d words", len(words))
	}
}

func TestAPanicIsLoggedWithItsStack(t *testing.T) {
	d := sit(t, bot.HandlerFunc(func(context.Context, bot.Event) (bot.Reply, error) { panic("boom") }))
	d.types(t, "/create-community")
	for _, want := range []string{"level=ERROR", "panic=boom", "answer_test.go", "command=create-community"} {
		if !strings.Contains(d.log.String(), want) {
			t.Errorf("the log lacks %q:\n%s", want, d.log)
		}
	}
}

func TestAFormOpens(t *testing.T) {
	want := &person.Form{
		Title: "New community", Text: "For everybody and *nobody* else.", Submit: "Create",
		Fields: []person.Field{
			{Label: "Name", Value: "Cricket", Hint: "What people call it"},
			{Label: "Handle", Value: "cricket", Hint: "⚠ This handle is taken.\nLeave empty to make one from the name", Optional: true},
			{Label: "Description", Value: "First\nSecond", Long: true, Optional: true},
			{Label: "Type", Value: "Private", Options: []string{"Public", "Private"}},
			{Label: "Made by AI", Value: "Community,Picture", Options: []string{"Community", "Picture", "Banner"}, Many: true, Optional: true},
			{Label: "Categories", Value: "c 3,k 11", Many: true, Optional: true, Options: []string{"a 1", "b 2", "c 3", "d 4", "e 5", "f 6", "g 7", "h 8", "i 9", "j 10", "k 11"}},
		},
	}
	check := func(t *testing.T, s person.Screen) {
		t.Helper()
		if s.Form == nil {
			t.Fatalf("no form: %+v", s)
		}
		want.ID = s.Form.ID
		if diff := cmp.Diff(want, s.Form); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	h := answering(bot.Ask{Form: richForm()})
	t.Run("after a command", func(t *testing.T) { check(t, sit(t, h).types(t, "/create-community")) })
	t.Run("after a button", func(t *testing.T) { check(t, sit(t, h).presses(t)) })
	t.Run("after another form", func(t *testing.T) { check(t, sit(t, h).fills(t, nil)) })
}

func TestAFormThatDoesNotOpen(t *testing.T) {
	const waited, busy, broken = "Slack stopped waiting", "Slack is busy", "The form did not open."
	tests := map[string]struct {
		failure slackfake.Failure
		want    string
	}{
		"an expired trigger":   {slackfake.Refuse("expired_trigger_id"), waited},
		"a used trigger":       {slackfake.Refuse("exchanged_trigger_id"), waited},
		"an old word for it":   {slackfake.Refuse("trigger_expired"), waited},
		"too many requests":    {slackfake.Status(http.StatusTooManyRequests, 30*time.Second), busy},
		"a failing Slack":      {slackfake.Status(http.StatusBadGateway, 0), busy},
		"a lost connection":    {slackfake.Reset(), busy},
		"a view Slack refuses": {slackfake.Refuse("invalid_arguments"), broken},
		"a token it refuses":   {slackfake.Refuse("invalid_auth"), broken},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			d := sit(t, answering(bot.Ask{Form: richForm()}))
			d.Fail("views.open", 1, tc.failure)
			got := private1(t, d.types(t, "/create-community"))
			if !strings.HasPrefix(got, tc.want) || !strings.Contains(got, "Please type the command again.") {
				t.Errorf("typed: %q", got)
			}
			d.Fail("views.open", 1, tc.failure)
			got = private1(t, d.presses(t))
			if !strings.HasPrefix(got, tc.want) || !strings.Contains(got, "Please press the button again.") {
				t.Errorf("pressed: %q", got)
			}
			if n := len(d.calls("views.open")); n != 2 {
				t.Errorf("%d calls of views.open for two forms: it was retried", n)
			}
			if !strings.Contains(d.log.String(), "form not opened") || strings.Contains(d.log.String(), "xoxb") {
				t.Errorf("log: %s", d.log)
			}
		})
	}
}

func TestASlowSlackIsNotWaitedForTooLong(t *testing.T) {
	d := sit(t, answering(bot.Ask{Form: richForm()}))
	d.Fail("views.open", 1, slackfake.Hold(make(chan struct{})))
	if got := private1(t, d.types(t, "/create-community")); !strings.HasPrefix(got, "Slack is busy") {
		t.Errorf("%q", got)
	}
}

func TestACallTooLongForAFormIsSaid(t *testing.T) {
	f := bot.Form{Call: bot.Call{Command: "c", Values: bot.Values{"x": strings.Repeat("x", 4000)}}, Fields: []bot.Field{{Name: "a"}}}
	d := sit(t, answering(bot.Ask{Form: f}))
	if got := private1(t, d.types(t, "/c")); !strings.HasPrefix(got, "That is too much text") {
		t.Errorf("%q", got)
	}
	d = sit(t, asking(func(bot.Event) (bot.Reply, error) { return bot.Ask{Form: f}, nil }))
	if s := d.fills(t, nil); s.Form == nil || s.Form.Field("Name").Problem == "" {
		t.Errorf("%+v", s.Form)
	}
}

func TestAButtonIsAnswered(t *testing.T) {
	tests := map[string]struct {
		h    bot.Handler
		want string
	}{
		"Tell":     {answering(bot.Tell{Text: bot.Say("Hello")}), "Hello"},
		"an error": {failing(errHandle), "That does not work."},
		"a panic":  {bot.HandlerFunc(func(context.Context, bot.Event) (bot.Reply, error) { panic("boom") }), words.English.Chat.OurFault},
		"Done":     {answering(bot.Done{Text: bot.Say("Done.")}), ""},
		"nothing":  {answering(nil), ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			d := sit(t, tc.h)
			s := d.presses(t)
			if tc.want == "" {
				if s.Form != nil || s.Private != nil {
					t.Errorf("came up: %+v", s)
				}
			} else if got := private1(t, s); got != tc.want {
				t.Errorf("%q", got)
			}
			if card := d.reads(t, "C1")[0]; card.Edited || !card.Button("Approve") {
				t.Errorf("the card changed: %+v", card)
			}
		})
	}
}

func TestAButtonThatIsNotOurs(t *testing.T) {
	h := answering(bot.Done{})
	d := sit(t, h)
	at := d.posts(t, bot.Card{Title: "T", Actions: []bot.Action{{Call: bot.Call{Command: "a=b"}, Label: "Odd"}}})
	s, err := d.Press(t.Context(), "U1", at.Message, "Odd")
	if err != nil {
		t.Fatal(err)
	}
	if got := private1(t, s); got != words.English.Chat.UnknownButton {
		t.Errorf("%q", got)
	}
	if len(h.seen()) > 0 {
		t.Error("handler called")
	}
}

func TestAnAnswerThatCantBeGivenIsLogged(t *testing.T) {
	d := sit(t, answering(bot.Tell{Text: bot.Say("secret words")}))
	for _, failure := range []slackfake.Failure{slackfake.Status(http.StatusInternalServerError, 0), slackfake.Reset()} {
		d.Fail("response_url", 2, failure)
		d.presses(t)
		until(t, "both tries", func() bool { return len(d.calls("response_url"))%2 == 0 })
	}
	d.rest()
	log := d.log.String()
	if strings.Count(log, "not answered") != 2 || strings.Contains(log, "/hooks/") || strings.Contains(log, "secret words") {
		t.Errorf("log: %s", log)
	}
	l := listen(t, failing(errHandle), "")
	l.send(payloadBody(strings.Replace(button("a"), "RESPONSE", "", 1)))
	l.rest()
	if !strings.Contains(l.log.String(), "nowhere to answer") {
		t.Errorf("log: %s", l.log)
	}
}

func TestAnAnswerIsTriedOnceMore(t *testing.T) {
	for name, tc := range map[string]struct {
		failure slackfake.Failure
		tries   int
		pause   time.Duration
	}{
		"when Slack is down":            {slackfake.Status(http.StatusServiceUnavailable, 0), 2, hesitation},
		"when the connection breaks":    {slackfake.Reset(), 2, hesitation},
		"when Slack asks for a second":  {slackfake.Status(http.StatusTooManyRequests, time.Second), 2, time.Second},
		"not when it asks for too long": {slackfake.Status(http.StatusTooManyRequests, 3*time.Second), 1, 0},
		"not when it was refused":       {slackfake.Status(http.StatusNotFound, 0), 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			d := sit(t, answering(bot.Tell{Text: bot.Say("All the details.")}))
			var paused time.Duration
			d.adapter.pause = func(_ context.Context, wait time.Duration) { paused = wait }
			d.Fail("response_url", 1, tc.failure)
			d.presses(t)
			d.rest()
			if told := len(d.notes(t)); len(d.calls("response_url")) != tc.tries || told != tc.tries-1 || paused != tc.pause {
				t.Errorf("%d tries, told %d times, after %v", len(d.calls("response_url")), told, paused)
			}
		})
	}
}

func TestTheHandlerHasLessThanSlacksThreeSeconds(t *testing.T) {
	var left time.Duration
	d := sit(t, bot.HandlerFunc(func(ctx context.Context, _ bot.Event) (bot.Reply, error) {
		deadline, _ := ctx.Deadline()
		left = time.Until(deadline)
		return bot.Done{}, nil
	}))
	d.types(t, "/create-community")
	if left <= time.Second || left > answerWithin {
		t.Errorf("the handler had %v left", left)
	}
}

func TestARedeliveryIsTheSameEvent(t *testing.T) {
	h := asking(func(bot.Event) (bot.Reply, error) { return bot.Done{}, nil })
	d := sit(t, h)
	again := func() {
		t.Helper()
		res, err := d.Redeliver(t.Context())
		if err != nil || res.StatusCode != http.StatusOK {
			t.Fatalf("%v, %v", res, err)
		}
		events := h.seen()
		if diff := cmp.Diff(events[len(events)-2], events[len(events)-1]); diff != "" {
			t.Errorf("(-first +second):\n%s", diff)
		}
	}
	d.types(t, "/create-community")
	again()
	d.fills(t, nil)
	again()
	d.presses(t)
	again()
}
