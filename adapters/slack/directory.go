package slack

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"communitybot/bot"
	"communitybot/bot/words"
)

// How long what Slack said about people and groups is used. Slack takes about 20 questions about groups a minute, and
// 100 about people: https://docs.slack.dev/reference/methods/usergroups.users.list,
// https://docs.slack.dev/reference/methods/users.info
const (
	membersLast = 5 * time.Minute
	groupsLast  = 10 * time.Minute
	peopleLast  = time.Hour
	unknownLast = 10 * time.Minute // that somebody's language can't be learned
)

// localeWithin is how long a person who acts waits until their language is known. Whoever it takes longer for is
// answered in English once.
const localeWithin = 500 * time.Millisecond

// InGroup reports whether u is in the user group with that ID, by usergroups.users.list not older than five minutes. An
// ID that can't be a group's has nobody in it. A group that Slack does not know is a NotFound *bot.Error. Errors have
// words for u.
func (a *Adapter) InGroup(ctx context.Context, u bot.User, group string) (bool, error) {
	if u.Platform != platform || !isGroup(group) {
		return false, nil
	}
	members, err := a.members.get(ctx, group, func(ctx context.Context) ([]string, error) {
		return a.api.GetUserGroupMembersContext(ctx, group)
	})
	if err != nil {
		return false, explain(err, &words.For(u.Locale).Chat)
	}
	return slices.Contains(members, u.ID), nil
}

// Who returns a person by users.info, with their language, not older than an hour, or a user group by usergroups.list,
// not older than ten minutes. The adapter has one workspace, so the tenant makes no difference. An ID that Slack does not
// know is a NotFound *bot.Error.
func (a *Adapter) Who(ctx context.Context, _, id string) (bot.User, error) {
	switch {
	case isGroup(id):
		u, err := a.groups.get(ctx, id, func(ctx context.Context) (bot.User, error) { return a.group(ctx, id) })
		return u, unknown(err)
	case isPerson(id):
		u, err := a.people.get(ctx, id, func(ctx context.Context) (account, error) { return a.person(ctx, id) })
		return u.User, unknown(err)
	default:
		return bot.User{}, &bot.Error{Code: bot.NotFound, Err: fmt.Errorf("%.30q is no ID of Slack's", id)}
	}
}

// withLocale returns u, who acts, with the language they set in Slack; without one when that can't be learned soon.
func (a *Adapter) withLocale(ctx context.Context, u bot.User) bot.User {
	if isPerson(u.ID) {
		soon, cancel := context.WithTimeout(ctx, localeWithin)
		defer cancel()
		known, _ := a.people.settle(soon, u.ID, func(ctx context.Context) (account, error) { return a.person(ctx, u.ID) })
		u.Locale = known.Locale
	}
	return u
}

func (a *Adapter) person(ctx context.Context, id string) (account, error) {
	u, err := a.api.GetUserInfoContext(ctx, id) // asks for the locale, too
	if err != nil {
		return account{}, err
	}
	name := cmp.Or(u.Profile.DisplayName, u.Profile.RealName, u.RealName, u.Name)
	return account{bot.User{Platform: platform, ID: id, Name: name, Locale: u.Locale}, u.Enterprise.EnterpriseID}, nil
}

func (a *Adapter) group(ctx context.Context, id string) (bot.User, error) {
	all, err := a.api.GetUserGroupsContext(ctx)
	if err != nil {
		return bot.User{}, err
	}
	i := slices.IndexFunc(all, func(g slack.UserGroup) bool { return g.ID == id })
	if i < 0 {
		return bot.User{}, slack.SlackErrorResponse{Err: "no_such_subteam"}
	}
	return bot.User{Platform: platform, ID: id, Name: cmp.Or(all[i].Handle, all[i].Name), Group: true}, nil
}

// isGroup and isPerson report whether an ID may be a user group's or a person's, going by its first letter.
func isGroup(id string) bool { return len(id) > 1 && id[0] == 'S' && isID(id) }

func isPerson(id string) bool {
	return len(id) > 1 && strings.ContainsRune("UW", rune(id[0])) && isID(id)
}

// noSuch are Slack's errors for an ID that is nobody's.
var noSuch = []string{"no_such_subteam", "user_not_found", "user_not_visible"}

// unknown returns err, which a lookup of a person or group ended with, as a *bot.Error; nil for nil.
func unknown(err error) error {
	if err == nil {
		return nil
	}
	var e *bot.Error
	errors.As(translate(err), &e)
	switch reason := slackError(err); {
	case slices.Contains(noSuch, reason):
		e.Code = bot.NotFound
	case reason == "plan_upgrade_required":
		e.Code = bot.Forbidden
	}
	return e
}

// explain returns err, which a lookup of a group's members ended with, as a *bot.Error that says the reason and what to
// do.
func explain(err error, w *words.Chat) error {
	var e *bot.Error
	errors.As(unknown(err), &e)
	switch reason := slackError(err); {
	case e.Code == bot.NotFound:
		e.Message = w.NoGroup
	case reason == "missing_scope":
		e.Message = bot.Fill(w.GroupScope, "scope", groupScope)
	case reason == "plan_upgrade_required":
		e.Message = w.GroupPlan
	case e.Code == bot.Busy && e.RetryAfter > 0:
		e.Message = bot.Fill(w.GroupWait, "platform", named)
	case e.Code == bot.Busy:
		e.Message = bot.Fill(w.GroupNoAnswer, "platform", named)
	default:
		e.Message = bot.Fill(w.GroupNo, "platform", named)
	}
	return e
}
