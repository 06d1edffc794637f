package schemas

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestWhereTheDescriptionsAre(t *testing.T) {
	top := t.TempDir()
	here := filepath.Join(top, "repository", "adapters")
	there := filepath.Join(top, "shared")
	for _, dir := range []string{here, there} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	want := filepath.Join(there, "names.json")
	if err := os.WriteFile(want, []byte(`["Ada"]`), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Chdir(here)
	t.Setenv(Folder, "")
	if got, err := find("names.json"); got != want || err != nil {
		t.Errorf("beside the repository: %q, %v", got, err)
	}
	if _, err := read("other.json"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("one that is nowhere: %v", err)
	}
	t.Setenv(Folder, there)
	if got, err := find("names.json"); got != want || err != nil {
		t.Errorf("where the environment says: %q, %v", got, err)
	}
	t.Setenv(Folder, here)
	if _, err := read("names.json"); err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("where the environment wrongly says: %v, as if nobody had said so", err)
	}
}
