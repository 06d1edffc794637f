package adapters_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// TestConversations runs every conversation in testdata on every platform. A file holds "environment", which is
// optional, and "conversation"; what stands before them says what it is about.
func TestConversations(t *testing.T) {
	files, err := filepath.Glob("testdata/conversations/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no conversations: %v", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		archive := txtar.Parse(data)
		section := func(name string) string {
			i := slices.IndexFunc(archive.Files, func(f txtar.File) bool { return f.Name == name })
			if i < 0 {
				return ""
			}
			return string(archive.Files[i].Data)
		}
		for _, platform := range []string{"slack", "discord", "slack socket", "discord gateway", "slack postgres", "discord postgres"} {
			t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar")+"/"+platform, func(t *testing.T) {
				t.Parallel()
				conversation := section("conversation")
				if conversation == "" {
					t.Fatalf("%s has no conversation", file)
				}
				newWorld(t, platform, strings.Fields(section("environment"))...).converse(t, conversation)
			})
		}
	}
}
