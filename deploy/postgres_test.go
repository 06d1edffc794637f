package deploy_test

import (
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"communitybot/adapters/slack/slackfake"
	"communitybot/bot/store/pgtest"
)

// noPassword looks that the password of the database is nowhere in what the program said.
func noPassword(t *testing.T, said ...string) {
	t.Helper()
	for _, text := range said {
		if strings.Contains(text, pgtest.Password) {
			t.Errorf("the password of the database is in\n%s", text)
		}
	}
}

func TestServeOnPostgres(t *testing.T) {
	f := startFakes(t, slackfake.Options{Scopes: strings.Split("commands,chat:write,chat:write.public,im:write,channels:history,groups:history,im:history", ",")})
	env := append(f.env, "DATABASE_URL="+pgtest.Empty(t), "LOG_LEVEL=debug")
	if code, out, errOut := runs(t, env, "register"); code != 0 {
		t.Fatalf("register ended with %d\n%s%s", code, out, errOut)
	}
	code, out, errOut := runs(t, env, "doctor")
	noPassword(t, out, errOut)
	wants(t, out, "ok    database", "the first start makes them")
	if code != 0 {
		t.Errorf("doctor ended with %d\n%s%s", code, out, errOut)
	}
	first, second := start(t, env), start(t, env)
	for _, p := range []*process{first, second} {
		url := p.address()
		until(t, "the bot is ready", func() bool { code, _ := get(t, url+"/readyz"); return code == 200 })
	}
	_, out, errOut = runs(t, env, "doctor")
	noPassword(t, out, errOut)
	wants(t, out, "ok    database", "2 at work on it")
	code, out, errOut = runs(t, env, "export")
	noPassword(t, out, errOut)
	if code != 0 || !strings.HasPrefix(out, "request") {
		t.Errorf("export ended with %d\n%s%s", code, out, errOut)
	}
	for _, p := range []*process{first, second} {
		p.stop()
		noPassword(t, p.errOut.String())
	}
}

// TestADatabaseThatCantBeUsedIsNamedWithoutItsPassword also has every other word about it be for operators.
func TestADatabaseThatCantBeUsedIsNamedWithoutItsPassword(t *testing.T) {
	f := startFakes(t, slackfake.Options{})
	sound, err := url.Parse(pgtest.Empty(t))
	if err != nil {
		t.Fatal(err)
	}
	with := func(change func(*url.URL)) string {
		u := *sound
		change(&u)
		return u.String()
	}
	for name, c := range map[string]struct{ url, want string }{
		"a wrong password":   {with(func(u *url.URL) { u.User = url.UserPassword("bot", pgtest.Password+"2") }), "does not let this user in"},
		"no such database":   {with(func(u *url.URL) { u.Path = "/none" }), "is not there"},
		"nobody there":       {with(func(u *url.URL) { u.Host = "127.0.0.1:1" }), "can't be reached"},
		"what is not a word": {with(func(u *url.URL) { u.RawQuery = "sslmode=maybe" }), "behind its question mark"},
	} {
		t.Run(name, func(t *testing.T) {
			env := append(f.env, "DATABASE_URL="+c.url, "LOG_LEVEL=debug")
			for _, command := range []string{"serve", "doctor", "export"} {
				code, out, errOut := runs(t, env, command)
				noPassword(t, out, errOut)
				if code != 1 || !strings.Contains(out+errOut, c.want) {
					t.Errorf("%s ended with %d, want 1 and that it %s\n%s%s", command, code, c.want, out, errOut)
				}
			}
		})
	}
}

func TestMigrateStore(t *testing.T) {
	f := startFakes(t, slackfake.Options{})
	from, to := "sqlite:"+filepath.Join(t.TempDir(), "bot.db"), pgtest.Empty(t)
	env := append(f.env, "DATABASE_URL="+from)
	p := start(t, env)
	p.address()
	code, out, errOut := runs(t, nil, "migrate-store", from, to)
	noPassword(t, out, errOut)
	if code != 1 {
		t.Errorf("while a bot has the file open it ended with %d\n%s", code, out)
	}
	wants(t, errOut, "nothing was moved", "in use by another communitybot. Stop that one first")
	p.stop()

	plain, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	plain.User = url.User("bot")
	code, out, errOut = runs(t, []string{"PGPASSWORD=" + pgtest.Password}, "migrate-store", from, plain.String())
	noPassword(t, out, errOut)
	if code != 0 {
		t.Errorf("it ended with %d\n%s%s", code, out, errOut)
	}
	wants(t, out, "requests  0 rows, sha256 ", "history", "drafts", "set DATABASE_URL")

	code, out, errOut = runs(t, nil, "migrate-store", from, to, to)
	noPassword(t, out, errOut)
	if code != 2 {
		t.Errorf("with one word too many it ended with %d\n%s%s", code, out, errOut)
	}
	wants(t, errOut, "[secret]@")
}
