package genuin_test

import (
	"strings"
	"testing"

	"communitybot/bot"
	"communitybot/bot/genuin"
	"communitybot/bot/genuin/genuinfake"
)

func TestCheckWithAKeyFetchesAToken(t *testing.T) {
	tests := []struct {
		name string
		mode genuinfake.Mode
		want string // in the error; "" for none
	}{
		{"all is well", genuinfake.Behave, ""},
		{"a wrong key", genuinfake.NoBrand, "check GENUIN_API_KEY"},
		{"too often", genuinfake.RateLimited, "try again later"},
		{"Genuin is down", genuinfake.Unavailable, "or try again later"},
		{"no answer", genuinfake.ResetBefore, "check GENUIN_BASE_URL"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := fake(t, genuinfake.Options{})
			f.NextAuth(tt.mode)
			findings(t, withKey(f), tt.want)
			if calls(f, genuinfake.CreatePath) != 0 || len(f.Calls()) != 1 {
				t.Errorf("called %v", f.Calls())
			}
		})
	}
}

func TestCheckWithAReadyTokenOnlyReachesTheHost(t *testing.T) {
	f := fake(t, genuinfake.Options{})
	got := findings(t, withToken(f.URL()), "", "")
	want := []genuinfake.Call{{Method: "GET", Path: "/", Status: 404}}
	if c := f.Calls(); len(c) != 1 || c[0].Method != want[0].Method || c[0].Status != want[0].Status || c[0].Authorization != "" {
		t.Errorf("called %v, want %v", c, want)
	}
	if !strings.Contains(got[0].Detail, "404") || !strings.Contains(got[1].Detail, "first community") {
		t.Errorf("details %q, %q", got[0].Detail, got[1].Detail)
	}
	f.Close()
	findings(t, withToken(f.URL()), "no answer", "")
	findings(t, genuin.New(genuin.Options{BaseURL: f.URL(), AccessToken: "two words"}), "no answer", "characters")
}

func TestCheckNamesWhatIsNotSet(t *testing.T) {
	findings(t, genuin.New(genuin.Options{}), "GENUIN_BASE_URL")
	findings(t, genuin.New(genuin.Options{BaseURL: "http://genuin.test"}), "set GENUIN_ACCESS_TOKEN, or GENUIN_API_KEY and GENUIN_API_SECRET")
}

// findings runs Check and compares its errors, one for each finding.
func findings(t *testing.T, c *genuin.Client, want ...string) []bot.Finding {
	t.Helper()
	got := c.Check(t.Context())
	if len(got) != len(want) {
		t.Fatalf("%d findings, want %d: %v", len(got), len(want), got)
	}
	for i, f := range got {
		switch {
		case f.Name == "" || f.Detail == "":
			t.Errorf("finding %d says nothing: %+v", i, f)
		case want[i] == "" && f.Err != nil:
			t.Errorf("%s: %v", f.Name, f.Err)
		case want[i] != "" && (f.Err == nil || !strings.Contains(f.Err.Error(), want[i])):
			t.Errorf("%s: got %v, want %q", f.Name, f.Err, want[i])
		}
	}
	return got
}
