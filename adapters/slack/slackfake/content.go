package slackfake

import (
	"slices"
	"unicode/utf8"
)

// Limits of messages. https://docs.slack.dev/reference/methods/chat.postMessage
const (
	maxText        = 40000
	maxEditedText  = 4000 // bytes: https://gitlab.com/gitlab-org/gitlab/-/merge_requests/258898
	maxAttachments = 100
)

// content is what a message says.
type content struct {
	text        string
	blocks      []any
	attachments []any
	metadata    object
}

// contentOf reads and checks the content in a request. One that says nothing is no_text.
func contentOf(a args) (content, error) {
	c := content{text: a.str("text")}
	if a.has("blocks") {
		blocks, isList := a.value("blocks").([]any)
		if !isList {
			return c, refusal("invalid_blocks_format")
		}
		c.blocks = blocks
	}
	if a.has("attachments") {
		attachments, isList := a.value("attachments").([]any)
		if !isList {
			return c, refusal("invalid_attachments")
		}
		c.attachments = attachments
	}
	if err := c.check(a); err != nil {
		return c, err
	}
	complete(c.blocks)
	for i, at := range c.attachments {
		if o, isObject := at.(object); isObject {
			o["id"] = float64(i + 1)
			complete(list(o["blocks"]))
		}
	}
	return c, nil
}

func (c *content) check(a args) error {
	switch {
	case c.text == "" && len(c.blocks) == 0 && len(c.attachments) == 0:
		return refusal("no_text")
	case utf8.RuneCountInString(c.text) > maxText:
		return refusal("msg_too_long")
	case len(c.attachments) > maxAttachments:
		return refusal("too_many_attachments")
	}
	if messages := checkBlocks("/blocks", c.blocks, maxMessageBlocks, false); len(messages) > 0 {
		return refusal("invalid_blocks", messages...)
	}
	if messages := checkAttachments(c.attachments); len(messages) > 0 {
		return refusal("invalid_attachments", messages...)
	}
	metadata, _ := a.value("metadata").(object)
	if len(metadata) == 0 || (str(metadata, "event_type") == "" && metadata["event_payload"] == nil) {
		return nil // slack-go sends an empty one to response URLs
	}
	if _, isObject := metadata["event_payload"].(object); str(metadata, "event_type") == "" || !isObject {
		return refusal("invalid_metadata_format")
	}
	c.metadata = metadata
	return nil
}

// state is what the menus in a message show at first.
func (c content) state() formState {
	all := slices.Clone(c.blocks)
	for _, a := range c.attachments {
		all = append(all, list(child(a, "blocks"))...)
	}
	return initialState(all, nil)
}
