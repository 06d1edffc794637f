package discord

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"communitybot/bot"
	"communitybot/bot/words"
)

func TestEveryReplyToEveryInteraction(t *testing.T) {
	hello := bot.Say("Hello {who}", "who", bot.Bold("you"))
	denied := &bot.Error{Code: bot.Forbidden, Message: "Only approvers may do this."}
	const private = `"flags":64`
	for _, c := range []struct {
		name  string
		body  string
		reply bot.Reply
		err   error
		kind  int
		want  string // in the answer
	}{
		{"Tell to a command", typedBody, bot.Tell{Text: hello}, nil, newMessage, `"content":"Hello **you**"`},
		{"Tell to a command is private", typedBody, bot.Tell{Text: hello}, nil, newMessage, private},
		{"Tell to a button", pressBody, bot.Tell{Text: hello}, nil, newMessage, private},
		{"Tell to a form", submitBody, bot.Tell{Text: hello}, nil, newMessage, private},
		{"Done to a command", typedBody, bot.Done{}, nil, newMessage, `"content":"Done."`},
		{"Done with words to a command", typedBody, bot.Done{Text: hello}, nil, newMessage, "Hello **you**"},
		{"Done to a form", submitBody, bot.Done{}, nil, newMessage, private},
		{"Done with words to a form", submitBody, bot.Done{Text: hello}, nil, newMessage, "Hello **you**"},
		{"Done to a card's button", pressBody, bot.Done{}, nil, nothing, `{"type":6}`},
		{"Done with words to a card's button", pressBody, bot.Done{Text: hello}, nil, newMessage, private},
		{"no reply at all", typedBody, nil, nil, newMessage, `"content":"Done."`},
		{"an error to a command", typedBody, nil, denied, newMessage, "Only approvers may do this."},
		{"an error to a command is private", typedBody, nil, denied, newMessage, private},
		{"an error to a button", pressBody, nil, denied, newMessage, private},
		{"an error to a form", submitBody, nil, denied, newMessage, "Only approvers may do this."},
		{"an error without words", typedBody, nil, errors.New("disk full of secrets"), newMessage, "Something went wrong on our side"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, always(c.reply, c.err))
			status, body := w.signed(c.body, start)
			var answer struct{ Type int }
			if err := json.Unmarshal([]byte(body), &answer); err != nil || status != 200 {
				t.Fatalf("status %d, body %s, %v", status, body, err)
			}
			if answer.Type != c.kind || !strings.Contains(body, c.want) || strings.Contains(body, "secrets") {
				t.Errorf("got %s, want type %d with %s", body, c.kind, c.want)
			}
		})
	}
}

func TestAnAnswerThatCanNotBeDrawnIsAnError(t *testing.T) {
	huge := bot.Call{Command: "approve", Values: bot.Values{"id": strings.Repeat("7", 100)}}
	w := newWorld(t, always(bot.Tell{Actions: []bot.Action{{Call: huge, Label: "Approve"}}}, nil))
	if _, body := w.signed(pressBody, start); !strings.Contains(body, "Something went wrong on our side") {
		t.Errorf("answered %s", body)
	}
	if !strings.Contains(w.log.String(), "reply not drawn") {
		t.Errorf("not logged: %s", w.log)
	}
}

func TestAPanicIsAnsweredAndLogged(t *testing.T) {
	w := newWorld(t, func(context.Context, bot.Event) (bot.Reply, error) {
		panic("a bug")
	})
	if m := w.note(w.types("/hello")); !strings.Contains(m.Text, "Something went wrong on our side") {
		t.Errorf("told %q", m.Text)
	}
	for _, want := range []string{"panic in a command", "command=hello", "reply_test.go"} {
		if !strings.Contains(w.log.String(), want) {
			t.Errorf("the log lacks %q:\n%s", want, w.log)
		}
	}
}

func TestButtonsOfAnotherTime(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	for _, id := range []string{"%zz", "a&b", "=", "~", "~x123:", "~p123", "~m123:", "!deny", "+create", "?id=1"} {
		body, _ := json.Marshal(map[string]any{
			"id": "77", "type": 3, "channel_id": "5", "user": map[string]string{"id": "9"},
			"message": map[string]any{"id": "6"}, "data": map[string]any{"custom_id": id},
		})
		if status, answer := w.signed(string(body), start); status != 200 || !strings.Contains(answer, words.English.Chat.UnknownButton) || !strings.Contains(answer, `"flags":64`) {
			t.Errorf("%q: status %d, %s", id, status, answer)
		}
	}
	for _, id := range []string{"deny", "!%zz", "~s123:", "~"} {
		body, _ := json.Marshal(map[string]any{
			"id": "77", "type": 5, "channel_id": "5", "user": map[string]string{"id": "9"}, "data": map[string]any{"custom_id": id},
		})
		if status, answer := w.signed(string(body), start); status != 200 || !strings.Contains(answer, "This form is no longer in use") {
			t.Errorf("form %q: status %d, %s", id, status, answer)
		}
	}
	if len(w.events) != 0 {
		t.Errorf("a command heard of them: %+v", w.events)
	}
}

func TestAPreviewHiddenOnceHidesNoEmbedLater(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	at := w.posts(bot.Card{Text: bot.Say("See https://x.example")})
	if err := w.a.Update(t.Context(), at, bot.Card{Title: "Updated"}); err != nil {
		t.Fatal(err)
	}
	if m := w.message(at.Message); m.Text != "Updated" {
		t.Errorf("updated, the card is %+v", m)
	}
}
