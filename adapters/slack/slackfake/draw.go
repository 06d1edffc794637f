package slackfake

import (
	"cmp"
	"slices"
	"strings"

	"communitybot/adapters/person"
)

// painter collects what is seen of a message or a view.
type painter struct {
	f       *Fake
	lines   []string
	buttons []string
	menus   []person.Field
	images  []string
	links   []string
	pings   []string
	color   string
}

// draw paints a message. Beside blocks, the text is for notifications only and not seen; what it mentions is notified.
// https://docs.slack.dev/reference/methods/chat.postMessage#blocks_and_attachments
func (f *Fake) draw(m *message) *painter {
	p := &painter{f: f}
	text := p.mrkdwn(m.text, false, true)
	if len(m.blocks) == 0 {
		p.line(text)
	} else {
		p.links = nil
	}
	p.blocks(m.blocks, m.state)
	for _, v := range m.attachments {
		if a, isObject := v.(object); isObject {
			p.attachment(a, m.state)
		}
	}
	return p
}

func (p *painter) line(s string) {
	if s != "" {
		p.lines = append(p.lines, s)
	}
}

func (p *painter) image(o any) {
	if u := str(o, "image_url"); u != "" {
		p.images = append(p.images, u)
	}
}

func (p *painter) link(u string) {
	if u != "" && !slices.Contains(p.links, u) {
		p.links = append(p.links, u)
	}
}

// text returns the words of a text object. Those of plain_text are as they are.
func (p *painter) text(t any, notify bool) string {
	if str(t, "type") == "mrkdwn" {
		return p.mrkdwn(str(t, "text"), truth(t, "verbatim"), notify)
	}
	return str(t, "text")
}

func (p *painter) blocks(blocks []any, state formState) {
	for _, b := range blocks {
		block, _ := b.(object)
		switch str(block, "type") {
		case "header":
			p.line(p.text(block["text"], false))
		case "section":
			p.line(p.text(block["text"], true))
			for _, field := range list(block["fields"]) {
				p.line(fact(p.text(field, true)))
			}
		case "context":
			p.context(list(block["elements"]))
		case "image":
			p.line(p.text(block["title"], false))
			p.image(block)
		}
		if str(block, "type") != "input" {
			p.elements(block, state)
		}
	}
}

// fact puts the label of a section's field on the line of its value.
func fact(words string) string {
	label, value, found := strings.Cut(words, "\n")
	if !found {
		return words
	}
	return strings.TrimSuffix(label, ":") + ": " + value
}

func (p *painter) context(elements []any) {
	var words []string
	for _, e := range elements {
		if str(e, "type") == "image" {
			p.image(e)
		} else {
			words = append(words, p.text(e, false))
		}
	}
	p.line(strings.Join(words, " "))
}

func (p *painter) elements(block object, state formState) {
	if accessory := block["accessory"]; str(accessory, "type") == "image" {
		p.image(accessory)
	}
	for _, e := range interactive(block) {
		if str(e, "type") == "button" {
			p.buttons = append(p.buttons, str(e["text"], "text"))
			p.link(str(e, "url"))
			continue
		}
		value := state[str(block, "block_id")][str(e, "action_id")]
		p.menus = append(p.menus, person.Field{
			Label:   p.f.menuNames(part{block: block, element: e})[0],
			Value:   shownValue(value),
			Options: labels(options(e)),
			Many:    !single(str(e, "type")),
		})
	}
}

// menuNames returns what people may call a menu: its placeholder, the text beside it, and failing these its action_id.
func (f *Fake) menuNames(p part) []string {
	silent := painter{f: f}
	names := []string{str(p.element["placeholder"], "text"), silent.text(p.block["text"], false), str(p.element, "action_id")}
	return slices.DeleteFunc(names, func(s string) bool { return s == "" })
}

var namedColors = map[string]string{"good": "#2EB886", "warning": "#DAA038", "danger": "#A30200"}

// attachment paints a secondary attachment. https://docs.slack.dev/reference/messaging/attachments
func (p *painter) attachment(a object, state formState) {
	color := str(a, "color")
	if color != "" && p.color == "" {
		p.color = cmp.Or(namedColors[color], "#"+strings.TrimPrefix(color, "#"))
	}
	before := len(p.lines) + len(p.buttons) + len(p.images)
	p.line(p.mrkdwn(str(a, "pretext"), false, true))
	p.line(p.mrkdwn(str(a, "title"), false, false))
	p.link(str(a, "title_link"))
	p.line(p.mrkdwn(str(a, "text"), false, true))
	for _, field := range list(a["fields"]) {
		p.line(str(field, "title") + ": " + p.mrkdwn(str(field, "value"), false, true))
	}
	p.blocks(list(a["blocks"]), state)
	p.image(a)
	p.line(str(a, "footer"))
	if before == len(p.lines)+len(p.buttons)+len(p.images) {
		p.line(str(a, "fallback"))
	}
}
