package slackfake

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"communitybot/adapters/person"
)

// read reads a payload.
func read(t *testing.T, payload json.RawMessage) object {
	t.Helper()
	var o object
	if err := json.Unmarshal(payload, &o); err != nil {
		t.Fatalf("%s: %v", payload, err)
	}
	return o
}

// said posts a message of the bot's and returns its ts.
func said(t *testing.T, f *Fake, options ...slack.MsgOption) string {
	t.Helper()
	_, ts, err := client(t, f).PostMessageContext(ctx(t), "C1", options...)
	wantCode(t, err, "")
	return ts
}

func TestAMessageIsLookedAtAsTheWebAPIReturnsIt(t *testing.T) {
	f, c := startAt(t, Options{})
	ts := said(t, f, slack.MsgOptionText("told", false),
		slack.MsgOptionBlocks(section("*Acme*")),
		slack.MsgOptionAttachments(slack.Attachment{Color: "#1d9bd1", Blocks: slack.Blocks{BlockSet: []slack.Block{section("One")}}}),
		slack.MsgOptionMetadata(slack.SlackMetadata{EventType: "card", EventPayload: map[string]any{"key": "42"}}))
	c.move(time.Minute)
	reply := said(t, f, slack.MsgOptionText("later", false), slack.MsgOptionTS(ts))
	c.move(time.Minute)
	_, _, _, err := client(t, f).UpdateMessageContext(ctx(t), "C1", ts, slack.MsgOptionText("told again", false))
	wantCode(t, err, "")

	got := must[[]person.Sent](t)(f.Look("U1", "C1"))
	if len(got) != 1 || len(got[0].Thread) != 1 {
		t.Fatalf("%+v", got)
	}
	first := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	same(t, "times", []time.Time{got[0].At, got[0].Thread[0].At}, []time.Time{first, first.Add(time.Minute)})
	same(t, "message", read(t, got[0].Payload), object{
		"type": "message", "user": botUser, "bot_id": botID, "app_id": appID, "team": f.TeamID, "text": "told again",
		"ts": ts, "thread_ts": ts, "reply_count": 1.0, "latest_reply": reply,
		"edited": object{"user": botUser, "ts": "1772600887.000000"},
		"blocks": []any{object{"type": "section", "block_id": "b1", "text": object{"type": "mrkdwn", "text": "*Acme*", "verbatim": false}}},
		"attachments": []any{object{"id": 1.0, "color": "#1d9bd1", "blocks": []any{
			object{"type": "section", "block_id": "b1", "text": object{"type": "mrkdwn", "text": "One", "verbatim": false}},
		}}},
		"metadata": object{"event_type": "card", "event_payload": object{"key": "42"}},
	})
	same(t, "reply", read(t, got[0].Thread[0].Payload), object{
		"type": "message", "user": botUser, "bot_id": botID, "app_id": appID, "team": f.TeamID, "text": "later", "ts": reply, "thread_ts": ts,
	})
}

func TestADeletedMessageWithRepliesIsATombstone(t *testing.T) {
	f := start(t, Options{})
	ts := said(t, f, slack.MsgOptionText("old", false), slack.MsgOptionBlocks(section("old")))
	said(t, f, slack.MsgOptionText("reply", false), slack.MsgOptionTS(ts))
	_, _, err := client(t, f).DeleteMessageContext(ctx(t), "C1", ts)
	wantCode(t, err, "")
	got := must[[]person.Sent](t)(f.Look("U1", "C1"))
	if len(got) != 1 || len(got[0].Thread) != 1 {
		t.Fatalf("%+v", got)
	}
	p := read(t, got[0].Payload)
	same(t, "tombstone", []any{p["subtype"], p["ts"], p["text"], p["blocks"]}, []any{"tombstone", ts, "This message was deleted.", nil})
}

// readable is what Look returns as Read does.
func readable(sent []person.Sent) []person.Message {
	var all []person.Message
	for _, s := range sent {
		s.Message.Thread = readable(s.Thread)
		all = append(all, s.Message)
	}
	return all
}

func TestLookShowsWhatReadDoes(t *testing.T) {
	f := start(t, Options{})
	f.AddChannel(Channel{ID: "G1", Name: "secret", Private: true, Members: []string{"U2"}})
	api := client(t, f)
	ts := said(t, f, slack.MsgOptionText("card", false), slack.MsgOptionBlocks(section("card"), slack.NewActionBlock("b", button("Go", "go"))))
	said(t, f, slack.MsgOptionText("<@U2>, look", false), slack.MsgOptionTS(ts))
	must[string](t)(api.PostEphemeralContext(ctx(t), "C1", "U1", slack.MsgOptionText("for Ann", false)))
	must[string](t)(f.Write(ctx(t), "U2", "C1", "hello"))
	_, _, err := api.PostMessageContext(ctx(t), "U1", slack.MsgOptionText("between us", false))
	wantCode(t, err, "")
	for where, want := range map[[2]string]int{{"U1", "C1"}: 3, {"U2", "C1"}: 2, {"U1", "@U1"}: 1, {"U2", "@U2"}: 0} {
		look := must[[]person.Sent](t)(f.Look(where[0], where[1]))
		if len(look) != want {
			t.Errorf("%v: %d messages, want %d", where, len(look), want)
		}
		same(t, "messages", readable(look), must[[]messageT](t)(f.Read(ctx(t), where[0], where[1])))
	}
	for _, where := range [][2]string{{"U1", "G1"}, {"U1", "@U2"}, {"U1", "C9"}, {"U1", "@U9"}} {
		if got, err := f.Look(where[0], where[1]); err == nil {
			t.Errorf("%v: %+v", where, got)
		}
	}
}

func TestTheOpenFormIsTheOneOnTop(t *testing.T) {
	f := start(t, Options{})
	api := client(t, f)
	if d := f.Open("U1"); d != nil {
		t.Errorf("before one was opened: %+v", d)
	}
	_, err := api.OpenViewContext(ctx(t), trig(f, "U1"), modal("One"))
	wantCode(t, err, "")
	two := must[*slack.ViewResponse](t)(api.PushViewContext(ctx(t), trig(f, "U1"), modal("Two")))
	d := f.Open("U1")
	if d == nil || d.ID != two.View.ID || d.Title != "Two" || str(read(t, d.Payload)["title"], "text") != "Two" {
		t.Fatalf("%+v", d)
	}
	if other := f.Open("U2"); other != nil {
		t.Errorf("somebody else sees %+v", other)
	}
	for _, left := range []string{"One", ""} {
		if err := f.CloseForm(ctx(t), "U1", d.ID); err != nil {
			t.Fatal(err)
		}
		if d = f.Open("U1"); (d == nil) != (left == "") || d != nil && d.Title != left {
			t.Errorf("left: %+v, want %q", d, left)
		}
	}
}

func TestAnOpenFormHoldsWhatWasEnteredAndWhatIsWrongWithIt(t *testing.T) {
	f := start(t, Options{})
	connect(t, f, func(w http.ResponseWriter, form url.Values) {
		if payload(t, form).Type == slack.InteractionTypeBlockSuggestion {
			_, _ = io.WriteString(w, fruits)
			return
		}
		answerJSON(t, w, slack.NewErrorsViewSubmissionResponse(map[string]string{"name": "Not that one."}))
	})
	opened := openRaw(t, f, with(aModal, object{"blocks": []any{
		with(input(aText), object{"block_id": "name", "label": pt("Name")}),
		with(input(with(aSearch2, object{"min_query_length": 1})), object{"block_id": "fruit", "label": pt("Fruit")}),
	}}))
	form := str(opened["view"], "id")
	must[screenT](t)(f.Send(ctx(t), "U1", form, map[string]string{"Name": "bad", "Fruit": "Pear, green"}))

	d := f.Open("U1")
	if d == nil {
		t.Fatal("the form is gone")
	}
	same(t, "fields", d.Fields, []person.Field{
		{Label: "Name", Value: "bad", Problem: "Not that one."}, {Label: "Fruit", Value: "Pear, green", Many: true},
	})
	pear := object{"text": object{"type": "plain_text", "text": "Pear, green", "emoji": true}, "value": "p"}
	v := read(t, d.Payload)
	same(t, "state", v["state"], any(object{"values": object{
		"name":  object{"say": object{"type": "plain_text_input", "value": "bad"}},
		"fruit": object{"find": object{"type": "multi_external_select", "selected_options": []any{pear}}},
	}}))
	same(t, "view", []any{v["id"], v["type"], v["title"], len(list(v["blocks"]))}, []any{form, "modal", any(object{"type": "plain_text", "text": "Title"}), 2})
}

func TestWhatPeopleMayDoIsInTheManifest(t *testing.T) {
	f := start(t, Options{})
	if c, s := f.Commands("U1"), f.Shortcuts(); c != nil || s != nil {
		t.Errorf("without a manifest: %+v, %q", c, s)
	}
	install(t, f, `{
		"display_information": {"name": "bot"},
		"features": {
			"slash_commands": [
				{"command": "/make", "description": "Makes one", "usage_hint": "[name]", "url": "https://bot.test/slack"},
				{"command": "/list", "description": "Lists all", "url": "https://bot.test/slack"}
			],
			"shortcuts": [
				{"name": "Take it", "type": "message", "callback_id": "take", "description": "Takes it"},
				{"name": "Anywhere", "type": "global", "callback_id": "anywhere", "description": "Goes anywhere"},
				{"name": "Leave it", "type": "message", "callback_id": "leave", "description": "Leaves it"}
			]
		},
		"settings": {"interactivity": {"is_enabled": true, "request_url": "https://bot.test/slack"}}
	}`)
	same(t, "commands", f.Commands("U1"), []person.Command{{Name: "make", About: "Makes one", Hint: "[name]"}, {Name: "list", About: "Lists all"}})
	same(t, "shortcuts", f.Shortcuts(), []string{"Take it", "Leave it"})
}

// closed reports whether a channel is closed.
func closed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

func TestEveryChangeIsAnnounced(t *testing.T) {
	f := start(t, Options{})
	// What comes over the wire is announced for that alone, so it is done here as a method does it.
	inside := func(do func()) {
		f.mu.Lock()
		defer f.mu.Unlock()
		do()
	}
	var ts, form string
	for _, step := range []struct {
		name string
		do   func()
	}{
		{"somebody comes", func() { f.AddUser("U3", "cat") }},
		{"somebody is called something else", func() { f.SetProfile("U3", "Cat", "Kitty") }},
		{"a group is made", func() { f.AddGroup("S1", "team", "U1") }},
		{"a channel changes", func() { f.AddChannel(Channel{ID: "C1", Name: "general", Members: []string{"U1"}, Bot: true}) }},
		{"an app is installed", func() { install(t, f, aManifest) }},
		{"somebody writes", func() { ts = f.Say("U1", "C1", "hello") }},
		{"a message is edited", func() { inside(func() { f.edit(f.channels["C1"].find(ts), content{text: "bye"}) }) }},
		{"a message is deleted", func() { inside(func() { f.remove(f.channels["C1"].find(ts)) }) }},
		{"a form opens", func() {
			view := with(aModal, object{"blocks": []any{input(aText)}, "clear_on_close": true})
			form = str(openRaw(t, f, view)["view"], "id")
		}},
		{"a field is filled in", func() { must[screenT](t)(f.Enter(ctx(t), "U1", form, "Label", "x")) }},
		{"Slack finds something wrong", func() { must[screenT](t)(f.Send(ctx(t), "U1", form, map[string]string{"Label": ""})) }},
		{"a form is cleared away", func() { wantCode(t, f.CloseForm(ctx(t), "U1", form), "") }},
		{"a form opens again", func() { form = str(openRaw(t, f, aModal)["view"], "id") }},
		{"a form is closed", func() { wantCode(t, f.CloseForm(ctx(t), "U1", form), "") }},
	} {
		next := f.Changed()
		must[[]person.Sent](t)(f.Look("U1", "C1"))
		f.Open("U1")
		f.Wire()
		if closed(next) {
			t.Fatalf("looking is a change, before %s", step.name)
		}
		if step.do(); !closed(next) {
			t.Errorf("%s, and nobody hears of it", step.name)
		}
	}
}
