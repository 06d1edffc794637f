package draw

import (
	"cmp"
	"encoding/json"
	"slices"
)

// The kinds of component, the flags and the styles that are drawn.
//
// https://docs.discord.com/developers/components/reference#component-object-component-types
// https://docs.discord.com/developers/resources/message#message-object-message-flags
const (
	discordRow    = 1
	discordButton = 2
	discordSelect = 3
	discordInput  = 4
	discordText   = 10
	discordLabel  = 18

	discordNoEmbeds = 1 << 2
	discordPrivate  = 1 << 6
	discordLoading  = 1 << 7

	discordLink      = 5 // a button's style
	discordParagraph = 2 // a text input's style
	discordCommand   = 2 // the interaction that is a typed command
)

// discordMessage is what is drawn of a message object.
//
// https://docs.discord.com/developers/resources/message#message-object
type discordMessage struct {
	ChannelID  string             `json:"channel_id"`
	Author     discordUser        `json:"author"`
	Content    string             `json:"content"`
	Edited     *string            `json:"edited_timestamp"`
	Flags      int                `json:"flags"`
	Embeds     []discordEmbed     `json:"embeds"`
	Components []discordComponent `json:"components"`
	Reference  *struct {
		MessageID string `json:"message_id"`
	} `json:"message_reference"`
	Metadata *discordMetadata `json:"interaction_metadata"`
	Thread   *struct {
		Name string `json:"name"`
	} `json:"thread"`
}

type discordUser struct {
	ID         string `json:"id"`
	Username   string `json:"username"`
	GlobalName string `json:"global_name"`
	Bot        bool   `json:"bot"`
}

func (u discordUser) name(w World) string { return cmp.Or(w.User(u.ID), u.GlobalName, u.Username) }

// discordMetadata says what made a message; Trigger, what had opened the modal that made it. Discord sends the name of a
// command without saying so in its documentation.
//
// https://docs.discord.com/developers/resources/message#message-interaction-metadata-object
type discordMetadata struct {
	Type    int              `json:"type"`
	Name    string           `json:"name"`
	User    discordUser      `json:"user"`
	Trigger *discordMetadata `json:"triggering_interaction_metadata"`
}

// discordEmbed is an embed object.
//
// https://docs.discord.com/developers/resources/message#embed-object
type discordEmbed struct {
	Title       string          `json:"title"`
	Description string          `json:"description"`
	URL         string          `json:"url"`
	Timestamp   string          `json:"timestamp"`
	Color       int             `json:"color"`
	Author      discordByline   `json:"author"`
	Footer      discordByline   `json:"footer"`
	Image       discordPicture  `json:"image"`
	Thumbnail   discordPicture  `json:"thumbnail"`
	Fields      []discordDetail `json:"fields"`
}

// discordByline is the author, which has a name, or the footer, which has a text.
type discordByline struct {
	Name string `json:"name"`
	Text string `json:"text"`
	URL  string `json:"url"`
	Icon string `json:"icon_url"`
}

type discordPicture struct {
	URL string `json:"url"`
}

type discordDetail struct {
	Name   string `json:"name"`
	Value  string `json:"value"`
	Inline bool   `json:"inline"`
}

// discordModal is the data of an answer that opens a modal.
type discordModal struct {
	Title      string             `json:"title"`
	Components []discordComponent `json:"components"`
}

// discordComponent is any component; which fields count depends on Type.
//
// https://docs.discord.com/developers/components/reference
type discordComponent struct {
	Type        int                `json:"type"`
	Style       int                `json:"style"`
	Label       string             `json:"label"`
	Description string             `json:"description"`
	Emoji       discordEmoji       `json:"emoji"`
	URL         string             `json:"url"`
	Disabled    bool               `json:"disabled"`
	Placeholder string             `json:"placeholder"`
	MinValues   *int               `json:"min_values"`
	MaxValues   *int               `json:"max_values"`
	MinLength   int                `json:"min_length"`
	MaxLength   int                `json:"max_length"`
	Required    *bool              `json:"required"`
	Value       string             `json:"value"`
	Content     string             `json:"content"`
	Options     []discordOption    `json:"options"`
	Components  []discordComponent `json:"components"`
	Component   *discordComponent  `json:"component"`
}

// UnmarshalJSON reads no more than the type of a component that is not drawn: in its fields may be anything.
func (c *discordComponent) UnmarshalJSON(b []byte) error {
	var kind struct {
		Type int `json:"type"`
	}
	if err := json.Unmarshal(b, &kind); err != nil {
		return err
	}
	c.Type = kind.Type
	if !slices.Contains([]int{discordRow, discordButton, discordSelect, discordInput, discordText, discordLabel}, c.Type) {
		return nil
	}
	type plain discordComponent
	return json.Unmarshal(b, (*plain)(c))
}

type discordOption struct {
	Label       string       `json:"label"`
	Description string       `json:"description"`
	Emoji       discordEmoji `json:"emoji"`
	Default     bool         `json:"default"`
}

// discordEmoji is one of Unicode's, which is its own name, or else one that people uploaded.
type discordEmoji struct {
	ID   *string `json:"id"`
	Name string  `json:"name"`
}

func (e discordEmoji) String() string {
	if e.ID != nil {
		return ":" + e.Name + ":"
	}
	return e.Name
}
