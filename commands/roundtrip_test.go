package commands

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"communitybot/bot"
)

// FuzzWhatIsReadFillsTheFormAgain holds what Fix and resubmit lives from: a form that was taken, shown filled in again
// and sent unchanged, asks for the same community, and fits into its fields.
func FuzzWhatIsReadFillsTheFormAgain(f *testing.F) {
	f.Add("Acme", "acme", "For #fans", "a, b", "1, 3", "Trail", "1.png", "u1 u2", "why", "hashtags")
	f.Add("東京", "", "#"+strings.Repeat("x", 60), "", "7", "", "", "", "", "ai,hashtags,ai_banner,ai_picture")
	f.Add("\u200d \u200d", " a ", "a\r\nb", "\u200d,#", "Sports", "a\u200d,\u200db", ".x", "@", "\u202e", "ai_banner,ai")
	f.Add("A", "a", strings.Repeat("#y1 ", 400), strings.Repeat("t ", 500), strings.Repeat("1,", 500), longTags(25), "", strings.Repeat("u ", 1500), "", "hashtags")
	f.Add("A", "a", "", strings.TrimPrefix(strings.ReplaceAll(longTags(24), ",", " "), " "), "", longTags(24), "", "a\nb", "", "")
	f.Fuzz(func(t *testing.T, name, handle, description, tags, categories, proposed, picture, members, why, options string) {
		v := bot.Values{fieldName: name, fieldHandle: handle, fieldDescription: description, fieldTags: tags, fieldCategories: categories,
			fieldProposed: proposed, fieldPicture: picture, fieldMembers: members, fieldWhy: why, fieldOptions: options}
		for _, c := range []*Commands{plain(), choosing()} {
			first, problems := c.read(english, v)
			if len(problems) > 0 {
				continue
			}
			r := bot.Request{Community: first, Why: clean(why)}
			again := values(&r)
			second, problems := c.read(english, again)
			if len(problems) > 0 {
				t.Fatalf("what was taken is refused: %v", problems)
			}
			if diff := cmp.Diff(first, second, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("(-first +again):\n%s", diff)
			}
			if said := c.difference(english.Form, again, values(&bot.Request{Community: second, Why: clean(again[fieldWhy])})); said != "" {
				t.Errorf("unchanged, and still different: %s", said)
			}
			for _, field := range c.fields(english.Form, again) {
				if n := utf8.RuneCountInString(field.Value); field.Max > 0 && n > field.Max {
					t.Errorf("%s: %d characters for a field of %d", field.Name, n, field.Max)
				}
			}
		}
	})
}

func TestTheSameRequestIsFilledInTheSameWayEachTime(t *testing.T) {
	r := bot.Request{Community: bot.Community{AI: true, AIPicture: true, AIBanner: true}}
	for range 50 {
		if got := values(&r)[fieldOptions]; got != "ai,ai_picture,ai_banner" {
			t.Fatalf("options %q", got)
		}
	}
}
