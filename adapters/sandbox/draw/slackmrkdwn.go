package draw

import (
	"html/template"
	"unicode/utf8"
)

// slackPiece is a part of a text: words, or something with pieces inside. What the template writes into data-style is no
// CSS, but html/template takes it for that, and would put another value there.
type slackPiece struct {
	Kind   string       // "" for words
	Text   string       // words
	Target string       // of a link: its address; of a time: when it is, as RFC 3339
	Style  template.CSS // of a time: how Slack is to write it, such as "{date_short} {time}"
	Inside []slackPiece
}

// What formats, from the outside in: at each character, each of these is on or off.
const (
	slackQuote = iota
	slackPre
	slackCode
	slackBold
	slackItalic
	slackStrike
	slackReference
	slackLevels
)

var slackKinds = [slackLevels]string{"quote", "pre", "code", "bold", "italic", "strike"} // a reference has its own

// slackGlyph is a character of a text, with the number of the quote, the bold words, the link and so on that it is in; 0
// for none. A literal one can't format.
type slackGlyph struct {
	r       rune
	literal bool
	in      [slackLevels]int32
}

// slackText reads a text in one pass after the other, each over characters only: so nothing that people write can make
// it slow, or become an element that is not in the template.
type slackText struct {
	world      World
	glyphs     []slackGlyph
	references []slackPiece // what the numbers of slackReference stand for, from 1
}

// slackMrkdwn reads Slack's markup. https://docs.slack.dev/messaging/formatting-message-text
func slackMrkdwn(s string, verbatim bool, w World) []slackPiece {
	t := &slackText{world: w}
	for s != "" {
		size := t.reference(s)
		if size == 0 {
			size = t.entity(s)
		}
		if size == 0 && !verbatim {
			size = t.bareLink(s)
		}
		if size == 0 {
			var r rune
			r, size = utf8.DecodeRuneInString(s)
			t.glyphs = append(t.glyphs, slackGlyph{r: r})
		}
		s = s[size:]
	}
	g := t.glyphs
	for level, mark := range []string{slackPre: "```", slackCode: "`", slackBold: "*", slackItalic: "_", slackStrike: "~"} {
		if mark != "" {
			g = slackFormat(g, mark, level)
		}
	}
	return t.pieces(slackLines(g), 0)
}

// slackPlain is a text in which nothing formats.
func slackPlain(s string) []slackPiece { return []slackPiece{{Text: s}} }

// pieces returns glyphs as a tree: what is the same at a level is one piece, and inside it is the next level.
func (t *slackText) pieces(g []slackGlyph, level int) []slackPiece {
	if len(g) == 0 {
		return nil
	}
	if level == slackLevels {
		words := make([]rune, len(g))
		for i := range g {
			words[i] = g[i].r
		}
		return []slackPiece{{Text: string(words)}}
	}
	var all []slackPiece
	for start, i := 0, 1; i <= len(g); i++ {
		if i < len(g) && g[i].in[level] == g[start].in[level] {
			continue
		}
		id, inside := g[start].in[level], t.pieces(g[start:i], level+1)
		start = i
		switch {
		case id == 0:
			all = append(all, inside...)
		case level == slackReference:
			p := t.references[id-1]
			p.Inside = inside
			all = append(all, p)
		default:
			all = append(all, slackPiece{Kind: slackKinds[level], Inside: inside})
		}
	}
	return all
}
