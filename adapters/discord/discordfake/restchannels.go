package discordfake

import (
	"math"
	"slices"
	"strconv"
)

// me is the bot's own user, with what only its owner may know.
func (c *call) me() (any, *apiError) {
	return struct {
		*user
		MFA    bool   `json:"mfa_enabled"`
		Locale string `json:"locale"`
	}{user: c.bot, Locale: defaultLocale}, nil
}

func (c *call) application() (any, *apiError) {
	return map[string]any{
		"id": c.options.ApplicationID, "name": botName, "icon": nil, "description": "", "bot_public": true,
		"bot_require_code_grant": false, "bot": c.bot, "verify_key": c.PublicKey(), "flags": 0,
		"interactions_endpoint_url": nullable(c.endpoint), "type": nil, "flags_new": "0", "redirect_uris": []string{},
		"role_connections_verification_url": nil, "owner": c.bot, "team": nil, "explicit_content_filter": 0,
		"approximate_guild_count": 1, "approximate_user_install_count": 0, "approximate_user_authorization_count": 0,
		"eligible_oauth2_scopes": []string{},
	}, nil
}

func nullable(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func (c *call) openDirect() (any, *apiError) {
	var body struct {
		Recipient string `json:"recipient_id"`
	}
	if err := c.read(&body); err != nil {
		return nil, err
	}
	u := c.users[body.Recipient]
	if u == nil || u.Bot {
		return nil, errUnknownUser
	}
	return c.object(c.directChannel(u)), nil
}

// channel returns the channel in the path, if the bot may see it and has the other permissions too.
func (c *call) channel(need Permission) (*channel, *apiError) {
	ch := c.channels[c.path("channel")]
	switch {
	case ch == nil:
		return nil, errUnknownChannel
	case ch.permissions()&ViewChannel == 0:
		return nil, errMissingAccess
	case ch.permissions()&need != need:
		return nil, errMissingPerms
	}
	return ch, nil
}

func (c *call) getChannel() (any, *apiError) {
	ch, err := c.channel(0)
	if err != nil {
		return nil, err
	}
	return c.object(ch), nil
}

// messageIn returns the message in the path. Private ones are not for this way in.
func (c *call) messageIn(ch *channel) (*message, *apiError) {
	m := c.messages[c.path("message")]
	if m == nil || m.ChannelID != ch.id || m.only != nil {
		return nil, errUnknownMessage
	}
	return m, nil
}

// target returns the channel and the message in the path.
func (c *call) target(need Permission) (*channel, *message, *apiError) {
	ch, err := c.channel(need)
	if err != nil {
		return nil, nil, err
	}
	m, err := c.messageIn(ch)
	return ch, m, err
}

// shown returns a message as the API shows it, with its thread.
func (f *Fake) shown(m *message) *message {
	out := *m
	if thread := f.channels[m.ID]; thread != nil {
		out.Thread = f.object(thread)
	}
	return &out
}

func (c *call) getMessage() (any, *apiError) {
	_, m, err := c.target(ReadHistory)
	if err != nil {
		return nil, err
	}
	return c.shown(m), nil
}

// listMessages returns messages, newest first, those before one if it says so; none to a bot that may not read the history.
//
// https://docs.discord.com/developers/resources/message#get-channel-messages
func (c *call) listMessages() (any, *apiError) {
	ch, err := c.channel(0)
	if err != nil {
		return nil, err
	}
	limit := 50
	if s := c.r.URL.Query().Get("limit"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			return nil, invalid("limit", "NUMBER_TYPE_COERCE", `Value "%s" is not int.`, s)
		}
		var check checker
		check.number("limit", &n, 1, 100)
		if err := check.err(); err != nil {
			return nil, err
		}
		limit = n
	}
	before := int64(math.MaxInt64)
	if s := c.r.URL.Query().Get("before"); s != "" {
		if before, _ = strconv.ParseInt(s, 10, 64); !isSnowflake(s) {
			return nil, invalid("before", "NUMBER_TYPE_COERCE", `Value "%s" is not snowflake.`, s)
		}
	}
	found := []*message{}
	for _, m := range slices.Backward(ch.messages) {
		id, _ := strconv.ParseInt(m.ID, 10, 64)
		if m.only == nil && id < before && len(found) < limit && ch.permissions()&ReadHistory != 0 {
			found = append(found, c.shown(m))
		}
	}
	return found, nil
}

func (c *call) deleteMessage() (any, *apiError) {
	_, m, err := c.target(0)
	if err != nil {
		return nil, err
	}
	if m.Author != c.bot {
		return nil, errMissingPerms
	}
	c.remove(m)
	return nil, nil
}
