package schemas

import (
	"errors"
	"fmt"
	"strings"
)

// blocks checks blocks one by one, and that no two are called the same.
func (s *Slack) blocks(blocks []any, most int) error {
	var wrong []error
	if len(blocks) > most {
		wrong = append(wrong, fmt.Errorf("%d blocks, and Slack takes %d", len(blocks), most))
	}
	seen := map[any]bool{nil: true}
	for i, b := range blocks {
		err := errors.Join(s.compiler.checkValue(slackTypes+"#/definitions/KnownBlock", b), saysSomething(b), sameActions(b))
		if err != nil {
			wrong = append(wrong, fmt.Errorf("block %d: %w", i, err))
		}
		id := members(b)["block_id"]
		if seen[id] && id != nil {
			wrong = append(wrong, fmt.Errorf("block %d: there is another %q", i, id))
		}
		seen[id] = true
	}
	return errors.Join(wrong...)
}

// saysSomething checks that no text in a block is blank, and that a section has one.
func saysSomething(v any) error {
	switch v := v.(type) {
	case []any:
		var wrong []error
		for _, item := range v {
			wrong = append(wrong, saysSomething(item))
		}
		return errors.Join(wrong...)
	case map[string]any:
		var wrong []error
		if v["type"] == "section" && v["text"] == nil && v["fields"] == nil {
			wrong = append(wrong, errors.New("a section needs text or fields"))
		}
		if text, ok := v["text"].(string); ok && strings.TrimSpace(text) == "" {
			wrong = append(wrong, errors.New("a text is blank"))
		}
		for _, inner := range v {
			wrong = append(wrong, saysSomething(inner))
		}
		return errors.Join(wrong...)
	}
	return nil
}

// sameActions checks that no two elements of a block are called the same.
func sameActions(block any) error {
	elements, _ := members(block)["elements"].([]any)
	seen := map[any]bool{}
	for _, e := range elements {
		id := members(e)["action_id"]
		if id != nil && seen[id] {
			return fmt.Errorf("two elements are called %q", id)
		}
		seen[id] = true
	}
	return nil
}
