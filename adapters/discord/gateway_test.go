package discord

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"communitybot/adapters/discord/discordfake"
	"communitybot/bot"
)

var ok = always(bot.Tell{Text: bot.Say("ok")}, nil)

func TestAnInteractionOverTheGatewayIsAnswered(t *testing.T) {
	w := newGatewayWorld(t, discordfake.Options{}, ok)
	w.connects()
	if m := w.note(w.types("/hello")); m.Text != "ok" {
		t.Errorf("told %q", m.Text)
	}
	if e := w.seen(bot.Open); len(e) != 1 || e[0].By.Locale != "en-US" || !strings.HasPrefix(e[0].ID, "discord:") {
		t.Errorf("events %+v", e)
	}
	if s := w.log.String(); strings.Contains(s, w.Options().BotToken) || strings.Contains(s, "aW50ZXJhY3Rpb246") {
		t.Errorf("a token in the log: %s", s)
	}
}

func TestConnectionsThatEndLoseAndRepeatNothing(t *testing.T) {
	for _, c := range []struct {
		name   string
		end    func(*gatewayWorld)
		fresh  bool // what happens meanwhile goes to nobody: Discord keeps nothing for a session that is over
		silent bool // a heartbeat is missed
	}{
		{"Discord asks to connect again", func(w *gatewayWorld) { w.AskToReconnect() }, false, false},
		{"the session is invalid and can be resumed", func(w *gatewayWorld) { w.Invalidate(true) }, false, false},
		{"the session is over", func(w *gatewayWorld) { w.Invalidate(false) }, true, false},
		{"the connection breaks", func(w *gatewayWorld) { w.DropConnections() }, false, false},
		{"the connection breaks and the session is forgotten", func(w *gatewayWorld) { w.DropConnections(); w.Forget() }, true, false},
		{"an unknown error", func(w *gatewayWorld) { w.CloseConnections(4000) }, false, false},
		{"too many messages", func(w *gatewayWorld) { w.CloseConnections(4008) }, false, false},
		{"a wrong sequence", func(w *gatewayWorld) { w.CloseConnections(4007) }, true, false},
		{"the session timed out", func(w *gatewayWorld) { w.CloseConnections(4009) }, true, false},
		{"a heartbeat is not answered", func(w *gatewayWorld) { w.IgnoreHeartbeats(true) }, false, true},
		{"a message beyond all limits", func(w *gatewayWorld) { w.Push(strings.Repeat("x", maxFrame+1)) }, true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			beat := time.Minute // or a machine that is busy for a moment misses one
			if c.silent {
				beat = 150 * time.Millisecond
			}
			w := newGatewayWorld(t, discordfake.Options{Heartbeat: beat}, ok)
			w.connects()
			w.types("/before")
			began, resumed := w.Identified(), w.Resumed()
			c.end(w)
			back := func() bool { return w.Identified() > began || w.Resumed() > resumed }
			if c.fresh {
				w.until("the bot is back", back)
			}
			w.types("/meanwhile")
			w.until("the bot is back", back)
			w.IgnoreHeartbeats(false)
			w.types("/after")
			if fresh := w.Identified() > began; fresh != c.fresh {
				t.Errorf("a new session: %t, want %t; the log:\n%s", fresh, c.fresh, w.log)
			}
			var got []string
			for _, e := range w.seen(bot.Open) {
				got = append(got, e.Command)
			}
			if strings.Join(got, " ") != "before meanwhile after" {
				t.Errorf("the bot heard %q", got)
			}
			if w.log.count("an interaction came again") > 0 {
				t.Errorf("Discord had to send again what had arrived; the log:\n%s", w.log)
			}
			if silent := w.log.count(errSilent.Error()) > 0; silent != c.silent {
				t.Errorf("a heartbeat was missed: %t; the log:\n%s", silent, w.log)
			}
		})
	}
}

func TestAnInteractionThatComesAgainIsAnsweredOnce(t *testing.T) {
	w := newGatewayWorld(t, discordfake.Options{}, ok)
	w.connects()
	w.types("/hello")
	if err := w.DispatchAgain(); err != nil {
		t.Fatal(err)
	}
	w.types("/other")
	if e := w.seen(bot.Open); len(e) != 2 || e[1].Command != "other" {
		t.Errorf("events %+v", e)
	}
}

func TestTheGatewayAsksForAHeartbeat(t *testing.T) {
	w := newGatewayWorld(t, discordfake.Options{}, ok)
	w.connects()
	w.Heartbeat()
	w.types("/hello")
	w.AskToReconnect() // what is sent after it is answered says that it arrived
	w.until("the bot is back", func() bool { return w.Resumed() == 1 })
	if w.Heartbeats() == 0 {
		t.Error("no heartbeat came")
	}
}

func TestRefusedForGood(t *testing.T) {
	for _, c := range []struct {
		name string
		code int
		want string
	}{
		{"the token", 4004, "DISCORD_BOT_TOKEN"},
		{"the shard", 4010, "shard"},
		{"too many servers", 4011, "DISCORD_PUBLIC_KEY"},
		{"the version", 4012, "4012"},
		{"invalid intents", 4013, "intents"},
		{"disallowed intents", 4014, "intents"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newGatewayWorld(t, discordfake.Options{}, ok)
			w.RefuseSessions(c.code)
			w.runs(w.a)
			w.until("readiness says why", func() bool { return strings.Contains(w.ready(), c.want) })
			w.until("it is tried again", func() bool { return len(w.leases.released()) > 2 })
			if n := w.log.count("level=ERROR"); n != 1 {
				t.Errorf("%d errors are logged:\n%s", n, w.log)
			}
			w.RefuseSessions(0)
			w.until("the bot is ready", func() bool { return w.ready() == "ready" })
			w.types("/hello")
		})
	}
}

func TestATokenThatIsRefusedIsNamedAndNotShown(t *testing.T) {
	w := newGatewayWorld(t, discordfake.Options{}, ok)
	w.a.rest.token = "stale-token"
	w.runs(w.a)
	w.until("readiness says why", func() bool { return strings.Contains(w.ready(), "DISCORD_BOT_TOKEN") })
	if s := w.log.String() + w.ready(); strings.Contains(s, "stale-token") {
		t.Errorf("the token is shown: %s", s)
	}
}

func TestNoSessionIsBegunBeyondTheDaysLimit(t *testing.T) {
	for says, reset := range map[string]time.Duration{"1h0m0s": time.Hour, "24h0m0s": 1<<63 - 1} { // no more than a day's
		t.Run(says, func(t *testing.T) {
			w := newGatewayWorld(t, discordfake.Options{}, ok)
			w.LimitSessions(0, reset)
			w.runs(w.a)
			w.until("readiness says why", func() bool { return strings.HasSuffix(w.ready(), " in "+says) })
			if w.Identified() != 0 {
				t.Error("a session was begun")
			}
		})
	}
}

func TestInteractionsThatGoElsewhereAreSaidTo(t *testing.T) {
	w := newGatewayWorld(t, discordfake.Options{}, ok)
	w.Connect("http://127.0.0.1:1/discord/interactions")
	w.runs(w.a)
	said := func() bool { return strings.Contains(w.ready(), elsewhere) }
	w.until("readiness says so", said)
	w.until("it is looked at again", func() bool {
		if !said() {
			t.Fatalf("meanwhile readiness says %q", w.ready())
		}
		return len(w.leases.released()) > 2
	})
	if n := w.log.count("level=ERROR"); n != 1 || w.Identified() != 0 {
		t.Errorf("%d errors are logged, %d sessions", n, w.Identified())
	}
	for _, f := range w.a.Check(t.Context()) {
		if f.Name == "discord application" && (f.Err == nil || f.Detail != elsewhere) {
			t.Errorf("found %+v", f)
		}
	}
	w.Connect("")
	w.until("the bot is ready", func() bool { return w.ready() == "ready" })
	w.types("/hello")
	for _, f := range w.a.Check(t.Context()) {
		if f.Name == "discord application" && f.Err != nil {
			t.Errorf("without one: %+v", f)
		}
	}
}

func TestInteractionsThatGoElsewhereFromNowOnAreSaidTo(t *testing.T) {
	w := newGatewayWorld(t, discordfake.Options{}, ok)
	w.a.pace.look = 10 * time.Millisecond
	w.connects()
	w.Connect("http://127.0.0.1:1/discord/interactions")
	w.until("readiness says so", func() bool { return strings.Contains(w.ready(), elsewhere) })
	w.Connect("")
	w.until("the bot is ready", func() bool { return w.ready() == "ready" })
}

func TestNotReadyWhileTheGatewayIsAway(t *testing.T) {
	w := newGatewayWorld(t, discordfake.Options{}, ok)
	if s := w.ready(); s != errNotYet.Error() {
		t.Errorf("before it runs: %s", s)
	}
	w.connects()
	w.Fake.Close()
	w.until("the bot is not ready", func() bool { return w.ready() != "ready" })
}

func TestOverHTTPThereIsNothingToRun(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	if err := w.a.Run(t.Context(), nil); err != nil {
		t.Errorf("running: %v", err)
	}
	if err := w.a.Ready(t.Context()); err != nil {
		t.Errorf("ready: %v", err)
	}
}

func TestNoPayloadEndsTheProcess(t *testing.T) {
	w := newGatewayWorld(t, discordfake.Options{}, ok)
	w.connects()
	for _, text := range []string{"null", "{", "[]", "7", `""`, "{}", `{"op":null}`, `{"op":0}`, `{"op":"0"}`, `{"op":0,"t":7}`, `{"op":99}`, `{"op":0,"s":-5,"t":"READY2","d":null}`, "\xff\xfe"} {
		w.Push(text)
	}
	for _, data := range []string{
		"null", "7", "[]", "{}", `{"id":"7"}`, `{"id":"7","type":3,"token":"x"}`, `{"id":7,"type":"3","token":[]}`,
		`{"id":"7","type":5,"token":"x","channel_id":"5","user":{"id":"9"},"data":{"custom_id":"~","components":[null,{"type":18,"component":null}]}}`,
		`{"id":"8","type":3,"token":"x","channel_id":"5","user":{"id":"9"},"data":{"custom_id":"` + strings.Repeat("&", 5000) + `"}}`,
	} {
		w.Dispatch("INTERACTION_CREATE", data)
	}
	w.Dispatch("GUILD_CREATE", "null")
	w.Dispatch("SOMETHING_NEW", `{"a":1}`)
	if m := w.note(w.types("/hello")); m.Text != "ok" {
		t.Errorf("told %q", m.Text)
	}
	if w.Identified() != 1 || w.Resumed() != 0 || w.panics.Load() != 0 {
		t.Errorf("%d sessions, %d resumed, %d panics:\n%s", w.Identified(), w.Resumed(), w.panics.Load(), w.log)
	}
}

func TestACommandThatPanicsIsAnsweredAndCounted(t *testing.T) {
	w := newGatewayWorld(t, discordfake.Options{}, func(context.Context, bot.Event) (bot.Reply, error) { panic("a bug") })
	w.connects()
	if m := w.note(w.types("/hello")); !strings.Contains(m.Text, "on our side") {
		t.Errorf("told %q", m.Text)
	}
	if n := w.panics.Load(); n != 1 || w.log.count("gateway_test.go") == 0 {
		t.Errorf("%d panics counted; the log:\n%s", n, w.log)
	}
}

// broken is a bot.Drafts with a bug.
type broken struct{ bot.Drafts }

func (broken) Draft(context.Context, string) (bot.Draft, error) { panic("a bug in the drafts") }

const opensDraft = `{"id":"77","token":"tok","type":3,"channel_id":"5","user":{"id":"9"},"message":{"id":"6"},"data":{"custom_id":"~s123:"}}`

func TestAPanicInTheAdapterItselfIsSurvived(t *testing.T) {
	w := newGatewayWorld(t, discordfake.Options{}, ok)
	w.a.drafts = broken{}
	w.connects()
	w.Dispatch("INTERACTION_CREATE", opensDraft)
	w.until("the panic is counted", func() bool { return w.panics.Load() == 1 })
	w.types("/hello")
	if w.log.count("a bug in the drafts") != 1 || w.log.count("broken.Draft") == 0 {
		t.Errorf("the log:\n%s", w.log)
	}
}

func TestAPanicOverHTTPIsSurvived(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	w.a.drafts = broken{}
	var panics atomic.Int32
	w.a.onPanic = func() { panics.Add(1) }
	if status, body := w.signed(opensDraft, start); status != 500 || strings.Contains(body, "bug") {
		t.Errorf("status %d, %s", status, body)
	}
	if panics.Load() != 1 || !strings.Contains(w.log.String(), "broken.Draft") {
		t.Errorf("%d panics; the log:\n%s", panics.Load(), w.log)
	}
}

func TestManyInteractionsAtOnceAreAllAnswered(t *testing.T) {
	var now, most atomic.Int32
	full := make(chan struct{})
	w := newGatewayWorld(t, discordfake.Options{}, func(context.Context, bot.Event) (bot.Reply, error) {
		n := now.Add(1)
		defer now.Add(-1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
		if n == maxAnswering {
			close(full)
		}
		<-full
		return bot.Tell{Text: bot.Say("ok")}, nil
	})
	w.connects()
	var all sync.WaitGroup
	for i := range maxAnswering + 36 {
		all.Go(func() {
			if _, err := w.Type(t.Context(), ada, general, fmt.Sprint("/c", i)); err != nil {
				t.Errorf("%d: %v", i, err)
			}
		})
	}
	all.Wait()
	if n := len(w.seen(bot.Open)); n != maxAnswering+36 || most.Load() != maxAnswering {
		t.Errorf("%d events, %d at once", n, most.Load())
	}
}

func TestWhatIsBeingAnsweredIsFinishedInTheEnd(t *testing.T) {
	entered, leave := make(chan struct{}), make(chan struct{})
	w := newGatewayWorld(t, discordfake.Options{}, func(ctx context.Context, _ bot.Event) (bot.Reply, error) {
		close(entered)
		<-leave
		return bot.Tell{Text: bot.Say("finished")}, ctx.Err()
	})
	stop := w.connects()
	var stopped sync.WaitGroup
	stopped.Go(func() {
		<-entered
		stopped.Go(func() {
			stop()
			if n := w.callbacks(); n != 1 {
				t.Errorf("stopped after %d answers", n)
			}
		})
		w.until("the lease is given back", func() bool { return len(w.leases.released()) == 1 })
		close(leave)
	})
	if m := w.note(w.types("/hello")); m.Text != "finished" {
		t.Errorf("told %q", m.Text)
	}
	stopped.Wait()
	if s := w.ready(); s == "ready" {
		t.Error("a bot that has stopped is ready")
	}
}

func TestACommandThatTakesTooLongIsAnsweredInTime(t *testing.T) {
	w := newGatewayWorld(t, discordfake.Options{}, func(ctx context.Context, _ bot.Event) (bot.Reply, error) {
		<-ctx.Done()
		return nil, &bot.Error{Code: bot.Busy, Err: ctx.Err()}
	})
	w.connects()
	if m := w.note(w.types("/hello")); !strings.Contains(m.Text, "takes too long") {
		t.Errorf("told %q", m.Text)
	}
}
