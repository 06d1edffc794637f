package commands

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"communitybot/bot"
)

// closing has a platform refuse posts at a place, as long as *closed says.
func closing(c *chat, place string, closed *bool) {
	c.before = func(op string, at bot.Place, _ bot.Card) error {
		if *closed && op == "post" && where(at) == place {
			return &bot.Error{Code: bot.NoAccess, Message: "not in the channel"}
		}
		return nil
	}
}

func TestApproversInAChannelThatIsClosed(t *testing.T) {
	w, c, closed := under(t, bot.Policy{Channel: there}), newChat(), true
	worker, _ := w.worker(nil, c)
	closing(c, "in C2", &closed)
	if err := worker.Ready(t.Context()); err != nil {
		t.Errorf("not ready before anybody was asked: %v", err)
	}
	r := w.ask(acme)
	w.shows(worker, c, r.ID, "in C1 c1-0-0")
	if err := worker.Ready(t.Context()); bot.CodeOf(err) != bot.NoAccess {
		t.Errorf("ready with %v", err)
	}
	w.shows(worker, c, r.ID, "redraw M1", "below M1 e1-0-2")
	if line := c.messages["M2"].card.Text.String(); !strings.Contains(line, "@Ada The approvers could not be asked") {
		t.Errorf("told %q", line)
	}
	failed := w.load(r.ID)
	if diff := cmp.Diff([]string{labelRetry, labelFix}, buttons(c.messages["M1"].card)); diff != "" || failed.State != bot.HasFailed {
		t.Errorf("%s, buttons (-want +got):\n%s", failed.State, diff)
	}

	w.does(w.press(ada, bot.Open, failed, nameRetry, nil)) // and it is closed still
	w.shows(worker, c, r.ID, "redraw M1", "below M1 e1-0-4")
	w.shows(worker, c, r.ID, "redraw M1", "below M1 e1-0-6")

	closed = false
	w.does(w.press(ada, bot.Open, w.load(r.ID), nameRetry, nil))
	w.shows(worker, c, r.ID, "redraw M1", "below M1 e1-0-8",
		"in C2 c1-1-0", "below M6 e1-1-1", "below M6 e1-1-4", "below M6 e1-1-8")
	if now := w.load(r.ID); now.State != bot.Pending || worker.Ready(t.Context()) != nil {
		t.Errorf("it is %s, ready with %v", now.State, worker.Ready(t.Context()))
	}
}

func TestTheRequestersChannelIsClosedAndIsTheApproversToo(t *testing.T) {
	w, c, closed := under(t, bot.Policy{}), newChat(), true
	worker, _ := w.worker(nil, c)
	closing(c, "in C1", &closed)
	r := w.ask(acme)
	w.shows(worker, c, r.ID, "to U1 c1-0-0", "below M1 e1-0-1", "below M1 e1-0-2", "below M1 e1-0-3")
	if line := c.messages["M4"].card.Text.String(); !strings.Contains(line, "The approvers could not be asked") {
		t.Errorf("told %q", line)
	}
	failed := w.load(r.ID)
	if failed.State != bot.HasFailed || !failed.Retryable() {
		t.Fatalf("request %+v", failed)
	}
	closed = false
	w.clock.Move(time.Hour)
	w.does(w.press(ada, bot.Submit, failed, nameFix, bot.Values{fieldHandle: "acme-2"}))
	w.shows(worker, c, r.ID, "in C1 c1-0-1", "below M5 e1-0-7")
	if now := w.load(r.ID); now.State != bot.Pending {
		t.Errorf("it is %s", now.State)
	}
	if got := buttons(c.messages["M5"].card); len(got) != 7 || got[0] != "Approve" {
		t.Errorf("buttons %q", got)
	}
}

func TestAPlatformThatNeverTakesACardIsAsGoodAsClosed(t *testing.T) {
	w, c := under(t, bot.Policy{Channel: there}), newChat()
	worker, log := w.worker(nil, c)
	c.before = func(_ string, at bot.Place, _ bot.Card) error {
		if at.Channel == "C2" {
			return errors.New("invalid_blocks")
		}
		return nil
	}
	r := w.ask(acme)
	for range 20 {
		if err := w.do(worker, bot.Sync, r.ID); err != nil {
			t.Fatal(err)
		}
		if w.load(r.ID).State == bot.HasFailed {
			break
		}
		w.later(r.ID)
	}
	if now := w.load(r.ID); now.State != bot.HasFailed || now.Calls.Reason != bot.NobodyAsked || !log.has("trying it in plain words") {
		t.Errorf("it is %s because %s", now.State, now.Calls.Reason)
	}
}

func TestACardThePlatformRefusesGoesInPlainWords(t *testing.T) {
	w, c := newWorld(t), newChat()
	worker, log := w.worker(nil, c)
	c.before = func(_ string, _ bot.Place, card bot.Card) error {
		if len(card.Facts) > 0 {
			return errors.New("invalid_blocks")
		}
		return nil
	}
	r := w.ask(acme)
	w.shows(worker, c, r.ID, "in C1 c1-0-0")
	w.call(r.ID, because(bot.BadRequest))
	w.shows(worker, c, r.ID, "redraw M1", "below M1 e1-0-3")
	card := c.messages["M1"].card
	if card.Title != "Acme" || !strings.Contains(card.Text.String(), "did not make it") || len(card.Actions) != 1 || card.Thread != "Acme" || !log.has("plain words") {
		t.Errorf("card %+v", card)
	}
}

func TestWakingIsAJob(t *testing.T) {
	w := under(t, bot.Policy{Reminder: 24 * time.Hour, Expiry: 72 * time.Hour})
	worker, _ := w.worker(nil, nil)
	r := w.ask(acme)
	if err := w.do(worker, bot.Wake, r.ID); !errors.Is(err, bot.ErrNoTask) {
		t.Errorf("before its time: %v", err)
	}
	for range 2 {
		w.clock.Move(w.load(r.ID).Tasks[bot.Wake].Due.Sub(w.clock.Now()))
		if err := w.do(worker, bot.Wake, r.ID); err != nil {
			t.Fatal(err)
		}
		if err := w.do(worker, bot.Wake, r.ID); !errors.Is(err, bot.ErrNoTask) {
			t.Errorf("twice: %v", err)
		}
	}
	if diff := cmp.Diff([]bot.What{bot.Asked, bot.Reminded, bot.Expired}, w.happened(r.ID)); diff != "" || w.load(r.ID).State != bot.IsExpired {
		t.Errorf("history (-want +got):\n%s", diff)
	}
}

func TestAnOldCardThatIsPressedIsDrawnAgain(t *testing.T) {
	w, c := under(t, bot.Policy{}), newChat()
	worker, _ := w.worker(nil, c)
	r := w.ask(acme)
	w.shows(worker, c, r.ID, "in C1 c1-0-0", "below M1 e1-0-1")
	w.does(w.press(ben, bot.Submit, r, nameDeny, nil))
	w.shows(worker, c, r.ID, "redraw M1", "below M1 e1-0-3")
	for place, want := range map[string][]string{"M1": {"redraw M1"}, "": nil, "M2": nil} {
		e := w.press(cleo, bot.Open, r, nameApprove, nil)
		e.At.Message = place
		if got := w.refused(e, bot.Conflict); got.Message != "Nothing was changed: it was denied." {
			t.Errorf("message %q", got.Message)
		}
		if want == nil {
			if err := w.do(worker, bot.Sync, r.ID); !errors.Is(err, bot.ErrNoTask) {
				t.Errorf("pressed on %q, and drawn again: %v", place, err)
			}
			continue
		}
		w.shows(worker, c, r.ID, want...)
	}
}
