package slackfake

import "time"

// target returns the channel a message may go to.
func (f *Fake) target(id string) (*channel, error) {
	if _, isUser := f.users[id]; isUser {
		if c := f.direct(id); c != nil {
			return c, nil
		}
	}
	c := f.channels[id]
	switch {
	case c == nil, c.Private && !c.Bot:
		return nil, refusal("channel_not_found")
	case c.Archived:
		return nil, refusal("is_archived")
	case !c.Bot && !f.scope("chat:write.public"):
		return nil, refusal("not_in_channel")
	}
	return c, nil
}

// postable is what an admin's rules for a channel say to a message of the bot's.
// https://docs.slack.dev/reference/methods/chat.postMessage#errors
func (c *channel) postable(reply bool) error {
	switch {
	case c.ReadOnly:
		return refusal("restricted_action_read_only_channel")
	case c.Flat && reply:
		return refusal("restricted_action_non_threadable_channel")
	}
	return nil
}

// parent returns the ts of the thread that a reply to ts belongs to.
func (c *channel) parent(ts string) (string, error) {
	if ts == "" {
		return "", nil
	}
	m := c.find(ts)
	if m == nil {
		return "", refusal("thread_not_found")
	}
	if m.thread != "" {
		return m.thread, nil
	}
	return m.ts, nil
}

func (f *Fake) postMessage(a args) (object, error) {
	c, err := f.target(a.str("channel"))
	if err != nil {
		return nil, err
	}
	said, err := contentOf(a)
	if err != nil {
		return nil, err
	}
	if err := c.postable(a.has("thread_ts")); err != nil {
		return nil, err
	}
	thread, _ := c.parent(a.str("thread_ts")) // a reply to a message that is gone goes to the channel: https://github.com/slack-go/slack/issues/1571
	now := f.Now()
	if f.RateLimit && now.Sub(c.posted) < time.Second {
		return nil, errRateLimited
	}
	c.posted = now
	m := f.post(c, said, thread, "")
	return object{"channel": c.ID, "ts": m.ts, "message": f.payload(m, true)}, nil
}

// post adds a message of the bot.
func (f *Fake) post(c *channel, said content, thread, only string) *message {
	m := &message{
		channel: c, author: botUser, thread: thread, only: only,
		text: said.text, blocks: said.blocks, attachments: said.attachments, metadata: said.metadata,
		state: said.state(),
	}
	f.add(m)
	if only == "" {
		m.pings = f.draw(m).pings
	}
	return m
}

func (f *Fake) postEphemeral(a args) (object, error) {
	c, err := f.target(a.str("channel"))
	if err != nil {
		return nil, err
	}
	user := a.str("user")
	if _, known := f.users[user]; !known || !c.member(user) {
		return nil, refusal("user_not_in_channel")
	}
	said, err := contentOf(a)
	if err != nil {
		return nil, err
	}
	thread, err := c.parent(a.str("thread_ts"))
	if err != nil {
		return nil, err
	}
	return object{"message_ts": f.post(c, said, thread, user).ts}, nil
}

// own returns the bot's message that a request names.
func (f *Fake) own(a args, otherwise string) (*message, error) {
	c := f.channels[a.str("channel")]
	if c == nil || (c.Private && !c.Bot) {
		return nil, refusal("channel_not_found")
	}
	m := c.find(a.str("ts"))
	switch {
	case m == nil || m.gone:
		return nil, refusal("message_not_found")
	case m.author != botUser:
		return nil, refusal(otherwise)
	}
	return m, nil
}

// updateMessage edits. Blocks, attachments and metadata that are not sent stay.
// https://docs.slack.dev/reference/methods/chat.update
func (f *Fake) updateMessage(a args) (object, error) {
	m, err := f.own(a, "cant_update_message")
	if err != nil {
		return nil, err
	}
	if m.channel.Archived {
		return nil, refusal("is_inactive")
	}
	said, err := contentOf(a)
	if err != nil {
		return nil, err
	}
	if len(said.text) > maxEditedText {
		return nil, refusal("msg_too_long")
	}
	if !a.has("text") {
		said.text = m.text
	}
	if !a.has("blocks") {
		said.blocks = m.blocks
	}
	if !a.has("attachments") {
		said.attachments = m.attachments
	}
	if !a.has("metadata") {
		said.metadata = m.metadata
	}
	f.edit(m, said)
	return object{"channel": m.channel.ID, "ts": m.ts, "text": m.text, "message": f.payload(m, true)}, nil
}

func (f *Fake) edit(m *message, said content) {
	m.text, m.blocks, m.attachments, m.metadata = said.text, said.blocks, said.attachments, said.metadata
	m.edited = f.newTS()
	m.state = said.state()
	m.changed = f.tick()
}

func (f *Fake) deleteMessage(a args) (object, error) {
	m, err := f.own(a, "cant_delete_message")
	if err != nil {
		return nil, err
	}
	f.remove(m)
	return object{"channel": m.channel.ID, "ts": m.ts}, nil
}

// payload is a message as Slack sends it.
func (f *Fake) payload(m *message, withMetadata bool) object {
	p := object{"type": "message", "user": m.author, "text": m.text, "ts": m.ts, "team": f.TeamID}
	if m.author == botUser {
		p["bot_id"], p["app_id"] = botID, appID
	}
	if m.thread != "" {
		p["thread_ts"] = m.thread
	}
	if len(m.blocks) > 0 {
		p["blocks"] = m.blocks
	}
	if len(m.attachments) > 0 {
		p["attachments"] = m.attachments
	}
	if m.edited != "" {
		p["edited"] = object{"user": m.author, "ts": m.edited}
	}
	if m.joined {
		p["subtype"] = "channel_join"
	}
	if m.gone {
		p["subtype"], p["hidden"] = "tombstone", true
	}
	if withMetadata && m.metadata != nil {
		p["metadata"] = m.metadata
	}
	if replies := m.channel.replies(m.ts); len(replies) > 0 {
		p["thread_ts"], p["reply_count"], p["latest_reply"] = m.ts, len(replies), replies[len(replies)-1].ts
	}
	return p
}
