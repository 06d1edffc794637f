package deploy_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// TestAnInteractionThatComesByBothWaysCountsOnce sends a form over HTTP, and again over the connection that the bot opens
// after it was set up anew: an event has one ID, whichever way it comes.
func TestAnInteractionThatComesByBothWaysCountsOnce(t *testing.T) {
	for platform, again := range map[string]func(d *door, body string){
		"slack": func(d *door, body string) {
			form, err := url.ParseQuery(body)
			if err != nil {
				d.t.Fatal(err)
			}
			until(d.t, "the bot is connected", func() bool { return d.slack.Sockets() > 0 })
			const envelope = "e-both"
			answer, err := d.slack.Frame(d.t.Context(), envelope, fmt.Sprintf(
				`{"type": "interactive", "envelope_id": %q, "accepts_response_payload": true, "payload": %s}`, envelope, form.Get("payload")))
			if err != nil || strings.Contains(answer, "errors") {
				d.t.Errorf("the answer is %s, %v", answer, err)
			}
		},
		"discord": func(d *door, body string) {
			if err := d.discord.Await(d.t.Context(), 1); err != nil {
				d.t.Fatal(err)
			}
			d.discord.Dispatch("INTERACTION_CREATE", body)
			until(d.t, "it is answered", func() bool {
				for _, x := range d.discord.Requests() {
					if strings.HasSuffix(x.Path, "/callback") {
						return true
					}
				}
				return false
			})
		},
	} {
		t.Run(platform, func(t *testing.T) {
			d := openDoor(t, "APPROVALS_REQUIRED=3")
			body := tempting(platform, "Once")
			if status, answer := d.sends(d.signed(platform, body, time.Now())); status != http.StatusOK {
				t.Fatalf("answered %d: %s", status, answer)
			}
			d.p.stop()
			d.discord.Connect("") // as somebody does who empties the field
			d.slack.UseSocket(appToken)
			d.p = start(t, append(d.fakes.env, overSocket, "SLACK_APP_TOKEN="+appToken, overGateway))
			again(d, body)
			if n := d.times("asked by"); n != 1 {
				t.Errorf("one form, sent both ways, made %d requests", n)
			}
			d.p.stop()
		})
	}
}
