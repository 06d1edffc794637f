package slackfake

import (
	"slices"
	"strconv"
)

// complete adds what Slack adds to blocks: IDs, and the flags of text objects.
func complete(blocks []any) {
	taken := map[string]bool{}
	for _, b := range blocks {
		taken[str(b, "block_id")] = true
	}
	next := 0
	for _, b := range blocks {
		block, isObject := b.(object)
		if !isObject {
			continue
		}
		if str(block, "block_id") == "" {
			for next++; taken["b"+strconv.Itoa(next)]; next++ {
			}
			block["block_id"] = "b" + strconv.Itoa(next)
		}
		completeInside(block)
		for i, e := range interactive(block) {
			if str(e, "action_id") == "" {
				e["action_id"] = "a" + strconv.Itoa(i+1)
			}
		}
	}
}

func completeInside(v any) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			completeInside(item)
		}
	case object:
		switch str(v, "type") {
		case "plain_text":
			setDefault(v, "emoji", true)
		case "mrkdwn":
			setDefault(v, "verbatim", false)
		}
		for _, inner := range v {
			completeInside(inner)
		}
	}
}

func setDefault(o object, key string, value any) {
	if _, there := o[key]; !there {
		o[key] = value
	}
}

// interactive returns the elements of a block that people can use.
func interactive(block object) []object {
	var found []object
	candidates := slices.Concat(list(block["elements"]), []any{block["element"], block["accessory"]})
	for _, v := range candidates {
		e, isObject := v.(object)
		if isObject && !slices.Contains([]string{"image", "mrkdwn", "plain_text"}, str(e, "type")) {
			found = append(found, e)
		}
	}
	return found
}
