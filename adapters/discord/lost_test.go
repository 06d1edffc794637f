package discord

import (
	"context"
	"strings"
	"testing"

	"communitybot/bot"
	"communitybot/bot/words"
)

// failing is community, which does not take forms while err is set.
func failing(err *error) bot.HandlerFunc {
	return func(ctx context.Context, e bot.Event) (bot.Reply, error) {
		if e.Step == bot.Submit && *err != nil {
			return nil, *err
		}
		return community(ctx, e)
	}
}

func TestWhatWasTypedComesBackWhenNothingLeadsFurther(t *testing.T) {
	const note = "a long and thoughtful note"
	for _, code := range []bot.Code{bot.Conflict, bot.Forbidden, bot.NotFound, bot.Gone} {
		refusal := error(&bot.Error{Code: code, Message: "It is too late."})
		t.Run(string(code)+", a short form", func(t *testing.T) {
			w := newWorld(t, func(ctx context.Context, e bot.Event) (bot.Reply, error) {
				if e.Step == bot.Submit {
					return nil, refusal
				}
				return reason(ctx, e)
			})
			m := w.note(w.sends(w.types("/deny"), map[string]string{"Reason": note}))
			if m.Text != "It is too late.\n• Reason: "+note || len(m.Buttons) != 0 {
				t.Errorf("told %+v", m)
			}
		})
		t.Run(string(code)+", a short form that was refused before", func(t *testing.T) {
			refuse := false
			w := newWorld(t, func(ctx context.Context, e bot.Event) (bot.Reply, error) {
				if e.Step == bot.Submit && refuse {
					return nil, refusal
				}
				return reason(ctx, e)
			})
			first := w.note(w.sends(w.types("/deny"), map[string]string{"Reason": "no"}))
			again := w.presses(first.ID, "Try again")
			refuse = true
			m := w.note(w.sends(again, map[string]string{"Reason": note}))
			if m.ID != first.ID || m.Text != "It is too late.\n• Reason: "+note || len(m.Buttons) != 0 {
				t.Errorf("told %+v", m)
			}
		})
		t.Run(string(code)+", a long form", func(t *testing.T) {
			w := newWorld(t, failing(&refusal))
			review := w.note(w.sends(w.types("/create-community name:Acme"), map[string]string{"Description": note}))
			m := w.note(w.presses(review.ID, "Create"))
			if m.ID != review.ID || m.Text != "It is too late.\n• Name: Acme\n• Type: Public\n• Description: "+note || len(m.Buttons) != 0 {
				t.Errorf("told %+v", m)
			}
		})
	}
}

func TestAConflictAboutAFieldCanBeMended(t *testing.T) {
	refusal := error(&bot.Error{Code: bot.Conflict, Fields: map[string]string{"handle": "Somebody else just took it."}})
	w := newWorld(t, failing(&refusal))
	review := w.note(w.sends(w.types("/create-community name:Acme"), nil))
	m := w.note(w.presses(review.ID, "Create"))
	if !strings.Contains(m.Text, "• Handle: Somebody else just took it.") || len(m.Buttons) != 1 {
		t.Errorf("told %+v", m)
	}
	if form := w.presses(m.ID, "Try again"); form.Form == nil {
		t.Errorf("it opens %+v", form)
	}
}

func TestTryAgainGivesBackWhatWasTypedWhenItsFormIsOver(t *testing.T) {
	over := false
	w := newWorld(t, func(ctx context.Context, e bot.Event) (bot.Reply, error) {
		if over {
			return nil, &bot.Error{Code: bot.Conflict, Message: "It was decided."}
		}
		return reason(ctx, e)
	})
	note := w.note(w.sends(w.types("/deny"), map[string]string{"Reason": "no"}))
	over = true
	if m := w.note(w.presses(note.ID, "Try again")); m.ID != note.ID || m.Text != "It was decided.\n• no" || len(m.Buttons) != 0 {
		t.Errorf("told %+v", m)
	}
}

func TestTheFormOfAChangedRequestOpensAgainFilledIn(t *testing.T) {
	version := "3"
	w := newWorld(t, func(_ context.Context, e bot.Event) (bot.Reply, error) {
		f := bot.Form{Call: bot.Call{Command: "deny", Values: bot.Values{"id": "42", "v": version}}, Title: "Deny", Fields: []bot.Field{{Name: "reason", Label: "Reason"}}}
		if e.Step == bot.Submit && e.Values["v"] == version {
			return bot.Done{Text: bot.Say("Denied.")}, nil
		}
		if e.Step == bot.Submit {
			f.Fields[0].Value, f.Fields[0].Problem = e.Values["reason"], "It was changed meanwhile."
		}
		return bot.Ask{Form: f}, nil
	})
	card := w.posts(bot.Card{Title: "Acme", Actions: []bot.Action{act("deny", "Deny…")}})
	form := w.presses(card.Message, "Deny…")
	for _, version = range []string{"4", "5"} { // twice in a row
		note := w.note(w.sends(form, map[string]string{"Reason": "Too vague"}))
		if !strings.Contains(note.Text, "• Reason: It was changed meanwhile.") {
			t.Fatalf("told %+v", note)
		}
		if form = w.presses(note.ID, "Try again"); form.Form.Fields[0].Value != "Too vague" {
			t.Fatalf("it opens %+v", form.Form)
		}
	}
	if m := w.note(w.sends(form, nil)); m.Text != "Denied." || len(m.Buttons) != 0 {
		t.Errorf("told %+v", m)
	}
	sent := w.seen(bot.Submit)
	if last := sent[len(sent)-1].Values; last["v"] != "5" || last["reason"] != "Too vague" {
		t.Errorf("sent %v", last)
	}
}

func TestAllThatWasTypedComesBackAsFarAsDiscordTakesIt(t *testing.T) {
	w := newWorld(t, community)
	m := w.note(w.sends(w.types("/create-community name:Acme"), map[string]string{"Description": "short"}))
	page := w.presses(m.ID, "Edit")
	w.SetLocale(ada, "de")
	w.drafts.fail(nil, &bot.Error{Code: bot.NotFound})
	long := strings.Repeat("d_", 1900) + "the end"
	back := w.note(w.sends(page, map[string]string{"Description": long, "Name": "My name", "Tags": "tags I typed", "Type": "Private"}))
	text := strings.ReplaceAll(back.Text, "\n", "")
	for _, want := range []string{words.German.Chat.FormGone, "• Name: My name", "• Tags: tags I typed", "• Type: Private", "• Description: " + long} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in %q", want, back.Text)
		}
	}
	if strings.Index(text, "tags I typed") > strings.Index(text, "Description") {
		t.Errorf("the longest stands first: %q", back.Text)
	}
}

func TestAFormThatWasSentStaysAsItWas(t *testing.T) {
	w := newWorld(t, community)
	m := w.note(w.sends(w.types("/create-community name:Acme"), nil))
	page, menu := w.presses(m.ID, "Edit"), w.lastDraft()
	w.presses(m.ID, "Create")
	late := w.note(w.sends(page, map[string]string{"Name": "Better"}))
	if !strings.HasPrefix(late.Text, words.English.Chat.AlreadySent) || !strings.Contains(late.Text, "• Name: Better") || len(late.Buttons) != 0 {
		t.Errorf("told %+v", late)
	}
	for name, id := range map[string]string{"a page": "~p" + menu + ":name", "the review": "~r" + menu + ":", "a menu": "~c" + menu + ":type"} {
		body := `{"id":"77","type":3,"channel_id":"5","user":{"id":"` + ada + `"},"message":{"id":"6","flags":64},"data":{"custom_id":"` + id + `","values":["2"]}}`
		if _, answer := w.signed(body, start); !strings.Contains(answer, words.English.Chat.AlreadySent) {
			t.Errorf("%s: %s", name, answer)
		}
	}
	if _, answer := w.signed(`{"id":"78","type":3,"channel_id":"5","user":{"id":"`+ada+`"},"data":{"custom_id":"~s`+menu+`:"}}`, start); !strings.Contains(answer, "is on its way") {
		t.Errorf("a second click: %s", answer)
	}
	sent := w.seen(bot.Submit)
	if len(sent) != 2 || sent[1].ID != sent[0].ID || sent[1].Values["name"] != "Acme" || sent[1].Values["type"] != "1" || sent[1].Values[sentAs] != "" {
		t.Errorf("sent %+v", sent)
	}
}

func TestAShortFormThatWasSentIsNotSentOnceMore(t *testing.T) {
	w := newWorld(t, reason)
	note := w.note(w.sends(w.types("/deny"), map[string]string{"Reason": "no"}))
	one, two := w.presses(note.ID, "Try again"), w.presses(note.ID, "Try again") // in two windows
	w.sends(one, map[string]string{"Reason": "Too vague"})
	again, err := w.Redeliver(t.Context())
	if err != nil || again.StatusCode != 200 {
		t.Errorf("the same again: %v, %v", again, err)
	}
	_ = again.Body.Close()
	late := w.note(w.sends(two, map[string]string{"Reason": "Too late"}))
	if !strings.HasPrefix(late.Text, words.English.Chat.AlreadySent) || !strings.Contains(late.Text, "Reason: Too late") {
		t.Errorf("told %+v", late)
	}
	sent := w.seen(bot.Submit)
	if len(sent) != 3 || sent[1].ID != sent[2].ID || sent[2].Values["reason"] != "Too vague" {
		t.Errorf("sent %+v", sent)
	}
}
