package discordfake

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Permission is what the bot may do in a channel, a bit each as Discord numbers them.
//
// https://docs.discord.com/developers/topics/permissions
type Permission int64

// The permissions that the fake knows.
const (
	ViewChannel   Permission = 1 << 10
	SendMessages  Permission = 1 << 11
	EmbedLinks    Permission = 1 << 14
	ReadHistory   Permission = 1 << 16
	MentionAll    Permission = 1 << 17 // MENTION_EVERYONE: everyone, here and all roles
	CreateThreads Permission = 1 << 35 // CREATE_PUBLIC_THREADS
	SendInThreads Permission = 1 << 38

	// Everything is what the bot may do in a new channel.
	Everything = ViewChannel | SendMessages | EmbedLinks | ReadHistory | MentionAll | CreateThreads | SendInThreads
)

const (
	typeText   = 0
	typeDM     = 1
	typeThread = 11
)

// user is a user object, and the member's roles beside it.
type user struct {
	ID            string  `json:"id"`
	Username      string  `json:"username"`
	Discriminator string  `json:"discriminator"`
	GlobalName    string  `json:"global_name"`
	Avatar        *string `json:"avatar"`
	Bot           bool    `json:"bot,omitempty"`
	PublicFlags   int     `json:"public_flags"`
	Flags         int     `json:"flags"`
	PrimaryGuild  *string `json:"primary_guild"`
	roles         []string
	nick          string
	locale        string
	offered       map[string][]choice // last, by command and option
}

// called returns what others see somebody as.
func (u *user) called() string { return cmp.Or(u.nick, u.GlobalName) }

// channel is a text channel of the server, a thread or a direct conversation of the bot with a person.
type channel struct {
	id, name    string
	kind        int
	parent      *channel // threads
	recipient   *user    // direct conversations
	allowed     Permission
	archived    bool
	locked      bool
	autoArchive int // minutes
	changed     time.Time
	messages    []*message
}

// permissions returns what the bot may do: threads follow their parent.
func (c *channel) permissions() Permission {
	switch {
	case c.parent != nil:
		return c.parent.allowed
	case c.kind == typeDM:
		return Everything
	default:
		return c.allowed
	}
}

// AddUser adds a person with roles to the server. A role that AddRole has not named is named as its ID. It panics when an
// ID is not a snowflake.
func (f *Fake) AddUser(id, name string, roles ...string) {
	for _, s := range append([]string{id}, roles...) {
		mustSnowflake(s)
	}
	f.mu.Lock()
	defer f.announce()
	for _, r := range roles {
		if f.role(r) == nil {
			f.putRole(r, r)
		}
	}
	f.users[id] = &user{
		ID: id, Username: strings.ReplaceAll(strings.ToLower(name), " ", "."), Discriminator: "0", GlobalName: name, roles: roles, locale: defaultLocale,
	}
}

// AddChannel adds a text channel in which the bot may do Everything. It panics when id is not a snowflake.
func (f *Fake) AddChannel(id, name string) {
	mustSnowflake(id)
	f.mu.Lock()
	defer f.announce()
	f.channels[id] = &channel{id: id, name: name, kind: typeText, allowed: Everything}
}

// Allow sets what the bot may do in a channel. It panics when there is no such channel.
func (f *Fake) Allow(channel string, p Permission) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.mustChannel(channel).allowed = p
}

// SetThread archives or locks a thread, or undoes it, as a moderator does. It panics when there is no such thread.
func (f *Fake) SetThread(thread string, archived, locked bool) {
	f.mu.Lock()
	defer f.announce()
	c := f.mustChannel(thread)
	if c.kind != typeThread {
		panic("discordfake: not a thread: " + thread)
	}
	c.archived, c.locked, c.changed = archived, locked, f.now()
}

// RemoveChannel deletes a channel with its messages and threads. It panics when there is no such channel.
func (f *Fake) RemoveChannel(channel string) {
	f.mu.Lock()
	defer f.announce()
	gone := f.mustChannel(channel)
	for id, c := range f.channels {
		if c == gone || c.parent == gone {
			delete(f.channels, id)
			for _, m := range c.messages {
				delete(f.messages, m.ID)
			}
		}
	}
}

func (f *Fake) mustChannel(id string) *channel {
	c := f.channels[id]
	if c == nil {
		panic("discordfake: no such channel: " + id)
	}
	return c
}

// directChannel returns the bot's conversation with u, opening it when there is none yet.
func (f *Fake) directChannel(u *user) *channel {
	for _, c := range f.channels {
		if c.kind == typeDM && c.recipient == u {
			return c
		}
	}
	c := &channel{id: f.nextID(), kind: typeDM, recipient: u}
	f.channels[c.id] = c
	return c
}

func (f *Fake) now() time.Time { return f.options.Now().UTC() }

// discordEpoch is the first millisecond of 2015, where snowflakes start.
//
// https://docs.discord.com/developers/reference#snowflakes
const discordEpoch = 1420070400000

// nextID returns a new snowflake: later ones are greater, even when the clock stands still.
func (f *Fake) nextID() string {
	f.lastID = max(f.lastID+1, (f.now().UnixMilli()-discordEpoch)<<22)
	return strconv.FormatInt(f.lastID, 10)
}

func isSnowflake(s string) bool {
	n, err := strconv.ParseInt(s, 10, 64)
	return err == nil && n > 0
}

func mustSnowflake(s string) {
	if !isSnowflake(s) {
		panic(fmt.Sprintf("discordfake: %q is not a snowflake", s))
	}
}
