package discord

import (
	"context"
	"net/http"
	"slices"

	"communitybot/bot"
)

// InGroup reports whether u has a role. Discord tells a person's roles with whatever they do, so it calls nobody and
// never fails. The role that all members have, which has the server's ID, is not among them.
func (*Adapter) InGroup(_ context.Context, u bot.User, group string) (bool, error) {
	return u.Platform == platform && slices.Contains(u.Groups, group), nil
}

// Who returns the role or the member of a server (tenant) with that ID, by the name that is known there. It remembers
// them for ten minutes. An ID of neither is a NotFound *bot.Error; the others are those of bot.Platform.
func (a *Adapter) Who(ctx context.Context, tenant, id string) (bot.User, error) {
	if !isID(tenant) || !isID(id) {
		return bot.User{}, &bot.Error{Code: bot.NotFound}
	}
	server := "/guilds/" + tenant
	names, err := a.roles.get(ctx, a.now, tenant, guarded(a, func(ctx context.Context) (map[string]string, error) {
		return a.fetchRoles(ctx, server)
	}))
	if err != nil {
		return bot.User{}, err
	}
	if name, ok := names[id]; ok {
		return bot.User{Platform: platform, ID: id, Name: name, Group: true}, nil
	}
	u, err := a.people.get(ctx, a.now, tenant+"/"+id, guarded(a, func(ctx context.Context) (bot.User, error) {
		var m member
		_, err := a.call(ctx, http.MethodGet, server+"/members/"+id, nil, &m)
		return bot.User{Platform: platform, ID: id, Name: m.User.name(m.Nick)}, err
	}))
	if code := codeOf(err); code == unknownMember || code == unknownUser {
		err = &bot.Error{Code: bot.NotFound, Err: err}
	}
	if err != nil {
		return bot.User{}, err
	}
	return u, nil
}

// guarded looks something up in a goroutine of its own: a panic is an error of ours there, and not the end of the process.
func guarded[V any](a *Adapter, look func(context.Context) (V, error)) func(context.Context) (V, error) {
	return func(ctx context.Context) (value V, err error) {
		err = &bot.Error{Code: bot.Internal, Err: errPanic}
		defer a.guard(ctx, "discord: panic while something was looked up", nil)
		return look(ctx)
	}
}

// fetchRoles returns the names of a server's roles by ID. Any bot in the server may ask, and there are 250 at most.
// https://discord.com/developers/docs/resources/guild#get-guild-roles
func (a *Adapter) fetchRoles(ctx context.Context, server string) (map[string]string, error) {
	var roles []struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}
	if _, err := a.call(ctx, http.MethodGet, server+"/roles", nil, &roles); err != nil {
		return nil, err
	}
	names := make(map[string]string, len(roles))
	for _, r := range roles {
		names[r.ID] = r.Name
	}
	return names, nil
}
