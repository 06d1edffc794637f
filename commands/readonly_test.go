package commands

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"communitybot/bot"
)

// readOnly has a platform refuse what goes to a channel, messages and replies, from now on; cards there can still be redrawn.
func readOnly(c *chat, channel string) {
	c.before = func(op string, at bot.Place, _ bot.Card) error {
		if op == "post" && at.Channel == channel && at.User == "" {
			return &bot.Error{Code: bot.NoAccess, Message: "read only"}
		}
		return nil
	}
}

// presses has somebody press a button of a card.
func (w *world) presses(who bot.User, at bot.Place, r bot.Request, name string) {
	w.t.Helper()
	e := w.press(who, bot.Open, w.load(r.ID), name, nil)
	e.At = at
	w.does(e)
}

func (w *world) buttonsOf(c *chat, message string, want ...string) {
	w.t.Helper()
	if diff := cmp.Diff(want, buttons(c.messages[message].card)); diff != "" {
		w.t.Errorf("buttons of %s (-want +got):\n%s", message, diff)
	}
}

func TestAChannelThatTurnsReadOnlyEndsNoRequest(t *testing.T) {
	w, c := under(t, bot.Policy{Required: 2}), newChat()
	worker, _ := w.worker(nil, c)
	r := w.ask(acme)
	w.shows(worker, c, r.ID, "in C1 c1-0-0", "below M1 e1-0-1")
	readOnly(c, "C1")
	card := bot.Place{Platform: "slack", Tenant: "T1", Channel: "C1", Message: "M1"}
	w.presses(ben, card, r, nameApprove)
	w.shows(worker, c, r.ID, "redraw M1", "to U1 c1-0-1", "below M3 e1-0-3", "below M3 e1-0-4", "redraw M1")
	if now := w.load(r.ID); now.State != bot.Pending || now.Count() != "1/2" {
		t.Fatalf("it is %s, %s agreed", now.State, now.Count())
	}
	w.buttonsOf(c, "M1", "Approve", "Deny…", "Ask for changes…", "Details")
	w.buttonsOf(c, "M3", "Details", "Edit", "Withdraw", "Remind approvers")

	w.presses(cleo, card, r, nameApprove)
	w.shows(worker, c, r.ID, "redraw M3", "below M3 e1-0-7", "redraw M1")
	if now := w.load(r.ID); now.State != bot.Approved || len(now.Threads) != 2 {
		t.Errorf("it is %s, threads %+v", now.State, now.Threads)
	}
	w.buttonsOf(c, "M1")
}

func TestApproversWhoHaveTheCardButNoLines(t *testing.T) {
	for name, channel := range map[string]bot.Place{"in a channel of their own": there, "where it was asked": here} {
		t.Run(name, func(t *testing.T) {
			w, c := under(t, bot.Policy{Required: 1, Channel: channel}), newChat()
			worker, _ := w.worker(nil, c)
			c.before = func(op string, at bot.Place, _ bot.Card) error {
				if op == "post" && at.Message != "" && at.Channel == channel.Channel {
					return &bot.Error{Code: bot.NoAccess, Message: "no threads"}
				}
				return nil
			}
			r := w.ask(acme)
			if err := w.do(worker, bot.Sync, r.ID); err != nil {
				t.Fatal(err)
			}
			w.saw(c, r.ID)
			now := w.load(r.ID)
			asked := now.AskedAt()
			if now.State != bot.Pending || asked.Message == "" || !slices.Contains(buttons(c.messages[asked.Message].card), "Approve") {
				t.Fatalf("it is %s, threads %+v", now.State, now.Threads)
			}
			w.presses(ben, asked, r, nameApprove)
			if err := w.do(worker, bot.Sync, r.ID); err != nil {
				t.Fatal(err)
			}
			if now := w.load(r.ID); now.State != bot.Approved || slices.Contains(buttons(c.messages[asked.Message].card), "Approve") {
				t.Errorf("it is %s, buttons %v", now.State, buttons(c.messages[asked.Message].card))
			}
		})
	}
}

func TestTheCardThatIsLeftHasNoButtonsOfTheRequesters(t *testing.T) {
	for name, policy := range map[string]bot.Policy{"nobody decides": {}, "it is decided elsewhere": {Required: 1, Channel: there}} {
		t.Run(name, func(t *testing.T) {
			w, c := newWorld(t, func(o *Options) { o.Policy = policy }), newChat()
			worker, _ := w.worker(answers(because(bot.BadRequest)), c)
			r := w.ask(acme)
			if err := w.do(worker, bot.Sync, r.ID); err != nil {
				t.Fatal(err)
			}
			readOnly(c, "C1")
			if now := w.load(r.ID); policy.Required > 0 {
				w.presses(ben, now.AskedAt(), r, nameApprove)
			}
			if err := w.do(worker, bot.Make, r.ID); err != nil {
				t.Fatal(err)
			}
			if err := w.do(worker, bot.Sync, r.ID); err != nil {
				t.Fatal(err)
			}
			now := w.load(r.ID)
			last := now.Threads[len(now.Threads)-1]
			if !now.Threads[0].Private || last.At.Message != "M1" || last.Dead || now.AskedAt() == last.At && policy.Required > 0 {
				t.Fatalf("threads %+v", now.Threads)
			}
			w.buttonsOf(c, "M1")
			w.buttonsOf(c, now.Threads[0].At.Message, labelFix)
		})
	}
}

func TestACardThatCantBeRedrawnIsUsedWhenTheChannelOpensAgain(t *testing.T) {
	w, c, closed := under(t, bot.Policy{}), newChat(), false
	worker, _ := w.worker(nil, c)
	c.before = func(_ string, at bot.Place, _ bot.Card) error {
		if closed && at.Channel == "C1" {
			return &bot.Error{Code: bot.NoAccess, Message: "archived"}
		}
		return nil
	}
	r := w.ask(acme)
	w.shows(worker, c, r.ID, "in C1 c1-0-0", "below M1 e1-0-1")
	closed = true
	w.does(w.press(ada, bot.Open, r, nameRemind, nil))
	w.shows(worker, c, r.ID, "to U1 c1-0-1", "below M3 e1-0-4", "below M3 e1-0-5")
	if now := w.load(r.ID); now.State != bot.HasFailed || now.Calls.Reason != bot.NobodyAsked {
		t.Fatalf("it is %s because %s", now.State, now.Calls.Reason)
	}
	closed = false
	w.presses(ada, w.load(r.ID).Threads[0].At, r, nameRetry)
	w.shows(worker, c, r.ID, "redraw M3", "below M3 e1-0-8", "redraw M1", "below M1 e1-1-3", "below M1 e1-1-8")
	if now := w.load(r.ID); now.State != bot.Pending || now.AskedAt().Message != "M1" {
		t.Errorf("it is %s, threads %+v", now.State, now.Threads)
	}
	w.buttonsOf(c, "M1", "Approve", "Deny…", "Ask for changes…", "Details")
}
