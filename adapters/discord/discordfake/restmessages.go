package discordfake

// postMessage posts a message of the bot.
//
// https://docs.discord.com/developers/resources/message#create-message
func (c *call) postMessage() (any, *apiError) {
	ch, err := c.channel(0)
	if err != nil {
		return nil, err
	}
	var body messageBody
	if err := c.read(&body); err != nil {
		return nil, err
	}
	if err := c.mayPost(ch, &body); err != nil {
		return nil, err
	}
	if earlier := c.nonces[string(body.Nonce)]; earlier != nil && body.EnforceNonce && c.now().Sub(earlier.created) < nonceMemory {
		if c.messages[earlier.ID] == nil {
			return nil, errUnknownMessage // it was deleted since, and is not made again
		}
		return c.shown(earlier), nil
	}
	to, err := c.repliesTo(ch, body.Reference)
	if err != nil {
		return nil, err
	}
	m := c.post(ch, c.bot, &body)
	if to != nil {
		m.Type = messageReply
		m.Reference = &reference{MessageID: to.ID, ChannelID: ch.id, GuildID: c.object(ch).GuildID}
	}
	c.notify(m, body.AllowedMentions, wholeMessage)
	if m.Nonce != nil {
		c.nonces[string(m.Nonce)] = m
	}
	return c.shown(m), nil
}

// mayPost checks the permissions first, then the body, as Discord does.
func (c *call) mayPost(ch *channel, b *messageBody) *apiError {
	need := SendMessages
	if ch.kind == typeThread {
		need = SendInThreads
	}
	if len(b.Embeds.value) > 0 {
		need |= EmbedLinks
	}
	if ch.permissions()&need != need {
		return errMissingPerms
	}
	if err := active(ch, true); err != nil {
		return err
	}
	var check checker
	check.message("", b)
	if err := check.err(); err != nil {
		return err
	}
	if b.empty() {
		return errEmptyMessage
	}
	return nil
}

// active checks that a thread takes changes: an archived one only wakes for a new message, a locked one never, as the bot
// may not manage threads.
//
// https://docs.discord.com/developers/topics/threads#locked-threads
func active(ch *channel, wakes bool) *apiError {
	switch {
	case ch.archived && (ch.locked || !wakes):
		return errArchived
	case ch.locked:
		return errThreadLocked
	default:
		return nil
	}
}

// repliesTo finds the message that a new one replies to. One that is gone is an error, unless the bot said otherwise.
func (c *call) repliesTo(ch *channel, r *reference) (*message, *apiError) {
	if r == nil {
		return nil, nil
	}
	if ch.permissions()&ReadHistory == 0 {
		return nil, errReplyHistory
	}
	to := c.messages[r.MessageID]
	if to == nil || to.ChannelID != ch.id || to.only != nil {
		if r.FailIfNotExists != nil && !*r.FailIfNotExists {
			return nil, nil
		}
		return nil, invalid("message_reference", "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message")
	}
	return to, nil
}

// patchMessage changes a message of the bot. What the body does not name stays.
//
// https://docs.discord.com/developers/resources/message#edit-message
func (c *call) patchMessage() (any, *apiError) {
	ch, m, err := c.target(0)
	if err != nil {
		return nil, err
	}
	if m.Author != c.bot {
		return nil, errNotAuthor
	}
	if err := active(ch, false); err != nil {
		return nil, err
	}
	var body messageBody
	if err := c.read(&body); err != nil {
		return nil, err
	}
	if len(body.Embeds.value) > 0 && ch.permissions()&EmbedLinks == 0 {
		return nil, errMissingPerms
	}
	var check checker
	check.message("", &body)
	if err := check.err(); err != nil {
		return nil, err
	}
	if err := c.edit(m, &body); err != nil {
		return nil, err
	}
	return c.shown(m), nil
}
