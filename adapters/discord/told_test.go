package discord

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"communitybot/adapters/person"
	"communitybot/bot"

	"github.com/google/go-cmp/cmp"
)

func act(command, label string) bot.Action {
	return bot.Action{Call: bot.Call{Command: command, Values: bot.Values{"id": "42", "v": "3"}}, Label: label}
}

// status is a private text with n buttons.
func status(n int) bot.Tell {
	t := bot.Tell{Text: bot.Say("Request {number} waits.", "number", bot.Bold("42"))}
	for i := range n {
		t.Actions = append(t.Actions, act(fmt.Sprint("do", i), fmt.Sprint("Do ", i)))
	}
	return t
}

// desk answers "/status" with a private text, and its buttons with what the test says.
func desk(t *testing.T, reply bot.Reply, err error) *world {
	return newWorld(t, func(_ context.Context, e bot.Event) (bot.Reply, error) {
		if e.Command == "status" {
			return status(2), nil
		}
		return reply, err
	})
}

// reads returns all that Ada sees in #general.
func (w *world) reads() []person.Message {
	w.t.Helper()
	list, err := w.Read(w.t.Context(), ada, general)
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}

func TestAPrivateTextHasButtons(t *testing.T) {
	w := newWorld(t, always(status(7), nil))
	m := w.note(w.types("/status"))
	if diff := cmp.Diff([]string{"Do 0", "Do 1", "Do 2", "Do 3", "Do 4", "Do 5", "Do 6"}, m.Buttons); diff != "" || m.Text != "Request 42 waits." {
		t.Errorf("told %q; buttons %s", m.Text, diff)
	}
	golden(t, "told", w.lastAnswer())
	if others, err := w.Read(t.Context(), bob, general); err != nil || len(others) != 0 {
		t.Errorf("others see %+v, %v", others, err)
	}
}

func TestAButtonBelowAPrivateTextMakesItsCall(t *testing.T) {
	w := desk(t, bot.Done{}, nil)
	w.presses(w.note(w.types("/status")).ID, "Do 1")
	got := w.events[1]
	want := bot.Event{
		Call: act("do1", "").Call, Step: bot.Open, ID: got.ID, At: here,
		By: bot.User{Platform: "discord", ID: ada, Name: "Ada Lovelace", Locale: "en-US", Groups: []string{admins}},
	}
	if diff := cmp.Diff(want, got); diff != "" || got.ID == w.events[0].ID {
		t.Errorf("event (-want +got):\n%s", diff)
	}
}

func TestWhatAnswersAButtonBelowAPrivateTextReplacesIt(t *testing.T) {
	for _, c := range []struct {
		name    string
		reply   bot.Reply
		text    string
		buttons []string
	}{
		{"other words", bot.Tell{Text: bot.Say("Page 2"), Actions: []bot.Action{act("back", "Back")}}, "Page 2", []string{"Back"}},
		{"words without buttons", bot.Tell{Text: bot.Say("All seen")}, "All seen", nil},
		{"the end, in words", bot.Done{Text: bot.Say("Withdrawn")}, "Withdrawn", nil},
		{"the end", bot.Done{}, "Done.", nil},
		{"nothing", nil, "Done.", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := desk(t, c.reply, nil)
			told := w.note(w.types("/status"))
			m := w.note(w.presses(told.ID, "Do 0"))
			if m.ID != told.ID || m.Text != c.text || !m.Private {
				t.Errorf("after %q comes %+v", told.Text, m)
			}
			if diff := cmp.Diff(c.buttons, m.Buttons); diff != "" {
				t.Errorf("buttons: %s", diff)
			}
			if all := w.reads(); len(all) != 1 {
				t.Errorf("messages pile up: %+v", all)
			}
		})
	}
}

// stays checks that a private text is as it was told, and returns the one that came after it.
func (w *world) stays(told person.Message) person.Message {
	w.t.Helper()
	all := w.reads()
	if len(all) != 2 {
		w.t.Fatalf("want the private text and one message more, got %+v", all)
	}
	if diff := cmp.Diff(told, all[0]); diff != "" {
		w.t.Errorf("what was told has changed: %s", diff)
	}
	if !all[1].Private {
		w.t.Errorf("others see %+v", all[1])
	}
	return all[1]
}

func TestAnErrorLeavesThePrivateTextAndItsButtons(t *testing.T) {
	w := desk(t, nil, &bot.Error{Code: bot.Forbidden, Message: "Only @ops can do that."})
	told := w.note(w.types("/status"))
	w.presses(told.ID, "Do 0")
	if m := w.stays(told); m.Text != "Only @ops can do that." {
		t.Errorf("told %q", m.Text)
	}
}

func TestABrokenReplyLeavesThePrivateTextAndItsButtons(t *testing.T) {
	long := bot.Action{Call: bot.Call{Command: "do", Values: bot.Values{"id": strings.Repeat("7", 100)}}, Label: "Do"}
	for name, reply := range map[string]bot.Reply{
		"a call that does not fit":        bot.Tell{Text: bot.Say("x"), Actions: []bot.Action{long}},
		"more buttons than there is room": status(26),
	} {
		t.Run(name, func(t *testing.T) {
			w := desk(t, reply, nil)
			told := w.note(w.types("/status"))
			w.presses(told.ID, "Do 0")
			if m := w.stays(told); !strings.Contains(m.Text, "Something went wrong on our side") {
				t.Errorf("told %q", m.Text)
			}
			if !strings.Contains(w.log.String(), "reply not drawn") {
				t.Errorf("not logged: %s", w.log)
			}
		})
	}
}

func TestAFormOfAButtonBelowAPrivateText(t *testing.T) {
	refusals := map[string]error{
		"mend": &bot.Error{Code: bot.Invalid, Fields: map[string]string{"reason": "Say more."}},
		"give": &bot.Error{Code: bot.Forbidden, Message: "Ben has decided already."},
	}
	start := func(t *testing.T) (*world, person.Message, person.Screen) {
		w := newWorld(t, func(_ context.Context, e bot.Event) (bot.Reply, error) {
			switch {
			case e.Command == "status":
				return status(1), nil
			case e.Step == bot.Open:
				f := bot.Form{Call: e.Call, Title: "Deny", Fields: []bot.Field{{Name: "reason", Label: "Reason"}}}
				return bot.Ask{Form: f}, nil
			case refusals[e.Values["reason"]] != nil:
				return nil, refusals[e.Values["reason"]]
			}
			return bot.Done{Text: bot.Say("Denied.")}, nil
		})
		told := w.note(w.types("/status"))
		return w, told, w.presses(told.ID, "Do 0")
	}
	t.Run("sent, its answer takes the place of the text", func(t *testing.T) {
		w, told, form := start(t)
		if m := w.note(w.sends(form, map[string]string{"Reason": "Too vague"})); m.ID != told.ID || m.Text != "Denied." || m.Buttons != nil {
			t.Errorf("told %+v", m)
		}
		if e := w.seen(bot.Submit); len(e) != 1 || e[0].At != here {
			t.Errorf("events %+v", e)
		}
	})
	t.Run("refused for good, the text and its buttons stay", func(t *testing.T) {
		w, told, form := start(t)
		w.sends(form, map[string]string{"Reason": "give"})
		if m := w.stays(told); m.Text != "Ben has decided already.\n• Reason: give" || m.Buttons != nil {
			t.Errorf("told %+v", m)
		}
	})
	t.Run("refused at a field, a note below opens it again and is what the answer replaces", func(t *testing.T) {
		w, told, form := start(t)
		w.sends(form, map[string]string{"Reason": "mend"})
		note := w.stays(told)
		if !strings.Contains(note.Text, "Say more.") {
			t.Errorf("told %q", note.Text)
		}
		form = w.presses(note.ID, "Try again")
		if m := w.note(w.sends(form, map[string]string{"Reason": "mend"})); m.ID != note.ID {
			t.Errorf("a second note: %+v", m)
		}
		w.sends(w.presses(note.ID, "Try again"), map[string]string{"Reason": "Too vague"})
		if m := w.stays(told); m.ID != note.ID || m.Text != "Denied." {
			t.Errorf("told %+v", m)
		}
	})
}

func TestALongerFormOfAButtonBelowAPrivateText(t *testing.T) {
	w := newWorld(t, func(ctx context.Context, e bot.Event) (bot.Reply, error) {
		if e.Command == "status" {
			return bot.Tell{Text: bot.Say("Nothing yet."), Actions: []bot.Action{{Call: bot.Call{Command: "create"}, Label: "Create one"}}}, nil
		}
		return community(ctx, e)
	})
	told := w.note(w.types("/status"))
	w.sends(w.presses(told.ID, "Create one"), map[string]string{"Name": "Acme Fans", "Handle": "ACME!"})
	if note := w.stays(told); !strings.Contains(note.Text, "Handle") {
		t.Errorf("the page with a problem: %+v", note)
	}
}

func TestAButtonOfACardTellsWithButtonsOfItsOwn(t *testing.T) {
	w := newWorld(t, func(_ context.Context, e bot.Event) (bot.Reply, error) {
		if e.Command == "details" {
			return status(1), nil
		}
		return bot.Done{Text: bot.Say("Agreed.")}, nil
	})
	at := w.posts(bot.Card{Title: "Acme", Actions: []bot.Action{act("details", "Details")}})
	told := w.note(w.presses(at.Message, "Details"))
	w.presses(told.ID, "Do 0")
	if e := w.events; e[0].At != at || e[1].At != here {
		t.Errorf("pressed at %+v, then at %+v", e[0].At, e[1].At)
	}
	if card := w.message(at.Message); card.Text != "Acme" || card.Edited {
		t.Errorf("the card has changed: %+v", card)
	}
	if m := w.message(told.ID); m.Text != "Agreed." || m.Buttons != nil {
		t.Errorf("told %+v", m)
	}
}

func TestAFormsOwnMessageEndsWithTheAnswer(t *testing.T) {
	w := newWorld(t, func(ctx context.Context, e bot.Event) (bot.Reply, error) {
		if e.Step == bot.Submit && e.Values["reason"] != "no" {
			return bot.Done{Text: bot.Say("Denied")}, nil
		}
		return reason(ctx, e)
	})
	at := w.posts(bot.Card{Title: "Acme", Actions: []bot.Action{act("deny", "Deny…")}})
	note := w.note(w.sends(w.presses(at.Message, "Deny…"), map[string]string{"Reason": "no"}))
	m := w.note(w.sends(w.presses(note.ID, "Try again"), map[string]string{"Reason": "Too vague"}))
	if m.ID != note.ID || m.Text != "Denied" || m.Buttons != nil {
		t.Errorf("the note became %+v", m)
	}
}

func TestWhatIsToStandBesideLeavesThePrivateText(t *testing.T) {
	w := desk(t, bot.Tell{Text: bot.Say("The details"), Actions: []bot.Action{act("more", "More")}, Beside: true}, nil)
	told := w.note(w.types("/status"))
	w.presses(told.ID, "Do 0")
	if m := w.stays(told); m.Text != "The details" || len(m.Buttons) != 1 {
		t.Errorf("told %+v", m)
	}
}

func TestAFormInAnswerToAFormOfAPrivateTextLeavesThat(t *testing.T) {
	w := newWorld(t, func(_ context.Context, e bot.Event) (bot.Reply, error) {
		if e.Command == "status" {
			return status(1), nil
		}
		f := bot.Form{Call: e.Call, Title: "Deny", Fields: []bot.Field{{Name: "reason", Label: "Reason", Value: e.Values["reason"]}}}
		if e.Step == bot.Submit {
			f.Fields[0].Problem = "It was changed meanwhile."
		}
		return bot.Ask{Form: f}, nil
	})
	told := w.note(w.types("/status"))
	w.sends(w.presses(told.ID, "Do 0"), map[string]string{"Reason": "Too vague"})
	if m := w.stays(told); !strings.Contains(m.Text, "It was changed meanwhile.") {
		t.Errorf("told %+v", m)
	}
}
