package slack

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"communitybot/adapters/person"
	"communitybot/adapters/slack/slackfake"
	"communitybot/bot"
)

func TestACardIsPosted(t *testing.T) {
	d := sit(t, answering(nil))
	at := d.posts(t, richCard())
	if at.Platform != "slack" || at.Tenant != "T1" || at.Channel != "C1" || at.Message == "" || at.User != "" {
		t.Errorf("posted at %+v", at)
	}
	want := person.Message{
		ID: at.Message, Author: "communitybot",
		Text: "Cricket <!channel> *fans*\nAsked for by @ann on 2026-03-14 12:00 UTC.\nHandle: cricket_fans\nType: Public\n" +
			"Description\nAll about `cricket` & <tea>\n\u00ad> and *cake*\nTags: –\nLink: Open it\nApproved by Ann",
		Buttons: []string{"Approve", "Deny…", "Details"},
		Images:  []string{"https://c.test/dp.png", "https://c.test/banner.png"},
		Links:   []string{"https://c.test/cricket"},
		Pings:   []string{"U1"},
	}
	if diff := cmp.Diff([]person.Message{want}, d.reads(t, "C1")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	sent := d.calls("chat.postMessage")[0]
	for name, want := range map[string]string{
		"unfurl_links": "false", "unfurl_media": "false",
		"metadata": `{"event_type":"communitybot_card","event_payload":{"key":"req-42-card"}}`,
	} {
		if got := sent.Arg(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

func TestWhereACardGoes(t *testing.T) {
	d := sit(t, answering(nil))
	card := d.posts(t, bot.Card{Title: "Cricket"})
	reply, err := d.adapter.Post(t.Context(), card, bot.Card{Text: bot.Say("It exists.")})
	if err != nil || reply.Channel != "C1" || reply.Message == card.Message {
		t.Fatalf("%+v, %v", reply, err)
	}
	if thread := d.reads(t, "C1")[0].Thread; len(thread) != 1 || thread[0].Text != "It exists." {
		t.Errorf("thread %+v", thread)
	}
	direct, err := d.adapter.Post(t.Context(), bot.Place{Platform: "slack", Tenant: "T1", User: "U1"}, bot.Card{Text: bot.Say("Psst.")})
	if err != nil || !strings.HasPrefix(direct.Channel, "D") || direct.Message == "" {
		t.Fatalf("%+v, %v", direct, err)
	}
	if said := d.reads(t, "@U1"); len(said) != 1 || said[0].Text != "Psst." {
		t.Errorf("said %+v", said)
	}
	public, err := d.adapter.Post(t.Context(), bot.Place{Channel: "C2"}, bot.Card{Text: bot.Say("Hi.")})
	if err != nil || public.Channel != "C2" {
		t.Errorf("a public channel without the bot: %+v, %v", public, err)
	}
}

func TestACardIsRedrawn(t *testing.T) {
	tests := map[string]struct{ before, after bot.Card }{
		"colour to none":   {bot.Card{Title: "A", Text: bot.Say("a"), Color: "#A4E6DA"}, bot.Card{Title: "B", Text: bot.Say("b")}},
		"none to colour":   {bot.Card{Title: "A"}, bot.Card{Title: "B", Text: bot.Say("b"), Color: "#A4E6DA"}},
		"colour to colour": {oneButton, bot.Card{Title: "B", Text: bot.Say("b"), Color: "#FF0000"}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			d := sit(t, answering(nil))
			at := d.posts(t, tc.before)
			if err := d.adapter.Update(t.Context(), at, tc.after); err != nil {
				t.Fatal(err)
			}
			want := person.Message{ID: at.Message, Author: "communitybot", Text: "B\nb", Color: tc.after.Color, Edited: true}
			if diff := cmp.Diff([]person.Message{want}, d.reads(t, "C1")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestPicturesThatSlackCantFetchAreLeftOut(t *testing.T) {
	d := sit(t, answering(nil))
	d.Fail("chat.postMessage", 1, slackfake.Refuse("invalid_blocks"))
	at := d.posts(t, richCard())
	if m := d.reads(t, "C1")[0]; len(m.Images) > 0 || !m.Button("Approve") {
		t.Errorf("%+v", m)
	}
	d.Fail("chat.update", 1, slackfake.Refuse("invalid_attachments"))
	if err := d.adapter.Update(t.Context(), at, richCard()); err != nil {
		t.Error(err)
	}
	d.Fail("chat.postMessage", 2, slackfake.Refuse("invalid_blocks"))
	if _, err := d.adapter.Post(t.Context(), general, richCard()); bot.CodeOf(err) != bot.Internal {
		t.Errorf("refused without pictures too: %v", err)
	}
	d.Fail("chat.postMessage", 1, slackfake.Refuse("invalid_blocks"))
	if _, err := d.adapter.Post(t.Context(), general, oneButton); bot.CodeOf(err) != bot.Internal {
		t.Errorf("a card that has none: %v", err)
	}
}

func TestACardIsNotPostedAgain(t *testing.T) {
	again := oneButton
	again.Again = true
	lost := func(t *testing.T, d *desk, at bot.Place) {
		t.Helper()
		d.Fail("chat.postMessage", 1, slackfake.LoseAnswer())
		if _, err := d.adapter.Post(t.Context(), at, oneButton); bot.CodeOf(err) != bot.Busy {
			t.Fatalf("the lost answer: %v", err)
		}
	}
	t.Run("in a channel", func(t *testing.T) {
		d := sit(t, answering(nil))
		lost(t, d, general)
		d.posts(t, bot.Card{Key: "other", Text: bot.Say("later")})
		at := d.posts(t, again)
		messages := d.reads(t, "C1")
		if len(messages) != 2 || messages[0].ID != at.Message || at.Channel != "C1" || at.Tenant != "T1" {
			t.Errorf("at %+v: %+v", at, messages)
		}
	})
	t.Run("in a channel, a night of messages ago", func(t *testing.T) {
		d := sit(t, answering(nil))
		asked := time.Now()
		lost(t, d, general)
		for range lookBack + 1 {
			if _, err := d.Write(t.Context(), "U1", "C1", "good morning"); err != nil {
				t.Fatal(err)
			}
		}
		then := again
		then.Since = asked
		at := d.posts(t, then)
		if messages := d.reads(t, "C1"); len(messages) != lookBack+2 || messages[0].ID != at.Message {
			t.Errorf("at %+v of %d messages", at, len(messages))
		}
	})
	t.Run("in a long thread", func(t *testing.T) {
		d := sit(t, answering(nil))
		card := d.posts(t, bot.Card{Title: "T"})
		for range lookBack {
			if _, err := d.adapter.Post(t.Context(), card, bot.Card{Text: bot.Say("line")}); err != nil {
				t.Fatal(err)
			}
		}
		lost(t, d, card)
		at, err := d.adapter.Post(t.Context(), card, again)
		thread := d.reads(t, "C1")[0].Thread
		if err != nil || len(thread) != lookBack+1 || thread[lookBack].ID != at.Message {
			t.Errorf("at %+v, %v; %d replies", at, err, len(thread))
		}
	})
	t.Run("in private", func(t *testing.T) {
		d := sit(t, answering(nil))
		ann := bot.Place{Tenant: "T1", User: "U1"}
		lost(t, d, ann)
		at, err := d.adapter.Post(t.Context(), ann, again)
		if said := d.reads(t, "@U1"); err != nil || len(said) != 1 || said[0].ID != at.Message {
			t.Errorf("at %+v, %v: %+v", at, err, said)
		}
	})
	t.Run("after a redraw", func(t *testing.T) {
		d := sit(t, answering(nil))
		first := d.posts(t, oneButton)
		if err := d.adapter.Update(t.Context(), first, oneButton); err != nil {
			t.Fatal(err)
		}
		if at := d.posts(t, again); at != first {
			t.Errorf("at %+v, first at %+v", at, first)
		}
	})
}

func TestACardThatNeverArrivedIsPosted(t *testing.T) {
	again := oneButton
	again.Again = true
	everyone := bot.Place{User: "U1"}
	tests := map[string]struct {
		at     bot.Place
		card   bot.Card
		scopes []string
		logged bool
	}{
		"in a channel":                         {at: general, card: again},
		"in private":                           {at: everyone, card: again},
		"without a key":                        {at: general, card: bot.Card{Title: "T", Again: true}},
		"where the bot is not":                 {at: bot.Place{Channel: "C2"}, card: again},
		"without the scope to read":            {at: general, card: again, scopes: []string{"chat:write"}, logged: true},
		"without the scope to read in private": {at: everyone, card: again, scopes: []string{"chat:write"}, logged: true},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			d := sit(t, answering(nil), tc.scopes...)
			at, err := d.adapter.Post(t.Context(), tc.at, tc.card)
			if err != nil || at.Message == "" {
				t.Fatalf("%+v, %v", at, err)
			}
			if logged := strings.Contains(d.log.String(), "can't look for"); logged != tc.logged {
				t.Errorf("log: %s", d.log)
			}
		})
	}
}

func TestACardIsNotPostedWhenLookingFails(t *testing.T) {
	again := oneButton
	again.Again = true
	thread := general
	thread.Message = "1.000001"
	for name, tc := range map[string]struct {
		method string
		at     bot.Place
	}{
		"in a channel": {"conversations.history", general},
		"in a thread":  {"conversations.replies", thread},
		"in private":   {"conversations.open", bot.Place{User: "U1"}},
	} {
		t.Run(name, func(t *testing.T) {
			d := sit(t, answering(nil))
			d.Fail(tc.method, 1, slackfake.Status(http.StatusTooManyRequests, 7*time.Second))
			_, err := d.adapter.Post(t.Context(), tc.at, again)
			if e := asError(t, err); e.Code != bot.Busy || e.RetryAfter != 7*time.Second {
				t.Errorf("%+v", e)
			}
			if n := len(d.calls("chat.postMessage")); n > 0 {
				t.Errorf("%d posts", n)
			}
		})
	}
}

func TestWhereTheBotMayNotPost(t *testing.T) {
	d := sit(t, answering(nil), slices.DeleteFunc(slices.Clone(Scopes), func(s string) bool { return s == "chat:write.public" })...)
	card := d.posts(t, oneButton)
	gone := bot.Place{Channel: "C1", Message: "1.000001"}
	tests := map[string]struct {
		at   bot.Place
		want bot.Code
	}{
		"a public channel without the bot":  {bot.Place{Channel: "C2"}, bot.NoAccess},
		"an archived channel":               {bot.Place{Channel: "C3"}, bot.NoAccess},
		"a private channel without the bot": {bot.Place{Channel: "C5"}, bot.NoAccess},
		"a channel there is not":            {bot.Place{Channel: "C9"}, bot.NoAccess},
		"a person there is not":             {bot.Place{User: "U9"}, bot.NoAccess},
		"a thread there is not":             {gone, bot.Gone},
	}
	for name, tc := range tests {
		if _, err := d.adapter.Post(t.Context(), tc.at, oneButton); bot.CodeOf(err) != tc.want {
			t.Errorf("%s: %v, want %s", name, err, tc.want)
		}
	}
	if err := d.adapter.Update(t.Context(), gone, oneButton); bot.CodeOf(err) != bot.Gone {
		t.Errorf("a message there is not: %v", err)
	}
	said := bot.Place{Channel: "C1", Message: d.Say("U1", "C1", "mine")}
	if err := d.adapter.Update(t.Context(), said, oneButton); bot.CodeOf(err) != bot.Gone {
		t.Errorf("a message of somebody else: %v", err)
	}
	if err := d.adapter.Update(t.Context(), card, oneButton); err != nil {
		t.Error(err)
	}
}

func TestMetadataNamesTheCard(t *testing.T) {
	d := sit(t, answering(nil))
	at := d.posts(t, bot.Card{Text: bot.Say("no key")})
	if got := d.calls("chat.postMessage")[0].Arg("metadata"); got != "" {
		t.Errorf("metadata of a card without key: %s", got)
	}
	if err := d.adapter.Update(t.Context(), at, oneButton); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Payload map[string]string `json:"event_payload"`
	}
	if err := json.Unmarshal([]byte(d.calls("chat.update")[0].Arg("metadata")), &got); err != nil || got.Payload["key"] != "card-1" {
		t.Errorf("metadata %+v, %v", got, err)
	}
}

func TestALongCardCanBeRedrawn(t *testing.T) {
	for name, words := range map[string]string{"ampersands": "R&D <3 ", "three bytes each": "समुदाय ", "plain": "word "} {
		long := bot.Card{Key: "card-1", Title: "Cricket", Text: bot.Say(strings.Repeat(words, 1200))}
		d := sit(t, answering(nil))
		at := d.posts(t, long)
		if err := d.adapter.Update(t.Context(), at, long); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for method, size := range map[string]func(string) int{"chat.postMessage": utf8.RuneCountInString, "chat.update": func(s string) int { return len(s) }} {
			text := d.calls(method)[0].Arg("text")
			if n := size(text); n > 4000 || n < 3980 || !strings.HasSuffix(text, "…") || !utf8.ValidString(text) {
				t.Errorf("%s, %s: %d, ends with %q", name, method, n, text[len(text)-20:])
			}
		}
	}
}
