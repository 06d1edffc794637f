package slack

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"communitybot/adapters/slack/slackfake"
	"communitybot/bot"
	"communitybot/bot/words"
)

var (
	ann = bot.User{Platform: "slack", ID: "U1", Name: "ann"}
	bob = bot.User{Platform: "slack", ID: "U2", Name: "bob"}
)

// watch is a clock that moves when told to.
type watch struct {
	mu  sync.Mutex
	now time.Time
}

func (w *watch) Now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *watch) move(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// office is a desk with a user group, @ops (S1), that ann is in, and a clock for what the adapter remembers.
func office(t *testing.T, scopes ...string) (*desk, *watch) {
	t.Helper()
	d := sit(t, answering(nil), scopes...)
	d.AddGroup("S1", "ops", "U1")
	w := &watch{now: noon}
	d.adapter = New(Options{Token: "xoxb-test", APIURL: d.APIURL(), HTTP: d.adapter.http, Now: w.Now})
	return d, w
}

// in asks whether somebody is in @ops.
func (d *desk) in(t *testing.T, u bot.User) bool {
	t.Helper()
	in, err := d.adapter.InGroup(t.Context(), u, "S1")
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func TestWhoIsInAGroup(t *testing.T) {
	d, _ := office(t)
	if !d.in(t, ann) || d.in(t, bob) {
		t.Error("ann is in @ops, and bob is not")
	}
	d.AddGroup("S2", "nobody")
	for name, tc := range map[string]struct {
		u     bot.User
		group string
	}{
		"an empty group":           {ann, "S2"},
		"a person":                 {ann, "U1"},
		"a role of Discord":        {ann, "1300000000000000001"},
		"nothing":                  {ann, ""},
		"just the letter":          {ann, "S"},
		"not an ID":                {ann, "S1> <!channel"},
		"somebody of another chat": {bot.User{Platform: "discord", ID: "U1"}, "S1"},
	} {
		if in, err := d.adapter.InGroup(t.Context(), tc.u, tc.group); in || err != nil {
			t.Errorf("%s: %v, %v", name, in, err)
		}
	}
	if n := len(d.calls("usergroups.users.list")); n != 2 {
		t.Errorf("%d calls for two groups", n)
	}
	if asked := d.calls("usergroups.users.list")[0]; asked.Arg("usergroup") != "S1" || asked.Arg("include_disabled") != "" {
		t.Errorf("asked %+v", asked)
	}
}

func TestMembersAreKnownForFiveMinutesAndNoLonger(t *testing.T) {
	d, w := office(t)
	d.in(t, ann)
	d.AddGroup("S1", "ops", "U2")
	w.move(membersLast - time.Second)
	if !d.in(t, ann) || d.in(t, bob) || len(d.calls("usergroups.users.list")) != 1 {
		t.Error("asked again within five minutes")
	}
	w.move(time.Second)
	d.Fail("usergroups.users.list", 1, slackfake.Status(http.StatusServiceUnavailable, 0))
	if in, err := d.adapter.InGroup(t.Context(), ann, "S1"); in || bot.CodeOf(err) != bot.Busy {
		t.Errorf("what was known is too old, and Slack does not answer: %v, %v", in, err)
	}
	if d.in(t, ann) || !d.in(t, bob) {
		t.Error("the failure was kept, or the old members")
	}
	if n := len(d.calls("usergroups.users.list")); n != 3 {
		t.Errorf("%d calls, want 3", n)
	}
}

func TestPeopleWhoClickAtOnceShareOneCall(t *testing.T) {
	d, _ := office(t)
	release := make(chan struct{})
	d.Fail("usergroups.users.list", 1, slackfake.Hold(release))
	gone, leave := context.WithCancel(t.Context())
	leave()
	_, err := d.adapter.InGroup(gone, ann, "S1")
	if bot.CodeOf(err) != bot.Busy || words.English.Explain(err) != "I could not reach Slack to see who is in that group. Please try again in a minute." {
		t.Errorf("the first, who left: %v", err)
	}
	var rest sync.WaitGroup
	for range 8 {
		rest.Go(func() {
			if in, err := d.adapter.InGroup(t.Context(), ann, "S1"); !in || err != nil {
				t.Errorf("%v, %v", in, err)
			}
		})
	}
	close(release)
	rest.Wait()
	if n := len(d.calls("usergroups.users.list")); n != 1 {
		t.Errorf("%d calls, want 1", n)
	}
}

func TestWhy(t *testing.T) {
	w := words.English.Chat
	tests := map[string]struct {
		failure slackfake.Failure
		code    bot.Code
		group   string // what is said about who is in a group
	}{
		"a permission is missing": {slackfake.Refuse("missing_scope"), bot.Forbidden, bot.Fill(w.GroupScope, "scope", "usergroups:read")},
		"too many questions":      {slackfake.Status(http.StatusTooManyRequests, 30*time.Second), bot.Busy, bot.Fill(w.GroupWait, "platform", "Slack")},
		"Slack is down":           {slackfake.Status(http.StatusBadGateway, 0), bot.Busy, bot.Fill(w.GroupNoAnswer, "platform", "Slack")},
		"the connection is lost":  {slackfake.Reset(), bot.Busy, bot.Fill(w.GroupNoAnswer, "platform", "Slack")},
		"the token is refused":    {slackfake.Refuse("token_revoked"), bot.Forbidden, bot.Fill(w.GroupNo, "platform", "Slack")},
		"something new":           {slackfake.Refuse("brand_new_error"), bot.Internal, bot.Fill(w.GroupNo, "platform", "Slack")},
		"another plan":            {slackfake.Refuse("plan_upgrade_required"), bot.Forbidden, w.GroupPlan},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			d, _ := office(t)
			d.Fail("usergroups.users.list", 1, tc.failure)
			d.Fail("users.info", 1, tc.failure)
			_, err := d.adapter.InGroup(t.Context(), ann, "S1")
			if bot.CodeOf(err) != tc.code || words.English.Explain(err) != tc.group || strings.Contains(err.Error(), "xoxb") {
				t.Errorf("members: %v", err)
			}
			if _, err = d.adapter.Who(t.Context(), "T1", "U1"); bot.CodeOf(err) != tc.code {
				t.Errorf("name: %v", err)
			}
			if u, err := d.adapter.Who(t.Context(), "T1", "U1"); err != nil || u.Name != "ann" {
				t.Errorf("the failure was kept: %+v, %v", u, err)
			}
		})
	}
}

func TestAGroupThatIsGone(t *testing.T) {
	d, _ := office(t)
	_, members := d.adapter.InGroup(t.Context(), ann, "S9")
	_, name := d.adapter.Who(t.Context(), "T1", "S9")
	if bot.CodeOf(members) != bot.NotFound || words.English.Explain(members) != words.English.Chat.NoGroup || bot.CodeOf(name) != bot.NotFound {
		t.Errorf("%v, %v", members, name)
	}
}

func TestTheScopesThatLookingUpTakes(t *testing.T) {
	d, _ := office(t, slices.DeleteFunc(slices.Clone(Scopes), func(s string) bool { return s == groupScope || s == personScope })...)
	_, members := d.adapter.InGroup(t.Context(), ann, "S1")
	_, group := d.adapter.Who(t.Context(), "T1", "S1")
	_, person := d.adapter.Who(t.Context(), "T1", "U1")
	for _, err := range []error{members, group, person} {
		if bot.CodeOf(err) != bot.Forbidden || !strings.Contains(err.Error(), "missing_scope") {
			t.Errorf("%v", err)
		}
	}
}

func TestNamesOfPeopleAndGroups(t *testing.T) {
	d, w := office(t)
	d.SetProfile("U1", "Ann Lee", "Annie")
	d.SetProfile("U2", "Bob Ray", "")
	d.AddUser("W3", "cleo")
	d.SetProfile("W3", "", "")
	for id, want := range map[string]bot.User{
		"U1": {Platform: "slack", ID: "U1", Name: "Annie", Locale: "en-US"},
		"U2": {Platform: "slack", ID: "U2", Name: "Bob Ray", Locale: "en-US"},
		"W3": {Platform: "slack", ID: "W3", Name: "cleo", Locale: "en-US"},
		"S1": {Platform: "slack", ID: "S1", Name: "ops", Group: true},
	} {
		for range 2 {
			got, err := d.adapter.Who(t.Context(), "T1", id)
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("%s: %v (-want +got):\n%s", id, err, diff)
			}
		}
	}
	if people, groups := d.calls("users.info"), d.calls("usergroups.list"); len(people) != 3 || len(groups) != 1 || groups[0].Arg("include_disabled") != "" {
		t.Errorf("%d and %d calls: %+v", len(people), len(groups), groups)
	}
	d.SetProfile("U1", "Ann Lee", "Queen Ann")
	d.AddGroup("S1", "oops", "U2")
	names := func() string {
		ann, err := d.adapter.Who(t.Context(), "T1", "U1")
		if err != nil {
			t.Fatal(err)
		}
		ops, err := d.adapter.Who(t.Context(), "T1", "S1")
		if err != nil {
			t.Fatal(err)
		}
		return ann.Name + ", " + ops.Name
	}
	var got []string
	for _, d := range []time.Duration{groupsLast - time.Second, time.Second, peopleLast - groupsLast - time.Second, time.Second} {
		w.move(d)
		got = append(got, names())
	}
	if diff := cmp.Diff([]string{"Annie, ops", "Annie, oops", "Annie, oops", "Queen Ann, oops"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestNobodyHasThatID(t *testing.T) {
	d, _ := office(t)
	for _, id := range []string{"U9", "W9", "", "U", "C1", "1300000000000000001", "U1> <!channel", "ann"} {
		u, err := d.adapter.Who(t.Context(), "T1", id)
		if bot.CodeOf(err) != bot.NotFound || u.ID != "" {
			t.Errorf("%q: %+v, %v", id, u, err)
		}
	}
	if n := len(d.calls("users.info")); n != 2 {
		t.Errorf("%d calls: an ID that can't be one was asked for", n)
	}
}
