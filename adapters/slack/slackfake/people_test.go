package slackfake

import (
	"net/http"
	"net/url"
	"slices"
	"testing"

	"github.com/slack-go/slack"
)

func TestPeopleAreDescribed(t *testing.T) {
	f := start(t, Options{})
	f.AddUser("U3", "cleo")
	f.SetProfile("U2", "Bob Ray", "")
	f.SetProfile("U3", "Cleo Fox", "Cleo 🦊")
	api := client(t, f)
	for id, want := range map[string][]string{
		"U1":   {"U1", "ann", "ann", "ann", "ann"},
		"U2":   {"U2", "bob", "Bob Ray", "Bob Ray", ""},
		"U3":   {"U3", "cleo", "Cleo Fox", "Cleo Fox", "Cleo 🦊"},
		"UBOT": {"UBOT", botName, "", "", ""},
	} {
		u := must[*slack.User](t)(api.GetUserInfoContext(ctx(t), id))
		same(t, id, []string{u.ID, u.Name, u.RealName, u.Profile.RealName, u.Profile.DisplayName}, want)
		same(t, "a bot", u.IsBot, id == botUser)
	}
	_, err := api.GetUserInfoContext(ctx(t), "U9")
	wantCode(t, err, "user_not_found")
}

func TestALanguageIsToldToThoseWhoAskForIt(t *testing.T) {
	f := start(t, Options{})
	f.SetLocale("U2", "de-DE")
	f.SetProfile("U2", "Bob Ray", "")
	api := client(t, f)
	for id, want := range map[string]string{"U1": "en-US", "U2": "de-DE"} {
		if u := must[*slack.User](t)(api.GetUserInfoContext(ctx(t), id)); u.Locale != want {
			t.Errorf("%s: %q, want %q", id, u.Locale, want)
		}
		if u := must[*slack.User](t)(api.GetUserInfoContext(ctx(t), id, slack.GetUserInfoOptionIncludeLocale(false))); u.Locale != "" {
			t.Errorf("%s: %q without asking", id, u.Locale)
		}
	}
}

func TestPeopleAreSeenByTheNameTheyChose(t *testing.T) {
	f := start(t, Options{})
	f.SetProfile("U1", "Ann Lee", "")
	f.Say("U1", "C1", "I am <@U1>")
	var name string
	connect(t, f, func(_ http.ResponseWriter, form url.Values) { name = form.Get("user_name") })
	if _, err := f.Type(ctx(t), "U1", "C1", "/hello"); err != nil {
		t.Fatal(err)
	}
	m := must[[]messageT](t)(f.Read(ctx(t), "U2", "C1"))[0]
	same(t, "author, text and account", []string{m.Author, m.Text, name}, []string{"Ann Lee", "I am @Ann Lee", "ann"})
	f.AddUser("U1", "anna")
	if m := must[[]messageT](t)(f.Read(ctx(t), "U2", "C1"))[0]; m.Author != "anna" {
		t.Errorf("renamed, she is %q", m.Author)
	}
}

func TestGroupsAreListed(t *testing.T) {
	f := start(t, Options{})
	api := client(t, f)
	same(t, "no groups", len(must[[]slack.UserGroup](t)(api.GetUserGroupsContext(ctx(t)))), 0)
	f.AddGroup("S2", "legal")
	f.AddGroup("S1", "opps", "U1")
	f.AddGroup("S1", "ops", "U1", "U2")
	all := must[[]slack.UserGroup](t)(api.GetUserGroupsContext(ctx(t)))
	if len(all) != 2 || all[0].Users != nil || all[0].UserCount != 0 {
		t.Fatalf("got %+v", all)
	}
	same(t, "ops", []any{all[0].ID, all[0].Handle, all[0].Name, all[0].TeamID, all[0].IsUserGroup}, []any{"S1", "ops", "ops", f.TeamID, true})
	all = must[[]slack.UserGroup](t)(api.GetUserGroupsContext(ctx(t), slack.GetUserGroupsOptionIncludeUsers(true), slack.GetUserGroupsOptionIncludeCount(true)))
	same(t, "with users", []any{all[0].Users, all[0].UserCount, all[1].Handle, len(all[1].Users), all[1].UserCount}, []any{[]string{"U1", "U2"}, 2, "legal", 0, 0})
}

func TestMembersOfGroups(t *testing.T) {
	f := start(t, Options{})
	f.AddGroup("S1", "ops", "U1", "U2")
	f.AddGroup("S2", "legal")
	api := client(t, f)
	for id, want := range map[string][]string{"S1": {"U1", "U2"}, "S2": {}} {
		if got := must[[]string](t)(api.GetUserGroupMembersContext(ctx(t), id)); !slices.Equal(got, want) || got == nil {
			t.Errorf("%s: %v", id, got)
		}
	}
	_, err := api.GetUserGroupMembersContext(ctx(t), "S9")
	wantCode(t, err, "no_such_subteam")
}

func TestGroupsNeedTheirScope(t *testing.T) {
	f := start(t, Options{Scopes: []string{"users:read"}})
	for _, method := range []string{"usergroups.list", "usergroups.users.list"} {
		_, a := rawCall(t, f, method, object{"usergroup": "S1"})
		same(t, method, []any{a["error"], a["needed"], a["provided"]}, []any{"missing_scope", "usergroups:read", "users:read"})
	}
}
