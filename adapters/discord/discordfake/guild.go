package discordfake

import (
	"slices"
	"time"
)

// role is a role object. Nobody but who may mention all roles can notify one.
//
// https://docs.discord.com/developers/topics/permissions#role-object
type role struct {
	ID          string     `json:"id"`
	Name        string     `json:"name"`
	Permissions string     `json:"permissions"`
	Position    int        `json:"position"`
	Color       int        `json:"color"`
	Colors      roleColors `json:"colors"`
	Hoist       bool       `json:"hoist"`
	Managed     bool       `json:"managed"`
	Mentionable bool       `json:"mentionable"`
	Icon        *string    `json:"icon"`
	Emoji       *string    `json:"unicode_emoji"`
	Flags       int        `json:"flags"`
}

type roleColors struct {
	Primary   int  `json:"primary_color"`
	Secondary *int `json:"secondary_color"`
	Tertiary  *int `json:"tertiary_color"`
}

// member is a person in the server. Only an interaction tells the permissions.
//
// https://docs.discord.com/developers/resources/guild#guild-member-object
type member struct {
	User         *user    `json:"user"`
	Nick         *string  `json:"nick"`
	Avatar       *string  `json:"avatar"`
	Banner       *string  `json:"banner"`
	Roles        []string `json:"roles"`
	JoinedAt     string   `json:"joined_at"`
	PremiumSince *string  `json:"premium_since"`
	SilentUntil  *string  `json:"communication_disabled_until"`
	Permissions  string   `json:"permissions,omitempty"`
	Deaf         bool     `json:"deaf"`
	Mute         bool     `json:"mute"`
	Pending      bool     `json:"pending"`
	Flags        int      `json:"flags"`
}

// AddRole adds a role to the server, or renames the one with that ID. It panics when id is not a snowflake.
func (f *Fake) AddRole(id, name string) {
	mustSnowflake(id)
	f.mu.Lock()
	defer f.announce()
	f.putRole(id, name)
}

// SetNick gives a person another name in the server; "" takes it away. It panics when there is no such person.
func (f *Fake) SetNick(who, nick string) {
	f.mu.Lock()
	defer f.announce()
	u := f.users[who]
	if u == nil {
		panic("discordfake: no such user: " + who)
	}
	u.nick = nick
}

func (f *Fake) putRole(id, name string) {
	if r := f.role(id); r != nil {
		r.Name = name
		return
	}
	f.roles = append(f.roles, &role{ID: id, Name: name, Permissions: "0", Position: len(f.roles)})
}

// role returns a role of the server, or nil.
func (f *Fake) role(id string) *role {
	if i := slices.IndexFunc(f.roles, func(r *role) bool { return r.ID == id }); i >= 0 {
		return f.roles[i]
	}
	return nil
}

func (f *Fake) member(u *user) *member {
	m := &member{User: u, Roles: append([]string{}, u.roles...), JoinedAt: stamp(time.UnixMilli(discordEpoch))}
	if u.nick != "" {
		m.Nick = &u.nick
	}
	return m
}

// guild checks the server in the path: the bot is in one only.
func (c *call) guild() *apiError {
	switch id := c.path("guild"); {
	case !isSnowflake(id):
		return notSnowflake("guild_id", id)
	case id != c.options.GuildID:
		return errUnknownGuild
	}
	return nil
}

// listRoles returns the roles, the one that all have among them. The bot needs no permission for it.
//
// https://docs.discord.com/developers/resources/guild#get-guild-roles
func (c *call) listRoles() (any, *apiError) {
	if err := c.guild(); err != nil {
		return nil, err
	}
	return c.roles, nil
}

// getMember returns one member. That needs no permission and no intent, unlike listing them.
//
// https://docs.discord.com/developers/resources/guild#get-guild-member
func (c *call) getMember() (any, *apiError) {
	if err := c.guild(); err != nil {
		return nil, err
	}
	id := c.path("user")
	if !isSnowflake(id) {
		return nil, notSnowflake("user_id", id)
	}
	if u := c.users[id]; u != nil {
		return c.member(u), nil
	}
	return nil, errUnknownPerson
}

func notSnowflake(path, id string) *apiError {
	return invalid(path, "NUMBER_TYPE_COERCE", `Value "%s" is not snowflake.`, id)
}
