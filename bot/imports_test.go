package bot_test

import (
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestWhoMayImportWhom holds the rule of ARCHITECTURE.md.
func TestWhoMayImportWhom(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "communitybot/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	type listed struct {
		ImportPath string
		Imports    []string
	}
	var seen int
	for d := json.NewDecoder(strings.NewReader(string(out))); d.More(); seen++ {
		var p listed
		if err := d.Decode(&p); err != nil {
			t.Fatal(err)
		}
		name := strings.TrimPrefix(p.ImportPath, "communitybot/")
		for _, i := range p.Imports {
			if why := forbidden(name, i); why != "" {
				t.Errorf("%s imports %s: %s", name, i, why)
			}
		}
	}
	if seen < 10 {
		t.Errorf("only %d packages were looked at", seen)
	}
	for _, bad := range [][2]string{{"bot", "github.com/x/y"}, {"bot", "communitybot/commands"}, {"bot/store", "communitybot/commands"}, {"commands", "communitybot/adapters/slack"},
		{"commands", "github.com/slack-go/slack"}, {"adapters/slack", "communitybot/commands"}, {"adapters/slack", "communitybot/adapters/discord"},
		{"adapters/discord", "github.com/slack-go/slack"}, {"adapters/slack/slackfake", "communitybot/bot"}} {
		if forbidden(bad[0], bad[1]) == "" {
			t.Errorf("%s may import %s", bad[0], bad[1])
		}
	}
}

// forbidden says why a package may not import another, or nothing.
func forbidden(name, imported string) string {
	ours, isOurs := strings.CutPrefix(imported, "communitybot/")
	below := func(dirs ...string) bool {
		return slices.ContainsFunc(dirs, func(d string) bool { return isOurs && (ours == d || strings.HasPrefix(ours, d+"/")) })
	}
	sdk := strings.Contains(imported, "slack-go") || strings.Contains(imported, "discordgo")
	switch {
	case name == "bot":
		if isOurs || strings.Contains(strings.SplitN(imported, "/", 2)[0], ".") {
			return "bot knows only the standard library"
		}
	case strings.HasPrefix(name, "bot/"), name == "commands":
		if below("adapters") || sdk || name != "commands" && below("commands") {
			return "it knows no platform, and nobody knows the commands"
		}
	case strings.HasSuffix(name, "fake"):
		if isOurs && ours != "adapters/person" {
			return "a fake knows nothing of the bot"
		}
	case name == "adapters/slack" || name == "adapters/discord":
		sibling := map[string]string{"adapters/slack": "discord", "adapters/discord": "slack-go"}[name]
		if below("commands", "adapters") || below("bot/store", "bot/genuin") || strings.Contains(imported, sibling) {
			return "an adapter knows bot and its own SDK"
		}
	}
	return ""
}
