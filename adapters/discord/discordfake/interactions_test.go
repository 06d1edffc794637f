package discordfake

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/google/go-cmp/cmp"
)

const (
	rowOf     = `{"type":1,"components":[{"type":2,"style":1,"label":"Approve","custom_id":"approve"}]}`
	simple    = `{"type":9,"data":{"custom_id":"m","title":"New","components":[{"type":1,"components":[{"type":4,"custom_id":"name","style":1,"label":"Name"}]}]}}`
	privately = `{"type":4,"data":{"content":"only you","flags":64}}`
)

// register puts /create-community with three options on the server.
func (w *world) register() {
	w.t.Helper()
	_, err := w.s.ApplicationCommandBulkOverwrite(w.Options().ApplicationID, "", []*discordgo.ApplicationCommand{{
		Name: "create-community", Description: "d", Options: []*discordgo.ApplicationCommandOption{
			{Type: discordgo.ApplicationCommandOptionString, Name: "name", Description: "d", Autocomplete: true},
			{Type: discordgo.ApplicationCommandOptionString, Name: "handle", Description: "d"},
			{Type: discordgo.ApplicationCommandOptionInteger, Name: "count", Description: "d"},
			{Type: discordgo.ApplicationCommandOptionBoolean, Name: "public", Description: "d"},
		},
	}})
	if err != nil {
		w.t.Fatal(err)
	}
}

func TestATypedCommandIsDeliveredAsDiscordDoes(t *testing.T) {
	w := newWorld(t, Options{})
	w.register()
	var got asked
	w.bot(func(a asked) string { got = a; return privately })
	if _, err := w.Type(t.Context(), ada, general, "/create-community name:Acme: Fans & friends handle:acme count:3 public:true"); err != nil {
		t.Fatal(err)
	}
	want := []any{
		map[string]any{"name": "name", "type": 3.0, "value": "Acme: Fans & friends"},
		map[string]any{"name": "handle", "type": 3.0, "value": "acme"},
		map[string]any{"name": "count", "type": 4.0, "value": 3.0},
		map[string]any{"name": "public", "type": 5.0, "value": true},
	}
	if diff := cmp.Diff(want, got.data()["options"]); diff != "" {
		t.Error(diff)
	}
	var in discordgo.Interaction
	raw, _ := json.Marshal(got.Raw)
	if err := json.Unmarshal(raw, &in); err != nil {
		t.Fatal(err)
	}
	guild := w.Options().GuildID
	if in.Type != discordgo.InteractionApplicationCommand || in.AppID != w.Options().ApplicationID || in.GuildID != guild ||
		in.ChannelID != general || in.Version != 1 || in.Locale != "en-US" || in.AppPermissions != int64(Everything) || in.User != nil {
		t.Errorf("interaction %s", raw)
	}
	if in.Member == nil || in.Member.User.ID != ada || in.Member.User.GlobalName != "Ada Lovelace" || !cmp.Equal(in.Member.Roles, []string{admins}) || in.Member.Permissions == 0 {
		t.Errorf("member %+v", in.Member)
	}
	if in.AuthorizingIntegrationOwners[0] != guild || in.Context != discordgo.InteractionContextGuild {
		t.Errorf("owners %v, context %d", in.AuthorizingIntegrationOwners, in.Context)
	}
	if data := in.ApplicationCommandData(); data.Name != "create-community" || data.CommandType != discordgo.ChatApplicationCommand || data.ID == "" {
		t.Errorf("data %+v", data)
	}
}

func TestACommandInADirectConversationHasAUserAndNoGuild(t *testing.T) {
	w := newWorld(t, Options{AnyCommand: true})
	var got asked
	w.bot(func(a asked) string { got = a; return privately })
	if _, err := w.Type(t.Context(), ada, "@"+ada, "/help"); err != nil {
		t.Fatal(err)
	}
	user, _ := got.Raw["user"].(map[string]any)
	if user["id"] != ada || got.Raw["member"] != nil || got.Raw["guild_id"] != nil || got.Raw["context"] != 1.0 {
		t.Errorf("got %v", got.Raw)
	}
}

func TestCommandsThatCanNotBeTyped(t *testing.T) {
	w := newWorld(t, Options{})
	w.register()
	reached := false
	w.bot(func(asked) string { reached = true; return privately })
	for name, c := range map[string]struct{ who, channel, line, want string }{
		"a command that is not registered": {ada, general, "/other", "no command /other"},
		"a line without a slash":           {ada, general, "create-community", "does not start with a slash"},
		"words before any option":          {ada, general, "/create-community Acme", `"Acme" is none of`},
		"a number that is none":            {ada, general, "/create-community count:many", "Input a valid integer"},
		"a truth that is none":             {ada, general, "/create-community public:maybe", "Input True or False"},
		"an option without a value":        {ada, general, "/create-community name: handle:x", "Specify a value"},
		"a value of 6001":                  {ada, general, "/create-community name:" + strings.Repeat("x", 6001), "too long"},
		"nobody":                           {"1", general, "/create-community", "no user 1"},
		"the bot itself":                   {w.Options().ApplicationID, general, "/create-community", "no user"},
		"a channel that is none":           {ada, "1", "/create-community", "no channel 1"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := w.Type(t.Context(), c.who, c.channel, c.line); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v, want %q", err, c.want)
			}
		})
	}
	if reached {
		t.Error("something was delivered")
	}
}

func TestRequiredOptionsChoicesAndContexts(t *testing.T) {
	w := newWorld(t, Options{})
	status, answer := w.api("PUT", "/applications/"+w.Options().ApplicationID+"/commands", `[
		{"name":"pick","description":"d","contexts":[0],"options":[
			{"type":3,"name":"kind","description":"d","required":true,"choices":[{"name":"Public","value":"1"}]},
			{"type":10,"name":"rate","description":"d"},
			{"type":3,"name":"short","description":"d","max_length":3}]}]`)
	if status != 200 {
		t.Fatal(answer)
	}
	var got asked
	w.bot(func(a asked) string { got = a; return privately })
	for line, want := range map[string]string{
		"/pick":                         "kind: This option is required",
		"/pick kind:Secret":             `no choice "Secret"`,
		"/pick kind:Public rate:fast":   "Input a valid number",
		"/pick kind:Public short:wordy": "too long",
	} {
		if _, err := w.Type(t.Context(), ada, general, line); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", line, err, want)
		}
	}
	if _, err := w.Type(t.Context(), ada, "@"+ada, "/pick kind:Public"); err == nil {
		t.Error("a command for the server can be typed in a direct conversation")
	}
	if _, err := w.Type(t.Context(), ada, general, "/pick kind:Public rate:1.5"); err != nil {
		t.Fatal(err)
	}
	options := got.data()["options"].([]any)
	if options[0].(map[string]any)["value"] != "1" || options[1].(map[string]any)["value"] != 1.5 {
		t.Errorf("options %v", options)
	}
}

func TestAnyCommandTakesAnyOption(t *testing.T) {
	w := newWorld(t, Options{AnyCommand: true})
	var got asked
	w.bot(func(a asked) string { got = a; return privately })
	if _, err := w.Type(t.Context(), ada, general, "/x one:a b two:c"); err != nil {
		t.Fatal(err)
	}
	want := []any{map[string]any{"name": "one", "type": 3.0, "value": "a b"}, map[string]any{"name": "two", "type": 3.0, "value": "c"}}
	if diff := cmp.Diff(want, got.data()["options"]); diff != "" {
		t.Error(diff)
	}
}

func TestEachKindOfInteractionTakesItsAnswers(t *testing.T) {
	const update, deferred, deferredUpdate = `{"type":7,"data":{"content":"new"}}`, `{"type":5}`, `{"type":6}`
	type outcome = map[string]bool
	for name, c := range map[string]struct {
		act  func(*world) error
		want outcome
	}{
		"a command": {
			func(w *world) error { _, err := w.Type(t.Context(), ada, general, "/x"); return err },
			outcome{privately: true, deferred: true, simple: true, deferredUpdate: false, update: false, `{"type":8,"data":{"choices":[]}}`: false, `{"type":1}`: false, `{"type":99}`: false, `{}`: false},
		},
		"a button": {
			func(w *world) error {
				id := w.post(`{"content":"card","components":[` + rowOf + `]}`)
				_, err := w.Press(t.Context(), ada, id, "Approve")
				return err
			},
			outcome{privately: true, deferred: true, simple: true, deferredUpdate: true, update: true, `{"type":8,"data":{"choices":[]}}`: false},
		},
		"a modal that a command opened": {
			func(w *world) error { return w.sendModal(t, "") },
			outcome{privately: true, deferred: true, simple: false, deferredUpdate: false, update: false},
		},
		"a modal that a button opened": {
			func(w *world) error {
				return w.sendModal(t, w.post(`{"content":"card","components":[`+rowOf+`]}`))
			},
			outcome{privately: true, deferred: true, simple: false, deferredUpdate: true, update: true},
		},
	} {
		t.Run(name, func(t *testing.T) {
			for answer, fine := range c.want {
				w := newWorld(t, Options{AnyCommand: true})
				w.bot(func(a asked) string {
					if strings.HasPrefix(name, "a modal") && a.Type != kindModal {
						return simple
					}
					return answer
				})
				err := c.act(w)
				switch {
				case fine && (err != nil || len(w.Problems()) != 0):
					t.Errorf("%s was refused: %v %v", answer, err, w.Problems())
				case !fine && (err != errBadAnswer || len(w.Problems()) != 1):
					t.Errorf("%s was taken: %v %v", answer, err, w.Problems())
				case !fine && !strings.Contains(w.Problems()[0], "BASE_TYPE_CHOICES"):
					t.Errorf("%s: %v", answer, w.Problems())
				}
			}
		})
	}
}

// sendModal opens the simple modal, by a command or by the button of a message, and sends it.
func (w *world) sendModal(t *testing.T, message string) error {
	t.Helper()
	screen, err := w.Type(t.Context(), ada, general, "/x")
	if message != "" {
		screen, err = w.Press(t.Context(), ada, message, "Approve")
	}
	if err != nil || screen.Form == nil {
		t.Fatalf("no form: %+v, %v", screen, err)
	}
	_, err = w.Send(t.Context(), ada, screen.Form.ID, map[string]string{"Name": "Acme"})
	return err
}

func TestBadMessagesAsAnswers(t *testing.T) {
	w := newWorld(t, Options{AnyCommand: true})
	for name, c := range map[string]struct{ answer, want string }{
		"an empty message":      {`{"type":4,"data":{"content":""}}`, `"code":50006`},
		"no data":               {`{"type":4}`, `"code":50006`},
		"a message too long":    {`{"type":4,"data":{"content":` + quoted("x", 2001) + `}}`, `{"data":{"content":{"_errors":[{"code":"BASE_TYPE_MAX_LENGTH"`},
		"a bad button":          {`{"type":4,"data":{"content":"c","components":[{"type":1,"components":[{"type":2,"style":1,"custom_id":"x"}]}]}}`, `{"components":{"0":{"components":{"0":{"label":{"_errors"`},
		"a wrong type of value": {`{"type":4,"data":{"content":7}}`, `{"data":{"content":{"_errors"`},
		"JSON that is cut":      {`{"type":4`, `"code":50109`},
	} {
		t.Run(name, func(t *testing.T) {
			w.bot(always(c.answer))
			if _, err := w.Type(t.Context(), ada, general, "/x"); err != errBadAnswer {
				t.Fatalf("got %v", err)
			}
			if got := w.Problems(); !strings.Contains(got[len(got)-1], c.want) {
				t.Errorf("got %s, want %s", got[len(got)-1], c.want)
			}
		})
	}
	if n := len(w.read(ada, general)); n != 0 {
		t.Errorf("%d refused messages are shown", n)
	}
}

func TestNoAnswerInTime(t *testing.T) {
	for name, serve := range map[string]func(asked) string{
		"a bot that hangs":              nil,
		"a bot that promises an answer": always(""),
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, Options{AnyCommand: true, Patience: 50 * time.Millisecond})
			delivered := make(chan asked, 1)
			release := make(chan struct{})
			w.bot(func(a asked) string {
				delivered <- a
				if serve == nil {
					<-release
					return privately
				}
				return serve(a)
			})
			t.Cleanup(func() { close(release) }) // before the bot is closed: it waits for its handlers
			if _, err := w.Type(t.Context(), ada, general, "/x"); err == nil || err.Error() != "The application did not respond" {
				t.Fatalf("got %v", err)
			}
			a := <-delivered
			status, answer := w.api("POST", "/interactions/"+a.ID+"/"+a.Token+"/callback", privately)
			if status != http.StatusNotFound || answer["code"] != 10062.0 {
				t.Errorf("a late answer: %d %v", status, answer)
			}
			status, answer = w.api("POST", "/webhooks/"+w.Options().ApplicationID+"/"+a.Token, `{"content":"late"}`)
			if status != http.StatusNotFound || answer["code"] != 10015.0 {
				t.Errorf("a late follow-up: %d %v", status, answer)
			}
			if len(w.Problems()) != 1 {
				t.Errorf("problems %v", w.Problems())
			}
		})
	}
}

func TestABotThatFails(t *testing.T) {
	for name, c := range map[string]struct {
		serve     http.HandlerFunc
		err, want string
	}{
		"an error page": {func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(500) }, string(errNoAnswer), "HTTP 500"},
		"a redirect": {func(rw http.ResponseWriter, r *http.Request) { http.Redirect(rw, r, "/elsewhere", http.StatusFound) },
			string(errNoAnswer), "HTTP 302"},
		"no content type": {func(rw http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(rw, privately) }, string(errBadAnswer), "CONTENT_TYPE_INVALID"},
		"a cut":           {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, string(errNoAnswer), "could not be reached"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, Options{AnyCommand: true})
			w.Connect(w.listen(c.serve))
			if _, err := w.Type(t.Context(), ada, general, "/x"); err == nil || err.Error() != c.err {
				t.Fatalf("got %v, want %s", err, c.err)
			}
			if got := w.Problems(); len(got) != 1 || !strings.Contains(got[0], c.want) {
				t.Errorf("problems %v", got)
			}
		})
	}
}

func TestRedeliverAndDeliver(t *testing.T) {
	w := newWorld(t, Options{AnyCommand: true})
	if _, err := w.Redeliver(t.Context()); err == nil {
		t.Error("nothing was delivered, yet it came again")
	}
	var ids []string
	w.bot(func(a asked) string { ids = append(ids, a.ID+" "+a.Token); return privately })
	if _, err := w.Type(t.Context(), ada, general, "/x"); err != nil {
		t.Fatal(err)
	}
	w.clock.Move(time.Second)
	res, err := w.Redeliver(t.Context())
	if err != nil || res.StatusCode != 200 {
		t.Fatalf("%+v, %v", res, err)
	}
	if len(ids) != 2 || ids[0] != ids[1] {
		t.Errorf("deliveries %v", ids)
	}
	if n := len(w.read(ada, general)); n != 1 {
		t.Errorf("%d messages: the answer to a redelivery has an effect", n)
	}
	res, err = w.Deliver(t.Context(), []byte(`{"type":`))
	if err != nil || res.StatusCode != http.StatusBadRequest {
		t.Fatalf("malformed: %+v, %v", res, err)
	}
	if body, err := io.ReadAll(res.Body); err != nil || len(body) != 0 {
		t.Errorf("body %q, %v", body, err)
	}
}

func TestDeliveriesWithoutABot(t *testing.T) {
	w := newWorld(t, Options{AnyCommand: true})
	if _, err := w.Deliver(t.Context(), []byte(`{}`)); err == nil {
		t.Error("delivered to nowhere")
	}
	if _, err := w.Type(t.Context(), ada, general, "/x"); err != errNoAnswer {
		t.Errorf("got %v", err)
	}
	if got := w.Problems(); len(got) != 1 || !strings.Contains(got[0], "Connect was not called") {
		t.Errorf("problems %v", got)
	}
}
