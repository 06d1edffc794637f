package slack

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"communitybot/bot"
)

// Invisible characters. Slack opens and closes formatting at the edge of a word only, so a zero-width space makes one;
// a soft hyphen keeps a > at the start of a line from being a quote.
const (
	wordEdge   = "\u200b"
	softHyphen = "\u00ad"
)

// mrkdwn draws bot.Text in Slack's markup, in pieces of at most max characters. What people wrote in it neither formats
// nor notifies. https://docs.slack.dev/messaging/formatting-message-text
type mrkdwn struct {
	max    int
	most   int // pieces
	pieces []string
	more   bool // there was more than they hold
	b      strings.Builder
	size   int  // characters in b
	last   rune // the last of them
	closed bool // by the end of formatting
	inLine bool // something other than space stands in this line
}

// split returns t in at most so many pieces of at most limit characters each. An ellipsis shows that there was more.
func split(t bot.Text, limit, most int) []string {
	w := &mrkdwn{max: limit - 1, most: most}
	for _, s := range t {
		w.span(s)
	}
	w.flush()
	if w.more {
		w.pieces[most-1] += "…"
	}
	return w.pieces
}

// cut returns t in at most limit characters.
func cut(t bot.Text, limit int) string {
	return strings.Join(split(t, limit, 1), "")
}

func (w *mrkdwn) span(s bot.Span) {
	switch s := s.(type) {
	case bot.Plain:
		w.put("", atoms(string(s)))
	case bot.Bold:
		w.bold(string(s))
	case bot.Literal:
		w.literal(string(s))
	case bot.Link:
		w.link(s)
	case bot.Name:
		w.put("", atoms(label(bot.User(s))))
	case bot.Mention:
		w.mention(bot.User(s))
	case bot.Time:
		at := time.Time(s)
		w.put("", []string{"<!date^" + strconv.FormatInt(at.Unix(), 10) + "^{date_short_pretty} {time}|" + bot.Text{s}.String() + ">"})
	}
}

// mention draws u so that Slack notifies them, if they are here to be notified: a group as what its ID says it is, even
// when nothing else is known of it.
// https://docs.slack.dev/messaging/formatting-message-text#mentioning-groups
func (w *mrkdwn) mention(u bot.User) {
	switch here := u.Platform == platform && isID(u.ID); {
	case here && isGroup(u.ID):
		w.put("", []string{"<!subteam^" + u.ID + ">"})
	case here && !u.Group:
		w.put("", []string{"<@" + u.ID + ">"})
	default:
		w.put("", atoms(label(u)))
	}
}

// bold draws s line by line: Slack's formatting holds neither a line break nor a space at its edge.
func (w *mrkdwn) bold(s string) {
	for i, line := range strings.Split(strings.ToValidUTF8(s, "\ufffd"), "\n") {
		if i > 0 {
			w.put("", []string{"\n"})
		}
		core := strings.TrimSpace(line)
		lead, trail, _ := strings.Cut(line, core)
		w.put("", atoms(lead))
		w.put("*", atoms(core))
		w.put("", atoms(trail))
	}
}

// literal draws s as code, in which nothing formats, unless it holds what code can't.
func (w *mrkdwn) literal(s string) {
	if strings.ContainsAny(s, "`\n") || strings.TrimSpace(s) == "" {
		w.put("", atoms(s))
		return
	}
	var parts []string
	for len(s) > 0 {
		n := prefix(s, func(rune) bool { return true })
		parts = append(parts, escape(s[:n]))
		s = s[n:]
	}
	w.put("`", parts)
}

// link draws a link to the web; any other URL is shown as words.
func (w *mrkdwn) link(l bot.Link) {
	drawn, ok := drawLink(l)
	if !ok {
		w.put("", atoms(bot.Text{l}.String()))
		return
	}
	w.put("", []string{drawn})
}

// put writes atoms, which are never parted, between two marks; each piece has its own.
func (w *mrkdwn) put(mark string, atoms []string) {
	const spare = 4 // for two marks and two invisible characters
	open := false
	for _, a := range atoms {
		if a == "&gt;" && !w.inLine && mark == "" {
			a = softHyphen + a
		}
		size := utf8.RuneCountInString(a)
		if size+spare > w.max {
			continue
		}
		if w.size+size+spare > w.max {
			if open {
				w.write(mark)
				open = false
			}
			w.flush()
		}
		if len(w.pieces) == w.most {
			w.more = w.more || strings.TrimSpace(a) != ""
			continue
		}
		first, _ := utf8.DecodeRuneInString(a)
		switch {
		case mark != "" && !open:
			if isWord(w.last) {
				w.write(wordEdge)
			}
			w.write(mark)
			open = true
		case mark == "" && w.closed && isWord(first):
			w.write(wordEdge)
		}
		w.write(a)
	}
	if open {
		w.write(mark)
		w.closed = true
	}
}

func (w *mrkdwn) write(s string) {
	w.b.WriteString(s)
	w.size += utf8.RuneCountInString(s)
	w.last, _ = utf8.DecodeLastRuneInString(s)
	w.closed = false
	w.inLine = s != "\n" && (w.inLine || strings.TrimSpace(s) != "")
}

// flush ends a piece. Slack refuses text of nothing but space.
func (w *mrkdwn) flush() {
	if piece := w.b.String(); strings.TrimSpace(piece) != "" {
		w.pieces = append(w.pieces, piece)
	}
	*w = mrkdwn{max: w.max, most: w.most, pieces: w.pieces, more: w.more}
}
