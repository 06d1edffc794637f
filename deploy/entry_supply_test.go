package deploy_test

import (
	"debug/buildinfo"
	"os"
	"os/exec"
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

// TestToolsArePinned holds that nothing that builds or checks the program is taken as it is that day.
func TestToolsArePinned(t *testing.T) {
	for _, file := range []string{"../Makefile", "../.ci/run", "../Dockerfile"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			if strings.Contains(line, "@latest") || strings.Contains(line, ":latest") || strings.Contains(line, "curl ") && strings.Contains(line, "| sh") {
				t.Errorf("%s is not pinned: %s", file, line)
			}
		}
	}
}
