package deploy_test

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// again is how often a request is repeated, all at once.
const again = 12

// repeats sends the same bytes over and over, as somebody does who caught a request with its signature on the way.
func (d *door) repeats(k knock) {
	d.t.Helper()
	var all sync.WaitGroup
	for range again {
		all.Go(func() {
			if status, answer := d.sends(k); status != http.StatusOK {
				d.t.Errorf("a repeated request is answered %d: %s", status, answer)
			}
		})
	}
	all.Wait()
}

// command is "/communities" with what was typed behind it.
func (d *door) command(platform, id, who, text string) string {
	if platform == "discord" {
		return onDiscordBy(who, "general", 2, id, object{
			"id": "1500000000000000001", "type": 1, "name": "communities", "options": []object{{"type": 3, "name": "text", "value": text}},
		})
	}
	return strings.NewReplacer("{who}", onSlack[who], "{name}", who, "{text}", strings.ReplaceAll(text, " ", "+"), "{id}", id).Replace(
		"team_id=T0FAKE&channel_id=C1&user_id={who}&user_name={name}&command=%2Fcommunities&text={text}&trigger_id={id}")
}

// TestReplaysWithinTheTimeCountOnce repeats each kind of interaction while its signature is fresh: at once, and again
// when other things have happened since.
func TestReplaysWithinTheTimeCountOnce(t *testing.T) {
	for _, platform := range []string{"slack", "discord"} {
		t.Run(platform, func(t *testing.T) {
			d := openDoor(t, "APPROVALS_REQUIRED=3")
			d.t = t
			var caught []knock
			catch := func(body string) knock {
				k := d.signed(platform, body, time.Now())
				caught = append(caught, k)
				return k
			}
			d.repeats(catch(tempting(platform, "Once")))
			if n := d.times("asked by"); n != 1 {
				t.Fatalf("a form that was sent %d times made %d requests", again, n)
			}
			press := func(who, value string) { d.repeats(catch(pressed(platform, unique(), who, "general", value))) }
			press("Ben", "approve?id=1&v=1")
			press("Cleo", "approve?id=1&v=1")
			press("Cleo", "takeback?id=1&v=1")
			press("Ada", "remind?id=1&v=1")
			d.repeats(catch(sentForm(platform, unique(), "Ben", "general", "changes?id=1&v=1", map[string]string{"reason": "Shorter"})))
			d.repeats(catch(sentForm(platform, unique(), "Ada", "general", "edit?id=1&v=2", map[string]string{"name": "Twice"})))
			press("Dan", "approve?id=1&v=3")
			d.repeats(catch(d.command(platform, unique(), "Ada", "withdraw 1")))
			for words, want := range map[string]int{
				"asked by": 1, "agreed by": 3, "took back by": 1, "reminded by": 1, "changes requested by": 1, "edited by": 1, "withdrawn by": 1,
			} {
				if n := d.times(words); n != want {
					t.Errorf("%q stands %d times in the history, want %d", words, n, want)
				}
			}
			slices.Reverse(caught) // whatever is over by now does not begin again
			before := d.times(" by U") + d.times(" by 1")
			for _, k := range caught {
				d.repeats(k)
			}
			if after := d.times(" by U") + d.times(" by 1"); after != before {
				t.Errorf("%d things that people did have become %d:\n%s", before, after, strings.Join(d.history(), "\n"))
			}
			if n := d.times("1 withdrawn"); n != len(d.history()) {
				t.Errorf("the request is not what it was:\n%s", strings.Join(d.history(), "\n"))
			}
			if n := len(d.genuin.Calls()); n > 0 {
				t.Errorf("Genuin got %d calls", n)
			}
			d.p.stop()
		})
	}
}
