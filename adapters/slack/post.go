package slack

import (
	"cmp"
	"context"
	"errors"

	"github.com/slack-go/slack"

	"communitybot/bot"
)

// Post shows a card in a channel, in a message's thread, or to a person in private, and returns the message. With
// c.Again it first looks for a message of the card's key there.
func (a *Adapter) Post(ctx context.Context, at bot.Place, c bot.Card) (bot.Place, error) {
	if c.Again && c.Key != "" {
		found, ok, err := a.find(ctx, at, c.Key)
		switch {
		case bot.CodeOf(err) == bot.Busy: // a second card is worse than a late one
			return bot.Place{}, err
		case err != nil: // posting may work where reading does not
			a.log.WarnContext(ctx, "slack: can't look for an earlier message", "channel", at.Channel, "error", err)
		case ok:
			return found, nil
		}
	}
	posted := bot.Place{Platform: platform, Tenant: at.Tenant}
	err := a.send(ctx, c, func(m slack.MsgOption) (err error) {
		options := []slack.MsgOption{m, slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl()}
		if at.Message != "" {
			options = append(options, slack.MsgOptionTS(at.Message))
		}
		posted.Channel, posted.Message, err = a.api.PostMessageContext(ctx, cmp.Or(at.Channel, at.User), options...)
		return err
	})
	if err != nil {
		return bot.Place{}, translate(err)
	}
	return posted, nil
}

// Update redraws a posted card.
func (a *Adapter) Update(ctx context.Context, at bot.Place, c bot.Card) error {
	return translate(a.send(ctx, c, func(m slack.MsgOption) error {
		_, _, _, err := a.api.UpdateMessageContext(ctx, at.Channel, at.Message, m)
		return err
	}))
}

// send draws a card and hands it to call. Slack fetches a card's pictures itself and refuses the whole message when it
// can't, so a refused card is sent once more without them.
func (a *Adapter) send(ctx context.Context, c bot.Card, call func(slack.MsgOption) error) error {
	err := call(message(c))
	var refused slack.SlackErrorResponse
	if len(c.Images) == 0 || !errors.As(err, &refused) || !imageErrors[refused.Err] {
		return err
	}
	a.log.WarnContext(ctx, "slack: card refused, trying without its pictures", "error", describe(err))
	c.Images = nil
	return call(message(c))
}

var imageErrors = map[string]bool{"invalid_blocks": true, "invalid_attachments": true}

// eventType marks messages of this bot in their metadata. https://docs.slack.dev/messaging/message-metadata
const eventType = "communitybot_card"

// message returns a card as an option of a call. It always names both blocks and attachments, so that redrawing clears
// what the card no longer has.
func message(c bot.Card) slack.MsgOption {
	d := draw(c)
	options := []slack.MsgOption{
		slack.MsgOptionText(d.text, false),
		slack.MsgOptionBlocks(d.blocks...),
		slack.MsgOptionAttachments(append([]slack.Attachment{}, d.attachments...)...),
	}
	if c.Key != "" {
		options = append(options, slack.MsgOptionMetadata(slack.SlackMetadata{EventType: eventType, EventPayload: map[string]any{"key": c.Key}}))
	}
	return slack.MsgOptionCompose(options...)
}
