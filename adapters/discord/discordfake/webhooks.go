package discordfake

// callback answers an interaction over REST.
//
// https://docs.discord.com/developers/interactions/receiving-and-responding#create-interaction-response
func (c *call) callback() (any, *apiError) {
	in := c.interactions[c.path("token")]
	if in == nil || in.id != c.path("id") {
		return nil, errUnknownInter
	}
	var answer callback
	if err := c.read(&answer); err != nil {
		return nil, err
	}
	if err := c.acknowledge(in, &answer); err != nil {
		if err != errAcknowledged && err != errUnknownInter {
			c.problems = append(c.problems, err.Error())
		}
		return nil, err
	}
	if c.r.URL.Query().Get("with_response") != "true" {
		return nil, nil
	}
	about := map[string]any{"id": in.id, "type": in.kind}
	whole := map[string]any{"interaction": about}
	if m := in.original; m != nil {
		about["response_message_id"], about["response_message_ephemeral"] = m.ID, m.only != nil
		about["response_message_loading"] = m.Flags&flagLoading != 0
		whole["resource"] = map[string]any{"type": answer.Type, "message": c.shown(m)}
	}
	return whole, nil
}

// sender returns the interaction whose token is in the path, if the token works: after the first answer, for 15 minutes.
//
// https://docs.discord.com/developers/interactions/receiving-and-responding#followup-messages
func (c *call) sender() (*interaction, *apiError) {
	in := c.interactions[c.path("token")]
	switch {
	case c.path("app") != c.options.ApplicationID:
		return nil, errUnknownWebhook
	case in == nil || c.now().Sub(in.issued) >= tokenLife:
		return nil, errWebhookToken
	case in.state != answered:
		return nil, errUnknownWebhook
	}
	return in, nil
}

// sent returns the message in the path: one that this token made, or the one that its answer changed.
func (c *call) sent() (*interaction, *message, *apiError) {
	in, err := c.sender()
	if err != nil {
		return nil, nil, err
	}
	m := c.messages[c.path("message")]
	if c.path("message") == "@original" {
		m = in.original
	}
	if m == nil || c.messages[m.ID] == nil || (m.origin != in && m != in.original) {
		return nil, nil, errUnknownMessage
	}
	return in, m, nil
}

// message reads and checks the body of a request about a message.
func (c *call) message() (*messageBody, *apiError) {
	var b messageBody
	if err := c.read(&b); err != nil {
		return nil, err
	}
	var check checker
	check.message("", &b)
	return &b, check.err()
}

// followUp posts one more message with the token. Right after a deferred answer it fills that in instead.
func (c *call) followUp() (any, *apiError) {
	in, err := c.sender()
	if err != nil {
		return nil, err
	}
	b, err := c.message()
	if err != nil {
		return nil, err
	}
	if b.empty() {
		return nil, errEmptyMessage
	}
	if in.deferred && in.original != nil && in.original.Flags&flagLoading != 0 && c.messages[in.original.ID] != nil {
		return c.change(in, in.original, b)
	}
	return c.shown(c.reply(in, b)), nil
}

func (c *call) getSent() (any, *apiError) {
	_, m, err := c.sent()
	if err != nil {
		return nil, err
	}
	return c.shown(m), nil
}

func (c *call) patchSent() (any, *apiError) {
	in, m, err := c.sent()
	if err != nil {
		return nil, err
	}
	b, err := c.message()
	if err != nil {
		return nil, err
	}
	return c.change(in, m, b)
}

// change edits a message with a token. What a deferred answer said is new, so it notifies.
func (c *call) change(in *interaction, m *message, b *messageBody) (any, *apiError) {
	first := m.Flags&flagLoading != 0
	if err := c.edit(m, b); err != nil {
		return nil, err
	}
	m.touched = in
	if first {
		m.EditedTimestamp = nil
		c.notify(m, b.AllowedMentions, onlyUsers)
	}
	return c.shown(m), nil
}

func (c *call) deleteSent() (any, *apiError) {
	_, m, err := c.sent()
	if err != nil {
		return nil, err
	}
	c.remove(m)
	return nil, nil
}
