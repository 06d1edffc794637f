package bot_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"communitybot/bot"
)

func TestACallSurvivesTheWayThroughAButton(t *testing.T) {
	for name, call := range map[string]bot.Call{
		"without values":          {Command: "create-community"},
		"with values":             {Command: "fix", Values: bot.Values{"id": "42", "v": "3"}},
		"with an empty value":     {Command: "fix", Values: bot.Values{"id": ""}},
		"with separators in them": {Command: "x", Values: bot.Values{"a&b": "c=d?e&f%20#", "ü": "→ ☃"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := bot.ParseCall(call.String())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(call, got); diff != "" {
				t.Errorf("%q (-sent +read):\n%s", call, diff)
			}
		})
	}
	if s := (bot.Call{Command: "fix", Values: bot.Values{"id": "9223372036854775807", "v": "2147483647"}}).String(); len(s) > 100 {
		t.Errorf("%q has %d bytes, Discord takes 100", s, len(s))
	}
}

func TestParseCallRefusesWhatIsNoCall(t *testing.T) {
	for _, s := range []string{"", "?id=1", "a=b", "a&b?c=d", "x?%zz", "%41?x=1", strings.Repeat("&", 1000)} {
		if c, err := bot.ParseCall(s); bot.CodeOf(err) != bot.Invalid {
			t.Errorf("ParseCall(%q) = %v, %v; want invalid", s, c, err)
		}
	}
}

func FuzzParseCall(f *testing.F) {
	for _, s := range []string{"", "create-community", "fix?id=42&v=3", "a?b=%26&b=2", "?", "x?%zz"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		call, err := bot.ParseCall(s)
		if err != nil {
			return
		}
		again, err := bot.ParseCall(call.String())
		if err != nil || cmp.Diff(call, again) != "" {
			t.Errorf("%q read as %v, which reads back as %v, %v", s, call, again, err)
		}
	})
}

func TestSayFillsInSpans(t *testing.T) {
	u := bot.User{Platform: "slack", ID: "U1", Name: "Ada"}
	text := bot.Say("{who} asks for {what} ({n} of {m}): {link}{more}", "link", bot.Link{URL: "https://x.test"}, "who", bot.Mention(u),
		"what", bot.Bold("Acme {who}"), "n", 1, "m", "two", "more", bot.Say(" or {handle}", "handle", bot.Literal("a-b")))
	want := bot.Text{bot.Mention(u), bot.Plain(" asks for "), bot.Bold("Acme {who}"), bot.Plain(" ("), bot.Plain("1"), bot.Plain(" of "),
		bot.Plain("two"), bot.Plain("): "), bot.Link{URL: "https://x.test"}, bot.Plain(" or "), bot.Literal("a-b")}
	if diff := cmp.Diff(want, text); diff != "" {
		t.Errorf("spans (-want +got):\n%s", diff)
	}
	if got, want := text.String(), "@Ada asks for Acme {who} (1 of two): https://x.test or a-b"; got != want {
		t.Errorf("plain: %q, want %q", got, want)
	}
}

func TestErrorsSayTheirCodeAndWords(t *testing.T) {
	if bot.CodeOf(nil) != "" || bot.CodeOf(strings.NewReader("").UnreadByte()) != bot.Internal {
		t.Error("an error that is not ours is internal, and none has no code")
	}
	err := &bot.Error{Code: bot.Conflict, Message: "Too late.", Err: bot.ErrOld}
	if !strings.Contains(err.Error(), "Too late.") || !strings.Contains(err.Error(), bot.ErrOld.Error()) {
		t.Errorf("logged %q", err)
	}
}
