package slackfake

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"

	"communitybot/adapters/person"
)

// atHome runs a bot that publishes a home of two parts when one is opened, and answers clicks with press.
func atHome(t *testing.T, f *Fake, press func(p slack.InteractionCallback)) *recorder {
	t.Helper()
	api := client(t, f)
	var r recorder
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, request *http.Request) {
		body, err := io.ReadAll(request.Body)
		if err != nil {
			t.Error(err)
		}
		r.bodies, r.headers = append(r.bodies, string(body)), append(r.headers, request.Header.Clone())
		if !strings.HasPrefix(string(body), "{") {
			form, err := url.ParseQuery(string(body))
			if err != nil {
				t.Error(err)
			}
			press(payload(t, form))
			return
		}
		event, err := slackevents.ParseEvent(body, slackevents.OptionNoVerifyToken())
		if err != nil {
			t.Error(err)
		}
		opened := event.InnerEvent.Data.(*slackevents.AppHomeOpenedEvent)
		_, err = api.PublishViewContext(ctx(t), slack.PublishViewContextRequest{UserID: opened.User, View: slack.HomeTabViewRequest{
			Type: slack.VTHomeTab, PrivateMetadata: "kept",
			Blocks: slack.Blocks{BlockSet: []slack.Block{
				section("*One* <https://x.test|here>"), slack.NewActionBlock("", button("Go", "1")), slack.NewDividerBlock(),
				section("Two"), slack.NewActionBlock("", button("Go", "2")),
			}},
		}})
		wantCode(t, err, "")
	}))
	t.Cleanup(server.Close)
	f.Connect(server.URL)
	return &r
}

func TestAHomeIsSeenInParts(t *testing.T) {
	f := start(t, Options{})
	r := atHome(t, f, nil)
	if got := f.ReadHome("U1"); got != nil {
		t.Errorf("before it was opened: %+v", got)
	}
	got := must[[]messageT](t)(f.Home(ctx(t), "U1"))
	want := []person.Message{
		{ID: got[0].ID, Author: botName, Text: "One here", Buttons: []string{"Go"}, Links: []string{"https://x.test"}, Private: true},
		{ID: got[1].ID, Author: botName, Text: "Two", Buttons: []string{"Go"}, Private: true},
	}
	same(t, "home", got, want)
	same(t, "the same later", f.ReadHome("U1"), want)
	if f.ReadHome("U2") != nil {
		t.Error("somebody else sees it")
	}
	var event struct {
		TeamID  string `json:"team_id"`
		EventID string `json:"event_id"`
		Event   struct {
			Type, User, Channel, Tab string
			View                     *struct{ ID string }
		}
	}
	if err := json.Unmarshal([]byte(r.bodies[0]), &event); err != nil {
		t.Fatal(err)
	}
	e := event.Event
	same(t, "event", []string{event.TeamID, event.EventID[:2], e.Type, e.User, e.Channel, e.Tab}, []string{f.TeamID, "Ev", "app_home_opened", "U1", "DU1", "home"})
	if e.View != nil {
		t.Error("a view before there was one")
	}
	same(t, "content type", r.headers[0].Get("Content-Type"), "application/json")
	must[[]messageT](t)(f.Home(ctx(t), "U1"))
	if !strings.Contains(r.bodies[1], `"private_metadata":"kept"`) {
		t.Errorf("the second time it has no view: %s", r.bodies[1])
	}
}

func TestAHomeIsLookedAtAsItWasSent(t *testing.T) {
	f, c := startAt(t, Options{})
	atHome(t, f, nil)
	if got := f.LookHome("U1"); got != nil {
		t.Errorf("before it was published: %+v", got)
	}
	seen := must[[]messageT](t)(f.Home(ctx(t), "U1"))
	published := c.Now()
	c.move(time.Minute)
	got := f.LookHome("U1")
	if got == nil || f.LookHome("U2") != nil {
		t.Fatalf("Ann sees %+v, Bob %+v", got, f.LookHome("U2"))
	}
	same(t, "parts", readable(got.Thread), seen)
	view := read(t, got.Payload)
	same(t, "view", []any{view["type"], view["id"], view["private_metadata"], len(list(view["blocks"]))}, []any{"home", got.ID, "kept", 5})
	var blocks []any
	times := []time.Time{got.At.Truncate(time.Second)}
	for _, p := range got.Thread {
		blocks, times = append(blocks, read(t, p.Payload)["blocks"]), append(times, p.At.Truncate(time.Second))
	}
	same(t, "times", times, []time.Time{published, published, published})
	all := list(view["blocks"])
	same(t, "blocks of the parts", blocks, []any{all[:2], all[3:]})
	same(t, "home", []any{got.Author, got.Private}, []any{botName, true})
}

func TestAnEventThatComesAgainSaysSo(t *testing.T) {
	f := start(t, Options{})
	r := atHome(t, f, nil)
	must[[]messageT](t)(f.Home(ctx(t), "U1"))
	response := must[*http.Response](t)(f.Redeliver(ctx(t)))
	_ = response.Body.Close()
	same(t, "body", r.bodies[1], r.bodies[0])
	same(t, "retries", []string{r.headers[0].Get("X-Slack-Retry-Num"), r.headers[1].Get("X-Slack-Retry-Num"), r.headers[1].Get("X-Slack-Retry-Reason")},
		[]string{"", "1", "http_timeout"})
}

func TestAButtonOfAHomeIsDelivered(t *testing.T) {
	f := start(t, Options{})
	api := client(t, f)
	var pressed []slack.InteractionCallback
	atHome(t, f, func(p slack.InteractionCallback) {
		pressed = append(pressed, p)
		_, err := api.OpenViewContext(ctx(t), p.TriggerID, modal("On top"))
		wantCode(t, err, "")
	})
	home := must[[]messageT](t)(f.Home(ctx(t), "U1"))
	s := must[screenT](t)(f.Press(ctx(t), "U1", home[1].ID, "Go"))
	if s.Form == nil || s.Form.Title != "On top" {
		t.Fatalf("%+v", s)
	}
	p := pressed[0]
	same(t, "click", []string{p.ActionCallback.BlockActions[0].Value, string(p.View.Type), string(p.Container.Type), p.View.PrivateMetadata, p.ResponseURL, p.Channel.ID},
		[]string{"2", "home", "view", "kept", "", ""})
	for what, try := range map[string]func() (screenT, error){
		"below a form":    func() (screenT, error) { return f.Press(ctx(t), "U1", home[0].ID, "Go") },
		"somebody else's": func() (screenT, error) { return f.Press(ctx(t), "U2", home[0].ID, "Go") },
	} {
		if s, err := try(); err == nil {
			t.Errorf("%s: %+v", what, s)
		}
	}
	if err := f.CloseForm(ctx(t), "U1", s.Form.ID); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{home[0].ID + "9", strings.TrimSuffix(home[0].ID, "1"), strings.TrimSuffix(home[0].ID, "1") + "0"} {
		if s, err := f.Press(ctx(t), "U1", id, "Go"); err == nil {
			t.Errorf("%s: %+v", id, s)
		}
	}
	if _, err := f.Press(ctx(t), "U1", home[0].ID, "Stop"); err == nil {
		t.Error("a button that is not there")
	}
}

func TestAHomeOfABotThatFailsStaysAsItWas(t *testing.T) {
	f := start(t, Options{})
	atHome(t, f, nil)
	before := must[[]messageT](t)(f.Home(ctx(t), "U1"))
	record(t, f, http.StatusInternalServerError)
	same(t, "home", must[[]messageT](t)(f.Home(ctx(t), "U1")), before)
}

func TestAHomeThatCantBeOpened(t *testing.T) {
	f := start(t, Options{})
	atHome(t, f, nil)
	ended, cancel := contextThatEnded(t)
	defer cancel()
	if _, err := f.Home(ended, "U1"); err != ended.Err() {
		t.Errorf("%v", err)
	}
	if _, err := f.Home(ctx(t), "U9"); err == nil {
		t.Error("a home of nobody")
	}
	for _, manifest := range []string{noHome, noEvent} {
		install(t, f, manifest)
		if _, err := f.Home(ctx(t), "U1"); err == nil {
			t.Errorf("a home with %s", manifest)
		}
	}
	install(t, f, aManifest)
	if got := must[[]messageT](t)(f.Home(ctx(t), "U1")); !slices.ContainsFunc(got, func(m messageT) bool { return m.Text == "Two" }) {
		t.Errorf("%+v", got)
	}
}
