package slackfake

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// conversationsOpen opens the direct conversation with one user.
// https://docs.slack.dev/reference/methods/conversations.open
func (f *Fake) conversationsOpen(a args) (object, error) {
	user := a.str("users")
	if c := f.channels[a.str("channel")]; c != nil && user == "" {
		user = c.im
	}
	if user == "" {
		return nil, refusal("users_list_not_supplied")
	}
	open := f.channels["D"+user] != nil
	c := f.direct(user)
	if c == nil {
		return nil, refusal("user_not_found")
	}
	return object{"channel": f.channelPayload(c), "already_open": open, "no_op": open}, nil
}

// conversationsJoin makes the bot a member of a public channel, which says so to all.
// https://docs.slack.dev/reference/methods/conversations.join
func (f *Fake) conversationsJoin(a args) (object, error) {
	c, err := f.readable(a)
	switch {
	case err != nil:
		return nil, err
	case c.Private:
		return nil, refusal("method_not_supported_for_channel_type")
	case c.Archived:
		return nil, refusal("is_archived")
	case c.Bot:
		return object{"channel": f.channelPayload(c), "warning": "already_in_channel"}, nil
	}
	c.Bot = true
	f.add(&message{channel: c, author: botUser, joined: true, text: "<@" + botUser + "> has joined the channel"})
	return object{"channel": f.channelPayload(c)}, nil
}

// readable returns a channel that the bot may look at.
func (f *Fake) readable(a args) (*channel, error) {
	c := f.channels[a.str("channel")]
	if c == nil || (c.Private && !c.Bot) {
		return nil, refusal("channel_not_found")
	}
	return c, nil
}

func (f *Fake) conversationsInfo(a args) (object, error) {
	c, err := f.readable(a)
	if err != nil {
		return nil, err
	}
	return object{"channel": f.channelPayload(c)}, nil
}

func (f *Fake) channelPayload(c *channel) object {
	return object{
		"id": c.ID, "name": c.Name, "name_normalized": c.Name, "user": c.im,
		"is_im": c.im != "", "is_channel": c.im == "" && !c.Private, "is_group": c.im == "" && c.Private,
		"is_private": c.Private, "is_archived": c.Archived, "is_member": c.Bot,
		"context_team_id": f.TeamID, "num_members": len(c.Members),
	}
}

// conversationsHistory lists what is not in threads, newest first.
// https://docs.slack.dev/reference/methods/conversations.history
func (f *Fake) conversationsHistory(a args) (object, error) {
	c, err := f.readable(a)
	if err != nil {
		return nil, err
	}
	if !c.Bot {
		return nil, refusal("not_in_channel")
	}
	var found []*message
	for _, m := range slices.Backward(c.messages) {
		if m.only == "" && m.thread == "" {
			found = append(found, m)
		}
	}
	return f.page(a, found), nil
}

// conversationsReplies lists a thread: its parent, then the replies, oldest first.
// https://docs.slack.dev/reference/methods/conversations.replies
func (f *Fake) conversationsReplies(a args) (object, error) {
	c, err := f.readable(a)
	if err != nil {
		return nil, err
	}
	if !c.Bot {
		return nil, refusal("not_in_channel")
	}
	parent, err := c.parent(a.str("ts"))
	if err != nil || parent == "" {
		return nil, refusal("thread_not_found")
	}
	return f.page(a, append([]*message{c.find(parent)}, c.replies(parent)...)), nil
}

// page cuts out of found what a request asks for. A cursor is the number of messages already given.
func (f *Fake) page(a args, found []*message) object {
	oldest, latest := a.str("oldest"), cmp.Or(a.str("latest"), "9999999999.999999")
	found = slices.DeleteFunc(found, func(m *message) bool {
		outside := m.ts < oldest || m.ts > latest
		edge := m.ts == oldest || m.ts == latest
		return outside || (edge && !a.flag("inclusive"))
	})
	start, _ := strconv.Atoi(strings.TrimPrefix(a.str("cursor"), "next:"))
	limit, err := strconv.Atoi(a.str("limit"))
	if err != nil || limit <= 0 {
		limit = 100
	}
	start = min(max(start, 0), len(found))
	end := min(start+limit, len(found))
	messages := []object{}
	for _, m := range found[start:end] {
		messages = append(messages, f.payload(m, a.flag("include_all_metadata")))
	}
	page := object{"messages": messages, "has_more": end < len(found)}
	if end < len(found) {
		page["response_metadata"] = object{"next_cursor": "next:" + strconv.Itoa(end)}
	}
	return page
}
