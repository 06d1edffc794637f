package deploy_test

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"communitybot/adapters/discord/discordfake"
	"communitybot/adapters/person"
	"communitybot/adapters/slack/slackfake"
	"communitybot/bot/genuin/genuinfake"
	"communitybot/bot/store/pgtest"
)

// planted are secrets that can't turn up by chance. Some hold what is written in another way in a URL, in JSON, in Go.
var planted = map[string]string{
	"SLACK_BOT_TOKEN":      "xoxb-planted-slack-bot",
	"SLACK_SIGNING_SECRET": "planted-slack-signing",
	"SLACK_APP_TOKEN":      "xapp-planted-slack-app",
	"DISCORD_BOT_TOKEN":    "planted.discord.bot",
	"GENUIN_API_KEY":       `planted/genuin+key="1"`,
	"GENUIN_API_SECRET":    `planted/genuin&secret\2`,
	"GENUIN_ACCESS_TOKEN":  "planted%genuin=token",
}

// others that are secret without being configured.
var alsoSecret = map[string]*regexp.Regexp{
	"a response_url":             regexp.MustCompile(`/hooks/(commands|actions)/`),
	"an interaction token":       regexp.MustCompile(`aW50ZXJhY3Rpb246|planted-interaction-token`),
	"a ticket of Socket Mode":    regexp.MustCompile(`ticket=[A-Za-z0-9]`),
	"a token that Genuin gave":   regexp.MustCompile(`gn-[A-Z2-7]{26}`),
	"the leader's phone":         regexp.MustCompile(genuinfake.LeaderPhone),
	"a verification token":       regexp.MustCompile(`fake-verification-token`),
	"the password of a database": regexp.MustCompile(`planted-database|` + regexp.QuoteMeta(pgtest.Password)),
}

// leaks names the secrets in a text, also as they are written elsewhere.
func leaks(text string) []string {
	var found []string
	for name, secret := range planted {
		quoted, inJSON := strconv.Quote(secret), asJSON(secret)
		for _, form := range []string{
			secret, url.QueryEscape(secret), url.PathEscape(secret), quoted[1 : len(quoted)-1], inJSON[1 : len(inJSON)-1],
			base64.StdEncoding.EncodeToString([]byte(secret)), hex.EncodeToString([]byte(secret)),
		} {
			if strings.Contains(text, form) {
				found = append(found, name)
				break
			}
		}
	}
	for name, pattern := range alsoSecret {
		if pattern.MatchString(text) {
			found = append(found, name)
		}
	}
	return found
}

func TestTheSearchForSecretsFindsThem(t *testing.T) {
	for name, secret := range planted {
		for _, text := range []string{secret, "a" + secret + "b", asJSON(object{"x": secret}), fmt.Sprintf("%q", secret), url.Values{"a": {secret}}.Encode()} {
			if found := leaks(text); len(found) != 1 || found[0] != name {
				t.Errorf("in %s it finds %v, want %s", text, found, name)
			}
		}
	}
	for _, text := range []string{"http://127.0.0.1:1/hooks/actions/T0/X", "x aW50ZXJhY3Rpb246MTIz", "ws://x/link/?ticket=ABC", "Bearer gn-" + strings.Repeat("A", 26), genuinfake.LeaderPhone} {
		if len(leaks(text)) != 1 {
			t.Errorf("in %s it finds %v", text, leaks(text))
		}
	}
	if found := leaks("nothing of the kind"); len(found) > 0 {
		t.Errorf("it finds %v where nothing is", found)
	}
}

// gossip is a Genuin that knows no discretion: it refuses everything and repeats all it was sent, unless it is told
// otherwise.
func gossip(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body) // what came of it
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Gn-Access-Token", planted["GENUIN_ACCESS_TOKEN"])
		status := http.StatusBadRequest
		if r.URL.Path == genuinfake.AuthPath {
			status = http.StatusOK
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, asJSON(object{"code": strconv.Itoa(status), "message": fmt.Sprintf("X1-[refused %s %s]", r.Header.Get("Authorization"), body)}))
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// plantedFakes are fakes on which every secret is a planted one.
func plantedFakes(t *testing.T) *fakes {
	t.Helper()
	s, err := slackfake.Start(slackfake.Options{BotToken: planted["SLACK_BOT_TOKEN"], SigningSecret: planted["SLACK_SIGNING_SECRET"]})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	d, err := discordfake.Start(discordfake.Options{BotToken: planted["DISCORD_BOT_TOKEN"]})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	g, err := genuinfake.Start(genuinfake.Options{APIKey: planted["GENUIN_API_KEY"], APISecret: planted["GENUIN_API_SECRET"], RetryAfter: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Close)
	f := &fakes{slack: s, discord: d, genuin: g, env: []string{
		"SLACK_BOT_TOKEN=" + s.BotToken, "SLACK_API_URL=" + s.APIURL(), "LOG_LEVEL=debug", "GENUIN_BASE_URL=" + g.URL(),
		"DISCORD_BOT_TOKEN=" + planted["DISCORD_BOT_TOKEN"], "DISCORD_APPLICATION_ID=" + d.Options().ApplicationID, "DISCORD_API_URL=" + d.APIURL(),
		"LISTEN_ADDR=127.0.0.1:0", "PUBLIC_URL=https://bot.example.com",
	}}
	f.populate()
	return f
}

// seen is all that may be read of the program from outside, by where.
type seen map[string]string

// holds checks that no secret is in it, and that what is read there is what is meant.
func (s seen) holds(t *testing.T, known map[string]string) {
	t.Helper()
	for where, text := range s {
		for _, name := range leaks(text) {
			t.Errorf("%s is in %s", name, where)
		}
	}
	for where, words := range known {
		if !strings.Contains(s[where], words) {
			t.Errorf("%s does not hold %q: %.500s", where, words, s[where])
		}
	}
}

// asks asks for a community as people do, and keeps what came up.
func (d *door) asks(chat person.Chat, who, channel, line, name string, s seen) {
	d.t.Helper()
	screen, err := chat.Type(d.t.Context(), who, channel, line+name)
	s["screens"] += asJSON(screen) + fmt.Sprint(err)
	if screen.Form == nil {
		return
	}
	sent, err := chat.Send(d.t.Context(), who, screen.Form.ID, map[string]string{"Handle": strings.ToLower(strings.ReplaceAll(name, " ", "-")) + unique()})
	s["screens"] += asJSON(sent) + fmt.Sprint(err)
}

// look keeps all that people see, what the program logged and stored, and what it answers.
func (d *door) look(s seen) {
	d.t.Helper()
	for _, who := range []string{"Ada", "Ben"} {
		for _, place := range []string{onSlack["general"], "@" + onSlack[who]} {
			messages, err := d.slack.Read(d.t.Context(), onSlack[who], place)
			s["Slack"] += asJSON(messages) + fmt.Sprint(err)
		}
		for _, place := range []string{onDiscord["general"], "@" + onDiscord[who]} {
			messages, err := d.discord.Read(d.t.Context(), onDiscord[who], place)
			s["Discord"] += asJSON(messages) + fmt.Sprint(err)
		}
	}
	for _, path := range []string{"/metrics", "/readyz", "/healthz", "/", "/slack/events"} {
		_, body := get(d.t, d.url+path)
		s[path] += body
	}
	s["the log"] = d.p.errOut.String()
	s["the database"] += d.stored()
	for _, args := range [][]string{{"export"}, {"export", "--format", "jsonl"}, {"doctor"}, {"register"}, {"health"}} {
		_, out, errOut := runs(d.t, d.env, args...)
		s["communitybot "+args[0]] += out + errOut
	}
}

// stored is all that the database holds, as it is there.
func (d *door) stored() string {
	d.t.Helper()
	if !strings.HasPrefix(d.database, "sqlite:") {
		return pgtest.Dump(d.t, d.database)
	}
	files, err := filepath.Glob(strings.TrimPrefix(d.database, "sqlite:") + "*")
	if err != nil || len(files) == 0 {
		d.t.Fatalf("no database: %v", err)
	}
	var all strings.Builder
	for _, file := range files {
		bytes, err := os.ReadFile(file)
		if err != nil {
			d.t.Fatal(err)
		}
		all.Write(bytes)
	}
	return all.String()
}

// wayIn is how the program is reached, in which form it logs, and where it keeps things.
var wayIn = map[string]struct {
	env      []string
	linked   bool
	postgres bool
}{
	"over HTTP, text":        {env: []string{"LOG_FORMAT=text", "SLACK_SIGNING_SECRET=" + planted["SLACK_SIGNING_SECRET"]}},
	"over connections, JSON": {env: []string{"LOG_FORMAT=json", "SLACK_APP_TOKEN=" + planted["SLACK_APP_TOKEN"]}, linked: true},
	"over HTTP, on Postgres": {env: []string{"LOG_FORMAT=json", "SLACK_SIGNING_SECRET=" + planted["SLACK_SIGNING_SECRET"]}, postgres: true},
}

// watch starts the program with nothing but planted secrets, has people do something with it, and looks everywhere.
func watch(t *testing.T, wayName string, env []string, act func(*door, seen)) (*door, seen) {
	t.Helper()
	f, way := plantedFakes(t), wayIn[wayName]
	env = append(append([]string{}, way.env...), env...)
	if way.postgres {
		env = append(env, "DATABASE_URL="+pgtest.Empty(t))
	}
	if way.linked {
		f.slack.UseSocket(planted["SLACK_APP_TOKEN"])
	} else {
		env = append(env, "DISCORD_PUBLIC_KEY="+f.discord.PublicKey())
	}
	d, s := serveOn(t, f, env...), seen{}
	printed := make(chan string, 1)
	go func() {
		out, _ := io.ReadAll(d.p.out) // what came until the program ended
		printed <- string(out)
	}()
	until(t, "the platforms are there", func() bool { code, _ := get(t, d.url+"/readyz"); return code == http.StatusOK })
	act(d, s)
	d.look(s)
	d.p.stop()
	s["the log"] += d.p.errOut.String()
	s["standard output"] = <-printed
	return d, s
}

func TestSecretsAreNowhereToBeSeen(t *testing.T) {
	for way := range wayIn {
		t.Run(way, func(t *testing.T) {
			_, s := watch(t, way, []string{"GENUIN_API_KEY=" + planted["GENUIN_API_KEY"], "GENUIN_API_SECRET=" + planted["GENUIN_API_SECRET"]}, (*door).goesWrong)
			s.holds(t, map[string]string{
				"the log": "ready", "the database": "Kept anyway", "screens": "Create a community", "Slack": "Kept anyway", "Discord": "Kept anyway",
				"/metrics": "go_goroutines", "communitybot export": "Kept anyway", "communitybot doctor": "slack token", "communitybot register": "slash_commands",
			})
		})
	}
}

// goesWrong has people ask while one thing after the other fails: the platforms, then Genuin.
func (d *door) goesWrong(s seen) {
	slack := func(name string) { d.asks(d.slack, onSlack["Ada"], onSlack["general"], "/create-community ", name, s) }
	discord := func(name string) {
		d.asks(d.discord, onDiscord["Ada"], onDiscord["general"], "/create-community name:", name, s)
	}
	const posting = "POST /channels/{channel}/messages"
	d.slack.Fail("users.info", 1, slackfake.Reset())
	for _, how := range []slackfake.Failure{slackfake.Refuse("token_revoked"), slackfake.Status(http.StatusInternalServerError, 0), slackfake.Reset()} {
		d.slack.Fail("views.open", 1, how)
		slack("Not even asked")
		d.slack.Fail("chat.postMessage", 1, how)
	}
	slack("Kept anyway")
	for _, how := range []discordfake.Failure{{CutBefore: true}, {Status: http.StatusUnauthorized}, {Status: http.StatusInternalServerError}} {
		d.discord.Fail("POST /interactions/{id}/{token}/callback", 1, how) // over the gateway
		discord("Not even asked")
		d.discord.Fail(posting, 1, how)
	}
	discord("Kept anyway")
	d.settled(`created 0/0 "Kept anyway" created`)
	d.counted(`"Kept anyway" told`, 2)

	d.slack.Fail("chat.postMessage", 2, slackfake.Refuse("not_in_channel"))
	d.slack.Fail("conversations.open", 1, slackfake.Refuse("user_disabled"))
	d.slack.Fail("response_url", 1, slackfake.Reset())
	slack("Out of reach")
	d.settled(`"Out of reach" fading by`)
	d.discord.Fail(posting, 2, discordfake.Failure{Code: 50001, Status: http.StatusForbidden})
	d.discord.Fail("POST /users/@me/channels", 1, discordfake.Failure{Code: 50007, Status: http.StatusForbidden})
	d.discord.Fail("POST /webhooks/{app}/{token}", 1, discordfake.Failure{CutBefore: true})
	discord("Cut off")
	d.settled(`"Cut off" fading by`)
	d.settled(`"Cut off" created by`) // what Genuin does next is for those below

	for i, c := range []struct {
		modes []genuinfake.Mode
		auth  []genuinfake.Mode
		ends  string
	}{
		{modes: []genuinfake.Mode{genuinfake.BadRequest}, ends: "failed"},
		{modes: []genuinfake.Mode{genuinfake.Misuse}, ends: "failed"},
		{modes: []genuinfake.Mode{genuinfake.ResetAfter}, ends: "unconfirmed"},
		{modes: []genuinfake.Mode{genuinfake.NotJSON, genuinfake.Broken}, ends: "created"},
		{modes: []genuinfake.Mode{genuinfake.Oversized}, ends: "unconfirmed"},
		{modes: []genuinfake.Mode{genuinfake.ExpiredToken}, auth: []genuinfake.Mode{genuinfake.NoBrand}, ends: "failed"},
	} {
		d.genuin.Next(c.modes...)
		d.genuin.NextAuth(c.auth...)
		name := fmt.Sprintf("Refused %d", i)
		[]func(string){slack, discord}[i%2](name)
		d.settled(fmt.Sprintf("%q %s", name, c.ends))
	}
	d.pressesInVain(s)
	d.genuin.Close()
	slack("Nobody there")
	d.settled(`"Nobody there" trouble`)
}

// pressesInVain presses what is on the last card that failed on Slack, while Slack answers nothing.
func (d *door) pressesInVain(s seen) {
	const fix = "Fix and resubmit"
	var card string
	until(d.t, "a card says what can be done", func() bool {
		messages, err := d.slack.Read(d.t.Context(), onSlack["Ada"], onSlack["general"])
		for _, m := range messages {
			if m.Button(fix) {
				card = m.ID
			}
		}
		return err == nil && card != ""
	})
	for _, how := range []slackfake.Failure{slackfake.Reset(), slackfake.Status(http.StatusInternalServerError, 0), slackfake.Refuse("invalid_auth")} {
		d.slack.Fail("views.open", 1, how)
		d.slack.Fail("response_url", 1, how)
		screen, err := d.slack.Press(d.t.Context(), onSlack["Ada"], card, fix)
		s["screens"] += asJSON(screen) + fmt.Sprint(err)
	}
}

// TestWhatGenuinRepeatsOfSecretsIsNotPassedOn has a Genuin that quotes all it was sent in its words for people.
func TestWhatGenuinRepeatsOfSecretsIsNotPassedOn(t *testing.T) {
	for name, env := range map[string][]string{
		"a key and its secret": {"GENUIN_API_KEY=" + planted["GENUIN_API_KEY"], "GENUIN_API_SECRET=" + planted["GENUIN_API_SECRET"]},
		"a ready token":        {"GENUIN_ACCESS_TOKEN=" + planted["GENUIN_ACCESS_TOKEN"]},
	} {
		t.Run(name, func(t *testing.T) {
			_, s := watch(t, "over HTTP, text", append(env, "GENUIN_BASE_URL="+gossip(t)), func(d *door, s seen) {
				d.asks(d.slack, onSlack["Ada"], onSlack["general"], "/create-community ", "Acme", s)
				d.settled(`"Acme" failed`)
				d.settled(`"Acme" told`)
			})
			s.holds(t, map[string]string{"Slack": "refused Bearer ***", "the database": "refused Bearer ***", "communitybot export": "refused Bearer ***"})
		})
	}
}

func TestSecretsInTheWrongPlaceAreNotPrinted(t *testing.T) {
	const url = "postgres://bot:planted-database@db/x"
	for name, env := range map[string][]string{
		"a database that is not there yet": {"DATABASE_URL=" + url},
		"a database with a stray sign":     {"DATABASE_URL=postgres://bot:planted-database#x@db/x"},
		"a database of another kind":       {"DATABASE_URL=mysql://bot:planted-database@db/x"},
		"a database in another variable":   {"LISTEN_ADDR=" + url, "PUBLIC_URL=" + url, "LOG_LEVEL=" + url, "APPROVAL_CHANNEL=" + url, "GENUIN_TIMEOUT=" + url},
		"tokens that were swapped": {
			"SLACK_BOT_TOKEN=" + planted["SLACK_APP_TOKEN"], "SLACK_APP_TOKEN=" + planted["SLACK_BOT_TOKEN"], "SLACK_SIGNING_SECRET=" + planted["SLACK_BOT_TOKEN"],
		},
		"tokens in variables that are shown": {
			"LOG_LEVEL=" + planted["SLACK_BOT_TOKEN"], "APPROVERS=" + planted["DISCORD_BOT_TOKEN"], "DISCORD_APPLICATION_ID=" + planted["DISCORD_BOT_TOKEN"],
			"DISCORD_PUBLIC_KEY=" + planted["DISCORD_BOT_TOKEN"], "GENUIN_BASE_URL=" + planted["GENUIN_API_SECRET"], "APPROVALS_REQUIRED=" + planted["GENUIN_API_KEY"],
			"GENUIN_COMMUNITY_ACTIONS=" + planted["GENUIN_API_KEY"], "GENUIN_CATEGORIES=" + planted["GENUIN_API_SECRET"], "CARD_LANGUAGE=" + planted["SLACK_SIGNING_SECRET"],
		},
		"tokens with something around them": {
			"SLACK_BOT_TOKEN=Bearer " + planted["SLACK_BOT_TOKEN"], "DISCORD_BOT_TOKEN=Bot " + planted["DISCORD_BOT_TOKEN"], "GENUIN_API_KEY=" + planted["GENUIN_API_KEY"] + " x",
		},
	} {
		t.Run(name, func(t *testing.T) {
			all := []string{"LOG_LEVEL=debug"}
			for variable, secret := range planted {
				all = append(all, variable+"="+secret)
			}
			for _, command := range []string{"serve", "doctor", "register", "export", "health"} {
				code, out, errOut := runs(t, append(all, env...), command)
				if command == "serve" && code != 2 {
					t.Errorf("%s ended with %d, want 2: %s", command, code, errOut)
				}
				seen{command: out + errOut}.holds(t, nil)
			}
		})
	}
}
