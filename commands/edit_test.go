package commands

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"communitybot/bot"
)

func TestEditing(t *testing.T) {
	w := under(t, bot.Policy{})
	r := w.ask(acme)
	w.does(w.press(ben, bot.Open, r, nameApprove, nil))
	f := form(t, w.does(w.press(ada, bot.Open, r, nameEdit, nil)))
	filled := bot.Values{}
	for _, field := range f.Fields {
		filled[field.Name] = field.Value
	}
	if diff := cmp.Diff(acme, filled); diff != "" || f.Title != "Edit the request" || f.Submit != "Save" {
		t.Errorf("form %q %q, filled in (-want +got):\n%s", f.Title, f.Submit, diff)
	}
	sent := bot.Values{fieldHandle: "acme-2", fieldDescription: "new"}
	form(t, w.does(w.press(ada, bot.Check, r, nameEdit, sent)))
	e := w.press(ada, bot.Submit, r, nameEdit, sent)
	for range 2 {
		if done, ok := w.does(e).(bot.Done); !ok || !strings.Contains(done.Text.String(), "decide anew") {
			t.Fatalf("answer %#v", done)
		}
	}
	now := w.load(r.ID)
	if now.Count() != "0/2" || now.Version != r.Version+1 || now.Community.Handle != "acme-2" || now.Community.Description != "new" || now.State != bot.Pending {
		t.Errorf("request %+v", now)
	}
	entries, err := w.store.History(t.Context(), r.ID, 2)
	if err != nil || len(entries) != 1 || entries[0].What != bot.Edited || !entries[0].Asks || entries[0].Note != "Handle: acme → acme-2; Description: About #fans → new" {
		t.Errorf("history %+v, %v", entries, err)
	}
	if e := w.refused(w.press(ada, bot.Submit, now, nameEdit, nil), bot.Conflict); e.Message != "Nothing was changed, so it stays as it is." {
		t.Errorf("message %q", e.Message)
	}
}

func TestWhatTheRequesterAloneMayDo(t *testing.T) {
	for _, command := range []string{nameEdit, nameWithdraw, nameRemind} {
		t.Run(command, func(t *testing.T) {
			w := under(t, bot.Policy{})
			r := w.ask(acme)
			v := bot.Values{fieldTags: "new"}
			if e := w.refused(w.press(ben, bot.Submit, r, command, v), bot.Forbidden); !strings.Contains(e.Message, "Only Ada") {
				t.Errorf("message %q", e.Message)
			}
			old := r
			old.Version--
			if e := w.refused(w.press(ada, bot.Submit, old, command, v), bot.Conflict); !strings.Contains(e.Message, "out of date") {
				t.Errorf("message %q", e.Message)
			}
			w.does(w.press(ben, bot.Submit, r, nameDeny, nil))
			if e := w.refused(w.press(ada, bot.Submit, r, command, v), bot.Conflict); e.Message != "Nothing was changed: it was denied." {
				t.Errorf("message %q", e.Message)
			}
		})
	}
}

func TestWithdrawing(t *testing.T) {
	w := under(t, bot.Policy{})
	r := w.ask(acme)
	e := onCard(w.press(ada, bot.Open, r, nameWithdraw, nil))
	for range 2 {
		if diff := cmp.Diff(bot.Reply(bot.Done{}), w.does(e)); diff != "" {
			t.Errorf("answer (-want +got):\n%s", diff)
		}
		if card := w.cardOf(r.ID); len(card.Actions) != 0 || card.Text.String() != "Withdrawn by the one who asked." {
			t.Errorf("card %q with %q", card.Text, buttons(card))
		}
	}
	w.ask(acme) // the handle is free again
}

func TestRemindingOnceAnHour(t *testing.T) {
	w := under(t, bot.Policy{})
	r := w.ask(acme)
	if diff := cmp.Diff(bot.Reply(bot.Done{}), w.does(onCard(w.press(ada, bot.Open, r, nameRemind, nil)))); diff != "" {
		t.Errorf("answer (-want +got):\n%s", diff)
	}
	w.clock.Move(59 * time.Minute)
	if e := w.refused(w.press(ada, bot.Open, r, nameRemind, nil), bot.Conflict); !strings.Contains(e.Message, "less than an hour ago") {
		t.Errorf("message %q", e.Message)
	}
	w.clock.Move(time.Minute)
	w.does(w.press(ada, bot.Open, r, nameRemind, nil))
	if diff := cmp.Diff([]bot.What{bot.Asked, bot.Reminded, bot.Reminded}, w.happened(r.ID)); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
}

func TestAskingAgainIsFilledIn(t *testing.T) {
	w := under(t, bot.Policy{Expiry: time.Hour})
	r := w.ask(acme)
	w.clock.Move(time.Hour)
	worker, _ := w.worker(nil, nil)
	if err := w.do(worker, bot.Wake, r.ID); err != nil {
		t.Fatal(err)
	}
	expired := w.load(r.ID)
	card := w.Card(&expired, 0, nil)
	if diff := cmp.Diff([]string{"Ask again"}, buttons(card)); diff != "" || expired.State != bot.IsExpired {
		t.Fatalf("%s, buttons (-want +got):\n%s", expired.State, diff)
	}
	f := form(t, w.does(w.event(ada, bot.Open, card.Actions[0].Call)))
	filled := bot.Values{}
	for _, field := range f.Fields {
		filled[field.Name] = field.Value
	}
	if diff := cmp.Diff(acme, filled); diff != "" || f.Call.String() != nameCreate+"?id=1&v=2" || f.Submit != "Send request" {
		t.Errorf("form of %s, filled in (-want +got):\n%s", f.Call, diff)
	}
	again := form(t, w.does(w.event(ada, bot.Check, bot.Call{Command: f.Command, Values: f.Values.With(filled).With(bot.Values{fieldName: "Acme 2"})})))
	if again.Call.String() != f.Call.String() || again.Field(fieldName).Value != "Acme 2" {
		t.Errorf("its next part is of %s, named %q", again.Call, again.Field(fieldName).Value)
	}
	if again := w.ask(filled); again.ID == r.ID || again.State != bot.Pending {
		t.Errorf("request %+v", again)
	}
	w.refused(w.event(ben, bot.Open, card.Actions[0].Call), bot.Forbidden)
	w.refused(w.event(ben, bot.Open, bot.Call{Command: nameCreate, Values: bot.Values{"id": "one", "v": "1"}}), bot.Invalid)
}

func TestFixingWhatWasApproved(t *testing.T) {
	for name, c := range map[string]struct {
		reason bot.Reason
		sent   bot.Values
		want   bot.State
	}{
		"another handle, the old one being taken": {bot.HandleTaken, bot.Values{fieldHandle: "acme-2"}, bot.Approved},
		"nothing":              {bot.BadRequest, nil, bot.Approved},
		"more than the handle": {bot.HandleTaken, bot.Values{fieldHandle: "acme-2", fieldOptions: ""}, bot.Pending},
		"another description":  {bot.BadRequest, bot.Values{fieldDescription: "new"}, bot.Pending},
		"another why":          {bot.HandleTaken, bot.Values{fieldHandle: "acme-2", fieldWhy: "for me"}, bot.Pending},
	} {
		t.Run(name, func(t *testing.T) {
			w := under(t, bot.Policy{})
			r := w.ask(acme)
			w.does(w.press(ben, bot.Open, r, nameApprove, nil))
			w.does(w.press(cleo, bot.Open, r, nameApprove, nil))
			r = w.call(r.ID, because(c.reason))
			w.does(w.press(ada, bot.Submit, r, nameFix, c.sent))
			if now := w.load(r.ID); now.State != c.want {
				t.Errorf("it is %s, want %s", now.State, c.want)
			}
		})
	}
}

func TestEditingWhileTheDatabaseFails(t *testing.T) {
	for _, c := range []struct {
		method, command string
		step            bot.Step
		values          bot.Values
	}{
		{"Request", nameEdit, bot.Open, nil}, {"Change", nameEdit, bot.Submit, bot.Values{fieldTags: "x"}}, {"Held", nameEdit, bot.Submit, bot.Values{fieldHandle: "x"}},
		{"Request", nameWithdraw, bot.Open, nil}, {"Request", nameApprove, bot.Open, nil}, {"Change", nameApprove, bot.Open, nil},
		{"Request", nameTakeBack, bot.Open, nil}, {"Request", nameDeny, bot.Open, nil}, {"Change", nameDeny, bot.Submit, nil},
		{"Request", nameDetails, bot.Open, nil}, {"History", nameDetails, bot.Open, nil}, {"Request", nameCreate, bot.Open, nil},
		{"Request", nameCommunities, bot.Open, bot.Values{"text": "show 1"}}, {"History", nameCommunities, bot.Open, bot.Values{"text": "show 1"}},
		{"Change", nameCommunities, bot.Open, bot.Values{"text": "withdraw 1"}}, {"List", nameCommunities, bot.Open, bot.Values{"text": "list"}},
		{"List", nameCommunities, bot.Open, bot.Values{"text": "list all"}},
	} {
		t.Run(c.method+" of "+c.command+" "+c.values["text"], func(t *testing.T) {
			broken := &shaky{before: func(string) error { return nil }}
			w := newWorld(t, func(o *Options) { broken.Store, o.Store, o.Policy.Required = o.Store, broken, 1 })
			r := w.ask(acme)
			who := ada
			if c.command == nameApprove || c.command == nameDeny {
				who = ben
			}
			broken.before = failsAt(c.method)
			if _, err := w.Handle(t.Context(), w.press(who, c.step, r, c.command, c.values)); bot.CodeOf(err) != bot.Internal {
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestWhatWasTypedAndDoesNotFitIsSaid(t *testing.T) {
	w := newWorld(t)
	f := form(t, w.does(w.event(ada, bot.Open, bot.Call{Command: nameCreate, Values: bot.Values{fieldName: strings.Repeat("ж", maxName+1)}})))
	if got := f.Field(fieldName).Problem; got != "cut to 100 characters." {
		t.Errorf("problem %q", got)
	}
	if got := f.Field(fieldHandle).Problem; got != "" {
		t.Errorf("problem %q", got)
	}
}
