package discord

import (
	"testing"

	"communitybot/bot"

	"github.com/google/go-cmp/cmp"
)

func TestInteractionsBecomeEvents(t *testing.T) {
	person := bot.User{Platform: "discord", ID: "9", Name: "ada"}
	direct := bot.Place{Platform: "discord", Channel: "5"}
	for _, c := range []struct {
		name, body string
		want       bot.Event
	}{
		{"a command in a guild, by the nickname", `{"id":"77","type":2,"guild_id":"4","channel_id":"5",
			"member":{"user":{"id":"9","username":"ada","global_name":"Ada"},"nick":"Countess","roles":["31","32"]},
			"data":{"name":"create-community","options":[{"name":"name","type":3,"value":"Acme Fans"}]}}`,
			bot.Event{
				Call: bot.Call{Command: "create-community", Values: bot.Values{"name": "Acme Fans"}}, Step: bot.Open, ID: "discord:77",
				By: bot.User{Platform: "discord", ID: "9", Name: "Countess", Groups: []string{"31", "32"}},
				At: bot.Place{Platform: "discord", Tenant: "4", Channel: "5"},
			}},
		{"fields that are there twice, of which the last counts", `{"id":"76","id":"77","type":2,"channel_id":"5",
			"member":{"user":{"id":"9","username":"ada"},"roles":["31"],"roles":["32"]},"data":{"name":"x","options":[{"name":"a","value":"1"}],"options":[{"name":"b","value":"1","value":"2"}]}}`,
			bot.Event{Call: bot.Call{Command: "x", Values: bot.Values{"b": "2"}}, ID: "discord:77",
				By: bot.User{Platform: "discord", ID: "9", Name: "ada", Groups: []string{"32"}}, At: direct}},
		{"a display name before a user name", `{"id":"77","type":2,"channel_id":"5","user":{"id":"9","username":"ada","global_name":"Ada"},"data":{"name":"x"}}`,
			bot.Event{Call: bot.Call{Command: "x"}, ID: "discord:77", By: bot.User{Platform: "discord", ID: "9", Name: "Ada"}, At: direct}},
		{"options of every type as text", `{"id":"77","type":2,"channel_id":"5","user":{"id":"9","username":"ada"},"data":{"name":"x","options":[
			{"name":"s","type":3,"value":"a \"quoted\" 🌍"},{"name":"i","type":4,"value":42},{"name":"b","type":5,"value":true},
			{"name":"n","type":10,"value":1.5},{"name":"null","type":3,"value":null}]}}`,
			bot.Event{Call: bot.Call{Command: "x", Values: bot.Values{"s": `a "quoted" 🌍`, "i": "42", "b": "true", "n": "1.5", "null": ""}}, ID: "discord:77", By: person, At: direct}},
		{"options of a subcommand", `{"id":"77","type":2,"channel_id":"5","user":{"id":"9","username":"ada"},"data":{"name":"x","options":[
			{"name":"show","type":1,"options":[{"name":"id","type":3,"value":"7"}]}]}}`,
			bot.Event{Call: bot.Call{Command: "x", Values: bot.Values{"id": "7"}}, ID: "discord:77", By: person, At: direct}},
		{"a card's button", `{"id":"77","type":3,"channel_id":"5","user":{"id":"9","username":"ada"},"message":{"id":"6","flags":0},
			"data":{"component_type":2,"custom_id":"approve?id=42&v=3"}}`,
			bot.Event{Call: bot.Call{Command: "approve", Values: bot.Values{"id": "42", "v": "3"}}, ID: "discord:77", By: person,
				At: bot.Place{Platform: "discord", Channel: "5", Message: "6"}}},
		{"a sent form, over the values of its call", `{"id":"77","type":5,"channel_id":"5","user":{"id":"9","username":"ada"},"message":{"id":"6"},
			"data":{"custom_id":"!deny?id=42&reason=none","components":[{"type":1,"components":[{"type":4,"custom_id":"reason","value":"Too vague"}]}]}}`,
			bot.Event{Call: bot.Call{Command: "deny", Values: bot.Values{"id": "42", "reason": "Too vague"}}, Step: bot.Submit, ID: "discord:77", By: person,
				At: bot.Place{Platform: "discord", Channel: "5", Message: "6"}}},
		{"a form that came from a private message", `{"id":"77","type":5,"channel_id":"5","user":{"id":"9","username":"ada"},"message":{"id":"6","flags":64},
			"data":{"custom_id":"!deny","components":[{"type":1,"components":[{"type":4,"custom_id":"reason","value":""}]}]}}`,
			bot.Event{Call: bot.Call{Command: "deny", Values: bot.Values{"reason": ""}}, Step: bot.Submit, ID: "discord:77", By: person, At: direct}},
		{"a form among components that are newer than the bot", `{"id":"77","type":5,"channel_id":"5","user":{"id":"9","username":"ada"},
			"data":{"custom_id":"!deny","components":[{"type":18,"component":{"type":19,"values":["1"]}},{"type":10,"content":"hi"},
			{"type":1,"components":[{"type":4,"custom_id":"reason","value":"ok"},{"type":99,"custom_id":"new","value":{"deep":[1]}},{"type":23,"custom_id":"box","value":true}]}]}}`,
			bot.Event{Call: bot.Call{Command: "deny", Values: bot.Values{"reason": "ok"}}, Step: bot.Submit, ID: "discord:77", By: person, At: direct}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, always(bot.Done{}, nil))
			if status, body := w.signed(c.body, start); status != 200 {
				t.Fatalf("status %d, body %s", status, body)
			}
			if len(w.events) != 1 {
				t.Fatalf("%d events", len(w.events))
			}
			if diff := cmp.Diff(c.want, w.events[0]); diff != "" {
				t.Errorf("event (-want +got):\n%s", diff)
			}
		})
	}
}

func TestARedeliveryRepeatsTheEventsID(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	w.types("/hello")
	if _, err := w.Redeliver(t.Context()); err != nil {
		t.Fatal(err)
	}
	if e := w.events; len(e) != 2 || e[0].ID != e[1].ID || e[0].ID == "discord:" {
		t.Errorf("events %+v", e)
	}
}

func TestCustomIDs(t *testing.T) {
	for _, v := range []verb{openPage, review, submit, choose, mergePage, mergeWhole} {
		id := v.id("1234567890123456789", "categories")
		got, draft, arg, ok := parseDraftID(id)
		if !ok || got != v || draft != "1234567890123456789" || arg != "categories" || len(id) > maxCustomID {
			t.Errorf("%q reads as %c, %q, %q, %v", id, got, draft, arg, ok)
		}
	}
	for _, id := range []string{"", "~", "~p", "~p:1", "~p123", "p123:", "approve?id=1"} {
		if v, draft, arg, ok := parseDraftID(id); ok {
			t.Errorf("%q reads as %c, %q, %q", id, v, draft, arg)
		}
	}
	if _, ok := parseMarked("+%%%", markPage); ok {
		t.Error("a call that can't be read was read")
	}
	if call, ok := parseMarked("!deny?id=1", markWhole); !ok || call.Command != "deny" || call.Values["id"] != "1" {
		t.Errorf("got %+v, %v", call, ok)
	}
}
