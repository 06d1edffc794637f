package deploy_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// told is one step of a replay.
type toldStep struct{ From, To, What, Body, Answer string }

func (s toldStep) String() string { return fmt.Sprintf("%s → %s: %s", s.From, s.To, s.What) }

// replay returns the story of a request.
func (p page) replay(request int) (steps []toldStep) {
	p.t.Helper()
	_, body := get(p.t, fmt.Sprintf("%s/api/replay/%d", p.url, request))
	if err := json.Unmarshal([]byte(body), &steps); err != nil {
		p.t.Fatalf("%v in %s", err, body)
	}
	return steps
}

// actor finds who did what a chat brings to the bot: on Slack in a click or in a command, on Discord.
var actor = regexp.MustCompile(`"user": \{[^}]*"id": "(\w+)"|(?m:^user_id = (\w+)$)`)

// names are the IDs of people, on both platforms.
var names = map[string]string{
	"UADA": "Ada", "UBEN": "Ben", "UCLEO": "Cleo", "UDAN": "Dan", "1200000000000000001": "Ada", "1200000000000000002": "Ben",
	"1200000000000000003": "Cleo", "1200000000000000004": "Dan",
}

// deeds returns what people did in a story: "Ada: slash_command".
func (p page) deeds(story []toldStep) (deeds []string) {
	p.t.Helper()
	for _, s := range story {
		if s.To != "communitybot" {
			continue
		}
		m := actor.FindStringSubmatch(s.Body)
		if m == nil {
			p.t.Errorf("%s is nobody's: %s", s, s.Body)
			continue
		}
		deeds = append(deeds, names[m[1]+m[2]]+": "+s.What)
	}
	return deeds
}

// calls returns the descriptions that Genuin was sent in a story, with what it answered.
func calls(story []toldStep) (calls []string) {
	for _, s := range story {
		if s.To != "Genuin" {
			continue
		}
		var sent struct{ Handle, Description string }
		var answer struct{ Code any }
		if json.Unmarshal([]byte(s.Body), &sent) != nil || json.Unmarshal([]byte(s.Answer), &answer) != nil {
			return append(calls, s.Body+s.Answer)
		}
		calls = append(calls, fmt.Sprintf("%s, %s: %v", sent.Handle, sent.Description, answer.Code))
	}
	return calls
}

// isApartFrom checks that nothing in a story comes from somebody who asked for the same.
func (p page) isApartFrom(who string, story []toldStep) {
	p.t.Helper()
	for _, s := range story {
		if strings.Contains(s.Body+s.Answer, "asked for by "+who) {
			p.t.Errorf("%s is about %s's: %s\n%s", s, who, s.Body, s.Answer)
		}
	}
	if n := len(story); n == 0 || !strings.Contains(story[n-1].Body, "exists on Genuin now") {
		p.t.Errorf("it does not end with the link: %v", story)
	}
}

// TestReplayTellsTheStoryOfOneRequest asks for two communities on each platform at the same time, and looks at what went
// over the wires because of one of them.
func TestReplayTellsTheStoryOfOneRequest(t *testing.T) {
	for _, c := range []struct {
		platform, title string
		lines           []string
		want            []string
	}{
		{"slack", "Slack", []string{"/create-community Acme", "/create-community Beta"}, []string{
			"Slack → communitybot: slash_command", "communitybot → Slack: views.open", "Slack → communitybot: view_submission",
			"communitybot → Slack: chat.postMessage", "communitybot → Slack: chat.postMessage", "Slack → communitybot: block_actions",
			"communitybot → Genuin: create community",
		}},
		{"discord", "Discord", []string{"/create-community name:Acme", "/create-community name:Beta"}, []string{
			"Discord → communitybot: slash command", "Discord → communitybot: modal", "communitybot → Discord: POST /channels/{channel}/messages",
			"Discord → communitybot: button", "communitybot → Genuin: create community",
		}},
	} {
		t.Run(c.platform, func(t *testing.T) {
			box, _ := startSandbox(t)
			askers := []string{"Ada", "Dan"}
			var forms []string
			for i, line := range c.lines {
				forms = append(forms, box.does(askers[i], c.platform, "type", map[string]any{"line": line}).Form.ID)
			}
			for i, who := range askers {
				box.does(who, c.platform, "send", map[string]any{"form": forms[i]})
				until(t, "the card of "+who, func() bool { return strings.HasPrefix(box.card(c.platform).Text, []string{"Acme", "Beta"}[i]) })
				box.told(c.platform, "Approvals needed: 1")
				box.does("Ben", c.platform, "press", map[string]any{"message": box.card(c.platform).ID, "label": "Approve"})
				box.told(c.platform, "exists on Genuin now")
			}
			var told []string
			for _, s := range box.replay(1) {
				told = append(told, s.String())
				if strings.Contains(s.Body+s.Answer, "Beta") {
					t.Errorf("%s is about the other one: %s", told[len(told)-1], s.Body)
				}
			}
			if diff := cmp.Diff(c.want, inOrder(told, c.want)); diff != "" {
				t.Errorf("the story (-want +got):\n%s\nof %q", diff, told)
			}
			if last := told[len(told)-1]; !strings.HasPrefix(last, "communitybot → "+c.title) {
				t.Errorf("it ends with %s", last)
			}
		})
	}
}

// inOrder returns those of want that all holds, in that order.
func inOrder(all, want []string) (found []string) {
	for _, s := range all {
		if len(found) < len(want) && s == want[len(found)] {
			found = append(found, s)
		}
	}
	return found
}

// TestRequestsThatAreAlikeKeepTheirStories has two people ask for the same name and the same handle, each doing something
// while the other's is under way. Genuin refuses the first one's handle, so the second one gets it.
func TestRequestsThatAreAlikeKeepTheirStories(t *testing.T) {
	for platform, line := range map[string]string{"slack": "/create-community Acme", "discord": "/create-community name:Acme"} {
		t.Run(platform, func(t *testing.T) {
			box, _ := startSandbox(t)
			forms := map[string]string{}
			for _, who := range []string{"Ada", "Dan"} {
				forms[who] = box.does(who, platform, "type", map[string]any{"line": line}).Form.ID
			}
			sends := func(who, handle string) {
				box.does(who, platform, "send", map[string]any{"form": forms[who], "values": map[string]string{
					"Handle": handle, "Description": "It was asked for by " + who,
				}})
			}
			sends("Ada", "acme")
			box.told(platform, "Approvals needed: 1")
			first := box.card(platform).ID
			box.does("Cleo", platform, "press", map[string]any{"message": first, "label": "Details"})
			box.posts("/api/genuin", map[string]any{"mode": "handle_taken"}, &struct{}{})
			box.does("Ben", platform, "press", map[string]any{"message": first, "label": "Approve"})
			box.told(platform, "is taken on Genuin already")
			again := box.does("Ada", platform, "press", map[string]any{"message": first, "label": "Fix and resubmit"}).Form.ID
			sends("Dan", "acme") // while the other one mends theirs
			until(t, "the second card", func() bool { return box.card(platform).ID != first })
			box.told(platform, "Approvals needed: 1")
			box.does("Cleo", platform, "press", map[string]any{"message": box.card(platform).ID, "label": "Approve"})
			box.told(platform, "Acme exists on Genuin now")
			forms["Ada"] = again
			sends("Ada", "acme-two")
			if platform == "discord" {
				box.does("Ada", platform, "press", map[string]any{"message": box.private("Ada", platform), "label": "Resubmit"})
			}
			ends := func(request int) bool {
				story := box.replay(request)
				return len(story) > 0 && strings.Contains(story[len(story)-1].Body, "exists on Genuin now")
			}
			until(t, "the end of both stories", func() bool { return ends(1) && ends(2) })

			want := deedsOf[platform]
			for i, story := range [][]toldStep{box.replay(1), box.replay(2)} {
				box.isApartFrom([]string{"Dan", "Ada"}[i], story)
				if diff := cmp.Diff(want[i], box.deeds(story)); diff != "" {
					t.Errorf("what people did for request %d (-want +got):\n%s", i+1, diff)
				}
				if diff := cmp.Diff([][]string{
					{"acme, It was asked for by Ada: 5216", "acme-two, It was asked for by Ada: 200"},
					{"acme, It was asked for by Dan: 200"},
				}[i], calls(story)); diff != "" {
					t.Errorf("the calls for request %d (-want +got):\n%s", i+1, diff)
				}
			}
		})
	}
}

// deedsOf is what people do in TestRequestsThatAreAlikeKeepTheirStories for either request, by platform.
var deedsOf = map[string][2][]string{
	"slack": {
		{"Ada: slash_command", "Ada: view_submission", "Cleo: block_actions", "Ben: block_actions", "Ada: block_actions", "Ada: view_submission"},
		{"Dan: slash_command", "Dan: view_submission", "Cleo: block_actions"},
	},
	"discord": {
		{"Ada: slash command", "Ada: modal", "Cleo: button", "Ben: button", "Ada: button", "Ada: modal", "Ada: button"},
		{"Dan: slash command", "Dan: modal", "Cleo: button"},
	},
}

// private returns the last message that somebody alone sees.
func (p page) private(who, platform string) (id string) {
	p.t.Helper()
	_, body := get(p.t, p.url+"/api/state?who="+who)
	var state map[string]struct{ Messages []message }
	if err := json.Unmarshal([]byte(body), &state); err != nil {
		p.t.Fatalf("%v in %s", err, body)
	}
	for _, m := range state[platform].Messages {
		if m.Private {
			id = m.ID
		}
	}
	return id
}
