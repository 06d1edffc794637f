package slack

import (
	"context"
	"slices"

	"github.com/slack-go/slack"

	"communitybot/bot"
)

// How far back a message is looked for: an earlier attempt was minutes ago.
const (
	lookBack  = 100 // messages of a channel, or of each page of a thread
	lookPages = 10  // pages of a thread, which Slack returns oldest first
)

// find looks for a message with a card's key at a place. The error is a *bot.Error.
func (a *Adapter) find(ctx context.Context, at bot.Place, key string) (bot.Place, bool, error) {
	channel := at.Channel
	if channel == "" {
		direct, _, _, err := a.api.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{at.User}})
		if err != nil {
			return bot.Place{}, false, translate(err)
		}
		channel = direct.ID
	}
	var ts string
	var err error
	if at.Message == "" {
		ts, err = a.findInChannel(ctx, channel, key)
	} else {
		ts, err = a.findInThread(ctx, channel, at.Message, key)
	}
	if err != nil || ts == "" {
		return bot.Place{}, false, translate(err)
	}
	return bot.Place{Platform: platform, Tenant: at.Tenant, Channel: channel, Message: ts}, true, nil
}

func (a *Adapter) findInChannel(ctx context.Context, channel, key string) (ts string, err error) {
	history, err := a.api.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{
		ChannelID: channel, Limit: lookBack, IncludeAllMetadata: true,
	})
	if err != nil {
		return "", err
	}
	return withKey(history.Messages, key), nil
}

func (a *Adapter) findInThread(ctx context.Context, channel, parent, key string) (ts string, err error) {
	ask := &slack.GetConversationRepliesParameters{
		ChannelID: channel, Timestamp: parent, Limit: lookBack, IncludeAllMetadata: true,
	}
	for range lookPages {
		messages, more, cursor, err := a.api.GetConversationRepliesContext(ctx, ask)
		if err != nil {
			return "", err
		}
		if ts := withKey(messages, key); ts != "" || !more || cursor == "" {
			return ts, nil
		}
		ask.Cursor = cursor
	}
	return "", nil
}

// withKey returns the message of a card's key; empty when there is none.
func withKey(messages []slack.Message, key string) (ts string) {
	i := slices.IndexFunc(messages, func(m slack.Message) bool {
		return m.Metadata.EventType == eventType && m.Metadata.EventPayload["key"] == key
	})
	if i < 0 {
		return ""
	}
	return messages[i].Timestamp
}
