package discordfake

import (
	"net/http"
	"strings"
	"testing"

	"github.com/bwmarrin/discordgo"

	"communitybot/adapters/person"
)

func TestAnswersByTheCallbackEndpoint(t *testing.T) {
	w := newWorld(t, Options{AnyCommand: true})
	var in *discordgo.Interaction
	var second error
	w.bot(func(a asked) string {
		in = &discordgo.Interaction{ID: a.ID, Token: a.Token, AppID: w.Options().ApplicationID}
		answer := &discordgo.InteractionResponse{
			Type: discordgo.InteractionResponseChannelMessageWithSource,
			Data: &discordgo.InteractionResponseData{Content: "by REST", Flags: discordgo.MessageFlagsEphemeral},
		}
		bad := *answer
		bad.Data = &discordgo.InteractionResponseData{}
		wantCode(t, w.s.InteractionRespond(in, &bad), 50006)
		if err := w.s.InteractionRespond(in, answer); err != nil {
			t.Error(err)
		}
		second = w.s.InteractionRespond(in, answer)
		return ""
	})
	screen, err := w.Type(t.Context(), ada, general, "/x")
	if err != nil || len(screen.Private) != 1 || screen.Private[0].Text != "by REST" || !screen.Private[0].Private {
		t.Fatalf("%+v, %v", screen, err)
	}
	wantCode(t, second, 40060)
	wantCode(t, w.s.InteractionRespond(&discordgo.Interaction{ID: "1", Token: in.Token}, &discordgo.InteractionResponse{Type: 5}), 10062)
	if got := w.Problems(); len(got) != 1 || !strings.Contains(got[0], "50006") {
		t.Errorf("problems %v", got)
	}
}

func TestACallbackAfterTheRequestHasEnded(t *testing.T) {
	w := newWorld(t, Options{AnyCommand: true})
	in := make(chan asked, 1)
	w.bot(func(a asked) string { in <- a; return "" })
	type shown struct {
		screen person.Screen
		err    error
	}
	done := make(chan shown)
	go func() {
		s, err := w.Type(t.Context(), ada, general, "/x")
		done <- shown{s, err}
	}()
	a := <-in
	w.until(func() bool { return len(w.Requests()) == 1 && w.Requests()[0].Status == http.StatusAccepted })
	if status, answer := w.api("POST", "/interactions/"+a.ID+"/"+a.Token+"/callback", privately); status != http.StatusNoContent {
		t.Fatalf("%d %v", status, answer)
	}
	if got := <-done; got.err != nil || len(got.screen.Private) != 1 || len(w.Problems()) != 0 {
		t.Errorf("%+v, %v", got, w.Problems())
	}
}

func TestACallbackCanReturnTheMessage(t *testing.T) {
	w := newWorld(t, Options{AnyCommand: true})
	w.bot(func(a asked) string {
		status, answer := w.api("POST", "/interactions/"+a.ID+"/"+a.Token+"/callback?with_response=true", privately)
		about, _ := answer["interaction"].(map[string]any)
		resource, _ := answer["resource"].(map[string]any)
		if status != 200 || about["id"] != a.ID || about["response_message_ephemeral"] != true || about["response_message_loading"] != false || resource["type"] != 4.0 {
			t.Errorf("%d %v", status, answer)
		}
		return ""
	})
	if _, err := w.Type(t.Context(), ada, general, "/x"); err != nil {
		t.Fatal(err)
	}
}

func TestASecondAnswerInTheBodyIsAProblem(t *testing.T) {
	w := newWorld(t, Options{AnyCommand: true})
	w.bot(func(a asked) string {
		w.api("POST", "/interactions/"+a.ID+"/"+a.Token+"/callback", privately)
		return privately
	})
	screen, err := w.Type(t.Context(), ada, general, "/x")
	if err != nil || len(screen.Private) != 1 {
		t.Fatalf("%+v, %v", screen, err)
	}
	if got := w.Problems(); len(got) != 1 || !strings.Contains(got[0], "40060") {
		t.Errorf("problems %v", got)
	}
}
