package draw

import "unicode"

// slackFormat takes the marks away that format what is between them, and notes it there. What is in code can't format any
// more.
func slackFormat(g []slackGlyph, mark string, level int) []slackGlyph {
	n := len(mark)
	next := slackNext(len(g), func(j int) bool { return slackMarked(g, j, mark) && slackCloses(g, j, n) })
	lineEnd := slackNext(len(g), func(j int) bool { return n == 1 && g[j].r == '\n' })
	out := make([]slackGlyph, 0, len(g))
	var count int32
	for i := 0; i < len(g); i++ {
		if !slackMarked(g, i, mark) || !slackOpens(g, i, n) {
			out = append(out, g[i])
			continue
		}
		end := next(i + n + 1)
		if end == len(g) || end > lineEnd(i+n) {
			out = append(out, g[i])
			continue
		}
		count++
		for _, inside := range g[i+n : end] {
			inside.in[level] = count
			inside.literal = inside.literal || mark[0] == '`'
			out = append(out, inside)
		}
		i = end + n - 1
	}
	return out
}

// slackNext returns what finds the first place at or after another where something is, or n. It goes forward only: asked
// for places in their order, it looks at each once, so that many marks that nothing closes do not take long.
func slackNext(n int, is func(int) bool) func(from int) int {
	at, known := 0, false
	return func(from int) int {
		if from > at {
			at, known = from, false
		}
		for !known && at < n && !is(at) {
			at++
		}
		known = true
		return min(at, n)
	}
}

func slackMarked(g []slackGlyph, i int, mark string) bool {
	if i+len(mark) > len(g) {
		return false
	}
	for k := range len(mark) {
		if g[i+k].literal || g[i+k].r != rune(mark[k]) {
			return false
		}
	}
	return true
}

// slackOpens reports whether a mark of n characters at i stands at the start of a word.
func slackOpens(g []slackGlyph, i, n int) bool {
	outside := i == 0 || !slackWord(g[i-1].r)
	return outside && (n > 1 || (i+1 < len(g) && !slackBlank(g[i+1].r)))
}

// slackCloses reports whether a mark of n characters at j stands at the end of a word.
func slackCloses(g []slackGlyph, j, n int) bool {
	outside := j+n >= len(g) || !slackWord(g[j+n].r)
	return outside && (n > 1 || !slackBlank(g[j-1].r))
}

func slackWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// slackBlank reports whether nothing is seen of a character; an invisible one next to a mark keeps it from formatting.
func slackBlank(r rune) bool { return unicode.IsSpace(r) || slackInvisible(r) }

func slackInvisible(r rune) bool { return r == '\u200b' || r == '\u2060' || r == '\ufeff' }

// slackLines takes invisible characters away, and the marks of quotes at the start of lines: lines of a quote that follow
// each other are one. Code that began in a quote ends in it, and the end of code of several lines ends its line.
func slackLines(g []slackGlyph) []slackGlyph {
	out := make([]slackGlyph, 0, len(g))
	var quotes, quote int32 // how many there were, and the one of this line
	start, marked := true, false
	for i := 0; i < len(g); i++ {
		c := g[i]
		switch {
		case slackInvisible(c.r):
			continue
		case start && c.r == '>' && !c.literal:
			marked = true
			if i+1 < len(g) && g[i+1].r == ' ' {
				i++
			}
			continue
		}
		var last slackGlyph
		if len(out) > 0 {
			last = out[len(out)-1]
		}
		if code := last.in[slackPre]; code != 0 && c.r == '\n' && c.in[slackPre] == 0 {
			if last.r == '\n' {
				continue
			}
			c.in[slackPre] = code
		}
		goesOn := c.in[slackPre] != 0 && last.in[slackPre] == c.in[slackPre]
		switch {
		case !start || goesOn:
		case !marked:
			quote = 0
		case quote == 0:
			quotes++
			quote = quotes
		}
		c.in[slackQuote] = quote
		out = append(out, c)
		start = c.r == '\n'
		marked = marked && !start
	}
	return out
}
