package bot_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"communitybot/bot"
)

// doubted is a request that people decide on while an earlier call may have made its community.
func doubted(t *testing.T, p bot.Policy) *bot.Request {
	t.Helper()
	r := waiting(p)
	agree(t, r, ben, cleo)
	call(t, r, refused(bot.NoAnswer))
	call(t, r, refused(bot.BadRequest))
	c := r.Community
	c.Description = "fixed"
	if err := r.Resend(by(ada), r.Version, c, r.Why, "Description", start); err != nil {
		t.Fatal(err)
	}
	if r.State != bot.Pending || !r.Calls.Lost {
		t.Fatalf("it is %s, calls %+v", r.State, r.Calls)
	}
	return r
}

func TestWhatMayExistIsNotGoneBecausePeopleDecideOtherwise(t *testing.T) {
	for name, c := range map[string]struct {
		end  func(r *bot.Request) error
		last bot.What
		sure bot.State // without doubt
	}{
		"denied":    {func(r *bot.Request) error { return r.Deny(by(ben), r.Version, "", start) }, bot.Denied, bot.IsRejected},
		"withdrawn": {func(r *bot.Request) error { return r.Withdraw(by(ada), r.Version, start) }, bot.Withdrawn, bot.IsWithdrawn},
		"expired":   {func(r *bot.Request) error { return r.Awake(start.Add(time.Hour)) }, bot.Expired, bot.IsExpired},
		"approvers out of reach": {func(r *bot.Request) error { r.Unreachable(0, start); return nil }, bot.Failed,
			bot.HasFailed},
	} {
		t.Run(name, func(t *testing.T) {
			for want, r := range map[bot.State]*bot.Request{c.sure: waiting(bot.Policy{Expiry: time.Hour}), bot.Unclear: doubted(t, bot.Policy{Expiry: time.Hour})} {
				if err := c.end(r); err != nil {
					t.Fatal(err)
				}
				if r.State != want || last(r).What != c.last || r.Tasks[bot.Wake] != nil || r.State.Holds() != (want == bot.Unclear) {
					t.Errorf("it is %s after %s, want %s", r.State, last(r).What, want)
				}
			}
		})
	}
	r := doubted(t, bot.Policy{})
	agree(t, r, ben, cleo)
	if r.State != bot.Approved {
		t.Errorf("agreed to, it is %s", r.State)
	}
}

func TestAnotherHandleForgetsTheCalls(t *testing.T) {
	type act = func(r *bot.Request, c bot.Community) error
	edit := func(r *bot.Request, c bot.Community) error { return r.Edit(by(ada), r.Version, c, r.Why, "", start) }
	resend := func(r *bot.Request, c bot.Community) error {
		if err := r.Deny(by(ben), r.Version, "", start); err != nil { // in doubt again
			return err
		}
		return r.Resend(by(ada), r.Version, c, r.Why, "", start)
	}
	for name, change := range map[string]act{"edited": edit, "sent again": resend} {
		for handle, lost := range map[string]bool{"acme": true, "acme-2": false} {
			t.Run(name+" as "+handle, func(t *testing.T) {
				r := doubted(t, bot.Policy{})
				c := r.Community
				c.Handle, c.Description = handle, "another"
				if err := change(r, c); err != nil {
					t.Fatal(err)
				}
				if r.State != bot.Pending || r.Calls.Lost != lost {
					t.Errorf("it is %s, calls %+v", r.State, r.Calls)
				}
			})
		}
	}
}

func TestNobodyDecidesAfterTheEnd(t *testing.T) {
	for name, decide := range map[string]func(r *bot.Request, now time.Time) error{
		"approve": func(r *bot.Request, now time.Time) error { return r.Approve(by(ben), r.Version, now) },
		"deny":    func(r *bot.Request, now time.Time) error { return r.Deny(by(ben), r.Version, "", now) },
		"changes": func(r *bot.Request, now time.Time) error { return r.AskForChanges(by(ben), r.Version, "x", now) },
	} {
		for after, want := range map[time.Duration]error{time.Hour - 1: nil, time.Hour: bot.ErrExpired, 2 * time.Hour: bot.ErrExpired} {
			t.Run(name+" after "+after.String(), func(t *testing.T) {
				r := waiting(bot.Policy{Expiry: time.Hour})
				entries := r.Entries
				err := decide(r, start.Add(after))
				if !errors.Is(err, want) || (err == nil) != (want == nil) || (r.Entries == entries) != (err != nil) {
					t.Errorf("error %v, want %v, and %d entries after %d", err, want, r.Entries, entries)
				}
			})
		}
	}
}

func TestEntriesSayWhetherApproversAreAsked(t *testing.T) {
	asks := func(r *bot.Request) (all []bot.What) {
		for _, e := range r.News() {
			if e.Asks {
				all = append(all, e.What)
			}
		}
		return all
	}
	unreached := waiting(bot.Policy{Channel: there})
	unreached.Unreachable(1, start)
	changed, agreed, alone := waiting(bot.Policy{}), waiting(bot.Policy{}), request()
	agree(t, agreed, ben, cleo)
	for _, r := range []*bot.Request{agreed, alone} {
		call(t, r, refused(bot.Unauthorized))
	}
	for _, err := range []error{
		unreached.Retry(by(ada), unreached.Version, start),
		changed.Edit(by(ada), changed.Version, bot.Community{Name: "B"}, "", "", start),
		changed.Remind(by(ada), changed.Version, start),
		agreed.Retry(by(ada), agreed.Version, start),
		alone.Retry(by(ada), alone.Version, start),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		r    *bot.Request
		want []bot.What
	}{
		"could not be asked, tried again": {unreached, []bot.What{bot.Asked, bot.Retried}},
		"edited and reminded":             {changed, []bot.What{bot.Asked, bot.Edited}},
		"agreed to, tried again":          {agreed, []bot.What{bot.Asked}},
		"nobody has to agree":             {alone, nil},
		"sent again, changed":             {doubted(t, bot.Policy{}), []bot.What{bot.Asked, bot.Resent}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, asks(c.r)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestOnlyTheRequesterTriesAgainInDoubt(t *testing.T) {
	r := request()
	call(t, r, refused(bot.NoAnswer))
	call(t, r, refused(bot.BadRequest))
	if err := r.Retry(bot.Event{By: ben}, r.Version, start); !errors.Is(err, bot.ErrNotYours) {
		t.Errorf("by somebody else: %v", err)
	}
	if err := r.Retry(bot.Event{By: ada}, r.Version, start); err != nil {
		t.Errorf("by the requester: %v", err)
	}
}
