package sandbox_test

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"communitybot/adapters/sandbox"
	"communitybot/bot/config"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// world is a sandbox with a bot of the simplest form, and its page.
type world struct {
	t      *testing.T
	box    *sandbox.Sandbox
	bot    *fakeBot
	url    string
	client *http.Client
}

func start(t *testing.T) *world {
	t.Helper()
	box, err := sandbox.Start(sandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := box.Close(); err != nil {
			t.Error(err)
		}
	})
	client := &http.Client{Transport: &http.Transport{}}
	bot := &fakeBot{t: t, env: environ(box.Environ()), client: client}
	bot.register()
	page := httptest.NewServer(box.Handler())
	t.Cleanup(page.Close)
	t.Cleanup(client.CloseIdleConnections)
	w := &world{t, box, bot, page.URL, client}
	w.run()
	return w
}

// run has the sandbox run its bot until the test ends, and returns when it answers.
func (w *world) run() {
	w.t.Helper()
	ctx, end := context.WithCancel(context.Background())
	ready, over := make(chan struct{}), make(chan error, 1)
	go func() {
		over <- w.box.Run(ctx, w.bot.live, func() { close(ready) })
	}()
	select {
	case <-ready:
	case err := <-over:
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() {
		end()
		if err := <-over; err != nil {
			w.t.Errorf("the bot ended with: %v", err)
		}
	})
}

func TestTheEnvironmentIsAcceptedByTheBot(t *testing.T) {
	w := start(t)
	c, err := config.Load(w.box.Environ(), "")
	if err != nil {
		t.Fatal(err)
	}
	if !c.Slack.On() || c.Slack.Socket() || !c.Discord.On() || c.Discord.Gateway() {
		t.Error("both platforms are to come over HTTP")
	}
	if c.Genuin.APIKey == "" || c.Genuin.APISecret == "" || c.Genuin.AccessToken != "" {
		t.Error("Genuin's token is to be fetched with key and secret")
	}
	if len(c.Genuin.Categories) == 0 || c.Genuin.Categories[0].Label != "Sports" {
		t.Errorf("categories: %v", c.Genuin.Categories)
	}
	if c.LogLevel != "warn" {
		t.Errorf("log level %q", c.LogLevel)
	}
	for name, address := range map[string]string{"Slack": c.Slack.APIURL, "Discord": c.Discord.APIURL, "Genuin": c.Genuin.BaseURL} {
		if host := mustParse(t, address).Hostname(); host != "127.0.0.1" {
			t.Errorf("%s is at %s, not on this computer", name, address)
		}
	}
	kind, path := c.Database()
	if folder, err := os.Stat(filepath.Dir(path)); kind != "sqlite" || err != nil || !folder.IsDir() {
		t.Errorf("database %s %s: %v", kind, path, err)
	}
}

func TestCloseRemovesTheFolderAndStopsTheFakes(t *testing.T) {
	box, err := sandbox.Start(sandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	env := environ(box.Environ())
	database := strings.TrimPrefix(env["DATABASE_URL"], "sqlite:")
	if err := os.WriteFile(database, []byte("data"), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 { // closing a closed one does no harm
		if err := box.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat(filepath.Dir(database)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the folder is still there: %v", err)
	}
	for _, name := range []string{"SLACK_API_URL", "DISCORD_API_URL", "GENUIN_BASE_URL"} {
		if res, err := http.Get(env[name]); err == nil {
			_ = res.Body.Close()
			t.Errorf("%s still answers", name)
		}
	}
}

func TestStartSaysWhenThereIsNoPlaceForTheDatabase(t *testing.T) {
	t.Setenv("TMPDIR", filepath.Join(t.TempDir(), "missing"))
	t.Setenv("TMP", filepath.Join(t.TempDir(), "missing")) // of Windows
	box, err := sandbox.Start(sandbox.Options{})
	if box != nil || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, %v", box, err)
	}
}

func TestSandboxesSideBySideShareNothing(t *testing.T) {
	a, b := start(t), start(t)
	envA, envB := environ(a.box.Environ()), environ(b.box.Environ())
	for _, name := range []string{"DATABASE_URL", "SLACK_API_URL", "DISCORD_API_URL", "DISCORD_PUBLIC_KEY", "GENUIN_BASE_URL"} {
		if envA[name] == envB[name] {
			t.Errorf("%s is the same in both: %s", name, envA[name])
		}
	}
	a.ok(a.post("/api/slack/type", object{"who": "Ada", "line": "/card"}))
	if n := len(a.state("Ada").Slack.Messages); n != 1 {
		t.Errorf("%d messages in the one where /card was typed", n)
	}
	if n := len(b.state("Ada").Slack.Messages); n != 0 {
		t.Errorf("%d messages in the other one", n)
	}
}
