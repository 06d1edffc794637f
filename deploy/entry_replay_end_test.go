package deploy_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"communitybot/bot"
	"communitybot/bot/genuin/genuinfake"
	"communitybot/bot/store"
)

// version is the one of a request that its buttons carry now.
func (d *door) version(id int64) (v int) {
	d.t.Helper()
	err := store.Export(d.t.Context(), d.database, func(r bot.Request, _ bot.Entry) error {
		if r.ID == id {
			v = r.Version
		}
		return nil
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return v
}

// TestReplaysOfWhatEndsOrMendsCountOnce repeats what is done about requests that Genuin refused, or may have made, and the
// one that denies.
func TestReplaysOfWhatEndsOrMendsCountOnce(t *testing.T) {
	for _, platform := range []string{"slack", "discord"} {
		t.Run(platform, func(t *testing.T) {
			d := openDoor(t, "APPROVALS_REQUIRED=1")
			d.t = t
			var caught []knock
			repeats := func(body string) {
				k := d.signed(platform, body, time.Now())
				caught = append(caught, k)
				d.repeats(k)
			}
			asks := func(handle string) {
				d.says(platform, sentForm(platform, unique(), "Ada", "general", "create-community", map[string]string{"name": "Of " + handle, "handle": handle}))
			}
			asks("denied")
			repeats(sentForm(platform, unique(), "Ben", "general", "deny?id=1&v=1", map[string]string{"reason": "No"}))
			for i, c := range []struct {
				modes       []genuinfake.Mode
				state, what string
				command     string
				fields      map[string]string // nil: a button
			}{
				{[]genuinfake.Mode{genuinfake.HandleTaken}, "failed", "resent by", "fix", map[string]string{"handle": "fixed"}},
				{[]genuinfake.Mode{genuinfake.Misuse}, "failed", "retried by", "retry", nil},
				{[]genuinfake.Mode{genuinfake.ResetAfter}, "unconfirmed", "linked by", "link", map[string]string{"link": "https://community.example.com/x"}},
				{[]genuinfake.Mode{genuinfake.ResetAfter}, "unconfirmed", "resent by", "rename", map[string]string{"handle": "renamed"}},
			} {
				id := int64(i + 2)
				asks(c.command)
				d.genuin.Next(c.modes...)
				repeats(pressed(platform, unique(), "Ben", "general", fmt.Sprintf("approve?id=%d&v=1", id)))
				d.settled(fmt.Sprintf("%d %s ", id, c.state))
				call := fmt.Sprintf("%s?id=%d&v=%d", c.command, id, d.version(id))
				if c.fields == nil {
					repeats(pressed(platform, unique(), "Ada", "general", call))
				} else {
					repeats(sentForm(platform, unique(), "Ada", "general", call, c.fields))
				}
				d.settled(fmt.Sprintf("%d created ", id))
				if n := d.does(id, c.what); n != 1 {
					t.Errorf("%q stands %d times in the history of %s, want once", c.what, n, c.command)
				}
			}
			if n := d.does(1, "denied by"); n != 1 {
				t.Errorf("it was denied %d times", n)
			}
			slices.Reverse(caught)
			before, made, calls := d.times(" by U")+d.times(" by 1"), len(d.genuin.Communities()), len(d.genuin.Calls())
			for _, k := range caught {
				d.repeats(k)
			}
			if after := d.times(" by U") + d.times(" by 1"); after != before {
				t.Errorf("%d things that people did have become %d:\n%s", before, after, strings.Join(d.history(), "\n"))
			}
			if made != 5 || len(d.genuin.Communities()) != made || len(d.genuin.Calls()) != calls { // the renamed one was made twice, as its requester wished
				t.Errorf("%d communities have become %d, %d calls %d", made, len(d.genuin.Communities()), calls, len(d.genuin.Calls()))
			}
			d.p.stop()
		})
	}
}

// does counts what happened to a request.
func (d *door) does(id int64, what string) (n int) {
	d.t.Helper()
	for _, line := range d.history() {
		if strings.HasPrefix(line, fmt.Sprintf("%d ", id)) && strings.Contains(line, what) {
			n++
		}
	}
	return n
}
