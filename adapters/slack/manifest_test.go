package slack

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"communitybot/bot"
)

var someCommands = []bot.Command{
	{
		Named: bot.Named{Name: "create-community", About: "Create a community on Genuin"}, Usage: "[name]",
		Shortcut: &bot.Shortcut{Field: "description", Named: bot.Named{Name: "Create a community", About: "Ask for a community that is about this message"}},
	},
	{Named: bot.Named{Name: "communities", About: "List, show and manage requests"}},
}

func TestTheManifest(t *testing.T) {
	raw, err := Manifest(someCommands, "https://bot.example.com/", false)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "manifest", json.RawMessage(raw))
	if err := sit(t, answering(bot.Done{})).Install(raw); err != nil {
		t.Error(err)
	}
}

func TestTheManifestForSocketModeHasNoAddresses(t *testing.T) {
	raw, err := Manifest(someCommands, "", true)
	if err != nil || bytes.Contains(raw, []byte("url")) || !bytes.Contains(raw, []byte(`"socket_mode_enabled": true`)) {
		t.Errorf("%s, %v", raw, err)
	}
	if err := sit(t, answering(bot.Done{})).Install(raw); err != nil {
		t.Error(err)
	}
}

func TestAManifestNeedsAnAddress(t *testing.T) {
	for _, url := range []string{"", "bot.example.com", "ftp://bot.example.com", "https://"} {
		if raw, err := Manifest(nil, url, false); err == nil || !strings.Contains(err.Error(), "PUBLIC_URL") {
			t.Errorf("%q: %s, %v", url, raw, err)
		}
	}
}

func TestLongWordsOfAShortcutAreCut(t *testing.T) {
	long := strings.Repeat("é", 300)
	raw, err := Manifest([]bot.Command{{Named: bot.Named{Name: "c", About: "a"}, Shortcut: &bot.Shortcut{Named: bot.Named{Name: long, About: long}}}}, "", true)
	if err != nil {
		t.Fatal(err)
	}
	if err := sit(t, answering(bot.Done{})).Install(raw); err != nil {
		t.Error(err)
	}
}
