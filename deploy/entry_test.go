package deploy_test

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"communitybot/adapters/slack/slackfake"
	"communitybot/bot"
	"communitybot/bot/store"
)

// init looks at the source: the tests build the program, of which go test knows nothing, and would pass on old results. It
// takes note of folders that a test opens.
func init() {
	_ = filepath.WalkDir("..", func(_ string, e fs.DirEntry, err error) error {
		if err == nil && e.IsDir() && (e.Name() == ".git" || e.Name() == "node_modules") {
			return filepath.SkipDir
		}
		return err
	})
}

// Who is there, the same on both platforms: Ada asks, Ben and Cleo approve where a test says so, Dan may not.
var (
	onSlack   = map[string]string{"Ada": "U1", "Ben": "U2", "Cleo": "U3", "Dan": "U4", "general": "C1", "elsewhere": "C2"}
	onDiscord = map[string]string{
		"Ada": "1300000000000000001", "Ben": "1300000000000000002", "Cleo": "1300000000000000003", "Dan": "1300000000000000004",
		"general": "1200000000000000001", "elsewhere": "1200000000000000002",
	}
)

// slackOptions are Slack's own.
var slackOptions = slackfake.Options{}

// door is the running program as somebody meets it who wants to get in.
type door struct {
	t *testing.T
	*fakes
	p        *process
	url      string
	database string
}

// populate puts people and channels into the fakes.
func (f *fakes) populate() {
	for _, name := range []string{"Ada", "Ben", "Cleo", "Dan"} {
		f.slack.AddUser(onSlack[name], name)
		f.discord.AddUser(onDiscord[name], name)
	}
	for _, name := range []string{"general", "elsewhere"} {
		f.slack.AddChannel(slackfake.Channel{ID: onSlack[name], Name: name, Members: []string{"U1", "U2", "U3", "U4"}, Bot: true})
		f.discord.AddChannel(onDiscord[name], name)
	}
}

// openDoor starts the program on fakes with people in them. env is on top of what connects the parts; {Ben} in it is
// both of Ben's IDs, as APPROVERS takes them.
func openDoor(t *testing.T, env ...string) *door {
	t.Helper()
	f := startFakes(t, slackOptions)
	f.populate()
	return serveOn(t, f, env...)
}

// listens finds where the program listens in what it logs, as text or JSON.
var listens = regexp.MustCompile(`"?listen"?[=:]"?([\d.:]+)`)

// serveOn starts the program on fakes.
func serveOn(t *testing.T, f *fakes, env ...string) *door {
	t.Helper()
	d := &door{t: t, fakes: f, database: "sqlite:" + filepath.Join(t.TempDir(), "bot.db")}
	for _, e := range env {
		if other, named := strings.CutPrefix(e, "DATABASE_URL="); named {
			d.database = other
		}
	}
	for _, e := range append(env, "DATABASE_URL="+d.database) {
		for name, id := range onSlack {
			e = strings.ReplaceAll(e, "{"+name+"}", "slack:"+id+",discord:"+onDiscord[name])
		}
		f.env = append(f.env, e)
	}
	if code, _, errOut := runs(t, f.env, "register"); code != 0 {
		t.Fatalf("register: %s", errOut)
	}
	d.p = start(t, f.env)
	until(t, "the program is ready", func() bool {
		found := listens.FindStringSubmatch(d.p.errOut.String())
		if found != nil {
			d.url = "http://" + found[1]
		}
		return found != nil
	})
	f.slack.Connect(d.url + "/slack/events")
	if slices.Contains(f.env, "DISCORD_PUBLIC_KEY="+f.discord.PublicKey()) { // else over the gateway
		f.discord.Connect(d.url + "/discord/interactions")
	}
	return d
}

// history is what the database holds of requests, a line for each thing that happened.
func (d *door) history() []string {
	d.t.Helper()
	lines := []string{}
	err := store.Export(d.t.Context(), d.database, func(r bot.Request, e bot.Entry) error {
		lines = append(lines, fmt.Sprintf("%d %s %s %q %s by %s", r.ID, r.State, r.Count(), r.Community.Name, e.What, e.By.ID))
		return nil
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return lines
}

// traces is all that the program has done: what it keeps, and what it asked of Genuin and of the platforms beside looking
// people up.
func (d *door) traces() []string {
	d.t.Helper()
	all := d.history()
	for _, c := range d.genuin.Calls() {
		all = append(all, "Genuin: "+c.Path)
	}
	for _, r := range d.slack.Requests() {
		if !r.Delivery && r.Method != "auth.test" && r.Method != "users.info" {
			all = append(all, "Slack: "+r.Method+" "+r.Body)
		}
	}
	for _, x := range d.discord.Requests() {
		if !x.Delivery && x.Method != http.MethodGet && x.Method != http.MethodPut {
			all = append(all, "Discord: "+x.Method+" "+x.Path+" "+string(x.Body))
		}
	}
	return all
}

// unmoved checks that nothing came of what act does.
func (d *door) unmoved(t *testing.T, act func()) {
	t.Helper()
	before := d.traces()
	act()
	if diff := gocmp.Diff(before, d.traces()); diff != "" {
		t.Errorf("it had an effect (-before +after):\n%s", diff)
	}
}

// settled waits until the history has a line with those words.
func (d *door) settled(words string) {
	d.t.Helper()
	d.counted(words, 1)
}

// counted waits until the history has that many.
func (d *door) counted(words string, lines int) {
	d.t.Helper()
	defer func() {
		if d.t.Failed() {
			d.t.Logf("the history when %d lines with %q were awaited:\n%s", lines, words, strings.Join(d.history(), "\n"))
		}
	}()
	until(d.t, words+" in the history", func() bool { return d.times(words) >= lines })
}

// times is how many lines of the history hold words.
func (d *door) times(words string) (n int) {
	d.t.Helper()
	for _, line := range d.history() {
		if strings.Contains(line, words) {
			n++
		}
	}
	return n
}

// knock is one request to the program.
type knock struct {
	path   string
	header http.Header
	body   string
}

// sends sends it and returns status and body. It may be called from several goroutines.
func (d *door) sends(k knock) (int, string) {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, d.url+k.path, strings.NewReader(k.body))
	if err != nil {
		d.t.Error(err)
		return 0, ""
	}
	r.Header = k.header.Clone()
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		d.t.Error(err)
		return 0, ""
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		d.t.Error(err)
	}
	return answer.StatusCode, string(body)
}

// signed is a body as a platform delivers it, signed at a time.
func (d *door) signed(platform, body string, at time.Time) knock {
	stamp := strconv.FormatInt(at.Unix(), 10)
	if platform == "slack" {
		return knock{"/slack/events", http.Header{
			"Content-Type":              {"application/x-www-form-urlencoded"},
			"X-Slack-Request-Timestamp": {stamp}, "X-Slack-Signature": {slackSignature(d.slack.SigningSecret, stamp, body)},
		}, body}
	}
	return knock{"/discord/interactions", http.Header{
		"Content-Type":          {"application/json"},
		"X-Signature-Timestamp": {stamp}, "X-Signature-Ed25519": {d.discord.Sign(stamp, []byte(body))},
	}, body}
}

func (d *door) signedNow(platform, body string) knock { return d.signed(platform, body, time.Now()) }

// says delivers a body as the platform does now, and returns the answer.
func (d *door) says(platform, body string) string {
	d.t.Helper()
	status, answer := d.sends(d.signedNow(platform, body))
	if status != http.StatusOK {
		d.t.Errorf("a signed %.200q is answered %d: %s", body, status, answer)
	}
	return answer
}

func slackSignature(secret, stamp, body string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = io.WriteString(mac, "v0:"+stamp+":"+body) // a hash never fails
	return "v0=" + hex.EncodeToString(mac.Sum(nil))
}

var lastID atomic.Int64

// unique returns an ID that nothing had before.
func unique() string { return strconv.FormatInt(1<<40+lastID.Add(1), 10) }

func asJSON(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // maps and strings
	}
	return string(text)
}

type object = map[string]any

// sentForm is a form that somebody sent: the call that it completes, and what stands in its fields. id tells it from
// others.
func sentForm(platform, id, who, channel, call string, fields map[string]string) string {
	if platform == "discord" {
		var rows []object
		for name, value := range fields {
			rows = append(rows, object{"type": 1, "components": []object{{"type": 4, "custom_id": name, "value": value}}})
		}
		return onDiscordBy(who, channel, 5, id, object{"custom_id": "!" + call, "components": rows})
	}
	state := object{}
	for name, value := range fields {
		state[name] = object{name: object{"type": "plain_text_input", "value": value}}
	}
	at := bot.Place{Platform: "slack", Tenant: "T0FAKE", Channel: onSlack[channel]}
	return onSlackBy(who, object{
		"type": "view_submission", "trigger_id": id, "view": object{
			"id": "V" + id, "type": "modal", "private_metadata": asJSON(object{"call": call, "at": at}), "state": object{"values": state},
		},
	})
}

// pressed is a button that somebody pressed: the text that it carries.
func pressed(platform, id, who, channel, value string) string {
	if platform == "discord" {
		return onDiscordBy(who, channel, 3, id, object{"custom_id": value, "component_type": 2})
	}
	return onSlackBy(who, object{
		"type": "block_actions", "trigger_id": id, "channel": object{"id": onSlack[channel]},
		"container": object{"type": "message", "message_ts": "1772366400.000100", "channel_id": onSlack[channel]},
		"actions":   []object{{"type": "button", "block_id": "b", "action_id": "action-1", "value": value}},
	})
}

// called splits "Ada=words" into who it is and what they are called; "Ada" is called so.
func called(who string) (key, name string) {
	key, name, _ = strings.Cut(who, "=")
	return key, cmp.Or(name, key)
}

func onSlackBy(who string, payload object) string {
	key, name := called(who)
	payload["team"] = object{"id": "T0FAKE"}
	payload["user"] = object{"id": onSlack[key], "name": name, "team_id": "T0FAKE"}
	return url.Values{"payload": {asJSON(payload)}}.Encode()
}

func onDiscordBy(who, channel string, kind int, id string, data object) string {
	key, name := called(who)
	return asJSON(object{
		"id": id, "token": "planted-interaction-token", "type": kind, "version": 1, "guild_id": "1100000000000000002",
		"channel_id": onDiscord[channel], "message": object{"id": "1200000000000000009"},
		"member": object{"user": object{"id": onDiscord[key], "username": name}, "roles": []string{}}, "data": data,
	})
}
