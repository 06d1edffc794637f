package draw

import (
	"encoding/json"
	"html/template"
	"strings"

	"communitybot/adapters/person"
)

// slackPainter draws the blocks of a message or a view.
type slackPainter struct {
	world  World
	place  string                           // what IDs of elements begin with
	menus  []person.Field                   // of a message, those that are still to be drawn
	fields []person.Field                   // of a form, those that are still to be drawn
	state  map[string]map[string]slackState // of a view, by block and action
}

// words draws a text object.
func (p *slackPainter) words(t *slackWords) []slackPiece {
	switch {
	case t == nil || t.Text == "":
		return nil
	case t.Type == "mrkdwn":
		return slackMrkdwn(t.Text, t.Verbatim, p.world)
	}
	return slackPlain(t.Text)
}

func (p *slackPainter) blocks(all []json.RawMessage) []template.HTML {
	drawn := make([]template.HTML, len(all))
	for i, raw := range all {
		drawn[i] = p.block(raw)
	}
	return drawn
}

func (p *slackPainter) block(raw json.RawMessage) template.HTML {
	var b slackBlock
	if err := json.Unmarshal(raw, &b); err != nil {
		return slackUnknown("block", slackKind(raw))
	}
	switch b.Type {
	case "header":
		return run("slack.header", p.words(b.Text))
	case "section":
		return p.section(b)
	case "context":
		return run("slack.context", p.elements(b, ""))
	case "actions":
		return run("slack.actions", p.elements(b, ""))
	case "divider":
		return run("slack.divider", nil)
	case "image":
		return p.image(b.ImageURL, b.AltText, b.Title)
	case "input":
		return p.input(b)
	}
	return slackUnknown("block", b.Type)
}

func (p *slackPainter) section(b slackBlock) template.HTML {
	fields := make([][]slackPiece, len(b.Fields))
	for i := range b.Fields {
		fields[i] = p.words(&b.Fields[i])
	}
	var accessory template.HTML
	text := p.words(b.Text)
	if len(b.Accessory) > 0 && string(b.Accessory) != "null" {
		accessory = p.element(b, slackSeen(text), b.Accessory)
	}
	return run("slack.section", map[string]any{"Text": text, "Fields": fields, "Accessory": accessory})
}

// image draws a picture, when it is one that the page may load; else where it is.
func (p *slackPainter) image(address, alt string, title *slackWords) template.HTML {
	return run("slack.image", map[string]any{
		"Source": p.world.Picture(address), "Address": address, "Alt": alt, "Title": p.words(title),
	})
}

// slackUnknown draws something that there is no drawing for.
func slackUnknown(what, kind string) template.HTML {
	if kind == "" {
		kind = "?"
	}
	return run("slack.unknown", map[string]string{"What": what, "Kind": kind})
}

// slackKind returns the type of something that is not what that type should be; "" when it has none.
func slackKind(raw json.RawMessage) string {
	var o map[string]any
	_ = json.Unmarshal(raw, &o) // not an object: it has no type
	kind, _ := o["type"].(string)
	return kind
}

// slackSeen returns the words of pieces.
func slackSeen(all []slackPiece) string {
	var b strings.Builder
	for _, p := range all {
		b.WriteString(p.Text)
		b.WriteString(slackSeen(p.Inside))
	}
	return b.String()
}
