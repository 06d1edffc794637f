package sandbox

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// click is what somebody does on a message, as a turn, with what the bot draws in its answer.
func click(turn, on string, draws ...string) step {
	return step{What: turn, To: theBot, joins: joins{turns: []string{turn}, uses: on, draws: draws}}
}

// work is a call that the bot makes for a request by itself.
func work(name string, request int, draws ...string) step {
	return step{What: name, From: theBot, marked: request, joins: joins{draws: draws}}
}

// answering is a call of the bot that answers a turn.
func answering(name string, turns ...string) step {
	return step{What: name, From: theBot, joins: joins{turns: turns}}
}

func TestAStoryHasWhatIsTheRequestsAndWhatLedThere(t *testing.T) {
	for name, c := range map[string]struct {
		steps  []step
		events map[string]int64
		want   []string
	}{
		"a form that was opened, sent, refused and sent again": {
			[]step{click("command", ""), answering("open", "command", "V1"), click("V1", ""), click("V2", ""), click("V1", ""), work("card", 1, "M1"), work("card of 2", 2, "M2")},
			map[string]int64{"slack:view:V1": 1, "slack:view:V2": 2},
			[]string{"command", "open", "V1", "V1", "card"},
		},
		"a click that did not count is on the card": {
			[]step{work("card", 1, "M1"), work("card of 2", 2, "M2"), click("refused", "M1", "note"), click("of 2", "M2")},
			nil,
			[]string{"card", "refused"},
		},
		"what is asked for from another request's card begins there": {
			[]step{work("card of 2", 2, "M2"), click("ask again", "M2"), answering("open", "ask again", "V1"), click("V1", ""), work("card", 1, "M1")},
			map[string]int64{"slack:view:V1": 1},
			[]string{"ask again", "open", "V1", "card"},
		},
		"a list of several is how one came to it, and no way to the others": {
			[]step{click("list", "", "L"), click("withdraw 2", "L", "L"), click("details 2", "L"), click("withdraw", "L", "L"), click("later", "L"), work("card", 1, "M1")},
			map[string]int64{"discord:withdraw": 1, "discord:withdraw 2": 2},
			[]string{"list", "withdraw", "card"},
		},
		"a private review that sends what a form began": {
			[]step{click("command", ""), click("draft", "", "review"), click("draft of 2", "", "review of 2"), click("send", "review"), click("send 2", "review of 2")},
			map[string]int64{"discord:draft:draft": 1, "discord:draft:draft of 2": 2},
			[]string{"draft", "send"},
		},
		"news that goes where somebody typed something else": {
			[]step{click("other", ""), {What: "news", From: theBot, marked: 1, joins: joins{turns: []string{"other"}}}},
			nil,
			[]string{"news"},
		},
		"nothing": {[]step{work("card of 2", 2, "M2")}, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			cards := map[string]int{}
			for _, s := range c.steps {
				for _, id := range s.joins.draws {
					if s.marked != 0 {
						cards[id] = s.marked
					}
				}
			}
			var got []string
			for _, s := range newLog(slices.Clone(c.steps), c.events, cards).story(1) {
				got = append(got, s.What)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("the story (-want +got):\n%s", diff)
			}
		})
	}
}
