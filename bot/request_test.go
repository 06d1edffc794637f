package bot_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"communitybot/bot"
)

var (
	start = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	ada   = bot.User{Platform: "slack", ID: "U1", Name: "Ada"}
	ben   = bot.User{Platform: "slack", ID: "U2", Name: "Ben"}
	here  = bot.Place{Platform: "slack", Tenant: "T1", Channel: "C1"}
)

func request() *bot.Request {
	r := bot.NewRequest(bot.Event{ID: "e1", By: ada, At: here}, bot.Community{Name: "Acme", Handle: "acme"}, "", bot.Policy{}, start)
	return &r
}

// answer is what one call to Genuin came to: nil means that the community was made.
type answer *bot.Refusal

func refused(reason bot.Reason) answer { return &bot.Refusal{Reason: reason, Message: "words"} }

// call makes the next call at the time it is due, and returns that time.
func call(t *testing.T, r *bot.Request, a answer) time.Time {
	t.Helper()
	now := r.Tasks[bot.Make].Due
	if err := r.Call("me", now, time.Minute); err != nil {
		t.Fatalf("call: %v", err)
	}
	if a == nil {
		r.Succeeded(r.Community.Handle, bot.Made{ID: "id"}, now)
	} else {
		r.Refused(r.Calls.Count, a, now)
	}
	return now
}

// happened lists the history since the request was made.
func happened(r *bot.Request) []bot.What {
	var all []bot.What
	for _, e := range r.News() {
		all = append(all, e.What)
	}
	return all
}

func TestCallingGenuin(t *testing.T) {
	type what = []bot.What
	many := func(a answer, n int) []answer { return slices.Repeat([]answer{a}, n) }
	for name, c := range map[string]struct {
		answers []answer
		state   bot.State
		told    what // beside asked and sent
	}{
		"made at once":                        {[]answer{nil}, bot.IsCreated, what{bot.Created}},
		"handle taken at the first try":       {[]answer{refused(bot.HandleTaken)}, bot.HasFailed, what{bot.Failed}},
		"category unknown":                    {[]answer{refused(bot.CategoryUnknown)}, bot.HasFailed, what{bot.Failed}},
		"bad request":                         {[]answer{refused(bot.BadRequest)}, bot.HasFailed, what{bot.Failed}},
		"not let in":                          {[]answer{refused(bot.Unauthorized)}, bot.HasFailed, what{bot.Failed}},
		"misuse":                              {[]answer{refused(bot.Misuse)}, bot.HasFailed, what{bot.Failed}},
		"unreachable, then made":              {[]answer{refused(bot.Unreachable), nil}, bot.IsCreated, what{bot.Trouble, bot.Created}},
		"rate limited twice, told once":       {append(many(refused(bot.RateLimited), 2), nil), bot.IsCreated, what{bot.Trouble, bot.Created}},
		"answer lost, then made":              {[]answer{refused(bot.NoAnswer), nil}, bot.IsCreated, what{bot.Trouble, bot.Created}},
		"answer lost, then the handle taken":  {[]answer{refused(bot.NoAnswer), refused(bot.HandleTaken)}, bot.Unclear, what{bot.Trouble, bot.Unconfirmed}},
		"answer lost, then a bad request":     {[]answer{refused(bot.NoAnswer), refused(bot.BadRequest)}, bot.Unclear, what{bot.Trouble, bot.Unconfirmed}},
		"answer lost, then no connection":     {[]answer{refused(bot.NoAnswer), refused(bot.Unreachable), refused(bot.HandleTaken)}, bot.Unclear, what{bot.Trouble, bot.Unconfirmed}},
		"unreachable, then the handle taken":  {[]answer{refused(bot.Unreachable), refused(bot.HandleTaken)}, bot.HasFailed, what{bot.Trouble, bot.Failed}},
		"broken for good":                     {many(refused(bot.Broken), 5), bot.Unclear, what{bot.Trouble, bot.Unconfirmed}},
		"nothing there for good":              {many(&bot.Refusal{Reason: bot.Broken, Status: 404}, 5), bot.HasFailed, what{bot.Trouble, bot.Failed}},
		"sent elsewhere for good":             {many(&bot.Refusal{Reason: bot.Broken, Status: 302}, 5), bot.HasFailed, what{bot.Trouble, bot.Failed}},
		"broken once, then nothing there":     {append([]answer{refused(bot.Broken)}, many(&bot.Refusal{Reason: bot.Broken, Status: 404}, 4)...), bot.Unclear, what{bot.Trouble, bot.Unconfirmed}},
		"broken, then a bad request":          {[]answer{refused(bot.Broken), refused(bot.BadRequest)}, bot.HasFailed, what{bot.Trouble, bot.Failed}},
		"broken, then made":                   {append(many(refused(bot.Broken), 4), nil), bot.IsCreated, what{bot.Trouble, bot.Created}},
		"broken, then the handle taken":       {[]answer{refused(bot.Broken), refused(bot.HandleTaken)}, bot.Unclear, what{bot.Trouble, bot.Unconfirmed}},
		"answer lost, then broken for good":   {append([]answer{refused(bot.NoAnswer)}, many(refused(bot.Broken), 5)...), bot.Unclear, what{bot.Trouble, bot.Unconfirmed}},
		"unreachable still after three tries": {many(refused(bot.Unreachable), 3), bot.Approved, what{bot.Trouble}},
	} {
		t.Run(name, func(t *testing.T) {
			r := request()
			for _, a := range c.answers {
				call(t, r, a)
			}
			if r.State != c.state {
				t.Errorf("state %s, want %s", r.State, c.state)
			}
			told := slices.DeleteFunc(happened(r), func(w bot.What) bool { return w == bot.Asked || w == bot.Sent })
			if diff := cmp.Diff(c.told, told); diff != "" {
				t.Errorf("told (-want +got):\n%s", diff)
			}
			if wants, ends := r.Tasks[bot.Make] != nil, c.state != bot.Approved; wants == ends {
				t.Errorf("a further call is wanted: %v in state %s", wants, r.State)
			}
		})
	}
}

func TestTriesGrowRarerAndEndAfterADay(t *testing.T) {
	r := request()
	last, longest := start, time.Duration(0)
	for n := 0; r.Tasks[bot.Make] != nil; n++ {
		at := call(t, r, refused(bot.Unreachable))
		if at.Sub(last) < longest {
			t.Fatalf("call %d came after %s, the one before after %s", n, at.Sub(last), longest)
		}
		longest, last = at.Sub(last), at
	}
	if r.State != bot.HasFailed || !r.Retryable() {
		t.Errorf("state %s, retryable %v; want a failure that can be tried again", r.State, r.Retryable())
	}
	if d := last.Sub(start); d < 24*time.Hour || d > 25*time.Hour || longest > 5*time.Minute {
		t.Errorf("gave up after %s, the longest wait was %s", d, longest)
	}
}

func TestRetryAfterIsHonoured(t *testing.T) {
	r := request()
	call(t, r, &bot.Refusal{Reason: bot.RateLimited, RetryAfter: 7 * time.Minute})
	if wait := r.Tasks[bot.Make].Due.Sub(start); wait != 7*time.Minute {
		t.Errorf("the next call comes after %s, Genuin asked for 7m", wait)
	}
}

func TestACallThatNeverReportedBackMayHaveLanded(t *testing.T) {
	r := request()
	if err := r.Call("dead", start, time.Minute); err != nil {
		t.Fatal(err)
	}
	if err := r.Call("me", start.Add(30*time.Second), time.Minute); !errors.Is(err, bot.ErrNoTask) {
		t.Fatalf("a second call while the first is under way: %v", err)
	}
	r.Drop(func(owner string) bool { return owner == "dead" }, start.Add(time.Second))
	call(t, r, refused(bot.HandleTaken))
	if r.State != bot.Unclear {
		t.Errorf("state %s, want unconfirmed: the first call may have made it", r.State)
	}
}

func TestALateAnswerCountsOnlyIfItIsGood(t *testing.T) {
	r := request()
	if err := r.Call("slow", start, time.Minute); err != nil {
		t.Fatal(err)
	}
	first := r.Calls.Count
	if err := r.Call("me", start.Add(2*time.Minute), time.Minute); err != nil {
		t.Fatal("after the lease ended:", err)
	}
	r.Refused(first, &bot.Refusal{Reason: bot.BadRequest}, start.Add(2*time.Minute))
	if r.State != bot.Creating {
		t.Fatalf("an earlier call's refusal made it %s", r.State)
	}
	r.Succeeded("acme", bot.Made{ID: "id"}, start.Add(2*time.Minute))
	if r.State != bot.IsCreated {
		t.Fatalf("an earlier call's success made it %s", r.State)
	}
	r.Refused(r.Calls.Count, &bot.Refusal{Reason: bot.HandleTaken}, start.Add(3*time.Minute))
	if r.State != bot.IsCreated {
		t.Errorf("the later call's refusal made it %s", r.State)
	}
}

func TestSlowCallsAreToldOnce(t *testing.T) {
	r := request()
	if err := r.Call("me", start, time.Minute); err != nil {
		t.Fatal(err)
	}
	r.Slow(start)
	r.Slow(start)
	r.Refused(1, refused(bot.NoAnswer), start) // the failure is news of its own
	r.Slow(start)
	call(t, r, refused(bot.NoAnswer))
	if diff := cmp.Diff([]bot.What{bot.Asked, bot.Sent, bot.Trouble, bot.Trouble}, happened(r)); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
}

func TestSlowCallsOfOthersAreToldOnce(t *testing.T) {
	r := request()
	r.Slow(start) // while it waits for its turn
	if err := r.Call("me", start, time.Minute); err != nil {
		t.Fatal(err)
	}
	r.Slow(start)
	waits := waiting(bot.Policy{Required: 1})
	waits.Slow(start)
	if diff := cmp.Diff([]bot.What{bot.Asked, bot.Trouble, bot.Sent}, happened(r)); diff != "" || slices.Contains(happened(waits), bot.Trouble) {
		t.Errorf("history (-want +got):\n%s\nof one that waits for approval: %v", diff, happened(waits))
	}
}

func TestResend(t *testing.T) {
	e := bot.Event{ID: "e2", By: ada, At: here}
	other := bot.Community{Name: "Acme", Handle: "acme-2"}
	for name, c := range map[string]struct {
		answers []answer
		by      bot.User
		version int // beside the present one
		want    error
	}{
		"by the requester after a failure": {[]answer{refused(bot.HandleTaken)}, ada, 0, nil},
		"by the requester in doubt":        {[]answer{refused(bot.NoAnswer), refused(bot.HandleTaken)}, ada, 0, nil},
		"by somebody else":                 {[]answer{refused(bot.HandleTaken)}, ben, 0, bot.ErrNotYours},
		"from an old card":                 {[]answer{refused(bot.HandleTaken)}, ada, -1, bot.ErrOld},
		"when it exists":                   {[]answer{nil}, ada, 0, bot.ErrNotNow},
		"while it is on its way":           {nil, ada, 0, bot.ErrNotNow},
	} {
		t.Run(name, func(t *testing.T) {
			r := request()
			for _, a := range c.answers {
				call(t, r, a)
			}
			before := r.State
			e.By = c.by
			err := r.Resend(e, r.Version+c.version, other, "why", "note", start)
			if !errors.Is(err, c.want) {
				t.Fatalf("error %v, want %v", err, c.want)
			}
			if err != nil {
				if r.State != before || r.Community.Handle != "acme" {
					t.Errorf("refused, and changed to %s %q", r.State, r.Community.Handle)
				}
				return
			}
			if r.State != bot.Approved || r.Community.Handle != "acme-2" || r.Tasks[bot.Make] == nil || r.Calls.Lost {
				t.Errorf("state %s, handle %q, lost %v; want the new handle on its way, with nothing lost", r.State, r.Community.Handle, r.Calls.Lost)
			}
		})
	}
}

func TestAFailureOfGenuinStaysInMind(t *testing.T) {
	r := request()
	for range 5 {
		call(t, r, refused(bot.Broken))
	}
	if err := r.Retry(bot.Event{By: ada}, r.Version, start); err != nil {
		t.Fatal(err)
	}
	call(t, r, refused(bot.HandleTaken))
	if r.State != bot.Unclear {
		t.Errorf("state %s, want unconfirmed: one of the failures may have made it", r.State)
	}
}

func TestTheSameHandleStaysInDoubt(t *testing.T) {
	r := request()
	call(t, r, refused(bot.NoAnswer))
	call(t, r, refused(bot.BadRequest))
	c := r.Community
	c.Description = "changed"
	if err := r.Resend(bot.Event{By: ada}, r.Version, c, "", "", start); err != nil {
		t.Fatal(err)
	}
	call(t, r, refused(bot.HandleTaken))
	if r.State != bot.Unclear {
		t.Errorf("state %s, want unconfirmed: the lost call had the same handle", r.State)
	}
}

func TestRetry(t *testing.T) {
	for reason, want := range map[bot.Reason]error{
		bot.Unauthorized: nil, bot.Misuse: nil, bot.HandleTaken: bot.ErrNotNow, bot.CategoryUnknown: bot.ErrNotNow, bot.BadRequest: bot.ErrNotNow,
	} {
		t.Run(string(reason), func(t *testing.T) {
			r := request()
			call(t, r, refused(reason))
			if err := r.Retry(bot.Event{ID: "e2", By: ben}, r.Version-1, start); !errors.Is(err, bot.ErrOld) {
				t.Errorf("from an old card: %v", err)
			}
			if err := r.Retry(bot.Event{ID: "e2", By: ben}, r.Version, start); !errors.Is(err, want) {
				t.Errorf("error %v, want %v", err, want)
			}
		})
	}
}

func TestLink(t *testing.T) {
	r := request()
	call(t, r, refused(bot.NoAnswer))
	call(t, r, refused(bot.HandleTaken))
	if err := r.Link(bot.Event{By: ben}, r.Version, "https://x.test/c", start); !errors.Is(err, bot.ErrNotYours) {
		t.Errorf("by somebody else: %v", err)
	}
	if err := r.Link(bot.Event{By: ada}, r.Version, "https://x.test/c", start); err != nil || r.State != bot.IsCreated || r.Made.URL != "https://x.test/c" {
		t.Errorf("state %s, link %q, err %v", r.State, r.Made.URL, err)
	}
}

func TestHoldsItsHandleUntilItFails(t *testing.T) {
	for state, want := range map[bot.State]bool{bot.Pending: true, bot.Approved: true, bot.Creating: true, bot.IsCreated: true, bot.Unclear: true, bot.HasFailed: false} {
		if state.Holds() != want {
			t.Errorf("%s holds the handle: %v", state, !want)
		}
	}
}
