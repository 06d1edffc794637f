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
)

// How long what Slack said about people and groups is used. Slack takes about 20 questions about groups a minute:
// https://docs.slack.dev/reference/methods/usergroups.users.list
const (
	membersLast = 5 * time.Minute
	namesLast   = 10 * time.Minute
)

// InGroup reports whether u is in the user group with that ID, by usergroups.users.list not older than five minutes. An
// ID that can't be a group's has nobody in it. A group that Slack does not know is a NotFound *bot.Error.
func (a *Adapter) InGroup(ctx context.Context, u bot.User, group string) (bool, error) {
	if u.Platform != platform || !isGroup(group) {
		return false, nil
	}
	members, err := a.members.get(ctx, group, func(ctx context.Context) ([]string, error) {
		return a.api.GetUserGroupMembersContext(ctx, group)
	})
	if err != nil {
		return false, unknown(err, "who is in that group", groupScope)
	}
	return slices.Contains(members, u.ID), nil
}

// Who returns a person by users.info, or a user group by usergroups.list, not older than ten minutes. The adapter has
// one workspace, so the tenant makes no difference. An ID that Slack does not know is a NotFound *bot.Error.
func (a *Adapter) Who(ctx context.Context, _, id string) (bot.User, error) {
	switch {
	case isGroup(id):
		u, err := a.names.get(ctx, id, func(ctx context.Context) (bot.User, error) { return a.group(ctx, id) })
		return u, unknown(err, "the name of that group", groupScope)
	case isPerson(id):
		u, err := a.names.get(ctx, id, func(ctx context.Context) (bot.User, error) { return a.person(ctx, id) })
		return u, unknown(err, "the name of that person", personScope)
	default:
		return bot.User{}, &bot.Error{Code: bot.NotFound, Message: noSuch["user_not_found"]}
	}
}

func (a *Adapter) person(ctx context.Context, id string) (bot.User, error) {
	u, err := a.api.GetUserInfoContext(ctx, id)
	if err != nil {
		return bot.User{}, err
	}
	name := cmp.Or(u.Profile.DisplayName, u.Profile.RealName, u.RealName, u.Name)
	return bot.User{Platform: platform, ID: id, Name: name}, nil
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

// noSuch are Slack's errors for an ID that is nobody's, in words for people.
var noSuch = map[string]string{
	"no_such_subteam":  "Slack has no such user group any more. Whoever runs the bot has to look at who may decide.",
	"user_not_found":   "Slack knows nobody by that ID.",
	"user_not_visible": "Slack knows nobody by that ID.",
}

// unknown returns err, which a lookup of something ended with, as a *bot.Error that says the reason and what to do; nil
// for nil. scope is what the lookup needs.
func unknown(err error, what, scope string) error {
	if err == nil {
		return nil
	}
	var e *bot.Error
	errors.As(translate(err), &e)
	var refused slack.SlackErrorResponse
	errors.As(err, &refused)
	switch {
	case noSuch[refused.Err] != "":
		e.Code, e.Message = bot.NotFound, noSuch[refused.Err]
	case refused.Err == "missing_scope":
		e.Message = fmt.Sprintf("I may not see %s. Whoever runs the bot has to give it the permission %s.", what, scope)
	case refused.Err == "plan_upgrade_required":
		e.Code, e.Message = bot.Forbidden, "User groups are not part of this workspace's Slack plan. Whoever runs the bot has to name people instead."
	case e.Code == bot.Busy && e.RetryAfter > 0:
		e.Message = fmt.Sprintf("Slack asks me to wait before it tells me %s. Please try again in a minute.", what)
	case e.Code == bot.Busy:
		e.Message = fmt.Sprintf("I could not reach Slack to see %s. Please try again in a minute.", what)
	default:
		e.Message = fmt.Sprintf("Slack does not let me see %s. Whoever runs the bot has to look at its installation.", what)
	}
	return e
}
