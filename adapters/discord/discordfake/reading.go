package discordfake

import (
	"context"
	"slices"

	"communitybot/adapters/person"
)

// Read returns the messages of a channel as somebody sees them. What stands in a message's thread is under it, and so are
// the replies to it.
func (f *Fake) Read(_ context.Context, who, channel string) ([]person.Message, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	u, ch, err := f.at(who, channel)
	if err != nil {
		return nil, err
	}
	return f.read(ch, u), nil
}

func (f *Fake) read(ch *channel, u *user) []person.Message {
	var seen []*message
	for _, m := range ch.messages {
		if m.only == nil || m.only == u {
			seen = append(seen, m)
		}
	}
	under := func(m *message) string {
		if m.Reference != nil && m.only == nil && slices.ContainsFunc(seen, func(o *message) bool { return o.ID == m.Reference.MessageID }) {
			return m.Reference.MessageID
		}
		return ""
	}
	var list func(parent string) []person.Message
	list = func(parent string) []person.Message {
		var out []person.Message
		for _, m := range seen {
			if under(m) != parent {
				continue
			}
			shown := f.draw(m)
			if thread := f.channels[m.ID]; thread != nil {
				shown.Thread = f.read(thread, u)
			}
			shown.Thread = append(shown.Thread, list(m.ID)...)
			out = append(out, shown)
		}
		return out
	}
	return list("")
}
