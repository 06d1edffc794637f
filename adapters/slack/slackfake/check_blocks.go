package slackfake

// checkBlocks returns the rules that blocks break. Block types that a community bot has no use for are refused as
// unsupported. https://docs.slack.dev/reference/block-kit/blocks
func checkBlocks(pointer string, blocks []any, most int, inView bool) []string {
	var c checker
	c.items(pointer, len(blocks), 0, most)
	seen := map[string]bool{}
	for i, v := range blocks {
		here := at(pointer, i)
		block, isObject := v.(object)
		if !isObject {
			c.add(here, "must provide an object")
			continue
		}
		c.string(here, block, "block_id", 255)
		if id := str(block, "block_id"); id != "" {
			if seen[id] {
				c.add(at(here, "block_id"), "`block_id` %q already exists", id)
			}
			seen[id] = true
		}
		c.block(here, block)
		c.actionIDs(here, block)
	}
	c.focus(pointer, blocks, inView)
	return c.broken
}

func (c *checker) block(here string, block object) {
	switch kind := str(block, "type"); kind {
	case "divider":
	case "header":
		c.text(here, block, "text", 150, true, true)
	case "section":
		c.section(here, block)
	case "context":
		c.context(here, block)
	case "image":
		c.image(here, block)
		c.text(here, block, "title", 2000, false, true)
	case "actions":
		elements := list(block["elements"])
		c.items(at(here, "elements"), len(elements), 1, 25)
		for i, e := range elements {
			c.element(at(at(here, "elements"), i), e, inActions)
		}
	case "input":
		c.text(here, block, "label", 2000, true, true)
		c.text(here, block, "hint", 2000, false, true)
		if _, isBool := block["dispatch_action"].(bool); !isBool && block["dispatch_action"] != nil {
			c.add(at(here, "dispatch_action"), "must provide a boolean")
		}
		c.element(at(here, "element"), block["element"], inInput)
	default:
		c.add(at(here, "type"), "unsupported type: %s", kind)
	}
}

func (c *checker) section(here string, block object) {
	fields, hasFields := block["fields"].([]any)
	if block["text"] == nil && !hasFields {
		c.add(here, "must define either `text` or `fields`")
	}
	c.text(here, block, "text", 3000, false, false)
	if hasFields {
		c.items(at(here, "fields"), len(fields), 1, 10)
	}
	for i, v := range fields {
		if t, isObject := v.(object); isObject {
			c.words(at(at(here, "fields"), i), t, 2000, false)
		} else {
			c.add(at(at(here, "fields"), i), "must provide an object")
		}
	}
	if block["accessory"] != nil {
		c.element(at(here, "accessory"), block["accessory"], inSection)
	}
}

func (c *checker) context(here string, block object) {
	elements := list(block["elements"])
	c.items(at(here, "elements"), len(elements), 1, 10)
	for i, v := range elements {
		pointer := at(at(here, "elements"), i)
		e, _ := v.(object)
		if str(e, "type") == "image" {
			c.image(pointer, e)
		} else {
			c.words(pointer, e, 3000, false)
		}
	}
}

// image checks an image block or element.
func (c *checker) image(here string, o object) {
	c.link(here, o, "image_url", true)
	if str(o, "alt_text") == "" {
		c.add(here, "missing required field: alt_text")
	}
	c.string(here, o, "alt_text", 2000)
}

// actionIDs checks that no two elements of a block share an action_id.
func (c *checker) actionIDs(here string, block object) {
	seen := map[string]bool{}
	for i, v := range list(block["elements"]) {
		id := str(v, "action_id")
		if id != "" && seen[id] {
			c.add(at(at(at(here, "elements"), i), "action_id"), "`action_id` %q already exists", id)
		}
		seen[id] = true
	}
}

// focus checks that at most one element of a view asks for the cursor.
func (c *checker) focus(pointer string, blocks []any, inView bool) {
	n := 0
	for _, v := range blocks {
		block, _ := v.(object)
		for _, e := range interactive(block) {
			if truth(e, "focus_on_load") {
				n++
			}
		}
	}
	if inView && n > 1 {
		c.add(pointer, "only one element can set `focus_on_load`")
	}
}
