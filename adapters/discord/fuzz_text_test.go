package discord

import (
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"communitybot/bot"
)

// bare is a URL as Discord finds it, angled one whose preview is hidden, and blockMark what makes more of a line.
var (
	bare      = regexp.MustCompile(`^https?://[^\s<>]*`)
	angled    = regexp.MustCompile(`^<(https?://[^\s<>]+)>`)
	blockMark = regexp.MustCompile(`^(?:[#\-+>]|\d+\.)`)
)

// parse reads drawn words as Discord does, and returns what is shown. It fails on a mark that is not escaped.
func parse(t *testing.T, s string) (shown string) {
	t.Helper()
	var b strings.Builder
	for whole, begins := s, true; s != ""; {
		if url := angled.FindStringSubmatch(s); url != nil {
			b.WriteString(url[1])
			s, begins = s[len(url[0]):], false
			continue
		}
		if url := bare.FindString(s); url != "" {
			b.WriteString(url)
			s, begins = s[len(url):], false
			if after, breaks := strings.CutPrefix(s, "<"+noWidth); breaks {
				b.WriteByte('<')
				s = after
			}
			continue
		}
		r, n := utf8.DecodeRuneInString(s)
		switch {
		case r == '\\' && len(s) > 1:
			_, n = utf8.DecodeRuneInString(s[1:])
			b.WriteString(s[1 : 1+n])
			n++
			begins = false
		case strings.ContainsRune("\\*_~`|[]()<", r):
			t.Fatalf("the mark %q in %q", r, whole)
		case begins && blockMark.MatchString(s):
			t.Fatalf("a line begins with a mark in %q", whole)
		default:
			b.WriteString(s[:n])
			begins = r == '\n' || r == '\r' || begins && (r == ' ' || r == '\t' || r == '\f')
		}
		s = s[n:]
	}
	return b.String()
}

// seen is what is left of words without the character that keeps them from being a mention.
func seen(s string) string { return strings.ReplaceAll(s, noWidth, "") }

// FuzzWords draws any words as each kind of span: nobody is mentioned, nothing formats that is not to, and what Discord
// shows is what was written.
func FuzzWords(f *testing.F) {
	for _, s := range []string{"*a* _b_ `c` ||d||", "# a\n- b\n1. c\r> d\r\n-# e", "@everyone @HERE <@1> <@&2> <#3>", `\*\`, "https://x.test/a_b*c) [d](e)",
		"https://x.test/**[free](https://evil.test)", `https://x.test/\`, "<https://x.test>", "xhttps://a<b>https://c", "\xff\u200b@\u200beveryone", "\f# a"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 10000 {
			return
		}
		const room = 1 << 20
		for name, drawn := range map[string]string{
			"plain": markdown(bot.Text{bot.Plain(s)}, room), "quiet": quietly(bot.Text{bot.Plain(s)}, room), "name": markdown(bot.Text{bot.Name{ID: s}}, room),
		} {
			if diff := cmp.Diff(seen(s), seen(parse(t, drawn))); diff != "" {
				t.Errorf("%s (-written +shown):\n%s", name, diff)
			}
			if pings.MatchString(drawn) {
				t.Errorf("%s pings: %q", name, drawn)
			}
		}
		for name, drawn := range map[string]string{"bold": markdown(bot.Text{bot.Bold(s)}, room), "quiet and bold": quietly(bot.Text{bot.Bold(s)}, room)} {
			inner, isBold := strings.CutPrefix(strings.TrimSpace(drawn), "**")
			inner, closed := strings.CutSuffix(inner, "**")
			if isBold != closed || !isBold && strings.TrimSpace(s) != "" || pings.MatchString(drawn) {
				t.Errorf("%s: %q", name, drawn)
			}
			if closes(inner) || strings.ContainsRune(bareIn(inner), '*') {
				t.Errorf("%s ends early: %q", name, drawn)
			}
			parse(t, inner)
		}
		code := markdown(bot.Text{bot.Literal(s)}, room)
		if strings.ContainsAny(code, "\n\r") || code != "" && (strings.Count(code, "`") != 2 || !strings.HasPrefix(code, "`") || !strings.HasSuffix(code, "`")) || pings.MatchString(code) {
			t.Errorf("code: %q", code)
		}
	})
}

// closes reports whether words would take the mark behind them for escaped.
func closes(words string) bool {
	return (len(words)-len(strings.TrimRight(words, `\`)))%2 == 1
}

// bareIn returns the URLs in words, in which nothing is escaped.
func bareIn(words string) string { return strings.Join(webURL.FindAllString(words, -1), " ") }

// FuzzSpans draws a text of every kind of span, about anybody, in little room: it fits, and mentions only those who are
// mentioned and are on Discord, and notifies no others.
func FuzzSpans(f *testing.F) {
	f.Add("Ada", ada, "discord", "https://x.test/a", "Open", false, int64(1772366400), uint16(60))
	f.Add("@everyone", "&7", "discord", "https://x.test/)(<>", "a](b", true, int64(-1), uint16(9))
	f.Add("**", "0007", "discord", "http:// ", "://", true, int64(1)<<60, uint16(2000))
	f.Fuzz(func(t *testing.T, name, id, where, address, words string, group bool, at int64, limit uint16) {
		who := bot.User{Platform: where, ID: id, Name: name, Group: group}
		text := bot.Say("{a} {b} {c}\n{d} {e} {f} {g}", "a", bot.Mention(who), "b", bot.Name(who), "c", bot.Bold(words),
			"d", bot.Literal(words), "e", bot.Link{URL: address, Label: words}, "f", bot.Time(time.Unix(at, 0)), "g", name)
		room := int(limit)%maxContent + 1
		for _, drawn := range []string{markdown(text, room), quietly(text, room)} {
			if n := utf8.RuneCountInString(drawn); n > room {
				t.Errorf("%d characters in room for %d", n, room)
			}
			mine := mention(bot.Mention(who))
			rest := drawn
			if mine != "" {
				rest = strings.Replace(drawn, mine, "", 1)
			}
			if pings.MatchString(rest) {
				t.Errorf("it pings: %q", drawn)
			}
			allowed := notified(text, drawn)
			for _, one := range append(allowed.Users, allowed.Roles...) {
				if one != id || !strings.Contains(drawn, mine) {
					t.Errorf("%q may be notified by %q", one, drawn)
				}
			}
			if len(allowed.Parse) > 0 {
				t.Errorf("whoever is mentioned may be notified by %q", drawn)
			}
		}
	})
}

// FuzzCustomIDs reads any custom ID. It is at most one of a call, a marked call and something about a draft, and what was
// written for any of them is read as that.
func FuzzCustomIDs(f *testing.F) {
	f.Add("approve?id=42&v=3", "deny", "78", "why")
	f.Add("~p78:why", "~", "", ":")
	f.Add("!deny?id=1", "!x", "a:b", "\xff")
	f.Add("+", "+", "~", "")
	f.Fuzz(func(t *testing.T, id, command, draft, arg string) {
		kinds := 0
		for _, mark := range []string{markWhole, markPage} {
			if call, ok := parseMarked(id, mark); ok {
				kinds++
				if call.Command == "" {
					t.Errorf("%q is a call of nothing", id)
				}
			}
		}
		if _, draft, _, ok := parseDraftID(id); ok {
			kinds++
			if draft == "" {
				t.Errorf("%q is about no draft", id)
			}
		}
		if kinds > 1 {
			t.Errorf("%q is %d things", id, kinds)
		}
		if draft != "" && !strings.Contains(draft, ":") {
			for _, v := range []verb{openPage, review, submit, choose, mergePage, mergeWhole} {
				if got, of, to, ok := parseDraftID(v.id(draft, arg)); !ok || got != v || of != draft || to != arg {
					t.Errorf("%q is read as %c %q %q %v", v.id(draft, arg), got, of, to, ok)
				}
			}
		}
		if command != "" && !strings.ContainsAny(command, "?&=%") {
			call := bot.Call{Command: command, Values: bot.Values{arg: draft}}
			got, ok := parseMarked(markPage+call.String(), markPage)
			if diff := cmp.Diff(call, got); !ok || diff != "" {
				t.Errorf("read %v (-want +got):\n%s", ok, diff)
			}
		}
	})
}
