package discord

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"communitybot/bot"
)

// messageCommand is the type of a command in the menu of a message.
// https://discord.com/developers/docs/interactions/application-commands#application-command-object-application-command-types
const messageCommand = 3

// resolved is what an interaction tells about what it names by ID.
type resolved struct {
	Messages map[string]chosenMessage `json:"messages"`
	Users    map[string]user          `json:"users"`
}

// chosenMessage is what the bot reads of a message that a command was chosen on.
// https://discord.com/developers/docs/resources/message#message-object
type chosenMessage struct {
	Content   string                                `json:"content"`
	Mentions  []user                                `json:"mentions"`
	Embeds    []struct{ Title, Description string } `json:"embeds"`
	Snapshots []struct {
		Message chosenMessage `json:"message"`
	} `json:"message_snapshots"` // of what it forwards
}

// words returns what is to be read in a message: its content or, where that is empty, what it forwards or embeds. names
// are those of the people mentioned, by ID.
func (m chosenMessage) words(names map[string]string) string {
	for _, u := range m.Mentions {
		names[u.ID] = u.name("")
	}
	var parts []string
	if m.Content != "" {
		parts = append(parts, m.Content)
	}
	for _, s := range m.Snapshots {
		if m.Content == "" {
			parts = append(parts, s.Message.words(names))
		}
	}
	for _, e := range m.Embeds {
		if m.Content == "" {
			parts = append(parts, e.Title, e.Description)
		}
	}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return strings.TrimSpace(s) == "" }), "\n")
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
	names := make(map[string]string)
	for id, u := range in.Data.Resolved.Users {
		names[id] = u.name("")
	}
	words := in.Data.Resolved.Messages[in.Data.Target].words(names)
	return marked.ReplaceAllStringFunc(words, func(s string) string {
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
