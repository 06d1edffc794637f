package discord

import (
	"cmp"
	"regexp"

	"communitybot/bot"
)

// messageCommand is the type of a command in the menu of a message.
// https://discord.com/developers/docs/interactions/application-commands#application-command-object-application-command-types
const messageCommand = 3

// resolved is what an interaction tells about what it names by ID.
type resolved struct {
	Messages map[string]struct {
		Content  string `json:"content"`
		Mentions []user `json:"mentions"`
	} `json:"messages"`
	Users map[string]user `json:"users"`
}

// called returns the call that a command makes: of one chosen on a message, the call of the command that it is a shortcut
// to, with the message's words.
func (a *Adapter) called(in *interaction) bot.Call {
	if in.Data.Type == messageCommand {
		for _, c := range a.known {
			if c.Shortcut != nil && c.Shortcut.Name == in.Data.Name {
				return bot.Call{Command: c.Name, Values: bot.Values{c.Shortcut.Field: in.chosenWords()}}
			}
		}
	}
	return bot.Call{Command: in.Data.Name, Values: in.options()}
}

// marked finds what Discord writes for people, roles, channels and emoji of a server's own.
// https://discord.com/developers/docs/reference#message-formatting-formats
var marked = regexp.MustCompile(`<(?:(@[!&]?|#)|a?(:\w+:))(\d+)>`)

// chosenWords returns the words of the message that a command was chosen on, with names in place of mentions: in a form
// nobody could read those. The interaction tells the names of people, but not of roles and channels.
func (in *interaction) chosenWords() string {
	m := in.Data.Resolved.Messages[in.Data.Target]
	names := make(map[string]string, len(m.Mentions))
	for id, u := range in.Data.Resolved.Users {
		names[id] = u.name("")
	}
	for _, u := range m.Mentions {
		names[u.ID] = u.name("")
	}
	return marked.ReplaceAllStringFunc(m.Content, func(s string) string {
		parts := marked.FindStringSubmatch(s)
		switch kind, emoji, id := parts[1], parts[2], parts[3]; {
		case emoji != "":
			return emoji
		case kind == "@" || kind == "@!":
			return "@" + cmp.Or(names[id], "…")
		default:
			return kind[:1] + "…"
		}
	})
}
