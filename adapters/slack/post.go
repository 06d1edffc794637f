package slack

import (
	"cmp"
	"context"
	"errors"

	"github.com/slack-go/slack"

	"communitybot/bot"
)

// Post shows a card in a channel, in a message's thread (where there are none, in the channel, under the thread's name), or
// to a person in private, and returns the message. With c.Again it first looks for a message of the card's key there. To a
// person in private in a channel it answers what they did there within the last half hour, five times at most; nothing is
// known of such a message afterwards.
func (a *Adapter) Post(ctx context.Context, at bot.Place, c bot.Card) (bot.Place, error) {
	if inPrivate(at) {
		return a.whisper(ctx, at, c)
	}
	posted, err := a.postOnce(ctx, at, c)
	if !noThread[slackError(err)] || at.Message == "" {
		return posted, err
	}
	at.Message = "" // the words matter more than what they answer
	if c.Title == "" {
		c.Title = c.Thread
	}
	return a.postOnce(ctx, at, c)
}

// noThread are Slack's errors for a reply where somebody switched threads off, or locked this one: the words still have their
// place in the channel. https://docs.slack.dev/reference/methods/chat.postMessage#errors
var noThread = map[string]bool{"restricted_action_non_threadable_channel": true, "restricted_action_thread_locked": true}

// postOnce posts a message, unless it may be there already, and is.
func (a *Adapter) postOnce(ctx context.Context, at bot.Place, c bot.Card) (bot.Place, error) {
	if c.Again && c.Key != "" {
		found, ok, err := a.find(ctx, at, c.Key, c.Since)
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
	var shown slack.Message
	channel := cmp.Or(at.Channel, at.User)
	err := a.send(ctx, channel, c, message, func(m slack.MsgOption) (err error) {
		options := []slack.MsgOption{m, slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl()}
		if at.Message != "" {
			options = append(options, slack.MsgOptionTS(at.Message))
		}
		posted.Channel, posted.Message, shown, err = a.api.PostMessageWithResponseContext(ctx, channel, options...)
		return err
	})
	if err != nil {
		return bot.Place{}, err
	}
	if at.Message != "" && shown.ThreadTimestamp == "" {
		return bot.Place{}, a.astray(ctx, posted)
	}
	return posted, nil
}

// astray takes back a line that was posted to a thread whose first message somebody has deleted: Slack posts it to the
// channel then, without a word. https://github.com/slack-go/slack/issues/1571
func (a *Adapter) astray(ctx context.Context, line bot.Place) error {
	if _, _, err := a.api.DeleteMessageContext(ctx, line.Channel, line.Message); err != nil {
		a.log.WarnContext(ctx, "slack: a line without its thread stays in the channel", "channel", line.Channel, "error", describe(err))
	}
	return &bot.Error{Code: bot.Gone, Err: errors.New("the thread's first message was deleted")}
}

// Update redraws a posted card. One that was shown to a person in private in a channel stays as it is.
func (a *Adapter) Update(ctx context.Context, at bot.Place, c bot.Card) error {
	if inPrivate(at) {
		return nil
	}
	return a.send(ctx, at.Channel, c, edited, func(m slack.MsgOption) error {
		_, _, _, err := a.api.UpdateMessageContext(ctx, at.Channel, at.Message, m)
		return err
	})
}

// send draws a card for a channel by as and hands it to call, unless Slack asked to leave the channel alone. The error is a
// *bot.Error.
func (a *Adapter) send(ctx context.Context, channel string, c bot.Card, as func(bot.Card) slack.MsgOption, call func(slack.MsgOption) error) error {
	if err := a.limits.wait(channel, a.now()); err != nil {
		return err
	}
	err := translate(a.present(ctx, c, as, call))
	a.limits.note(channel, err, a.now())
	return err
}

// present hands a drawn card to call. Slack fetches a card's pictures itself and refuses the whole message when it can't,
// so a refused card is sent once more without them.
func (a *Adapter) present(ctx context.Context, c bot.Card, as func(bot.Card) slack.MsgOption, call func(slack.MsgOption) error) error {
	err := call(as(c))
	var refused slack.SlackErrorResponse
	if len(c.Images) == 0 || !errors.As(err, &refused) || !imageErrors[refused.Err] {
		return err
	}
	a.log.WarnContext(ctx, "slack: card refused, trying without its pictures", "error", describe(err))
	c.Images = nil
	return call(as(c))
}

var imageErrors = map[string]bool{"invalid_blocks": true, "invalid_attachments": true}

// eventType marks messages of this bot in their metadata. https://docs.slack.dev/messaging/message-metadata
const eventType = "communitybot_card"

// message returns a card as an option of a call. It always names both blocks and attachments, so that redrawing clears
// what the card no longer has.
func message(c bot.Card) slack.MsgOption { return asMessage(c, draw(c)) }

// edited is message for a card that takes an earlier one's place, with as much text as Slack takes then.
func edited(c bot.Card) slack.MsgOption {
	d := draw(c)
	d.text = escapeWithin(c.Plain(), maxEdited, func(s string) int { return len(s) })
	return asMessage(c, d)
}

func asMessage(c bot.Card, d drawn) slack.MsgOption {
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
