package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestMain lets the test's program be the servers that are measured, too.
func TestMain(m *testing.M) {
	if name := os.Getenv(serveVariable); name != "" {
		fail(serve(name))
	}
	os.Exit(m.Run())
}

// TestAShortRun sends a few requests of each kind to each contender, and looks at what is written. It says nothing about
// how fast anything is.
func TestAShortRun(t *testing.T) {
	dir := t.TempDir()
	binary := filepath.Join(dir, "communitybot")
	build := exec.Command("go", "build", "-o", binary, "communitybot")
	build.Env = append(os.Environ(), "GOFLAGS=")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	doc := filepath.Join(dir, "PERFORMANCE.md")
	if err := os.WriteFile(doc, []byte("# Before\n"+tablesBegin+"old\n"+tablesEnd+"After\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	b := bench{binary: binary, peers: "peers", rounds: 1, each: 100 * time.Millisecond, openFor: 200 * time.Millisecond, rate: 20, connections: 2, seeds: 500}
	if err := b.measure(t.Context(), doc); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(doc)
	if err != nil {
		t.Fatal(err)
	}
	written := string(text)
	for _, c := range contenders {
		if c.missing != nil && c.missing(&b) != nil {
			t.Logf("%s is not installed: %v", c.name, c.missing(&b))
			continue
		}
		if !strings.Contains(written, "| "+c.name+" |") {
			t.Errorf("nothing about %s in\n%s", c.name, written)
		}
	}
	for _, want := range []string{"# Before\n", "After\n", "| 20 |", "| 200 |", "**slack: submission**", "**discord: button**", "**A request's whole life**", "**Targets**"} {
		if !strings.Contains(written, want) {
			t.Errorf("no %q in\n%s", want, written)
		}
	}
	if strings.Contains(written, "old") {
		t.Error("the tables of before are still there")
	}
}

func TestEveryRequestIsAnotherOne(t *testing.T) {
	for platform, list := range kinds {
		for _, k := range list {
			if one, two := string(k.body.fill(nil, 1)), string(k.body.fill(nil, 2)); one == two || strings.Contains(one, "{{") {
				t.Errorf("%s %s: %.200s", platform, k.name, one)
			}
		}
	}
}

func TestAWrongAnswerIsSeen(t *testing.T) {
	for _, c := range []struct {
		kind   kind
		status int
		body   string
	}{
		{kindOf(slackPlatform, submission), 200, `{"response_action":"errors"}`},
		{kindOf(slackPlatform, submission), 500, ""},
		{kindOf(slackPlatform, "slash"), 200, ""},
		{kindOf(discordPlatform, button), 200, `{"type":4,"data":{"content":"not yours"}}`},
	} {
		if err := c.kind.check(c.status, []byte(c.body)); err == nil {
			t.Errorf("%s: %d %q is taken", c.kind.name, c.status, c.body)
		}
	}
}

func TestSumsUp(t *testing.T) {
	var all times
	for i := range 1000 {
		all.add([]time.Duration{time.Duration(1000-i) * time.Millisecond})
	}
	got := all.sample(10*time.Second, 2*time.Second)
	want := sample{100, 501 * time.Millisecond, 991 * time.Millisecond, time.Second, 2 * time.Second}
	if got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if got := median([]int{5, 1, 3}, func(n int) string { return fmt.Sprint(n) }); got != "3" {
		t.Errorf("the median is %s", got)
	}
}

func TestATargetIsReachedOrNot(t *testing.T) {
	b := bench{results: results{
		{slackPlatform, ours}: {{kinds: map[string]sample{submission: {perSecond: 250}}, idle: 26, size: 30}},
		{slackPlatform, bolt}: {{kinds: map[string]sample{submission: {perSecond: 100}}}},
	}}
	for _, c := range []struct {
		target target
		want   string
	}{
		{throughput(slackPlatform, submission, bolt, 2.5), "reached"},
		{throughput(slackPlatform, submission, bolt, 2.6), "**not reached**"},
		{throughput(slackPlatform, submission, boltCommitting, 5), "not measured"},
		{throughput(slackPlatform, button, bolt, 2.5), "not measured"},
		{weighs(slackPlatform, "idle", "MB", 25, func(f figures) float64 { return f.idle }), "**not reached**"},
		{weighs(slackPlatform, "program", "MB", 30, func(f figures) float64 { return f.size }), "reached"},
		{openP99(slackPlatform), "not measured"},
		{outcomeAt(20, "p50", 10, func(o outcome) time.Duration { return o.p50 }), "not measured"},
	} {
		if got := c.target.verdict(c.target.got(&b)); got != c.want {
			t.Errorf("%s %g: %s, want %s", c.target.what, c.target.goal, got, c.want)
		}
	}
}

func TestGrowthIsWritten(t *testing.T) {
	all, err := sizes("100000,1000")
	if err != nil {
		t.Fatal(err)
	}
	b := bench{growth: all, grown: map[int][]figures{}}
	for i, size := range all {
		took := time.Duration(i+2) * time.Millisecond
		b.grown[size] = []figures{{kinds: map[string]sample{"list": {p50: took}, submission: {p50: took}, button: {p50: took}}, ready: took, peak: 20}}
	}
	var s strings.Builder
	b.growing(&s)
	if want := "| 1000 | 2.00 (1.00) | 2.00 (1.00) | 2.00 (1.00) | 2 | 20 |\n| 100000 | 3.00 (1.50) | 3.00 (1.50) | 3.00 (1.50) | 3 | 20 |\n"; !strings.HasSuffix(s.String(), want) {
		t.Errorf("%s\nwant the end\n%s", s.String(), want)
	}
	for _, wrong := range []string{"many", "10", "1000,"} {
		if _, err := sizes(wrong); err == nil {
			t.Errorf("%q is taken", wrong)
		}
	}
}
