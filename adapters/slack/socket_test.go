package slack

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"communitybot/adapters/person"
	"communitybot/adapters/slack/slackfake"
	"communitybot/bot"
)

const appToken = "xapp-1-test"

// wire is a desk whose bot runs in Socket Mode.
type wire struct {
	*desk
	stop   context.CancelFunc
	ended  chan struct{} // closed when Run has returned
	panics atomic.Int32
	pauses chan time.Duration // nil: pauses are short; else each waits until it is read
}

// plug starts a wire, after change made the adapter what the test needs.
func plug(t *testing.T, h bot.Handler, change func(*wire)) *wire {
	t.Helper()
	w := &wire{desk: sit(t, h), ended: make(chan struct{})}
	w.UseSocket(appToken)
	w.adapter = New(Options{
		Token: "xoxb-test", AppToken: appToken, APIURL: w.APIURL(), HTTP: w.adapter.http, Log: w.log.logger(),
		Panicked: func() { w.panics.Add(1) },
	})
	w.adapter.pause = w.pause
	if change != nil {
		change(w)
	}
	ctx, cancel := context.WithCancel(t.Context())
	w.stop = cancel
	go func() {
		defer close(w.ended)
		if err := w.adapter.Run(ctx, h); err != nil {
			t.Errorf("Run ended with %v", err)
		}
	}()
	t.Cleanup(func() {
		cancel()
		<-w.ended
	})
	return w
}

func (w *wire) pause(ctx context.Context, d time.Duration) {
	if w.pauses == nil {
		pause(ctx, time.Millisecond)
		return
	}
	select {
	case w.pauses <- d:
	case <-ctx.Done():
	}
}

// until polls until something has come about, for some seconds at most.
func until(t *testing.T, what string, is func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	limit := time.After(10 * time.Second)
	for !is() {
		select {
		case <-tick.C:
		case <-limit:
			t.Fatalf("it never came about: %s", what)
		}
	}
}

// online waits until Slack's requests reach the bot by so many connections.
func (w *wire) online(t *testing.T, connections int) {
	t.Helper()
	until(t, "online", func() bool { return w.adapter.Ready(t.Context()) == nil && w.Sockets() == connections })
}

// offline waits until they don't, and returns why.
func (w *wire) offline(t *testing.T) string {
	t.Helper()
	var why error
	until(t, "offline", func() bool { why = w.adapter.Ready(t.Context()); return why != nil && !errors.Is(why, errNotYet) })
	return why.Error()
}

// logged returns how many lines of the log hold all of the parts.
func (w *wire) logged(parts ...string) int {
	n := 0
lines:
	for line := range strings.Lines(w.log.String()) {
		for _, p := range parts {
			if !strings.Contains(line, p) {
				continue lines
			}
		}
		n++
	}
	return n
}

func TestOverHTTPThereIsNothingToRun(t *testing.T) {
	d := sit(t, answering(nil))
	if err := d.adapter.Ready(t.Context()); err != nil {
		t.Error(err)
	}
	over, end := context.WithCancel(t.Context())
	end()
	if err := d.adapter.Run(over, answering(nil)); err != nil {
		t.Error(err)
	}
}

func TestReadyBeforeAndAfterConnecting(t *testing.T) {
	release := make(chan struct{})
	w := plug(t, answering(bot.Tell{Text: bot.Say("Hello")}), func(w *wire) {
		w.Fail("apps.connections.open", 1, slackfake.Hold(release))
		if err := w.adapter.Ready(t.Context()); err == nil || err.Error() != "slack: not connected to Slack yet" {
			t.Errorf("before Run: %v", err)
		}
	})
	close(release)
	w.online(t, 1)
	if got := private1(t, w.types(t, "/communities")); got != "Hello" {
		t.Errorf("%q", got)
	}
	if log := w.log.String(); strings.Contains(log, appToken) || strings.Contains(log, "ticket") || strings.Contains(log, "/link") {
		t.Errorf("log: %s", log)
	}
}

func TestSlackAsksToConnectAnew(t *testing.T) {
	for _, reason := range []string{"warning", "refresh_requested"} {
		t.Run(reason, func(t *testing.T) {
			inside, release := make(chan struct{}), make(chan struct{})
			first := sync.OnceFunc(func() { close(inside); <-release })
			w := plug(t, &recorder{answer: func(bot.Event) (bot.Reply, error) {
				first()
				return bot.Tell{Text: bot.Say("Hello")}, nil
			}}, nil)
			w.online(t, 1)
			slow := make(chan string)
			go func() {
				s, err := w.Type(t.Context(), "U2", "C1", "/communities")
				slow <- fmt.Sprint(len(s.Private), err)
			}()
			<-inside
			w.Disconnect(reason)
			w.online(t, 2)
			close(release)
			if got := <-slow; got != "1 <nil>" {
				t.Errorf("what was under way got %s", got)
			}
			for range 4 { // by both
				if got := private1(t, w.types(t, "/communities")); got != "Hello" {
					t.Errorf("%q", got)
				}
			}
		})
	}
}

func TestALostConnectionIsMadeAgain(t *testing.T) {
	w := plug(t, answering(bot.Tell{Text: bot.Say("Hello")}), nil)
	w.online(t, 1)
	for range 3 {
		release := make(chan struct{})
		w.Fail("apps.connections.open", 1, slackfake.Hold(release))
		w.Cut()
		if why := w.offline(t); !strings.HasPrefix(why, "slack: the connection to Slack is lost: ") {
			t.Errorf("%s", why)
		}
		close(release)
		w.online(t, 1)
		if got := private1(t, w.types(t, "/communities")); got != "Hello" {
			t.Errorf("%q", got)
		}
	}
}

func TestASilentConnectionIsDead(t *testing.T) {
	w := plug(t, answering(nil), func(w *wire) { w.adapter.silence = 20 * time.Millisecond })
	until(t, "three connections", func() bool { return w.logged("connected by Socket Mode") >= 3 })
	if w.logged("connection lost", "timeout") == 0 {
		t.Errorf("log: %s", w.log)
	}
}

func TestAnAppTokenThatIsRefused(t *testing.T) {
	for _, reason := range []string{"invalid_auth", "not_allowed_token_type", "token_revoked", "account_inactive", "team_disabled", "missing_scope", "something_new"} {
		t.Run(reason, func(t *testing.T) {
			w := plug(t, answering(bot.Tell{Text: bot.Say("Hello")}), func(w *wire) {
				w.pauses = make(chan time.Duration)
				w.Fail("apps.connections.open", 3, slackfake.Refuse(reason))
			})
			for range 2 {
				if d := <-w.pauses; d != time.Minute {
					t.Errorf("tries again after %v", d)
				}
				if why := w.offline(t); !strings.HasPrefix(why, "slack: SLACK_APP_TOKEN is refused: "+reason) {
					t.Errorf("%s", why)
				}
			}
			<-w.pauses
			w.online(t, 1)
			if n := w.logged("level=ERROR", "SLACK_APP_TOKEN", reason); n != 1 {
				t.Errorf("said %d times: %s", n, w.log)
			}
			if strings.Contains(w.log.String(), appToken) {
				t.Errorf("log: %s", w.log)
			}
		})
	}
}

func TestSlackThatCantBeReached(t *testing.T) {
	w := plug(t, answering(nil), func(w *wire) {
		w.pauses = make(chan time.Duration)
		w.Fail("apps.connections.open", 2, slackfake.Status(http.StatusBadGateway, 0))
		w.Fail("apps.connections.open", 1, slackfake.Status(http.StatusTooManyRequests, 40*time.Second))
		w.Fail("apps.connections.open", 1, slackfake.Refuse("internal_error"))
		w.Fail("apps.connections.open", 1, slackfake.Status(http.StatusTooManyRequests, 99_999_999*time.Second)) // for an hour at most
	})
	for _, want := range []time.Duration{500 * time.Millisecond, time.Second, 40 * time.Second, 4 * time.Second, time.Hour} {
		if got := <-w.pauses; got != want {
			t.Errorf("tries again after %v, want %v", got, want)
		}
	}
	w.online(t, 1)
	if w.logged("level=ERROR") > 0 || w.logged("level=WARN", "no requests reach the bot") != 4 {
		t.Errorf("log: %s", w.log)
	}
	if last := backoff(1000); last != lastPause {
		t.Errorf("the last pause is %v", last)
	}
}

func TestAConnectionThatDoesNotHoldIsNotMadeInAHurry(t *testing.T) {
	w := plug(t, answering(nil), func(w *wire) { w.pauses = make(chan time.Duration) })
	w.online(t, 1)
	w.Cut()
	until(t, "the next, at once", func() bool { return w.logged("connected by Socket Mode") == 2 })
	w.online(t, 1)
	w.Cut()
	if d := <-w.pauses; d != firstPause {
		t.Errorf("paused for %v", d)
	}
	w.online(t, 1)
}

func TestSocketModeIsSwitchedOff(t *testing.T) {
	w := plug(t, answering(bot.Tell{Text: bot.Say("Hello")}), nil)
	w.online(t, 1)
	w.Disconnect("link_disabled")
	until(t, "why", func() bool { return strings.Contains(w.offline(t), "SLACK_APP_TOKEN is refused: invalid_auth") })
	w.UseSocket(appToken)
	w.online(t, 1)
	if got := private1(t, w.types(t, "/communities")); got != "Hello" {
		t.Errorf("%q", got)
	}
}

func TestTheEleventhConnectionIsTurnedAway(t *testing.T) {
	w := plug(t, answering(nil), nil)
	w.online(t, 1)
	for n := 2; n <= 10; n++ {
		w.Disconnect("warning") // nobody closes the old ones yet
		w.online(t, n)
	}
	w.Disconnect("warning")
	until(t, "turned away", func() bool { return w.logged("turned away: too_many_websockets") > 0 })
	if err := w.adapter.Ready(t.Context()); err != nil {
		t.Errorf("the others still work: %v", err)
	}
}

func TestRunEndsWhenAllIsAnswered(t *testing.T) {
	inside, release := make(chan struct{}), make(chan struct{})
	w := plug(t, bot.HandlerFunc(func(ctx context.Context, _ bot.Event) (bot.Reply, error) {
		close(inside)
		<-release
		return bot.Tell{Text: bot.Say("Hello")}, ctx.Err()
	}), nil)
	w.online(t, 1)
	type typed struct {
		person.Screen
		err error
	}
	got := make(chan typed)
	go func() {
		s, err := w.Type(t.Context(), "U1", "C1", "/communities")
		got <- typed{s, err}
	}()
	<-inside
	w.stop()
	w.offline(t)
	select {
	case <-w.ended:
		t.Fatal("it ended before all was answered")
	default:
	}
	close(release)
	if s := <-got; s.err != nil || private1(t, s.Screen) != "Hello" {
		t.Errorf("%+v", s)
	}
	<-w.ended
	until(t, "closed", func() bool { return w.Sockets() == 0 })
}

func TestRunDoesNotWaitForEver(t *testing.T) {
	inside, gaveUp := make(chan struct{}), make(chan struct{})
	w := plug(t, bot.HandlerFunc(func(ctx context.Context, _ bot.Event) (bot.Reply, error) {
		close(inside)
		<-ctx.Done()
		close(gaveUp)
		return nil, ctx.Err()
	}), func(w *wire) { w.adapter.farewell = time.Millisecond })
	w.online(t, 1)
	go func() { _, _ = w.Type(t.Context(), "U1", "C1", "/communities") }()
	<-inside
	start := time.Now()
	w.stop()
	<-gaveUp // the context of what is being answered ends with Run
	if took := time.Since(start); took > time.Second {
		t.Errorf("it took %v", took)
	}
	until(t, "the log", func() bool { return w.logged("stopped before everything was answered") == 1 })
}

func TestASlackThatDoesNotTakeTheConnection(t *testing.T) {
	for name, tc := range map[string]struct {
		link http.HandlerFunc
		want string
	}{
		"it refuses": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusConflict) }, "409 Conflict"},
		"it says nothing": {func(w http.ResponseWriter, r *http.Request) {
			ws, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
			if err != nil {
				t.Error(err)
				return
			}
			_, _, _ = ws.ReadMessage() // until the bot gives up
			_ = ws.Close()
		}, "no greeting"},
	} {
		t.Run(name, func(t *testing.T) {
			mux := http.NewServeMux()
			server := httptest.NewServer(mux)
			defer server.Close()
			mux.HandleFunc("/api/apps.connections.open", func(w http.ResponseWriter, _ *http.Request) {
				_, _ = fmt.Fprintf(w, `{"ok":true,"url":"ws%s/link?ticket=s3cret"}`, strings.TrimPrefix(server.URL, "http"))
			})
			mux.HandleFunc("/link", tc.link)
			client := &http.Client{Transport: &http.Transport{}}
			defer client.CloseIdleConnections()
			s := &socket{Adapter: New(Options{AppToken: appToken, APIURL: server.URL + "/api", HTTP: client})}
			soon, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
			defer cancel()
			_, err := s.connect(soon)
			if err == nil || !strings.Contains(err.Error(), tc.want) || strings.Contains(err.Error(), "s3cret") {
				t.Errorf("%v", err)
			}
			s.connections.Wait()
		})
	}
}
