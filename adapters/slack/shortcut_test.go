package slack

import (
	"errors"
	"strings"
	"testing"

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
	for _, id := range []string{"U1", "U3"} {
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
	if n := len(d.calls("users.info")); n != 2 {
		t.Errorf("%d questions about people", n)
	}
}
