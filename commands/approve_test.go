package commands

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"communitybot/bot"
)

var (
	cleo  = bot.User{Platform: "slack", ID: "U3", Name: "Cleo"}
	dora  = bot.User{Platform: "discord", ID: "7", Name: "Dora"}
	there = bot.Place{Platform: "slack", Tenant: "T1", Channel: "C2"}
)

// directory is a platform's people: the members of groups, and names by ID.
type directory struct {
	members map[string][]string // user IDs by group
	names   map[string]bot.User
	broken  map[string]error // by group, or by ID to be named
}

func (d directory) InGroup(_ context.Context, u bot.User, group string) (bool, error) {
	return slices.Contains(d.members[group], u.ID), d.broken[group]
}

func (d directory) Who(_ context.Context, _, id string) (bot.User, error) {
	u, ok := d.names[id]
	if err := d.broken[id]; err != nil {
		return u, err
	}
	if !ok {
		return u, &bot.Error{Code: bot.NotFound}
	}
	return u, nil
}

// slack knows a group, ops, whose member is Cleo, and Ben.
var slack = directory{
	members: map[string][]string{"S1": {"U3"}},
	names:   map[string]bot.User{"S1": {Platform: "slack", ID: "S1", Name: "ops", Group: true}, "U2": ben},
}

// under returns a world with a policy; approvals by two, unless it says otherwise.
func under(t *testing.T, p bot.Policy, change ...func(*Options)) *world {
	t.Helper()
	if p.Required == 0 {
		p.Required = 2
	}
	return newWorld(t, append(change, func(o *Options) {
		o.Policy, o.Directories = p, map[string]bot.Directory{"slack": slack}
	})...)
}

// approvers are Ben and the group ops.
var approvers = []bot.Approver{{Platform: "slack", ID: "U2"}, {Platform: "slack", ID: "S1"}}

// onCard moves a press to the message with a request's card.
func onCard(e bot.Event) bot.Event {
	e.At.Message = "M1"
	return e
}

// cardOf is a request's card as it is drawn for its first thread.
func (w *world) cardOf(id int64) bot.Card {
	w.t.Helper()
	r := w.load(id)
	return w.Card(&r, 0, w.approvers(w.t.Context(), &r))
}

func fact(c bot.Card, label string) string {
	for _, f := range c.Facts {
		if f.Label == label {
			return f.Value.String()
		}
	}
	return ""
}

func TestApproving(t *testing.T) {
	w := under(t, bot.Policy{Approvers: approvers, Expiry: 72 * time.Hour})
	r := w.ask(acme)
	first := onCard(w.press(ben, bot.Open, r, nameApprove, nil))
	for range 2 { // a redelivery counts once
		if diff := cmp.Diff(bot.Reply(bot.Done{}), w.does(first)); diff != "" {
			t.Errorf("answer (-want +got):\n%s", diff)
		}
		card := w.cardOf(r.ID)
		if got := card.Text.String(); got != "Waits for approval: 1 of 2, 1 more from Ben or @ops." || fact(card, "Agreed") != "Ben" || fact(card, "Expires") != "2026-03-04 09:00 UTC" {
			t.Errorf("card %q, facts %v", got, card.Facts)
		}
	}
	w.does(onCard(w.press(cleo, bot.Open, r, nameApprove, nil))) // she is in ops
	card := w.cardOf(r.ID)
	if got := card.Text.String(); got != "On its way to Genuin …" || fact(card, "Agreed") != "Ben, Cleo" || len(card.Actions) != 0 || fact(card, "Expires") != "" {
		t.Errorf("card %q, facts %v, buttons %q", got, card.Facts, buttons(card))
	}
	if diff := cmp.Diff([]bot.What{bot.Asked, bot.Agreed, bot.Agreed}, w.happened(r.ID)); diff != "" || w.load(r.ID).State != bot.Approved {
		t.Errorf("history (-want +got):\n%s", diff)
	}
}

func TestManyPressAtTheSameTime(t *testing.T) {
	w := under(t, bot.Policy{Required: 3})
	r := w.ask(acme)
	var all sync.WaitGroup
	for i := range 12 {
		e := w.press(bot.User{Platform: "slack", ID: fmt.Sprint("V", i%4), Name: "V"}, bot.Open, r, nameApprove, nil)
		all.Go(func() {
			if _, err := w.Handle(context.Background(), e); bot.CodeOf(err) == bot.Internal {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if now := w.load(r.ID); now.State != bot.Approved || now.Count() != "3/3" {
		t.Errorf("it is %s with %s", now.State, now.Count())
	}
}

func TestAgreeingTwiceOffersToTakeItBack(t *testing.T) {
	w := under(t, bot.Policy{})
	r := w.ask(acme)
	w.does(w.press(ben, bot.Open, r, nameApprove, nil))
	tell, ok := w.does(w.press(ben, bot.Open, r, nameApprove, nil)).(bot.Tell)
	if !ok || tell.Text.String() != "You agreed to Acme already. It waits for 1 more." || len(tell.Actions) != 1 || tell.Actions[0].Label != "Take it back" {
		t.Fatalf("answer %+v", tell)
	}
	e := w.event(ben, bot.Open, tell.Actions[0].Call)
	e.At = here // a private answer is no message that others see
	for range 2 {
		if tell, ok := w.does(e).(bot.Tell); !ok || tell.Text.String() != "Your yes to Acme is taken back." {
			t.Fatalf("answer %+v", tell)
		}
	}
	if now := w.load(r.ID); now.Count() != "0/2" {
		t.Errorf("%s agreed", now.Count())
	}
	for name, c := range map[string]struct {
		who   bot.User
		words string
	}{"once more": {ben, "nothing to take back"}, "by somebody who has not agreed": {cleo, "have not agreed"}} {
		t.Run(name, func(t *testing.T) {
			if got := w.in(t).refused(w.press(c.who, bot.Open, r, nameTakeBack, nil), bot.Conflict); !strings.Contains(got.Message, c.words) {
				t.Errorf("message %q", got.Message)
			}
		})
	}
}

func TestClicksThatDoNotCount(t *testing.T) {
	for name, c := range map[string]struct {
		policy bot.Policy
		who    bot.User
		at     bot.Place
		before func(w *world, r bot.Request)
		code   bot.Code
		words  string
	}{
		"one's own": {who: ada, at: here, code: bot.Forbidden, words: "You asked for this one, so others have to decide: anybody but the one who asked."},
		"one's own, with approvers named": {policy: bot.Policy{Approvers: approvers}, who: ada, at: here, code: bot.Forbidden,
			words: "You asked for this one, so others have to decide: Ben or @ops."},
		"no approver": {policy: bot.Policy{Approvers: approvers}, who: bot.User{Platform: "slack", ID: "U9"}, at: here, code: bot.Forbidden,
			words: "Thank you, but only Ben or @ops can decide on this one."},
		"an approver of another platform": {policy: bot.Policy{Approvers: []bot.Approver{{Platform: "discord", ID: "U2"}}}, who: ben, at: here, code: bot.Forbidden,
			words: "only an approver can decide"},
		"elsewhere than the approvers are asked": {policy: bot.Policy{Channel: there}, who: ben, at: here, code: bot.Forbidden,
			words: "This one is decided on where its approval was asked for, not here. Who can decide: anybody but the one who asked."},
		"elsewhere, with approvers named": {policy: bot.Policy{Channel: there, Approvers: approvers}, who: ben, at: here, code: bot.Forbidden,
			words: "not here. Who can decide: Ben or @ops."},
		"in a channel with the same ID, elsewhere": {who: ben, at: bot.Place{Platform: "slack", Tenant: "T2", Channel: "C1"}, code: bot.NotFound},
		"an old card": {who: ben, at: here, code: bot.Conflict,
			before: func(w *world, r bot.Request) {
				w.does(w.press(ada, bot.Submit, r, nameEdit, bot.Values{fieldTags: "new"}))
			},
			words: "This card was out of date, so nothing was changed. By now, it waits for approval, 0 of 2 so far."},
		"denied already": {who: ben, at: here, code: bot.Conflict,
			before: func(w *world, r bot.Request) { w.does(w.press(cleo, bot.Submit, r, nameDeny, nil)) },
			words:  "Nothing was changed: it was denied."},
		"approved already": {policy: bot.Policy{Required: 1}, who: ben, at: here, code: bot.Conflict,
			before: func(w *world, r bot.Request) { w.does(w.press(cleo, bot.Open, r, nameApprove, nil)) },
			words:  "Nothing was changed: it is on its way to Genuin."},
		"withdrawn": {who: ben, at: here, code: bot.Conflict,
			before: func(w *world, r bot.Request) { w.does(w.press(ada, bot.Open, r, nameWithdraw, nil)) },
			words:  "Nothing was changed: it was withdrawn."},
		"to be changed first": {who: ben, at: here, code: bot.Conflict,
			before: func(w *world, r bot.Request) {
				w.does(w.press(cleo, bot.Submit, r, nameChanges, bot.Values{fieldReason: "x"}))
			},
			words: "Nothing was changed: the approvers asked for changes first."},
		"expired": {policy: bot.Policy{Expiry: time.Hour}, who: ben, at: here, code: bot.Conflict,
			before: func(w *world, r bot.Request) {
				w.change(r.ID, func(r *bot.Request) error { return r.Awake(start.Add(time.Hour)) })
			},
			words: "Nothing was changed: it expired, because nobody decided in time."},
	} {
		for command, steps := range map[string][]bot.Step{nameApprove: {bot.Open}, nameDeny: {bot.Open, bot.Submit}, nameChanges: {bot.Open, bot.Submit}} {
			t.Run(name+", "+command, func(t *testing.T) {
				w := under(t, c.policy)
				r := w.ask(acme)
				if c.before != nil {
					c.before(w, r)
				}
				entries := w.load(r.ID).Entries
				for _, step := range steps {
					if name == "an old card" && step == bot.Submit {
						continue // they look again: TestWordsOutliveAChangeOfTheRequest
					}
					e := w.press(c.who, step, r, command, bot.Values{fieldReason: "because"})
					e.At = c.at
					if got := w.refused(e, c.code); !strings.Contains(got.Message, c.words) {
						t.Errorf("message %q, want %q", got.Message, c.words)
					}
				}
				if now := w.load(r.ID); now.Entries != entries {
					t.Errorf("it was changed: %v", w.happened(r.ID))
				}
			})
		}
	}
}

func TestWordsOutliveAChangeOfTheRequest(t *testing.T) {
	for _, command := range []string{nameDeny, nameChanges} {
		t.Run(command, func(t *testing.T) {
			w := under(t, bot.Policy{})
			r := w.ask(acme)
			w.does(w.press(ada, bot.Submit, r, nameEdit, bot.Values{fieldTags: "new"}))
			entries := w.load(r.ID).Entries
			f := form(t, w.does(w.press(ben, bot.Submit, r, command, bot.Values{fieldReason: "because"})))
			reason := f.Field(fieldReason)
			if reason.Value != "because" || !strings.Contains(reason.Problem, "out of date") || w.load(r.ID).Entries != entries {
				t.Fatalf("the form is %+v, history %v", f, w.happened(r.ID))
			}
			again := w.event(ben, bot.Submit, bot.Call{Command: f.Command, Values: f.Values.With(bot.Values{fieldReason: reason.Value})})
			again.At = here
			w.does(again)
			if now := w.load(r.ID); now.State == bot.Pending {
				t.Errorf("sent again it is still %s", now.State)
			}
			late := w.press(cleo, bot.Submit, r, command, bot.Values{fieldReason: "me too"}) // by now nobody can decide
			w.refused(late, bot.Conflict)
		})
	}
}

func TestOnesOwnWhenThatIsAllowed(t *testing.T) {
	w := under(t, bot.Policy{Required: 1, Self: true})
	r := w.ask(acme)
	w.does(w.press(ada, bot.Open, r, nameApprove, nil))
	if now := w.load(r.ID); now.State != bot.Approved {
		t.Errorf("it is %s", now.State)
	}
}

func TestDecidingInAChannelOfTheirOwn(t *testing.T) {
	w := under(t, bot.Policy{Required: 1, Channel: bot.Place{Platform: "discord", Tenant: "G1", Channel: "D1"}})
	r := w.ask(acme)
	e := w.press(dora, bot.Open, r, nameApprove, nil)
	e.At = r.Threads[1].At
	w.does(e)
	if card := w.cardOf(r.ID); fact(card, "Agreed") != "Dora" {
		t.Errorf("card %+v", card)
	}
}

func TestDenying(t *testing.T) {
	for _, reason := range []string{"we have one", ""} {
		w := under(t, bot.Policy{})
		r := w.ask(acme)
		f := form(t, w.does(w.press(ben, bot.Open, r, nameDeny, nil)))
		if f.Call.String() != on(&r, nameDeny).String() || len(f.Fields) != 1 || f.Fields[0].Required || f.Fields[0].Label != "Reason" || f.Submit != "Deny" {
			t.Errorf("form %+v", f)
		}
		form(t, w.does(w.press(ben, bot.Check, r, nameDeny, bot.Values{fieldReason: reason})))
		if now := w.load(r.ID); now.State != bot.Pending {
			t.Errorf("checking made it %s", now.State)
		}
		e := w.press(ben, bot.Submit, r, nameDeny, bot.Values{fieldReason: " " + reason + "\u200b "})
		for range 2 {
			if done, ok := w.does(e).(bot.Done); !ok || done.Text.String() != "Thank you. Ada hears of it in the thread." {
				t.Fatalf("answer %#v", done)
			}
		}
		entries, err := w.store.History(t.Context(), r.ID, 1)
		if now := w.load(r.ID); err != nil || now.State != bot.IsRejected || len(entries) != 1 || entries[0].Note != reason {
			t.Errorf("it is %s, history %+v, %v", now.State, entries, err)
		}
		w.ask(acme) // the handle is free again
	}
}

func TestAskingForChangesNeedsWords(t *testing.T) {
	w := under(t, bot.Policy{})
	r := w.ask(acme)
	if f := form(t, w.does(w.press(ben, bot.Open, r, nameChanges, nil))); !f.Fields[0].Required || f.Fields[0].Label != "Changes" {
		t.Errorf("form %+v", f)
	}
	for words, problem := range map[string]string{"": "Please say what", " \u200b\n": "Please say what", strings.Repeat("ж", maxReason+1): "501 characters long"} {
		for _, step := range []bot.Step{bot.Check, bot.Submit} {
			if e := w.refused(w.press(ben, step, r, nameChanges, bot.Values{fieldReason: words}), bot.Invalid); !strings.Contains(e.Fields[fieldReason], problem) {
				t.Errorf("%.10q: problems %v", words, e.Fields)
			}
		}
	}
	w.does(w.press(ben, bot.Submit, r, nameChanges, bot.Values{fieldReason: "another name"}))
	if now := w.load(r.ID); now.State != bot.NeedsChange {
		t.Errorf("it is %s", now.State)
	}
}

func TestButtonsOnAPrivateMessageAreAnsweredInWords(t *testing.T) {
	for command, c := range map[string]struct {
		who  bot.User
		want string
	}{
		nameApprove:  {ben, "Acme: it waits for approval, 1 of 2 so far."},
		nameRemind:   {ada, "Acme: it waits for approval, 0 of 2 so far."},
		nameWithdraw: {ada, "Acme: it was withdrawn."},
	} {
		t.Run(command, func(t *testing.T) {
			w := under(t, bot.Policy{})
			e := w.press(c.who, bot.Open, w.ask(acme), command, nil)
			for range 2 {
				if got := w.toldBy(e); got != c.want {
					t.Errorf("told %q, want %q", got, c.want)
				}
			}
		})
	}
}

func TestNobodyDecidesWhenTheTimeIsOver(t *testing.T) {
	w := under(t, bot.Policy{Expiry: time.Hour})
	r := w.ask(acme)
	w.clock.Move(time.Hour) // and nothing has woken it yet
	for command, step := range map[string]bot.Step{nameApprove: bot.Open, nameDeny: bot.Submit, nameChanges: bot.Submit} {
		e := w.press(ben, step, r, command, bot.Values{fieldReason: "because"})
		if got := w.refused(e, bot.Conflict); got.Message != "The time to decide on this one is over, so nothing was changed." {
			t.Errorf("%s: message %q", command, got.Message)
		}
	}
	if now := w.load(r.ID); now.Entries != r.Entries {
		t.Errorf("it was changed: %v", w.happened(r.ID))
	}
}

func TestARefusalSaysHowItStandsByNow(t *testing.T) {
	for name, c := range map[string]struct {
		first func(w *world, r bot.Request) bot.Event // is quicker
		words string
		says  string // when it is no refusal
	}{
		"withdrawn": {func(w *world, r bot.Request) bot.Event { return w.press(ada, bot.Open, r, nameWithdraw, nil) }, "Nothing was changed: it was withdrawn.", ""},
		"agreed, by the same person": {func(w *world, r bot.Request) bot.Event { return w.press(ben, bot.Open, r, nameApprove, nil) }, "",
			"You agreed to Acme already. It waits for 1 more."},
	} {
		t.Run(name, func(t *testing.T) {
			store := &shaky{before: func(string) error { return nil }}
			w := newWorld(t, func(o *Options) { store.Store, o.Store, o.Policy.Required = o.Store, store, 2 })
			r := w.ask(acme)
			late := w.press(ben, bot.Open, r, nameApprove, nil)
			store.before = func(method string) error {
				if method == "Change" {
					store.before = func(string) error { return nil }
					w.does(c.first(w, r))
				}
				return nil
			}
			if c.says != "" {
				if got := w.toldBy(late); got != c.says {
					t.Errorf("told %q, want %q", got, c.says)
				}
				return
			}
			if got := w.refused(late, bot.Conflict); got.Message != c.words {
				t.Errorf("message %q, want %q", got.Message, c.words)
			}
		})
	}
}
