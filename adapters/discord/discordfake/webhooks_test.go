package discordfake

import (
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"
)

// answered types /x and returns the interaction, as the bot got it, for follow-ups.
func (w *world) answered(t *testing.T, answer string) *discordgo.Interaction {
	t.Helper()
	in := &discordgo.Interaction{AppID: w.Options().ApplicationID}
	w.bot(func(a asked) string {
		in.ID, in.Token = a.ID, a.Token
		return answer
	})
	if _, err := w.Type(t.Context(), ada, general, "/x"); err != nil {
		t.Fatal(err)
	}
	return in
}

func TestFollowUps(t *testing.T) {
	w := newWorld(t, Options{AnyCommand: true})
	in := w.answered(t, `{"type":4,"data":{"content":"first"}}`)
	original, err := w.s.InteractionResponse(in)
	if err != nil || original.Content != "first" || original.Type != discordgo.MessageTypeChatInputCommand {
		t.Fatalf("%+v, %v", original, err)
	}
	changed := "changed"
	if m, err := w.s.InteractionResponseEdit(in, &discordgo.WebhookEdit{Content: &changed}); err != nil || m.ID != original.ID || m.Content != "changed" {
		t.Fatalf("%+v, %v", m, err)
	}
	more, err := w.s.FollowupMessageCreate(in, true, &discordgo.WebhookParams{Content: "more", Flags: discordgo.MessageFlagsEphemeral})
	if err != nil || more.Flags&discordgo.MessageFlagsEphemeral == 0 {
		t.Fatalf("%+v, %v", more, err)
	}
	if _, err := w.s.FollowupMessageEdit(in, more.ID, &discordgo.WebhookEdit{Content: &changed}); err != nil {
		t.Fatal(err)
	}
	if got := w.read(ada, general); len(got) != 2 || got[1].Text != "changed" || !got[1].Private || !got[1].Edited {
		t.Errorf("Ada sees %+v", got)
	}
	if got := w.read(bob, general); len(got) != 1 {
		t.Errorf("Bob sees %+v", got)
	}
	if err := w.s.FollowupMessageDelete(in, more.ID); err != nil {
		t.Fatal(err)
	}
	if err := w.s.InteractionResponseDelete(in); err != nil {
		t.Fatal(err)
	}
	if got := w.read(ada, general); len(got) != 0 {
		t.Errorf("after deleting: %+v", got)
	}
	_, err = w.s.InteractionResponse(in)
	wantCode(t, err, 10008)
}

func TestFollowUpsAreChecked(t *testing.T) {
	w := newWorld(t, Options{AnyCommand: true})
	in := w.answered(t, privately)
	foreign := w.post(`{"content":"posted with the bot's token"}`)
	_, err := w.s.FollowupMessageCreate(in, true, &discordgo.WebhookParams{})
	wantCode(t, err, 50006)
	_, err = w.s.FollowupMessageCreate(in, true, &discordgo.WebhookParams{Embeds: []*discordgo.MessageEmbed{{}}})
	wantCode(t, err, 50035)
	empty := ""
	_, err = w.s.InteractionResponseEdit(in, &discordgo.WebhookEdit{Content: &empty})
	wantCode(t, err, 50006)
	_, err = w.s.FollowupMessageEdit(in, foreign, &discordgo.WebhookEdit{Content: &empty})
	wantCode(t, err, 10008)
	wantCode(t, w.s.FollowupMessageDelete(in, foreign), 10008)
	_, err = w.s.FollowupMessageCreate(&discordgo.Interaction{AppID: "1", Token: in.Token}, true, &discordgo.WebhookParams{Content: "c"})
	wantCode(t, err, 10015)
	_, err = w.s.FollowupMessageCreate(&discordgo.Interaction{AppID: in.AppID, Token: "made-up"}, true, &discordgo.WebhookParams{Content: "c"})
	wantCode(t, err, 50027)
}

func TestPrivateMessagesAreOnlyForTheirToken(t *testing.T) {
	w := newWorld(t, Options{AnyCommand: true})
	in := w.answered(t, privately)
	m, err := w.s.InteractionResponse(in)
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.s.ChannelMessage(general, m.ID)
	wantCode(t, err, 10008)
	_, err = w.s.ChannelMessageEdit(general, m.ID, "x")
	wantCode(t, err, 10008)
	_, err = w.s.MessageThreadStart(general, m.ID, "n", 60)
	wantCode(t, err, 10008)
	if list, err := w.s.ChannelMessages(general, 10, "", "", ""); err != nil || len(list) != 0 {
		t.Errorf("listed: %+v, %v", list, err)
	}
	_, err = w.s.ChannelMessageSendReply(general, "re", &discordgo.MessageReference{MessageID: m.ID})
	wantCode(t, err, 50035)
}

func TestTokensLiveForFifteenMinutes(t *testing.T) {
	w := newWorld(t, Options{AnyCommand: true})
	in := w.answered(t, privately)
	w.clock.Move(15*time.Minute - time.Second)
	if _, err := w.s.FollowupMessageCreate(in, true, &discordgo.WebhookParams{Content: "just in time"}); err != nil {
		t.Fatal(err)
	}
	w.clock.Move(time.Second)
	_, err := w.s.FollowupMessageCreate(in, true, &discordgo.WebhookParams{Content: "too late"})
	wantCode(t, err, 50027)
	_, err = w.s.InteractionResponse(in)
	wantCode(t, err, 50027)
}

func TestDeferredAnswers(t *testing.T) {
	done := "done, <@" + ada + ">"
	for name, finish := range map[string]func(*world, *discordgo.Interaction) error{
		"are filled in by an edit": func(w *world, in *discordgo.Interaction) error {
			_, err := w.s.InteractionResponseEdit(in, &discordgo.WebhookEdit{Content: &done})
			return err
		},
		"are filled in by the first follow-up": func(w *world, in *discordgo.Interaction) error {
			_, err := w.s.FollowupMessageCreate(in, true, &discordgo.WebhookParams{Content: done})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, Options{AnyCommand: true})
			in := w.answered(t, `{"type":5}`)
			if got := w.read(bob, general); len(got) != 1 || got[0].Text != "communitybot is thinking…" {
				t.Fatalf("before: %+v", got)
			}
			if err := finish(w, in); err != nil {
				t.Fatal(err)
			}
			got := w.read(bob, general)
			if len(got) != 1 || got[0].Text != "done, @Ada Lovelace" || got[0].Edited || len(got[0].Pings) != 1 {
				t.Fatalf("after: %+v", got)
			}
		})
	}
}

func TestADeferredPrivateAnswerStaysPrivate(t *testing.T) {
	w := newWorld(t, Options{AnyCommand: true})
	in := w.answered(t, `{"type":5,"data":{"flags":64}}`)
	if _, err := w.s.FollowupMessageCreate(in, true, &discordgo.WebhookParams{Content: "psst"}); err != nil {
		t.Fatal(err)
	}
	if got := w.read(bob, general); len(got) != 0 {
		t.Errorf("Bob sees %+v", got)
	}
	if got := w.read(ada, general); len(got) != 1 || got[0].Text != "psst" || !got[0].Private {
		t.Errorf("Ada sees %+v", got)
	}
}

func TestADeferredUpdateIsAboutTheMessageItself(t *testing.T) {
	w := newWorld(t, Options{AnyCommand: true})
	card := w.post(`{"content":"card","components":[` + rowOf + `]}`)
	in := &discordgo.Interaction{AppID: w.Options().ApplicationID}
	w.bot(func(a asked) string {
		in.Token = a.Token
		return `{"type":6}`
	})
	if _, err := w.Press(t.Context(), bob, card, "Approve"); err != nil {
		t.Fatal(err)
	}
	text, none := "approved", []discordgo.MessageComponent{}
	m, err := w.s.InteractionResponseEdit(in, &discordgo.WebhookEdit{Content: &text, Components: &none})
	if err != nil || m.ID != card {
		t.Fatalf("%+v, %v", m, err)
	}
	if got := w.read(ada, general); len(got) != 1 || got[0].Text != "approved" || len(got[0].Buttons) != 0 {
		t.Errorf("got %+v", got)
	}
}
