package slackfake

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// glyph is a character of a message. A literal one can't format.
type glyph struct {
	r       rune
	literal bool
}

var entities = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

// mrkdwn returns what is seen of a text: no markup, references resolved. It collects links, and mentions when they
// notify. https://docs.slack.dev/messaging/formatting-message-text
func (p *painter) mrkdwn(s string, verbatim, notify bool) string {
	var g []glyph
	literal := func(words string) {
		for _, r := range words {
			g = append(g, glyph{r, true})
		}
	}
	for s != "" {
		switch size, words := p.piece(s, verbatim, notify); {
		case size > 0:
			literal(words)
			s = s[size:]
		default:
			r, size := utf8.DecodeRuneInString(s)
			g = append(g, glyph{r, false})
			s = s[size:]
		}
	}
	for _, mark := range []string{"```", "`", "*", "_", "~"} {
		g = format(g, mark)
	}
	return plain(g)
}

// piece reads one reference, entity or bare link at the start of s: how long it is, and what is seen of it.
func (p *painter) piece(s string, verbatim, notify bool) (size int, words string) {
	switch {
	case s[0] == '<':
		end := strings.IndexByte(s, '>')
		if end < 0 {
			return 0, ""
		}
		words, known := p.reference(s[1:end], notify)
		if !known {
			return 0, ""
		}
		return end + 1, words
	case s[0] == '&':
		for _, entity := range []string{"&lt;", "&gt;", "&amp;"} {
			if strings.HasPrefix(s, entity) {
				return len(entity), entities.Replace(entity)
			}
		}
	case !verbatim && (strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://")):
		end := strings.IndexFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == '<' || r == '>' })
		if end < 0 {
			end = len(s)
		}
		address := strings.TrimRight(s[:end], ".,;:!?)'\"*_~`")
		p.link(entities.Replace(address))
		return len(address), entities.Replace(address)
	}
	return 0, ""
}

// reference reads what stands between < and >.
func (p *painter) reference(s string, notify bool) (words string, known bool) {
	target, label, _ := strings.Cut(s, "|")
	label = entities.Replace(label)
	kind, id := "", target
	if target != "" {
		kind, id = target[:1], target[1:]
	}
	ping := func(who string) {
		if notify && !slices.Contains(p.pings, who) {
			p.pings = append(p.pings, who)
		}
	}
	switch {
	case kind == "@":
		ping(id)
		return "@" + cmp.Or(p.f.seenAs(id), strings.TrimPrefix(label, "@"), id), true
	case kind == "#":
		if c := p.f.channels[id]; c != nil {
			return "#" + c.Name, true
		}
		return "#" + cmp.Or(label, id), true
	case target == "!channel" || target == "!here" || target == "!everyone":
		ping("everyone")
		return "@" + id, true
	case strings.HasPrefix(target, "!subteam^"):
		group := strings.TrimPrefix(target, "!subteam^")
		ping(group)
		return "@" + cmp.Or(p.f.groups[group].handle, strings.TrimPrefix(label, "@"), group), true
	case kind == "!":
		return label, label != "" // a date, whose fallback is seen here
	case strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:"):
		address := entities.Replace(target)
		p.link(address)
		return cmp.Or(label, strings.TrimPrefix(address, "mailto:")), true
	}
	return "", false
}

// format takes the marks away that format what is between them. What is in code can't format any more.
func format(g []glyph, mark string) []glyph {
	var out []glyph
	n := len(mark)
	code := mark[0] == '`'
	for i := 0; i < len(g); i++ {
		end := closing(g, i, mark)
		if end < 0 {
			out = append(out, g[i])
			continue
		}
		for _, inside := range g[i+n : end] {
			inside.literal = inside.literal || code
			out = append(out, inside)
		}
		i = end + n - 1
	}
	return out
}

// closing returns where the mark that opens at i is closed, or -1 when nothing opens there.
func closing(g []glyph, i int, mark string) int {
	n := len(mark)
	if !marked(g, i, mark) || !opens(g, i, n) {
		return -1
	}
	for j := i + n; j < len(g); j++ {
		if g[j].r == '\n' && n == 1 {
			return -1
		}
		if j > i+n && marked(g, j, mark) && closes(g, j, n) {
			return j
		}
	}
	return -1
}

func marked(g []glyph, i int, mark string) bool {
	for k, r := range []rune(mark) {
		if i+k >= len(g) || g[i+k].literal || g[i+k].r != r {
			return false
		}
	}
	return true
}

func opens(g []glyph, i, n int) bool {
	outside := i == 0 || !word(g[i-1].r)
	return outside && (n > 1 || (i+1 < len(g) && !blank(g[i+1].r)))
}

func closes(g []glyph, j, n int) bool {
	outside := j+n >= len(g) || !word(g[j+n].r)
	return outside && (n > 1 || !blank(g[j-1].r))
}

func word(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// blank reports whether nothing is seen of a character; an invisible one next to a mark keeps it from formatting.
func blank(r rune) bool { return unicode.IsSpace(r) || invisible(r) }

func invisible(r rune) bool { return r == '\u200b' || r == '\u2060' || r == '\ufeff' }

// plain writes the characters down, without invisible ones and the mark of a quote at the start of a line.
func plain(g []glyph) string {
	var b strings.Builder
	start := true
	for i := 0; i < len(g); i++ {
		switch {
		case invisible(g[i].r):
			continue
		case start && g[i] == glyph{'>', false}:
			if i+1 < len(g) && g[i+1].r == ' ' {
				i++
			}
			continue
		}
		b.WriteRune(g[i].r)
		start = g[i].r == '\n'
	}
	return b.String()
}
