package discordfake

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTheServersRoles(t *testing.T) {
	w := newWorld(t, Options{})
	w.AddRole("300000000000000002", "ops")
	w.AddRole(admins, "Admins") // came into being with Ada
	guild := w.Options().GuildID
	roles, err := w.s.GuildRoles(guild)
	if err != nil {
		t.Fatal(err)
	}
	got := make(map[string]string)
	for _, r := range roles {
		got[r.ID] = r.Name
	}
	if diff := cmp.Diff(map[string]string{guild: "@everyone", admins: "Admins", "300000000000000002": "ops"}, got); diff != "" || len(roles) != 3 {
		t.Errorf("%d roles: %s", len(roles), diff)
	}
	if roles[2].Position != 2 || roles[2].Mentionable {
		t.Errorf("got %+v", roles[2])
	}
}

func TestAMember(t *testing.T) {
	w := newWorld(t, Options{})
	m, err := w.s.GuildMember(w.Options().GuildID, ada)
	if err != nil {
		t.Fatal(err)
	}
	if m.User.ID != ada || m.User.GlobalName != "Ada Lovelace" || m.Nick != "" || m.JoinedAt.IsZero() || m.Permissions != 0 || !cmp.Equal(m.Roles, []string{admins}) {
		t.Errorf("got %+v", m)
	}
	w.SetNick(ada, "Countess")
	if m, err = w.s.GuildMember(w.Options().GuildID, ada); err != nil || m.Nick != "Countess" {
		t.Errorf("got %+v, %v", m, err)
	}
	w.post(`{"content":"<@` + ada + `>"}`)
	if text := w.read(bob, general)[0].Text; text != "@Countess" {
		t.Errorf("others see %q", text)
	}
	if m, err = w.s.GuildMember(w.Options().GuildID, bob); err != nil || m.Roles == nil || len(m.Roles) != 0 {
		t.Errorf("a member without roles: %+v, %v", m, err)
	}
	if m, err = w.s.GuildMember(w.Options().GuildID, w.Options().ApplicationID); err != nil || !m.User.Bot {
		t.Errorf("the bot itself: %+v, %v", m, err)
	}
}

func TestTheServerIsReadWithoutPermissionsInAnyChannel(t *testing.T) {
	w := newWorld(t, Options{})
	w.Allow(general, 0)
	for _, path := range []string{"/roles", "/members/" + ada} {
		if status, answer := w.api("GET", "/guilds/"+w.Options().GuildID+path, ""); status != http.StatusOK {
			t.Errorf("%s: %d %v", path, status, answer)
		}
	}
}

func TestWhatTheServerDoesNotHave(t *testing.T) {
	w := newWorld(t, Options{})
	guild := "/guilds/" + w.Options().GuildID
	for name, c := range map[string]struct {
		path   string
		status int
		code   float64
		at     string // where the body is wrong
	}{
		"roles of another server":                 {"/guilds/1/roles", 404, 10004, ""},
		"a member of another server":              {"/guilds/1/members/" + ada, 404, 10004, ""},
		"roles of a server whose ID is no ID":     {"/guilds/acme/roles", 400, 50035, "guild_id"},
		"a member of a server whose ID is no ID":  {"/guilds/acme/members/" + ada, 400, 50035, "guild_id"},
		"a person whom nobody knows":              {guild + "/members/200000000000000009", 404, 10013, ""},
		"a person whose ID is no ID":              {guild + "/members/ada", 400, 50035, "user_id"},
		"a person whose ID is larger than any ID": {guild + "/members/99999999999999999999", 400, 50035, "user_id"},
	} {
		t.Run(name, func(t *testing.T) {
			status, answer := w.api("GET", c.path, "")
			if status != c.status || answer["code"] != c.code {
				t.Fatalf("got %d %v", status, answer)
			}
			if c.at != "" && errorAt(answer["errors"], c.at) != "NUMBER_TYPE_COERCE" {
				t.Errorf("got %v", answer)
			}
		})
	}
}

func TestRolesAreNotifiedWhereTheBotMayMentionAll(t *testing.T) {
	const body = `{"content":"<@&` + admins + `> @everyone <@` + bob + `>"}`
	for name, c := range map[string]struct {
		allowed Permission
		want    []string
	}{
		"it may":     {Everything, []string{"everyone", admins, bob}},
		"it may not": {Everything &^ MentionAll, []string{bob}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, Options{})
			w.Allow(general, c.allowed)
			w.post(body)
			if diff := cmp.Diff(c.want, w.read(ada, general)[0].Pings); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRolesThatAreNone(t *testing.T) {
	w := newWorld(t, Options{})
	w.AddRole(admins, "ops")
	w.post(`{"content":"<@&` + admins + `> <@&7>"}`)
	got := w.read(ada, general)[0]
	if got.Text != "@ops @unknown-role" || !cmp.Equal(got.Pings, []string{admins}) {
		t.Errorf("people see %q, notified are %v", got.Text, got.Pings)
	}
	direct, err := w.s.UserChannelCreate(ada)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.s.ChannelMessageSend(direct.ID, "<@&"+admins+"> @everyone"); err != nil {
		t.Fatal(err)
	}
	if got := w.read(ada, "@"+ada)[0]; got.Pings != nil {
		t.Errorf("in a direct conversation, notified are %v", got.Pings)
	}
}

func TestRolesAndNicksThatAreMistakes(t *testing.T) {
	w := newWorld(t, Options{})
	for name, do := range map[string]func(){
		"a role whose ID is no snowflake": func() { w.AddRole("ops", "ops") },
		"a nickname of nobody":            func() { w.SetNick("7", "Nobody") },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			do()
		})
	}
}
