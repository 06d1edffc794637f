package bot_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"communitybot/bot"
)

func TestRemindingByHand(t *testing.T) {
	r := waiting(bot.Policy{})
	if err := r.Remind(by(ben), r.Version, start); !errors.Is(err, bot.ErrNotYours) {
		t.Errorf("by somebody else: %v", err)
	}
	if err := r.Remind(by(ada), r.Version-1, start); !errors.Is(err, bot.ErrOld) {
		t.Errorf("from an old card: %v", err)
	}
	for _, c := range []struct {
		after time.Duration
		want  error
	}{{0, nil}, {time.Hour - 1, bot.ErrTooSoon}, {time.Hour, nil}, {time.Hour + time.Minute, bot.ErrTooSoon}} {
		if err := r.Remind(by(ada), r.Version, start.Add(c.after)); !errors.Is(err, c.want) || (err == nil) != (c.want == nil) {
			t.Errorf("after %s: %v, want %v", c.after, err, c.want)
		}
	}
	if diff := cmp.Diff([]bot.What{bot.Asked, bot.Reminded, bot.Reminded}, happened(r)); diff != "" || r.Version != 1 || last(r).Note != "0/2" {
		t.Errorf("version %d, last %+v, history (-want +got):\n%s", r.Version, last(r), diff)
	}
}

// awake wakes a request whenever it asks to be, for so long, and lists what happened after how long.
func awake(t *testing.T, r *bot.Request, until time.Duration) (what []string) {
	t.Helper()
	for r.Tasks[bot.Wake] != nil && !r.Tasks[bot.Wake].Due.After(start.Add(until)) {
		now, entries := r.Tasks[bot.Wake].Due, r.Entries
		if err := r.Awake(now.Add(-1)); !errors.Is(err, bot.ErrNoTask) {
			t.Fatalf("woken before its time: %v", err)
		}
		if err := r.Awake(now); err != nil {
			t.Fatal(err)
		}
		if r.Entries > entries {
			what = append(what, now.Sub(start).String()+" "+string(last(r).What))
		}
		if len(what) > 100 {
			t.Fatal("it wakes without end")
		}
	}
	return what
}

func TestRemindersAndTheEnd(t *testing.T) {
	const day = 24 * time.Hour
	for name, c := range map[string]struct {
		policy bot.Policy
		before func(r *bot.Request)
		want   []string
		state  bot.State
	}{
		"reminders grow rarer": {policy: bot.Policy{Reminder: day}, want: []string{"24h0m0s reminded", "72h0m0s reminded", "168h0m0s reminded", "360h0m0s reminded"}, state: bot.Pending},
		"and stop at the end":  {policy: bot.Policy{Reminder: day, Expiry: 3 * day}, want: []string{"24h0m0s reminded", "72h0m0s expired"}, state: bot.IsExpired},
		"an end alone":         {policy: bot.Policy{Expiry: day}, want: []string{"24h0m0s expired"}, state: bot.IsExpired},
		"neither":              {state: bot.Pending},
		"while changes are asked for, nobody is reminded": {
			policy: bot.Policy{Reminder: day, Expiry: 3 * day},
			before: func(r *bot.Request) { _ = r.AskForChanges(by(ben), r.Version, "x", start) },
			want:   []string{"72h0m0s expired"}, state: bot.IsExpired},
		"while changes are asked for, without an end": {
			policy: bot.Policy{Reminder: day},
			before: func(r *bot.Request) { _ = r.AskForChanges(by(ben), r.Version, "x", start) }, state: bot.NeedsChange},
		"a change begins the time anew": {
			policy: bot.Policy{Reminder: day, Expiry: 3 * day},
			before: func(r *bot.Request) { _ = r.Edit(by(ada), r.Version, bot.Community{Name: "B"}, "", "", start.Add(day)) },
			want:   []string{"48h0m0s reminded", "96h0m0s expired"}, state: bot.IsExpired},
		"decided": {policy: bot.Policy{Reminder: day, Expiry: 3 * day}, before: func(r *bot.Request) { _ = r.Deny(by(ben), r.Version, "", start) }, state: bot.IsRejected},
	} {
		t.Run(name, func(t *testing.T) {
			r := waiting(c.policy)
			if c.before != nil {
				c.before(r)
			}
			got := awake(t, r, 20*day)
			if diff := cmp.Diff(c.want, got); diff != "" || r.State != c.state {
				t.Errorf("%s, (-want +got):\n%s", r.State, diff)
			}
			if err := r.Awake(start); !errors.Is(err, bot.ErrNoTask) {
				t.Errorf("woken once more: %v", err)
			}
		})
	}
}

func TestRemindersThatWereSleptThroughCountAsOne(t *testing.T) {
	const day = 24 * time.Hour
	r := waiting(bot.Policy{Reminder: day, Expiry: 30 * day})
	agree(t, r, ben)
	if err := r.Awake(start.Add(8 * day)); err != nil { // those of the days 1, 3 and 7
		t.Fatal(err)
	}
	if got := happened(r); !slices.Equal(got, []bot.What{bot.Asked, bot.Agreed, bot.Reminded}) || last(r).Note != "1/2" {
		t.Errorf("history %v, last %+v", got, last(r))
	}
	if due := r.Tasks[bot.Wake].Due.Sub(start); due != 15*day {
		t.Errorf("the next is after %s", due)
	}
	if err := r.Awake(start.Add(31 * day)); err != nil || r.State != bot.IsExpired { // the last reminder and the end: the end alone
		t.Errorf("%v, %s", err, r.State)
	}
	if got := happened(r); !slices.Equal(got, []bot.What{bot.Asked, bot.Agreed, bot.Reminded, bot.Expired}) {
		t.Errorf("history %v", got)
	}
}

func TestRemindingEndsSomeTime(t *testing.T) {
	r := waiting(bot.Policy{Reminder: time.Second})
	if err := r.Awake(start.AddDate(1, 0, 0)); err != nil {
		t.Fatal(err)
	}
	if got := happened(r); !slices.Equal(got, []bot.What{bot.Asked, bot.Reminded}) || r.Tasks[bot.Wake] != nil {
		t.Errorf("history %v, tasks %+v", got, r.Tasks)
	}
}
