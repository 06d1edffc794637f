package slack

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"communitybot/adapters/person"
	"communitybot/adapters/slack/slackfake"
	"communitybot/bot"
	"communitybot/bot/words"
)

// uses lets ann use the shortcut on something that bob wrote in random, where the bot is not.
func uses(t *testing.T, h bot.Handler, text string) (*desk, person.Screen) {
	t.Helper()
	d := sit(t, h)
	raw, err := Manifest(someCommands, "https://bot.example.com", false)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Install(raw); err != nil {
		t.Fatal(err)
	}
	message, err := d.Write(t.Context(), "U2", "C2", text)
	if err != nil {
		t.Fatal(err)
	}
	s, err := d.Shortcut(t.Context(), "U1", message, "Create a community")
	if err != nil {
		t.Fatal(err)
	}
	return d, s
}

func TestAShortcutIsACommandWithTheMessagesWords(t *testing.T) {
	h := answering(bot.Ask{Form: richForm()})
	_, s := uses(t, h, "Bats & <balls>\nfor everybody")
	if s.Form == nil || s.Form.Title != "New community" {
		t.Fatalf("%+v", s)
	}
	e := h.one(t)
	want := bot.Event{
		Call: bot.Call{Command: "create-community", Values: bot.Values{"description": "Bats & <balls>\nfor everybody"}},
		Step: bot.Open, ID: e.ID, By: bot.User{Platform: "slack", ID: "U1", Name: "ann", Locale: "en-US"},
		At: bot.Place{Platform: "slack", Tenant: "T1", Channel: "C2"},
	}
	if diff := cmp.Diff(want, e); diff != "" || !strings.HasPrefix(e.ID, "slack:trigger:") {
		t.Errorf("%q (-want +got):\n%s", e.ID, diff)
	}
}

func TestWhatAShortcutTellsIsPrivate(t *testing.T) {
	for name, tc := range map[string]struct {
		handler *recorder
		want    string
	}{
		"Tell":     {answering(bot.Tell{Text: bot.Say("You have three already.")}), "You have three already."},
		"an error": {failing(errors.New("no database")), words.English.Chat.OurFault},
	} {
		t.Run(name, func(t *testing.T) {
			if _, s := uses(t, tc.handler, "x"); private1(t, s) != tc.want {
				t.Errorf("%+v", s)
			}
		})
	}
	if _, s := uses(t, answering(bot.Done{}), "x"); s.Form != nil || len(s.Private) > 0 {
		t.Errorf("Done: %+v", s)
	}
}

func TestAShortcutWhoseFormDoesNotOpen(t *testing.T) {
	d, _ := uses(t, answering(bot.Ask{Form: richForm()}), "x")
	d.Fail("views.open", 1, slackfake.Refuse("expired_trigger_id"))
	s, err := d.Shortcut(t.Context(), "U1", d.reads(t, "C2")[0].ID, "Create a community")
	if err != nil || !strings.HasPrefix(s.Private[0].Text, bot.Fill(words.English.Chat.FormLate, "platform", "Slack")) {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestAShortcutThatLacksSomething(t *testing.T) {
	h := answering(bot.Done{})
	l := listen(t, h, "")
	body := `{"type":"message_action","callback_id":"c:d","trigger_id":"1.2.3","user":{"id":"U1"},"team":{"id":"T1"},"channel":{"id":"C1"},"message":{"text":""}}`
	if got := l.send(payloadBody(body)); got.status != 200 || got.body != "" {
		t.Errorf("%+v", got)
	}
	if e := h.one(t); e.Command != "c" || e.Values != nil {
		t.Errorf("a message without words: %+v", e)
	}
	for _, missing := range []string{`"callback_id":"c:d",`, `"trigger_id":"1.2.3",`, `"id":"U1"`, `"id":"C1"`} {
		if got := l.send(payloadBody(strings.Replace(body, missing, "", 1))); got.status != 400 {
			t.Errorf("without %s: %+v", missing, got)
		}
	}
}

func TestAMessageInPlainWords(t *testing.T) {
	d := sit(t, answering(bot.Done{}))
	d.AddUser("U3", "<b>")
	d.AddUser("U4", "a &lt; b")
	d.AddGroup("S2", "r&amp;d", "U1")
	for _, id := range []string{"U1", "U3", "U4", "S2"} {
		if _, err := d.adapter.Who(t.Context(), "T1", id); err != nil {
			t.Fatal(err)
		}
	}
	for text, want := range map[string]string{
		"just words":                      "just words",
		"  a\nb ":                         "a\nb",
		"1 &lt; 2 &amp;&amp; 3 &gt; 2":    "1 < 2 && 3 > 2",
		"&amp;lt;":                        "&lt;",
		"<@U1> and <@U2>":                 "@ann and @U2",
		"<@U3>":                           "@<b>",
		"<@U4> and <!subteam^S2>":         "@a &lt; b and @r&amp;d",
		"<@W9|zoe>":                       "@zoe",
		"<#C1|general> <#C9|> <#C8>":      "#general #C9 #C8",
		"<!here> <!channel> <!everyone>":  "@here @channel @everyone",
		"<!subteam^S1> <!subteam^S1|@x>":  "@S1 @x",
		"<!date^1^{date}|Monday>":         "Monday",
		"<https://x.test/a>":              "https://x.test/a",
		"<https://x.test/?a=1&amp;b=2>":   "https://x.test/?a=1&b=2",
		"<https://x.test|our page>":       "our page (https://x.test)",
		"<http://x.test|x.test>":          "x.test",
		"<mailto:a@x.test|a@x.test>":      "a@x.test",
		"<mailto:a@x.test|write to me>":   "write to me (a@x.test)",
		"<>":                              "<>",
		"a < b":                           "a < b",
		"<https://x.test|a> <!here|here>": "a (https://x.test) @here",
	} {
		if got := d.adapter.plainWords(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
	if n := len(d.calls("users.info")); n != 3 {
		t.Errorf("%d questions about people", n)
	}
}

func TestAShortcutLooksUpWhomTheMessageMentions(t *testing.T) {
	h := answering(bot.Done{})
	d := sit(t, h)
	d.AddGroup("S1", "ops", "U1")
	text := "<@W9|zoe>, <@U1>, <@U2> and <!subteam^S1>: see <#C1|general> <@UNOBODY> <@U2>"
	var strangers strings.Builder
	for i := range 20 {
		strangers.WriteString(" <@UX" + string(rune('A'+i)) + ">")
	}
	body, err := json.Marshal(map[string]any{
		"type": "message_action", "callback_id": "c:d", "trigger_id": "1.2.3", "user": map[string]string{"id": "U1"},
		"team": map[string]string{"id": "T1"}, "channel": map[string]string{"id": "C1"}, "message": map[string]string{"text": text + strangers.String()},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := listen(t, h, d.APIURL()).send(payloadBody(string(body))); got.status != http.StatusOK {
		t.Fatalf("%+v", got)
	}
	want := "@zoe, @ann, @bob and @ops: see #general @UNOBODY @bob"
	if got := h.one(t).Values["d"]; !strings.HasPrefix(got, want) {
		t.Errorf("%q", got)
	}
	asked := d.calls("users.info")
	if len(asked) != maxMentioned-1 { // one is the group, and ann who acts is mentioned
		t.Errorf("%d questions about people", len(asked))
	}
	if slices.ContainsFunc(asked, func(r slackfake.Request) bool { return r.Arg("user") == "W9" }) {
		t.Error("asked about somebody who is named")
	}
}

func TestNobodyWaitsLongForWhomAMessageMentions(t *testing.T) {
	h := answering(bot.Done{})
	d := sit(t, h)
	d.Fail("users.info", 2, slackfake.Hold(make(chan struct{})))
	body := `{"type":"message_action","callback_id":"c:d","trigger_id":"1.2.3","user":{"id":"U1"},"team":{"id":"T1"},"channel":{"id":"C1"},"message":{"text":"<@U2>"}}`
	start := time.Now()
	listen(t, h, d.APIURL()).send(payloadBody(body))
	if took := time.Since(start); took < localeWithin || took > 2*time.Second || h.one(t).Values["d"] != "@U2" {
		t.Errorf("%+v after %v", h.one(t), took)
	}
}
