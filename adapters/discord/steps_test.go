package discord

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"communitybot/adapters/person"
	"communitybot/bot"
	"communitybot/bot/words"
)

func labelsOf(f *person.Form) []string {
	if f == nil {
		return nil
	}
	var list []string
	for _, x := range f.Fields {
		list = append(list, x.Label)
	}
	return list
}

func TestAProblemThatAFormCameWithIsOverWhenItsValueChanges(t *testing.T) {
	w := newWorld(t, func(ctx context.Context, e bot.Event) (bot.Reply, error) {
		r, err := community(ctx, e)
		if ask, ok := r.(bot.Ask); ok && e.Step == bot.Open {
			ask.Form.Field("handle").Value, ask.Form.Field("handle").Problem = "acme", "It is taken."
		}
		return r, err
	})
	s := w.types("/create-community name:Acme")
	note := w.note(w.sends(s, map[string]string{"Handle": "acme-2", "Tags": "#"}))
	if strings.Contains(note.Text, "taken") || !strings.Contains(note.Text, "Tags: ") {
		t.Errorf("the note is %q", note.Text)
	}
	again := w.presses(note.ID, "Try again")
	if f := again.Form.Field("Handle"); f == nil || f.Value != "acme-2" {
		t.Errorf("reopened as %v", labelsOf(again.Form))
	}
}

func TestARepairFormKeepsWhatItShowedOnOtherPages(t *testing.T) {
	w := newWorld(t, community)
	at := w.posts(bot.Card{Title: "Acme", Actions: []bot.Action{{Call: bot.Call{Command: "fix", Values: bot.Values{"id": "42"}}, Label: "Fix and resubmit"}}})
	form := w.presses(at.Message, "Fix and resubmit")
	if form.Form.Field("Description").Value != "What it was" {
		t.Fatalf("the form is %+v", form.Form)
	}
	m := w.note(w.sends(form, map[string]string{"Name": "Acme"}))
	if card := w.message(at.Message); card.Text != "Acme" || card.Edited {
		t.Errorf("the review overwrote the card: %+v", card)
	}
	w.presses(m.ID, "Create")
	sent := w.seen(bot.Submit)
	if len(sent) != 1 || sent[0].Values["id"] != "42" || sent[0].Values["description"] != "What it was" || sent[0].Values["type"] != "1" {
		t.Errorf("sent %+v", sent)
	}
	if opened := w.seen(bot.Open); opened[0].At.Message != at.Message {
		t.Errorf("the button was pressed at %+v", opened[0].At)
	}
}

func TestAShortFormIsOneModal(t *testing.T) {
	w := newWorld(t, reason)
	form := w.types("/deny")
	if form.Form.Title != "Deny the request" || !form.Form.Fields[0].Long {
		t.Errorf("the form is %+v", form.Form)
	}
	if m := w.note(w.sends(form, map[string]string{"Reason": "Too vague"})); m.Text != "Denied: Too vague" {
		t.Errorf("told %q", m.Text)
	}
	sent := w.seen(bot.Submit)
	if len(sent) != 1 || sent[0].Values["id"] != "42" || strings.Contains(sent[0].ID, "draft") || len(w.seen(bot.Check)) != 0 {
		t.Errorf("sent %+v", sent)
	}
}

func TestARefusedShortFormIsReopenedFilledIn(t *testing.T) {
	w := newWorld(t, reason)
	note := w.note(w.sends(w.types("/deny"), map[string]string{"Reason": "no"}))
	if !strings.Contains(note.Text, "• Reason: Say a little more.") {
		t.Errorf("the note is %q", note.Text)
	}
	form := w.presses(note.ID, "Try again")
	if form.Form.Fields[0].Value != "no" {
		t.Errorf("reopened as %+v", form.Form)
	}
	note2 := w.note(w.sends(form, nil))
	if note2.ID != note.ID || !strings.Contains(note2.Text, "Say a little more") {
		t.Errorf("refused again: %+v", note2)
	}
	if m := w.note(w.sends(w.presses(note.ID, "Try again"), map[string]string{"Reason": "Too vague"})); m.Text != "Denied: Too vague" || len(m.Buttons) != 0 {
		t.Errorf("told %+v", m)
	}
	if sent := w.seen(bot.Submit); len(sent) != 3 || sent[2].Values["id"] != "42" || len(w.seen(bot.Check)) != 0 {
		t.Errorf("sent %+v", sent)
	}
}

func TestAFormThatMayNotBeSentHasNoWayBack(t *testing.T) {
	w := newWorld(t, reason)
	if m := w.note(w.sends(w.types("/deny"), map[string]string{"Reason": "late"})); m.Text != "Only approvers may deny.\n• Reason: late" || len(m.Buttons) != 0 {
		t.Errorf("told %+v", m)
	}
}

func TestACallTooLongForAModalIsKeptAsADraft(t *testing.T) {
	for _, c := range []struct {
		name   string
		fields int
		end    string
	}{{"a short form", 1, "done 👍"}, {"a long form", 7, "review"}} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, func(_ context.Context, e bot.Event) (bot.Reply, error) {
				if e.Step == bot.Submit {
					return bot.Done{Text: bot.Say("done 👍")}, nil
				}
				f := bot.Form{Call: e.Call, Title: "review"}
				for i := range c.fields {
					f.Fields = append(f.Fields, bot.Field{Name: string(rune('a' + i)), Label: string(rune('A' + i))})
				}
				return bot.Ask{Form: f}, nil
			})
			long := strings.Repeat("very ", 40) + "long"
			m := w.note(w.sends(w.types("/create name:"+long), map[string]string{"A": "x"}))
			if !strings.Contains(m.Text, c.end) {
				t.Fatalf("told %+v", m)
			}
			if c.fields > 1 {
				w.presses(m.ID, "Send")
			}
			if sent := w.seen(bot.Submit); len(sent) != 1 || sent[0].Values["name"] != long || sent[0].Values["a"] != "x" {
				t.Errorf("sent %+v", sent)
			}
		})
	}
}

func TestASecondClickIsTheSameEvent(t *testing.T) {
	w := newWorld(t, community)
	m := w.note(w.sends(w.types("/create-community name:Acme"), nil))
	w.presses(m.ID, "Create")
	if _, err := w.Redeliver(t.Context()); err != nil {
		t.Fatal(err)
	}
	if sent := w.seen(bot.Submit); len(sent) != 2 || sent[0].ID != sent[1].ID {
		t.Errorf("sent %+v", sent)
	}
}

func TestNobodyElseCanUseADraft(t *testing.T) {
	w := newWorld(t, community)
	m := w.note(w.sends(w.types("/create-community name:Acme"), nil))
	draft := w.lastDraft()
	for _, c := range []struct{ name, body string }{
		{"the button that sends it", `"type":3,"data":{"custom_id":"~s` + draft + `:"}`},
		{"a button that opens a page", `"type":3,"data":{"custom_id":"~p` + draft + `:0"}`},
		{"the button that looks at it", `"type":3,"data":{"custom_id":"~r` + draft + `:"}`},
		{"a menu", `"type":3,"data":{"custom_id":"~c` + draft + `:type","values":["2"]}`},
		{"a page", `"type":5,"data":{"custom_id":"~m` + draft + `:","components":[]}`},
		{"all of it", `"type":5,"data":{"custom_id":"~w` + draft + `:","components":[]}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			status, body := w.signed(`{"id":"1","channel_id":"5","user":{"id":"`+bob+`"},"message":{"id":"6","flags":64},`+c.body+`}`, start)
			if status != 200 || !strings.Contains(body, words.English.Chat.FormGone) || strings.Contains(body, "Acme") || !strings.Contains(body, `"type":4`) {
				t.Errorf("status %d, %s", status, body)
			}
		})
	}
	if n := len(w.seen(bot.Submit)); n != 0 {
		t.Errorf("%d were sent", n)
	}
	if m := w.note(w.presses(m.ID, "Create")); m.Text != "Acme is on its way." {
		t.Errorf("the owner is told %q", m.Text)
	}
}

// lastDraft returns the ID of the draft of the last interaction that was answered with one.
func (w *world) lastDraft() string {
	w.t.Helper()
	for _, x := range slices.Backward(w.Requests()) {
		if _, rest, ok := strings.Cut(string(x.Answer), `"custom_id":"~s`); ok {
			id, _, _ := strings.Cut(rest, ":")
			return id
		}
	}
	w.t.Fatal("no draft was shown")
	return ""
}

func TestWhatWasTypedIsToldWhenItCanNotBeKept(t *testing.T) {
	broken := errors.New("disk full")
	for _, c := range []struct {
		name          string
		onSave, onGet error
	}{{"saving fails", broken, nil}, {"reading fails", nil, broken}} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, community)
			form := w.types("/create-community name:Acme")
			w.drafts.fail(c.onSave, c.onGet)
			m := w.note(w.sends(form, map[string]string{"Description": "A long story"}))
			for _, want := range []string{"Something went wrong on our side", "• Name: Acme", "• Type: Public", "• Description: A long story"} {
				if !strings.Contains(m.Text, want) {
					t.Errorf("told %q without %q", m.Text, want)
				}
			}
			if !strings.Contains(w.log.String(), "disk full") || strings.Contains(w.log.String(), "A long story") {
				t.Errorf("the log is\n%s", w.log)
			}
		})
	}
}

func TestAnErrorOnSendingKeepsTheForm(t *testing.T) {
	busy := true
	w := newWorld(t, func(ctx context.Context, e bot.Event) (bot.Reply, error) {
		if e.Step == bot.Submit && busy {
			return nil, &bot.Error{Code: bot.Busy, Message: "Not just now."}
		}
		return community(ctx, e)
	})
	m := w.note(w.sends(w.types("/create-community name:Acme"), nil))
	note := w.note(w.presses(m.ID, "Create"))
	if note.ID != m.ID || note.Text != "Not just now." {
		t.Errorf("the note is %+v", note)
	}
	busy = false
	review := w.note(w.presses(note.ID, "Try again"))
	if end := w.note(w.presses(review.ID, "Create")); end.Text != "Acme is on its way." {
		t.Errorf("the end is %+v", end)
	}
}

func TestProblemsThatNoFieldShowsAreTold(t *testing.T) {
	w := newWorld(t, func(ctx context.Context, e bot.Event) (bot.Reply, error) {
		if e.Step == bot.Check {
			return nil, &bot.Error{Code: bot.Invalid, Message: "Not yet:", Fields: map[string]string{"policy": "Communities are closed today.", "name": "Too plain."}}
		}
		return community(ctx, e)
	})
	if m := w.note(w.sends(w.types("/create-community name:Acme"), nil)); m.Text != "Not yet:\n• Name: Too plain.\n• Communities are closed today." {
		t.Errorf("told %q", m.Text)
	}
}

func TestAFormInAnswerToAFormWaitsBehindAButton(t *testing.T) {
	for _, c := range []struct {
		name, problem, say, label string
	}{{"with a problem", "Say more.", "• Reason: Say more.", "Try again"}, {"without", "", "Deny", "Open the form"}} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, func(_ context.Context, e bot.Event) (bot.Reply, error) {
				f := bot.Form{Call: bot.Call{Command: "deny"}, Title: "Deny", Fields: []bot.Field{{Name: "reason", Label: "Reason"}}}
				if e.Step == bot.Submit {
					f.Fields[0].Value, f.Fields[0].Problem = e.Values["reason"], c.problem
				}
				return bot.Ask{Form: f}, nil
			})
			m := w.note(w.sends(w.types("/deny"), map[string]string{"Reason": "hm"}))
			if !strings.Contains(m.Text, c.say) {
				t.Errorf("told %q", m.Text)
			}
			if form := w.presses(m.ID, c.label); form.Form == nil || form.Form.Fields[0].Value != "hm" {
				t.Errorf("opened %+v", form)
			}
		})
	}
}

func TestALongFormInAnswerToAFormIsReviewed(t *testing.T) {
	w := newWorld(t, func(ctx context.Context, e bot.Event) (bot.Reply, error) {
		if e.Command == "first" && e.Step == bot.Submit {
			return community(ctx, bot.Event{Call: bot.Call{Command: "create-community", Values: bot.Values{"name": "Acme"}}})
		}
		if e.Command == "first" {
			return bot.Ask{Form: bot.Form{Call: e.Call, Title: "First", Fields: []bot.Field{{Name: "a", Label: "A"}}}}, nil
		}
		return community(ctx, e)
	})
	m := w.note(w.sends(w.types("/first"), nil))
	if end := w.note(w.presses(m.ID, "Create")); end.Text != "Acme is on its way." {
		t.Errorf("the end is %+v", end)
	}
}

func TestACheckWithoutAFormShowsTheFormThatOpens(t *testing.T) {
	w := newWorld(t, func(ctx context.Context, e bot.Event) (bot.Reply, error) {
		if e.Step == bot.Check {
			return bot.Done{}, nil
		}
		return community(ctx, e)
	})
	if m := w.note(w.sends(w.types("/create-community name:Acme"), map[string]string{"Tags": "one,two"})); !strings.Contains(m.Text, "Tags: one,two") || !slices.Contains(m.Buttons, "Create") {
		t.Errorf("the review is %+v", m)
	}
}

func TestAFormWhoseCommandNoLongerAsks(t *testing.T) {
	over := false
	w := newWorld(t, func(ctx context.Context, e bot.Event) (bot.Reply, error) {
		if over {
			return bot.Tell{Text: bot.Say("It is decided already.")}, nil
		}
		return community(ctx, e)
	})
	form := w.types("/create-community name:Acme")
	over = true
	if m := w.note(w.sends(form, map[string]string{"Tags": "one"})); !strings.Contains(m.Text, words.English.Chat.FormGone) || !strings.Contains(m.Text, "• one") {
		t.Errorf("told %q", m.Text)
	}
}

func TestAPageThatIsNoLongerThereIsTheFirst(t *testing.T) {
	w := newWorld(t, community)
	w.sends(w.types("/create-community name:Acme"), nil)
	for _, page := range []string{"9", "-1", "x", ""} {
		body := `{"id":"1","type":3,"channel_id":"5","user":{"id":"` + ada + `"},"message":{"id":"6","flags":64},"data":{"custom_id":"~p` + w.lastDraft() + `:` + page + `"}}`
		if status, answer := w.signed(body, start); status != 200 || !strings.Contains(answer, `"type":9`) || !strings.Contains(answer, `"value":"Acme"`) {
			t.Errorf("page %q: status %d, %s", page, status, answer)
		}
	}
}

func TestBadInputIsTakenAsItIs(t *testing.T) {
	for _, name := range []string{
		strings.Repeat("n", 100), "👩‍👩‍👧‍👦 family", "\u200fمجتمع العربية", "@everyone and <@" + bob + ">", "```code``` `x`", "**bold** [a](evil.example)",
		"<!channel> <#" + general + "> </deny:1>", "# heading\n- list", `back\slash`, "\u202Eright to left override",
	} {
		t.Run(cut(name, 20), func(t *testing.T) {
			w := newWorld(t, community)
			m := w.note(w.sends(w.types("/create-community"), map[string]string{"Name": name}))
			seen := strings.ReplaceAll(name, "\n", " ")
			if !strings.Contains(m.Text, "Name: "+seen) || len(m.Pings) != 0 || len(m.Links) != 0 {
				t.Errorf("the review is %+v", m)
			}
			end := w.note(w.presses(m.ID, "Create"))
			if end.Text != seen+" is on its way." || len(end.Pings) != 0 || len(end.Links) != 0 {
				t.Errorf("the end is %+v", end)
			}
			if got := w.seen(bot.Submit)[0].Values["name"]; got != seen {
				t.Errorf("sent %q", got)
			}
		})
	}
}

func TestAVeryLongNameIsAnswered(t *testing.T) {
	w := newWorld(t, community)
	long := strings.Repeat("name ", 2000)
	body, err := json.Marshal(map[string]any{
		"id": "77", "type": 2, "channel_id": "5", "user": map[string]string{"id": "9"},
		"data": map[string]any{"name": "create-community", "options": []any{map[string]any{"name": "name", "type": 3, "value": long}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	status, answer := w.signed(string(body), start)
	if status != 200 || !strings.Contains(answer, `"type":9`) || strings.Contains(answer, long[:101]) {
		t.Errorf("status %d, %s", status, answer)
	}
	body = []byte(strings.Replace(submitBody, `"components":[]`, `"components":[{"type":1,"components":[{"type":4,"custom_id":"name","value":"`+long+`"}]}]`, 1))
	if status, answer := w.signed(strings.Replace(string(body), "!hello", "+create-community", 1), start); status != 200 || !strings.Contains(answer, "…") {
		t.Errorf("status %d, %s", status, answer)
	}
}

func TestFormsWorkInDirectMessages(t *testing.T) {
	w := newWorld(t, community)
	s := w.must(w.Type(t.Context(), ada, "@"+ada, "/create-community name:Acme"))
	m := w.note(w.sends(s, nil))
	if end := w.note(w.presses(m.ID, "Create")); end.Text != "Acme is on its way." {
		t.Errorf("the end is %+v", end)
	}
	if at := w.seen(bot.Submit)[0].At; at.Tenant != "" || at.Channel == "" {
		t.Errorf("sent at %+v", at)
	}
}
