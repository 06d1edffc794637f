package slack

import (
	"encoding/json"
	"log/slog"
	"testing"

	"communitybot/bot"
)

// TestAFormDoesNotSayWhereItIs has what a form carries along say that it came from elsewhere. Slack's own words for where it
// is, which are signed, stand above that.
func TestAFormDoesNotSayWhereItIs(t *testing.T) {
	for name, tc := range map[string]struct{ says, want bot.Place }{
		"where it is":        {bot.Place{Platform: "slack", Tenant: "T1", Channel: "C1", Message: "1.1"}, bot.Place{Platform: "slack", Tenant: "T1", Channel: "C1", Message: "1.1"}},
		"another platform":   {bot.Place{Platform: "discord", Tenant: "T1", Channel: "C1"}, bot.Place{Platform: "slack", Tenant: "T1", Channel: "C1"}},
		"one that is none":   {bot.Place{Platform: "evil", Tenant: "T1", Channel: "C1"}, bot.Place{Platform: "slack", Tenant: "T1", Channel: "C1"}},
		"another workspace":  {bot.Place{Platform: "slack", Tenant: "T2", Channel: "C1"}, bot.Place{Platform: "slack", Tenant: "T1", Channel: "C1"}},
		"in private":         {bot.Place{Platform: "slack", Tenant: "T1", Channel: "C1", User: "U9"}, bot.Place{Platform: "slack", Tenant: "T1", Channel: "C1"}},
		"the organisation's": {bot.Place{Platform: "slack", Tenant: "E1", Channel: "C1"}, bot.Place{Platform: "slack", Tenant: "E1", Channel: "C1"}},
		"nothing":            {bot.Place{}, bot.Place{Platform: "slack", Tenant: "T1"}},
	} {
		t.Run(name, func(t *testing.T) {
			meta, err := json.Marshal(metadata{Call: "edit?id=1&v=1", At: tc.says})
			if err != nil {
				t.Fatal(err)
			}
			for _, kind := range []string{formSent, menuTypedIn, buttonPressed} {
				h := answering(bot.Done{})
				payload, err := json.Marshal(map[string]any{
					"type": kind, "trigger_id": kind, "block_id": "name", "user": map[string]string{"id": "U1", "team_id": "T1"}, "team": map[string]string{"id": "T1"},
					"enterprise": map[string]string{"id": "E1"}, "container": map[string]string{"type": "view"}, "actions": []any{map[string]string{"value": "edit?id=1&v=1"}},
					"view": map[string]any{"id": "V1", "type": "modal", "private_metadata": string(meta), "app_installed_team_id": "T1"},
				})
				if err != nil {
					t.Fatal(err)
				}
				a := New(Options{APIURL: nowhere, Log: slog.New(slog.DiscardHandler)})
				if _, err := a.interact(t.Context(), h, payload); err != nil {
					t.Fatal(err)
				}
				a.chores.finish()
				if at := h.seen()[0].At; at != tc.want {
					t.Errorf("%s comes from %+v, want %+v", kind, at, tc.want)
				}
			}
		})
	}
}
