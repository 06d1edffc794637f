package slackfake

import (
	"fmt"
	"regexp"
)

// Limits of surfaces. https://docs.slack.dev/reference/block-kit/blocks, https://docs.slack.dev/reference/views
const (
	maxMessageBlocks = 50
	maxViewBlocks    = 100
)

// checkView returns the rules that a view breaks.
func checkView(view object, kind string) []string {
	var c checker
	const pointer = "/view"
	if str(view, "type") != kind {
		c.add(at(pointer, "type"), "must be a valid enum value")
	}
	if kind == "modal" {
		c.text(pointer, view, "title", 24, true, true)
		c.text(pointer, view, "submit", 24, false, true)
		c.text(pointer, view, "close", 24, false, true)
	}
	c.string(pointer, view, "callback_id", 255)
	c.string(pointer, view, "external_id", 255)
	c.string(pointer, view, "private_metadata", 3000)
	blocks, isList := view["blocks"].([]any)
	if !isList {
		c.add(pointer, "missing required field: blocks")
	}
	for i, b := range blocks {
		if kind == "modal" && str(b, "type") == "input" && view["submit"] == nil {
			c.add(fmt.Sprintf("/view/blocks/%d/input", i), "must define `submit` to use `input` block")
		}
	}
	return append(c.broken, checkBlocks("/view/blocks", blocks, maxViewBlocks, true)...)
}

var colors = regexp.MustCompile(`^(#?([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})|good|warning|danger)$`)

// checkAttachments returns the rules that attachments break.
// https://docs.slack.dev/reference/messaging/attachments
func checkAttachments(attachments []any) []string {
	var c checker
	for i, v := range attachments {
		pointer := at("/attachments", i)
		a, isObject := v.(object)
		if !isObject {
			c.add(pointer, "must provide an object")
			continue
		}
		if color := str(a, "color"); color != "" && !colors.MatchString(color) {
			c.add(at(pointer, "color"), "must be a valid color")
		}
		c.link(pointer, a, "image_url", false)
		c.link(pointer, a, "title_link", false)
		blocks := list(a["blocks"])
		if len(blocks) > 0 && str(a, "text") != "" {
			c.add(pointer, "invalid additional property: text")
		}
		c.broken = append(c.broken, checkBlocks(at(pointer, "blocks"), blocks, maxMessageBlocks, false)...)
	}
	return c.broken
}
