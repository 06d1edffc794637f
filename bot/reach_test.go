package bot_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"communitybot/bot"
)

func TestApproversWhoCantBeReached(t *testing.T) {
	retry := func(r *bot.Request) error { return r.Retry(by(ben), r.Version, start) }
	rename := func(r *bot.Request) error {
		return r.Resend(by(ada), r.Version, bot.Community{Name: "Acme", Handle: "acme-2"}, "for us", "", start)
	}
	asItWas := func(r *bot.Request) error { return r.Resend(by(ada), r.Version, r.Community, r.Why, "", start) }
	for name, c := range map[string]struct {
		channel bot.Place
		told    []bot.What
	}{
		"in a channel of their own":      {there, []bot.What{bot.Asked, bot.Agreed, bot.Failed}},
		"where the requester's card was": {bot.Place{}, []bot.What{bot.Asked, bot.Agreed, bot.Hidden, bot.Failed}},
	} {
		for how, goOn := range map[string]func(*bot.Request) error{"tried again": retry, "sent again with another handle": rename, "sent again as it was": asItWas} {
			t.Run(name+", "+how, func(t *testing.T) {
				r := waiting(bot.Policy{Channel: c.channel, Expiry: time.Hour})
				i := len(r.Threads) - 1
				agree(t, r, ben)
				r.Unreachable(i, start)
				if diff := cmp.Diff(c.told, happened(r)); diff != "" || r.State != bot.HasFailed || r.Calls.Reason != bot.NobodyAsked || !r.Retryable() || r.Tasks[bot.Wake] != nil {
					t.Fatalf("%s because %s, history (-want +got):\n%s", r.State, r.Calls.Reason, diff)
				}
				r.Unreachable(i, start) // that the request failed is not said again
				if again := happened(r)[len(c.told):]; r.Calls.Count != 0 || (i > 0) != (len(again) == 0) || i == 0 && !slices.Equal(again, []bot.What{bot.Fading}) {
					t.Errorf("history %v", happened(r))
				}
				if err := goOn(r); err != nil {
					t.Fatal(err)
				}
				want := here
				if c.channel.Channel != "" {
					want = c.channel
				}
				asked := r.Threads[len(r.Threads)-1]
				if asked.Dead || asked.Private || asked.At != want || r.State != bot.Pending || r.Count() != "0/2" || r.Tasks[bot.Wake] == nil {
					t.Errorf("%s, thread %+v; want the approvers asked again, in %+v", r.State, asked, want)
				}
				if mine := r.Threads[0]; len(r.Threads) != 2 || mine.Private != (i == 0) || !r.AsksIn(1) || !last(r).Asks {
					t.Errorf("threads %+v, last %+v; want the requester's where it was, and a second one", r.Threads, last(r))
				}
			})
		}
	}
}

func TestTheRequestersChannelIsClosedAndTheApproversIsNot(t *testing.T) {
	r := waiting(bot.Policy{Channel: there})
	r.Unreachable(0, start)
	if r.State != bot.Pending || !r.Threads[0].Private || r.Threads[1].Dead || last(r).What != bot.Hidden {
		t.Errorf("request %+v", r)
	}
	r.Unreachable(0, start)
	if mine := r.Threads[0]; r.State != bot.Pending || mine.Dead || !mine.Fading || mine.At.Channel != here.Channel || mine.At.User != ada.ID || last(r).What != bot.Fading {
		t.Errorf("request %+v", r)
	}
	r.Unreachable(0, start)
	if r.State != bot.Pending || !r.Threads[0].Dead {
		t.Errorf("request %+v", r)
	}
}

func TestApproversAreAskedAgainAfterTheirChannelWasClosed(t *testing.T) {
	for name, channel := range map[string]bot.Place{"of their own": there, "of the requester": {}} {
		t.Run(name, func(t *testing.T) {
			r := waiting(bot.Policy{Channel: channel})
			agree(t, r, ben, cleo)
			call(t, r, refused(bot.BadRequest))
			i := len(r.Threads) - 1
			r.Unreachable(i, start) // nobody is to be asked there now, and nothing fails
			if r.Calls.Reason != bot.BadRequest {
				t.Fatalf("because %s", r.Calls.Reason)
			}
			c := r.Community
			c.Description = "fixed"
			if err := r.Resend(by(ada), r.Version, c, "for us", "Description", start); err != nil {
				t.Fatal(err)
			}
			asked := r.Threads[len(r.Threads)-1]
			if r.State != bot.Pending || asked.Dead || asked.Private || len(r.Threads) != 2 {
				t.Errorf("it is %s, and its approvers are asked in %+v", r.State, asked)
			}
		})
	}
}

func TestACardThatStandsWhereNothingCanBeTold(t *testing.T) {
	card := func(r *bot.Request, i int) {
		r.Posted(i, bot.Place{Platform: "slack", Tenant: "T1", Channel: r.Threads[i].At.Channel, Message: "M1"}, r.Changed)
	}
	t.Run("is where approvers go on", func(t *testing.T) {
		r := waiting(bot.Policy{})
		card(r, 0)
		agree(t, r, ben)
		r.Untold(0, r.Entries, start)
		if r.State != bot.Pending || r.Count() != "1/2" || !r.Threads[0].Private || len(r.Threads) != 2 || !r.AsksIn(1) || r.AskedAt().Message != "M1" {
			t.Fatalf("%s, %s agreed, threads %+v", r.State, r.Count(), r.Threads)
		}
		r.Untold(1, r.Entries, start)
		if r.State != bot.Pending || r.Threads[1].Dead || r.Threads[1].Told != r.Entries {
			t.Errorf("%s, threads %+v", r.State, r.Threads)
		}
	})
	t.Run("is nobody's to decide on", func(t *testing.T) {
		r := waiting(bot.Policy{Channel: there})
		card(r, 0)
		r.Untold(0, r.Entries, start)
		left := r.Threads[len(r.Threads)-1]
		if r.State != bot.Pending || len(r.Threads) != 3 || !left.Left || !r.AsksIn(1) || r.Hears(2, last(r)) || r.AskedAt() != there {
			t.Errorf("%s, threads %+v", r.State, r.Threads)
		}
	})
	t.Run("and then can't be redrawn either", func(t *testing.T) {
		r := waiting(bot.Policy{})
		card(r, 0)
		r.Unreachable(0, start)
		if r.State != bot.HasFailed || r.Calls.Reason != bot.NobodyAsked || len(r.Threads) != 2 || !r.Threads[1].Dead {
			t.Fatalf("%s, threads %+v", r.State, r.Threads)
		}
		if err := r.Retry(by(ben), r.Version, start); err != nil || r.Threads[1].Dead || r.AskedAt().Message != "M1" || len(r.Threads) != 2 {
			t.Errorf("%v, threads %+v", err, r.Threads)
		}
	})
}
