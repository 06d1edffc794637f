package discordfake

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// typedCommand is the data of a typed command.
type typedCommand struct {
	ID      string        `json:"id"`
	Name    string        `json:"name"`
	Type    int           `json:"type"`
	GuildID string        `json:"guild_id,omitempty"`
	Options []typedOption `json:"options,omitempty"`
}

type typedOption struct {
	Name    string `json:"name"`
	Type    int    `json:"type"`
	Value   any    `json:"value"`
	Focused bool   `json:"focused,omitempty"`

	completes bool
}

var anyOption = sync.OnceValue(func() *regexp.Regexp { // its classes of letters are large
	return regexp.MustCompile(`(?:^|\s)([\p{Ll}\p{Lo}\p{Lm}\p{M}\p{N}_-]+):`)
})

// typed reads a line as Discord's client does: "/name option:value other:value". A value runs to the next option. Names
// are those in the person's language, or those that were registered; the latter are what is sent. When it completes a
// line, a value may be missing or wrong still.
func (f *Fake) typed(u *user, ch *channel, line string, completing bool) (*typedCommand, error) {
	name, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	name, slash := strings.CutPrefix(name, "/")
	if !slash {
		return nil, fmt.Errorf("discordfake: %q does not start with a slash", line)
	}
	x := f.command(u, ch, commandChat, name)
	if x == nil {
		return nil, fmt.Errorf("discordfake: there is no command /%s here", name)
	}
	t := &typedCommand{ID: x.ID, Name: x.Name, Type: commandChat, GuildID: x.GuildID}
	places := anyOption().FindAllStringSubmatchIndex(rest, -1)
	if x.Options != nil || !f.options.AnyCommand {
		places = slices.DeleteFunc(places, func(at []int) bool { return x.option(u, rest[at[2]:at[3]]) == nil })
	}
	if before := strings.TrimSpace(rest[:startOf(places, 0, rest)]); before != "" {
		return nil, fmt.Errorf("discordfake: /%s takes its options by name, %q is none of %v", name, before, x.optionNames())
	}
	for i, at := range places {
		name, text := rest[at[2]:at[3]], strings.TrimSpace(rest[at[1]:startOf(places, i+1, rest)])
		o := commandOption{Name: name, Type: optionString, Autofill: true}
		if known := x.option(u, name); known != nil {
			o = *known
		}
		value, err := o.read(text)
		switch {
		case err != nil && !completing:
			return nil, err
		case err == nil && o.Autofill && !completing:
			value = u.picked(x.Name, o.Name, text)
		}
		t.Options = append(t.Options, typedOption{Name: o.Name, Type: o.Type, Value: value, completes: o.Autofill})
	}
	for _, o := range x.Options {
		given := slices.ContainsFunc(t.Options, func(t typedOption) bool { return t.Name == o.Name })
		if o.Required && !given && !completing {
			return nil, fmt.Errorf("%s: This option is required. Specify a value", o.Name)
		}
	}
	return t, nil
}

// startOf returns where the i-th option starts, or the end of the line.
func startOf(places [][]int, i int, line string) int {
	if i < len(places) {
		return places[i][0]
	}
	return len(line)
}

// command returns the command of a kind that somebody is offered in a channel: the server's own before a global one.
func (f *Fake) command(u *user, ch *channel, kind int, name string) *command {
	var found *command
	where := contextGuild
	if ch.kind == typeDM {
		where = contextBotDirect
	}
	for _, x := range f.commands {
		if x.Type != kind || (x.Name != name && x.Names.in(u.locale, x.Name) != name) {
			continue
		}
		if (len(x.Contexts) > 0 && !slices.Contains(x.Contexts, where)) || (where != contextGuild && x.GuildID != "") {
			continue
		}
		if found == nil || x.GuildID != "" {
			found = x
		}
	}
	if found == nil && f.options.AnyCommand {
		return &command{ID: f.nextID(), Name: name, Type: kind}
	}
	return found
}

func (x *command) option(u *user, name string) *commandOption {
	if i := slices.IndexFunc(x.Options, func(o commandOption) bool { return o.Name == name || o.Names.in(u.locale, o.Name) == name }); i >= 0 {
		return &x.Options[i]
	}
	return nil
}

func (x *command) optionNames() []string {
	var names []string
	for _, o := range x.Options {
		names = append(names, o.Name)
	}
	return names
}

// read turns text into the option's value, refusing what Discord's client refuses.
func (o commandOption) read(text string) (any, error) {
	if len(o.Choices) > 0 {
		for _, c := range o.Choices {
			if c.Name == text || fmt.Sprint(c.Value) == text {
				return c.Value, nil
			}
		}
		return text, fmt.Errorf("%s: This option has no choice %q", o.Name, text)
	}
	switch n := utf8.RuneCountInString(text); {
	case n == 0:
		return text, fmt.Errorf("%s: This option is required. Specify a value", o.Name)
	case o.Type == optionInteger:
		v, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return text, fmt.Errorf("%s: Input a valid integer", o.Name)
		}
		return v, nil
	case o.Type == optionNumber:
		v, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return text, fmt.Errorf("%s: Input a valid number", o.Name)
		}
		return v, nil
	case o.Type == optionBoolean:
		if text != "true" && text != "false" {
			return text, fmt.Errorf("%s: Input True or False", o.Name)
		}
		return text == "true", nil
	case o.MinLength != nil && n < *o.MinLength, o.MaxLength != nil && n > *o.MaxLength, n > 6000:
		return text, fmt.Errorf("%s: The value is too short or too long", o.Name)
	default:
		return text, nil
	}
}
