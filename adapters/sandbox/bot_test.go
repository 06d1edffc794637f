package sandbox_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"communitybot/adapters/sandbox"
)

// fakeBot is the bot's side of the wire in its simplest form. It knows /hello (a private line), /form (a form with a
// name and a kind; the name "bad" is refused on Slack) and /card (a card with a button and a menu).
type fakeBot struct {
	t      *testing.T
	env    map[string]string // the sandbox's Environ
	client *http.Client

	mu      sync.Mutex
	lives   [][]string // the environment of each start
	now     func() time.Time
	looked  []time.Time        // when it was asked to look for what is due
	refuses string             // a line of the environment that it does not start with
	fails   bool               // its calls to Slack are refused
	starts  chan chan struct{} // when there is one: it starts once the channel that it hands over is closed
}

// live answers until ctx ends, as sandbox.Bot asks for.
func (b *fakeBot) live(ctx context.Context, environ []string, now func() time.Time, ready func(sandbox.Running) error) error {
	b.mu.Lock()
	b.lives, b.now = append(b.lives, environ), now
	refused := b.refuses != "" && slices.Contains(environ, b.refuses)
	starts := b.starts
	b.mu.Unlock()
	if starts != nil {
		may := make(chan struct{})
		starts <- may
		<-may
	}
	if refused {
		return errors.New("APPROVERS: nobody is called that")
	}
	mux := http.NewServeMux()
	for pattern, h := range b.routes() {
		mux.Handle(pattern, h)
	}
	server := httptest.NewServer(mux)
	defer server.Close()
	look := func(context.Context) {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.looked = append(b.looked, now())
	}
	nothing := func(context.Context) (map[string]int64, error) { return nil, nil }
	if err := ready(sandbox.Running{URL: server.URL + "/", Look: look, Events: nothing}); err != nil { // a slash at the end makes no difference
		return err
	}
	<-ctx.Done()
	return nil
}

// register puts its commands on Discord.
func (b *fakeBot) register() {
	b.t.Helper()
	var all []object
	for _, name := range []string{"hello", "form", "card", "fail", "create-community"} {
		all = append(all, object{"name": name, "description": "Tries " + name, "type": 1})
	}
	body, err := json.Marshal(all)
	if err != nil {
		b.t.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodPut, b.env["DISCORD_API_URL"]+"/applications/"+b.env["DISCORD_APPLICATION_ID"]+"/commands", bytes.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bot "+b.env["DISCORD_BOT_TOKEN"])
	res, err := b.client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if answer, _ := io.ReadAll(res.Body); res.StatusCode != http.StatusOK {
		b.t.Fatalf("register: %s", answer)
	}
}

type object = map[string]any

func (b *fakeBot) routes() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{"POST /slack/events": b.slack, "POST /discord/interactions": b.discord}
}

func reply(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

func plain(s string) object { return object{"type": "plain_text", "text": s} }

var slackChoices = []object{{"text": plain("Red"), "value": "r"}, {"text": plain("Blue, dark"), "value": "b"}}

func (b *fakeBot) slack(w http.ResponseWriter, r *http.Request) {
	switch command := r.FormValue("command"); command {
	case "":
		b.slackAction(w, r.FormValue("payload"))
	case "/form":
		b.slackCall("views.open", object{"trigger_id": r.FormValue("trigger_id"), "view": object{
			"type": "modal", "callback_id": "form", "title": plain("A form"), "submit": plain("Make it"), "blocks": []object{
				{"type": "input", "block_id": "name", "label": plain("Name"), "element": object{"type": "plain_text_input", "action_id": "a"}},
				{"type": "input", "block_id": "kind", "optional": true, "label": plain("Kind"), "element": object{
					"type": "static_select", "action_id": "a", "options": slackChoices,
				}},
			},
		}})
	case "/card":
		b.slackCall("chat.postMessage", object{"channel": r.FormValue("channel_id"), "text": "A card", "blocks": []object{
			{"type": "section", "text": plain("A card")},
			{"type": "actions", "elements": []object{
				{"type": "button", "action_id": "like", "text": plain("Like"), "value": "like"},
				{"type": "static_select", "action_id": "colour", "placeholder": plain("Colour"), "options": slackChoices},
			}},
		}})
	case "/fail":
		w.WriteHeader(http.StatusInternalServerError)
	default:
		reply(w, object{"response_type": "ephemeral", "text": "Hello " + r.FormValue("user_name")})
	}
}

func (b *fakeBot) slackAction(w http.ResponseWriter, payload string) {
	var p struct {
		Type    string
		Channel struct{ ID string }
		Message struct{ TS string }
		Actions []struct {
			Value    string
			Selected struct{ Text struct{ Text string } } `json:"selected_option"`
		}
		View struct {
			State struct {
				Values map[string]map[string]struct{ Value string }
			}
		}
	}
	if err := json.Unmarshal([]byte(payload), &p); err != nil {
		b.t.Errorf("payload %s: %v", payload, err)
	}
	if p.Type == "block_actions" {
		words := p.Actions[0].Value + p.Actions[0].Selected.Text.Text
		b.slackCall("chat.postMessage", object{"channel": p.Channel.ID, "thread_ts": p.Message.TS, "text": "Got " + words})
		return
	}
	name := p.View.State.Values["name"]["a"].Value
	if name == "bad" {
		reply(w, object{"response_action": "errors", "errors": object{"name": "Not that one."}})
		return
	}
	b.slackCall("chat.postMessage", object{"channel": "CCOMMUNITIES", "text": "Made " + name})
}

func (b *fakeBot) slackCall(method string, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		b.t.Error(err)
	}
	r, err := http.NewRequest(http.MethodPost, b.env["SLACK_API_URL"]+method, bytes.NewReader(body))
	if err != nil {
		b.t.Error(err)
		return
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+b.env["SLACK_BOT_TOKEN"])
	res, err := b.client.Do(r)
	if err != nil {
		b.t.Error(err)
		return
	}
	defer func() { _ = res.Body.Close() }()
	if answer, _ := io.ReadAll(res.Body); strings.Contains(string(answer), `"ok":true`) == b.fails {
		b.t.Errorf("%s: %s", method, answer)
	}
}

func (b *fakeBot) discord(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Type   int
		Member struct {
			User struct {
				Name string `json:"global_name"`
			}
		}
		Data struct {
			Name     string
			Values   []string
			CustomID string `json:"custom_id"`

			Components []struct{ Components []struct{ Value string } }
		}
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		b.t.Error(err)
	}
	row := func(c object) object { return object{"type": 1, "components": []object{c}} }
	tell := func(flags int, words string) {
		reply(w, object{"type": 4, "data": object{"content": words, "flags": flags}})
	}
	switch {
	case in.Type == 5:
		tell(0, "Made "+in.Data.Components[0].Components[0].Value)
	case in.Type == 3:
		tell(64, "Got "+in.Data.CustomID+strings.Join(in.Data.Values, ""))
	case in.Data.Name == "form":
		reply(w, object{"type": 9, "data": object{"custom_id": "form", "title": "A form", "components": []object{
			row(object{"type": 4, "custom_id": "name", "label": "Name", "style": 1}),
		}}})
	case in.Data.Name == "card":
		reply(w, object{"type": 4, "data": object{"content": "A card", "components": []object{
			row(object{"type": 2, "style": 1, "custom_id": "like", "label": "Like"}),
			row(object{"type": 3, "custom_id": "colour", "placeholder": "Colour", "options": []object{
				{"label": "Red", "value": "Red"}, {"label": "Blue, dark", "value": "Blue, dark"},
			}}),
		}}})
	case in.Data.Name == "fail":
		w.WriteHeader(http.StatusInternalServerError)
	default:
		tell(64, "Hello "+in.Member.User.Name)
	}
}

// environ is an environment by name.
func environ(list []string) map[string]string {
	env := make(map[string]string, len(list))
	for _, line := range list {
		name, value, _ := strings.Cut(line, "=")
		env[name] = value
	}
	return env
}

func mustParse(t *testing.T, s string) *url.URL {
	t.Helper()
	u, err := url.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}
