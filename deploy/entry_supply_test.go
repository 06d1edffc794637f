package deploy_test

import (
	"debug/buildinfo"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

func TestTheLicencesOfWhatIsInTheProgramAreListed(t *testing.T) {
	list := exec.CommandContext(t.Context(), "go", "run", "./deploy/licences")
	list.Dir, list.Env = "..", append(os.Environ(), "GOFLAGS=")
	var errOut buffer
	list.Stderr = &errOut
	printed, err := list.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, &errOut)
	}
	kept, err := os.ReadFile("../docs/LICENCES.md")
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(string(kept), string(printed)); diff != "" {
		t.Errorf("docs/LICENCES.md is not what is in the program (-kept +now): run\n  make licences\n%s", diff)
	}
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	built, err := buildinfo.ReadFile(path)
	if err != nil || len(built.Deps) < 10 {
		t.Fatalf("%d modules, %v", len(built.Deps), err)
	}
	for _, m := range built.Deps {
		if !strings.Contains(string(kept), "| "+m.Path+" |") {
			t.Errorf("%s is in the program and not in the list", m.Path)
		}
		if m.Replace != nil || m.Sum == "" {
			t.Errorf("%s is not what go.sum vouches for", m.Path)
		}
	}
}

// pinned are the ways in which tools come from outside, and how each must say which one is meant. Images have versions
// and no digests: who builds one gets its latest patch.
var pinned = []struct {
	file           string
	takes, exactly *regexp.Regexp
}{
	{"../Makefile", regexp.MustCompile(`go (?:run|install) [a-z]+\.[a-z]+/`), regexp.MustCompile(`@v\d+\.\d+\.\d+\s`)},
	{"../.ci/run", regexp.MustCompile(`go (?:run|install) [a-z]+\.[a-z]+/`), regexp.MustCompile(`@v\d+\.\d+\.\d+\s`)},
	{"../Dockerfile", regexp.MustCompile(`go (?:run|install) [a-z]+\.[a-z]+/`), regexp.MustCompile(`@v\d+\.\d+\.\d+\s`)},
	{"../Dockerfile", regexp.MustCompile(`^FROM `), regexp.MustCompile(`^FROM (?:golang:1\.\d+|gcr\.io/distroless/static-debian\d+:nonroot)(?:@sha256:[0-9a-f]{64})?\s`)},
	{"../Makefile", regexp.MustCompile(`\bnpm `), regexp.MustCompile(`\bnpm ci `)}, // what package-lock.json vouches for
	{"../.ci/run", regexp.MustCompile(`\bnpm `), regexp.MustCompile(`\bnpm ci `)},
}

// TestToolsArePinned holds that no tool that builds or checks the program is the latest of that day, and that none is
// a script from the net. Go tools with a go.mod of their own are held by their go.sum.
func TestToolsArePinned(t *testing.T) {
	looked := 0
	for _, p := range pinned {
		text, err := os.ReadFile(p.file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			if p.takes.MatchString(line) {
				looked++
				if !p.exactly.MatchString(line) {
					t.Errorf("%s does not say which version: %s", p.file, line)
				}
			}
			if fetch := strings.Contains(line, "curl ") || strings.Contains(line, "wget "); fetch || strings.Contains(line, "latest") {
				t.Errorf("%s takes what there is that day: %s", p.file, line)
			}
		}
	}
	if looked < 5 {
		t.Errorf("only %d tools were looked at", looked)
	}
}
