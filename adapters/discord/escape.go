package discord

import (
	"regexp"
	"strings"
)

var (
	// lineStart finds what makes a heading, a list, a quote or small print of a line.
	lineStart = regexp.MustCompile(`(?m)^([ \t]*)([#\-+>]|\d+\.)`)
	marks     = strings.NewReplacer(`\`, `\\`, `*`, `\*`, `_`, `\_`, `~`, `\~`, "`", "\\`", `|`, `\|`,
		`[`, `\[`, `]`, `\]`, `(`, `\(`, `)`, `\)`, `<`, `\<`)
	everybody = regexp.MustCompile(`(?i)@(everyone|here)`)
	webURL    = regexp.MustCompile(`https?://[^\s<>]+`)
)

// words makes words mean nothing to Discord but themselves. A backslash shows any mark as it is; it does not stop a
// mention, so a character of no width does. To Discord a backslash in a URL is part of the URL, and so is any mark:
// URLs stay as they are.
func (p pen) words(s string) string {
	s = defuse(s)
	var b strings.Builder
	from := 0
	for _, at := range webURL.FindAllStringIndex(s, -1) {
		_, _ = marks.WriteString(&b, s[from:at[0]])
		from = at[1]
		url := s[at[0]:at[1]]
		if bare := strings.TrimRight(url, `.,:;!?"')]*_~|`); p.quiet && isWeb(bare) { // what ends a sentence is no part of it
			from = at[0] + len(bare)
			url = "<" + bare + ">"
		}
		b.WriteString(url)
	}
	_, _ = marks.WriteString(&b, s[from:])
	return lineStart.ReplaceAllStringFunc(b.String(), func(m string) string {
		i := len(m) - 1 // the mark itself, also the one after a number
		return m[:i] + `\` + m[i:]
	})
}

// escape is words as they may stand anywhere.
func escape(s string) string { return pen{}.words(s) }

const noWidth = "\u200b"

// defuse breaks whatever Discord would read as a mention.
func defuse(s string) string {
	if !strings.Contains(s, "@") {
		return s
	}
	s = everybody.ReplaceAllString(s, "@"+noWidth+"$1")
	return strings.ReplaceAll(s, "<@", "<@"+noWidth)
}
