package deploy_test

import (
	"errors"
	"fmt"
	"net/http"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"communitybot/adapters/slack/slackfake"
	"communitybot/bot/crash"
)

// mortal is the program with its crash points, built once.
var mortal = sync.OnceValues(func() (string, error) {
	path, err := binary()
	if err != nil {
		return "", err
	}
	path = filepath.Join(filepath.Dir(path), "mortal")
	out, err := build("-tags", "crash", "-o", path, "communitybot").CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%w: %s", err, out)
	}
	return path, err
})

// mortalWorld is a bot that dies often, on a Slack, a Discord and a Genuin that don't.
type mortalWorld struct {
	*fakes
	env       []string
	connected bool // it opens the connections itself
	bot       *process
	url       string // "" until it listens
	deaths    []time.Time
}

func startMortal(t *testing.T, connected bool) *mortalWorld {
	t.Helper()
	f := startFakes(t, slackfake.Options{})
	w := &mortalWorld{fakes: f, connected: connected}
	w.env = append(f.env, "DATABASE_URL=sqlite:"+filepath.Join(t.TempDir(), "bot.db"),
		"APPROVALS_REQUIRED=1", "APPROVAL_REMINDER=2s", "GENUIN_TIMEOUT=5s")
	if connected {
		f.slack.UseSocket(appToken)
		w.env = append(w.env, overSocket, "SLACK_APP_TOKEN="+appToken, overGateway)
	}
	if code, _, errOut := runs(t, w.env, "register"); code != 0 {
		t.Fatalf("register ended with %d: %s", code, errOut)
	}
	return w
}

// start starts the bot, which is to die at a step when it comes by for the count-th time.
func (w *mortalWorld) start(t *testing.T, step crash.Point, count int) {
	t.Helper()
	path, err := mortal()
	if err != nil {
		t.Fatal(err)
	}
	env := slices.Clone(w.env)
	if step != "" {
		env = append(env, fmt.Sprintf("COMMUNITYBOT_CRASH=%s:%d", step, count))
	}
	w.bot, w.url = startProgram(t, path, env), ""
}

// connect leads the platforms to the bot, once its log says where it listens: a port of its own in each life, so nobody
// else can take it in between.
func (w *mortalWorld) connect() {
	if w.url != "" {
		return
	}
	_, after, _ := strings.Cut(w.bot.errOut.String(), "listen=")
	address, _, whole := strings.Cut(after, " ")
	if !whole {
		return
	}
	w.url = "http://" + address
	if !w.connected {
		w.slack.Connect(w.url + "/slack/events")
		w.discord.Connect(w.url + "/discord/interactions")
	}
}

// ready reports whether the bot says that it is.
func (w *mortalWorld) ready(t *testing.T) bool {
	t.Helper()
	w.connect()
	if w.url == "" {
		return false
	}
	code, _ := get(t, w.url+"/readyz")
	return code == http.StatusOK
}

// lives has the bot live for a time, and reports whether it died meanwhile.
func (w *mortalWorld) lives(t *testing.T, atMost time.Duration) (died bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for end := time.After(atMost); ; w.connect() {
		select {
		case err := <-w.bot.end:
			w.killed(t, err)
			return true
		case <-tick.C:
		case <-end:
			return false
		}
	}
}

// kill kills the bot, which has to be alive.
func (w *mortalWorld) kill(t *testing.T) {
	t.Helper()
	if err := w.bot.Process.Kill(); err != nil {
		t.Fatalf("the bot ended by itself: %v\n%s", err, w.bot.errOut)
	}
	w.killed(t, <-w.bot.end)
}

// killed looks that the bot ended by SIGKILL and by nothing else, and was sound until then.
func (w *mortalWorld) killed(t *testing.T, err error) {
	t.Helper()
	w.deaths = append(w.deaths, time.Now())
	exit := (*exec.ExitError)(nil)
	if !errors.As(err, &exit) {
		t.Fatalf("the bot was to be killed, and ended with %v:\n%s", err, w.bot.errOut)
	}
	if status := exit.Sys().(syscall.WaitStatus); !status.Signaled() || status.Signal() != syscall.SIGKILL {
		t.Fatalf("the bot was to be killed, and ended with %v:\n%s", err, w.bot.errOut)
	}
	w.sound(t)
}

func (w *mortalWorld) died() []time.Time { return w.deaths }

func (w *mortalWorld) logs() string { return w.bot.errOut.String() }

func (w *mortalWorld) live(t *testing.T) {
	t.Helper()
	select {
	case err := <-w.bot.end:
		t.Fatalf("the bot ended by itself: %v\n%s", err, w.logs())
	default:
	}
}

// sound looks that the bot did not panic, not even where it was caught.
func (w *mortalWorld) sound(t *testing.T) {
	t.Helper()
	if log := w.bot.errOut.String(); strings.Contains(log, "panic") {
		t.Fatalf("the bot panicked:\n%s", log)
	}
}
