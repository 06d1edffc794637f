package slack

import (
	"cmp"
	"regexp"
	"strings"

	"communitybot/bot"
)

// reference is what Slack writes instead of a name, a channel or a web address: "<@U1>", "<#C1|general>", "<!here>",
// "<https://example.com|here>".
// https://docs.slack.dev/messaging/formatting-message-text#retrieving-messages
var reference = regexp.MustCompile(`<([^<>|]+)(?:\|([^<>]*))?>`)

// plainWords returns a message's text as plain words: references are named, and nothing is escaped. People whose names
// are not in memory are named by their IDs: nobody waits for that.
func (a *Adapter) plainWords(text string) string {
	named := reference.ReplaceAllStringFunc(text, func(whole string) string {
		parts := reference.FindStringSubmatch(whole)
		return a.nameOf(parts[1], parts[2])
	})
	return strings.TrimSpace(unescape(named))
}

// nameOf names what a reference leads to. Its words are still escaped.
func (a *Adapter) nameOf(target, label string) string {
	switch id := target[1:]; target[0] {
	case '@':
		known, _ := a.people.peek(id)
		return "@" + cmp.Or(escape(known.Name), strings.TrimPrefix(label, "@"), id)
	case '#':
		return "#" + cmp.Or(label, id)
	case '!':
		return special(id, label)
	}
	address := strings.TrimPrefix(target, "mailto:")
	if strings.Contains(address, label) { // "example.com" leads to "http://example.com"
		return cmp.Or(label, address)
	}
	return bot.Text{bot.Link{URL: address, Label: label}}.String()
}

// special names a group, everybody, or a date by what Slack shows when it can't.
func special(name, label string) string {
	if kind, id, isMore := strings.Cut(name, "^"); isMore {
		if kind == "subteam" {
			id = "@" + id
		}
		return cmp.Or(label, id)
	}
	return "@" + name
}

// peek returns what is known by key already, and false when that is nothing.
func (m *memory[V]) peek(key string) (value V, known bool) {
	m.mu.Lock()
	f := m.held[key]
	m.mu.Unlock()
	if f == nil {
		return value, false
	}
	select {
	case <-f.done:
		return f.value, f.err == nil
	default:
		return value, false
	}
}
