package discordfake

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

var commandName = sync.OnceValue(func() *regexp.Regexp { // 32 times classes of letters that are large
	return regexp.MustCompile(`^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]{1,32}$`)
})

// command checks a command that is to be registered.
//
// https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-structure
func (c *checker) command(path string, x *command) {
	c.among(path+"contexts", x.Contexts, 0, 1, 2)
	c.among(path+"integration_types", x.Installations, 0, 1)
	switch x.kind() {
	case commandChat:
		c.named(path, x.Name, x.Names, x.Description, x.Descriptions)
		c.options(path+"options", x.Options)
	case commandMessage: // its name is free, and there is no room to say what it does
		free := func(at, s string) { c.between(at, s, 1, 32) }
		free(path+"name", x.Name)
		c.localizations(path+"name_localizations", x.Names, free)
		if x.Description != "" || len(x.Descriptions) > 0 {
			c.fail(path+"description", "APPLICATION_COMMAND_DESCRIPTION_INVALID", "Context menu commands cannot have description")
		}
		if len(x.Options) > 0 {
			c.fail(path+"options", "APPLICATION_COMMAND_OPTIONS_INVALID", "Context menu commands cannot have options")
		}
	default:
		c.fail(path+"type", "BASE_TYPE_CHOICES", "Value must be one of {1, 3}.")
	}
}

// named checks the name and the description of a slash command or an option, in every language.
func (c *checker) named(path, name string, names words, description string, descriptions words) {
	c.name(path+"name", name)
	c.localizations(path+"name_localizations", names, c.name)
	about := func(at, s string) { c.between(at, s, 1, 100) }
	about(path+"description", description)
	c.localizations(path+"description_localizations", descriptions, about)
}

func (c *checker) options(path string, list []commandOption) {
	if len(list) > 25 {
		c.fail(path, "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
	}
	optional := false
	for i, o := range list {
		at := fmt.Sprintf("%s.%d", path, i)
		c.named(at+".", o.Name, o.Names, o.Description, o.Descriptions)
		c.option(at, o)
		if slices.ContainsFunc(list[:i], o.clashes) {
			c.fail(at+".name", "APPLICATION_COMMAND_OPTIONS_DUPLICATE_NAME", "Option names must be unique")
		}
		if o.Required && optional {
			c.fail(at, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", "Required options must be placed before non-required options")
		}
		optional = optional || !o.Required
	}
}

// option checks what an option takes.
//
// https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-option-structure
func (c *checker) option(at string, o commandOption) {
	if !slices.Contains([]int{optionString, optionInteger, optionBoolean, optionNumber}, o.Type) {
		c.fail(at+".type", "BASE_TYPE_CHOICES", "Value must be one of {3, 4, 5, 10}.")
	}
	c.choices(at+".choices", o.Choices)
	switch {
	case o.Autofill && o.Type == optionBoolean:
		c.fail(at+".autocomplete", "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID", "Options of this type cannot be autocompleted")
	case o.Autofill && len(o.Choices) > 0:
		c.fail(at+".autocomplete", "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID", "Autocomplete cannot be set to true if choices are present")
	}
}

// choices checks what an option offers, registered or while it is typed.
//
// https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-option-choice-structure
func (c *checker) choices(path string, list []choice) {
	if len(list) > 25 {
		c.fail(path, "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
	}
	for i, x := range list {
		at := fmt.Sprintf("%s.%d", path, i)
		c.between(at+".name", x.Name, 1, 100)
		c.localizations(at+".name_localizations", x.Names, func(at, s string) { c.between(at, s, 1, 100) })
		switch v := x.Value.(type) {
		case string:
			c.atMost(at+".value", v, 100)
		case float64:
		default:
			c.required(at + ".value")
		}
	}
}

// clashes reports whether people could not tell both apart, in any language.
func (o commandOption) clashes(p commandOption) bool {
	for locale := range locales {
		if o.Names.in(locale, o.Name) == p.Names.in(locale, p.Name) {
			return true
		}
	}
	return false
}

// name checks the name of a slash command or an option: no capitals, no spaces.
//
// https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-naming
func (c *checker) name(path, s string) {
	if n := utf8.RuneCountInString(s); n < 1 || n > 32 {
		c.between(path, s, 1, 32)
		return
	}
	if !commandName().MatchString(s) || s != strings.ToLower(s) {
		c.fail(path, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
	}
}

// among checks that all numbers are some of the known ones, and none stands there twice.
func (c *checker) among(path string, list []int, known ...int) {
	for i, n := range list {
		if !slices.Contains(known, n) || slices.Contains(list[:i], n) {
			c.fail(fmt.Sprintf("%s.%d", path, i), "BASE_TYPE_CHOICES", "Value must be one of %v, once.", known)
		}
	}
}
