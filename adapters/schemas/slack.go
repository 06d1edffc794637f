package schemas

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Slack checks views and messages by schemas that were made of npm's @slack/types, and by the rules that types can't say.
// Its methods may be called from several goroutines.
//
// https://docs.slack.dev/reference/block-kit
type Slack struct{ compiler *compiler }

const slackTypes = "slack.json"

// LoadSlack reads the schemas, once. The error wraps fs.ErrNotExist when they are not there.
var LoadSlack = sync.OnceValues(func() (*Slack, error) {
	doc, err := read("slack-modal.schema.json")
	if err != nil {
		return nil, err
	}
	s := &Slack{compiler: newCompiler(jsonschema.Draft7)}
	return s, s.compiler.compiler.AddResource(slackTypes, doc)
})

// Limits of surfaces. https://docs.slack.dev/reference/block-kit/blocks, https://docs.slack.dev/reference/views
const (
	maxMessageBlocks = 50
	maxViewBlocks    = 100
	maxTitle         = 24
	maxOptions       = 100
)

// View checks a modal or an App Home. An App Home takes the blocks of a modal.
func (s *Slack) View(body []byte) error {
	var view map[string]any
	if err := unmarshal(body, &view); err != nil {
		return err
	}
	var wrong []error
	switch view["type"] {
	case "modal":
		wrong = append(wrong, s.compiler.checkValue(slackTypes+"#/definitions/StrictModal", view))
	case "home":
		for key := range view {
			if !slices.Contains([]string{"type", "blocks", "private_metadata", "callback_id", "external_id"}, key) {
				wrong = append(wrong, fmt.Errorf("a home has no %q", key))
			}
		}
	default:
		return fmt.Errorf("there are no views of type %v", view["type"])
	}
	for _, key := range []string{"title", "submit", "close"} {
		if text, ok := members(view, key)["text"].(string); ok && (text == "" || utf8.RuneCountInString(text) > maxTitle) {
			wrong = append(wrong, fmt.Errorf("%s %q is not of 1 to %d characters", key, text, maxTitle))
		}
	}
	blocks, _ := view["blocks"].([]any)
	for _, b := range blocks {
		if members(b)["type"] == "input" && view["type"] == "modal" && view["submit"] == nil {
			wrong = append(wrong, errors.New("a modal with inputs needs submit"))
			break
		}
	}
	return errors.Join(append(wrong, s.blocks(blocks, maxViewBlocks))...)
}

// Message checks what a bot posts: its text, blocks, attachments and metadata. Screen readers and notifications have
// nothing but the text, so there must be one.
//
// https://docs.slack.dev/reference/methods/chat.postMessage#text-blocks-attachments
func (s *Slack) Message(body []byte) error {
	var m struct {
		Text        string           `json:"text"`
		Blocks      []any            `json:"blocks"`
		Attachments []map[string]any `json:"attachments"`
		Metadata    map[string]any   `json:"metadata"`
	}
	if err := unmarshal(body, &m); err != nil {
		return err
	}
	wrong := []error{s.blocks(m.Blocks, maxMessageBlocks)}
	if strings.TrimSpace(m.Text) == "" {
		wrong = append(wrong, errors.New("it has no text"))
	}
	kind, payload := m.Metadata["event_type"], members(m.Metadata, "event_payload")
	if empty := kind == "" && payload == nil; len(m.Metadata) > 0 && !empty && (kind == nil || payload == nil) { // slack-go sends empty ones
		wrong = append(wrong, errors.New("metadata needs event_type and event_payload"))
	}
	for i, a := range m.Attachments {
		blocks, _ := a["blocks"].([]any)
		if err := s.blocks(blocks, maxMessageBlocks); err != nil {
			wrong = append(wrong, fmt.Errorf("attachment %d: %w", i, err))
		}
		if len(blocks) > 0 && a["text"] != nil {
			wrong = append(wrong, fmt.Errorf("attachment %d has blocks, so its text is not shown", i))
		}
	}
	return errors.Join(wrong...)
}

// Options checks the answer to a search in a menu.
//
// https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element#external_select
func (s *Slack) Options(body []byte) error {
	var answer struct {
		Options []any `json:"options"`
	}
	if err := unmarshal(body, &answer); err != nil {
		return err
	}
	var wrong []error
	if len(answer.Options) > maxOptions {
		wrong = append(wrong, fmt.Errorf("%d options, and Slack shows %d", len(answer.Options), maxOptions))
	}
	for i, o := range answer.Options {
		if err := s.compiler.checkValue(slackTypes+"#/definitions/PlainTextOption", o); err != nil {
			wrong = append(wrong, fmt.Errorf("option %d: %w", i, err))
		}
	}
	return errors.Join(wrong...)
}

// unmarshal keeps numbers as they are written, for the schemas.
func unmarshal(body []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	return d.Decode(v)
}
