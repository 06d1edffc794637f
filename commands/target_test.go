package commands

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"communitybot/bot"
)

// TestARefusalTellsStrangersNothing has somebody press every button about every request, by a client that makes numbers up:
// where a request is not shown, it is as if there was none.
func TestARefusalTellsStrangersNothing(t *testing.T) {
	cleo := bot.User{Platform: "slack", ID: "U3", Name: "Cleo"}
	w := newWorld(t, func(o *Options) {
		o.Policy = bot.Policy{Required: 1, Approvers: []bot.Approver{{Platform: "slack", ID: ben.ID}}}
	})
	waits := w.ask(bot.Values{fieldName: "Waiting", fieldHandle: "waiting"})
	gone := w.ask(bot.Values{fieldName: "Going", fieldHandle: "going"})
	w.does(w.press(ada, bot.Open, gone, nameWithdraw, nil))
	gone = w.load(gone.ID)
	w.Policy = bot.Policy{}
	failed := w.call(w.ask(acme).ID, because(bot.HandleTaken))
	none := bot.Request{ID: 999}
	none.Version = 1

	places := map[string]bot.Place{
		"another channel": {Platform: "slack", Tenant: "T1", Channel: "C9"}, "another workspace": {Platform: "slack", Tenant: "T2", Channel: "C1"},
		"another platform": {Platform: "discord", Tenant: "T1", Channel: "C1"}, "a home": {Platform: "slack", Tenant: "T1"},
	}
	for _, r := range []bot.Request{waits, gone, failed} {
		for _, one := range all {
			if slices.Contains([]string{nameCommunities, nameHome}, one.name) { // they are not about one request
				continue
			}
			for where, place := range places {
				for _, step := range []bot.Step{bot.Open, bot.Submit} {
					press := func(r bot.Request) error {
						e := w.press(cleo, step, r, one.name, bot.Values{fieldReason: "because", fieldHandle: "other"})
						e.At = place
						_, err := w.Handle(t.Context(), e)
						return err
					}
					got, want := press(r), press(none)
					if bot.CodeOf(got) != bot.NotFound || bot.CodeOf(want) != bot.NotFound || fmt.Sprint(got) != fmt.Sprint(want) {
						t.Errorf("%s of %q in %s (step %d): %v, want what is said of none: %v", one.name, r.Community.Name, where, step, got, want)
					}
				}
			}
		}
	}
	e := w.press(ben, bot.Open, waits, nameApprove, nil) // who decides hears why it does not count there
	e.At.Channel = "C9"
	if err := w.refused(e, bot.Forbidden); !strings.Contains(err.Message, "Ben") && err.Message == "" {
		t.Errorf("an approver hears %q", err.Message)
	}
}
