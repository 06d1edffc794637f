package discord

import (
	"strings"
	"testing"

	"communitybot/bot"

	"github.com/google/go-cmp/cmp"
)

// withShortcut is community as a command that can be called on a message.
var withShortcut = []bot.Command{
	{Named: bot.Named{Name: "communities", About: "List requests"}},
	{
		Named:    bot.Named{Name: "create-community", About: "Ask for a community"},
		Shortcut: &bot.Shortcut{Named: bot.Named{Name: "Create a community", In: map[string]bot.Named{"de": {Name: "Community gründen"}}}, Field: "description"},
	},
}

// writes posts a message of Bob's.
func (w *world) writes(text string) string {
	w.t.Helper()
	id, err := w.Write(w.t.Context(), bob, general, text)
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

func TestAShortcutBeginsACommandWithTheMessagesWords(t *testing.T) {
	w := newWorld(t, community)
	w.a.known = withShortcut
	if err := w.a.Register(t.Context(), withShortcut); err != nil {
		t.Fatal(err)
	}
	w.SetLocale(ada, "de")
	for _, name := range []string{"Create a community", "Community gründen"} {
		s := w.must(w.Shortcut(t.Context(), ada, w.writes("We run on\n**Sundays**"), name))
		if f := s.Form.Field("Description"); f == nil || f.Value != "We run on\n**Sundays**" {
			t.Errorf("%s: the form is %+v", name, s.Form)
		}
	}
	e := w.seen(bot.Open)[1]
	want := bot.Call{Command: "create-community", Values: bot.Values{"description": "We run on\n**Sundays**"}}
	if diff := cmp.Diff(want, e.Call); diff != "" || e.At != here || e.By.Locale != "de" {
		t.Errorf("at %+v by %+v (-want +got):\n%s", e.At, e.By, diff)
	}
}

func TestNamesStandForMentionsInAMessagesWords(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	w.a.known = withShortcut
	w.must(w.Shortcut(t.Context(), ada, w.writes("<@"+bob+"> <@!"+ada+"> <@1> <@&"+admins+"> <#"+general+"> <a:wave:1> <:ok:2> <@x> <t:1:f> a<b>"), "Create a community"))
	if got, want := w.events[0].Values["description"], "@Bob @Ada Lovelace @… @… #… :wave: :ok: <@x> <t:1:f> a<b>"; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestTheNamesOfPeopleMayStandBesideTheMessage(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	w.a.known = withShortcut
	status, _ := w.signed(`{"id":"77","type":2,"channel_id":"5","user":{"id":"9"},"data":{"type":3,"name":"Create a community","target_id":"6",`+
		`"resolved":{"messages":{"6":{"content":"hi <@8>"}},"users":{"8":{"id":"8","username":"eve"}}}}}`, start)
	if got := w.events[0].Values["description"]; status != 200 || got != "hi @eve" {
		t.Errorf("status %d, %q", status, got)
	}
}

func TestAnUnknownShortcutIsACommandNobodyKnows(t *testing.T) {
	w := newWorld(t, always(nil, &bot.Error{Code: bot.NotFound, Message: "I don't know that one."}))
	if m := w.note(w.must(w.Shortcut(t.Context(), ada, w.writes("hi"), "Delete"))); !strings.Contains(m.Text, "don't know") {
		t.Errorf("told %+v", m)
	}
	if c := w.events[0].Call; c.Command != "Delete" || len(c.Values) != 0 {
		t.Errorf("called %+v", c)
	}
}

func TestAMessageWithoutWordsOfItsOwnHasThoseThatItShows(t *testing.T) {
	for _, c := range []struct{ name, message, want string }{
		{"an embed", `{"content":"","embeds":[{"title":"Acme","description":"We run"},{"title":"x"}]}`, "Acme\nWe run\nx"},
		{"its own words count more", `{"content":"hi","embeds":[{"title":"Acme"}]}`, "hi"},
		{"what it forwards", `{"content":"","message_snapshots":[{"message":{"content":"we <@8>","mentions":[{"id":"8","username":"eve"}]}}]}`, "we @eve"},
		{"an embed that it forwards", `{"message_snapshots":[{"message":{"content":"","embeds":[{"description":"We run"}]}}]}`, "We run"},
		{"a picture", `{"content":"","embeds":[{"type":"image"}],"attachments":[{"id":"1"}]}`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, always(bot.Done{}, nil))
			w.a.known = withShortcut
			status, _ := w.signed(`{"id":"77","type":2,"channel_id":"5","user":{"id":"9"},"data":{"type":3,"name":"Create a community","target_id":"6",`+
				`"resolved":{"messages":{"6":`+c.message+`}}}}`, start)
			if got := w.events[0].Values["description"]; status != 200 || got != c.want {
				t.Errorf("status %d, %q", status, got)
			}
		})
	}
}
