package draw

import "encoding/json"

// slackMessage is a message as the Web API returns it. https://docs.slack.dev/reference/events/message
type slackMessage struct {
	Subtype     string            `json:"subtype"`
	BotID       string            `json:"bot_id"`
	Text        string            `json:"text"`
	Blocks      []json.RawMessage `json:"blocks"`
	Attachments []slackAttachment `json:"attachments"`
}

// slackAttachment is how a message has colour.
// https://docs.slack.dev/legacy/legacy-messaging/legacy-secondary-message-attachments
type slackAttachment struct {
	Color    string            `json:"color"`
	Fallback string            `json:"fallback"`
	Blocks   []json.RawMessage `json:"blocks"`
}

// slackBlock is a block as it is sent. https://docs.slack.dev/reference/block-kit/blocks
type slackBlock struct {
	Type           string            `json:"type"`
	ID             string            `json:"block_id"`
	Text           *slackWords       `json:"text"`
	Fields         []slackWords      `json:"fields"`
	Accessory      json.RawMessage   `json:"accessory"`
	Elements       []json.RawMessage `json:"elements"`
	Title          *slackWords       `json:"title"`
	ImageURL       string            `json:"image_url"`
	AltText        string            `json:"alt_text"`
	Label          *slackWords       `json:"label"`
	Hint           *slackWords       `json:"hint"`
	Element        json.RawMessage   `json:"element"`
	Optional       bool              `json:"optional"`
	DispatchAction bool              `json:"dispatch_action"`
}

// slackWords is a text object, or the bare text that such an object has.
// https://docs.slack.dev/reference/block-kit/composition-objects/text-object
type slackWords struct {
	Type     string `json:"type"`
	Text     string `json:"text"`
	Verbatim bool   `json:"verbatim"`
}

func (t *slackWords) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, &t.Text)
	}
	type plain slackWords
	return json.Unmarshal(b, (*plain)(t))
}

// plain returns the words as they were sent; "" for none.
func (t *slackWords) plain() string {
	if t == nil {
		return ""
	}
	return t.Text
}

// slackElement is a block element, or a text in a context.
// https://docs.slack.dev/reference/block-kit/block-elements
type slackElement struct {
	Type           string        `json:"type"`
	ActionID       string        `json:"action_id"`
	Text           *slackWords   `json:"text"`
	Verbatim       bool          `json:"verbatim"` // of a text
	URL            string        `json:"url"`
	Style          string        `json:"style"`
	Spoken         string        `json:"accessibility_label"`
	ImageURL       string        `json:"image_url"`
	AltText        string        `json:"alt_text"`
	Placeholder    *slackWords   `json:"placeholder"`
	Options        []slackOption `json:"options"`
	Groups         []slackGroup  `json:"option_groups"`
	InitialOption  *slackOption  `json:"initial_option"`
	InitialOptions []slackOption `json:"initial_options"`
	InitialValue   string        `json:"initial_value"`
	Multiline      bool          `json:"multiline"`
	MinQueryLength *int          `json:"min_query_length"`
}

// slackOption is what can be chosen. https://docs.slack.dev/reference/block-kit/composition-objects/option-object
type slackOption struct {
	Text  slackWords  `json:"text"`
	About *slackWords `json:"description"`
}

// slackGroup is options under a heading.
// https://docs.slack.dev/reference/block-kit/composition-objects/option-group-object
type slackGroup struct {
	Label   slackWords    `json:"label"`
	Options []slackOption `json:"options"`
}

// slackState is what stands in an element. https://docs.slack.dev/reference/views/view-submission-payload
type slackState struct {
	Value           *string       `json:"value"`
	SelectedOption  *slackOption  `json:"selected_option"`
	SelectedOptions []slackOption `json:"selected_options"`
}

// slackView is a modal. https://docs.slack.dev/reference/views/modal-views
type slackView struct {
	Title  *slackWords       `json:"title"`
	Submit *slackWords       `json:"submit"`
	Close  *slackWords       `json:"close"`
	Blocks []json.RawMessage `json:"blocks"`
	State  struct {
		Values map[string]map[string]slackState `json:"values"`
	} `json:"state"`
}
