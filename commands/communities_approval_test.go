package commands

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"communitybot/bot"
)

// toldBy returns the words an event is answered with.
func (w *world) toldBy(e bot.Event) string {
	w.t.Helper()
	tell, ok := w.does(e).(bot.Tell)
	if !ok {
		w.t.Fatalf("%s is not answered with words", e.Call)
	}
	return tell.Text.String()
}

// pages reads a list to its end, and returns the numbers on each page.
func (w *world) pages(who bot.User, text string) (pages []string) {
	w.t.Helper()
	call := bot.Call{Command: nameCommunities, Values: bot.Values{"text": text}}
	for range 10 {
		tell := w.does(w.event(who, bot.Open, call)).(bot.Tell)
		var ids []string
		for _, line := range strings.Split(tell.Text.String(), "\n")[1:] {
			id, _, _ := strings.Cut(line, " ")
			ids = append(ids, id)
		}
		pages = append(pages, strings.Join(ids, " "))
		if len(tell.Actions) == 0 {
			return pages
		}
		if tell.Actions[0].Label != "More" || len(tell.Actions[0].String()) > 100 {
			w.t.Fatalf("buttons %+v", tell.Actions)
		}
		call = tell.Actions[0].Call
	}
	w.t.Fatal("the list has no end")
	return nil
}

func TestListsArePaged(t *testing.T) {
	w := under(t, bot.Policy{Required: 1})
	for i := range 25 {
		who := ada
		if i%5 == 4 { // 5, 10, 15, 20, 25
			who = ben
		}
		w.does(w.event(who, bot.Submit, bot.Call{Command: nameCreate, Values: bot.Values{fieldName: fmt.Sprintf("Acme %c", 'A'+i)}}))
	}
	w.does(w.press(ben, bot.Submit, w.load(24), nameDeny, nil))
	for name, c := range map[string]struct {
		who  bot.User
		text string
		want []string
	}{
		"mine":        {ada, "list", []string{"24 23 22 21 19 18 17 16 14 13", "12 11 9 8 7 6 4 3 2 1"}},
		"mine, named": {ben, "list mine", []string{"25 20 15 10 5"}},
		"waiting":     {ben, "list waiting", []string{"23 22 21 19 18 17 16 14 13 12", "11 9 8 7 6 4 3 2 1"}},
		"all": {cleo, "list all", []string{"25 24 23 22 21 20 19 18 17 16", "15 14 13 12 11 10 9 8 7 6",
			"5 4 3 2 1"}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, w.in(t).pages(c.who, c.text)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	if got := w.told(cleo, "list all"); !strings.HasPrefix(got, "What concerns you, the newest first:\n25 Acme Y (asked by Ben): it waits for approval, 0 of 1 so far.\n24 Acme X (asked by Ada): it was denied.") {
		t.Errorf("list %q", got)
	}
	last := bot.Values{"text": "list", "before": "1"}
	if got := w.toldBy(w.event(ada, bot.Open, bot.Call{Command: nameCommunities, Values: last})); got != "That was all." {
		t.Errorf("after the last: %q", got)
	}
	for _, before := range []string{"-1", "x", "99999999999999999999"} {
		w.refused(w.event(ada, bot.Open, bot.Call{Command: nameCommunities, Values: bot.Values{"text": "list", "before": before}}), bot.Invalid)
	}
}

func TestWhatWaitsForWhom(t *testing.T) {
	const nothing = "Nothing waits for you."
	elsewhere := bot.Place{Platform: "slack", Tenant: "T9", Channel: "C9"}
	for name, c := range map[string]struct {
		policy bot.Policy
		who    bot.User
		waits  bool
	}{
		"an approver":                                {bot.Policy{Approvers: approvers}, ben, true},
		"a member of a group":                        {bot.Policy{Approvers: approvers}, cleo, true},
		"somebody who is none":                       {bot.Policy{Approvers: approvers}, bot.User{Platform: "slack", ID: "U9"}, false},
		"the requester":                              {bot.Policy{}, ada, false},
		"the requester, when that's allowed":         {bot.Policy{Self: true}, ada, true},
		"the requester, allowed but not an approver": {bot.Policy{Self: true, Approvers: approvers}, ada, false},
		"somebody of another workspace":              {bot.Policy{Channel: elsewhere}, ben, false},
		"an approver, who is in another channel":     {bot.Policy{Channel: there, Approvers: approvers}, ben, true},
		"anybody, who is there":                      {bot.Policy{}, ben, true},
		"anybody, who is in another channel":         {bot.Policy{Channel: there}, ben, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := under(t, c.policy)
			w.ask(acme)
			if got := w.told(c.who, "list waiting"); (got != nothing) != c.waits {
				t.Errorf("list %q", got)
			}
		})
	}
	t.Run("not after one agreed, nor while changes are asked for", func(t *testing.T) {
		w := under(t, bot.Policy{})
		r := w.ask(acme)
		w.does(w.press(ben, bot.Open, r, nameApprove, nil))
		if got := w.told(ben, "list waiting"); got != nothing {
			t.Errorf("list %q", got)
		}
		w.does(w.press(cleo, bot.Submit, r, nameChanges, bot.Values{fieldReason: "x"}))
		if got := w.told(cleo, "list waiting"); got != nothing {
			t.Errorf("list %q", got)
		}
	})
}

func TestShowHasTheHistoryAndTheRequestersButtons(t *testing.T) {
	w := under(t, bot.Policy{Approvers: approvers, Expiry: time.Hour})
	r := w.ask(acme)
	w.clock.Move(time.Minute)
	w.does(w.press(ben, bot.Open, r, nameApprove, nil))
	w.change(r.ID, func(r *bot.Request) error { r.Told(0, bot.Entry{Seq: 1, What: bot.Asked}, here, start); return nil })
	w.does(w.press(ada, bot.Submit, r, nameEdit, bot.Values{fieldTags: "x"}))
	tell := w.does(w.event(ada, bot.Open, bot.Call{Command: nameCommunities, Values: bot.Values{"text": "show 1"}})).(bot.Tell)
	got := tell.Text.String()
	for _, want := range []string{
		"Acme\nWaits for approval: 0 of 2, 2 more from Ben or @ops.", "\nExpires: 2026-03-01 10:01 UTC", "\nYou may decide: no, because you asked.",
		"\nWhat happened:\n2026-03-01 09:00 UTC asked (version 1) by Ada\n2026-03-01 09:01 UTC agreed (version 1) by Ben: 1/2\n" +
			"2026-03-01 09:01 UTC edited (version 2) by Ada: Tags: a, b → x\nHandle: acme\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q does not say %q", got, want)
		}
	}
	if strings.Contains(got, "told") {
		t.Errorf("%q tells of what was told", got)
	}
	if diff := cmp.Diff([]string{"Edit", "Withdraw", "Remind approvers"}, buttons(bot.Card{Actions: tell.Actions})); diff != "" {
		t.Errorf("buttons (-want +got):\n%s", diff)
	}
	tell = w.does(w.event(ben, bot.Open, bot.Call{Command: nameCommunities, Values: bot.Values{"text": "show 1"}})).(bot.Tell)
	if len(tell.Actions) != 0 || !strings.Contains(tell.Text.String(), "You may decide: yes, with the buttons on the approvers' card.") {
		t.Errorf("somebody else reads %q, with %v", tell.Text, tell.Actions)
	}
}

func TestDetailsSayWhoMayDecide(t *testing.T) {
	w := under(t, bot.Policy{Approvers: approvers})
	r := w.ask(acme)
	w.does(w.press(cleo, bot.Open, r, nameApprove, nil))
	for want, who := range map[string]bot.User{
		"no, because you asked.": ada, "yes, with the buttons on the approvers' card.": ben, "you agreed already.": cleo,
		"no, because you are not one of Ben or @ops.": {Platform: "slack", ID: "U9"},
	} {
		if got := w.toldBy(w.press(who, bot.Open, r, nameDetails, nil)); !strings.Contains(got, "\nYou may decide: "+want) {
			t.Errorf("%q does not say %q", got, want)
		}
	}
	w.does(w.press(ben, bot.Open, r, nameApprove, nil))
	if got := w.toldBy(w.press(ben, bot.Open, r, nameDetails, nil)); strings.Contains(got, "You may decide") {
		t.Errorf("after the decision: %q", got)
	}
}

func TestWhereAnybodyMayDecideOthersLearnNothing(t *testing.T) {
	w := under(t, bot.Policy{Channel: there})
	r := w.ask(acme)
	show := func(who bot.User, at bot.Place) bot.Event {
		e := w.event(who, bot.Open, bot.Call{Command: nameCommunities, Values: bot.Values{"text": "show 1"}})
		e.At = at
		return e
	}
	w.refused(show(ben, here), bot.NotFound)
	for name, e := range map[string]bot.Event{"there": show(ben, there), "the requester": show(ada, here)} {
		if got := w.toldBy(e); !strings.HasPrefix(got, "Acme\nWaits for approval") {
			t.Errorf("%s: %q", name, got)
		}
	}
	w.change(r.ID, func(r *bot.Request) error {
		r.Posted(1, bot.Place{Platform: "slack", Tenant: "T1", Channel: "C2", Message: "M9"}, r.Changed)
		return nil
	})
	below := there
	below.Channel = "M9" // a thread below the card is a channel on Discord
	w.toldBy(show(ben, below))
}

func TestDetailsShowTheLatestOfALongHistory(t *testing.T) {
	w := under(t, bot.Policy{})
	r := w.ask(acme)
	for i := range maxHappened {
		w.clock.Move(time.Hour)
		w.does(w.press(ada, bot.Submit, w.load(r.ID), nameEdit, bot.Values{fieldTags: fmt.Sprint("t", i)}))
	}
	got := w.toldBy(w.press(ben, bot.Open, r, nameDetails, nil))
	if strings.Contains(got, "asked (version 1)") || strings.Count(got, " edited (version ") != maxHappened {
		t.Errorf("told %q", got)
	}
}

// endless is a store with requests of others without end.
type endless struct {
	bot.Store
	looked int
}

func (s *endless) List(_ context.Context, f bot.Filter) (list []bot.Request, _ error) {
	if f.Before == 0 {
		f.Before = 5001
	}
	for id := f.Before - 1; id > f.Before-1-int64(f.Limit) && id > 0; id-- {
		r := bot.NewRequest(bot.Event{ID: "e", By: ben, At: here}, bot.Community{Name: "Acme"}, "", bot.Policy{}, start)
		if id%1000 == 7 {
			r.By = ada
		}
		r.ID = id
		list = append(list, r)
	}
	s.looked += len(list)
	return list, nil
}

func TestALongListIsLookedThroughInParts(t *testing.T) {
	all := &endless{}
	w := newWorld(t, func(o *Options) { all.Store, o.Store = o.Store, all })
	e := w.event(cleo, bot.Open, bot.Call{Command: nameCommunities, Values: bot.Values{"text": "list all"}})
	tell := w.does(e).(bot.Tell)
	if got := tell.Text.String(); got != "Nothing among the newest. There are older ones." || all.looked != atMostLooked {
		t.Errorf("told %q after a look at %d", got, all.looked)
	}
	if len(tell.Actions) != 1 || tell.Actions[0].Label != "More" || tell.Actions[0].Values["before"] != "4001" {
		t.Errorf("buttons %+v", tell.Actions)
	}
	if diff := cmp.Diff([]string{"4007", "3007", "2007", "1007", "7", ""}, w.pages(ada, "list all")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWithdrawingByNumber(t *testing.T) {
	w := under(t, bot.Policy{})
	r := w.ask(acme)
	command := func(text string) bot.Event {
		return w.event(ada, bot.Open, bot.Call{Command: nameCommunities, Values: bot.Values{"text": text}})
	}
	e := w.event(ben, bot.Open, command("withdraw 1").Call)
	if got := w.refused(e, bot.Forbidden); !strings.Contains(got.Message, "Only Ada") {
		t.Errorf("message %q", got.Message)
	}
	mine := command("Withdraw 1")
	for range 2 {
		if got := w.toldBy(mine); got != "Acme: it was withdrawn." {
			t.Errorf("told %q", got)
		}
	}
	if now := w.load(r.ID); now.State != bot.IsWithdrawn {
		t.Errorf("it is %s", now.State)
	}
	if got := w.refused(command("withdraw 1"), bot.Conflict); got.Message != "Nothing was changed: it was withdrawn." {
		t.Errorf("message %q", got.Message)
	}
}

func TestHelpExplainsThePolicy(t *testing.T) {
	for name, c := range map[string]struct {
		policy bot.Policy
		who    bot.User
		want   string
	}{
		"named, and one of them":       {bot.Policy{Approvers: approvers}, ben, "Here 2 of Ben or @ops must agree before a community is made. You may decide: yes, except on what you asked for."},
		"named, in a group":            {bot.Policy{Approvers: approvers}, cleo, "You may decide: yes, except on what you asked for."},
		"named, and not one of them":   {bot.Policy{Approvers: approvers}, ada, "You may decide: no, because you are not one of them."},
		"anybody":                      {bot.Policy{}, ada, "Here 2 of anybody but the one who asked must agree before a community is made. You may decide: yes, except on what you asked for."},
		"also on what one asked for":   {bot.Policy{Self: true, Approvers: approvers}, ben, "You may decide: yes."},
		"on a platform without people": {bot.Policy{Approvers: approvers}, dora, "You may decide: no, because you are not one of them."},
	} {
		t.Run(name, func(t *testing.T) {
			if got := under(t, c.policy).told(c.who, "help"); !strings.Contains(got, c.want) {
				t.Errorf("%q does not say %q", got, c.want)
			}
		})
	}
	if got := newWorld(t).told(ada, "help"); !strings.Contains(got, "Here nobody has to agree: what is asked for is made at once.") {
		t.Errorf("without approvals: %q", got)
	}
}
