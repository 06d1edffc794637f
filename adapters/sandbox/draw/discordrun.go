package draw

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// discordRun is a text in which marks are looked for from its beginning to its end. It remembers what it did not find, so
// that many marks which nothing closes do not take long.
type discordRun struct {
	text     string
	unclosed map[string]bool // marks that nothing closes in what is left
	ticks    map[int][]int   // where runs of backticks begin, by their length; nil until one is asked for
}

// closing returns where the words end that stand between a mark at i and the next one like it, or -1. They may not be
// blank, and for one _ they do not end inside a word.
func (run *discordRun) closing(i int, mark string) int {
	s, from := run.text, i+len(mark)
	single := len(mark) == 1
	switch {
	case run.unclosed[mark], !strings.HasPrefix(s[i:], mark), from == len(s), single && unicode.IsSpace(rune(s[from])):
		return -1
	}
	for j := from; j < len(s); j++ {
		switch {
		case s[j] == '\\':
			j++ // the character after a backslash closes nothing
		case j == from, s[j] != mark[0], !strings.HasPrefix(s[j:], mark):
		case mark == "_" && discordWordAt(s[j+1:]):
		case single && strings.HasPrefix(s[j+1:], mark):
			j++ // half of a longer mark
		case strings.TrimSpace(s[from:j]) != "":
			return j
		}
	}
	if run.unclosed == nil {
		run.unclosed = make(map[string]bool)
	}
	run.unclosed[mark] = true
	return -1
}

func discordWordAt(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return s != "" && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// code reads what stands between runs of as many backticks: literal. When no run of that length follows, a shorter end of
// it may begin the code, and the rest is words.
func (run *discordRun) code(i int) (discordPiece, int) {
	start := i + discordTicks(run.text[i:])
	for n := start - i; n > 0; n-- {
		end := run.nextTicks(n, start)
		switch {
		case end < 0:
			continue
		case n < start-i:
			return discordWords(run.text[i : start-n]), start - n - i
		}
		inner := run.text[start:end]
		if trimmed := strings.TrimSpace(inner); strings.HasPrefix(trimmed, "`") || strings.HasSuffix(trimmed, "`") {
			inner = trimmed
		}
		return discordPiece{Kind: "code", Text: discordWords(inner).Text}, end + n - i
	}
	return discordWords(run.text[i:start]), start - i
}

// nextTicks returns where the next run of n backticks begins at or after a place, or -1.
func (run *discordRun) nextTicks(n, after int) int {
	if run.ticks == nil {
		run.ticks = make(map[int][]int)
		for j := 0; j < len(run.text); j++ {
			if size := discordTicks(run.text[j:]); size > 0 {
				run.ticks[size] = append(run.ticks[size], j)
				j += size
			}
		}
	}
	places := run.ticks[n]
	if at, _ := slices.BinarySearch(places, after); at < len(places) {
		return places[at]
	}
	return -1
}

// discordTicks returns how many backticks s begins with.
func discordTicks(s string) int {
	n := 0
	for n < len(s) && s[n] == '`' {
		n++
	}
	return n
}
