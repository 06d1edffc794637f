package discordfake

import (
	"encoding/json"
	"time"
)

// Message flags, types and component types as Discord numbers them.
//
// https://docs.discord.com/developers/resources/message#message-object
const (
	flagSuppressEmbeds = 1 << 2
	flagHasThread      = 1 << 5
	flagEphemeral      = 1 << 6
	flagLoading        = 1 << 7
	flagSilent         = 1 << 12
	flagComponentsV2   = 1 << 15

	messageDefault = 0
	messageReply   = 19
	messageCommand = 20

	componentRow       = 1
	componentButton    = 2
	componentSelect    = 3
	componentTextInput = 4
	componentText      = 10
	componentLabel     = 18

	styleLink      = 5
	styleParagraph = 2
)

// message is a message object, and what Discord knows about it beside.
type message struct {
	ID              string          `json:"id"`
	Type            int             `json:"type"`
	ChannelID       string          `json:"channel_id"`
	Author          *user           `json:"author"`
	Content         string          `json:"content"`
	Timestamp       string          `json:"timestamp"`
	EditedTimestamp *string         `json:"edited_timestamp"`
	TTS             bool            `json:"tts"`
	Pinned          bool            `json:"pinned"`
	MentionEveryone bool            `json:"mention_everyone"`
	Mentions        []*user         `json:"mentions"`
	MentionRoles    []string        `json:"mention_roles"`
	Attachments     []string        `json:"attachments"` // always empty: the fake takes no files
	Embeds          []embed         `json:"embeds"`
	Components      []component     `json:"components"`
	Flags           int             `json:"flags"`
	Nonce           json.RawMessage `json:"nonce,omitempty"`
	Reference       *reference      `json:"message_reference,omitempty"`
	Thread          *channelObject  `json:"thread,omitempty"`
	ApplicationID   string          `json:"application_id,omitempty"`
	WebhookID       string          `json:"webhook_id,omitempty"`
	Metadata        *metadata       `json:"interaction_metadata,omitempty"`

	created time.Time
	only    *user        // who sees it, when it is ephemeral
	origin  *interaction // whose token made it
	touched *interaction // whose answer or token changed it last
	pings   []string
}

type reference struct {
	Type            int    `json:"type"`
	MessageID       string `json:"message_id,omitempty"`
	ChannelID       string `json:"channel_id,omitempty"`
	GuildID         string `json:"guild_id,omitempty"`
	FailIfNotExists *bool  `json:"fail_if_not_exists,omitempty"`
}

// embed is an embed object. URLs are pointers because an empty one is an error.
type embed struct {
	Type        string       `json:"type,omitempty"`
	Title       string       `json:"title,omitempty"`
	Description string       `json:"description,omitempty"`
	URL         *string      `json:"url,omitempty"`
	Timestamp   *string      `json:"timestamp,omitempty"`
	Color       *int         `json:"color,omitempty"`
	Footer      *embedFooter `json:"footer,omitempty"`
	Image       *embedImage  `json:"image,omitempty"`
	Thumbnail   *embedImage  `json:"thumbnail,omitempty"`
	Author      *embedAuthor `json:"author,omitempty"`
	Fields      []embedField `json:"fields,omitempty"`
}

type embedFooter struct {
	Text    string  `json:"text,omitempty"`
	IconURL *string `json:"icon_url,omitempty"`
}

type embedImage struct {
	URL *string `json:"url,omitempty"`
}

type embedAuthor struct {
	Name    string  `json:"name,omitempty"`
	URL     *string `json:"url,omitempty"`
	IconURL *string `json:"icon_url,omitempty"`
}

type embedField struct {
	Name   string `json:"name"`
	Value  string `json:"value"`
	Inline bool   `json:"inline"`
}

// messageBody is the body of every request that makes or changes a message. A change leaves alone what is not set.
type messageBody struct {
	Content         optional[string]      `json:"content"`
	Embeds          optional[[]embed]     `json:"embeds"`
	Components      optional[[]component] `json:"components"`
	Flags           optional[int]         `json:"flags"`
	AllowedMentions *allowedMentions      `json:"allowed_mentions"`
	TTS             bool                  `json:"tts"`
	Reference       *reference            `json:"message_reference"`
	Nonce           json.RawMessage       `json:"nonce"`
	EnforceNonce    bool                  `json:"enforce_nonce"`
}

type allowedMentions struct {
	Parse       []string `json:"parse"`
	Users       []string `json:"users"`
	Roles       []string `json:"roles"`
	RepliedUser bool     `json:"replied_user"`
}

// optional is a field that knows whether it was in the JSON. Null sets the zero value.
type optional[T any] struct {
	set   bool
	value T
}

// UnmarshalJSON reads the value.
func (o *optional[T]) UnmarshalJSON(b []byte) error {
	o.set = true
	return json.Unmarshal(b, &o.value)
}

// channelObject is a channel as the API shows it.
type channelObject struct {
	ID         string          `json:"id"`
	Type       int             `json:"type"`
	Name       string          `json:"name,omitempty"`
	GuildID    string          `json:"guild_id,omitempty"`
	ParentID   string          `json:"parent_id,omitempty"`
	OwnerID    string          `json:"owner_id,omitempty"`
	LastID     string          `json:"last_message_id,omitempty"`
	Recipients []*user         `json:"recipients,omitempty"`
	Metadata   *threadMetadata `json:"thread_metadata,omitempty"`
	Messages   *int            `json:"message_count,omitempty"`
	Members    *int            `json:"member_count,omitempty"`
	Sent       *int            `json:"total_message_sent,omitempty"`
	Position   *int            `json:"position,omitempty"`
	Flags      int             `json:"flags"`
}

type threadMetadata struct {
	Archived         bool   `json:"archived"`
	AutoArchive      int    `json:"auto_archive_duration"`
	ArchiveTimestamp string `json:"archive_timestamp"`
	Locked           bool   `json:"locked"`
}

// object returns the channel as the API shows it.
func (f *Fake) object(c *channel) *channelObject {
	o := &channelObject{ID: c.id, Type: c.kind, Name: c.name}
	if n := len(c.messages); n > 0 {
		o.LastID = c.messages[n-1].ID
	}
	switch c.kind {
	case typeText:
		o.Position = new(0)
	case typeDM:
		o.Recipients = []*user{c.recipient}
		return o
	case typeThread:
		o.ParentID, o.OwnerID = c.parent.id, f.bot.ID
		o.Messages, o.Members, o.Sent = new(len(c.messages)), new(1), new(len(c.messages))
		o.Metadata = &threadMetadata{
			Archived: c.archived, Locked: c.locked, AutoArchive: c.autoArchive, ArchiveTimestamp: stamp(c.changed),
		}
	}
	o.GuildID = f.options.GuildID
	return o
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000-07:00") }

func orZero[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}
