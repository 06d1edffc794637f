package storetest

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"communitybot/bot"
)

// kinds asks for each kind of request among those of three people in two tenants.
func kinds(t *testing.T, open Open) {
	s := open(t, now)
	ben, there := bot.User{Platform: "slack", ID: "U2"}, bot.Place{Platform: "slack", Tenant: "T2", Channel: "C9"}
	elsewhere := bot.Place{Platform: "discord", Tenant: "T1", Channel: "C1"}
	ask := func(handle string, by bot.User, at bot.Place, p bot.Policy) int64 {
		t.Helper()
		r, err := s.Add(t.Context(), bot.NewRequest(bot.Event{ID: handle, By: by, At: at}, bot.Community{Handle: handle}, "", p, Start))
		if err != nil {
			t.Fatal(err)
		}
		return r.ID
	}
	agree := bot.Policy{Required: 1}
	ask("nobody-decides", ada, here, bot.Policy{})
	decided := ask("decided", ben, here, agree)
	ask("waits", ben, here, agree)
	ask("of-another-tenant", ben, there, agree)
	ask("of-mine-there", ada, there, agree)
	ask("asked-elsewhere", ben, here, bot.Policy{Required: 1, Channel: elsewhere})
	if _, err := s.Change(t.Context(), decided, "no", func(r *bot.Request) error {
		return r.Withdraw(bot.Event{ID: "no", By: ben}, r.Version, Start)
	}); err != nil {
		t.Fatal(err)
	}

	in, on := bot.Place{Platform: "slack", Tenant: "T1"}, bot.Place{Platform: "discord", Tenant: "T1"}
	for _, c := range []struct {
		kind string
		f    bot.Filter
		want []string
	}{
		{"all", bot.Filter{}, []string{"asked-elsewhere", "of-mine-there", "of-another-tenant", "waits", "decided", "nobody-decides"}},
		{"one person's", bot.Filter{By: &ada}, []string{"of-mine-there", "nobody-decides"}},
		{"one person's that wait", bot.Filter{By: &ada, Waiting: true}, []string{"of-mine-there"}},
		{"a tenant's", bot.Filter{In: &in}, []string{"waits", "decided"}},
		{"a tenant's that wait", bot.Filter{In: &in, Waiting: true}, []string{"waits"}},
		{"a tenant's that were asked for elsewhere", bot.Filter{In: &on}, []string{"asked-elsewhere"}},
		{"one person's or a tenant's", bot.Filter{By: &ada, In: &in}, []string{"of-mine-there", "waits", "decided", "nobody-decides"}},
	} {
		for _, limit := range []int{1, 2, 10} {
			var got []string
			c.f.Before, c.f.Limit = 0, limit
			for range 10 {
				page, err := s.List(t.Context(), c.f)
				if err != nil || len(page) > limit {
					t.Fatalf("%s: %d, err %v", c.kind, len(page), err)
				}
				for _, r := range page {
					got = append(got, r.Community.Handle)
					c.f.Before = r.ID
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%s, in pages of %d (-want +got):\n%s", c.kind, limit, diff)
			}
		}
	}
}
