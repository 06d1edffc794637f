package discordfake

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

var (
	mentionPattern = regexp.MustCompile(`<(@&|@!?|#)(\d+)>`)
	leadPattern    = regexp.MustCompile(`(?m)^(?:>>> |> |#{1,3} |-# )`)
	bulletPattern  = regexp.MustCompile(`(?m)^(\s*)[-*] `)
	anglePattern   = regexp.MustCompile(`^<(?:(@&|@!?|#)(\d+)|t:(-?\d+)(?::[tTdDfFRsS])?|a?(:\w+:)\d+|(https?://[^\s<>]+))>`)
	maskedPattern  = regexp.MustCompile(`^\[((?:\\.|[^\[\]\\])+)\]\(<?(https?://[^\s<>()]+(?:\([^\s<>()]*\)[^\s<>()]*)*)>?\)`)
	barePattern    = regexp.MustCompile(`^https?://[^\s<>]+`)
)

// pairs are the marks that stand around words, longer ones first.
var pairs = []string{"***", "**", "__", "~~", "||", "*", "_"}

// markdown returns text as it is read: marks and escapes gone, mentions and times as words. What it links to is kept.
//
// https://docs.discord.com/developers/reference#message-formatting
func (p *painter) markdown(s string) string {
	var out strings.Builder
	for {
		before, rest, fenced := strings.Cut(s, "```")
		code, after, closed := strings.Cut(rest, "```")
		if !fenced || !closed {
			out.WriteString(p.block(s))
			return out.String()
		}
		out.WriteString(p.block(before))
		if language, body, ok := strings.Cut(code, "\n"); ok && !strings.ContainsAny(language, " \t") {
			code = body
		}
		out.WriteString(visible(code))
		s = after
	}
}

func (p *painter) block(s string) string {
	return p.inline(bulletPattern.ReplaceAllString(leadPattern.ReplaceAllString(s, ""), "$1• "), true)
}

// inline reads text outside code blocks. Without mentions, names and times stay as they were written.
func (p *painter) inline(s string, mentions bool) string {
	var out strings.Builder
	for s != "" {
		words, size := p.mark(s, mentions)
		if size == 0 {
			_, size = utf8.DecodeRuneInString(s)
			words = s[:size]
		}
		out.WriteString(words)
		s = s[size:]
	}
	return visible(out.String())
}

// mark reads the mark that s starts with: what is seen of it, and its size; 0 when there is none.
func (p *painter) mark(s string, mentions bool) (string, int) {
	switch {
	case len(s) > 1 && s[0] == '\\' && s[1] < utf8.RuneSelf && unicode.In(rune(s[1]), unicode.Punct, unicode.Symbol):
		return s[1:2], 2
	case s[0] == '`':
		return code(s)
	case s[0] == '<':
		return p.angle(s, mentions)
	case s[0] == '[':
		if m := maskedPattern.FindStringSubmatch(s); m != nil {
			p.link(m[2])
			return p.inline(m[1], mentions), len(m[0])
		}
		return "", 0
	}
	if url := strings.TrimRight(barePattern.FindString(s), `.,:;"')]*_~|`); url != "" {
		p.link(url)
		return url, len(url)
	}
	for _, mark := range pairs {
		if inner, ok := enclosed(s, mark); ok {
			return p.inline(inner, mentions), len(inner) + 2*len(mark)
		}
	}
	return "", 0
}

// code reads what stands between runs of as many backticks: literal.
func code(s string) (string, int) {
	n := len(s) - len(strings.TrimLeft(s, "`"))
	fence := s[:n]
	for from := n; ; {
		end := strings.Index(s[from:], fence)
		if end < 0 {
			return "", 0
		}
		end += from
		if run := len(s[end:]) - len(strings.TrimLeft(s[end:], "`")); run > n {
			from = end + run
			continue
		}
		inner := s[n:end]
		if trimmed := strings.TrimSpace(inner); strings.HasPrefix(trimmed, "`") || strings.HasSuffix(trimmed, "`") {
			inner = trimmed
		}
		return inner, end + n
	}
}

// enclosed returns what stands between two marks: not blank, and for one _ not inside a word.
func enclosed(s, mark string) (string, bool) {
	rest, ok := strings.CutPrefix(s, mark)
	if !ok || rest == "" || (len(mark) == 1 && unicode.IsSpace(rune(rest[0]))) {
		return "", false
	}
	for i := 0; i < len(rest); i++ {
		switch {
		case rest[i] == '\\':
			i++ // the character after a backslash closes nothing
		case i == 0:
		case !strings.HasPrefix(rest[i:], mark):
		case mark == "_" && wordAt(rest[i+1:]):
		case len(mark) == 1 && strings.HasPrefix(rest[i+1:], mark):
			i++ // half of a longer mark
		case strings.TrimSpace(rest[:i]) != "":
			return rest[:i], true
		}
	}
	return "", false
}

func wordAt(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return s != "" && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// angle reads what stands in angle brackets: a mention, a time, an emoji or a link without a preview.
func (p *painter) angle(s string, mentions bool) (string, int) {
	m := anglePattern.FindStringSubmatch(s)
	if m == nil {
		return "", 0
	}
	switch kind, id := m[1], m[2]; {
	case m[5] != "":
		p.link(m[5])
		return m[5], len(m[0])
	case m[4] != "":
		return m[4], len(m[0])
	case !mentions:
		return "", 0
	case m[3] != "":
		unix, err := strconv.ParseInt(m[3], 10, 64)
		if err != nil {
			return "", 0
		}
		return time.Unix(unix, 0).UTC().Format("2 Jan 2006 15:04 UTC"), len(m[0])
	case kind == "#" && p.f.channels[id] != nil:
		return "#" + p.f.channels[id].name, len(m[0])
	case kind == "@&" && p.f.role(id) != nil:
		return "@" + p.f.role(id).Name, len(m[0])
	case kind == "@&":
		return "@unknown-role", len(m[0])
	case kind != "#" && p.f.users[id] != nil:
		return "@" + p.f.users[id].called(), len(m[0])
	case kind != "#":
		return "@unknown-user", len(m[0])
	default:
		return "#unknown", len(m[0])
	}
}

// visible drops what takes no space on the screen.
func visible(s string) string { return strings.ReplaceAll(s, "\u200b", "") }
