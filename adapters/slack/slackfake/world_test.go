package slackfake

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"sync"
	"testing"

	"github.com/slack-go/slack"
)

// TestAWholeConversation is what the bot is for, on the wire: command, form with an error, card, button, thread.
func TestAWholeConversation(t *testing.T) {
	f := start(t, Options{})
	api := client(t, f)
	var card string
	connect(t, f, func(w http.ResponseWriter, form url.Values) {
		if form.Get("command") == "/create-community" {
			view := modal("New community", slack.NewInputBlock("name", words("Name"), nil,
				slack.NewPlainTextInputBlockElement(nil, "name").WithInitialValue(form.Get("text"))))
			view.PrivateMetadata = form.Get("channel_id")
			_, err := api.OpenViewContext(ctx(t), form.Get("trigger_id"), view)
			wantCode(t, err, "")
			return
		}
		p := payload(t, form)
		if p.Type == slack.InteractionTypeBlockActions {
			_, _, err := api.PostMessageContext(ctx(t), p.Channel.ID, slack.MsgOptionText("Made by <@"+p.User.ID+">", false), slack.MsgOptionTS(p.Message.Timestamp))
			wantCode(t, err, "")
			_, _, _, err = api.UpdateMessageContext(ctx(t), p.Channel.ID, p.Message.Timestamp, slack.MsgOptionText("made", false), slack.MsgOptionBlocks(section("*Acme* is made")))
			wantCode(t, err, "")
			return
		}
		name := p.View.State.Values["name"]["name"].Value
		if name == "taken" {
			answerJSON(t, w, slack.NewErrorsViewSubmissionResponse(map[string]string{"name": "That name is taken."}))
			return
		}
		_, ts, err := api.PostMessageContext(ctx(t), p.View.PrivateMetadata, slack.MsgOptionText(name, false),
			slack.MsgOptionBlocks(section("*"+name+"* is asked for"), slack.NewActionBlock("decide", button("Approve", "approve?id=1"))))
		wantCode(t, err, "")
		card = ts
	})

	screen, err := f.Type(ctx(t), "U1", "C1", "/create-community taken")
	if err != nil || screen.Form == nil || screen.Form.Field("Name").Value != "taken" {
		t.Fatalf("typed: %+v, %v", screen, err)
	}
	form := screen.Form.ID
	screen, err = f.Send(ctx(t), "U1", form, nil)
	if err != nil || screen.Form == nil || screen.Form.Field("Name").Problem != "That name is taken." {
		t.Fatalf("refused: %+v, %v", screen, err)
	}
	screen, err = f.Send(ctx(t), "U1", form, map[string]string{"Name": "Acme"})
	if err != nil || screen.Form != nil {
		t.Fatalf("sent: %+v, %v", screen, err)
	}
	if _, err := f.Press(ctx(t), "U2", card, "Approve"); err != nil {
		t.Fatal(err)
	}
	read := must[[]messageT](t)(f.Read(ctx(t), "U1", "C1"))
	if len(read) != 1 || len(read[0].Thread) != 1 {
		t.Fatalf("read: %+v", read)
	}
	same(t, "card", []any{read[0].Text, read[0].Buttons == nil, read[0].Edited}, []any{"Acme is made", true, true})
	same(t, "thread", []any{read[0].Thread[0].Text, read[0].Thread[0].Pings}, []any{"Made by @bob", []string{"U2"}})
	if _, err := f.Press(ctx(t), "U2", card, "Approve"); err == nil {
		t.Error("a button that is gone was pressed")
	}
	var kinds []string
	for _, r := range f.Requests() {
		kinds = append(kinds, fmt.Sprint(r.Method, " ", r.Status))
	}
	same(t, "log", kinds, []string{
		"slash_command 200", "views.open 200", "view_submission 200", "view_submission 200", "chat.postMessage 200",
		"block_actions 200", "chat.postMessage 200", "chat.update 200",
	})
}

func TestManyPeopleAtOnce(t *testing.T) {
	f := start(t, Options{})
	api := client(t, f)
	formBot(t, f, func(_ http.ResponseWriter, p slack.InteractionCallback) {
		_, _, err := api.PostMessageContext(ctx(t), "C1", slack.MsgOptionText(p.View.State.Values["name"]["name"].Value, false))
		wantCode(t, err, "")
	})
	const people = 8
	var members []string
	for i := range people {
		id := fmt.Sprint("UP", i)
		f.AddUser(id, id)
		members = append(members, id)
	}
	f.AddChannel(Channel{ID: "C1", Name: "general", Members: append(members, "U1"), Bot: true})
	var all sync.WaitGroup
	for _, who := range members {
		all.Go(func() {
			screen, err := f.Type(ctx(t), who, "C1", "/create-community")
			if err != nil || screen.Form == nil {
				t.Errorf("%s: %+v, %v", who, screen, err)
				return
			}
			if _, err := f.Send(ctx(t), who, screen.Form.ID, map[string]string{"Name": who}); err != nil {
				t.Errorf("%s: %v", who, err)
			}
			if _, err := f.Read(ctx(t), who, "C1"); err != nil {
				t.Errorf("%s: %v", who, err)
			}
			_ = f.Requests()
		})
	}
	all.Wait()
	seen := map[string]bool{}
	for _, text := range posted(t, f) {
		seen[text] = true
	}
	same(t, "different messages", len(seen), people)
}

func TestAButtonInADirectConversation(t *testing.T) {
	f := start(t, Options{})
	var got slack.InteractionCallback
	connect(t, f, func(_ http.ResponseWriter, form url.Values) { got = payload(t, form) })
	_, ts, err := client(t, f).PostMessageContext(ctx(t), "U1", slack.MsgOptionBlocks(slack.NewActionBlock("b", button("Go", "go"))))
	wantCode(t, err, "")
	if _, err := f.Press(ctx(t), "U2", ts, "Go"); err == nil {
		t.Error("Bob pressed a button in Ann's conversation")
	}
	if _, err := f.Press(ctx(t), "U1", ts, "Go"); err != nil {
		t.Fatal(err)
	}
	same(t, "channel", []string{got.Channel.ID, got.Channel.Name}, []string{"DU1", "directmessage"})
}

func TestPrivateMessagesComeUpInOrder(t *testing.T) {
	f := start(t, Options{})
	api := client(t, f)
	connect(t, f, func(http.ResponseWriter, url.Values) {
		for _, text := range []string{"one", "two", "three"} {
			_, err := api.PostEphemeralContext(ctx(t), "C1", "U1", slack.MsgOptionText(text, false))
			wantCode(t, err, "")
		}
	})
	for range 2 { // what came up the first time does not come up again
		screen, err := f.Type(ctx(t), "U1", "C1", "/x")
		if err != nil {
			t.Fatal(err)
		}
		var seen []string
		for _, m := range screen.Private {
			seen = append(seen, m.Text)
		}
		same(t, "private messages", seen, []string{"one", "two", "three"})
	}
}

func TestAnEditedPrivateMessageComesUpAgain(t *testing.T) {
	f := start(t, Options{})
	connect(t, f, func(_ http.ResponseWriter, form url.Values) {
		post(t, f, payload(t, form).ResponseURL, "application/json", `{"text":"changed","blocks":[],"replace_original":true}`)
	})
	ts := must[string](t)(client(t, f).PostEphemeralContext(ctx(t), "C1", "U1", slack.MsgOptionBlocks(slack.NewActionBlock("b", button("Go", "go")))))
	screen, err := f.Press(ctx(t), "U1", ts, "Go")
	if err != nil || len(screen.Private) != 1 || screen.Private[0].ID != ts || screen.Private[0].Text != "changed" || !screen.Private[0].Edited {
		t.Errorf("got %+v, %v", screen, err)
	}
}

func TestSlackGivesIDsWhereThereAreNone(t *testing.T) {
	f := start(t, Options{})
	_, a := rawCall(t, f, "chat.postMessage", object{"channel": "C1", "blocks": []any{
		object{"type": "divider"}, object{"type": "divider", "block_id": "b2"}, object{"type": "divider"},
		actions(object{"type": "button", "text": pt("Go")}, object{"type": "button", "text": pt("Stop")}),
		object{"type": "section", "text": md("x")},
	}})
	blocks := list(child(a["message"], "blocks"))
	seen := map[string]bool{}
	for _, b := range blocks {
		seen[str(b, "block_id")] = true
	}
	if len(seen) != len(blocks) || seen[""] || !seen["b2"] {
		t.Errorf("block IDs: %v", seen)
	}
	elements := list(child(blocks[3], "elements"))
	if first, second := str(elements[0], "action_id"), str(elements[1], "action_id"); first == "" || second == "" || first == second {
		t.Errorf("action IDs: %q, %q", first, second)
	}
	same(t, "flags of mrkdwn", child(blocks[4], "text"), any(object{"type": "mrkdwn", "text": "x", "verbatim": false}))
	same(t, "flags of plain_text", child(elements[0], "text"), any(object{"type": "plain_text", "text": "Go", "emoji": true}))
}

func TestIDsDifferFromRunToRun(t *testing.T) {
	seen := map[string]bool{}
	for range 2 {
		f := start(t, Options{})
		v := must[*slack.ViewResponse](t)(client(t, f).OpenViewContext(ctx(t), trig(f, "U1"), modal("One")))
		seen[v.View.ID] = true
	}
	same(t, "view IDs", len(seen), 2)
}

func TestTheLogHoldsWhatGoldenFilesNeed(t *testing.T) {
	f := start(t, Options{})
	formBot(t, f, nil)
	open(t, f)
	var got, want any
	if err := json.Unmarshal([]byte(f.Requests()[1].Arg("view")), &got); err != nil {
		t.Fatal(err)
	}
	sent, err := json.Marshal(richForm())
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(sent, &want); err != nil {
		t.Fatal(err)
	}
	same(t, "view", got, want)
}

func TestArgumentsOfBodiesThatAreNeither(t *testing.T) {
	for _, body := range []string{"{", "a=%zz", ""} {
		same(t, body, Request{Body: body}.Arg("a"), "")
	}
}

func TestARequestThatIsCutOffIsATimeout(t *testing.T) {
	f := start(t, Options{})
	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(ctx(t), http.MethodPost, "/api/auth.test", brokenBody{})
	r.SetPathValue("method", "auth.test")
	f.serveAPI(w, r)
	var a object
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil {
		t.Fatal(err)
	}
	same(t, "error", a["error"], any("request_timeout"))
}

type brokenBody struct{}

func (brokenBody) Read([]byte) (int, error) { return 0, os.ErrDeadlineExceeded }

func TestARequestURLThatIsNoneReachesNobody(t *testing.T) {
	f := start(t, Options{})
	f.Connect("http://%zz")
	_, err := f.Type(ctx(t), "U1", "C1", "/x")
	if err == nil || err.Error() != `/x failed with the error "dispatch_failed"` {
		t.Errorf("got %v", err)
	}
}

func TestClosingTwiceIsFine(t *testing.T) {
	f := start(t, Options{})
	for range 2 {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestTheLongestLabelIsMeant(t *testing.T) {
	menu := object{"type": "multi_static_select", "options": []any{opt("Art", "1"), opt("Art, modern", "2"), opt("Arts", "3")}}
	for words, want := range map[string][]string{
		"Art":                    {"1"},
		"Arts":                   {"3"},
		"Art, modern":            {"2"},
		"Art, modern,Art , Arts": {"2", "1", "3"},
		"":                       nil,
		" , ":                    nil,
	} {
		value, err := typed(menu, options(menu), words)
		if err != nil {
			t.Errorf("%q: %v", words, err)
			continue
		}
		var got []string
		for _, o := range selected(value) {
			got = append(got, str(o, "value"))
		}
		same(t, words, got, want)
	}
	if _, err := typed(menu, options(menu), "Artistic"); err == nil {
		t.Error("a label that only begins the words was taken")
	}
}
