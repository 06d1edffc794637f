package adapters_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"communitybot/adapters"
	"communitybot/bot/config"
	"communitybot/bot/store"
	"communitybot/commands"
)

// The benchmarks measure what a person waits for: a signed request until it is answered, with the database on disk and
// everything committed before the answer. The platforms' APIs behind them answer at once, over HTTP.

const signingSecret = "bench-secret"

var benchKey = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))

// benchBot returns the handlers of both platforms on a store of their own. No jobs are done.
func benchBot(b *testing.B) map[string]http.Handler {
	b.Helper()
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"ok":true}`)
	}))
	b.Cleanup(api.Close)
	c, err := config.Load([]string{
		"SLACK_BOT_TOKEN=xoxb-bench", "SLACK_SIGNING_SECRET=" + signingSecret, "SLACK_API_URL=" + api.URL + "/api/",
		"DISCORD_BOT_TOKEN=bench", "DISCORD_APPLICATION_ID=1100000000000000001", "DISCORD_API_URL=" + api.URL,
		"DISCORD_PUBLIC_KEY=" + hex.EncodeToString(benchKey.Public().(ed25519.PublicKey)), "GENUIN_BASE_URL=" + api.URL, "GENUIN_ACCESS_TOKEN=bench",
	}, "")
	if err != nil {
		b.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	s, err := store.Open(b.Context(), store.Options{URL: "sqlite:" + filepath.Join(b.TempDir(), "bench.db"), Log: log, Now: time.Now})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	set, err := adapters.Open(c, adapters.Options{Drafts: s, Log: log, Now: time.Now})
	if err != nil {
		b.Fatal(err)
	}
	return set.Routes(commands.New(commands.Options{Store: s, Types: c.Genuin.Types, Now: time.Now}))
}

func fromSlack(form url.Values) *http.Request {
	body := form.Encode()
	r := httptest.NewRequest(http.MethodPost, "/slack/events", strings.NewReader(body))
	at := strconv.FormatInt(time.Now().Unix(), 10)
	mac := hmac.New(sha256.New, []byte(signingSecret))
	_, _ = io.WriteString(mac, "v0:"+at+":"+body)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Slack-Request-Timestamp", at)
	r.Header.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
	return r
}

func fromDiscord(body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/discord/interactions", strings.NewReader(body))
	at := strconv.FormatInt(time.Now().Unix(), 10)
	r.Header.Set("X-Signature-Timestamp", at)
	r.Header.Set("X-Signature-Ed25519", hex.EncodeToString(ed25519.Sign(benchKey, []byte(at+body))))
	return r
}

// serve answers one request and returns the answer's body.
func serve(b *testing.B, h http.Handler, r *http.Request) string {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		b.Fatalf("answered %d: %s", w.Code, w.Body)
	}
	return w.Body.String()
}

func BenchmarkSlackCommand(b *testing.B) {
	h := benchBot(b)["/slack/events"]
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		answer := serve(b, h, fromSlack(url.Values{"command": {"/create-community"}, "text": {"Acme"}, "trigger_id": {fmt.Sprint(i)},
			"team_id": {"T1"}, "channel_id": {"C1"}, "user_id": {"U1"}, "user_name": {"ada"}}))
		if answer != "" {
			b.Fatal(answer)
		}
	}
}

// slackSubmission is a sent form whose handle and view are the n-th.
func slackSubmission(n int64) *http.Request {
	payload := fmt.Sprintf(`{"type":"view_submission","team":{"id":"T1"},"user":{"id":"U1","username":"ada"},"view":{"id":"V%d","callback_id":"create-community",
		"private_metadata":"{\"call\":\"create-community\",\"at\":{\"platform\":\"slack\",\"tenant\":\"T1\",\"channel\":\"C1\"}}","state":{"values":{
		"name":{"name":{"type":"plain_text_input","value":"Acme"}},"handle":{"handle":{"type":"plain_text_input","value":"acme-%d"}},
		"type":{"type":{"type":"static_select","selected_option":{"value":"1"}}}}},"blocks":[]}}`, n, n)
	return fromSlack(url.Values{"payload": {payload}})
}

func BenchmarkSlackSubmission(b *testing.B) {
	h := benchBot(b)["/slack/events"]
	b.ReportAllocs()
	for i := int64(0); b.Loop(); i++ {
		if answer := serve(b, h, slackSubmission(i)); answer != "" {
			b.Fatal(answer)
		}
	}
}

// BenchmarkSlackSubmissions has many people send at once: their commits share the disk's time.
func BenchmarkSlackSubmissions(b *testing.B) {
	h := benchBot(b)["/slack/events"]
	var n atomic.Int64
	b.ReportAllocs()
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			w := httptest.NewRecorder()
			if h.ServeHTTP(w, slackSubmission(n.Add(1))); w.Code != http.StatusOK || w.Body.Len() > 0 {
				b.Errorf("answered %d: %s", w.Code, w.Body)
			}
		}
	})
}

func discordInteraction(id int64, kind int, data string) *http.Request {
	return fromDiscord(fmt.Sprintf(`{"id":"%d","application_id":"1100000000000000001","type":%d,"token":"t","version":1,"guild_id":"1","channel_id":"2",
		"member":{"user":{"id":"3","username":"ada"},"roles":[]},"message":{"id":"4","flags":64},"data":%s}`, 1<<40+id, kind, data))
}

func BenchmarkDiscordCommand(b *testing.B) {
	h := benchBot(b)["/discord/interactions"]
	b.ReportAllocs()
	for i := int64(0); b.Loop(); i++ {
		answer := serve(b, h, discordInteraction(i, 2, `{"name":"create-community","options":[{"name":"name","type":3,"value":"Acme"}]}`))
		if !strings.Contains(answer, `"type":9`) {
			b.Fatal(answer)
		}
	}
}

// BenchmarkDiscordSubmission is the two steps that a submission takes: the modal, and the button that sends its draft.
func BenchmarkDiscordSubmission(b *testing.B) {
	h := benchBot(b)["/discord/interactions"]
	b.ReportAllocs()
	for i := int64(0); b.Loop(); i++ {
		review := serve(b, h, discordInteraction(2*i, 5, fmt.Sprintf(`{"custom_id":"+create-community","components":[
			{"type":1,"components":[{"type":4,"custom_id":"name","value":"Acme"}]},{"type":1,"components":[{"type":4,"custom_id":"handle","value":"acme-%d"}]}]}`, i)))
		_, rest, found := strings.Cut(review, `"label":"Create"`)
		_, rest, ok := strings.Cut(rest, `"custom_id":"`)
		id, _, _ := strings.Cut(rest, `"`)
		if !found || !ok {
			b.Fatal(review)
		}
		if answer := serve(b, h, discordInteraction(2*i+1, 3, fmt.Sprintf(`{"custom_id":%q,"component_type":2}`, id))); !strings.Contains(answer, "on its way") {
			b.Fatal(answer)
		}
	}
}
