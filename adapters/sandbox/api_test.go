package sandbox_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"communitybot/adapters/person"
)

type pane struct {
	Channel          string
	Messages, Direct []person.Message
}

type state struct {
	Slack, Discord pane
	Genuin         struct {
		URL         string
		Communities []struct {
			ID, Name, Handle string
			ShareURL         string `json:"share_url"`
			At               string
		}
		Modes []struct{ Mode, Label string }
		Next  string
		Calls int
	}
}

func (s state) pane(platform string) pane {
	return map[string]pane{"slack": s.Slack, "discord": s.Discord}[platform]
}

func (w *world) state(who string) state {
	w.t.Helper()
	var s state
	if err := json.Unmarshal(w.ok(w.get("/api/state?who="+who)).body, &s); err != nil {
		w.t.Fatal(err)
	}
	return s
}

// does makes somebody do something and returns what comes up.
func (w *world) does(platform, verb string, deed object) person.Screen {
	w.t.Helper()
	var s person.Screen
	if err := json.Unmarshal(w.ok(w.post("/api/"+platform+"/"+verb, deed)).body, &s); err != nil {
		w.t.Fatal(err)
	}
	return s
}

// everywhere runs a test on both platforms.
func everywhere(t *testing.T, test func(t *testing.T, w *world, platform string)) {
	for _, platform := range []string{"slack", "discord"} {
		t.Run(platform, func(t *testing.T) { test(t, start(t), platform) })
	}
}

func TestNothingWasSaidYet(t *testing.T) {
	body := string(start(t).get("/api/state?who=Cleo").body)
	// Lists without anything in them are lists, so that a page can count them.
	for _, want := range []string{
		`"discord":{"channel":"communities","messages":[],"direct":[]}`, `"slack":{"channel":"communities","messages":[],"direct":[]}`,
		`"communities":[]`, `"calls":0`, `"next":"behave"`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("%s lacks %s", body, want)
		}
	}
}

func TestOnlyTheOneWhoTypedSeesAPrivateAnswer(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world, platform string) {
		for _, who := range []string{"Ada", "Ben", "Cleo", "Dan"} {
			s := w.does(platform, "type", object{"who": who, "line": "/hello"})
			if len(s.Private) != 1 || s.Private[0].Text != "Hello "+who || s.Form != nil {
				t.Errorf("%s got %+v", who, s)
			}
			seen := w.state(who).pane(platform)
			if len(seen.Messages) != 1 || !seen.Messages[0].Private || len(seen.Direct) != 0 {
				t.Errorf("%s sees %+v", who, seen)
			}
		}
	})
}

func TestAFormIsFilledInAndSent(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world, platform string) {
		form := w.does(platform, "type", object{"who": "Ada", "line": "/form"}).Form
		if form == nil || form.Title != "A form" || form.Field("Name") == nil {
			t.Fatalf("got %+v", form)
		}
		again := w.does(platform, "send", object{"who": "Ada", "form": form.ID, "values": object{"Name": ""}}).Form
		if again == nil || again.Field("Name").Problem == "" {
			t.Fatalf("an empty name was sent: %+v", again)
		}
		w.refused(w.post("/api/"+platform+"/send", object{"who": "Ben", "form": form.ID}), http.StatusUnprocessableEntity)
		s := w.does(platform, "send", object{"who": "Ada", "form": form.ID, "values": object{"Name": "<b>Fans</b>"}})
		if s.Form != nil {
			t.Errorf("the form is still open: %+v", s.Form)
		}
		if got := w.state("Dan").pane(platform).Messages; len(got) != 1 || got[0].Text != "Made <b>Fans</b>" {
			t.Errorf("the channel shows %+v", got)
		}
	})
}

func TestWhatTheBotFindsWrongStandsAtTheField(t *testing.T) {
	w := start(t)
	form := w.does("slack", "type", object{"who": "Ada", "line": "/form"}).Form
	want := []string{"Red", "Blue, dark"}
	if diff := cmp.Diff(want, form.Field("Kind").Options); diff != "" {
		t.Errorf("options (-want +got):\n%s", diff)
	}
	values := object{"Name": "bad", "Kind": "Blue, dark"}
	form = w.does("slack", "send", object{"who": "Ada", "form": form.ID, "values": values}).Form
	if form == nil || form.Field("Name").Problem != "Not that one." {
		t.Fatalf("got %+v", form)
	}
	if name, kind := form.Field("Name").Value, form.Field("Kind").Value; name != "bad" || kind != "Blue, dark" {
		t.Errorf("what was typed is lost: %q, %q", name, kind)
	}
}

func TestACardIsUsed(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world, platform string) {
		w.does(platform, "type", object{"who": "Ada", "line": "/card"})
		card := w.state("Ben").pane(platform).Messages[0]
		if card.Text != "A card" || !card.Button("Like") || len(card.Menus) != 1 || card.Menus[0].Label != "Colour" {
			t.Fatalf("the card is %+v", card)
		}
		w.does(platform, "press", object{"who": "Ben", "message": card.ID, "label": "Like"})
		w.does(platform, "choose", object{"who": "Ben", "message": card.ID, "label": "Colour", "options": []string{"Blue, dark"}})
		var said []string
		var collect func(messages []person.Message)
		collect = func(messages []person.Message) {
			for _, m := range messages {
				said = append(said, m.Text)
				collect(m.Thread)
			}
		}
		collect(w.state("Ben").pane(platform).Messages)
		slices.Sort(said)
		choice := map[string]string{"slack": "Got Blue, dark", "discord": "Got colourBlue, dark"}[platform]
		if diff := cmp.Diff([]string{"A card", choice, "Got like"}, said); diff != "" {
			t.Errorf("said (-want +got):\n%s", diff)
		}
	})
}

func TestWhatThePlatformShowsIsToldInItsWordsAndWithWhatToDo(t *testing.T) {
	tests := map[string]struct {
		path string
		deed object
		want string
		todo string
	}{
		"Slack's word for a bot that fails":    {"/api/slack/type", object{"line": "/fail"}, `/fail failed with the error "http_service_error"`, ". Do it again."},
		"Discord's word for a bot that fails":  {"/api/discord/type", object{"line": "/fail"}, "The application did not respond", ". Do it again."},
		"no command on Slack":                  {"/api/slack/type", object{"line": "hello"}, "only slash commands can be typed", ". Type / to see"},
		"no command on Discord":                {"/api/discord/type", object{"line": "hello"}, `"hello" does not start with a slash`, ". Type / to see"},
		"Slack's way to name, on Discord":      {"/api/discord/type", object{"line": "/create-community Acme"}, "takes its options by name", ". Type / to see"},
		"a button that is not there":           {"/api/slack/press", object{"message": "1.2", "label": "Like"}, "Ada does not see a message", ": look at it again."},
		"a button of no message":               {"/api/discord/press", object{"label": "Like"}, "Ada sees no message", ": look at it again."},
		"a menu of no message":                 {"/api/discord/choose", object{"label": "Colour"}, "Ada sees no message", ": look at it again."},
		"a form that nobody opened":            {"/api/slack/send", object{"form": "V1"}, "Ada does not see a form", "type the command again."},
		"a form that nobody opened on Discord": {"/api/discord/send", object{"form": "1"}, "Ada has no open form", "type the command again."},
	}
	w := start(t)
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			test.deed["who"] = "Ada"
			words := w.refused(w.post(test.path, test.deed), http.StatusUnprocessableEntity)
			if !strings.Contains(words, test.want) || !strings.Contains(words, test.todo) || strings.Contains(words, "fake:") {
				t.Errorf("the words are %q; want %q and %q among them", words, test.want, test.todo)
			}
		})
	}
}
