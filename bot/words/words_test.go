package words

import (
	"cmp"
	"regexp"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"communitybot/bot"
)

func TestTheLanguagesAreInOrder(t *testing.T) {
	var tags []string
	for _, w := range All() {
		tags = append(tags, w.Language)
	}
	if diff := gocmp.Diff([]string{"en", "de", "es", "fr", "pt", "hi", "ja"}, tags); diff != "" {
		t.Error(diff)
	}
}

func TestForFindsTheLanguageOfALocale(t *testing.T) {
	for locale, want := range map[string]*Words{
		"en": &English, "en-GB": &English, "de": &German, "de-DE": &German, "de_AT": &German, "DE-de": &German, "es-ES": &Spanish, "es-419": &Spanish,
		"es-LA": &Spanish, "fr-FR": &French, "fr_CA": &French, "pt_BR": &Portuguese, "pt-BR": &Portuguese, "pt-PT": &Portuguese, "hi": &Hindi, "hi-IN": &Hindi,
		"ja": &Japanese, "ja-JP": &Japanese, "": &English, "d": &English, "xx": &English, "xx-DE": &English, "deu": &English, "deu-DE": &English, "日本": &English,
	} {
		if got := For(locale); got != want {
			t.Errorf("%q is answered in %q, not %q", locale, got.Language, want.Language)
		}
	}
}

func TestExplainHasWordsForEveryCode(t *testing.T) {
	for _, w := range All() {
		codes := map[bot.Code]string{
			bot.Busy: w.Chat.Busy, bot.Forbidden: w.Chat.Forbidden, bot.NoAccess: w.Chat.Forbidden, bot.NotFound: w.Chat.NotFound,
			bot.Gone: w.Chat.NotFound, bot.Invalid: w.Chat.Invalid, bot.Conflict: w.Chat.Invalid, bot.Internal: w.Chat.OurFault,
		}
		for _, code := range constants[bot.Code](t) {
			want, known := codes[code]
			if got := w.Explain(&bot.Error{Code: code}); !known || got != want {
				t.Errorf("%s: %s is told as %q, not %q", w.Language, code, got, cmp.Or(want, "words of its own, which this test does not know"))
			}
		}
	}
}

// commandName is what Discord takes as the name of a command or of its option, in small letters; it also takes one kind
// of apostrophe. https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-naming
var commandName = regexp.MustCompile(`^[-_\p{L}\p{N}\p{Devanagari}\p{Thai}]{1,32}$`)

func TestDiscordTakesTheNamesOfCommands(t *testing.T) {
	for _, w := range All() {
		c := w.Commands
		for _, together := range [][]bot.Named{
			{c.Create, c.Communities},
			{c.Name, c.Handle, c.Description, c.Tags, c.Category, c.Type, c.Why, c.More},
			{c.Text},
		} {
			seen := make(map[string]bool)
			for _, n := range together {
				if !commandName.MatchString(n.Name) || n.Name != strings.ToLower(n.Name) {
					t.Errorf("%s: Discord does not take %q", w.Language, n.Name)
				}
				if seen[n.Name] {
					t.Errorf("%s: two have the name %q", w.Language, n.Name)
				}
				seen[n.Name] = true
			}
		}
	}
}

func TestWhatCanBeTypedAfterCommunitiesIsTheSameInEveryLanguage(t *testing.T) {
	for _, w := range All() {
		for _, typed := range []string{"list mine", "list waiting", "list all", "show 42", "withdraw 42", "help"} {
			if !strings.Contains(w.Commands.Text.About, typed) {
				t.Errorf("%s: %q lacks %q", w.Language, w.Commands.Text.About, typed)
			}
		}
	}
}
