package discordfake

import (
	"context"

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
	return f.read(f.seen(ch, u)), nil
}

func (f *Fake) read(list []branch) []person.Message {
	var out []person.Message
	for _, b := range list {
		shown := f.draw(b.message)
		shown.Thread = f.read(b.below)
		out = append(out, shown)
	}
	return out
}

// branch is a message with what stands under it.
type branch struct {
	*message
	below []branch
}

// seen returns what somebody sees of a channel: the messages, and under each its thread and the replies to it.
func (f *Fake) seen(ch *channel, u *user) []branch {
	there := make(map[string]bool)
	under := make(map[string][]*message) // by what they reply to; "" for the rest
	for _, m := range ch.messages {
		if m.only != nil && m.only != u {
			continue
		}
		there[m.ID] = true
		parent := ""
		if m.Reference != nil && m.only == nil && there[m.Reference.MessageID] {
			parent = m.Reference.MessageID
		}
		under[parent] = append(under[parent], m)
	}
	var grow func(parent string) []branch
	grow = func(parent string) []branch {
		var out []branch
		for _, m := range under[parent] {
			b := branch{message: m}
			if thread := f.channels[m.ID]; thread != nil {
				b.below = f.seen(thread, u)
			}
			b.below = append(b.below, grow(m.ID)...)
			out = append(out, b)
		}
		return out
	}
	return grow("")
}
