package slack

import (
	"net/http"
	"strings"
	"testing"

	"communitybot/adapters/slack/slackfake"
	"communitybot/bot"
	"communitybot/bot/words"
)

// TestPeopleOfOtherCompaniesAreTurnedAway has bob belong to a workspace beside ann's, where the bot is, while both are in a
// channel. In an organisation of Enterprise Grid it is one of theirs.
func TestPeopleOfOtherCompaniesAreTurnedAway(t *testing.T) {
	for name, tc := range map[string]struct {
		ours, team, organisation string
		broken                   bool // Slack does not say who bob is
		says                     string
	}{
		"the same workspace":                       {team: ""},
		"the same workspace, in an organisation":   {ours: "E1"},
		"another workspace":                        {team: "T2", says: words.English.Chat.Stranger},
		"another organisation's":                   {team: "T2", organisation: "E2", says: words.English.Chat.Stranger},
		"another organisation's, and ours has one": {ours: "E1", team: "T2", organisation: "E2", says: words.English.Chat.Stranger},
		"a workspace alone, and ours has one":      {ours: "E1", team: "T2", says: words.English.Chat.Stranger},
		"our organisation's":                       {ours: "E1", team: "T2", organisation: "E1"},
		"our organisation's, as a whole":           {ours: "E1", team: "E1", organisation: "E1"},
		"nobody knows whose":                       {ours: "E1", team: "T2", organisation: "E1", broken: true, says: words.English.Chat.Busy},
	} {
		t.Run(name, func(t *testing.T) {
			h := &recorder{answer: func(e bot.Event) (bot.Reply, error) {
				if e.Step == bot.Submit {
					return bot.Tell{Text: bot.Say("Welcome.")}, nil
				}
				return bot.Ask{Form: richForm()}, nil
			}}
			d := sit(t, h)
			opened := d.presses(t).Form // before
			d.Organisation = tc.ours
			d.Belongs("U2", tc.team, tc.organisation)
			if tc.broken {
				d.FailAlways("users.info", slackfake.Status(http.StatusServiceUnavailable, 0))
			}
			clear(d.adapter.people.held)
			sent, err := d.Send(t.Context(), "U2", opened.ID, nil)
			if err != nil || sent.Form == nil {
				t.Fatal(sent, err)
			}
			got := sent.Form.Text
			for _, f := range sent.Form.Fields {
				got += f.Problem
			}
			if tc.says != "" && !strings.Contains(got, tc.says) || tc.says == "" && got != "Welcome." {
				t.Errorf("a form is answered %q", got)
			}
			before := len(h.seen())
			s, err := d.Press(t.Context(), "U2", d.reads(t, "C1")[0].ID, "Approve")
			if err != nil {
				t.Fatal(err)
			}
			if tc.says == "" {
				if s.Form == nil || len(h.seen()) == before {
					t.Errorf("a button is answered %+v", s)
				}
			} else if s.Form != nil || len(s.Private) != 1 || s.Private[0].Text != tc.says || len(h.seen()) != before {
				t.Errorf("a button is answered %+v, after %d events more", s, len(h.seen())-before)
			}
		})
	}
}
