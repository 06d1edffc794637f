package discordfake

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"time"

	"communitybot/adapters/person"
)

// Kinds of interaction and of answers to them.
//
// https://docs.discord.com/developers/interactions/receiving-and-responding
const (
	kindPing         = 1
	kindCommand      = 2
	kindComponent    = 3
	kindAutocomplete = 4
	kindModal        = 5

	callbackPong         = 1
	callbackMessage      = 4
	callbackDeferred     = 5
	callbackDeferredEdit = 6
	callbackUpdate       = 7
	callbackAutocomplete = 8
	callbackModal        = 9
)

// Constant parts of what is delivered, and how long an interaction's token works.
const (
	tokenLife             = 15 * time.Minute
	memberPermissions     = "2248473465835073"
	attachmentLimit       = 10 << 20
	contextGuild          = 0
	contextBotDirect      = 1
	guildInstallationType = "0"
)

// kindOf says what kind of interaction a delivery is, in words.
func kindOf(body []byte) string {
	var in struct {
		Type int
		Data struct {
			Type      int
			Component int `json:"component_type"`
		}
	}
	_ = json.Unmarshal(body, &in) // tests deliver what is none
	switch {
	case in.Type == kindPing:
		return "ping"
	case in.Type == kindCommand && in.Data.Type == commandMessage:
		return "message command"
	case in.Type == kindCommand:
		return "slash command"
	case in.Type == kindComponent && in.Data.Component == componentSelect:
		return "menu"
	case in.Type == kindComponent:
		return "button"
	case in.Type == kindAutocomplete:
		return "autocomplete"
	case in.Type == kindModal:
		return "modal"
	default:
		return "unknown"
	}
}

// says is an error in the words that Discord shows to people.
type says string

func (s says) Error() string { return string(s) }

// What people see when something goes wrong with an interaction.
const (
	errNoAnswer  says = "The application did not respond"
	errBadAnswer says = "Something went wrong. Try again."
)

type state int

const (
	waiting  state = iota
	answered       // acknowledged; the token works until it expires
	dead           // not answered in time, or not validly
)

// interaction is one thing that a person did, from its delivery to the end of its token.
type interaction struct {
	id, token string
	kind      int
	who       *user
	channel   *channel
	source    *message     // the message whose component was used, or that the sent modal came from
	opener    *interaction // that was answered with the modal that was sent
	data      any

	issued   time.Time
	state    state
	done     chan struct{} // closed when answered
	original *message      // what @original is: the answer, or the source when that was updated
	deferred bool          // the original is still "thinking"
	form     *openForm     // that the answer opened
	choices  []choice      // that the answer offered
}

// envelope is an interaction as it is delivered.
type envelope struct {
	ID            string            `json:"id"`
	ApplicationID string            `json:"application_id"`
	Type          int               `json:"type"`
	Data          any               `json:"data,omitempty"`
	Guild         *guildObject      `json:"guild,omitempty"`
	GuildID       string            `json:"guild_id,omitempty"`
	Channel       *channelObject    `json:"channel,omitempty"`
	ChannelID     string            `json:"channel_id,omitempty"`
	Member        *member           `json:"member,omitempty"`
	User          *user             `json:"user,omitempty"`
	Token         string            `json:"token"`
	Version       int               `json:"version"`
	Message       *message          `json:"message,omitempty"`
	Permissions   Permission        `json:"app_permissions,string"`
	Locale        string            `json:"locale,omitempty"`
	GuildLocale   string            `json:"guild_locale,omitempty"`
	Entitlements  []string          `json:"entitlements"`
	Owners        map[string]string `json:"authorizing_integration_owners"`
	Context       *int              `json:"context,omitempty"`
	Attachments   int               `json:"attachment_size_limit"`
}

type guildObject struct {
	ID       string   `json:"id"`
	Locale   string   `json:"locale"`
	Features []string `json:"features"`
}

// envelope writes the interaction out: with the member in the server, with the user in a direct conversation.
func (f *Fake) envelope(in *interaction) envelope {
	e := envelope{
		ID: in.id, ApplicationID: f.options.ApplicationID, Type: in.kind, Data: in.data, Token: in.token, Version: 1,
		Entitlements: []string{}, Owners: map[string]string{}, Attachments: attachmentLimit,
	}
	if in.kind == kindPing {
		e.User = f.bot
		return e
	}
	e.Channel, e.ChannelID, e.Locale, e.Permissions = f.object(in.channel), in.channel.id, in.who.locale, in.channel.permissions()
	e.Owners = f.owners(in)
	if in.source != nil {
		e.Message = f.shown(in.source)
	}
	if in.channel.kind == typeDM {
		e.User, e.Context = in.who, new(contextBotDirect)
		return e
	}
	guild := f.options.GuildID
	e.Guild, e.GuildID, e.GuildLocale = &guildObject{ID: guild, Locale: defaultLocale, Features: []string{}}, guild, defaultLocale
	e.Context = new(contextGuild)
	e.Member = f.member(in.who)
	e.Member.Permissions = memberPermissions
	return e
}

// open starts an interaction of a person, waiting for its answer.
func (f *Fake) open(in *interaction) []byte {
	in.id, in.issued, in.done = f.nextID(), f.now(), make(chan struct{})
	in.token = newToken(in.id)
	for token, old := range f.interactions {
		if f.now().Sub(old.issued) > 2*tokenLife {
			delete(f.interactions, token)
		}
	}
	f.interactions[in.token] = in
	return marshal(f.envelope(in))
}

func newToken(id string) string {
	return base64.RawURLEncoding.EncodeToString([]byte("interaction:" + id + ":" + rand.Text()))
}

// screen is what came up for the one who acted.
func (f *Fake) screen(in *interaction) person.Screen {
	var s person.Screen
	if in.form != nil {
		s.Form = in.form.shown()
	}
	for _, m := range in.channel.messages {
		if m.only == in.who && m.touched == in {
			s.Private = append(s.Private, f.draw(m))
		}
	}
	return s
}
