package draw

import (
	"cmp"
	"html/template"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

var slackEntities = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

// entity takes an escaped character at the start of s, and returns how long that is.
func (t *slackText) entity(s string) int {
	if s[0] != '&' {
		return 0
	}
	for _, e := range []string{"&lt;", "&gt;", "&amp;"} {
		if strings.HasPrefix(s, e) {
			t.literal(slackEntities.Replace(e), 0)
			return len(e)
		}
	}
	return 0
}

// bareLink takes an address at the start of s, and returns how long that is.
func (t *slackText) bareLink(s string) int {
	if !strings.HasPrefix(s, "http://") && !strings.HasPrefix(s, "https://") {
		return 0
	}
	end := strings.IndexFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == '<' || r == '>' })
	if end < 0 {
		end = len(s)
	}
	raw := strings.TrimRight(s[:end], ".,;:!?)'\"*_~`")
	address := slackEntities.Replace(raw)
	t.link(address, address)
	return len(raw)
}

// reference takes what stands between < and > at the start of s, and returns how long that is. People's own < is escaped,
// so there is none inside.
func (t *slackText) reference(s string) int {
	if s[0] != '<' {
		return 0
	}
	end := 1 + strings.IndexAny(s[1:], "<>")
	if end < 2 || s[end] != '>' {
		return 0
	}
	target, label, _ := strings.Cut(s[1:end], "|")
	if target == "" {
		return 0
	}
	label = slackEntities.Replace(label)
	name := strings.TrimPrefix(label, "@")
	switch kind, id := target[0], target[1:]; {
	case kind == '@':
		t.mention("@" + cmp.Or(t.world.User(id), name, id))
	case kind == '#':
		t.mention("#" + cmp.Or(t.world.Channel(id), label, id))
	case target == "!channel" || target == "!here" || target == "!everyone":
		t.mention("@" + id)
	case strings.HasPrefix(id, "subteam^") && kind == '!':
		id = strings.TrimPrefix(id, "subteam^")
		t.mention("@" + cmp.Or(t.world.Group(id), name, id))
	case kind == '!' && label != "":
		t.date(id, label)
	case strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:"):
		address := slackEntities.Replace(target)
		t.link(address, cmp.Or(label, strings.TrimPrefix(address, "mailto:")))
	default:
		return 0
	}
	return end + 1
}

// literal adds words in which nothing formats, as what a reference says; 0 for none.
func (t *slackText) literal(words string, reference int32) {
	for _, r := range words {
		g := slackGlyph{r: r, literal: true}
		g.in[slackReference] = reference
		t.glyphs = append(t.glyphs, g)
	}
}

func (t *slackText) refer(p slackPiece, words string) {
	t.references = append(t.references, p)
	t.literal(words, int32(len(t.references)))
}

func (t *slackText) mention(words string) { t.refer(slackPiece{Kind: "mention"}, words) }

// link adds words that lead somewhere, when that is the web or a mailbox.
func (t *slackText) link(address, words string) {
	if !slackLeads(address) {
		t.literal(words, 0)
		return
	}
	t.refer(slackPiece{Kind: "link", Target: address}, words)
}

// slackLeads reports whether an address may be a link on the page: of the web, or of a mailbox.
func slackLeads(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	return u.Scheme == "mailto" || (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// slackTokens are what a date's style may hold.
// https://docs.slack.dev/messaging/formatting-message-text#date-formatting
var slackTokens = []string{
	"{date_num}", "{date_slash}", "{date}", "{date_short}", "{date_long}", "{date_pretty}", "{date_short_pretty}",
	"{date_long_pretty}", "{date_long_full}", "{day_divider_pretty}", "{time}", "{time_secs}", "{ago}",
}

// slackLastSecond is the last that RFC 3339 has, of the year 9999.
const slackLastSecond = 253402300799

// date adds a date, such as "date^1700000000^{date} {time}". Slack shows the fallback of one that it can't write, and so
// the adapter passes characters through that would format.
func (t *slackText) date(s, fallback string) {
	parts := strings.SplitN(s, "^", 4)
	if len(parts) < 3 || parts[0] != "date" || !slices.ContainsFunc(slackTokens, func(token string) bool { return strings.Contains(parts[2], token) }) {
		t.literal(fallback, 0)
		return
	}
	seconds, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil || seconds < 0 || seconds > slackLastSecond {
		t.literal(fallback, 0)
		return
	}
	at := time.Unix(seconds, 0).UTC().Format(time.RFC3339)
	t.refer(slackPiece{Kind: "time", Target: at, Style: template.CSS(slackEntities.Replace(parts[2]))}, fallback)
}
