package discordfake

import (
	"fmt"
	"reflect"
	"slices"
)

// Kinds of command.
//
// https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-types
const (
	commandChat    = 1 // CHAT_INPUT: a slash command
	commandMessage = 3 // MESSAGE: in the menu of a message
)

// Option types that people can fill in by typing.
//
// https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-option-type
const (
	optionString  = 3
	optionInteger = 4
	optionBoolean = 5
	optionNumber  = 10
)

// command is a registered application command.
type command struct {
	ID            string          `json:"id"`
	ApplicationID string          `json:"application_id"`
	GuildID       string          `json:"guild_id,omitempty"`
	Version       string          `json:"version"`
	Type          int             `json:"type"`
	Name          string          `json:"name"`
	Names         words           `json:"name_localizations,omitempty"`
	Description   string          `json:"description"`
	Descriptions  words           `json:"description_localizations,omitempty"`
	Options       []commandOption `json:"options,omitempty"`
	Permissions   *string         `json:"default_member_permissions"`
	Contexts      []int           `json:"contexts"`                    // 0 the server, 1 direct messages; none: everywhere
	Installations []int           `json:"integration_types,omitempty"` // 0 in a server, 1 by a user
}

type commandOption struct {
	Type         int      `json:"type"`
	Name         string   `json:"name"`
	Names        words    `json:"name_localizations,omitempty"`
	Description  string   `json:"description"`
	Descriptions words    `json:"description_localizations,omitempty"`
	Required     bool     `json:"required,omitempty"`
	Choices      []choice `json:"choices,omitempty"`
	MinLength    *int     `json:"min_length,omitempty"`
	MaxLength    *int     `json:"max_length,omitempty"`
	Autofill     bool     `json:"autocomplete,omitempty"`
}

type choice struct {
	Name  string `json:"name"`
	Names words  `json:"name_localizations,omitempty"`
	Value any    `json:"value"`
}

// mine checks that the application in the path is the bot's, and returns the guild, "" for global commands.
func (c *call) mine() (guild string, err *apiError) {
	if c.path("app") != c.options.ApplicationID {
		return "", errUnknownApp
	}
	guild = c.path("guild")
	if guild != "" && guild != c.options.GuildID {
		return "", errUnknownGuild
	}
	return guild, nil
}

// listCommands returns the commands, their words in other languages only on demand.
//
// https://docs.discord.com/developers/interactions/application-commands#get-global-application-commands
func (c *call) listCommands() (any, *apiError) {
	guild, err := c.mine()
	if err != nil {
		return nil, err
	}
	found := c.registered(guild)
	if c.r.URL.Query().Get("with_localizations") == "true" {
		return found, nil
	}
	for i, x := range found {
		plain := *x
		plain.Names, plain.Descriptions, plain.Options = nil, nil, slices.Clone(x.Options)
		for j := range plain.Options {
			plain.Options[j].Names, plain.Options[j].Descriptions = nil, nil
		}
		found[i] = &plain
	}
	return found, nil
}

// registered returns the commands of a scope.
func (f *Fake) registered(guild string) []*command {
	found := []*command{}
	for _, x := range f.commands {
		if x.GuildID == guild {
			found = append(found, x)
		}
	}
	return found
}

// putCommands replaces all commands of its scope. One that was there keeps its ID, and its version when nothing is
// different.
//
// https://docs.discord.com/developers/interactions/application-commands#bulk-overwrite-global-application-commands
func (c *call) putCommands() (any, *apiError) {
	guild, err := c.mine()
	if err != nil {
		return nil, err
	}
	var list []*command
	if err := c.read(&list); err != nil {
		return nil, err
	}
	var check checker
	for i, x := range list {
		check.command(fmt.Sprintf("%d.", i), x)
		if slices.ContainsFunc(list[:i], x.clashes) {
			check.fail(fmt.Sprint(i), "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")
		}
	}
	if err := check.err(); err != nil {
		return nil, err
	}
	before := c.registered(guild)
	c.Fake.commands = slices.DeleteFunc(c.commands, func(x *command) bool { return x.GuildID == guild })
	for _, x := range list {
		c.register(x, guild, before)
	}
	return c.registered(guild), nil
}

// postCommand adds one command, or replaces the one of its name.
func (c *call) postCommand() (any, *apiError) {
	guild, err := c.mine()
	if err != nil {
		return nil, err
	}
	var x command
	if err := c.read(&x); err != nil {
		return nil, err
	}
	var check checker
	check.command("", &x)
	if err := check.err(); err != nil {
		return nil, err
	}
	before := c.registered(guild)
	c.Fake.commands = slices.DeleteFunc(c.commands, func(o *command) bool { return o.GuildID == guild && x.same(o) })
	c.register(&x, guild, before)
	return &x, nil
}

// register keeps a command, which goes on as the one of its name that was there before.
func (c *call) register(x *command, guild string, before []*command) {
	x.ID, x.Version, x.ApplicationID, x.GuildID = "", "", c.options.ApplicationID, guild
	x.Type = x.kind()
	if i := slices.IndexFunc(before, x.same); i >= 0 {
		old := *before[i]
		x.ID, x.Version = old.ID, old.Version
		if !reflect.DeepEqual(*x, old) {
			x.Version = c.nextID()
		}
	} else {
		x.ID, x.Version = c.nextID(), c.nextID()
	}
	c.Fake.commands = append(c.commands, x)
}

// kind returns the type: a slash command, unless it says otherwise.
func (x *command) kind() int { return max(x.Type, commandChat) }

// same reports whether o is the same command, perhaps an older one.
func (x *command) same(o *command) bool { return x.kind() == o.kind() && x.Name == o.Name }

// clashes reports whether people could not tell both apart, in any language.
func (x *command) clashes(o *command) bool {
	if x.kind() != o.kind() {
		return false
	}
	for locale := range locales {
		if x.Names.in(locale, x.Name) == o.Names.in(locale, o.Name) {
			return true
		}
	}
	return false
}
