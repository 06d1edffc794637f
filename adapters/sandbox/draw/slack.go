package draw

import (
	"cmp"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"html/template"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"communitybot/adapters/person"
)

// slackDrawn is a message as the template has it.
type slackDrawn struct {
	person.Message
	Bot, Deleted bool
	Initial      string
	Hue          uint32 // which of the colours of avatars
	At, Clock    string // RFC 3339; hours and minutes, UTC
	Blocks       []template.HTML
	Replies      string
	Thread       []template.HTML // instead of the Message's own
}

// Slack draws one message of Slack's with its thread. Its payload is the message as the Web API returns it. Beside
// blocks, a message's text is for notifications only and not seen.
// https://docs.slack.dev/reference/methods/chat.postMessage#blocks_and_attachments
func Slack(m person.Sent, w World) template.HTML {
	var sent slackMessage
	p := &slackPainter{world: w, place: "slack-" + m.ID, menus: m.Menus}
	d := slackDrawn{Message: m.Message, Initial: slackInitial(m.Author), Hue: slackHue(m.Author)}
	if err := json.Unmarshal(m.Payload, &sent); err != nil {
		d.Blocks = []template.HTML{run("slack.said", slackPlain(m.Text))}
	} else {
		d.Blocks = p.message(sent)
	}
	d.Bot, d.Deleted = sent.BotID != "", sent.Subtype == "tombstone"
	if !m.At.IsZero() {
		d.At, d.Clock = m.At.UTC().Format(time.RFC3339), m.At.UTC().Format("15:04")
	}
	replies := 0
	for _, reply := range m.Thread {
		if !reply.Private {
			replies++
		}
		d.Thread = append(d.Thread, Slack(reply, w))
	}
	switch {
	case replies == 1:
		d.Replies = "1 reply"
	case replies > 1:
		d.Replies = fmt.Sprintf("%d replies", replies)
	}
	return run("slack.message", d)
}

// SlackHome draws the Home tab of the bot's App Home. The parts of m's thread are the messages of which it is made; the
// payload of each has blocks only. https://docs.slack.dev/surfaces/app-home
func SlackHome(m person.Sent, w World) template.HTML {
	var parts []slackDrawn
	for _, part := range m.Thread {
		var sent slackMessage
		_ = json.Unmarshal(part.Payload, &sent) // a part without blocks is empty
		p := &slackPainter{world: w, place: "slack-" + part.ID, menus: part.Menus}
		if len(sent.Blocks) > 0 {
			parts = append(parts, slackDrawn{Message: part.Message, Blocks: p.blocks(sent.Blocks)})
		}
	}
	return run("slack.home", parts)
}

// message draws what a message says.
func (p *slackPainter) message(m slackMessage) []template.HTML {
	drawn := p.blocks(m.Blocks)
	if words := slackMrkdwn(m.Text, false, p.world); len(m.Blocks) == 0 && len(words) > 0 {
		drawn = append(drawn, run("slack.said", words))
	}
	for _, a := range m.Attachments {
		blocks := p.blocks(a.Blocks)
		if len(blocks) == 0 {
			blocks = []template.HTML{run("slack.said", slackPlain(a.Fallback))}
		}
		drawn = append(drawn, run("slack.attachment", map[string]any{"Color": slackColor(a.Color), "Blocks": blocks}))
	}
	return drawn
}

var (
	slackHex         = regexp.MustCompile(`^#?([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})$`)
	slackNamedColors = map[string]string{"good": "#2EB886", "warning": "#DAA038", "danger": "#A30200"}
)

// slackColor returns the colour of an attachment, grey when it has none.
func slackColor(c string) string {
	if !slackHex.MatchString(c) {
		return cmp.Or(slackNamedColors[c], "#DDDDDD")
	}
	return "#" + strings.TrimPrefix(c, "#")
}

// slackHue numbers somebody's avatar, so that they always have the same colour.
func slackHue(name string) uint32 {
	const hues = 6
	h := fnv.New32a()
	_, _ = h.Write([]byte(name)) // never fails
	return h.Sum32() % hues
}

// slackInitial returns the letter that stands for somebody.
func slackInitial(name string) string {
	r, _ := utf8.DecodeRuneInString(name)
	if name == "" || !unicode.IsPrint(r) {
		return "?"
	}
	return string(unicode.ToUpper(r))
}
