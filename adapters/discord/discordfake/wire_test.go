package discordfake

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/google/go-cmp/cmp"

	"communitybot/adapters/person"
)

// lines are the exchanges in short.
func lines(list []person.Exchange) []string {
	var out []string
	for _, x := range list {
		from := "Discord"
		if x.FromBot {
			from = "bot"
		}
		out = append(out, fmt.Sprintf("%s: %s %s (%s) %d", from, x.Method, x.Path, x.What, x.Status))
	}
	return out
}

func TestTheWireInTheOrderInWhichItWasUsed(t *testing.T) {
	w := newWorld(t, Options{AnyCommand: true})
	var token, id string
	w.bot(func(a asked) string {
		token, id = a.Token, a.ID
		w.clock.Move(time.Second)
		w.api("POST", "/interactions/"+a.ID+"/"+a.Token+"/callback", privately)
		return ""
	})
	if _, err := w.Type(t.Context(), ada, general, "/x"); err != nil {
		t.Fatal(err)
	}
	w.clock.Move(time.Second)
	w.api("GET", "/nowhere?x=1", "")
	w.api("POST", "/channels/"+general+"/messages", `{`)
	wire := w.Wire()
	want := []string{
		"Discord: POST /discord/interactions (slash command) 202",
		"bot: POST /api/v10/interactions/" + id + "/***/callback (POST /interactions/{id}/{token}/callback) 204",
		"bot: GET /api/v10/nowhere?x=1 (no such route) 404",
		"bot: POST /api/v10/channels/" + general + "/messages (POST /channels/{channel}/messages) 400",
	}
	if diff := cmp.Diff(want, lines(wire)); diff != "" {
		t.Fatal(diff)
	}
	start := wire[0].At
	for i, after := range []time.Duration{0, time.Second, 2 * time.Second, 2 * time.Second} {
		if got := wire[i].At.Sub(start); got != after || wire[i].Took <= 0 {
			t.Errorf("%s began after %s, want %s, and took %s", want[i], got, after, wire[i].Took)
		}
	}
	if wire[0].Took < wire[1].Took {
		t.Errorf("the delivery took %s, the callback within it %s", wire[0].Took, wire[1].Took)
	}
	if wire[1].Body != privately || wire[1].Answer != "" || wire[3].Body != "{" || !strings.Contains(wire[3].Answer, `"code":50109`) {
		t.Errorf("bodies %q and %q, answers %q and %q", wire[1].Body, wire[3].Body, wire[1].Answer, wire[3].Answer)
	}
	if !strings.Contains(wire[0].Body, `"token":"***"`) || wire[0].Header.Get("X-Signature-Ed25519") == "" || wire[0].Header.Get("Content-Type") != "application/json" {
		t.Errorf("delivered %s with %v", wire[0].Body, wire[0].Header)
	}
	for _, x := range wire {
		if all := fmt.Sprint(x); strings.Contains(all, token) || strings.Contains(all, w.Options().BotToken) {
			t.Errorf("a secret in %s", all)
		}
		if auth := x.Header.Get("Authorization"); x.FromBot && auth != "Bot ***" || !x.FromBot && auth != "" {
			t.Errorf("%s: Authorization %q", x.Path, auth)
		}
	}
}

func TestAnotherBotsTokenIsMaskedToo(t *testing.T) {
	w := newWorld(t, Options{})
	for sent, want := range map[string]string{"Bot of-another": "Bot ***", "bare-token": "***", "Bearer a b": "Bearer ***"} {
		req, err := http.NewRequest("GET", w.APIURL()+"/users/@me", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", sent)
		req.Header.Set("X-Audit-Log-Reason", w.Options().BotToken)
		res, err := w.http.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		wire := w.Wire()
		if h := wire[len(wire)-1].Header; h.Get("Authorization") != want || h.Get("X-Audit-Log-Reason") != "***" {
			t.Errorf("%q is shown in %v", sent, h)
		}
	}
}

func TestWhatWaitsForItsAnswerIsOnTheWire(t *testing.T) {
	w := newWorld(t, Options{})
	release, done := make(chan struct{}), make(chan error)
	w.Fail(posting, 1, Failure{Hold: release})
	begun := w.Changed()
	go func() {
		_, err := w.s.ChannelMessageSend(general, "late")
		done <- err
	}()
	select {
	case <-begun:
	case <-time.After(5 * time.Second):
		t.Fatal("nobody was told that a request has begun")
	}
	w.api("GET", "/users/@me", "")
	var status []int
	for _, x := range w.Wire() {
		status = append(status, x.Status)
	}
	if diff := cmp.Diff([]int{0, 200}, status); diff != "" || len(w.Requests()) != 1 {
		t.Errorf("%d requests have ended; %s", len(w.Requests()), diff)
	}
	close(release)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if x := w.Wire()[0]; x.Status != 200 || x.Took <= 0 {
		t.Errorf("after its answer it is %+v", x)
	}
	if last := w.Requests()[1]; last.Method != "POST" || last.Took != w.Wire()[0].Took || !last.At.Equal(w.Wire()[0].At) || last.Header.Get("Authorization") != "Bot ***" {
		t.Errorf("the last to be answered is %+v", last)
	}
}

func TestTheWireNamesWhatPeopleDid(t *testing.T) {
	w := newWorld(t, Options{AnyCommand: true})
	w.bot(func(a asked) string {
		if a.Type == kindAutocomplete {
			return `{"type":8,"data":{"choices":[]}}`
		}
		return privately
	})
	card := w.post(`{"content":"card","components":[` + rowOf + `,{"type":1,"components":[{"type":3,"custom_id":"k",` + kinds + `}]}]}`)
	ctx := t.Context()
	form := func() {
		w.bot(func(a asked) string {
			if a.Type == kindModal {
				return privately
			}
			return simple
		})
		_, _ = w.Send(ctx, ada, w.opens().ID, map[string]string{"Name": "x"})
	}
	for _, c := range []struct {
		want string
		do   func()
	}{
		{"ping", func() { _, _ = w.Deliver(ctx, []byte(`{"id":"1","token":"x","type":1}`)) }},
		{"slash command", func() { _, _ = w.Type(ctx, ada, general, "/x") }},
		{"button", func() { _, _ = w.Press(ctx, ada, card, "Approve") }},
		{"menu", func() { _, _ = w.Choose(ctx, ada, card, "Make a selection", "Secret") }},
		{"autocomplete", func() { _, _ = w.Complete(ctx, ada, general, "/x name:a") }},
		{"message command", func() { _, _ = w.Shortcut(ctx, ada, card, "Anything") }},
		{"modal", form},
		{"unknown", func() { _, _ = w.Deliver(ctx, []byte(`[`)) }},
	} {
		before := len(w.Wire())
		c.do()
		wire := w.Wire()
		if last := wire[len(wire)-1]; len(wire) == before || last.What != c.want || last.FromBot {
			t.Errorf("want %q, got %v", c.want, lines(wire[before:]))
		}
	}
}

func TestWhatComesOverTheGatewayIsOnTheWire(t *testing.T) {
	w := newWorld(t, Options{AnyCommand: true})
	w.s.ShouldReconnectOnError, w.s.StateEnabled, w.s.Identify.Intents = false, false, 0
	w.s.AddHandler(func(s *discordgo.Session, i *discordgo.InteractionCreate) {
		_ = s.InteractionRespond(i.Interaction, &discordgo.InteractionResponse{
			Type: discordgo.InteractionResponseChannelMessageWithSource, Data: &discordgo.InteractionResponseData{Content: "Hello"},
		})
	})
	if err := w.s.Open(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = w.s.Close() }()
	before := len(w.Wire())
	if _, err := w.Type(t.Context(), ada, general, "/hello"); err != nil {
		t.Fatal(err)
	}
	w.until(func() bool { return len(w.Requests()) == before+2 })
	wire := w.Wire()[before:]
	if got := lines(wire); got[0] != "Discord: WEBSOCKET INTERACTION_CREATE (INTERACTION_CREATE) 0" || !strings.HasSuffix(got[1], "/callback) 204") {
		t.Errorf("on the wire is %v", got)
	}
	if in := parsed(t, []byte(wire[0].Body)); in["type"] != 2.0 || in["token"] != "***" || len(wire[0].Header) != 0 {
		t.Errorf("delivered %s with %v", wire[0].Body, wire[0].Header)
	}
}
