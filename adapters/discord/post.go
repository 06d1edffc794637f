package discord

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"

	"communitybot/bot"
	"communitybot/bot/words"

	"github.com/bwmarrin/discordgo"
)

// maxThreadName and the three days are Discord's: https://discord.com/developers/docs/resources/channel#start-thread-from-message
const (
	maxThreadName  = 100
	archiveMinutes = 3 * 24 * 60
)

// Post shows a card (without an embed where the bot may make none) in a channel, in the thread of a message (which it starts if there is none, or else as a reply to
// that message), in a direct message or, given a person and a channel, as a private message there: for 15 minutes after
// something that person did there, and with a Place that can't be updated. The card's key is the nonce: for some minutes,
// the same key makes no second message in the same channel. With c.Again it first looks for the message there, which also
// finds one that is older. What is said privately has no nonce, and can't be looked for: when no answer came, it is not to
// be said again at once (RetryAfter), and may then be there twice.
// https://discord.com/developers/docs/resources/message#create-message
func (a *Adapter) Post(ctx context.Context, at bot.Place, c bot.Card) (bot.Place, error) {
	posted, err := a.postAs(ctx, at, c, card)
	if mayBeFlat(err, c) {
		posted, err = a.postAs(ctx, at, c, flat)
	}
	return posted, err
}

// mayBeFlat reports whether a card was refused, maybe because of its embed: that takes a permission of its own, Embed Links.
func mayBeFlat(err error, c bot.Card) bool {
	return codeOf(err) == missingPermissions && len(face(c).Embeds) > 0
}

// postAs posts a card as it is drawn by as.
func (a *Adapter) postAs(ctx context.Context, at bot.Place, c bot.Card, as func(bot.Card) (message, error)) (bot.Place, error) {
	m, err := as(c)
	if err != nil {
		return bot.Place{}, &bot.Error{Code: bot.Internal, Err: err}
	}
	if isPrivate(at) {
		return a.postPrivately(ctx, at, m)
	}
	m.Nonce, m.Enforce = c.Key, c.Key != ""
	if at.Channel == "" && at.User != "" {
		if at.Channel, err = a.direct(ctx, at.User); err != nil {
			return bot.Place{}, err
		}
	}
	if c.Again && c.Key != "" {
		found, ok, err := a.find(ctx, at, m, earliest{c.Since, c.After.Message})
		switch {
		case bot.CodeOf(err) == bot.Busy: // a second message is worse than a late one
			return bot.Place{}, err
		case err != nil: // posting may work where reading does not
			a.log.WarnContext(ctx, "discord: can't look for an earlier message", "channel", at.Channel, "error", err)
		case ok:
			return found, nil
		}
	}
	if at.Message == "" {
		return a.send(ctx, at.Tenant, at.Channel, m)
	}
	posted, err := a.sendInThread(ctx, at, c, m)
	if !noThread(err) {
		return posted, err
	}
	orphan := false // the words matter more than what they answer
	m.Reference = &discordgo.MessageReference{MessageID: at.Message, ChannelID: at.Channel, FailIfNotExists: &orphan}
	posted, err = a.send(ctx, at.Tenant, at.Channel, m)
	if codeOf(err) == replyNeedsHistory {
		m.Reference = nil
		posted, err = a.send(ctx, at.Tenant, at.Channel, m)
	}
	return posted, err
}

// Update redraws a posted card. What was said in private stays as it is. A card in a thread that went to sleep wakes it up
// for that. https://discord.com/developers/docs/topics/threads#active-archived-threads
func (a *Adapter) Update(ctx context.Context, at bot.Place, c bot.Card) error {
	if isPrivate(at) {
		return nil
	}
	err := a.updateAs(ctx, at, c, card)
	if mayBeFlat(err, c) {
		err = a.updateAs(ctx, at, c, flat)
	}
	return err
}

func (a *Adapter) updateAs(ctx context.Context, at bot.Place, c bot.Card, as func(bot.Card) (message, error)) error {
	m, err := as(c)
	if err != nil {
		return &bot.Error{Code: bot.Internal, Err: err}
	}
	path := messages(at.Channel) + "/" + url.PathEscape(at.Message)
	_, err = a.call(ctx, http.MethodPatch, path, m, nil)
	if codeOf(err) == threadArchived {
		if _, err = a.call(ctx, http.MethodPatch, "/channels/"+url.PathEscape(at.Channel), map[string]bool{"archived": false}, nil); err == nil {
			_, err = a.call(ctx, http.MethodPatch, path, m, nil)
		}
	}
	return err
}

// send posts a message in a channel, a thread being one.
func (a *Adapter) send(ctx context.Context, tenant, channel string, m message) (bot.Place, error) {
	var sent struct {
		ID      string `json:"id"`
		Channel string `json:"channel_id"`
	}
	if _, err := a.call(ctx, http.MethodPost, messages(channel), m, &sent); err != nil {
		return bot.Place{}, err
	}
	return bot.Place{Platform: platform, Tenant: tenant, Channel: cmp.Or(sent.Channel, channel), Message: sent.ID}, nil
}

// sendInThread posts in the thread of a message, and starts it when there is none: that is limited far more than posting. A
// thread has the ID of the message it started from.
func (a *Adapter) sendInThread(ctx context.Context, at bot.Place, c bot.Card, m message) (bot.Place, error) {
	posted, err := a.send(ctx, at.Tenant, at.Message, m)
	if codeOf(err) != unknownChannel {
		return posted, err
	}
	thread := map[string]any{"name": cut(cmp.Or(c.Thread, words.English.Chat.Thread), maxThreadName), "auto_archive_duration": archiveMinutes}
	_, err = a.call(ctx, http.MethodPost, messages(at.Channel)+"/"+url.PathEscape(at.Message)+"/threads", thread, nil)
	if err != nil && codeOf(err) != threadExists {
		return bot.Place{}, err
	}
	return a.send(ctx, at.Tenant, at.Message, m)
}

// noThread reports whether a thread failed for a reason that a reply in the channel gets around: none may be started or
// written in, or there is none and can be none.
func noThread(err error) bool {
	return slices.Contains([]int{
		missingAccess, missingPermissions, notInDirect, wrongChannelType, threadArchived, threadMembersFull, threadLocked, threadsFull,
		unknownChannel,
	}, codeOf(err))
}

// direct returns the channel of direct messages with a user.
func (a *Adapter) direct(ctx context.Context, user string) (string, error) {
	var channel struct {
		ID string `json:"id"`
	}
	_, err := a.call(ctx, http.MethodPost, "/users/@me/channels", map[string]string{"recipient_id": user}, &channel)
	return channel.ID, err
}

func messages(channel string) string { return "/channels/" + url.PathEscape(channel) + "/messages" }
