package discord

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"communitybot/bot"

	"github.com/bwmarrin/discordgo"
)

// unanswered is for how long an interaction may wait for its answer, which anything else about it has to follow.
const unanswered = 3 * time.Second

// unsure is how long to wait before something is said again that was perhaps said already.
const unsure = 10 * time.Second

// isPrivate reports whether a place is one person's view of a channel.
func isPrivate(at bot.Place) bool { return at.User != "" && at.Channel != "" }

// postPrivately shows a message to one person in a channel, as one more answer to what they did there last.
// https://discord.com/developers/docs/interactions/receiving-and-responding#create-followup-message
func (a *Adapter) postPrivately(ctx context.Context, at bot.Place, m message) (bot.Place, error) {
	now := a.now()
	p, ok := a.passes.of(at.Channel, at.User, now)
	if !ok {
		return bot.Place{}, &bot.Error{Code: bot.NoAccess, Err: errors.New("discord: nothing that this person did there can be answered any more")}
	}
	m.Flags |= discordgo.MessageFlagsEphemeral
	_, err := a.call(ctx, http.MethodPost, "/webhooks/"+url.PathEscape(a.application)+"/"+url.PathEscape(p.token), m, nil)
	switch {
	case codeOf(err) == unknownWebhook && now.Sub(p.at) < unanswered:
		return bot.Place{}, &bot.Error{Code: bot.Busy, RetryAfter: unanswered - now.Sub(p.at), Err: err}
	case slices.Contains([]int{unknownWebhook, invalidToken}, codeOf(err)):
		return bot.Place{}, &bot.Error{Code: bot.NoAccess, Err: err}
	case answerless(err):
		return bot.Place{}, &bot.Error{Code: bot.Busy, RetryAfter: unsure, Err: err}
	case err != nil:
		return bot.Place{}, err
	}
	return bot.Place{Platform: platform, Tenant: at.Tenant, Channel: at.Channel, User: at.User}, nil
}
