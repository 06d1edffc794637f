package discordfake

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestIDsGrowEvenWhenTheClockDoesNot(t *testing.T) {
	w := newWorld(t, Options{})
	last := int64(0)
	for _, step := range []time.Duration{0, 0, time.Second, -time.Minute, 0} {
		w.clock.Move(step)
		id, err := strconv.ParseInt(w.writes(ada, general, "hi"), 10, 64)
		if err != nil || id <= last {
			t.Fatalf("%d after %d, %v", id, last, err)
		}
		last = id
	}
}

func TestSignaturesCoverTimestampAndBody(t *testing.T) {
	w := newWorld(t, Options{})
	key, err := hex.DecodeString(w.PublicKey())
	if err != nil {
		t.Fatal(err)
	}
	sig, err := hex.DecodeString(w.Sign("1772366400", []byte(`{"type":1}`)))
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]bool{`1772366400{"type":1}`: true, `1772366401{"type":1}`: false, `1772366400{"type":2}`: false} {
		if got := ed25519.Verify(key, []byte(text), sig); got != want {
			t.Errorf("%s: %t", text, got)
		}
	}
}

func TestDeliveriesCarryTheFakesOwnTime(t *testing.T) {
	w := newWorld(t, Options{})
	var got http.Header
	w.Connect(w.listen(func(rw http.ResponseWriter, r *http.Request) { got = r.Header.Clone() }))
	if _, err := w.Deliver(t.Context(), []byte(`{}`)); err != nil {
		t.Fatal(err)
	}
	if got.Get("X-Signature-Timestamp") != "1772366400" || got.Get("Content-Type") != "application/json" {
		t.Errorf("headers %v", got)
	}
}

func TestAPersonWhoStopsWaiting(t *testing.T) {
	w := newWorld(t, Options{AnyCommand: true})
	ctx, cancel := context.WithCancel(t.Context())
	release := make(chan struct{})
	w.bot(func(asked) string {
		cancel()
		<-release
		return privately
	})
	t.Cleanup(func() { close(release) })
	if _, err := w.Type(ctx, ada, general, "/x"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestOldInteractionsAreForgotten(t *testing.T) {
	w := newWorld(t, Options{AnyCommand: true})
	for range 3 {
		w.answered(t, privately)
		w.clock.Move(31 * time.Minute)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if n := len(w.interactions); n != 1 {
		t.Errorf("%d interactions are kept", n)
	}
}

func TestABodyThatIsTooLarge(t *testing.T) {
	w := newWorld(t, Options{})
	body := `{"content":"` + strings.Repeat("x", maxBody) + `"}`
	if status, answer := w.api("POST", "/channels/"+general+"/messages", body); status != http.StatusRequestEntityTooLarge || answer["code"] != 40005.0 {
		t.Errorf("%d %v", status, answer)
	}
}

func TestRequestsThatSayTooLittle(t *testing.T) {
	w := newWorld(t, Options{AnyCommand: true})
	in := w.answered(t, privately)
	m := w.post(`{"content":"m"}`)
	sent := "/webhooks/" + in.AppID + "/" + in.Token
	commands := "/applications/" + in.AppID + "/commands"
	for name, c := range map[string]struct {
		method, path, body string
		code               float64
	}{
		"a conversation with nobody":   {"POST", "/users/@me/channels", `{}`, 50033},
		"a conversation without JSON":  {"POST", "/users/@me/channels", `{`, 50109},
		"a thread without JSON":        {"POST", "/channels/" + general + "/messages/" + m + "/threads", `{`, 50109},
		"a thread in no channel":       {"POST", "/channels/1/messages/" + m + "/threads", `{"name":"n"}`, 10003},
		"an edit without JSON":         {"PATCH", "/channels/" + general + "/messages/" + m, `{`, 50109},
		"a channel without JSON":       {"PATCH", "/channels/" + general, `{`, 50109},
		"a list of no channel":         {"GET", "/channels/1/messages", "", 10003},
		"a message of no channel":      {"DELETE", "/channels/1/messages/" + m, "", 10003},
		"commands without JSON":        {"PUT", commands, `{`, 50109},
		"commands of another":          {"PUT", "/applications/1/commands", `[]`, 10002},
		"a command without JSON":       {"POST", commands, `{`, 50109},
		"a command without a name":     {"POST", commands, `{"description":"d"}`, 50035},
		"a command of another":         {"POST", "/applications/1/commands", `{}`, 10002},
		"a callback without JSON":      {"POST", "/interactions/" + in.ID + "/" + in.Token + "/callback", `{`, 50109},
		"a follow-up without JSON":     {"POST", sent, `{`, 50109},
		"an answer edited, no JSON":    {"PATCH", sent + "/messages/@original", `{`, 50109},
		"an answer too long":           {"PATCH", sent + "/messages/@original", `{"content":` + quoted("x", 2001) + `}`, 50035},
		"an answer of a made-up token": {"PATCH", "/webhooks/" + in.AppID + "/x/messages/@original", `{"content":"c"}`, 50027},
	} {
		t.Run(name, func(t *testing.T) {
			if status, answer := w.api(c.method, c.path, c.body); status < 400 || status > 404 || answer["code"] != c.code {
				t.Errorf("%d %v", status, answer)
			}
		})
	}
}

func TestTheApplicationShowsItsEndpoint(t *testing.T) {
	w := newWorld(t, Options{})
	if _, app := w.api("GET", "/applications/@me", ""); app["interactions_endpoint_url"] != nil {
		t.Errorf("before: %v", app)
	}
	w.Connect("http://bot.example/discord/interactions")
	if _, app := w.api("GET", "/applications/@me", ""); app["interactions_endpoint_url"] != "http://bot.example/discord/interactions" {
		t.Errorf("after: %v", app)
	}
}

func TestTheServersOwnCommandComesFirst(t *testing.T) {
	w := newWorld(t, Options{})
	app, guild := w.Options().ApplicationID, w.Options().GuildID
	_, own := w.api("POST", "/applications/"+app+"/guilds/"+guild+"/commands", `{"name":"x","description":"here"}`)
	_, global := w.api("POST", "/applications/"+app+"/commands", `{"name":"x","description":"everywhere"}`)
	var got asked
	w.bot(func(a asked) string { got = a; return privately })
	for channel, want := range map[string]map[string]any{general: own, "@" + ada: global} {
		if _, err := w.Type(t.Context(), ada, channel, "/x"); err != nil {
			t.Fatal(err)
		}
		if got.data()["id"] != want["id"] || got.data()["guild_id"] != want["guild_id"] {
			t.Errorf("in %s: %v, want %v", channel, got.data(), want)
		}
	}
}

func TestEverythingAtOnce(t *testing.T) {
	w := newWorld(t, Options{AnyCommand: true})
	w.bot(always(privately))
	card := w.post(`{"content":"card","components":[` + rowOf + `]}`)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			who := []string{ada, bob}[i%2]
			if _, err := w.Type(t.Context(), who, general, "/x"); err != nil {
				t.Error(err)
			}
			if s, err := w.Press(t.Context(), who, card, "Approve"); err != nil || len(s.Private) != 1 {
				t.Errorf("%+v, %v", s, err)
			}
			if _, err := w.s.ChannelMessageSend(general, "hi"); err != nil {
				t.Error(err)
			}
			if _, err := w.Read(t.Context(), who, general); err != nil {
				t.Error(err)
			}
			w.Requests()
		})
	}
	all.Wait()
	if n := len(w.read(ada, general)); n != 1+8+2*4 {
		t.Errorf("Ada sees %d messages", n)
	}
}

func TestAnEndpointThatCutsItsAnswerShort(t *testing.T) {
	w := newWorld(t, Options{AnyCommand: true})
	w.Connect(w.listen(func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(rw, `{"type":4`)
	}))
	if _, err := w.Type(t.Context(), ada, general, "/x"); err != errNoAnswer {
		t.Errorf("got %v", err)
	}
}

func TestARemovedChannelIsGone(t *testing.T) {
	w := newWorld(t, Options{})
	id := w.post(`{"content":"card"}`)
	if _, err := w.s.MessageThreadStart(general, id, "thread", 60); err != nil {
		t.Fatal(err)
	}
	w.RemoveChannel(general)
	_, err := w.s.ChannelMessageEdit(general, id, "x")
	wantCode(t, err, 10003)
	_, err = w.s.ChannelMessageSend(id, "in its thread")
	wantCode(t, err, 10003)
	if _, err := w.Press(t.Context(), ada, id, "Approve"); err == nil {
		t.Error("a message of a removed channel can be pressed")
	}
}
