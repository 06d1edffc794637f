package discordfake

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
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

const commandChat = 1 // CHAT_INPUT: a slash command

// command is a registered application command.
type command struct {
	ID            string          `json:"id"`
	ApplicationID string          `json:"application_id"`
	GuildID       string          `json:"guild_id,omitempty"`
	Version       string          `json:"version"`
	Type          int             `json:"type"`
	Name          string          `json:"name"`
	Description   string          `json:"description"`
	Options       []commandOption `json:"options,omitempty"`
	Contexts      []int           `json:"contexts"` // 0 the server, 1 direct messages; none: everywhere
}

type commandOption struct {
	Type        int      `json:"type"`
	Name        string   `json:"name"`
	Description string   `json:"description"`
	Required    bool     `json:"required,omitempty"`
	Choices     []choice `json:"choices,omitempty"`
	MinLength   *int     `json:"min_length,omitempty"`
	MaxLength   *int     `json:"max_length,omitempty"`
	Autofill    bool     `json:"autocomplete,omitempty"`
}

type choice struct {
	Name  string `json:"name"`
	Value any    `json:"value"`
}

var commandName = regexp.MustCompile(`^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]{1,32}$`)

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

func (c *call) listCommands() (any, *apiError) {
	guild, err := c.mine()
	if err != nil {
		return nil, err
	}
	found := []*command{}
	for _, x := range c.commands {
		if x.GuildID == guild {
			found = append(found, x)
		}
	}
	return found, nil
}

// putCommands replaces all commands of its scope.
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
	var names []string
	for i, x := range list {
		check.command(fmt.Sprintf("%d.", i), x)
		if slices.Contains(names, x.Name) {
			check.fail(fmt.Sprint(i), "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")
		}
		names = append(names, x.Name)
	}
	if err := check.err(); err != nil {
		return nil, err
	}
	c.Fake.commands = slices.DeleteFunc(c.commands, func(x *command) bool { return x.GuildID == guild })
	for _, x := range list {
		c.register(x, guild)
	}
	return c.listCommands()
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
	c.Fake.commands = slices.DeleteFunc(c.commands, func(o *command) bool { return o.GuildID == guild && o.Name == x.Name })
	c.register(&x, guild)
	return &x, nil
}

func (c *call) register(x *command, guild string) {
	x.ID, x.Version, x.ApplicationID, x.GuildID = c.nextID(), c.nextID(), c.options.ApplicationID, guild
	x.Type = max(x.Type, commandChat)
	c.Fake.commands = append(c.commands, x)
}

func (c *checker) command(path string, x *command) {
	if x.Type > commandChat {
		c.fail(path+"type", "BASE_TYPE_CHOICES", "Value must be one of {1}.")
	}
	c.name(path+"name", x.Name)
	c.between(path+"description", x.Description, 1, 100)
	if len(x.Options) > 25 {
		c.fail(path+"options", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
	}
	var names []string
	optional := false
	for i, o := range x.Options {
		at := fmt.Sprintf("%soptions.%d", path, i)
		c.name(at+".name", o.Name)
		c.between(at+".description", o.Description, 1, 100)
		if len(o.Choices) > 25 {
			c.fail(at+".choices", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
		}
		if !slices.Contains([]int{optionString, optionInteger, optionBoolean, optionNumber}, o.Type) {
			c.fail(at+".type", "BASE_TYPE_CHOICES", "Value must be one of {3, 4, 5, 10}.")
		}
		if slices.Contains(names, o.Name) {
			c.fail(at+".name", "APPLICATION_COMMAND_OPTIONS_DUPLICATE_NAME", "Option names must be unique")
		}
		if o.Required && optional {
			c.fail(at, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", "Required options must be placed before non-required options")
		}
		optional = optional || !o.Required
		names = append(names, o.Name)
	}
}

// name checks the name of a command or an option: no capitals, no spaces.
//
// https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-naming
func (c *checker) name(path, s string) {
	if n := utf8.RuneCountInString(s); n < 1 || n > 32 {
		c.between(path, s, 1, 32)
		return
	}
	if !commandName.MatchString(s) || s != strings.ToLower(s) {
		c.fail(path, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
	}
}
