package memory_test

import (
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"communitybot/bot/memory"
)

// mapped returns how much of files this process has in memory, in KB.
func mapped(t *testing.T) int {
	t.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Skip(err)
	}
	_, rest, _ := strings.Cut(string(status), "RssFile:")
	text, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	kb, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return kb
}

// TestTrim holds that the program goes on after its own code was given back, and that it was.
func TestTrim(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux gives it back")
	}
	before := mapped(t)
	memory.Trim()
	after := mapped(t)
	if after >= before {
		t.Errorf("%d KB of files in memory, before %d", after, before)
	}
}
