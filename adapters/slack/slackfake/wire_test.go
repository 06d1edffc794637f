package slackfake

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"

	"communitybot/adapters/person"
)

// gist is what an exchange is about.
func gist(e person.Exchange) person.Exchange {
	e.At, e.Took, e.Header, e.Body, e.Answer, e.Turns, e.Draws = time.Time{}, 0, nil, "", "", nil, nil
	return e
}

func gists(f *Fake) []person.Exchange {
	all := f.Wire()
	for i, e := range all {
		all[i] = gist(e)
	}
	return all
}

func TestTheWireShowsBothDirections(t *testing.T) {
	f, c := startAt(t, Options{TeamID: "T9"})
	start := c.Now()
	connect(t, f, func(w http.ResponseWriter, form url.Values) {
		c.move(time.Second)
		rawCall(t, f, "chat.postMessage", object{"channel": "C1", "text": "hello"})
		c.move(time.Second)
		post(t, f, form.Get("response_url"), "application/json", `{"text":"for you"}`)
		_, _ = io.WriteString(w, "done")
	})
	must[screenT](t)(f.Type(ctx(t), "U1", "C1", "/make Acme & more"))

	same(t, "wire", gists(f), []person.Exchange{
		{What: "slash_command", Method: "POST", Path: "/slack/events", Status: 200},
		{FromBot: true, What: "chat.postMessage", Method: "POST", Path: "/api/chat.postMessage", Status: 200},
		{FromBot: true, What: "response_url", Method: "POST", Path: "/hooks/commands/T9/***", Status: 200},
	})
	all := f.Wire()
	for i, e := range all {
		same(t, "time of "+e.What, e.At, start.Add(time.Duration(i)*time.Second))
		if e.Took <= 0 {
			t.Errorf("%s took %s", e.What, e.Took)
		}
	}
	command, call, response := all[0], all[1], all[2]
	form := must[url.Values](t)(url.ParseQuery(command.Body))
	same(t, "command", []string{form.Get("command"), form.Get("text"), command.Answer}, []string{"/make", "Acme & more", "done"})
	same(t, "its headers", []string{command.Header.Get("Content-Type"), command.Header.Get("X-Slack-Request-Timestamp")}, []string{formType, "1772600767"})
	if !strings.HasPrefix(command.Header.Get("X-Slack-Signature"), "v0=") {
		t.Errorf("headers: %v", command.Header)
	}
	same(t, "call", []string{call.Body, call.Header.Get("Authorization")}, []string{`{"channel":"C1","text":"hello"}`, "Bearer ***"})
	if !strings.HasPrefix(call.Answer, `{"channel":"C1","message":{`) {
		t.Errorf("answer: %s", call.Answer)
	}
	same(t, "response", []string{response.Body, response.Answer}, []string{`{"text":"for you"}`, "ok"})
	same(t, "requests", f.Requests()[1].Header, call.Header)
}

func TestAQueryIsInThePath(t *testing.T) {
	f := start(t, Options{})
	request := must[*http.Request](t)(http.NewRequestWithContext(ctx(t), http.MethodGet, f.APIURL()+"users.info?user=U1&token="+f.BotToken, nil))
	response := must[*http.Response](t)(httpClient(t).Do(request))
	_ = response.Body.Close()
	e := f.Wire()[0]
	same(t, "request", []string{e.Method, e.Path, e.Body}, []string{"GET", "/api/users.info?user=U1&token=***", ""})
}

func TestTheWireInSocketMode(t *testing.T) {
	f := inSocketMode(t)
	ws, _ := dial(t, f)
	done := typing(t, f, "/make Acme")
	r := receive(t, ws)
	ack := `{"envelope_id":"` + r.EnvelopeID + `","payload":{"text":"hello"}}`
	if err := ws.WriteMessage(websocket.TextMessage, []byte(ack)); err != nil {
		t.Fatal(err)
	}
	<-done
	same(t, "wire", gists(f), []person.Exchange{
		{FromBot: true, What: appMethod, Method: "POST", Path: "/api/" + appMethod, Status: 200},
		{What: "slash_command", Method: "WEBSOCKET", Path: "/link/", Status: 200},
	})
	opened, command := f.Wire()[0], f.Wire()[1]
	same(t, "token", opened.Header.Get("Authorization"), "Bearer ***")
	envelope := read(t, []byte(command.Body))
	same(t, "envelope", []any{envelope["type"], envelope["envelope_id"], str(envelope["payload"], "command")}, []any{"slash_commands", r.EnvelopeID, "/make"})
	same(t, "acknowledgement", []any{command.Answer, command.Header == nil}, []any{ack, true})
	same(t, "as a request", []string{f.Requests()[1].Arg("command"), f.Requests()[1].Response}, []string{"/make", `{"text":"hello"}`})
}

func TestAnExchangeWithoutAnAnswerIsOnTheWire(t *testing.T) {
	f := start(t, Options{})
	api := client(t, f)
	release, done := make(chan struct{}), make(chan error, 1)
	f.Fail("auth.test", 1, Hold(release))
	asked := f.Changed()
	go func() {
		_, err := api.AuthTestContext(ctx(t))
		done <- err
	}()
	<-asked
	waiting, answered := f.Wire(), f.Changed()
	same(t, "while it waits", []any{len(waiting), waiting[0].Status, waiting[0].Took, waiting[0].Answer}, []any{1, 0, time.Duration(0), ""})
	close(release)
	<-answered
	wantCode(t, <-done, "")
	if e := f.Wire()[0]; e.Status != http.StatusOK || e.Took <= 0 || e.Answer == "" {
		t.Errorf("%+v", e)
	}

	f.Fail("auth.test", 1, LoseAnswer())
	if _, err := api.AuthTestContext(ctx(t)); err == nil {
		t.Error("the answer is not lost")
	}
	for next := f.Changed(); f.Wire()[1].Took == 0; next = f.Changed() { // the bot hears of it first
		<-next
	}
	lost := f.Wire()[1]
	same(t, "a lost answer", []any{lost.Status, lost.Answer}, []any{0, ""})
}

// TestNoSecretIsOnTheWire has a bot repeat, wherever it can, all the secrets it was given.
func TestNoSecretIsOnTheWire(t *testing.T) {
	f := start(t, Options{BotToken: "xoxb-secret", SigningSecret: "signing-secret"})
	var hooks []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		form := must[url.Values](t)(url.ParseQuery(string(body)))
		hook := form.Get("response_url")
		if p := form.Get("payload"); p != "" {
			hook = payload(t, form).ResponseURL
		}
		hooks = append(hooks, hook[strings.LastIndex(hook, "/")+1:])
		rawCall(t, f, "views.open", object{"trigger_id": "none", "view": with(aModal, object{"private_metadata": hook})})
		request := must[*http.Request](t)(http.NewRequestWithContext(ctx(t), http.MethodPost, hook, strings.NewReader(`{"text":"`+hook+` `+verification+`"}`)))
		request.Header.Set("Authorization", "xoxb-unknown-secret") // without a scheme
		request.Header.Set("Referer", hook)
		response := must[*http.Response](t)(httpClient(t).Do(request))
		_ = response.Body.Close()
		w.Header().Set("Content-Type", "text/plain")
		_, _ = io.WriteString(w, hook+" xoxb-secret signing-secret "+verification)
	}))
	t.Cleanup(server.Close)
	f.Connect(server.URL + "/slack/events?token=xoxb-secret")

	must[screenT](t)(f.Type(ctx(t), "U1", "C1", "/x"))
	ts := said(t, f, slack.MsgOptionText("card", false), slack.MsgOptionBlocks(slack.NewActionBlock("b", button("Go", "go"))))
	must[screenT](t)(f.Press(ctx(t), "U1", ts, "Go"))
	install(t, f, aManifest)
	must[screenT](t)(f.Shortcut(ctx(t), "U1", ts, "Take it"))
	if len(hooks) != 3 {
		t.Fatalf("%d deliveries", len(hooks))
	}

	secrets := append(slices.Clone(hooks), "xoxb-secret", "unknown-secret", "signing-secret", verification)
	for i, e := range f.Wire() {
		r := f.Requests()[i]
		var headers strings.Builder
		_ = e.Header.Write(&headers) // a builder takes everything
		for _, text := range []string{e.Path, e.Body, e.Answer, headers.String(), r.Body, r.Response} {
			for _, secret := range secrets {
				if strings.Contains(text, secret) {
					t.Errorf("%s tells a secret: %s", e.What, text)
				}
			}
		}
	}
	same(t, "what is left of a response_url", strings.Contains(f.Requests()[0].Arg("response_url"), "/hooks/commands/"+f.TeamID+"/***"), true)
}

func TestNoSecretIsOnTheWireInSocketMode(t *testing.T) {
	f := inSocketMode(t)
	ws, _ := dial(t, f)
	done := typing(t, f, "/x")
	r := receive(t, ws)
	hook := str(read(t, r.Payload), "response_url")
	if err := ws.WriteJSON(object{"envelope_id": r.EnvelopeID, "payload": object{"text": hook}}); err != nil {
		t.Fatal(err)
	}
	<-done
	for _, e := range f.Wire() {
		for _, secret := range []string{appToken, verification, hook[strings.LastIndex(hook, "/"):]} {
			if strings.Contains(e.Path+e.Body+e.Answer+strings.Join(e.Header["Authorization"], ""), secret) {
				t.Errorf("%s tells %s: %+v", e.What, secret, e)
			}
		}
	}
}
