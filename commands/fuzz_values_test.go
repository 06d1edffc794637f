package commands

import (
	"encoding/csv"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"communitybot/bot"
	"communitybot/bot/bottest"
)

// FuzzHandles holds that every handle that is made, proposed or offered can be taken, and that a good one stays.
func FuzzHandles(f *testing.F) {
	for _, s := range []string{"Acme", "東京 Tokyo", "...", "a-_-", strings.Repeat("ab-", 40), "ß", "\u200d", "-a", "№ 1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, words string) {
		made := slugOf(words)
		typed := problems{english, map[string]string{}}
		taken := typed.handle(words, "")
		if fine := len(typed.at) == 0 && taken != ""; fine && taken != clean(words) {
			t.Errorf("%q is taken as %q", words, taken)
		}
		for _, handle := range []string{made, taken} {
			if handle == "" || handle == taken && len(typed.at) > 0 {
				continue
			}
			again := problems{english, map[string]string{}}
			if got := again.handle(handle, "other"); got != handle || len(again.at) > 0 {
				t.Fatalf("%q, of %q, is read as %q: %v", handle, words, got, again.at)
			}
			free, err := suggest(t.Context(), new(bottest.Store), handle)
			if err != nil || len(free) != 3 || slices.Contains(free, handle) {
				t.Errorf("in place of %q: %q, %v", handle, free, err)
			}
			for _, other := range free {
				if !handlePattern.MatchString(other) || len(other) > maxHandle {
					t.Errorf("%q in place of %q", other, handle)
				}
			}
		}
	})
}

// FuzzLists holds that what is read of tags, hashtags, categories and members is read the same again.
func FuzzLists(f *testing.F) {
	for _, s := range []string{"a, b", "#a #b#c", "हिन्दी #हिन्दी", "1,01,+1, 1", "u1\nu2,u1", "x\u2028y", ",#\u200d,", "a\u00a0b\xffc"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		p := problems{english, map[string]string{}}
		once := func(what string, got, again []string) {
			t.Helper()
			if diff := cmp.Diff(got, again, cmpopts.EquateEmpty()); diff != "" && len(p.at) == 0 {
				t.Errorf("%s of %q (-first +again):\n%s", what, typed, diff)
			}
		}
		tags := p.tags(typed)
		once("tags", tags, p.tags(strings.Join(tags, separator)))
		found := hashtags(typed)
		once("hashtags", found, hashtags("#"+strings.Join(found, " #")))
		for _, tag := range found {
			if !strings.Contains(typed, "#"+tag) {
				t.Errorf("the hashtag %q is not in %q", tag, typed)
			}
		}
		members := p.members(typed)
		once("members", members, p.members(strings.Join(members, "\n")))
		ids := p.categories(typed, nil)
		for i, id := range ids {
			if id < 0 || slices.Contains(ids[:i], id) {
				t.Errorf("categories %v", ids)
			}
		}
	})
}

// FuzzExport holds that no cell of the CSV begins like a formula, wherever a spreadsheet thinks that cells begin: those
// set up for semicolons or tabs take a whole line of ours as one cell, and part it there.
func FuzzExport(f *testing.F) {
	f.Add("Acme", "=1+1", "a\n=1+1", 0)
	f.Add("@SUM(1)", "x;=cmd|' /C calc'!A0;", "\t-1", 3)
	f.Add(" =1", "\"=1\",\"", "\r\n+1;;@x", -5)
	f.Fuzz(func(t *testing.T, name, person, note string, seq int) {
		var out strings.Builder
		write, flush, err := Export("csv", &out)
		if err != nil {
			t.Fatal(err)
		}
		r := bot.Request{ID: 7, Community: bot.Community{Name: name, Handle: note}, Made: bot.Made{URL: person}}
		e := bot.Entry{Seq: seq, At: start, By: bot.User{Platform: "slack", ID: "U1", Name: person}, Where: bot.Place{Platform: name, Channel: note}, Note: note}
		if err := errors.Join(write(r, e), flush()); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(strings.NewReader(out.String())).ReadAll()
		if err != nil || len(rows) != 2 || len(rows[1]) != len(rows[0]) {
			t.Fatalf("%d rows, %v", len(rows), err)
		}
		for i, cell := range rows[1] {
			if n, err := strconv.Atoi(cell); err == nil && n == seq && rows[0][i] == "seq" {
				continue
			}
			for _, part := range strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune(";\t\r\n", r) }) {
				part = strings.TrimLeftFunc(part, func(r rune) bool { return r == '"' || unicode.IsSpace(r) })
				if part != "" && strings.ContainsRune("=+-@", rune(part[0])) {
					t.Errorf("%s %q has a cell %q", rows[0][i], cell, part)
				}
			}
		}
	})
}
