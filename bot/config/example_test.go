package config_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"communitybot/bot/config"
)

const example = "../../.env.example"

// variable is a line of .env.example: a default behind a #, or a name without a value.
var variable = regexp.MustCompile(`^(# )?([A-Z][A-Z0-9_]+)=(.*)$`)

func TestExampleHoldsEveryVariableWithItsDefaultAndAComment(t *testing.T) {
	text, err := os.ReadFile(example)
	if err != nil {
		t.Fatal(err)
	}
	type entry struct{ Name, Default string }
	var want, got []entry
	for _, v := range config.Variables() {
		want = append(want, entry{v.Name, v.Default})
	}
	commented := false
	for line := range strings.Lines(string(text)) {
		line = strings.TrimRight(line, "\n")
		m := variable.FindStringSubmatch(line)
		if m == nil {
			commented = strings.HasPrefix(line, "# ") && !strings.HasPrefix(line, "# ----")
			continue
		}
		if !commented {
			t.Errorf("%s has no comment right above it", m[2])
		}
		if optional := m[1] != ""; optional != (m[3] != "") {
			t.Errorf("%q: a default stands behind a #, and a name without a default does not", line)
		}
		got = append(got, entry{m[2], m[3]})
		commented = false
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("variables, in their order (-Config +%s):\n%s", example, diff)
	}
}

func TestExampleAsItIsMeansNothingConfigured(t *testing.T) {
	p := problems(t, vars{}, example)
	if !p.Nothing || len(p.List) != 0 {
		t.Errorf("got %+v, want only the words for a new reader", p)
	}
}

func TestExampleWithItsDefaultsSwitchedOnChangesNothing(t *testing.T) {
	text, err := os.ReadFile(example)
	if err != nil {
		t.Fatal(err)
	}
	on := regexp.MustCompile(`(?m)^# ([A-Z][A-Z0-9_]+=)`).ReplaceAll(text, []byte("$1"))
	got, err := config.Load(sound.environ(), write(t, string(on)))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(load(t, sound), got); diff != "" {
		t.Errorf("config (-without the file +with it):\n%s", diff)
	}
}
