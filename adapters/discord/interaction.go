package discord

import (
	"cmp"
	"encoding/json"
	"errors"

	"communitybot/bot"

	"github.com/bwmarrin/discordgo"
)

// The types of interaction.
// https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-object-interaction-type
const (
	ping         = 1
	command      = 2
	component    = 3
	autocomplete = 4
	modalSubmit  = 5
)

var errUndecodable = errors.New("discord: not an interaction")

// interaction is what the bot reads of one. discordgo's own type fails on components it does not know, and panics on
// the modals that hold them.
type interaction struct {
	ID      string  `json:"id"`
	Token   string  `json:"token"` // lets anybody answer: never logged
	Type    int     `json:"type"`
	Guild   string  `json:"guild_id"`
	Channel string  `json:"channel_id"`
	Locale  string  `json:"locale"`
	Member  *member `json:"member"` // in a guild
	User    *user   `json:"user"`   // in a direct message
	Message *struct {
		ID    string `json:"id"`
		Flags int    `json:"flags"`
	} `json:"message"` // the one whose button was pressed, or whose button opened the modal
	Data struct {
		Type       int      `json:"type"` // of the command
		Name       string   `json:"name"`
		Options    []value  `json:"options"`
		Target     string   `json:"target_id"` // the message that the command was chosen on
		Resolved   resolved `json:"resolved"`
		CustomID   string   `json:"custom_id"`
		Values     []text   `json:"values"`
		Components []value  `json:"components"`
	} `json:"data"`
}

type user struct {
	ID         string `json:"id"`
	Username   string `json:"username"`
	GlobalName string `json:"global_name"`
}

// name returns what others know somebody by, who may have a nickname in a server.
func (u user) name(nick string) string { return cmp.Or(nick, u.GlobalName, u.Username) }

type member struct {
	User  user     `json:"user"`
	Nick  string   `json:"nick"`
	Roles []string `json:"roles"`
}

// value is an option of a command or a component of a modal: one named value, or a group of them.
type value struct {
	Type       int     `json:"type"`
	Name       string  `json:"name"`
	CustomID   string  `json:"custom_id"`
	Focused    bool    `json:"focused"` // is being typed in
	Value      text    `json:"value"`
	Values     []text  `json:"values"` // of a select
	Options    []value `json:"options"`
	Components []value `json:"components"` // of a row
	Component  *value  `json:"component"`  // of a label
}

// UnmarshalJSON reads what it can: a component that is newer than the bot may have anything under these names, and must
// not break the decoding of those around it.
func (v *value) UnmarshalJSON(b []byte) error {
	type plain value
	var wrong *json.UnmarshalTypeError
	if err := json.Unmarshal(b, (*plain)(v)); !errors.As(err, &wrong) {
		return err
	}
	return nil
}

// text is a JSON string, number or boolean as text. Anything else is left empty: newer components must not break the
// decoding of those around them.
type text string

// UnmarshalJSON reads any JSON value.
func (t *text) UnmarshalJSON(b []byte) error {
	switch b[0] {
	case '"':
		var s string
		err := json.Unmarshal(b, &s)
		*t = text(s)
		return err
	case '{', '[', 'n':
		*t = ""
	default:
		*t = text(b)
	}
	return nil
}

// maxNesting is twice as deep as anything that Discord sends.
const maxNesting = 32

// nested returns how deep JSON is nested, as far as it can be read.
func nested(body []byte) (most int) {
	depth, quoted := 0, false
	for i := 0; i < len(body); i++ {
		switch c := body[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{', c == '[':
			depth++
			most = max(most, depth)
		case c == '}', c == ']':
			depth--
		}
	}
	return most
}

// decode reads an interaction and makes sure that what every event needs is there. Values read themselves, so each level
// is read once for every level above it: what is nested without end would take minutes.
func decode(body []byte) (*interaction, error) {
	if nested(body) > maxNesting {
		return nil, errUndecodable
	}
	in := new(interaction)
	if err := json.Unmarshal(body, in); err != nil {
		return nil, errUndecodable // the cause may quote what a person typed
	}
	switch in.Type {
	case ping:
		return in, nil
	case command, autocomplete:
		if in.Data.Name == "" {
			return nil, errUndecodable
		}
	case component, modalSubmit:
		if in.Data.CustomID == "" {
			return nil, errUndecodable
		}
	default:
		return nil, errUndecodable
	}
	if in.ID == "" || in.Channel == "" || in.who().ID == "" {
		return nil, errUndecodable
	}
	return in, nil
}

func (in *interaction) who() bot.User {
	var u user
	var nick string
	var roles []string
	switch {
	case in.Member != nil:
		u, nick, roles = in.Member.User, in.Member.Nick, in.Member.Roles
	case in.User != nil:
		u = *in.User
	}
	return bot.User{Platform: platform, ID: u.ID, Name: u.name(nick), Locale: in.Locale, Groups: roles}
}

// where returns the place. Its message is the card that was acted on; a private message is none, since nothing can be
// posted below it.
func (in *interaction) where() bot.Place {
	at := bot.Place{Platform: platform, Tenant: in.Guild, Channel: in.Channel}
	if in.Message != nil && !in.onPrivate() {
		at.Message = in.Message.ID
	}
	return at
}

// onPrivate reports whether the person acted on a private message of the bot.
func (in *interaction) onPrivate() bool {
	return in.Message != nil && in.Message.Flags&int(discordgo.MessageFlagsEphemeral) != 0
}

// options returns a command's options, those of subcommands too.
func (in *interaction) options() bot.Values { return collect(nil, in.Data.Options) }

// inputs returns what the fields of a sent modal hold.
func (in *interaction) inputs() bot.Values { return collect(bot.Values{}, in.Data.Components) }

// collect adds the named values in list to v. Options have a name, text inputs and selects a custom ID; components of
// other kinds are none of the bot's.
func collect(v bot.Values, list []value) bot.Values {
	for _, o := range list {
		name, is := o.Name, string(o.Value)
		switch {
		case name != "":
		case o.Type == typeText:
			name = o.CustomID
		case o.Type == typeSelect:
			name, is = o.CustomID, picked(o.Values)
		}
		switch {
		case len(o.Options) > 0:
			v = collect(v, o.Options)
		case len(o.Components) > 0:
			v = collect(v, o.Components)
		case o.Component != nil:
			v = collect(v, []value{*o.Component})
		case name != "":
			if v == nil {
				v = bot.Values{}
			}
			v[name] = is
		}
	}
	return v
}
