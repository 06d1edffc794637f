package draw

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// discordPiece is a part of a text: words, or something with pieces inside. discordTags has its kinds.
type discordPiece struct {
	Kind   string // "" for words
	Text   string // words
	Target string // of a link its address, of a time when it is, as RFC 3339
	Style  string // of a time, as Discord names it
	Number string // of an item in a numbered list
	Inside discordPieces
}

// discordReader reads Discord's Markdown by the rules that the fake Discord has for plain text.
//
// https://docs.discord.com/developers/reference#message-formatting
type discordReader struct {
	World
	names  bool // mentions and times are read
	linked bool // it reads the words of a link, in which there is no other
}

var (
	discordAngle = regexp.MustCompile(`^<(?:(@&|@!?|#)(\d+)|t:(-?\d+)(?::([tTdDfFRsS]))?|a?(:\w+:)\d+|(https?://[^\s<>]+)|(/[-_ \p{L}\p{N}]+):\d+)>$`)
	// discordMasked is a link with words of its own. Its address may have brackets in pairs.
	discordMasked = regexp.MustCompile(`^\[((?:\\.|[^\[\]\\])+)\]\(<?(https?://[^\s<>()]+(?:\([^\s<>()]*\)[^\s<>()]*)*)>?\)`)
)

// discordPairs are the marks that stand around words, longer ones first.
var discordPairs = []struct{ mark, kind string }{
	{"***", "both"}, {"**", "strong"}, {"__", "underline"}, {"~~", "strike"}, {"||", "spoiler"}, {"*", "em"}, {"_", "em"},
}

// inline reads text outside code blocks.
func (r discordReader) inline(s string) discordPieces {
	var out discordPieces
	var words strings.Builder
	flush := func() {
		if piece := discordWords(words.String()); piece.Text != "" {
			out = append(out, piece)
		}
		words.Reset()
	}
	run := &discordRun{text: s}
	for i := 0; i < len(s); {
		switch piece, size := r.mark(run, i); {
		case size == 0:
			words.WriteByte(s[i])
			i++
		case piece.Kind == "":
			words.WriteString(piece.Text)
			i += size
		default:
			flush()
			out = append(out, piece)
			i += size
		}
	}
	flush()
	return out
}

// discordWords is text as it is, without what takes no space on the screen.
func discordWords(s string) discordPiece {
	return discordPiece{Text: strings.ReplaceAll(s, "\u200b", "")}
}

// mark reads the mark at i, and returns its size; 0 when there is none.
func (r discordReader) mark(run *discordRun, i int) (discordPiece, int) {
	s := run.text[i:]
	switch s[0] {
	case '\\':
		if len(s) > 1 && s[1] < utf8.RuneSelf && unicode.In(rune(s[1]), unicode.Punct, unicode.Symbol) {
			return discordWords(s[1:2]), 2
		}
	case '`':
		return run.code(i)
	case '<':
		return r.angle(s)
	case '[':
		if m := discordMasked.FindStringSubmatch(s); m != nil {
			return r.link(m[1], m[2]), len(m[0])
		}
	case 'h':
		return r.bare(s)
	case '@':
		for _, all := range []string{"@everyone", "@here"} {
			if r.names && strings.HasPrefix(s, all) {
				return discordPiece{Kind: "mention", Text: all}, len(all)
			}
		}
	case '*', '_', '~', '|':
		for _, p := range discordPairs {
			if end := run.closing(i, p.mark); end > 0 {
				inside := r.inline(run.text[i+len(p.mark) : end])
				return discordPiece{Kind: p.kind, Inside: inside}, end + len(p.mark) - i
			}
		}
	}
	return discordPiece{}, 0
}

// bare reads an address. What ends a sentence is no part of it.
func (r discordReader) bare(s string) (discordPiece, int) {
	scheme := "http://"
	if strings.HasPrefix(s, "https://") {
		scheme = "https://"
	}
	if !strings.HasPrefix(s, scheme) {
		return discordPiece{}, 0
	}
	if end := strings.IndexAny(s, "\t\n\f\r <>"); end >= 0 {
		s = s[:end]
	}
	s = strings.TrimRight(s, `.,:;"')]*_~|`)
	if s == scheme {
		return discordWords(s), len(s)
	}
	return r.address(s), len(s)
}

func (r discordReader) address(address string) discordPiece {
	words := discordWords(address)
	if r.linked {
		return words
	}
	return discordPiece{Kind: "link", Target: address, Inside: discordPieces{words}}
}

func (r discordReader) link(words, target string) discordPiece {
	inner := r
	inner.linked = true
	return discordPiece{Kind: "link", Target: target, Inside: inner.inline(words)}
}

// angle reads what stands in angle brackets: a mention, a time, an emoji or a link without a preview.
func (r discordReader) angle(s string) (discordPiece, int) {
	end := strings.IndexAny(s[1:], "<>") + 2
	if end < 2 {
		return discordPiece{}, 0
	}
	m := discordAngle.FindStringSubmatch(s[:end])
	if m == nil {
		return discordPiece{}, 0
	}
	kind, id, unix, style, emoji, address, command := m[1], m[2], m[3], m[4], m[5], m[6], m[7]
	switch {
	case address != "":
		return r.address(address), end
	case emoji != "":
		return discordWords(emoji), end
	case !r.names:
		return discordPiece{}, 0
	case unix != "":
		return discordMoment(unix, style, end)
	case command != "":
		return discordPiece{Kind: "mention", Text: command}, end
	default:
		return discordPiece{Kind: "mention", Text: r.called(kind, id)}, end
	}
}

// called returns what a mention is read as.
func (r discordReader) called(kind, id string) string {
	names := []string{"@", r.User(id), "unknown-user"}
	switch kind {
	case "@&":
		names = []string{"@", r.Group(id), "unknown-role"}
	case "#":
		names = []string{"#", r.Channel(id), "unknown"}
	}
	i := slices.IndexFunc(names[1:], func(name string) bool { return name != "" })
	return names[0] + names[1+i]
}

// discordMoment reads a time. A year that RFC 3339 can't say stays words.
func discordMoment(unix, style string, size int) (discordPiece, int) {
	n, err := strconv.ParseInt(unix, 10, 64)
	if err != nil {
		return discordPiece{}, 0
	}
	at := discordTime(time.Unix(n, 0), cmp.Or(style, "f"))
	if year := time.Unix(n, 0).UTC().Year(); year < 0 || year > 9999 {
		return discordWords(at.Text), size
	}
	return at, size
}

// discordTime is a time that the reader's browser writes in its zone, in one of Discord's styles.
//
// https://docs.discord.com/developers/reference#message-formatting-timestamp-styles
func discordTime(at time.Time, style string) discordPiece {
	at = at.UTC()
	return discordPiece{Kind: "time", Text: at.Format("2 Jan 2006 15:04 UTC"), Target: at.Format(time.RFC3339), Style: style}
}
