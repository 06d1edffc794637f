package slack

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/slack-go/slack"

	"communitybot/bot"
)

// How far a message is looked for: as far back as it may have been posted, in so many messages at most.
const (
	lookBack  = 200 // messages of each page; Slack recommends no more
	lookPages = 25
	skew      = 5 * time.Minute // between Slack's clock and ours, at most
)

// find looks for a message with a card's key at a place, posted since a time. The error is a *bot.Error.
func (a *Adapter) find(ctx context.Context, at bot.Place, key string, since time.Time) (bot.Place, bool, error) {
	channel := at.Channel
	if channel == "" {
		direct, _, _, err := a.api.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{at.User}})
		if err != nil {
			return bot.Place{}, false, translate(err)
		}
		channel = direct.ID
	}
	oldest := ""
	if !since.IsZero() {
		oldest = strconv.FormatInt(since.Add(-skew).Unix(), 10)
	}
	ask := a.channelPage(ctx, channel, oldest)
	if at.Message != "" {
		ask = a.threadPage(ctx, channel, at.Message)
	}
	ask = a.joining(ctx, channel, ask)
	cursor := ""
	for range lookPages {
		messages, next, err := ask(cursor)
		if err != nil {
			return bot.Place{}, false, translate(err)
		}
		if ts := withKey(messages, key); ts != "" {
			return bot.Place{Platform: platform, Tenant: at.Tenant, Channel: channel, Message: ts}, true, nil
		}
		if next == "" {
			return bot.Place{}, false, nil
		}
		cursor = next
	}
	return bot.Place{}, false, nil
}

// page asks for the messages at a cursor, and returns the cursor of the next page, if there is one.
type page func(cursor string) (messages []slack.Message, next string, err error)

// joining has the bot join the channel when it may not read there, and ask once more. It posts in public channels without
// being in them, but Slack shows it only those that it is in.
// https://docs.slack.dev/reference/methods/conversations.join
func (a *Adapter) joining(ctx context.Context, channel string, ask page) page {
	return func(cursor string) ([]slack.Message, string, error) {
		messages, next, err := ask(cursor)
		if slackError(err) != "not_in_channel" {
			return messages, next, err
		}
		if _, _, _, err := a.api.JoinConversationContext(ctx, channel); err != nil {
			return nil, "", err
		}
		return ask(cursor)
	}
}

func (a *Adapter) channelPage(ctx context.Context, channel, oldest string) page {
	return func(cursor string) ([]slack.Message, string, error) {
		history, err := a.api.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{
			ChannelID: channel, Limit: lookBack, Oldest: oldest, Cursor: cursor, IncludeAllMetadata: true,
		})
		if err != nil {
			return nil, "", err
		}
		return history.Messages, history.ResponseMetaData.NextCursor, nil
	}
}

func (a *Adapter) threadPage(ctx context.Context, channel, parent string) page {
	return func(cursor string) ([]slack.Message, string, error) {
		messages, _, next, err := a.api.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{
			ChannelID: channel, Timestamp: parent, Limit: lookBack, Cursor: cursor, IncludeAllMetadata: true,
		})
		return messages, next, err
	}
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
