package discordfake

import (
	"slices"
	"strings"
	"time"
)

// nonceMemory is for how long a nonce with enforce_nonce finds the message it made: "the past few minutes".
//
// https://docs.discord.com/developers/resources/message#create-message
const nonceMemory = 5 * time.Minute

// post makes a message of a checked body and puts it at the end of the channel.
func (f *Fake) post(ch *channel, author *user, b *messageBody) *message {
	m := &message{
		ID: f.nextID(), ChannelID: ch.id, Author: author, Timestamp: stamp(f.now()), created: f.now(), TTS: b.TTS,
		MentionRoles: []string{}, Mentions: []*user{}, Attachments: []string{}, Embeds: []embed{}, Components: []component{},
	}
	if string(b.Nonce) != "null" {
		m.Nonce = b.Nonce
	}
	f.write(m, b)
	if ch.kind == typeThread && ch.archived {
		ch.archived, ch.changed = false, f.now() // a new message wakes an archived thread
	}
	ch.messages = append(ch.messages, m)
	f.messages[m.ID] = m
	return m
}

// write sets what the body sets.
func (f *Fake) write(m *message, b *messageBody) {
	if b.Content.set {
		m.Content = b.Content.value
	}
	if b.Embeds.set {
		m.Embeds = append([]embed{}, b.Embeds.value...)
		for i := range m.Embeds {
			m.Embeds[i].Type = "rich"
		}
	}
	if b.Components.set {
		next := 1
		m.Components = numbered(b.Components.value, &next)
	}
	if b.Flags.set {
		const settable = flagSuppressEmbeds | flagSilent
		m.Flags = m.Flags&^settable | b.Flags.value&settable
	}
}

// edit changes a message by a checked body. Nobody is notified by an edit.
func (f *Fake) edit(m *message, b *messageBody) *apiError {
	after := *m
	f.write(&after, b)
	if after.empty() {
		return errEmptyMessage
	}
	edited := stamp(f.now())
	*m = after
	m.EditedTimestamp = &edited
	m.Flags &^= flagLoading
	return nil
}

// empty reports whether there is nothing to see: blanks are nothing.
func (m *message) empty() bool {
	return strings.TrimSpace(m.Content) == "" && len(m.Embeds) == 0 && len(m.Components) == 0
}

func (b *messageBody) empty() bool {
	return strings.TrimSpace(b.Content.value) == "" && len(b.Embeds.value) == 0 && len(b.Components.value) == 0
}

// remove takes a message out of its channel. A thread that was started on it stays.
func (f *Fake) remove(m *message) {
	delete(f.messages, m.ID)
	if ch := f.channels[m.ChannelID]; ch != nil {
		ch.messages = slices.DeleteFunc(ch.messages, func(o *message) bool { return o == m })
	}
}

// numbered returns the components with the IDs that Discord gives those that have none.
func numbered(list []component, next *int) []component {
	out := make([]component, 0, len(list))
	for _, c := range list {
		if c.ID == 0 {
			c.ID = *next
		}
		*next++
		if c.Components != nil {
			c.Components = numbered(c.Components, next)
		}
		if c.Component != nil {
			c.Component = &numbered([]component{*c.Component}, next)[0]
		}
		out = append(out, c)
	}
	return out
}

// wholeMessage and onlyUsers are what a message notifies when it does not say: everybody it names, but only persons when it
// answers an interaction.
//
// https://docs.discord.com/developers/resources/message#allowed-mentions-object
var (
	wholeMessage = allowedMentions{Parse: []string{"users", "roles", "everyone"}, RepliedUser: true}
	onlyUsers    = allowedMentions{Parse: []string{"users"}}
)

// notify works out who a new message notifies: by its content alone, embeds never do; roles, and everyone, only where the
// bot may mention all. It is careful the other way round: escapes and code around a mention do not help.
func (f *Fake) notify(m *message, asked *allowedMentions, otherwise allowedMentions) {
	allow := otherwise
	if asked != nil {
		allow = *asked
	}
	quiet := m.only != nil || m.Flags&flagSilent != 0
	ping := func(id string) {
		if !quiet && !slices.Contains(m.pings, id) {
			m.pings = append(m.pings, id)
		}
	}
	ch := f.channels[m.ChannelID]
	mentionsAll := ch.kind != typeDM && ch.permissions()&MentionAll != 0 // a direct conversation has neither roles nor everyone
	if mentionsAll && slices.Contains(allow.Parse, "everyone") && (strings.Contains(m.Content, "@everyone") || strings.Contains(m.Content, "@here")) {
		m.MentionEveryone = true
		ping("everyone")
	}
	for _, found := range mentionPattern.FindAllStringSubmatch(m.Content, -1) {
		kind, id := found[1], found[2]
		switch u := f.users[id]; {
		case kind == "@&":
			allowed := slices.Contains(allow.Parse, "roles") || slices.Contains(allow.Roles, id)
			if allowed && mentionsAll && f.role(id) != nil {
				m.MentionRoles = append(m.MentionRoles, id)
				ping(id)
			}
		case kind == "#" || u == nil:
		case slices.Contains(allow.Parse, "users") || slices.Contains(allow.Users, id):
			m.Mentions = append(m.Mentions, u)
			ping(id)
		}
	}
	if m.Reference != nil && allow.RepliedUser {
		if to := f.messages[m.Reference.MessageID]; to != nil && !to.Author.Bot {
			ping(to.Author.ID)
		}
	}
}
