package discordfake

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"communitybot/adapters/person"
)

// looks returns what somebody sees of a channel, with what was sent.
func (w *world) looks(who, channel string) []person.Sent {
	w.t.Helper()
	list, err := w.Look(who, channel)
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}

// messages leaves out what was sent.
func messages(list []person.Sent) []person.Message {
	var out []person.Message
	for _, s := range list {
		m := s.Message
		m.Thread = messages(s.Thread)
		out = append(out, m)
	}
	return out
}

// parsed reads JSON.
func parsed(t *testing.T, b []byte) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatalf("%s: %v", b, err)
	}
	return m
}

func TestWhatIsSeenComesWithWhatWasSent(t *testing.T) {
	w := newWorld(t, Options{AnyCommand: true})
	w.bot(always(`{"type":4,"data":{"content":"**hi**","flags":64,"embeds":[{"title":"A card","color":255}]}}`))
	card := w.post(`{"embeds":[{"title":"Acme"}],"components":[` + rowOf + `]}`)
	if status, answer := w.api("POST", "/channels/"+general+"/messages/"+card+"/threads", `{"name":"About Acme"}`); status != http.StatusCreated {
		t.Fatal(answer)
	}
	w.api("POST", "/channels/"+card+"/messages", `{"content":"in the thread"}`)
	w.clock.Move(time.Minute)
	reply := w.post(`{"content":"a reply","message_reference":{"message_id":"` + card + `"}}`)
	answerToIt := w.post(`{"content":"a reply to that","message_reference":{"message_id":"` + reply + `"}}`)
	w.writes(bob, "@"+bob, "hello bot")
	if _, err := w.Type(t.Context(), ada, general, "/x"); err != nil {
		t.Fatal(err)
	}
	for _, at := range [][2]string{{ada, general}, {bob, general}, {ada, card}, {bob, "@" + bob}, {ada, "@" + ada}} {
		if diff := cmp.Diff(w.read(at[0], at[1]), messages(w.looks(at[0], at[1]))); diff != "" {
			t.Errorf("%s sees another %s than is read: %s", at[0], at[1], diff)
		}
	}
	seen := w.looks(ada, general)
	if len(seen) != 2 || len(seen[0].Thread) != 2 || len(seen[0].Thread[1].Thread) != 1 || seen[0].Message.Thread != nil {
		t.Fatalf("Ada sees %+v", seen)
	}
	for id, s := range map[string]person.Sent{card: seen[0], reply: seen[0].Thread[1], answerToIt: seen[0].Thread[1].Thread[0]} {
		_, want := w.api("GET", "/channels/"+general+"/messages/"+id, "")
		if diff := cmp.Diff(want, parsed(t, s.Payload)); diff != "" || s.ID != id {
			t.Errorf("message %s (-API +seen): %s", id, diff)
		}
	}
	if wait := seen[0].Thread[1].At.Sub(seen[0].At); wait != time.Minute {
		t.Errorf("the reply came after %s", wait)
	}
	private := parsed(t, seen[1].Payload)
	about, _ := private["interaction_metadata"].(map[string]any)
	if private["flags"] != 64.0 || private["content"] != "**hi**" || about["user"].(map[string]any)["id"] != ada || !seen[1].Private {
		t.Errorf("the private message is %v", private)
	}
}

func TestLookingWhereThereIsNothingToSee(t *testing.T) {
	w := newWorld(t, Options{})
	for name, c := range map[string][2]string{"nobody": {"1", general}, "nowhere": {ada, "1"}, "with somebody else": {ada, "@" + bob}} {
		if seen, err := w.Look(c[0], c[1]); err == nil {
			t.Errorf("%s: %v", name, seen)
		}
	}
}

// opens has Ada open the form of a command and returns it.
func (w *world) opens() *person.Form {
	w.t.Helper()
	s, err := w.Type(w.t.Context(), ada, general, "/x")
	if err != nil || s.Form == nil {
		w.t.Fatalf("%+v, %v", s, err)
	}
	return s.Form
}

func TestAFormIsOnTheScreenUntilItIsSent(t *testing.T) {
	w := newWorld(t, Options{AnyCommand: true})
	if d := w.Open(ada); d != nil {
		t.Fatalf("before anything: %+v", d)
	}
	form, _ := w.form(t, nameRow+`,{"type":18,"label":"Kind","component":{"type":3,"custom_id":"kind",`+kinds+`}}`)
	d := w.Open(ada)
	if d == nil {
		t.Fatal("the form is not there")
	}
	if diff := cmp.Diff(*form, d.Form); diff != "" {
		t.Errorf("(-came up +on the screen) %s", diff)
	}
	data := parsed(t, d.Payload)
	row, label := data["components"].([]any)[0].(map[string]any), data["components"].([]any)[1].(map[string]any)
	field, menu := row["components"].([]any)[0].(map[string]any), label["component"].(map[string]any)
	if data["custom_id"] != "new?x=1" || data["title"] != "New community" || row["id"] != 1.0 || field["id"] != 2.0 || field["max_length"] != 10.0 ||
		label["id"] != 3.0 || menu["id"] != 4.0 || len(menu["options"].([]any)) != 3 {
		t.Errorf("the payload is %s", d.Payload)
	}
	if w.Open(bob) != nil {
		t.Error("Bob sees Ada's form")
	}

	refused, err := w.Send(t.Context(), ada, form.ID, map[string]string{"Name": "eleven char", "Kind": "Secret"})
	if err != nil {
		t.Fatal(err)
	}
	d = w.Open(ada)
	if diff := cmp.Diff(*refused.Form, d.Form); diff != "" {
		t.Errorf("after it was refused (-came up +on the screen) %s", diff)
	}
	if name := d.Field("Name"); name.Value != "eleven char" || name.Problem == "" || d.Field("Kind").Value != "Secret" {
		t.Errorf("the fields are %+v", d.Fields)
	}
	if _, err := w.Send(t.Context(), ada, form.ID, map[string]string{"Name": "Acme"}); err != nil {
		t.Fatal(err)
	}
	if d := w.Open(ada); d != nil {
		t.Errorf("it was sent, and is still there: %+v", d)
	}
}

func TestAFormThatTheBotDoesNotTakeStaysOpen(t *testing.T) {
	w := newWorld(t, Options{AnyCommand: true})
	w.bot(always(simple)) // a modal can't answer a modal
	form := w.opens()
	if _, err := w.Send(t.Context(), ada, form.ID, map[string]string{"Name": "Acme"}); err != errBadAnswer {
		t.Fatalf("got %v", err)
	}
	if d := w.Open(ada); d == nil || d.ID != form.ID || d.Fields[0].Value != "Acme" || d.Fields[0].Problem != "" {
		t.Errorf("on the screen is %+v", d)
	}
}

func TestOneFormIsOnTheScreenAtATime(t *testing.T) {
	w := newWorld(t, Options{AnyCommand: true})
	answer := simple
	w.bot(func(a asked) string {
		if a.Type == kindModal {
			return privately
		}
		return answer
	})
	first, second := w.opens(), w.opens()
	if d := w.Open(ada); d == nil || d.ID != second.ID {
		t.Fatalf("on the screen is %+v", d)
	}
	if _, err := w.Send(t.Context(), ada, first.ID, map[string]string{"Name": "x"}); err != nil { // from a second client
		t.Error(err)
	}
	if d := w.Open(ada); d == nil || d.ID != second.ID {
		t.Errorf("after the other one was sent, on the screen is %+v", d)
	}
	third := w.opens()
	asked := len(w.Requests())
	if err := w.CloseForm(t.Context(), ada, third.ID); err != nil {
		t.Fatal(err)
	}
	if d := w.Open(ada); d != nil {
		t.Errorf("after the last one was closed, on the screen is %+v", d)
	}
	if n := len(w.Requests()); n != asked {
		t.Error("the bot heard that a form was closed")
	}
	for name, err := range map[string]error{
		"closing it again":     w.CloseForm(t.Context(), ada, third.ID),
		"closing somebody's":   w.CloseForm(t.Context(), bob, second.ID),
		"sending a closed one": sendError(w.Send(t.Context(), ada, third.ID, nil)),
	} {
		if err == nil || !strings.Contains(err.Error(), "no open form") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCommandsAreOfferedInTheirLanguageAndByName(t *testing.T) {
	w := newWorld(t, Options{})
	app, guild := w.Options().ApplicationID, w.Options().GuildID
	for url, body := range map[string]string{
		"/applications/" + app + "/commands": `[
			{"name":"create","description":"Make one","name_localizations":{"de":"neu"},"description_localizations":{"de":"Eine gründen"},"options":[
				{"type":3,"name":"name","description":"Its name","description_localizations":{"de":"Wie sie heißt"}},
				{"type":3,"name":"handle","description":"Its handle","name_localizations":{"de":"kürzel"}}]},
			{"name":"list","description":"All of them"},{"name":"hello","description":"Everywhere"},
			{"type":3,"name":"Zap"},{"type":3,"name":"Create a community","name_localizations":{"de":"Zur Community machen"}}]`,
		"/applications/" + app + "/guilds/" + guild + "/commands": `[{"name":"hello","description":"Here"},{"type":3,"name":"list"}]`,
	} {
		if status, answer := w.api("PUT", url, body); status != http.StatusOK {
			t.Fatal(answer)
		}
	}
	w.SetLocale(bob, "de")
	want := map[string][]person.Command{
		ada: {
			{Name: "create", About: "Make one", Options: []person.Command{{Name: "name", About: "Its name"}, {Name: "handle", About: "Its handle"}}},
			{Name: "hello", About: "Here"}, {Name: "list", About: "All of them"},
		},
		bob: {
			{Name: "hello", About: "Here"}, {Name: "list", About: "All of them"},
			{Name: "neu", About: "Eine gründen", Options: []person.Command{{Name: "name", About: "Wie sie heißt"}, {Name: "kürzel", About: "Its handle"}}},
		},
		app: nil, "1": nil,
	}
	shortcuts := map[string][]string{
		ada: {"Create a community", "Zap", "list"}, bob: {"Zap", "Zur Community machen", "list"}, app: nil, "1": nil,
	}
	for who := range want {
		if diff := cmp.Diff(want[who], w.Commands(who)); diff != "" {
			t.Errorf("commands of %s: %s", who, diff)
		}
		if diff := cmp.Diff(shortcuts[who], w.Shortcuts(who)); diff != "" {
			t.Errorf("shortcuts of %s: %s", who, diff)
		}
	}
	w.bot(always(privately))
	if _, err := w.Type(t.Context(), bob, general, "/"+w.Commands(bob)[2].Name+" kürzel:acme"); err != nil {
		t.Errorf("what is offered can't be typed: %v", err)
	}
	if _, err := w.Shortcut(t.Context(), bob, w.writes(ada, general, "hi"), w.Shortcuts(bob)[1]); err != nil {
		t.Errorf("what is offered can't be used: %v", err)
	}
}

func TestWhoeverLooksHearsOfEveryChange(t *testing.T) {
	w := newWorld(t, Options{AnyCommand: true})
	w.bot(func(a asked) string {
		if a.Type == kindModal {
			return privately
		}
		return simple
	})
	card := w.post(`{"content":"card","components":[` + rowOf + `]}`)
	w.api("POST", "/channels/"+general+"/messages/"+card+"/threads", `{"name":"thread"}`)
	var form *person.Form
	for _, c := range []struct {
		name   string
		change func()
	}{
		{"a request of the bot", func() { w.api("GET", "/users/@me", "") }},
		{"a message of a person", func() { w.writes(ada, general, "hi") }},
		{"a form", func() { form = w.opens() }},
		{"what is wrong with it", func() { _, _ = w.Send(t.Context(), ada, form.ID, nil) }},
		{"a form that is sent", func() { _, _ = w.Send(t.Context(), ada, form.ID, map[string]string{"Name": "x"}) }},
		{"another form", func() { form = w.opens() }},
		{"a form that is closed", func() { _ = w.CloseForm(t.Context(), ada, form.ID) }},
		{"a person", func() { w.AddUser("9", "Eve") }},
		{"a nick", func() { w.SetNick(bob, "Bobby") }},
		{"a language", func() { w.SetLocale(bob, "fr") }},
		{"a role", func() { w.AddRole(admins, "Admins") }},
		{"a thread", func() { w.SetThread(card, true, false) }},
		{"a channel", func() { w.AddChannel("7", "seven") }},
		{"a channel that goes", func() { w.RemoveChannel("7") }},
	} {
		changed := w.Changed()
		w.read(ada, general)
		w.looks(ada, "@"+ada)
		w.Open(ada)
		w.Commands(ada)
		w.Shortcuts(ada)
		w.Wire()
		select {
		case <-changed:
			t.Errorf("%s: told before it came", c.name)
		default:
		}
		if w.Changed() != changed {
			t.Errorf("%s: another channel although nothing changed", c.name)
		}
		c.change()
		select {
		case <-changed:
		default:
			t.Errorf("%s: nobody was told", c.name)
		}
		if w.Changed() == changed {
			t.Errorf("%s: the next change can't be waited for", c.name)
		}
	}
}

func TestNobodyLooksJustTooEarlyForAnAnswer(t *testing.T) {
	w := newWorld(t, Options{AnyCommand: true})
	w.bot(always(simple))
	looks := func() (form string) {
		if d := w.Open(ada); d != nil {
			form = d.ID
		}
		return form
	}
	over, watching := make(chan struct{}), make(chan error)
	go func() {
		for {
			changed := w.Changed()
			before, after := looks(), looks()
			select {
			case <-changed:
			case <-over:
				watching <- nil
				return
			default:
				if before != after {
					watching <- fmt.Errorf("form %s came up, and nobody was told", after)
					return
				}
			}
		}
	}()
	for range 200 {
		w.opens()
	}
	close(over)
	if err := <-watching; err != nil {
		t.Error(err)
	}
}

func sendError(_ person.Screen, err error) error { return err }
