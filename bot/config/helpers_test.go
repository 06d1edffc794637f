package config_test

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"communitybot/bot/config"
)

// vars is an environment by name.
type vars map[string]string

// sound is the smallest environment of each way in, with both platforms.
var sound = vars{
	"SLACK_BOT_TOKEN":        "test-bot-token",
	"SLACK_SIGNING_SECRET":   "test-signing-secret",
	"DISCORD_BOT_TOKEN":      "test-discord-token",
	"DISCORD_APPLICATION_ID": "123456789012345678",
	"GENUIN_BASE_URL":        "http://127.0.0.1:9000",
	"GENUIN_ACCESS_TOKEN":    "test-access-token",
}

// with returns the environment with more over it; without drops variables.
func (v vars) with(more vars) vars {
	all := maps.Clone(v)
	maps.Copy(all, more)
	return all
}

func (v vars) without(names ...string) vars {
	all := maps.Clone(v)
	for _, n := range names {
		delete(all, n)
	}
	return all
}

func (v vars) environ() []string {
	var lines []string
	for name, value := range v {
		lines = append(lines, name+"="+value)
	}
	return lines
}

// load loads an environment that must be sound.
func load(t *testing.T, v vars) config.Config {
	t.Helper()
	c, err := config.Load(v.environ(), "")
	if err != nil {
		t.Fatalf("Load: %v", err)
	}
	return c
}

// problems loads an environment that must have problems.
func problems(t *testing.T, v vars, dotenv string) *config.Problems {
	t.Helper()
	_, err := config.Load(v.environ(), dotenv)
	var p *config.Problems
	if !errors.As(err, &p) {
		t.Fatalf("Load: got error %v, want *Problems", err)
	}
	return p
}

// variables returns the names in a list of problems.
func variables(p *config.Problems) []string {
	var names []string
	for _, problem := range p.List {
		names = append(names, problem.Variable)
	}
	return names
}

// write makes a .env file.
func write(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), ".env")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// mentions fails unless text holds each of the words.
func mentions(t *testing.T, text string, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(text, w) {
			t.Errorf("%q is not in:\n%s", w, text)
		}
	}
}

// silent fails when text holds any of the words.
func silent(t *testing.T, text string, words ...string) {
	t.Helper()
	for _, w := range words {
		if strings.Contains(text, w) {
			t.Errorf("%q is in:\n%s", w, text)
		}
	}
}
