package deploy_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// reads reports whether Ada sees a text in the first channel of a chat, in its threads or in what is for her alone.
func (p page) reads(platform, words string) bool {
	p.t.Helper()
	_, body := get(p.t, p.url+"/api/state?who=Ada")
	var state map[string]struct{ Messages, Direct []message }
	if err := json.Unmarshal([]byte(body), &state); err != nil {
		p.t.Fatalf("%v in %s", err, body)
	}
	for _, m := range append(state[platform].Messages, state[platform].Direct...) {
		for _, line := range append(m.Thread, m) {
			if strings.Contains(line.Text, words) {
				return true
			}
		}
	}
	return false
}

// TestAdaHearsWhateverGoesWrongInAChat uses each switch of both chats.
func TestAdaHearsWhateverGoesWrongInAChat(t *testing.T) {
	for platform, line := range map[string]string{"slack": "/create-community ", "discord": "/create-community name:"} {
		t.Run(platform, func(t *testing.T) {
			t.Parallel()
			box, _ := startSandbox(t)
			box.posts("/api/policy", map[string]any{"required": 0, "expiry": "72h", "reminder": "24h"}, &struct{}{})
			turns := func(fault string, on bool) {
				box.posts("/api/"+platform+"/fault", map[string]any{"name": fault, "on": on}, &[]struct{}{})
			}
			// Some last: what is asked for meanwhile is told elsewhere. Others pass: it is told afterwards.
			for fault, lasts := range map[string]bool{"threads": true, "away": true, "busy": false, "down": false, "token": false} {
				name := "Acme " + fault
				turns(fault, true)
				form := box.does("Ada", platform, "type", map[string]any{"line": line + name}).Form
				if s := box.does("Ada", platform, "send", map[string]any{"form": form.ID}); s.Form != nil {
					t.Fatalf("%s: the form is still open: %+v", fault, s.Form)
				}
				if !lasts {
					turns(fault, false)
					box.posts("/api/clock", map[string]any{"forward": "1h"}, &struct{}{})
				}
				until(t, fmt.Sprintf("what became of it when %q is on", fault), func() bool { return box.reads(platform, name+" exists on Genuin now") })
				turns(fault, false)
			}
		})
	}
}
