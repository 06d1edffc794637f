package slack

import (
	"cmp"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"communitybot/bot"
)

// escape makes <, > and & ordinary characters: without them nothing can link or notify.
// https://docs.slack.dev/messaging/formatting-message-text#escaping
var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace

// marks are the characters that format, in Slack's ordinary and full-width forms.
const marks = "*_~`＊＿｀"

// maxAtom is how many characters stay together at most.
const maxAtom = 40

// atoms returns s in parts that show its characters as they are: words, spaces and marks. Slack has no escape for
// marks, but it shows the fallback of a date it can't format as plain text, marks and all, and copies it as such.
// Underscores inside a word never format and stay.
func atoms(s string) []string {
	s = strings.ToValidUTF8(s, "\ufffd")
	var parts []string
	var before rune
	for s != "" {
		n, part := atom(s, before)
		if part != "" {
			parts = append(parts, part)
		}
		before, _ = utf8.DecodeLastRuneInString(s[:n])
		s = s[n:]
	}
	return parts
}

// atom returns how many bytes the first part of s takes, and how it is drawn after a character.
func atom(s string, before rune) (int, string) {
	if n := prefix(s, isMark); n > 0 {
		after, _ := utf8.DecodeRuneInString(s[n:])
		if strings.Trim(s[:n], "_") == "" && isWord(before) && isWord(after) {
			return n, s[:n]
		}
		return n, "<!date^00000000^{_}|" + s[:n] + ">"
	}
	if n := prefix(s, isOrdinary); n > 0 {
		return n, s[:n]
	}
	r, n := utf8.DecodeRuneInString(s)
	if r == '\r' {
		return n, ""
	}
	return n, escape(s[:n])
}

// prefix returns how many bytes the characters of one kind take at the start of s.
func prefix(s string, kind func(rune) bool) int {
	count := 0
	for i, r := range s {
		if count == maxAtom || !kind(r) {
			return i
		}
		count++
	}
	return len(s)
}

func isMark(r rune) bool { return strings.ContainsRune(marks, r) }

func isOrdinary(r rune) bool {
	return !isMark(r) && !unicode.IsSpace(r) && r != '&' && r != '<' && r != '>'
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// Limits on what a link may take; a longer one is shown as words.
const (
	maxLinkURL   = 1000
	maxLinkLabel = 300
)

// labelled makes a link's label inert. A label can't hold a date, so look-alikes stand for the marks.
var labelled = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "|", "∣", "\n", " ", "\r", "",
	"*", "∗", "_", "ˍ", "~", "∼", "`", "ˋ", "＊", "﹡", "＿", "⸏", "｀", "ˋ").Replace

var linked = strings.NewReplacer("&", "&amp;", "<", "%3C", ">", "%3E", "|", "%7C", " ", "%20").Replace

// drawLink returns a link in Slack's markup, and false for one that does not lead to the web.
func drawLink(l bot.Link) (string, bool) {
	if !isWeb(l.URL) || utf8.RuneCountInString(l.URL) > maxLinkURL {
		return "", false
	}
	if l.Label == "" || l.Label == l.URL {
		return "<" + linked(l.URL) + ">", true
	}
	return "<" + linked(l.URL) + "|" + labelled(cutPlain(l.Label, maxLinkLabel)) + ">", true
}

// isWeb reports whether s is a URL of the web. Go takes line breaks behind a #; Slack sees no link there.
func isWeb(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && !strings.ContainsFunc(s, unicode.IsControl)
}

// isID reports whether s may be an ID of Slack's: letters and digits.
func isID(s string) bool {
	return s != "" && len(s) <= 30 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789") == ""
}

// label names u without a notification. That of a group looks like one.
func label(u bot.User) string {
	name := cmp.Or(u.Name, u.ID)
	if u.Group {
		return "@" + name
	}
	return name
}

// escapeWithin returns s with its characters made ordinary, in at most limit of what size counts: Slack counts them as they are
// sent. An ellipsis shows that there was more.
func escapeWithin(s string, limit int, size func(string) int) string {
	whole := escape(s)
	if size(whole) <= limit {
		return whole
	}
	const more = "…"
	var b strings.Builder
	left := limit - size(more)
	for _, r := range s {
		part := escape(string(r))
		if left -= size(part); left < 0 {
			break
		}
		b.WriteString(part)
	}
	return b.String() + more
}

// cutPlain returns s in at most limit characters; an ellipsis shows that there was more.
func cutPlain(s string, limit int) string {
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	return string([]rune(s)[:limit-1]) + "…"
}
