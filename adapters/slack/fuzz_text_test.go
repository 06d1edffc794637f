package slack

import (
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"communitybot/bot"
)

// unseen are the characters by which text is kept from formatting.
var unseen = strings.NewReplacer(wordEdge, "", softHyphen, "")

// parse reads Slack's markup as Slack does: what stands in angle brackets, and escaped characters. It fails on anything
// that is neither, or that notifies and is not meant to, and returns the words, with a zero byte behind each mark that
// formats.
func parse(t *testing.T, s string, notifies func(string) bool) (words string) {
	t.Helper()
	var b strings.Builder
	for s != "" {
		switch {
		case s[0] == '<':
			end := strings.IndexByte(s, '>')
			if end < 0 {
				t.Fatalf("an open < in %q", s)
			}
			inner := s[1:end]
			target, label, _ := strings.Cut(inner, "|")
			isDate := strings.HasPrefix(target, "!date^")
			scheme, _, _ := strings.Cut(strings.ToLower(target), "://")
			isLink := scheme == "https" || scheme == "http"
			if strings.ContainsAny(inner, "<\n") || strings.Contains(label, "|") || !isDate && !isLink && !notifies(inner) {
				t.Errorf("markup <%s>", inner)
			}
			b.WriteString(unescape(label))
			s = s[end+1:]
		case s[0] == '>':
			t.Fatalf("a > on its own in %q", s)
		case s[0] == '&':
			end := strings.IndexByte(s, ';') + 1
			if whole := s[:max(end, 0)]; whole != "&amp;" && whole != "&lt;" && whole != "&gt;" {
				t.Fatalf("an & on its own in %q", s)
			}
			b.WriteString(unescape(s[:end]))
			s = s[end:]
		default:
			r, n := utf8.DecodeRuneInString(s)
			b.WriteString(s[:n])
			if strings.ContainsRune(marks, r) {
				b.WriteString("\x00") // tells a mark that formats from one that is shown
			}
			s = s[n:]
		}
	}
	return b.String()
}

var underscores = regexp.MustCompile("(?:_\x00)+")

// formats reports whether any mark in parsed words formats: underscores inside a word do not.
func formats(words string) bool {
	words = underscores.ReplaceAllString(words, "_\x00")
	for {
		i := strings.IndexByte(words, 0)
		if i < 0 {
			return false
		}
		before, _ := utf8.DecodeLastRuneInString(strings.TrimSuffix(words[:i], "_"))
		after, _ := utf8.DecodeRuneInString(words[i+1:])
		if words[i-1] != '_' || !isWord(before) || !isWord(after) {
			return true
		}
		words = words[i+1:]
	}
}

// asRead is what is left of words when only what can be drawn is.
func asRead(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\r", "")
	return unseen.Replace(s)
}

// FuzzWords draws any words as each kind of span. Nobody is notified, nothing formats that is not to, and what Slack
// shows is what was written: to a reader, and to the bot when it takes the message's text again.
func FuzzWords(f *testing.F) {
	for _, s := range []string{"<!channel> & @here", "*a* _b_ ~c~ `d`", "> quote\n>>> more", "snake__case _x_", "a|b>c<d", "＊x＿", "\xff\r\n",
		"https://x.test/a?b=1&c=<d>|e", "<@U1>", "\u00ad>\u200b*", "\u200b 0000", strings.Repeat("é*", 50)} {
		f.Add(s)
	}
	nobody := func(string) bool { return false }
	f.Fuzz(func(t *testing.T, s string) {
		const room = 1 << 20
		if strings.ContainsRune(s, 0) || len(s) > 10000 {
			return
		}
		want := asRead(s)
		if strings.TrimSpace(want) == "" {
			want = ""
		}
		for name, span := range map[string]bot.Span{"plain": bot.Plain(s), "name": bot.Name{Name: s}} {
			drawn := cut(bot.Text{span}, room)
			shown := parse(t, drawn, nobody)
			if formats(shown) {
				t.Errorf("%s: formatted: %q", name, drawn)
			}
			shown = unseen.Replace(strings.ReplaceAll(shown, "\x00", ""))
			if diff := cmp.Diff(want, shown); diff != "" && s != "" && strings.TrimSpace(asRead(s)) != "" {
				t.Errorf("%s (-written +shown):\n%s", name, diff)
			}
		}
		for line := range strings.SplitSeq(parse(t, cut(bot.Text{bot.Bold(s)}, room), nobody), "\n") {
			inner, isBold := strings.CutPrefix(unseen.Replace(strings.TrimSpace(line)), "*\x00")
			if inner, closed := strings.CutSuffix(inner, "*\x00"); isBold != closed || formats(inner) {
				t.Errorf("bold: %q", line)
			}
		}
		code := parse(t, cut(bot.Text{bot.Literal(s)}, room), nobody)
		if inner, isCode := strings.CutPrefix(code, "`\x00"); isCode {
			if inner, closed := strings.CutSuffix(inner, "`\x00"); !closed || strings.ContainsAny(inner, "`\n") {
				t.Errorf("code: %q", code)
			}
		} else if formats(code) {
			t.Errorf("not code, and formatted: %q", code)
		}
		a := New(Options{})
		read := unseen.Replace(a.plainWords(cut(bot.Text{bot.Plain(s)}, room)))
		if diff := cmp.Diff(strings.TrimSpace(want), strings.TrimSpace(read)); diff != "" {
			t.Errorf("read again (-written +read):\n%s", diff)
		}
		if got := a.plainWords(escape(s)); got != strings.TrimSpace(s) {
			t.Errorf("escaped, and read: %q", got)
		}
		_ = a.plainWords(s) // as somebody's message holds it
	})
}

// FuzzSpans draws a text of every kind of span, about anybody, in little room. Each piece is whole and fits, and notifies
// only those who are mentioned.
func FuzzSpans(f *testing.F) {
	f.Add("Ann", "U1", "slack", "https://x.test/a", "Open", false, int64(1700000000), uint16(60), uint8(2))
	f.Add("<!here>", "S1> <!here", "slack", "https://x.test/>|<!here>", "a|b>*c*", true, int64(-1), uint16(9), uint8(5))
	f.Add("", "", "", "Http://0", "0", false, int64(0), uint16(300), uint8(1))
	f.Add("*_~", "!channel", "discord", "javascript:alert(1)", "\n", true, int64(1)<<60, uint16(200), uint8(1))
	f.Fuzz(func(t *testing.T, name, id, where, address, words string, group bool, at int64, limit uint16, most uint8) {
		if strings.ContainsRune(name+id+where+address+words, 0) {
			return
		}
		who := bot.User{Platform: where, ID: id, Name: name, Group: group}
		text := bot.Say("{a} {b} {c}\n{d} {e} {f} {g}", "a", bot.Mention(who), "b", bot.Name(who), "c", bot.Bold(words),
			"d", bot.Literal(words), "e", bot.Link{URL: address, Label: words}, "f", bot.Time(time.Unix(at, 0)), "g", name)
		room, pieces := int(limit%400), int(most%6)+1
		drawn := split(text, room, pieces)
		if len(drawn) > pieces {
			t.Errorf("%d pieces", len(drawn))
		}
		for _, piece := range drawn {
			if n := utf8.RuneCountInString(piece); n > room || strings.TrimSpace(piece) == "" {
				t.Errorf("a piece of %d characters: %q", n, piece)
			}
			parse(t, piece, func(inner string) bool {
				return where == platform && isID(id) && (inner == "@"+id || inner == "!subteam^"+id)
			})
		}
	})
}

// FuzzMetadata reads anything as a form's metadata, and holds that what is written comes back, in the room there is.
func FuzzMetadata(f *testing.F) {
	f.Add(`{"call":"create-community?id=42","at":{"platform":"slack","tenant":"T1","channel":"C1"}}`, "create-community", "id", "42", "C1")
	f.Add(`null`, "deny", "name", strings.Repeat("é", 2000), "")
	f.Add(`{"call":7}`, "a&b", "handle~2", "\xff\u2028<", "\x00")
	f.Fuzz(func(t *testing.T, text, command, key, value, channel string) {
		if call, _, err := readMetadata(text); err == nil && call.Command == "" {
			t.Errorf("%q is a call of nothing", text)
		}
		call, at := bot.Call{Command: command, Values: bot.Values{key: value, "name": value}}, bot.Place{Platform: platform, Channel: channel}
		written, err := writeMetadata(call, at, []string{"name"})
		if n := utf8.RuneCountInString(written); n > maxMetadata || err == nil && n == 0 {
			t.Errorf("%d characters, %v", n, err)
		}
		if err != nil || strings.ContainsAny(command, "?&=%") || command == "" || !utf8.ValidString(command) || !utf8.ValidString(channel) {
			return
		}
		want := bot.Call{Command: command}
		if key != "name" {
			want.Values = bot.Values{key: value}
		}
		got, where, err := readMetadata(written)
		if diff := cmp.Diff(want, got); diff != "" || where != at || err != nil {
			t.Errorf("at %+v, %v (-want +got):\n%s", where, err, diff)
		}
	})
}

// FuzzBlockID holds that a field is known by its block's ID, however often its value was replaced.
func FuzzBlockID(f *testing.F) {
	f.Add("handle", uint8(3), "handle~x")
	f.Add("a~b", uint8(1), "~2")
	f.Fuzz(func(t *testing.T, name string, times uint8, other string) {
		if fieldOf(name) != name || name == "" {
			return // no field is named like that
		}
		id, seen := name, map[string]bool{}
		for range times % 20 {
			seen[id] = true
			if id = generation(name, id); fieldOf(id) != name || seen[id] {
				t.Fatalf("the block %q of %q", id, name)
			}
		}
		if next := generation(name, other); fieldOf(next) != name {
			t.Errorf("the block %q of %q", next, name)
		}
	})
}
