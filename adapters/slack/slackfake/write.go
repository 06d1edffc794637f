package slackfake

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Write posts what a person types in a channel, or in the direct conversation "@"+who, as Slack keeps it: names, channels
// and web addresses in it become references. The bot hears nothing of it.
func (f *Fake) Write(_ context.Context, who, channel, text string) (ts string, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := f.channels[channel]
	if user, direct := strings.CutPrefix(channel, "@"); direct {
		c = f.direct(user)
	}
	switch {
	case f.users[who] == "":
		return "", fmt.Errorf("slackfake: nobody is called %q", who)
	case c == nil || !c.member(who):
		return "", fmt.Errorf("slackfake: %s can't write in %q", who, channel)
	case c.Archived:
		return "", shown("You can't write in an archived channel.")
	case strings.TrimSpace(text) == "":
		return "", fmt.Errorf("slackfake: nothing to write")
	}
	m := &message{channel: c, author: who, text: f.markup(text)}
	f.add(m)
	return m.ts, nil
}

// Say posts text of a person's in Slack's own markup in a channel, and returns the message's ts. The bot hears nothing of
// it.
func (f *Fake) Say(user, channelID, markup string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := f.channels[channelID]
	if c == nil {
		return ""
	}
	m := &message{channel: c, author: user, text: markup}
	f.add(m)
	return m.ts
}

var webAddress = regexp.MustCompile(`https?://[^\s<>]+`)

// markup is how Slack keeps what was typed.
// https://docs.slack.dev/messaging/formatting-message-text#retrieving-messages
func (f *Fake) markup(typed string) string {
	pairs := []string{"&", "&amp;", "<", "&lt;", ">", "&gt;", "@here", "<!here>", "@channel", "<!channel>", "@everyone", "<!everyone>"}
	names := map[string]string{}
	for id := range f.users {
		names["@"+f.seenAs(id)] = "<@" + id + ">"
	}
	for id, c := range f.channels {
		if c.im == "" {
			names["#"+c.Name] = "<#" + id + "|" + c.Name + ">"
		}
	}
	longestFirst := func(a, b string) int { return cmp.Or(len(b)-len(a), cmp.Compare(a, b)) }
	for _, name := range slices.SortedFunc(maps.Keys(names), longestFirst) {
		pairs = append(pairs, name, names[name])
	}
	return webAddress.ReplaceAllString(strings.NewReplacer(pairs...).Replace(typed), "<$0>")
}
