package discord

import (
	"cmp"
	"errors"

	"communitybot/bot"
	"communitybot/bot/skim"

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
	ID      string
	Token   string // lets anybody answer: never logged
	Type    int
	Guild   string
	Channel string
	Locale  string
	Member  *member  // in a guild
	User    *user    // in a direct message
	Message *actedOn // the one whose button was pressed, or whose button opened the modal
	Data    data
}

// actedOn is a message that somebody acted on.
type actedOn struct {
	ID    string
	Flags int
}

// data is what was typed, pressed or sent.
type data struct {
	Type       int // of the command
	Name       string
	Options    []value
	Target     string // the message that the command was chosen on
	Resolved   resolved
	CustomID   string
	Values     []string
	Components []value
}

type user struct {
	ID         string `json:"id"`
	Username   string `json:"username"`
	GlobalName string `json:"global_name"`
}

// name returns what others know somebody by, who may have a nickname in a server.
func (u user) name(nick string) string { return cmp.Or(nick, u.GlobalName, u.Username) }

type member struct {
	User  user
	Nick  string
	Roles []string
}

// value is an option of a command or a component of a modal: one named value, or a group of them.
type value struct {
	Type       int
	Name       string
	CustomID   string
	Focused    bool // is being typed in
	Value      string
	Values     []string // of a select
	Options    []value
	Components []value // of a row
	Component  *value  // of a label
}

// maxNesting is twice as deep as anything that Discord sends.
const maxNesting = 32

// decode reads an interaction and makes sure that what every event needs is there.
func decode(body []byte) (*interaction, error) {
	in := new(interaction)
	r := skim.New(body, maxNesting)
	in.read(r)
	if r.End() != nil {
		return nil, errUndecodable
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
		name, is := o.Name, o.Value
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
