package commands

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"communitybot/bot"
)

// asked is a request that waits for two people, with a thread for the requester and one of a platform for the approvers.
func asked(approvers string) *bot.Request {
	p := bot.Policy{Required: 2}
	if approvers != "" {
		p.Channel = bot.Place{Platform: approvers, Tenant: "T1", Channel: "C2"}
	}
	r := bot.NewRequest(bot.Event{ID: "e", By: ada, At: here}, bot.Community{Name: "Acme", Handle: "acme"}, "", p, start)
	r.ID = 42
	return &r
}

// mentioned lists whom a text notifies.
func mentioned(text bot.Text) (names []string) {
	for _, s := range text {
		if m, ok := s.(bot.Mention); ok {
			names = append(names, m.Name)
		}
	}
	return names
}

func TestWhatIsToldWhilePeopleDecide(t *testing.T) {
	ops := bot.User{Platform: "slack", ID: "S1", Name: "ops", Group: true}
	people := []bot.User{ops, dora}
	for name, c := range map[string]struct {
		entry bot.Entry
		// What the requester and the approvers read, and who is notified.
		asker, approvers string
		calls            [2][]string
	}{
		"asked":            {bot.Entry{What: bot.Asked, By: ada, Asks: true}, "", "@ops Ada asks for Acme. Approvals needed: 2, from @ops or Dora. The buttons are on the card.", [2][]string{nil, {"ops"}}},
		"the first agrees": {bot.Entry{What: bot.Agreed, By: ben, Note: "1/2"}, "Ben agreed: 1 of 2.", "Ben agreed: 1 of 2.", [2][]string{}},
		"the last agrees": {bot.Entry{What: bot.Agreed, By: ben, Note: "2/2"}, "Ben agreed: 2 of 2. It goes to Genuin now.", "Ben agreed: 2 of 2. It goes to Genuin now.",
			[2][]string{}},
		"taken back": {bot.Entry{What: bot.TookBack, By: ben, Note: "0/2"}, "Ben took the yes back: 0 of 2.", "Ben took the yes back: 0 of 2.", [2][]string{}},
		"denied": {bot.Entry{What: bot.Denied, By: ben, Note: "we have one"}, "@Ada Ben denied Acme: we have one", "Ada Ben denied Acme: we have one",
			[2][]string{{"Ada"}, nil}},
		"denied without a reason": {bot.Entry{What: bot.Denied, By: ben}, "@Ada Ben denied Acme, without giving a reason.", "Ada Ben denied Acme, without giving a reason.",
			[2][]string{{"Ada"}, nil}},
		"changes asked for": {bot.Entry{What: bot.ChangesAsked, By: ben, Note: "another name"}, "@Ada Ben asks for a change: another name\nPress Edit on the card.",
			"Ben asks for a change: another name", [2][]string{{"Ada"}, nil}},
		"edited": {bot.Entry{What: bot.Edited, By: ada, Asks: true, Note: "Tags"}, "Ada changed it. Tags\nWhoever agreed before is asked again.",
			"@ops Ada changed it. Tags\nWhoever agreed before is asked again.", [2][]string{nil, {"ops"}}},
		"sent again as it was": {bot.Entry{What: bot.Edited, By: ada, Asks: true}, "Ada sent it again as it was.\nWhoever agreed before is asked again.",
			"@ops Ada sent it again as it was.\nWhoever agreed before is asked again.", [2][]string{nil, {"ops"}}},
		"withdrawn": {bot.Entry{What: bot.Withdrawn, By: ada}, "Ada withdrew it.", "Ada withdrew it.", [2][]string{}},
		"reminded by hand": {bot.Entry{What: bot.Reminded, By: ada, Note: "0/2"}, "", "@ops Ada asks you to decide on Acme: 0 of 2 so far.",
			[2][]string{nil, {"ops"}}},
		"reminded by the clock": {bot.Entry{What: bot.Reminded, Note: "1/2"}, "", "@ops Acme still waits: 1 of 2 so far.", [2][]string{nil, {"ops"}}},
		"expired": {bot.Entry{What: bot.Expired}, "@Ada Nobody decided on Acme in time, so it expired. Press Ask again on the card to send it again, with everything filled in.",
			"Nobody decided on Acme in time, so it expired.", [2][]string{{"Ada"}, nil}},
		"nobody could be asked": {bot.Entry{What: bot.Failed, Reason: bot.NobodyAsked},
			"@Ada The approvers could not be asked: I can't post where they are. The request is kept. Please tell the people who run the bot; when they have added me there, press Try again on the card.",
			"",
			[2][]string{{"Ada"}, nil}},
		"refused by Genuin": {bot.Entry{What: bot.Failed, Reason: bot.BadRequest}, "@Ada Genuin did not accept this request. Press Fix and resubmit on the card to look through it; everything is kept.",
			"Genuin did not make Acme. What comes next is up to Ada.", [2][]string{{"Ada"}, nil}},
		"in doubt": {bot.Entry{What: bot.Unconfirmed, Reason: bot.HandleTaken},
			"@Ada The community acme exists on Genuin, and it is probably ours: an earlier try got no answer, and now the handle is taken. " +
				"Its link is not known. Please look on Genuin: if it is ours, press It's ours – add link on the card; if not, Choose another handle.",
			"The community acme may exist on Genuin: a call got no answer. What comes next is up to Ada.", [2][]string{{"Ada"}, nil}},
		"fixed, and asked again": {bot.Entry{What: bot.Resent, By: ada, Asks: true, Note: "Tags"}, "Ada changed it and sent it again. Tags\nWhoever agreed before is asked again.",
			"@ops Ada changed it and sent it again. Tags\nWhoever agreed before is asked again.", [2][]string{nil, {"ops"}}},
		"fixed, and not asked again": {bot.Entry{What: bot.Resent, By: ada}, "Ada sent it again as it was.", "Ada sent it again as it was.", [2][]string{}},
		"tried again, and asked again": {bot.Entry{What: bot.Retried, By: ben, Asks: true}, "Ben has it tried again.\nWhoever agreed before is asked again.",
			"@ops Ben has it tried again.\nWhoever agreed before is asked again.", [2][]string{nil, {"ops"}}},
	} {
		t.Run(name, func(t *testing.T) {
			r := asked("slack")
			c.entry.Version = r.Version
			for i, want := range []string{c.asker, c.approvers} {
				if r.Hears(i, c.entry) != (want != "") {
					t.Errorf("thread %d hears it: %v", i, want == "")
				}
				if want == "" {
					continue
				}
				line := plain().Line(Told{Request: r, Entry: c.entry, Thread: i, Approvers: people})
				if line.String() != want {
					t.Errorf("thread %d: %q, want %q", i, line, want)
				}
				if diff := cmp.Diff(c.calls[i], mentioned(line)); diff != "" {
					t.Errorf("thread %d notifies (-want +got):\n%s", i, diff)
				}
			}
		})
	}
	t.Run("asked on another platform", func(t *testing.T) {
		line := plain().Line(Told{Request: asked("discord"), Entry: bot.Entry{What: bot.Asked, By: ada, Asks: true, Version: 1}, Thread: 1, Approvers: people})
		if diff := cmp.Diff([]string{"Dora"}, mentioned(line)); diff != "" {
			t.Errorf("%q notifies (-want +got):\n%s", line, diff)
		}
	})
	t.Run("asked in the requester's thread", func(t *testing.T) {
		line := plain().Line(Told{Request: asked(""), Entry: bot.Entry{What: bot.Asked, By: ada, Asks: true, Version: 1}, Approvers: people})
		if diff := cmp.Diff([]string{"ops"}, mentioned(line)); diff != "" {
			t.Errorf("%q notifies (-want +got):\n%s", line, diff)
		}
	})
}

func TestApproversAreNotNotifiedOfWhatIsOver(t *testing.T) {
	people := []bot.User{{Platform: "slack", ID: "S1", Name: "ops", Group: true}}
	for name, c := range map[string]struct {
		entry  bot.Entry
		before func(r *bot.Request)
		want   []string
	}{
		"still asked":            {bot.Entry{What: bot.Asked, Asks: true}, nil, []string{"ops"}},
		"changed since":          {bot.Entry{What: bot.Asked, Asks: true}, func(r *bot.Request) { r.Version++ }, nil},
		"decided since":          {bot.Entry{What: bot.Asked, Asks: true}, func(r *bot.Request) { r.State = bot.Approved }, nil},
		"reminded":               {bot.Entry{What: bot.Reminded}, nil, []string{"ops"}},
		"reminded, then changed": {bot.Entry{What: bot.Reminded}, func(r *bot.Request) { r.Version++ }, nil},
		"reminded, then decided": {bot.Entry{What: bot.Reminded}, func(r *bot.Request) { r.State = bot.IsRejected }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			r := asked("slack")
			c.entry.By, c.entry.Version = ada, r.Version
			if c.before != nil {
				c.before(r)
			}
			line := plain().Line(Told{Request: r, Entry: c.entry, Thread: 1, Approvers: people})
			if diff := cmp.Diff(c.want, mentioned(line)); diff != "" {
				t.Errorf("%q notifies (-want +got):\n%s", line, diff)
			}
		})
	}
}

func TestWhatMayExistAllTheSameIsSaid(t *testing.T) {
	const perhaps = " It may exist on Genuin all the same: an earlier try got no answer."
	for name, c := range map[string]struct {
		end    func(r *bot.Request) error
		thread int
		want   string
	}{
		"denied":                             {func(r *bot.Request) error { return r.Deny(at(bot.Event{By: ben}, r), r.Version, "no", start) }, 0, "@Ada Ben denied Acme: no"},
		"withdrawn":                          {func(r *bot.Request) error { return r.Withdraw(bot.Event{By: ada}, r.Version, start) }, 0, "Ada withdrew it."},
		"expired":                            {func(r *bot.Request) error { return r.Awake(start.Add(time.Hour)) }, 0, "@Ada Nobody decided on Acme in time, so it expired."},
		"expired, where approvers are asked": {func(r *bot.Request) error { return r.Awake(start.Add(time.Hour)) }, 1, "Nobody decided on Acme in time, so it expired."},
		"approvers out of reach": {func(r *bot.Request) error { r.Unreachable(1, start); return nil }, 0,
			"@Ada The approvers could not be asked: I can't post where they are. The request is kept. " +
				"Please tell the people who run the bot; when they have added me there, press Try again on the card."},
	} {
		t.Run(name, func(t *testing.T) {
			r := asked("slack")
			r.Policy.Expiry, r.Calls.Lost = time.Hour, true
			r.Tasks[bot.Wake] = &bot.Task{Due: start}
			if err := c.end(r); err != nil {
				t.Fatal(err)
			}
			e := r.News()[len(r.News())-1]
			line := plain().Line(Told{Request: r, Entry: e, Thread: c.thread})
			if got := line.String(); got != c.want+perhaps || r.State != bot.Unclear {
				t.Errorf("%s: %q, want %q", r.State, got, c.want+perhaps)
			}
			has := buttons(plain().Card(r, 0, nil))
			for _, button := range standsOut(line) {
				if !slices.Contains(has, button) {
					t.Errorf("%q names %q, and the card has %q", line, button, has)
				}
			}
		})
	}
}

func TestButtonsByStateAndThread(t *testing.T) {
	by := func(u bot.User) bot.Event { return bot.Event{By: u, At: here} }
	for name, c := range map[string]struct {
		before func(r *bot.Request)
		one    string // the buttons of the only thread
		asker  string // of two threads, the requester's
		others string // … and the approvers'
		color  string
	}{
		"waits":         {nil, "Approve Deny… Ask-for-changes… Details Edit Withdraw Remind-approvers", "Details Edit Withdraw Remind-approvers", "Approve Deny… Ask-for-changes… Details", ""},
		"to be changed": {func(r *bot.Request) { r.State = bot.NeedsChange }, "Details Edit Withdraw", "Details Edit Withdraw", "Details", colorDoubt},
		"denied":        {func(r *bot.Request) { _ = r.Deny(at(by(ben), r), r.Version, "", start) }, "", "", "", colorFail},
		"withdrawn":     {func(r *bot.Request) { _ = r.Withdraw(by(ada), r.Version, start) }, "", "", "", ""},
		"expired":       {func(r *bot.Request) { r.State = bot.IsExpired }, "Ask-again", "Ask-again", "", ""},
		"approved": {func(r *bot.Request) {
			_ = r.Approve(at(by(ben), r), r.Version, start)
			_ = r.Approve(at(by(cleo), r), r.Version, start)
		}, "", "", "", ""},
		"nobody could be asked": {func(r *bot.Request) { r.Unreachable(len(r.Threads)-1, start) }, "Try-again Fix-and-resubmit", "Try-again Fix-and-resubmit", "", colorFail},
		"refused by Genuin":     {func(r *bot.Request) { r.State, r.Calls.Reason = bot.HasFailed, bot.BadRequest }, "Fix-and-resubmit", "Fix-and-resubmit", "", colorFail},
		"made":                  {func(r *bot.Request) { r.State = bot.IsCreated }, "", "", "", colorDone},
		"in doubt": {func(r *bot.Request) { r.State = bot.Unclear }, "It's-ours-–-add-link Choose-another-handle Try-again Fix-and-resubmit",
			"It's-ours-–-add-link Choose-another-handle Try-again Fix-and-resubmit", "", colorDoubt},
	} {
		for where, want := range map[string][]string{"": {c.one}, "slack": {c.asker, c.others}} {
			for i := range want {
				t.Run(fmt.Sprintf("%s, thread %d of %d", name, i, len(want)), func(t *testing.T) {
					r := asked(where)
					if c.before != nil {
						c.before(r)
					}
					card := plain().Card(r, i, nil)
					var got []string
					for _, label := range buttons(card) {
						got = append(got, strings.ReplaceAll(label, " ", "-"))
					}
					if strings.Join(got, " ") != want[i] || card.Color != c.color {
						t.Errorf("buttons %q on %q, want %q on %q", got, card.Color, want[i], c.color)
					}
					for _, a := range card.Actions {
						if call, err := bot.ParseCall(a.String()); err != nil || call.Values["id"] != "42" || len(a.String()) > 60 {
							t.Errorf("button %s carries %q", a.Label, a.Call)
						}
					}
				})
			}
		}
	}
}

// at moves an event to where a request is decided on.
func at(e bot.Event, r *bot.Request) bot.Event {
	e.At = r.Threads[len(r.Threads)-1].At
	return e
}

func TestAnEndOfWaitingIsOnTheCard(t *testing.T) {
	r := asked("")
	if got := fact(plain().Card(r, 0, nil), "Expires"); got != "" {
		t.Errorf("it expires %q", got)
	}
	r.Policy.Expiry = time.Hour
	if got := fact(plain().Card(r, 0, nil), "Expires"); got != "2026-03-01 10:00 UTC" {
		t.Errorf("it expires %q", got)
	}
	r.State = bot.NeedsChange
	if got := fact(plain().Card(r, 0, nil), "Expires"); got != "2026-03-01 10:00 UTC" {
		t.Errorf("it expires %q", got)
	}
}
