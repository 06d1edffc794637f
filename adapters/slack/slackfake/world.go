package slackfake

import (
	"fmt"
	"slices"
	"time"
)

// object is a JSON object. Blocks, messages and views are kept as they were sent, so that payloads can repeat them.
type object = map[string]any

func str(v any, key string) string {
	s, _ := child(v, key).(string)
	return s
}

func child(v any, key string) any {
	o, _ := v.(object)
	return o[key]
}

func list(v any) []any {
	l, _ := v.([]any)
	return l
}

func truth(v any, key string) bool {
	b, _ := child(v, key).(bool)
	return b
}

// channel is a channel, or a direct conversation of the bot with the user named by im.
type channel struct {
	Channel
	im       string
	messages []*message // oldest first; private ones and replies among them
	posted   time.Time  // the bot's latest message, for the rate limit
}

func (c *channel) visibleTo(user string) bool {
	if c.im != "" {
		return c.im == user
	}
	return !c.Private || slices.Contains(c.Members, user)
}

func (c *channel) member(user string) bool {
	return c.im == user || slices.Contains(c.Members, user)
}

// message is a message of the bot or of a person.
type message struct {
	channel     *channel
	ts          string
	thread      string // ts of the parent
	author      string
	only        string // the one who sees it; empty: everybody
	text        string
	blocks      []any
	attachments []any
	metadata    object
	edited      string // ts of the latest edit
	joined      bool   // Slack's own word that its author is a member now
	gone        bool   // deleted, but kept because replies hang on it
	pings       []string
	state       formState // what people chose in its menus
	changed     int
}

func (m *message) visibleTo(user string) bool {
	return m.channel.visibleTo(user) && (m.only == "" || m.only == user)
}

// add gives a message its ts and puts it in its channel.
func (f *Fake) add(m *message) {
	m.ts = f.newTS()
	m.changed = f.tick()
	m.channel.messages = append(m.channel.messages, m)
}

// tick numbers a change that people can see.
func (f *Fake) tick() int {
	f.announce()
	f.seq++
	return f.seq
}

// newTS returns a timestamp as Slack writes them. No two are the same, whatever the clock does.
func (f *Fake) newTS() string {
	f.micros = max(f.micros+1, f.Now().UnixMicro())
	return fmt.Sprintf("%d.%06d", f.micros/1e6, f.micros%1e6)
}

// find returns the message of a channel with that ts, private ones left out.
func (c *channel) find(ts string) *message {
	for _, m := range c.messages {
		if m.ts == ts && m.only == "" {
			return m
		}
	}
	return nil
}

func (c *channel) replies(ts string) []*message {
	var found []*message
	for _, m := range c.messages {
		if m.thread == ts && m.only == "" {
			found = append(found, m)
		}
	}
	return found
}

// remove deletes a message. A parent with replies stays as the line that it was deleted, as on Slack.
func (f *Fake) remove(m *message) {
	if len(m.channel.replies(m.ts)) > 0 {
		*m = message{channel: m.channel, ts: m.ts, author: m.author, text: "This message was deleted.", gone: true, changed: f.tick()}
		return
	}
	f.tick()
	m.channel.messages = slices.DeleteFunc(m.channel.messages, func(o *message) bool { return o == m })
}

// direct returns the conversation of the bot with a user, nil when there is no such user.
func (f *Fake) direct(user string) *channel {
	if _, known := f.users[user]; !known || user == botUser {
		return nil
	}
	id := "D" + user
	if f.channels[id] == nil {
		f.channels[id] = &channel{Channel: Channel{ID: id, Members: []string{user}, Bot: true, Private: true}, im: user}
	}
	return f.channels[id]
}

// trigger lets the bot show a person a form in answer to what the person did.
// https://docs.slack.dev/interactivity/handling-user-interaction#modal_responses
type trigger struct {
	user   string
	issued time.Time
	used   bool
}

const triggerLife = 3 * time.Second

// newTrigger returns an ID in the form that Slack documents, "132456.7890123.abcdef".
func (f *Fake) newTrigger(user string) string {
	id := fmt.Sprintf("%d.%d.%s", f.Now().UnixMilli(), len(f.triggers)+1, newID(""))
	f.triggers[id] = &trigger{user: user, issued: f.Now()}
	return id
}

// exchange uses a trigger up and returns whose it is.
func (f *Fake) exchange(id string) (string, error) {
	t := f.triggers[id]
	switch {
	case t == nil:
		return "", refusal("invalid_trigger_id")
	case t.used:
		return "", refusal("exchanged_trigger_id")
	case f.Now().Sub(t.issued) > triggerLife:
		return "", refusal("expired_trigger_id")
	}
	t.used = true
	return t.user, nil
}

func (f *Fake) scope(name string) bool { return slices.Contains(f.Scopes, name) }
