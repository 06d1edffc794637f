package slack

import (
	"cmp"
	"context"
	"fmt"

	"communitybot/bot"
	"communitybot/bot/words"
)

// account is what Slack says of a person.
type account struct {
	bot.User
	organisation string // that they belong to, with Enterprise Grid
}

// admit returns the handler of what a person did: h, or one that refuses everything, when they belong to another company
// and are there by Slack Connect. Typed commands need no look: Slack has them for the workspace that the app is in alone.
func (a *Adapter) admit(ctx context.Context, h bot.Handler, p interaction) bot.Handler {
	why := a.outsider(ctx, p)
	if why == nil {
		return h
	}
	a.log.InfoContext(ctx, "slack: somebody of another workspace is refused", "type", p.Type, "team", p.theirs(), "error", why)
	return bot.HandlerFunc(func(_ context.Context, e bot.Event) (bot.Reply, error) {
		refused := *why
		if refused.Code == bot.Forbidden {
			refused.Message = words.For(e.By.Locale).Chat.Stranger
		}
		return nil, &refused
	})
}

// outsider returns why somebody is refused: they belong neither to the workspace that the app is installed in, nor to
// another one of its organisation, or Slack does not say of which they are; nil: they are not.
// https://docs.slack.dev/apis/slack-connect
func (a *Adapter) outsider(ctx context.Context, p interaction) *bot.Error {
	theirs, ours, organisation := p.theirs(), p.ours(), p.Enterprise.ID
	if theirs == ours || theirs == "" || theirs == organisation || ours == "" && organisation == "" {
		return nil
	}
	if organisation == "" {
		return &bot.Error{Code: bot.Forbidden, Err: fmt.Errorf("they belong to %.20q, the app is in %.20q", theirs, ours)}
	}
	who, err := a.people.get(ctx, p.User.ID, func(ctx context.Context) (account, error) { return a.person(ctx, p.User.ID) })
	switch {
	case err != nil:
		return &bot.Error{Code: bot.Busy, Err: fmt.Errorf("looking up their organisation: %w", describe(err))}
	case who.organisation != organisation:
		return &bot.Error{Code: bot.Forbidden, Err: fmt.Errorf("they belong to organisation %.20q, the app is in %.20q", who.organisation, organisation)}
	}
	return nil
}

// theirs is the workspace, or the organisation, that the one who acts belongs to.
func (p interaction) theirs() string { return cmp.Or(p.User.TeamID, p.Team.ID) }

// ours is the workspace that the app is installed in. With a sent form, team is the workspace of the person.
// https://github.com/slackapi/bolt-js/pull/1615
func (p interaction) ours() string { return cmp.Or(p.View.AppTeam, p.Team.ID) }
