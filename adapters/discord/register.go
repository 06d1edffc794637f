package discord

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"communitybot/bot"
)

// maxAbout is in characters.
// https://discord.com/developers/docs/interactions/application-commands#application-command-object-application-command-structure
const maxAbout = 100

// The types of a command and of its options.
// https://discord.com/developers/docs/interactions/application-commands#application-command-object-application-command-option-type
const (
	chatCommand = 1
	textOption  = 3
	flagOption  = 5
)

// locales are Discord's for the languages that have more than their own tag there, or another one.
// https://discord.com/developers/docs/reference#locales
var locales = map[string][]string{"es": {"es-ES", "es-419"}, "pt": {"pt-BR"}}

// registered is a command as Discord keeps it.
type registered struct {
	Type int `json:"type"`
	named
	Options  []option `json:"options,omitempty"`
	Contexts []int    `json:"contexts,omitempty"`
	Installs []int    `json:"integration_types,omitempty"`
}

// onServers is the one context and the one kind of installation that commands are for: servers that somebody who runs them
// invited the bot to. Else anybody could take the application along, and use it in messages to anybody.
// https://discord.com/developers/docs/interactions/application-commands#interaction-contexts
var onServers = []int{0}

// forAnybody reports whether a command can be used elsewhere than on servers that the bot was invited to.
func (r registered) forAnybody() bool {
	return !slices.Equal(r.Contexts, onServers) || len(r.Installs) > 0 && !slices.Equal(r.Installs, onServers)
}

type option struct {
	Type int `json:"type"`
	named
	Completes bool `json:"autocomplete,omitempty"`
}

// named is a name and what it means, in every language.
type named struct {
	Name         string            `json:"name"`
	Names        map[string]string `json:"name_localizations,omitempty"`
	Description  string            `json:"description,omitempty"`
	Descriptions map[string]string `json:"description_localizations,omitempty"`
}

// Register puts the commands and their shortcuts on Discord, in place of all that are there. Options are text, or yes and
// no, and none is required. Doing it again changes nothing. The error is a *bot.Error.
// https://discord.com/developers/docs/interactions/application-commands#bulk-overwrite-global-application-commands
func (a *Adapter) Register(ctx context.Context, commands []bot.Command) error {
	list := []registered{}
	add := func(r registered) {
		r.Contexts, r.Installs = onServers, onServers
		list = append(list, r)
	}
	for _, c := range commands {
		add(registered{Type: chatCommand, named: translated(c.Named), Options: given(c)})
		if c.Shortcut != nil { // has no room to say what it does
			n := translated(c.Shortcut.Named)
			add(registered{Type: messageCommand, named: named{Name: n.Name, Names: n.Names}})
		}
	}
	_, err := a.call(ctx, http.MethodPut, a.commands(), list, nil)
	return err
}

// given returns what can be given with a command.
func given(c bot.Command) (list []option) {
	for _, p := range c.Params {
		o := option{Type: textOption, named: translated(p.Named), Completes: p.Suggests}
		if p.Flag {
			o.Type = flagOption
		}
		list = append(list, o)
	}
	return list
}

// translated returns a name in every language that it has, by Discord's locales.
func translated(n bot.Named) named {
	t := named{Name: n.Name, Description: cut(n.About, maxAbout)}
	for _, language := range slices.Sorted(maps.Keys(n.In)) {
		tags, ok := locales[language]
		if !ok {
			tags = []string{language}
		}
		for _, tag := range tags {
			t.Names = with(t.Names, tag, n.In[language].Name)
			t.Descriptions = with(t.Descriptions, tag, cut(n.In[language].About, maxAbout))
		}
	}
	return t
}

// with puts a value in m, unless it is empty.
func with(m map[string]string, key, value string) map[string]string {
	if value == "" {
		return m
	}
	if m == nil {
		m = make(map[string]string)
	}
	m[key] = value
	return m
}

func (a *Adapter) commands() string {
	return "/applications/" + url.PathEscape(a.application) + "/commands"
}

// checkCommands looks whether all commands are registered, each with its options. What they are called elsewhere than in
// English, and what they mean, is not looked at.
func (a *Adapter) checkCommands(ctx context.Context) bot.Finding {
	var there []registered
	f := bot.Finding{Name: "discord commands"}
	if _, f.Err = a.call(ctx, http.MethodGet, a.commands(), nil, &there); f.Err != nil {
		f.Detail = "the registered commands could not be read"
		return f
	}
	byName := make(map[string]registered, len(there))
	var have []string
	for _, c := range there {
		name := shown(c.Type, c.Name)
		have, byName[name] = append(have, name), c
	}
	missing, loose := a.compare(byName)
	switch {
	case len(there) == 0:
		f.Detail, f.Err = "none is registered; run: communitybot register", errors.New("no commands registered")
	case len(missing) > 0:
		f.Err = fmt.Errorf("not registered: %s", strings.Join(missing, ", "))
		f.Detail = f.Err.Error() + "; run: communitybot register"
	case len(loose) > 0:
		f.Err = fmt.Errorf("can be used outside of servers that the bot was invited to: %s", strings.Join(loose, ", "))
		f.Detail = f.Err.Error() + "; run: communitybot register"
	default:
		f.Detail = strings.Join(have, ", ")
	}
	return f
}

// compare returns which of the commands are not there, or lack an option, and which can be used where they are not meant to.
func (a *Adapter) compare(there map[string]registered) (missing, loose []string) {
	for _, c := range a.known {
		names := []string{shown(chatCommand, c.Name)}
		if c.Shortcut != nil {
			names = append(names, shown(messageCommand, c.Shortcut.Name))
		}
		for i, name := range names {
			have, ok := there[name]
			switch {
			case !ok:
				missing = append(missing, name)
			case i == 0:
				missing = append(missing, differing(name, given(c), have.Options)...)
			}
			if ok && have.forAnybody() {
				loose = append(loose, name)
			}
		}
	}
	return missing, loose
}

// differing returns the options of a command that are not there, or are there in another way, as people type them.
func differing(command string, want, have []option) (list []string) {
	for _, o := range want {
		same := func(x option) bool { return x.Name == o.Name && x.Type == o.Type && x.Completes == o.Completes }
		if !slices.ContainsFunc(have, same) {
			list = append(list, command+" "+o.Name)
		}
	}
	return list
}

// shown returns how people find a command.
func shown(kind int, name string) string {
	if kind == chatCommand {
		return "/" + name
	}
	return fmt.Sprintf("%q on a message", name)
}
