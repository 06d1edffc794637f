package slackfake

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
)

// recorder keeps what came to a bot, to the byte.
type recorder struct {
	bodies  []string
	headers []http.Header
}

func record(t *testing.T, f *Fake, status int) *recorder {
	t.Helper()
	var r recorder
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		body, err := io.ReadAll(request.Body)
		if err != nil {
			t.Error(err)
		}
		r.bodies, r.headers = append(r.bodies, string(body)), append(r.headers, request.Header.Clone())
		w.WriteHeader(status)
	}))
	t.Cleanup(server.Close)
	f.Connect(server.URL)
	return &r
}

func TestDeliveriesAreSignedAsSlackSigns(t *testing.T) {
	f := start(t, Options{SigningSecret: "s3cret"})
	r := record(t, f, http.StatusOK)
	_, err := f.Type(ctx(t), "U1", "C1", "/create-community Acme")
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := slack.NewSecretsVerifier(r.headers[0], "s3cret")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = verifier.Write([]byte(r.bodies[0]))
	if err := verifier.Ensure(); err != nil {
		t.Error(err)
	}
	same(t, "content type", r.headers[0].Get("Content-Type"), "application/x-www-form-urlencoded")
}

func TestSignaturesGoByTheClock(t *testing.T) {
	f, c := startAt(t, Options{SigningSecret: "s3cret"})
	r := record(t, f, http.StatusOK)
	c.move(time.Minute)
	if _, err := f.Deliver(ctx(t), "text/plain", "anything"); err != nil {
		t.Fatal(err)
	}
	same(t, "timestamp", r.headers[0].Get("X-Slack-Request-Timestamp"), "1772600827")
	mac := hmac.New(sha256.New, []byte("s3cret"))
	_, _ = io.WriteString(mac, "v0:1772600827:anything")
	same(t, "signature", r.headers[0].Get("X-Slack-Signature"), "v0="+hex.EncodeToString(mac.Sum(nil)))
}

func TestACommandIsDeliveredWithAllItsFields(t *testing.T) {
	f := start(t, Options{TeamID: "T9"})
	var got slack.SlashCommand
	connect(t, f, func(_ http.ResponseWriter, form url.Values) {
		request, err := http.NewRequestWithContext(ctx(t), http.MethodPost, "/", strings.NewReader(form.Encode()))
		if err != nil {
			t.Error(err)
			return
		}
		request.Header.Set("Content-Type", formType)
		got, err = slack.SlashCommandParse(request)
		if err != nil {
			t.Error(err)
		}
	})
	if _, err := f.Type(ctx(t), "U1", "C1", "  /create-community  Acme & Söhne "); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(got.ResponseURL, f.URL()+"/hooks/commands/T9/") || got.TriggerID == "" || got.Token == "" {
		t.Errorf("response URL, trigger and token: %+v", got)
	}
	got.ResponseURL, got.TriggerID, got.Token = "", "", ""
	same(t, "command", got, slack.SlashCommand{
		TeamID: "T9", TeamDomain: domain, ChannelID: "C1", ChannelName: "general", UserID: "U1", UserName: "ann",
		Command: "/create-community", Text: "Acme & Söhne", APIAppID: appID,
	})
}

func TestRedeliveryRepeatsEveryByte(t *testing.T) {
	f, c := startAt(t, Options{})
	if _, err := f.Redeliver(ctx(t)); err == nil {
		t.Error("something was delivered again before anything was")
	}
	r := record(t, f, http.StatusAccepted)
	if _, err := f.Type(ctx(t), "U1", "C1", "/x"); err == nil {
		t.Error("202 is no answer to a command")
	}
	c.move(time.Hour)
	response := must[*http.Response](t)(f.Redeliver(ctx(t)))
	same(t, "status", response.StatusCode, http.StatusAccepted)
	same(t, "body", r.bodies[1], r.bodies[0])
	for _, name := range []string{"X-Slack-Signature", "X-Slack-Request-Timestamp", "Content-Type"} {
		same(t, name, r.headers[1].Get(name), r.headers[0].Get(name))
	}
}

func TestAnythingCanBeDeliveredSigned(t *testing.T) {
	f := start(t, Options{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.Copy(w, r.Body)
	}))
	t.Cleanup(server.Close)
	f.Connect(server.URL)
	response := must[*http.Response](t)(f.Deliver(ctx(t), "application/json", "{nonsense"))
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "answer", []any{response.StatusCode, response.Header.Get("Content-Type"), string(body)}, []any{http.StatusBadRequest, "text/plain", "{nonsense"})
	log := f.Requests()
	log[0].At, log[0].Took, log[0].Header = time.Time{}, 0, nil // TestTheWireShowsBothDirections holds these
	same(t, "log", log, []Request{{Method: "deliver", Delivery: true, Body: "{nonsense", Status: http.StatusBadRequest, Response: "{nonsense"}})
}

func TestDeliveringToNobodyErrs(t *testing.T) {
	f := start(t, Options{})
	if _, err := f.Deliver(ctx(t), "text/plain", ""); err == nil {
		t.Error("no bot is connected, and it answered")
	}
}

func TestCommandsFailInSlacksWords(t *testing.T) {
	rows := []struct {
		name   string
		handle http.HandlerFunc
		want   string
	}{
		{"a server error", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }, "http_service_error"},
		{"a refusal", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) }, "http_client_error"},
		{"a redirect", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", http.StatusFound) }, "http_client_error"},
		{"a broken connection", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "dispatch_failed"},
		{"JSON that is none", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, "{")
		}, "invalid_command_response"},
		{"blocks that break a rule", func(w http.ResponseWriter, _ *http.Request) {
			answerJSON(t, w, object{"blocks": []any{object{"type": "section"}}})
		}, "invalid_command_response"},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			f := start(t, Options{})
			server := httptest.NewServer(r.handle)
			defer server.Close()
			f.Connect(server.URL)
			_, err := f.Type(ctx(t), "U1", "C1", "/create-community")
			if want := `/create-community failed with the error "` + r.want + `"`; err == nil || err.Error() != want {
				t.Errorf("got %v, want %s", err, want)
			}
		})
	}
}

// slow is a bot that does not answer before the test ends.
func slow(t *testing.T, f *Fake) {
	t.Helper()
	end := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-end }))
	t.Cleanup(func() {
		close(end)
		server.Close()
	})
	f.Connect(server.URL)
	same(t, "patience", f.Patience, 3*time.Second)
	f.Patience = 20 * time.Millisecond
}

func TestABotThatTakesTooLongIsToldAsSlackTellsIt(t *testing.T) {
	f := start(t, Options{})
	slow(t, f)
	_, err := f.Type(ctx(t), "U1", "C1", "/create-community")
	if err == nil || err.Error() != `/create-community failed with the error "operation_timeout"` {
		t.Errorf("command: %v", err)
	}
	_, ts, err := client(t, f).PostMessageContext(ctx(t), "C1", slack.MsgOptionBlocks(slack.NewActionBlock("b", button("Go", "go"))))
	wantCode(t, err, "")
	if _, err := f.Press(ctx(t), "U1", ts, "Go"); err == nil || !strings.HasPrefix(err.Error(), "Operation timed out.") {
		t.Errorf("button: %v", err)
	}
	opened := must[*slack.ViewResponse](t)(client(t, f).OpenViewContext(ctx(t), trig(f, "U1"), modal("One")))
	screen, err := f.Send(ctx(t), "U1", opened.View.ID, nil)
	if err == nil || err.Error() != "We had some trouble connecting. Try again?" || screen.Form == nil {
		t.Errorf("form: %+v, %v", screen, err)
	}
}

func TestTheCallersContextEndsADelivery(t *testing.T) {
	f := start(t, Options{})
	api := client(t, f)
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer server.Close()
	defer close(release)
	f.Connect(server.URL)
	_, ts, err := api.PostMessageContext(ctx(t), "C1", slack.MsgOptionBlocks(slack.NewActionBlock("b", button("Go", "go"))))
	wantCode(t, err, "")
	opened := must[*slack.ViewResponse](t)(api.OpenViewContext(ctx(t), trig(f, "U1"), modal("One")))
	ended, cancel := contextThatEnded(t)
	defer cancel()
	_, typed := f.Type(ended, "U1", "C1", "/x")
	_, pressed := f.Press(ended, "U1", ts, "Go")
	_, sent := f.Send(ended, "U1", opened.View.ID, nil)
	for what, err := range map[string]error{"typing": typed, "pressing": pressed, "sending": sent} {
		if err == nil || err != ended.Err() {
			t.Errorf("%s: got %v, want %v", what, err, ended.Err())
		}
	}
}
