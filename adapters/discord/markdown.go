package discord

import (
	"cmp"
	"fmt"
	"sort"
	"strings"
	"time"
	"unicode/utf8"

	"communitybot/bot"
)

// markdown draws t in Discord's Markdown, in limit characters at most. What is too long is cut between characters of
// the words, never inside an escape or a mark, and ends in "…".
func markdown(t bot.Text, limit int) string { return pen{}.write(t, limit) }

// quietly is markdown with links that show no preview: those in angle brackets.
// https://discord.com/developers/docs/reference#message-formatting
func quietly(t bot.Text, limit int) string { return pen{quiet: true}.write(t, limit) }

// pen draws Markdown.
type pen struct {
	quiet  bool // links show no preview
	bolder bool // it draws between the marks of bold words
}

func (p pen) write(t bot.Text, limit int) string {
	if whole := p.all(t); utf8.RuneCountInString(whole) <= limit {
		return whole
	}
	head, _ := p.begin(t, limit-1)
	return strings.TrimRight(head, " \n") + "…"
}

// all draws a text, however long that is.
func (p pen) all(t bot.Text) string {
	var b strings.Builder
	for _, s := range t {
		b.WriteString(p.draw(s))
	}
	return b.String()
}

// begin draws as much of a text as fits into room characters, and returns what is left of it.
func (p pen) begin(t bot.Text, room int) (head string, tail bot.Text) {
	var b strings.Builder
	for i, s := range t {
		out := p.draw(s)
		if n := utf8.RuneCountInString(out); n <= room {
			b.WriteString(out)
			room -= n
			continue
		}
		out, left := p.shorten(s, room)
		b.WriteString(out)
		return b.String(), append(bot.Text{left}, t[i+1:]...)
	}
	return b.String(), nil
}

// shorten draws as much of the words in s as fits into room characters, nothing of what can't be cut, and returns the rest.
func (p pen) shorten(s bot.Span, room int) (string, bot.Span) {
	var words []rune
	var with func(string) bot.Span
	switch s := s.(type) {
	case bot.Plain:
		words, with = []rune(s), func(w string) bot.Span { return bot.Plain(w) }
	case bot.Bold:
		words, with = []rune(s), func(w string) bot.Span { return bot.Bold(w) }
	case bot.Literal:
		words, with = []rune(s), func(w string) bot.Span { return bot.Literal(w) }
	case bot.Name:
		words, with = []rune(nameOf(bot.User(s))), func(w string) bot.Span { return bot.Plain(w) }
	}
	all := words
	words = words[:max(min(len(words), room), 0)]
	// Drawing adds characters and takes none away, but for blanks at the ends of bold words: hence one step at a time
	// in the end.
	n := sort.Search(len(words), func(n int) bool {
		return utf8.RuneCountInString(p.draw(with(string(words[:n+1])))) > room
	})
	for ; n > 0; n-- {
		if out := p.draw(with(string(words[:n]))); utf8.RuneCountInString(out) <= room {
			return out, with(string(all[n:]))
		}
	}
	return "", s
}

// draw draws one span.
func (p pen) draw(s bot.Span) string {
	switch s := s.(type) {
	case bot.Plain:
		return p.words(string(s))
	case bot.Bold:
		return p.bold(string(s))
	case bot.Literal:
		return literal(string(s))
	case bot.Link:
		return p.link(s)
	case bot.Name:
		return p.words(nameOf(bot.User(s)))
	case bot.Mention:
		return cmp.Or(mention(s), p.words(nameOf(bot.User(s))))
	case bot.Time:
		return fmt.Sprintf("<t:%d:f>", time.Time(s).Unix())
	}
	return ""
}

// bold keeps blanks outside the marks, where Discord wants them.
func (p pen) bold(s string) string {
	s = strings.ToValidUTF8(s, "\ufffd")
	words := strings.TrimSpace(s)
	if words == "" {
		return s
	}
	before, after, _ := strings.Cut(s, words)
	p.bolder = true
	return before + "**" + p.words(words) + "**" + after
}

// literal draws a value to copy. Inside the backticks nothing is escaped, so a backtick there becomes its lookalike.
func literal(s string) string {
	s = strings.Join(strings.Fields(strings.ReplaceAll(s, "`", "ˋ")), " ")
	if s == "" {
		return ""
	}
	return "`" + defuse(s) + "`"
}

// urlMarks would end a link early.
var urlMarks = strings.NewReplacer("(", "%28", ")", "%29", "<", "%3C", ">", "%3E", " ", "%20", `"`, "%22",
	`\`, "%5C", "\n", "", "\r", "", "\t", "")

// link draws a link; one that does not lead to the web is words. Discord refuses to hide a URL behind another one.
func (p pen) link(l bot.Link) string {
	target := urlMarks.Replace(l.URL)
	label := strings.TrimSpace(l.Label)
	if !isWeb(target) {
		return p.words(bot.Text{l}.String())
	}
	if p.quiet {
		target = "<" + target + ">"
	}
	switch {
	case label == "" || label == l.URL:
		return target
	case strings.Contains(label, "://"):
		return p.words(label) + " " + target
	}
	return "[" + escape(strings.Join(strings.Fields(label), " ")) + "](" + target + ")"
}

// cut returns s in n characters at most, with "…" for what is missing.
func cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}
