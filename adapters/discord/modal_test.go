package discord

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"communitybot/adapters/discord/discordfake"
	"communitybot/bot"

	"github.com/google/go-cmp/cmp"
)

func TestASentModalIsReadWhateverItHolds(t *testing.T) {
	for _, c := range []struct {
		name, components string
		want             bot.Values
	}{
		{"labels", `{"type":18,"id":1,"component":{"type":4,"id":2,"custom_id":"a","value":"x"}},{"type":18,"id":3,"component":{"type":3,"id":4,"custom_id":"b","values":["1","2"]}}`,
			bot.Values{"a": "x", "b": "1,2"}},
		{"nothing chosen", `{"type":18,"component":{"type":3,"custom_id":"b","values":[]}}`, bot.Values{"b": ""}},
		{"labels, rows and text", `{"type":10,"id":1},{"type":1,"components":[{"type":4,"custom_id":"a","value":"x"}]},{"type":18,"component":{"type":4,"custom_id":"b","value":"y"}}`,
			bot.Values{"a": "x", "b": "y"}},
		{"a select in a row", `{"type":1,"components":[{"type":3,"custom_id":"a","values":["1"]}]}`, bot.Values{"a": "1"}},
		{"kinds that the bot does not use", `{"type":18,"component":{"type":19,"custom_id":"f","values":["9"]}},{"type":18,"component":{"type":21,"custom_id":"r","value":"x"}},` +
			`{"type":18,"component":{"type":22,"custom_id":"g","values":["x"]}},{"type":18,"component":{"type":23,"custom_id":"k","value":true}},` +
			`{"type":18,"component":{"type":5,"custom_id":"u","values":["9"]}},{"type":18,"component":{"type":4,"custom_id":"a","value":"x"}}`, bot.Values{"a": "x"}},
		{"kinds that are not there yet", `{"type":99,"component":[{"deep":1}],"components":{"a":1},"values":{"a":1},"value":[1],"options":"x","custom_id":5},` +
			`{"type":"new"},7,"x",null,[],{"type":18,"component":null},{"type":18,"component":7},{"type":18,"component":{"type":4,"custom_id":"a","value":"x","values":7}}`, bot.Values{"a": "x"}},
		{"an option with an odd value", `{"type":18,"component":{"type":3,"custom_id":"a","values":[null,7,{"x":1},"1"]}}`, bot.Values{"a": ",7,,1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, always(bot.Done{}, nil))
			status, answer := w.signed(`{"id":"77","type":5,"channel_id":"5","user":{"id":"9"},"data":{"custom_id":"!deny","components":[`+c.components+`]}}`, start)
			if status != 200 {
				t.Fatalf("status %d, %s", status, answer)
			}
			if diff := cmp.Diff(c.want, w.events[0].Values); diff != "" {
				t.Errorf("values (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAModalThatIsRefusedIsSentTheOlderWay(t *testing.T) {
	w := newGatewayWorld(t, discordfake.Options{}, brief)
	w.RefuseLabels()
	w.connects()
	s := w.types("/create-community name:Acme")
	if diff := cmp.Diff([]string{"Name", "Handle", "Description", "Tags", "Profile picture"}, labelsOf(s.Form)); diff != "" {
		t.Fatalf("page 1 (-want +got):\n%s", diff)
	}
	m := w.note(w.sends(s, nil))
	if len(m.Menus) != 3 {
		t.Errorf("the review is %+v", m)
	}
	refused := len(w.Problems())
	if s = w.presses(m.ID, "Edit"); s.Form == nil || len(w.Problems()) != refused || refused != 1 {
		t.Errorf("labels were tried again: %v", w.Problems())
	}
	if n := strings.Count(w.log.String(), "labels in modals are refused"); n != 1 {
		t.Errorf("said %d times:\n%s", n, w.log)
	}
	if end := w.note(w.presses(m.ID, "Create")); end.Text != "Acme is on its way." {
		t.Errorf("the end is %+v", end)
	}
}

func TestAPageOfLabelsThatIsRefusedBecomesMenus(t *testing.T) {
	w := newGatewayWorld(t, discordfake.Options{}, community)
	w.connects()
	m := w.note(w.sends(w.types("/create-community name:Acme"), nil))
	w.RefuseLabels()
	review := w.note(w.presses(m.ID, m.Buttons[2])) // the page that begins with the categories
	if review.ID != m.ID || len(review.Menus) != 3 || !strings.Contains(review.Text, "Name: Acme") {
		t.Fatalf("the review is %+v", review)
	}
	w.chooses(m.ID, "Categories", "Music")
	w.presses(m.ID, "Create")
	if v := w.seen(bot.Submit)[0].Values; v["categories"] != "2" || v["name"] != "Acme" {
		t.Errorf("sent %v", v)
	}
}

func TestGoldenSteps(t *testing.T) {
	w := newWorld(t, community)
	form := w.types("/create-community name:Acme *Fans*")
	golden(t, "modal", w.lastAnswer())
	w.note(w.sends(form, map[string]string{"Description": "All about\nAcme", "Tags": "one,two"}))
	golden(t, "review", w.lastAnswer())
	w.sends(w.types("/create-community name:Acme"), map[string]string{"Handle": "not this!", "Tags": "#"})
	golden(t, "note", w.lastAnswer())
}

func TestGoldenOlderSteps(t *testing.T) {
	w := newOlderWorld(t, community)
	form := w.types("/create-community name:Acme")
	golden(t, "older-modal", w.lastAnswer())
	w.sends(form, nil)
	golden(t, "older-review", w.lastAnswer())
}

// lastAnswer returns what the bot last answered an interaction, with the drafts' IDs made the same in every run.
func (w *world) lastAnswer() any {
	w.t.Helper()
	var x discordfake.Exchange
	for _, x = range slices.Backward(w.Requests()) {
		if x.Delivery {
			break
		}
	}
	var sent struct{ ID string }
	if err := json.Unmarshal(x.Body, &sent); err != nil {
		w.t.Fatal(err)
	}
	var answer any
	if err := json.Unmarshal([]byte(strings.ReplaceAll(string(x.Answer), sent.ID, "DRAFT")), &answer); err != nil {
		w.t.Fatal(err)
	}
	return answer
}

func TestAnEmptyFieldShowsWhatItBecomes(t *testing.T) {
	long := strings.Repeat("é", 120)
	f := bot.Field{Name: "handle", Label: "Handle", Hint: "Small letters", Sample: long}
	short := strings.Repeat("é", 99) + "…"
	if in := unlabelled(f).(textInput); in.Placeholder != short || describe(f) != "Small letters" {
		t.Errorf("got %+v", in)
	}
	if in := input(f); in.Placeholder != short || in.Label != "Handle" {
		t.Errorf("without labels: %+v", in)
	}
	f.Problem = "It is taken."
	if in := unlabelled(f).(textInput); in.Placeholder != short || describe(f) != "⚠ It is taken." {
		t.Errorf("with a problem: %+v", in)
	}
}
