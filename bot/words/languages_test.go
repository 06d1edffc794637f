package words

import (
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	gocmp "github.com/google/go-cmp/cmp"
)

// read lists all that w says, by where it stands: "Form.Name", "Card.Status[pending]", "Commands.Create.About".
func read(w *Words) map[string]string {
	said := make(map[string]string)
	collect(reflect.ValueOf(*w), "", said)
	delete(said, "Language")
	return said
}

func collect(v reflect.Value, at string, said map[string]string) {
	switch v.Kind() {
	case reflect.String:
		said[at] = v.String()
	case reflect.Map:
		for _, key := range v.MapKeys() {
			collect(v.MapIndex(key), at+"["+key.String()+"]", said)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			collect(v.Field(i), strings.TrimPrefix(at+"."+v.Type().Field(i).Name, "."), said)
		}
	default:
		panic("words of a kind that the tests do not know: " + at)
	}
}

// everywhere runs check for every language and everything that it says, in order.
func everywhere(t *testing.T, check func(t *testing.T, w *Words, at, words string)) {
	for _, w := range All() {
		t.Run(w.Language, func(t *testing.T) {
			said := read(w)
			for _, at := range slices.Sorted(maps.Keys(said)) {
				check(t, w, at, said[at])
			}
		})
	}
}

func TestEveryLanguageSaysAllThatEnglishSays(t *testing.T) {
	english := slices.Sorted(maps.Keys(read(&English)))
	for _, w := range All() {
		if diff := gocmp.Diff(english, slices.Sorted(maps.Keys(read(w)))); diff != "" {
			t.Errorf("%s (-English +%[1]s):\n%s", w.Language, diff)
		}
	}
	everywhere(t, func(t *testing.T, _ *Words, at, words string) {
		if strings.TrimSpace(words) == "" {
			t.Errorf("%s is empty", at)
		}
	})
}

var placeholder = regexp.MustCompile(`\{[^{}]*\}`)

func placeholders(words string) []string {
	return slices.Sorted(slices.Values(placeholder.FindAllString(words, -1)))
}

func TestEveryLanguageHasThePlaceholdersOfEnglish(t *testing.T) {
	english := read(&English)
	everywhere(t, func(t *testing.T, _ *Words, at, words string) {
		if diff := gocmp.Diff(placeholders(english[at]), placeholders(words)); diff != "" {
			t.Errorf("%s: %q (-English):\n%s", at, words, diff)
		}
		if rest := placeholder.ReplaceAllString(words, ""); strings.ContainsAny(rest, "{}") {
			t.Errorf("%s: %q has half a placeholder", at, words)
		}
	})
}

// edges is the space that words begin and end with.
type edges struct{ Before, After string }

func edgesOf(s string) edges {
	return edges{s[:len(s)-len(strings.TrimLeftFunc(s, unicode.IsSpace))], s[len(strings.TrimRightFunc(s, unicode.IsSpace)):]}
}

// ownEdges are where a language has other space than English.
var ownEdges = map[string]map[string]edges{
	"fr": {"List.EntryNote": {Before: "\u00a0"}}, // a colon has a space before it
	"ja": {"Genuin.Free": {}},                    // a sentence follows the one before it at once
}

func TestWordsThatAreJoinedToOthersBeginAndEndAsInEnglish(t *testing.T) {
	english := read(&English)
	everywhere(t, func(t *testing.T, w *Words, at, words string) {
		want, own := ownEdges[w.Language][at]
		if !own {
			want = edgesOf(english[at])
		}
		if diff := gocmp.Diff(want, edgesOf(words)); diff != "" {
			t.Errorf("%s: %q:\n%s", at, words, diff)
		}
	})
}

// formatted are the placeholders for what is shown in bold, as code or as a link. https://docs.slack.dev/messaging/formatting-message-text
// has formatting at the edges of words only, and next to a letter or a wide sign there is none to be seen; there, Discord takes the sign for a part of the link.
var formatted = regexp.MustCompile(`(.?)\{(?:name|handle|link|edit|again|fix|retry|ours|rename|show|create|communities|list|waiting|all|withdraw)\}(.?)`)

func TestWhatIsFormattedStandsApart(t *testing.T) {
	everywhere(t, func(t *testing.T, _ *Words, at, words string) {
		for _, m := range formatted.FindAllStringSubmatch(words, -1) {
			for _, side := range m[1:] {
				if r, _ := utf8.DecodeRuneInString(side); side != "" && (unicode.IsLetter(r) || unicode.IsDigit(r) || r >= '\u3000' && r <= '\uffef') {
					t.Errorf("%s: %s touches %q", at, m[0], side)
				}
			}
		}
	})
}

func TestWordsNameFieldsByTheirLabels(t *testing.T) {
	for _, w := range All() {
		for _, words := range []string{w.Problem.NoCategory, w.Problem.NotCategoryID} {
			if !strings.Contains(words, w.Form.Proposed) {
				t.Errorf("%s: %q does not name the field %q", w.Language, words, w.Form.Proposed)
			}
		}
	}
}

// limit is how many characters fit where something stands; 0: as many as it takes.
func limit(at string) int {
	switch group, name, _ := strings.Cut(at, "."); {
	case at == "Commands.Shortcut.Name":
		return 24
	case group == "Commands" && strings.HasSuffix(name, ".Name"):
		return 32
	case group == "Commands":
		return 100
	case group == "Button":
		return 75
	case group == "Chat" && slices.Contains([]string{"Cancel", "Close", "Send"}, name):
		return 24
	case group == "Chat" && slices.Contains([]string{"TryAgain", "OpenForm"}, name):
		return 75
	case group != "Form":
		return 0
	case strings.HasSuffix(name, "Title"), slices.Contains([]string{"Create", "SendRequest", "Save", "Resubmit", "Deny", "AskForChanges", "AddLink"}, name):
		return 24
	case strings.HasSuffix(name, "Hint"):
		return 100
	case slices.Contains([]string{"AI", "AIPicture", "AIBanner", "Hashtags"}, name): // choices, and no labels
		return 75
	default:
		return 45
	}
}

func TestWordsFitWherePlatformsPutThem(t *testing.T) {
	everywhere(t, func(t *testing.T, _ *Words, at, words string) {
		if n, fit := utf8.RuneCountInString(words), limit(at); fit > 0 && n > fit {
			t.Errorf("%s has %d characters, and %d fit: %q", at, n, fit, words)
		}
	})
}

// alike are words that a language shares with English.
var alike = map[string][]string{
	"de": {"Banner", "Details", "Handle", "Link", "Name", "Tags", "communities", "handle", "name", "tags", "text"},
	"es": {"Banner"},
	"fr": {"Description", "Image", "Options", "Tags", "Type", "description", "tags", "type", "{time} {what} (version {version})"},
	"pt": {"Banner", "Link", "Tags", "tags"},
}

func TestNothingWasLeftInEnglish(t *testing.T) {
	english := read(&English)
	for _, w := range All()[1:] {
		shared := make(map[string]bool)
		for at, words := range read(w) {
			hasWords := strings.ContainsFunc(placeholder.ReplaceAllString(words, ""), unicode.IsLetter)
			if words == english[at] && hasWords {
				shared[words] = true
			}
		}
		if diff := gocmp.Diff(slices.Sorted(slices.Values(alike[w.Language])), slices.Sorted(maps.Keys(shared))); diff != "" {
			t.Errorf("%s has other words from English than the list (-list +found):\n%s", w.Language, diff)
		}
	}
}
