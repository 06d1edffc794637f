package slack

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"
	"sync"

	"communitybot/bot"
)

// reference is what Slack writes instead of a name, a channel or a web address: "<@U1>", "<#C1|general>", "<!here>",
// "<https://example.com|here>".
// https://docs.slack.dev/messaging/formatting-message-text#retrieving-messages
var reference = regexp.MustCompile(`<([^<>|]+)(?:\|([^<>]*))?>`)

// maxMentioned is how many people and groups that a message mentions are looked up.
const maxMentioned = 10

// learn looks up the people and groups that a message mentions without naming them, side by side, until ctx ends.
func (a *Adapter) learn(ctx context.Context, text string) {
	var unnamed []string
	for _, found := range reference.FindAllStringSubmatch(text, -1) {
		id := strings.TrimPrefix(strings.TrimPrefix(found[1], "@"), "!subteam^")
		if found[2] == "" && (isPerson(id) || isGroup(id)) && !slices.Contains(unnamed, id) {
			unnamed = append(unnamed, id)
		}
	}
	var all sync.WaitGroup
	for _, id := range unnamed[:min(len(unnamed), maxMentioned)] {
		all.Go(func() { _, _ = a.Who(ctx, "", id) }) // who can't be looked up is named by the ID
	}
	all.Wait()
}

// plainWords returns a message's text as plain words: references are named, and nothing is escaped. People and groups
// whose names are not in memory are named by their IDs.
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
		return a.special(id, label)
	}
	address := strings.TrimPrefix(target, "mailto:")
	if strings.Contains(address, label) { // "example.com" leads to "http://example.com"
		return cmp.Or(label, address)
	}
	return bot.Text{bot.Link{URL: address, Label: label}}.String()
}

// special names a group, everybody, or a date by what Slack shows when it can't.
func (a *Adapter) special(name, label string) string {
	kind, id, isMore := strings.Cut(name, "^")
	switch {
	case !isMore:
		return "@" + name
	case kind == "subteam":
		known, _ := a.groups.peek(id)
		return cmp.Or(label, "@"+cmp.Or(escape(known.Name), id))
	default:
		return cmp.Or(label, id)
	}
}
