package discord

import (
	"regexp"
	"strings"
)

var (
	// lineStart finds what makes a heading, a list, a quote or small print of a line. To Discord a carriage return ends
	// one, too, and a form feed is nothing.
	lineStart = regexp.MustCompile(`(?:^|[\n\r])[ \t\f\v]*(?:[#\-+>]|\d+\.)`)
	marks     = strings.NewReplacer(`\`, `\\`, `*`, `\*`, `_`, `\_`, `~`, `\~`, "`", "\\`", `|`, `\|`,
		`[`, `\[`, `]`, `\]`, `(`, `\(`, `)`, `\)`, `<`, `\<`)
	everybody = regexp.MustCompile(`(?i)@(everyone|here)`)
	webURL    = regexp.MustCompile(`https?://[^\s<>]*`)
)

// words makes words mean nothing to Discord but themselves. A backslash shows any mark as it is; it does not stop a
// mention, so a character of no width does. To Discord a backslash in a URL is part of the URL, and so is any mark:
// URLs stay as they are. In bold words they don't: there Discord looks for the end first.
func (p pen) words(s string) string {
	s = defuse(s)
	var b strings.Builder
	from := 0
	for _, at := range webURL.FindAllStringIndex(s, -1) {
		_, _ = marks.WriteString(&b, s[from:at[0]])
		from = at[1]
		url := s[at[0]:at[1]]
		if p.bolder {
			url = inBold(url)
		}
		if bare := withoutEnd(url); p.quiet && isWeb(bare) {
			from = at[1] - (len(url) - len(bare))
			url = "<" + bare + ">"
		} else if strings.HasPrefix(s[from:], "<") { // a backslash before it would be part of the URL
			from++
			url += "<" + noWidth
		}
		b.WriteString(url)
	}
	_, _ = marks.WriteString(&b, s[from:])
	return lineStart.ReplaceAllStringFunc(b.String(), func(m string) string {
		i := len(m) - 1 // the mark itself, also the one after a number
		return m[:i] + `\` + m[i:]
	})
}

// withoutEnd returns a URL without what ends the sentence or the brackets that it stands in, and is no part of it.
func withoutEnd(url string) string {
	for url != "" {
		last, ends := url[len(url)-1:], false
		switch last {
		case ")":
			ends = strings.Count(url, "(") < strings.Count(url, last)
		case "]":
			ends = strings.Count(url, "[") < strings.Count(url, last)
		default:
			ends = strings.Contains(`.,:;!?"'*~|`, last)
		}
		if !ends {
			break
		}
		url = url[:len(url)-1]
	}
	return url
}

// inBold writes a URL without what ends bold words, or keeps them from ending.
var inBold = strings.NewReplacer(`*`, "%2A", `\`, "%5C").Replace

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
