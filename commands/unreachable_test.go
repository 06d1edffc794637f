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
	w.shows(worker, c, r.ID, "to U1 c1-0-0", "below M1 e1-0-2", "below M1 e1-0-3")
	if line := c.messages["M3"].card.Text.String(); !strings.Contains(line, "The approvers could not be asked") {
		t.Errorf("told %q", line)
	}
	failed := w.load(r.ID)
	if failed.State != bot.HasFailed || !failed.Retryable() {
		t.Fatalf("request %+v", failed)
	}
	closed = false
	w.clock.Move(time.Hour)
	w.does(w.press(ada, bot.Submit, failed, nameFix, bot.Values{fieldHandle: "acme-2"}))
	w.shows(worker, c, r.ID, "redraw M1", "below M1 e1-0-6", "in C1 c1-1-0", "below M5 e1-1-1", "below M5 e1-1-6")
	if now := w.load(r.ID); now.State != bot.Pending || !now.Threads[0].Private {
		t.Errorf("it is %s, threads %+v", now.State, now.Threads)
	}
	for message, want := range map[string][]string{
		"M1": {"Details", "Edit", "Withdraw", "Remind approvers"}, "M5": {"Approve", "Deny…", "Ask for changes…", "Details"},
	} {
		if diff := cmp.Diff(want, buttons(c.messages[message].card)); diff != "" {
			t.Errorf("buttons of %s (-want +got):\n%s", message, diff)
		}
	}
	approve := w.press(ben, bot.Open, w.load(r.ID), nameApprove, nil)
	approve.At.Message = "M5"
	w.does(approve)
	if now := w.load(r.ID); !now.Voted(ben) {
		t.Error("an approver who is asked there can't decide")
	}
}

func TestAClosedChannelOfTheApproversCountsForFiveMinutes(t *testing.T) {
	for name, channel := range map[string]bot.Place{"of their own": there, "where it was asked": here} {
		t.Run(name, func(t *testing.T) {
			w, c, closed := under(t, bot.Policy{Channel: channel}), newChat(), true
			worker, _ := w.worker(nil, c)
			closing(c, where(channel), &closed)
			r := w.ask(acme)
			ready := func(want bot.Code, when string) {
				t.Helper()
				if err := worker.Ready(t.Context()); bot.CodeOf(err) != want {
					t.Errorf("%s: ready with %v, want %q", when, err, want)
				}
			}
			if err := w.do(worker, bot.Sync, r.ID); err != nil {
				t.Fatal(err)
			}
			ready(bot.NoAccess, "at once")
			w.clock.Move(notReady - 1)
			ready(bot.NoAccess, "a moment before the end")
			w.clock.Move(1)
			ready("", "five minutes later")

			w.clock.Move(-1)
			closed = false
			w.does(w.press(ada, bot.Open, w.load(r.ID), nameRetry, nil))
			if err := w.do(worker, bot.Sync, r.ID); err != nil {
				t.Fatal(err)
			}
			ready("", "as soon as somebody could be asked there")
		})
	}
	t.Run("but not one that is the requester's alone", func(t *testing.T) {
		w, c, closed := under(t, bot.Policy{}), newChat(), true
		worker, _ := w.worker(nil, c)
		closing(c, "in C1", &closed)
		if err := w.do(worker, bot.Sync, w.ask(acme).ID); err != nil || worker.Ready(t.Context()) != nil {
			t.Errorf("%v, ready with %v", err, worker.Ready(t.Context()))
		}
	})
}

func TestApproversOnAPlatformThatIsNotConfigured(t *testing.T) {
	w, c := under(t, bot.Policy{Channel: bot.Place{Platform: "discord", Tenant: "G1", Channel: "D1"}}), newChat()
	worker, _ := w.worker(nil, c)
	r := w.ask(acme)
	w.shows(worker, c, r.ID, "in C1 c1-0-0")
	if now := w.load(r.ID); now.State != bot.HasFailed || now.Calls.Reason != bot.NobodyAsked {
		t.Errorf("it is %s because %q", now.State, now.Calls.Reason)
	}
	if err := worker.Ready(t.Context()); err == nil || !strings.Contains(err.Error(), "is on discord, which is not configured") {
		t.Errorf("ready with %v", err)
	}
	w.shows(worker, c, r.ID, "redraw M1", "below M1 e1-0-2")
}

func TestNobodyUnknownIsMentioned(t *testing.T) {
	broken := directory{names: slack.names, broken: map[string]error{"S1": &bot.Error{Code: bot.Busy}}}
	world := func(t *testing.T) (*world, bot.Request) {
		w := newWorld(t, func(o *Options) {
			o.Directories = map[string]bot.Directory{"slack": broken}
			o.Policy = bot.Policy{Required: 1, Channel: there, Approvers: approvers}
		})
		return w, w.ask(acme)
	}
	t.Run("until the platform says who they are", func(t *testing.T) {
		w, r := world(t)
		c := newChat()
		worker, _ := w.worker(nil, c)
		w.shows(worker, c, r.ID, "in C1 c1-0-0", "in C2 c1-1-0")
		worker.Directories["slack"] = slack
		w.later(r.ID)
		w.shows(worker, c, r.ID, "below M2 e1-1-1")
		if line := c.messages["M3"].card.Text.String(); !strings.HasPrefix(line, "@Ben @ops Ada asks for Acme.") {
			t.Errorf("told %q", line)
		}
	})
	t.Run("or for ever, when it never does", func(t *testing.T) {
		w, r := world(t)
		c := newChat()
		worker, _ := w.worker(nil, c)
		w.shows(worker, c, r.ID, "in C1 c1-0-0", "in C2 c1-1-0")
		for range hopeless - 1 {
			w.later(r.ID)
			w.shows(worker, c, r.ID)
		}
		w.later(r.ID)
		w.shows(worker, c, r.ID, "below M2 e1-1-1")
		if line := c.messages["M3"].card.Text.String(); !strings.Contains(line, "@an approver Ada asks for Acme.") || w.load(r.ID).State != bot.Pending {
			t.Errorf("told %q", line)
		}
	})
	t.Run("and the requester hears of it all the same", func(t *testing.T) {
		w, r := world(t)
		c := newChat()
		worker, _ := w.worker(nil, c)
		w.does(w.press(ada, bot.Open, r, nameWithdraw, nil))
		w.shows(worker, c, r.ID, "in C1 c1-0-0", "below M1 e1-0-2", "in C2 c1-1-0")
	})
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

func TestApproversWhoseChannelDoesNotAnswer(t *testing.T) {
	w, c, busy := under(t, bot.Policy{Channel: there}), newChat(), true
	worker, _ := w.worker(nil, c)
	c.before = func(op string, at bot.Place, _ bot.Card) error {
		if busy && op == "post" && where(at) == "in C2" {
			return &bot.Error{Code: bot.Busy}
		}
		return nil
	}
	r := w.ask(acme)
	w.shows(worker, c, r.ID, "in C1 c1-0-0", "redraw M1", "below M1 e1-0-2")
	if line := c.messages["M2"].card.Text.String(); !strings.Contains(line, "can't be asked at the moment") {
		t.Errorf("told %q", line)
	}
	if bot.CodeOf(worker.Ready(t.Context())) != bot.Busy {
		t.Errorf("ready with %v", worker.Ready(t.Context()))
	}
	w.clock.Move(time.Minute)
	w.shows(worker, c, r.ID) // it is told once
	busy = false
	w.clock.Move(time.Minute)
	w.shows(worker, c, r.ID, "in C2 c1-1-0", "redraw M3", "below M3 e1-1-1")
	if now := w.load(r.ID); now.State != bot.Pending || worker.Ready(t.Context()) != nil {
		t.Errorf("it is %s, ready with %v", now.State, worker.Ready(t.Context()))
	}
}

func TestARequesterWhoCantBeReachedHearsTheNewsWhereTheyTyped(t *testing.T) {
	w, c := newWorld(t), newChat()
	worker, _ := w.worker(answers(nil), c)
	c.before = func(op string, at bot.Place, _ bot.Card) error {
		if fading := at.Channel != "" && at.User != ""; op == "update" || !fading {
			return &bot.Error{Code: bot.NoAccess}
		}
		return nil
	}
	r := w.ask(acme)
	w.shows(worker, c, r.ID, "to U1 in C1 c1-0-0", "to U1 in C1 e1-0-3")
	if line := c.messages["M2"].card.Text.String(); !strings.Contains(line, "nor write to you") || !strings.Contains(line, "/communities show 1") {
		t.Errorf("told %q", line)
	}
	if err := w.do(worker, bot.Make, r.ID); err != nil {
		t.Fatal(err)
	}
	w.shows(worker, c, r.ID, "to U1 in C1 e1-0-6") // the card can't be redrawn, and the outcome is told
	if line := c.messages["M3"].card.Text.String(); !strings.Contains(line, "https://genuin.test/acme") {
		t.Errorf("told %q", line)
	}
}

func TestANoticeOfAWayThatIsOverEndsTheThread(t *testing.T) {
	w, c := newWorld(t), newChat()
	worker, _ := w.worker(answers(because(bot.HandleTaken)), c)
	c.before = func(string, bot.Place, bot.Card) error { return &bot.Error{Code: bot.NoAccess} }
	r := w.ask(acme)
	w.shows(worker, c, r.ID)
	w.shows(worker, c, r.ID) // that it goes nowhere is news, too, and nobody is left to tell
	if now := w.load(r.ID); !now.Threads[0].Dead || now.Tasks[bot.Sync] != nil {
		t.Errorf("threads %+v, tasks %v", now.Threads, now.Tasks)
	}
	if err := w.do(worker, bot.Make, r.ID); err != nil {
		t.Fatal(err)
	}
	w.shows(worker, c, r.ID)
	if got := w.toldBy(w.event(ada, bot.Open, bot.Call{Command: nameCommunities, Values: bot.Values{"text": "show 1"}})); !strings.Contains(got, "Genuin did not make it") {
		t.Errorf("asked about, it says %q", got)
	}
}

func TestAFadingThreadSavesItsWordsAndHasTheButtons(t *testing.T) {
	w, c := under(t, bot.Policy{Required: 2, Channel: there}), newChat()
	worker, _ := w.worker(answers(because(bot.BadRequest)), c)
	c.before = func(op string, at bot.Place, _ bot.Card) error {
		if at.Channel == there.Channel || at.Channel != "" && at.User != "" {
			return nil
		}
		return &bot.Error{Code: bot.NoAccess}
	}
	r := w.ask(acme)
	w.shows(worker, c, r.ID, "to U1 in C1 c1-0-0", "to U1 in C1 e1-0-3", "in C2 c1-1-0", "below M3 e1-1-1")
	for i, who := range []bot.User{ben, cleo} {
		approve := w.press(who, bot.Open, w.load(r.ID), nameApprove, nil)
		approve.At = bot.Place{Platform: "slack", Tenant: "T1", Channel: there.Channel, Message: "M3"}
		w.does(approve)
		if i == 0 {
			w.shows(worker, c, r.ID, "redraw M3", "below M3 e1-1-6")
		}
	}
	if err := w.do(worker, bot.Make, r.ID); err != nil {
		t.Fatal(err)
	}
	w.saw(c, r.ID)
	if err := w.do(worker, bot.Sync, r.ID); err != nil {
		t.Fatal(err)
	}
	var last string
	for _, line := range w.saw(c, r.ID) {
		if strings.HasPrefix(line, "to U1 in C1") {
			last += line + ";"
		}
	}
	if strings.Count(last, ";") != 1 {
		t.Errorf("the requester is told %q: only the outcome is worth one of the few words left", last)
	}
	for _, m := range c.messages {
		if strings.Contains(m.card.Text.String(), "Fix and resubmit") {
			if diff := cmp.Diff([]string{labelFix}, buttons(m.card)); diff != "" {
				t.Errorf("buttons beside what tells to press them (-want +got):\n%s", diff)
			}
		}
	}
}

func TestAChannelThatOnlyAsksToWaitIsNotOut(t *testing.T) {
	w, c := under(t, bot.Policy{Channel: there}), newChat()
	worker, _ := w.worker(nil, c)
	busy := true
	c.before = func(_ string, at bot.Place, _ bot.Card) error {
		if at.Channel == there.Channel && busy {
			return &bot.Error{Code: bot.Busy, RetryAfter: time.Second}
		}
		return nil
	}
	r := w.ask(acme)
	w.shows(worker, c, r.ID, "in C1 c1-0-0") // and nothing about approvers who can't be asked
	second := w.ask(bot.Values{fieldName: "Two"})
	w.shows(worker, c, second.ID, "in C1 c2-0-0")
	if err := worker.Ready(t.Context()); err != nil {
		t.Errorf("not ready, because a platform is busy: %v", err)
	}
	busy = false
	w.later(r.ID)
	w.shows(worker, c, r.ID, "in C2 c1-1-0", "redraw M3", "below M3 e1-1-1")
}
