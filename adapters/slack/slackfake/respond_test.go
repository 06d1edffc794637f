package slackfake

import (
	"context"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/slack-go/slack"
)

func contextThatEnded(t *testing.T) (context.Context, context.CancelFunc) {
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	return ended, cancel
}

// pressed posts a card with a button, presses it as Ann and returns the message's ts and the response URL.
func pressed(t *testing.T, f *Fake, options ...slack.MsgOption) (ts, responseURL string) {
	t.Helper()
	connect(t, f, func(_ http.ResponseWriter, form url.Values) { responseURL = payload(t, form).ResponseURL })
	options = append(options, slack.MsgOptionText("card", false), slack.MsgOptionBlocks(section("card"), slack.NewActionBlock("b", button("Go", "go"))))
	_, ts, err := client(t, f).PostMessageContext(ctx(t), "C1", options...)
	wantCode(t, err, "")
	if _, err := f.Press(ctx(t), "U1", ts, "Go"); err != nil {
		t.Fatal(err)
	}
	return ts, responseURL
}

func TestResponseURLsAnswerFiveTimes(t *testing.T) {
	f := start(t, Options{})
	_, address := pressed(t, f)
	if response, a := post(t, f, address, "application/json", `{"blocks":[{"type":"section"}]}`); response.StatusCode != http.StatusBadRequest || a["error"] != "invalid_blocks" {
		t.Errorf("a broken rule: %d %v", response.StatusCode, a)
	}
	if response, a := post(t, f, address, "application/json", `{`); response.StatusCode != http.StatusBadRequest || a["error"] != "invalid_payload" {
		t.Errorf("no JSON: %d %v", response.StatusCode, a)
	}
	for range 5 {
		if response, a := post(t, f, address, "application/json", `{"text":"x"}`); response.StatusCode != http.StatusOK || a["body"] != "ok" {
			t.Errorf("got %d %v", response.StatusCode, a)
		}
	}
	if response, a := post(t, f, address, "application/json", `{"text":"x"}`); response.StatusCode != http.StatusNotFound || a["error"] != "used_url" {
		t.Errorf("the sixth time: %d %v", response.StatusCode, a)
	}
}

func TestResponseURLsLiveThirtyMinutes(t *testing.T) {
	f, c := startAt(t, Options{})
	_, address := pressed(t, f)
	c.move(30 * time.Minute)
	if response, _ := post(t, f, address, "application/json", `{"text":"x"}`); response.StatusCode != http.StatusOK {
		t.Errorf("after 30 minutes: %d", response.StatusCode)
	}
	c.move(time.Millisecond)
	if response, a := post(t, f, address, "application/json", `{"text":"x"}`); response.StatusCode != http.StatusNotFound || a["error"] != "expired_url" {
		t.Errorf("later: %d %v", response.StatusCode, a)
	}
	if response, a := post(t, f, f.URL()+"/hooks/actions/T0/nothing", "application/json", `{"text":"x"}`); response.StatusCode != http.StatusNotFound || a["error"] != "expired_url" {
		t.Errorf("no such URL: %d %v", response.StatusCode, a)
	}
}

func TestWhatResponsesDo(t *testing.T) {
	rows := []struct {
		name, body string
		ann, bob   []string // what they see
	}{
		{"private by default", `{"text":"note"}`, []string{"card", "note"}, []string{"card"}},
		{"private when it says so", `{"text":"note","response_type":"ephemeral","replace_original":false}`, []string{"card", "note"}, []string{"card"}},
		{"for all", `{"text":"note","response_type":"in_channel"}`, []string{"card", "note"}, []string{"card", "note"}},
		{"replacing", `{"text":"new","blocks":[],"replace_original":true}`, []string{"new"}, []string{"new"}},
		{"deleting", `{"delete_original":true}`, []string{}, []string{}},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			f := start(t, Options{})
			_, address := pressed(t, f)
			if response, a := post(t, f, address, "application/json", r.body); response.StatusCode != http.StatusOK {
				t.Fatalf("got %d %v", response.StatusCode, a)
			}
			for who, want := range map[string][]string{"U1": r.ann, "U2": r.bob} {
				got := []string{}
				for _, m := range must[[]messageT](t)(f.Read(ctx(t), who, "C1")) {
					got = append(got, m.Text)
				}
				same(t, who, got, want)
			}
		})
	}
}

func TestSlackGoRespondsThroughResponseURLs(t *testing.T) {
	f := start(t, Options{})
	ts, address := pressed(t, f, slack.MsgOptionMetadata(slack.SlackMetadata{EventType: "card", EventPayload: map[string]any{"key": "1"}}))
	api := client(t, f)
	_, _, err := api.PostMessageContext(ctx(t), "", slack.MsgOptionReplaceOriginal(address), slack.MsgOptionText("new", false), slack.MsgOptionBlocks(section("new")))
	wantCode(t, err, "")
	read := must[[]messageT](t)(f.Read(ctx(t), "U2", "C1"))
	if len(read) != 1 || read[0].ID != ts || read[0].Text != "new" || !read[0].Edited || read[0].Buttons != nil {
		t.Errorf("replaced: %+v", read)
	}
	history := must[*slack.GetConversationHistoryResponse](t)(api.GetConversationHistoryContext(ctx(t), &slack.GetConversationHistoryParameters{ChannelID: "C1", IncludeAllMetadata: true}))
	same(t, "metadata stays", history.Messages[0].Metadata.EventType, "card")
	_, _, err = api.PostMessageContext(ctx(t), "", slack.MsgOptionDeleteOriginal(address))
	wantCode(t, err, "")
	if read := must[[]messageT](t)(f.Read(ctx(t), "U2", "C1")); len(read) != 0 {
		t.Errorf("deleted: %+v", read)
	}
	for _, body := range []string{`{"delete_original":true}`, `{"text":"x","replace_original":true}`} {
		if response, a := post(t, f, address, "application/json", body); response.StatusCode != http.StatusBadRequest || a["error"] != "message_not_found" {
			t.Errorf("after the deletion %s: %d %v", body, response.StatusCode, a)
		}
	}
}

func TestResponsesStayInTheThread(t *testing.T) {
	f := start(t, Options{})
	parent := f.Say("U1", "C1", "parent")
	_, address := pressed(t, f, slack.MsgOptionTS(parent))
	post(t, f, address, "application/json", `{"text":"beside the button"}`)
	other := f.Say("U1", "C1", "other")
	post(t, f, address, "application/json", `{"text":"elsewhere","thread_ts":"`+other+`"}`)
	if _, a := post(t, f, address, "application/json", `{"text":"nowhere","thread_ts":"1.2"}`); a["error"] != "thread_not_found" {
		t.Errorf("no such thread: %v", a)
	}
	read := must[[]messageT](t)(f.Read(ctx(t), "U1", "C1"))
	if len(read) != 2 || len(read[0].Thread) != 2 || read[0].Thread[1].Text != "beside the button" || len(read[1].Thread) != 1 {
		t.Errorf("got %+v", read)
	}
}

func TestResponsesAfterACommandReachChannelsTheBotIsNotIn(t *testing.T) {
	f := start(t, Options{})
	f.AddChannel(Channel{ID: "G1", Name: "secret", Private: true, Members: []string{"U1"}})
	var address string
	connect(t, f, func(_ http.ResponseWriter, form url.Values) { address = form.Get("response_url") })
	if _, err := f.Type(ctx(t), "U1", "G1", "/x"); err != nil {
		t.Fatal(err)
	}
	post(t, f, address, "application/json", `{"text":"hello","response_type":"in_channel"}`)
	post(t, f, address, "application/json", `{"text":"nothing to replace","replace_original":true}`)
	if _, a := post(t, f, address, "application/json", `{"delete_original":true}`); a["error"] != "message_not_found" {
		t.Errorf("a command has no message to delete: %v", a)
	}
	read := must[[]messageT](t)(f.Read(ctx(t), "U1", "G1"))
	if len(read) != 2 || read[0].Text != "hello" || !read[1].Private {
		t.Errorf("got %+v", read)
	}
}

func TestTheBodyOfTheAnswerToACommand(t *testing.T) {
	rows := []struct {
		name, contentType, body string
		text                    string
		private                 bool
	}{
		{"nothing", "", "", "", false},
		{"text", "text/plain", "*words*", "words", true},
		{"JSON", "application/json", `{"text":"words"}`, "words", true},
		{"JSON for all", "application/json", `{"text":"words","response_type":"in_channel"}`, "words", false},
		{"an empty object", "application/json; charset=utf-8", `{}`, "", false},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			f := start(t, Options{})
			connect(t, f, func(w http.ResponseWriter, _ url.Values) {
				w.Header().Set("Content-Type", r.contentType)
				_, _ = w.Write([]byte(r.body))
			})
			screen, err := f.Type(ctx(t), "U1", "C1", "/x")
			if err != nil {
				t.Fatal(err)
			}
			read := must[[]messageT](t)(f.Read(ctx(t), "U1", "C1"))
			switch {
			case r.text == "" && len(read) != 0:
				t.Errorf("got %+v", read)
			case r.text != "" && (len(read) != 1 || read[0].Text != r.text || read[0].Private != r.private || (len(screen.Private) == 1) != r.private):
				t.Errorf("got %+v, at once %+v", read, screen)
			}
		})
	}
}
