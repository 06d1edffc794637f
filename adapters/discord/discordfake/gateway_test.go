package discordfake

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/google/go-cmp/cmp"
	"github.com/gorilla/websocket"
)

// line is one raw connection to the gateway.
type line struct {
	*websocket.Conn
	t *testing.T
}

// dials opens a connection and reads the hello.
func (w *world) dials(query string) line {
	w.t.Helper()
	conn, res, err := websocket.DefaultDialer.DialContext(w.t.Context(), w.gatewayURL()+query, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	_ = res.Body.Close()
	w.t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetReadDeadline(time.Now().Add(10 * time.Second))
	return line{conn, w.t}
}

func (w *world) greeted() line {
	w.t.Helper()
	l := w.dials("/?v=10&encoding=json")
	if f := l.reads(); f.Op != opHello || f.Data.(map[string]any)["heartbeat_interval"].(float64) <= 0 {
		w.t.Fatalf("greeted with %+v", f)
	}
	return l
}

func (l line) says(text string) {
	l.t.Helper()
	if err := l.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
		l.t.Fatal(err)
	}
}

func (l line) reads() (f frame) {
	l.t.Helper()
	if err := l.ReadJSON(&f); err != nil {
		l.t.Fatal(err)
	}
	return f
}

// closes reads until the gateway closes the connection, and returns the code.
func (l line) closes() int {
	l.t.Helper()
	for {
		if _, _, err := l.ReadMessage(); err != nil {
			closed, ok := err.(*websocket.CloseError)
			if !ok {
				l.t.Fatal(err)
			}
			return closed.Code
		}
	}
}

func identify(token string, more string) string {
	return `{"op":2,"d":{"token":"` + token + `","properties":{"os":"linux","browser":"x","device":"x"}` + more + `}}`
}

func resume(token, session string, seq int64) string {
	return fmt.Sprintf(`{"op":6,"d":{"token":%q,"session_id":%q,"seq":%d}}`, token, session, seq)
}

// begins begins a session and returns it.
func (w *world) begins(l line) (id string) {
	w.t.Helper()
	l.says(identify(w.Options().BotToken, `,"intents":0`))
	f := l.reads()
	data, _ := f.Data.(map[string]any)
	if f.Type != "READY" || *f.Seq != 1 || data["resume_gateway_url"] != w.gatewayURL() || data["user"].(map[string]any)["id"] != w.Options().ApplicationID {
		w.t.Fatalf("read %+v", f)
	}
	return data["session_id"].(string)
}

// awaitsNobody waits until nobody is connected.
func (w *world) awaitsNobody() {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), 10*time.Second)
	defer cancel()
	if err := w.Await(ctx, 0); err != nil {
		w.t.Fatal(err)
	}
}

func TestTheGatewayRefusesWhatDiscordRefuses(t *testing.T) {
	for _, c := range []struct {
		name  string
		query string
		says  func(w *world) []string
		code  int
	}{
		{"another version", "/?v=6&encoding=json", nil, 4012},
		{"no version", "/", nil, 4012},
		{"another encoding", "/?v=10&encoding=etf", nil, 4012},
		{"no JSON", "", func(*world) []string { return []string{"{"} }, 4002},
		{"more than it reads", "", func(*world) []string { return []string{strings.Repeat(" ", maxGateway+1)} }, websocket.CloseMessageTooBig},
		{"an opcode that there is not", "", func(*world) []string { return []string{`{"op":99}`} }, 4001},
		{"something before who it is", "", func(*world) []string { return []string{`{"op":3,"d":{}}`} }, 4003},
		{"a wrong token", "", func(*world) []string { return []string{identify("wrong", `,"intents":0`)} }, 4004},
		{"no intents", "", func(w *world) []string { return []string{identify(w.Options().BotToken, "")} }, 4013},
		{"intents that there are not", "", func(w *world) []string { return []string{identify(w.Options().BotToken, `,"intents":134217728`)} }, 4013},
		{"privileged intents", "", func(w *world) []string { return []string{identify(w.Options().BotToken, `,"intents":32768`)} }, 4014},
		{"another shard", "", func(w *world) []string { return []string{identify(w.Options().BotToken, `,"intents":0,"shard":[1,2]`)} }, 4010},
		{"no properties", "", func(w *world) []string {
			return []string{`{"op":2,"d":{"token":"` + w.Options().BotToken + `","intents":0}}`}
		}, 4002},
		{"who it is, twice", "", func(w *world) []string {
			i := identify(w.Options().BotToken, `,"intents":0`)
			return []string{i, i}
		}, 4005},
		{"a session with a wrong token", "", func(*world) []string { return []string{resume("wrong", "s", 1)} }, 4004},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, Options{})
			if c.query != "" {
				if got := w.dials(c.query).closes(); got != c.code {
					t.Errorf("closed with %d", got)
				}
				return
			}
			l := w.greeted()
			for _, s := range c.says(w) {
				l.says(s)
			}
			if got := l.closes(); got != c.code {
				t.Errorf("closed with %d, want %d", got, c.code)
			}
		})
	}
}

func TestABotThatComesBackHearsWhatItMissed(t *testing.T) {
	w := newWorld(t, Options{})
	l := w.greeted()
	id := w.begins(l)
	w.Dispatch("ONE", "1")
	if f := l.reads(); f.Type != "ONE" || *f.Seq != 2 {
		t.Errorf("read %+v", f)
	}
	w.DropConnections()
	w.awaitsNobody()
	w.Dispatch("TWO", "2")
	w.Dispatch("THREE", "3")

	back := w.greeted()
	back.says(resume(w.Options().BotToken, id, 2))
	var got []string
	for range 3 {
		f := back.reads()
		got = append(got, fmt.Sprint(f.Type, *f.Seq))
	}
	if diff := cmp.Diff([]string{"TWO3", "THREE4", "RESUMED5"}, got); diff != "" {
		t.Error(diff)
	}
	if w.Identified() != 1 || w.Resumed() != 1 {
		t.Errorf("%d sessions, %d resumed", w.Identified(), w.Resumed())
	}
}

func TestASessionThatIsNoMore(t *testing.T) {
	for _, c := range []struct {
		name string
		end  func(*world, line)
	}{
		{"the bot ended it", func(w *world, l line) {
			_ = l.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(1000, ""), time.Now().Add(time.Second))
		}},
		{"it was forgotten", func(w *world, l line) { _ = l.Close(); w.Forget() }},
		{"it is too old", func(w *world, l line) {
			_ = l.Close()
			w.awaitsNobody()
			w.clock.Move(resumable + 1)
			w.Dispatch("X", "1")
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, Options{})
			l := w.greeted()
			id := w.begins(l)
			c.end(w, l)
			w.awaitsNobody()
			back := w.greeted()
			back.says(resume(w.Options().BotToken, id, 1))
			if f := back.reads(); f.Op != opInvalid || f.Data != false {
				t.Errorf("read %+v", f)
			}
		})
	}
}

func TestAResumedSessionHasOneConnectionAndAKnownSequence(t *testing.T) {
	w := newWorld(t, Options{})
	first := w.greeted()
	id := w.begins(first)
	second := w.greeted()
	second.says(resume(w.Options().BotToken, id, 1))
	if f := second.reads(); f.Type != "RESUMED" {
		t.Errorf("read %+v", f)
	}
	if code := first.closes(); code != websocket.CloseNormalClosure {
		t.Errorf("the first one is closed with %d", code)
	}
	third := w.greeted()
	third.says(resume(w.Options().BotToken, id, 99))
	if code := third.closes(); code != 4007 {
		t.Errorf("closed with %d", code)
	}
}

func TestABotThatConnectsTwiceHearsEverythingTwice(t *testing.T) {
	w := newWorld(t, Options{})
	one, two := w.greeted(), w.greeted()
	w.begins(one)
	w.begins(two)
	w.Dispatch("X", "7")
	for _, l := range []line{one, two} {
		if f := l.reads(); f.Type != "X" || f.Data != 7.0 {
			t.Errorf("read %+v", f)
		}
	}
	if w.MostConnected() != 2 {
		t.Errorf("%d at once", w.MostConnected())
	}
}

func TestHeartbeats(t *testing.T) {
	w := newWorld(t, Options{Heartbeat: 50 * time.Millisecond})
	l := w.greeted()
	w.begins(l)
	l.says(`{"op":1,"d":1}`)
	if f := l.reads(); f.Op != opAck {
		t.Errorf("read %+v", f)
	}
	w.Heartbeat()
	if f := l.reads(); f.Op != opHeartbeat {
		t.Errorf("read %+v", f)
	}
	w.IgnoreHeartbeats(true)
	l.says(`{"op":1,"d":1}`)
	if code := l.closes(); code != 4009 { // nothing came any more
		t.Errorf("closed with %d", code)
	}
	if w.Heartbeats() != 2 {
		t.Errorf("%d heartbeats", w.Heartbeats())
	}
}

func TestWhatTheGatewaySaysOnDemand(t *testing.T) {
	w := newWorld(t, Options{})
	l := w.greeted()
	w.begins(l)
	w.AskToReconnect()
	w.Invalidate(true)
	w.Push("anything")
	if f := l.reads(); f.Op != opReconnect {
		t.Errorf("read %+v", f)
	}
	if f := l.reads(); f.Op != opInvalid || f.Data != true {
		t.Errorf("read %+v", f)
	}
	if _, text, err := l.ReadMessage(); string(text) != "anything" {
		t.Errorf("read %s, %v", text, err)
	}
	w.CloseConnections(4008)
	if code := l.closes(); code != 4008 {
		t.Errorf("closed with %d", code)
	}
	w.RefuseSessions(4014)
	again := w.greeted()
	again.says(identify(w.Options().BotToken, `,"intents":0`))
	if code := again.closes(); code != 4014 {
		t.Errorf("refused with %d", code)
	}
}

func TestSessionsBeyondTheLimitLoseTheToken(t *testing.T) {
	w := newWorld(t, Options{})
	w.LimitSessions(1, time.Hour)
	w.begins(w.greeted())
	status, answer := w.api("GET", "/gateway/bot", "")
	limit, _ := answer["session_start_limit"].(map[string]any)
	if status != 200 || limit["remaining"] != 0.0 || limit["reset_after"] != 3600000.0 || answer["url"] != w.gatewayURL() {
		t.Errorf("%d: %v", status, answer)
	}
	l := w.greeted()
	l.says(identify(w.Options().BotToken, `,"intents":0`))
	if code := l.closes(); code != 4004 {
		t.Errorf("closed with %d", code)
	}
}

func TestARealClientLivesOnTheGateway(t *testing.T) {
	w := newWorld(t, Options{AnyCommand: true})
	w.s.ShouldReconnectOnError, w.s.StateEnabled, w.s.Identify.Intents = false, false, 0
	failed := make(chan error, 1)
	w.s.AddHandler(func(s *discordgo.Session, i *discordgo.InteractionCreate) {
		failed <- s.InteractionRespond(i.Interaction, &discordgo.InteractionResponse{
			Type: discordgo.InteractionResponseChannelMessageWithSource,
			Data: &discordgo.InteractionResponseData{Content: "Hello " + i.Member.User.Username, Flags: discordgo.MessageFlagsEphemeral},
		})
	})
	if err := w.s.Open(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = w.s.Close() }()
	s, err := w.Type(t.Context(), ada, general, "/hello")
	if err != nil || len(s.Private) != 1 || !strings.HasPrefix(s.Private[0].Text, "Hello ") {
		t.Errorf("she sees %+v, %v", s, err)
	}
	if err := <-failed; err != nil {
		t.Error(err)
	}
	if err := w.DispatchAgain(); err != nil {
		t.Fatal(err)
	}
	if err := <-failed; err == nil || !strings.Contains(err.Error(), "40060") {
		t.Errorf("a second answer: %v", err)
	}
	delivered := w.Requests()[1]
	var e envelope
	if err := json.Unmarshal(delivered.Body, &e); err != nil || !delivered.Delivery || delivered.Method != "WEBSOCKET" || e.Type != kindCommand {
		t.Errorf("recorded %+v", delivered)
	}
}

func TestNobodyIsThere(t *testing.T) {
	w := newWorld(t, Options{AnyCommand: true})
	if err := w.DispatchAgain(); err == nil {
		t.Error("nothing was sent again")
	}
	if _, err := w.Type(t.Context(), ada, general, "/hello"); err == nil {
		t.Error("somebody answered")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := w.Await(ctx, 1); err == nil {
		t.Error("somebody came")
	}
}
