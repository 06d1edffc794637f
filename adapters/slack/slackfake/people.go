package slackfake

import (
	"cmp"
	"maps"
	"slices"
)

// profile is what a person calls themselves, beside the name of their account, and their language; and the workspace that
// they belong to, when it is another one, with its organisation, if it has one.
type profile struct{ real, display, locale, team, organisation string }

// group is a user group.
type group struct {
	handle string
	users  []string
}

// AddUser adds a person, or renames one. The direct conversation with the bot needs no set-up.
func (f *Fake) AddUser(id, name string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tick()
	f.users[id] = name
	f.profiles[id] = profile{real: name, display: name, locale: "en-US"}
}

// SetProfile gives a person a real name and a display name, either of which may be empty.
func (f *Fake) SetProfile(id, realName, displayName string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tick()
	p := f.profiles[id]
	p.real, p.display = realName, displayName
	f.profiles[id] = p
}

// SetLocale sets the language that a person chose in Slack, such as "de-DE". It is "en-US" at first.
func (f *Fake) SetLocale(id, locale string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	p := f.profiles[id]
	p.locale = locale
	f.profiles[id] = p
}

// Belongs makes a person one of another workspace, who is in this one's channels by Slack Connect or, when it is of the
// same organisation, by Enterprise Grid. Slash commands are for the workspace that the app is installed in.
// https://docs.slack.dev/apis/slack-connect
func (f *Fake) Belongs(id, team, organisation string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	p := f.profiles[id]
	p.team, p.organisation = team, organisation
	f.profiles[id] = p
}

// teamOf returns the workspace that somebody belongs to.
func (f *Fake) teamOf(id string) string { return cmp.Or(f.profiles[id].team, f.TeamID) }

// external reports whether somebody belongs to another company.
func (f *Fake) external(id string) bool {
	p := f.profiles[id]
	return p.team != "" && (f.Organisation == "" || p.organisation != f.Organisation)
}

// AddGroup adds a user group that people mention by its handle, or changes one.
func (f *Fake) AddGroup(id, handle string, users ...string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tick()
	f.groups[id] = group{handle: handle, users: append([]string{}, users...)}
}

// seenAs returns the name that others see of a user; empty for nobody.
func (f *Fake) seenAs(id string) string {
	p := f.profiles[id]
	return cmp.Or(p.display, p.real, f.users[id])
}

// usersInfo describes a user; their language only to those who ask for it.
// https://docs.slack.dev/reference/methods/users.info
func (f *Fake) usersInfo(a args) (object, error) {
	id := a.str("user")
	name, known := f.users[id]
	if !known {
		return nil, refusal("user_not_found")
	}
	p := f.profiles[id]
	user := object{
		"id": id, "team_id": f.teamOf(id), "name": name, "real_name": p.real, "is_bot": id == botUser,
		"profile": object{"real_name": p.real, "display_name": p.display},
	}
	if organisation := cmp.Or(p.organisation, f.Organisation); organisation != "" && (p.team == "" || p.organisation != "") {
		user["enterprise_user"] = object{"id": id, "enterprise_id": organisation, "enterprise_name": organisation, "teams": []string{f.teamOf(id)}}
	}
	if a.flag("include_locale") {
		user["locale"] = p.locale
	}
	return object{"user": user}, nil
}

// groupsList lists the user groups. https://docs.slack.dev/reference/methods/usergroups.list
func (f *Fake) groupsList(a args) (object, error) {
	all := []object{}
	for _, id := range slices.Sorted(maps.Keys(f.groups)) {
		g := f.groups[id]
		listed := object{
			"id": id, "team_id": f.TeamID, "is_usergroup": true, "is_external": false, "date_delete": 0,
			"handle": g.handle, "name": g.handle, "description": "",
		}
		if a.flag("include_users") {
			listed["users"] = g.users
		}
		if a.flag("include_count") {
			listed["user_count"] = len(g.users)
		}
		all = append(all, listed)
	}
	return object{"usergroups": all}, nil
}

// groupUsers lists who is in a user group. https://docs.slack.dev/reference/methods/usergroups.users.list
func (f *Fake) groupUsers(a args) (object, error) {
	g, known := f.groups[a.str("usergroup")]
	if !known {
		return nil, refusal("no_such_subteam")
	}
	return object{"users": g.users}, nil
}
