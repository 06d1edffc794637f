package discord

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"communitybot/bot"
)

const (
	pingBody   = `{"id":"1","type":1,"version":1}`
	typedBody  = `{"id":"77","type":2,"channel_id":"5","user":{"id":"9"},"data":{"name":"hello"}}`
	pressBody  = `{"id":"77","type":3,"channel_id":"5","user":{"id":"9"},"message":{"id":"6"},"data":{"custom_id":"hello"}}`
	submitBody = `{"id":"77","type":5,"channel_id":"5","user":{"id":"9"},"data":{"custom_id":"!hello","components":[]}}`
)

func TestOnlyWhatDiscordSignedLatelyIsAnswered(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	sign := func(stamp, body string) string { return w.Sign(stamp, []byte(body)) }
	now, zeros := "1772366400", strings.Repeat("00", 64)
	for _, c := range []struct {
		name, method, body, stamp, signature string
		status                               int
	}{
		{"a signed ping", "POST", pingBody, now, sign(now, pingBody), 200},
		{"a signed command", "POST", typedBody, now, sign(now, typedBody), 200},
		{"a ping with a wrong signature", "POST", pingBody, now, zeros, 401},
		{"a ping without a signature", "POST", pingBody, now, "", 401},
		{"a ping without a timestamp", "POST", pingBody, "", sign("", pingBody), 401},
		{"a timestamp that is no number", "POST", pingBody, "soon", sign("soon", pingBody), 401},
		{"a signature that is not hex", "POST", pingBody, now, "signed, Discord", 401},
		{"a signature that is too short", "POST", pingBody, now, "00ff", 401},
		{"the signature of another body", "POST", typedBody, now, sign(now, pingBody), 401},
		{"the signature of another time", "POST", pingBody, now, sign("1772366401", pingBody), 401},
		{"five minutes old", "POST", pingBody, "1772366100", sign("1772366100", pingBody), 200},
		{"older than five minutes", "POST", pingBody, "1772366099", sign("1772366099", pingBody), 401},
		{"five minutes ahead", "POST", pingBody, "1772366700", sign("1772366700", pingBody), 200},
		{"more than five minutes ahead", "POST", pingBody, "1772366701", sign("1772366701", pingBody), 401},
		{"a time beyond all clocks", "POST", pingBody, "9223372036854775807", sign("9223372036854775807", pingBody), 401},
		{"GET", "GET", "", now, sign(now, ""), 405},
		{"PUT", "PUT", pingBody, now, sign(now, pingBody), 405},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got, body := w.raw(c.method, c.body, c.stamp, c.signature); got != c.status {
				t.Errorf("status %d, want %d; body %s", got, c.status, body)
			}
		})
	}
}

func TestDiscordAcceptsTheEndpoint(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	if err := w.Ping(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestBodiesThatAreNoInteraction(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	for _, c := range []struct {
		name, body string
		status     int
	}{
		{"as large as allowed", pingBody + strings.Repeat(" ", maxBody-len(pingBody)), 200},
		{"too large", pingBody + strings.Repeat(" ", maxBody), 413},
		{"empty", "", 400},
		{"not JSON", "type=1", 400},
		{"cut short", pingBody[:10], 400},
		{"JSON of another kind", `[1]`, 400},
		{"no type", `{"id":"1"}`, 400},
		{"an unknown type", `{"id":"1","type":99,"channel_id":"5","user":{"id":"9"}}`, 400},
		{"a type that is no number", `{"id":"1","type":"2"}`, 400},
		{"a command without a name", `{"id":"1","type":2,"channel_id":"5","user":{"id":"9"},"data":{}}`, 400},
		{"a command without data", `{"id":"1","type":2,"channel_id":"5","user":{"id":"9"}}`, 400},
		{"a button without a custom ID", `{"id":"1","type":3,"channel_id":"5","user":{"id":"9"},"data":{}}`, 400},
		{"a modal without a custom ID", `{"id":"1","type":5,"channel_id":"5","user":{"id":"9"},"data":{}}`, 400},
		{"nobody who acts", `{"id":"1","type":2,"channel_id":"5","data":{"name":"hello"}}`, 400},
		{"a member who is nobody", `{"id":"1","type":2,"channel_id":"5","member":{},"data":{"name":"hello"}}`, 400},
		{"no place", `{"id":"1","type":2,"user":{"id":"9"},"data":{"name":"hello"}}`, 400},
		{"no ID", `{"type":2,"channel_id":"5","user":{"id":"9"},"data":{"name":"hello"}}`, 400},
		{"fields of a later version", `{"id":"1","type":1,"new":{"deep":[1,2,{}]}}`, 200},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got, body := w.signed(c.body, start); got != c.status {
				t.Errorf("status %d, want %d; body %.200s", got, c.status, body)
			}
		})
	}
	if n := len(w.seen(bot.Open)); n != 0 {
		t.Errorf("%d of them reached the command", n)
	}
}

func TestWhatIsRefusedIsNotLogged(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	w.signed(`{"id":"1","type":2,"data":{"name":"very private"`, start)
	w.raw("POST", `{"token":"very private"}`, "1772366400", strings.Repeat("00", 64))
	if strings.Contains(w.log.String(), "very private") {
		t.Errorf("the log quotes what was sent:\n%s", w.log)
	}
}

func TestAnswersThatNeedNoCommand(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	for _, c := range []struct{ name, body, answer string }{
		{"a ping", pingBody, `{"type":1}`},
		{"an option being typed", `{"id":"1","type":4,"channel_id":"5","user":{"id":"9"},"data":{"name":"x"}}`, `{"type":8,"data":{"choices":[]}}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if status, body := w.signed(c.body, start); status != 200 || body != c.answer {
				t.Errorf("status %d, body %s", status, body)
			}
		})
	}
}

func TestTheCommandHasLessThanThreeSeconds(t *testing.T) {
	var left time.Duration
	w := newWorld(t, func(ctx context.Context, _ bot.Event) (bot.Reply, error) {
		end, _ := ctx.Deadline()
		left = time.Until(end)
		return bot.Done{}, nil
	})
	w.types("/hello")
	if left <= 2*time.Second || left > patience {
		t.Errorf("the command has %v", left)
	}
}

func TestNewRefusesWhatCanNotWork(t *testing.T) {
	for _, c := range []struct {
		name string
		o    Options
		want string
	}{
		{"a public key that is not hex", Options{PublicKey: "hello"}, "public key"},
		{"a public key that is too short", Options{PublicKey: "00ff"}, "public key"},
		{"an API URL without a host", Options{APIURL: "https:///api"}, "API URL"},
		{"an API URL of another scheme", Options{APIURL: "ftp://discord.com"}, "API URL"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := New(c.o); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want an error about the %s", err, c.want)
			}
		})
	}
	a, err := New(Options{})
	if err != nil {
		t.Fatal("the defaults must do:", err)
	}
	if a.Name() != "discord" || a.log != slog.Default() || a.now == nil {
		t.Errorf("defaults are missing: %+v", a)
	}
}

func TestWithoutAPublicKeyNothingIsAccepted(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	a, err := New(Options{Now: w.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	rec := newRecorder()
	req, err := http.NewRequest(http.MethodPost, "/discord/interactions", strings.NewReader(pingBody))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Signature-Timestamp", "1772366400")
	req.Header.Set("X-Signature-Ed25519", w.Sign("1772366400", []byte(pingBody)))
	a.Handler(always(bot.Done{}, nil)).ServeHTTP(rec, req)
	if rec.status != http.StatusUnauthorized {
		t.Errorf("status %d", rec.status)
	}
}

// recorder is a bare http.ResponseWriter.
type recorder struct {
	header http.Header
	status int
	bytes.Buffer
}

func newRecorder() *recorder { return &recorder{header: http.Header{}, status: 200} }

func (r *recorder) Header() http.Header    { return r.header }
func (r *recorder) WriteHeader(status int) { r.status = status }
