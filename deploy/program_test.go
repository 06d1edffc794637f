// Package deploy_test runs the program as operators do: the built binary, its exit codes, and what it says.
package deploy_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"communitybot/adapters/discord/discordfake"
	"communitybot/adapters/schemas"
	"communitybot/adapters/slack/slackfake"
	"communitybot/bot"
	"communitybot/bot/genuin/genuinfake"
	"communitybot/bot/store"
	"communitybot/bot/store/pgtest"
)

// binary builds the program once.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "communitybot-test-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "communitybot")
	out, err := build("-o", path, "communitybot").CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%w: %s", err, out)
	}
	return path, err
})

// build is "go build" as for a release, whatever the tests themselves are built with.
func build(args ...string) *exec.Cmd {
	cmd := exec.Command("go", append([]string{"build"}, args...)...)
	cmd.Env = append(os.Environ(), "GOFLAGS=")
	return cmd
}

func TestMain(m *testing.M) {
	if raced {
		fmt.Println("The race detector does not see the program, which is a process of its own, and slows the fakes around it: these tests run without. See .ci/run")
		return
	}
	code := m.Run()
	pgtest.Stop()
	if path, err := binary(); err == nil {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// process is the program, running.
type process struct {
	*exec.Cmd
	t      *testing.T
	out    *bufio.Reader
	errOut *buffer
	end    chan error
}

// buffer is output that can be read while it is written.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

func command(t *testing.T, env []string, args ...string) *exec.Cmd {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	return commandOf(t, path, env, args...)
}

func commandOf(t *testing.T, path string, env []string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), path, args...)
	cmd.Dir = t.TempDir()
	cmd.Env = append([]string{"HOME=" + cmd.Dir, "PATH=" + os.Getenv("PATH")}, env...)
	return cmd
}

// runs runs the program to its end.
func runs(t *testing.T, env []string, args ...string) (code int, out, errOut string) {
	t.Helper()
	cmd := command(t, env, args...)
	var o, e bytes.Buffer
	cmd.Stdout, cmd.Stderr = &o, &e
	err := cmd.Run()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), o.String(), e.String()
}

// start starts the program; it is killed when the test ends.
func start(t *testing.T, env []string, args ...string) *process {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	return startProgram(t, path, env, args...)
}

// startProgram starts a build of the program.
func startProgram(t *testing.T, path string, env []string, args ...string) *process {
	t.Helper()
	p := &process{Cmd: commandOf(t, path, env, args...), t: t, errOut: &buffer{}, end: make(chan error, 1)}
	out, err := p.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.out, p.Stderr = bufio.NewReader(out), p.errOut
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		p.end <- p.Wait()
		close(p.end)
	}()
	t.Cleanup(func() {
		_ = p.Process.Kill() // or else it has ended
		<-p.end
	})
	return p
}

// stop asks the program to stop and checks that it does so in good order.
func (p *process) stop() {
	p.t.Helper()
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Fatal(err)
	}
	select {
	case err := <-p.end:
		if err != nil {
			p.t.Errorf("after SIGTERM: %v\n%s", err, p.errOut)
		}
	case <-time.After(40 * time.Second):
		p.t.Fatalf("still running 40 s after SIGTERM\n%s", p.errOut)
	}
}

// until polls check until it is content.
func until(t *testing.T, what string, check func() bool) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	end := time.After(30 * time.Second)
	for !check() {
		select {
		case <-tick.C:
		case <-end:
			t.Fatalf("never: %s", what)
		}
	}
}

// get returns the status and body of a page, 0 when nobody answers.
func get(t *testing.T, url string) (int, string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, ""
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return 0, ""
	}
	return answer.StatusCode, string(body)
}

// fakes is a Slack, a Discord and a Genuin, with the environment that leads to them.
type fakes struct {
	slack   *slackfake.Fake
	discord *discordfake.Fake
	genuin  *genuinfake.Fake
	env     []string
}

func startFakes(t *testing.T, o slackfake.Options) *fakes {
	t.Helper()
	s, err := slackfake.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	d, err := discordfake.Start(discordfake.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	t.Cleanup(func() { schemas.CheckSent(t, s, d) }) // as far as the fakes still know it
	g, err := genuinfake.Start(genuinfake.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Close)
	do := d.Options()
	return &fakes{s, d, g, []string{
		"SLACK_BOT_TOKEN=" + s.BotToken, "SLACK_SIGNING_SECRET=" + s.SigningSecret, "SLACK_API_URL=" + s.APIURL(),
		"DISCORD_BOT_TOKEN=" + do.BotToken, "DISCORD_APPLICATION_ID=" + do.ApplicationID, "DISCORD_PUBLIC_KEY=" + d.PublicKey(), "DISCORD_API_URL=" + d.APIURL(),
		"GENUIN_BASE_URL=" + g.URL(), "GENUIN_API_KEY=" + genuinfake.Key, "GENUIN_API_SECRET=" + genuinfake.Secret,
		"LISTEN_ADDR=127.0.0.1:0", "PUBLIC_URL=https://bot.example.com",
	}}
}

// address returns where a started program listens, as its log says.
func (p *process) address() string {
	p.t.Helper()
	var found string
	until(p.t, "the program is ready: "+p.errOut.String(), func() bool {
		_, after, ok := strings.Cut(p.errOut.String(), "listen=")
		found, _, _ = strings.Cut(after, " ")
		return ok
	})
	return "http://" + found
}

func wants(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is not in:\n%s", part, text)
		}
	}
}

func TestNothingConfigured(t *testing.T) {
	for _, args := range [][]string{nil, {"serve"}, {"doctor"}} {
		code, _, errOut := runs(t, nil, args...)
		if code != 2 {
			t.Errorf("%v ended with %d, want 2", args, code)
		}
		wants(t, errOut, "SLACK_BOT_TOKEN", "DISCORD_BOT_TOKEN", "sandbox", ".env.example")
	}
}

func TestWrongConfigurationIsListedWhole(t *testing.T) {
	code, _, errOut := runs(t, []string{"SLACK_BOT_TOKEN=xoxb-1", "LOG_LEVEL=loud", "APPROVERS=U1", "APPROVAL_CHANNEL=slack:C1", "GENUIN_TIMEOUT=fast"})
	if code != 2 {
		t.Errorf("ended with %d, want 2", code)
	}
	wants(t, errOut, "SLACK_SIGNING_SECRET", "LOG_LEVEL", "debug", "APPROVERS", "APPROVAL_CHANNEL", "GENUIN_TIMEOUT", "GENUIN_BASE_URL")
}

func TestAnUnknownCommandSaysWhereToLook(t *testing.T) {
	code, _, errOut := runs(t, nil, "dance")
	if code != 2 {
		t.Errorf("ended with %d, want 2", code)
	}
	wants(t, errOut, "dance", "--help")
	if code, out, _ := runs(t, nil, "--help"); code != 0 {
		t.Errorf("--help ended with %d", code)
	} else {
		wants(t, out, "serve", "sandbox", "doctor", "register", "export", "version")
	}
}

func TestVersion(t *testing.T) {
	code, out, _ := runs(t, nil, "version")
	if code != 0 {
		t.Errorf("ended with %d", code)
	}
	wants(t, out, "communitybot dev", "commit ", "go1.")
}

func TestServeRunsAndStops(t *testing.T) {
	f := startFakes(t, slackfake.Options{})
	p := start(t, f.env, "serve")
	url := p.address()
	for path, want := range map[string]int{
		"/healthz": 200, "/readyz": 200, "/metrics": 200, "/": 404, "/slack/events": 405, "/discord/interactions": 405, "/debug/pprof/": 404,
	} {
		if code, _ := get(t, url+path); code != want {
			t.Errorf("GET %s is answered %d, want %d", path, code, want)
		}
	}
	health := append(f.env, "LISTEN_ADDR="+strings.TrimPrefix(url, "http://"))
	if code, _, errOut := runs(t, health, "health"); code != 0 {
		t.Errorf("health ended with %d: %s", code, errOut)
	}
	f.discord.Connect(url + "/discord/interactions")
	if err := f.discord.Ping(t.Context()); err != nil {
		t.Error(err)
	}
	p.stop()
	if code, _, _ := runs(t, health, "health"); code == 0 {
		t.Error("health is content with a bot that has stopped")
	}
}

func TestServeOverConnectionsThatItOpens(t *testing.T) {
	f := startFakes(t, slackfake.Options{})
	const appToken = "xapp-1-A1-socket"
	f.slack.UseSocket(appToken)
	p := start(t, append(f.env, "SLACK_SIGNING_SECRET=", "SLACK_APP_TOKEN="+appToken, "DISCORD_PUBLIC_KEY="))
	url := p.address()
	until(t, "both connections are there", func() bool { code, _ := get(t, url+"/readyz"); return code == http.StatusOK })
	for _, path := range []string{"/slack/events", "/discord/interactions"} {
		if code, _ := get(t, url+path); code != http.StatusNotFound {
			t.Errorf("GET %s is answered %d: nothing comes that way", path, code)
		}
	}
	f.slack.UseSocket("xapp-another")
	f.slack.Cut()
	until(t, "a token that is refused is seen", func() bool {
		code, body := get(t, url+"/readyz")
		return code == http.StatusServiceUnavailable && strings.Contains(body, "slack")
	})
	until(t, "the log says so", func() bool { return strings.Contains(p.errOut.String(), "SLACK_APP_TOKEN") })
	p.stop()
}

func TestTokensThatWereNeverGood(t *testing.T) {
	f := startFakes(t, slackfake.Options{})
	p := start(t, append(f.env, "SLACK_BOT_TOKEN=xoxb-wrong", "DISCORD_BOT_TOKEN=wrong.token"))
	url := p.address()
	for range 2 {
		if code, body := get(t, url+"/readyz"); code != http.StatusServiceUnavailable || body != "not ready: discord, slack\n" {
			t.Errorf("%d: %s", code, body)
		}
	}
	if n := strings.Count(p.errOut.String(), "does not let the bot in"); n != 2 {
		t.Errorf("the log says so %d times:\n%s", n, p.errOut)
	}
	p.stop()
}

func TestTwoBotsOnOneDatabaseAreRefused(t *testing.T) {
	f := startFakes(t, slackfake.Options{})
	env := append(f.env, "DATABASE_URL=sqlite:"+filepath.Join(t.TempDir(), "data", "bot.db"))
	p := start(t, env)
	p.address()
	code, _, errOut := runs(t, env)
	if code != 1 {
		t.Errorf("the second bot ended with %d, want 1", code)
	}
	wants(t, errOut, "in use by another communitybot", "DATABASE_URL")
	p.stop()
}

func TestExport(t *testing.T) {
	url := "sqlite:" + filepath.Join(t.TempDir(), "bot.db")
	s, err := store.Open(t.Context(), store.Options{URL: url, Log: slog.New(slog.DiscardHandler), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { // it stays open meanwhile, as in a bot that runs
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	e := bot.Event{ID: "e1", By: bot.User{Platform: "slack", ID: "U1", Name: "=Ada"}, At: bot.Place{Platform: "slack", Tenant: "T1", Channel: "C1"}}
	asked := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	if _, err := s.Add(t.Context(), bot.NewRequest(e, bot.Community{Name: "Acme", Handle: "acme"}, "", bot.Policy{Required: 1}, asked)); err != nil {
		t.Fatal(err)
	}
	env := []string{"DATABASE_URL=" + url} // it needs nothing else
	head := "request,seq,at,what,version,platform,user,user_name,where,note,reason,community,handle,state,url\n"
	for format, want := range map[string]string{
		"":      head + "1,1,2026-03-01T09:00:00Z,asked,1,slack,U1,'=Ada,slack:T1/C1,,,Acme,acme,pending,\n",
		"csv":   head + "1,1,2026-03-01T09:00:00Z,asked,1,slack,U1,'=Ada,slack:T1/C1,,,Acme,acme,pending,\n",
		"jsonl": `{"request":1,"seq":1,"at":"2026-03-01T09:00:00Z","what":"asked","version":1,"platform":"slack","user":"U1","user_name":"=Ada","where":"slack:T1/C1","community":"Acme","handle":"acme","state":"pending"}` + "\n",
	} {
		args := []string{"export"}
		if format != "" {
			args = append(args, "--format", format)
		}
		if code, out, errOut := runs(t, env, args...); code != 0 || out != want {
			t.Errorf("%v ended with %d\n%s%s", args, code, out, errOut)
		}
	}
	if code, _, errOut := runs(t, env, "export", "--format", "xml"); code != 2 || !strings.Contains(errOut, "jsonl") {
		t.Errorf("an unknown format ended with %d\n%s", code, errOut)
	}
	if code, out, errOut := runs(t, []string{"DATABASE_URL=sqlite:none.db"}, "export", "--format", "jsonl"); code != 1 || out != "" || !strings.Contains(errOut, "there is no database none.db") {
		t.Errorf("without a database it ended with %d\n%s%s", code, out, errOut)
	}
}

func TestDoctor(t *testing.T) {
	f := startFakes(t, slackfake.Options{Scopes: strings.Split("commands,chat:write,chat:write.public,im:write,channels:history,groups:history,im:history", ",")})
	if code, out, errOut := runs(t, f.env, "register"); code != 0 {
		t.Fatalf("register ended with %d\n%s%s", code, out, errOut)
	}
	code, out, errOut := runs(t, f.env, "doctor")
	if code != 0 || strings.Contains(out, "FAIL") {
		t.Errorf("ended with %d\n%s%s", code, out, errOut)
	}
	wants(t, out, "configuration", "database", "slack token", "slack scopes", "slack clock", "discord token", "discord commands", "Genuin")
	if n := len(f.genuin.Communities()); n > 0 {
		t.Errorf("doctor made %d communities", n)
	}
}

func TestDoctorNamesWhatIsWrong(t *testing.T) {
	f := startFakes(t, slackfake.Options{Scopes: []string{"commands"}})
	env := append(f.env, "GENUIN_API_SECRET=wrong-secret", "DISCORD_BOT_TOKEN=wrong.token", "DATABASE_URL=sqlite:/dev/null/x.db")
	code, out, errOut := runs(t, env, "doctor")
	if code != 1 {
		t.Errorf("ended with %d, want 1", code)
	}
	wants(t, out, "FAIL  database", "FAIL  slack scopes", "chat:write", "FAIL  discord token", "FAIL  Genuin authentication")
	for _, secret := range []string{"wrong-secret", "wrong.token", f.slack.BotToken} {
		if strings.Contains(out+errOut, secret) {
			t.Errorf("doctor prints the secret %q", secret)
		}
	}
}

func TestRegister(t *testing.T) {
	f := startFakes(t, slackfake.Options{})
	code, out, errOut := runs(t, f.env, "register")
	if code != 0 {
		t.Fatalf("ended with %d\n%s", code, errOut)
	}
	if !json.Valid([]byte(out)) {
		t.Errorf("the manifest is not JSON: %s", out)
	}
	wants(t, out, "/create-community", "/communities", "chat:write", "https://bot.example.com/slack/events")
	wants(t, errOut, "Discord has 2 commands")

	code, out, errOut = runs(t, []string{"PUBLIC_URL=https://bot.example.com"}, "register")
	if code != 0 {
		t.Errorf("for a Slack without tokens yet it ended with %d\n%s", code, errOut)
	}
	keptManifest(t, "slack-manifest.json", out)
	socket := []string{"SLACK_BOT_TOKEN=xoxb-1", "SLACK_APP_TOKEN=xapp-1"}
	if code, out, errOut = runs(t, socket, "register"); code != 0 {
		t.Errorf("for Socket Mode it ended with %d\n%s", code, errOut)
	}
	keptManifest(t, "slack-manifest-socket.json", out)
	if code, _, errOut := runs(t, nil, "register"); code != 1 {
		t.Errorf("without anything it ended with %d: %s", code, errOut)
	}
}

// keptManifest compares what register prints with the file that people paste.
func keptManifest(t *testing.T, file, printed string) {
	t.Helper()
	kept, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(kept) != printed {
		t.Errorf("deploy/%s is not what register prints: run\n  make manifests", file)
	}
}
