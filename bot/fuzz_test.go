package bot_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"communitybot/bot"
)

// FuzzCallAsText holds that a button brings back the call it was given, whatever its values hold, and that one call has
// one text: Slack and Discord hand it back as it is.
func FuzzCallAsText(f *testing.F) {
	f.Add("fix", "id", "42", "v", "3")
	f.Add("create-community", "name", "R&D? 100% = more; \x00", "", "\xff")
	f.Add("home", "id", "", "id", "7")
	f.Add("a;b", "é#", "?", "+", " ")
	f.Fuzz(func(t *testing.T, command, key1, value1, key2, value2 string) {
		call := bot.Call{Command: command, Values: bot.Values{key1: value1, key2: value2}}
		text := call.String()
		got, err := bot.ParseCall(text)
		if command == "" || strings.ContainsAny(command, "?&=%") {
			return // no command is named like that, and what is read then FuzzParseCall holds
		}
		if diff := cmp.Diff(call, got); err != nil || diff != "" {
			t.Errorf("%q read back: %v (-want +got):\n%s", text, err, diff)
		}
		if again := got.String(); again != text {
			t.Errorf("%q becomes %q", text, again)
		}
		if strings.ContainsFunc(strings.TrimPrefix(text, command), func(r rune) bool { return r <= ' ' || r > '~' }) {
			t.Errorf("%q holds more than a platform gives back unchanged", text)
		}
	})
}

var gap = regexp.MustCompile(`\{([^}]*)\}`)

// FuzzSay holds that words are filled in once: what a person wrote, braces and all, stays as it is and fills nothing in.
func FuzzSay(f *testing.F) {
	f.Add("{by} asks for {name}", "by", "{name}", "name", "Acme {by}")
	f.Add("{", "", "{}", "{", "}")
	f.Add("a{{x}}b{x", "{x", "1", "x", "2")
	f.Fuzz(func(t *testing.T, words, name1, value1, name2, value2 string) {
		want := gap.ReplaceAllStringFunc(words, func(s string) string {
			switch name := s[1 : len(s)-1]; name {
			case name1:
				return value1
			case name2:
				return value2
			}
			return s
		})
		if got := bot.Fill(words, name1, value1, name2, value2); got != want {
			t.Errorf("filled in: %q, want %q", got, want)
		}
		text := bot.Say(words, name1, bot.Bold(value1), name2, bot.Link{URL: value2})
		if got := text.String(); got != want {
			t.Errorf("as spans: %q, want %q", got, want)
		}
		for _, s := range text {
			if b, isBold := s.(bot.Bold); isBold && string(b) != value1 {
				t.Errorf("a span of %q in place of %q", b, value1)
			}
		}
		if got := bot.Say(words, "unknown").String(); got != words {
			t.Errorf("without values: %q, want %q", got, words)
		}
	})
}
