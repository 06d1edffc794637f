package discord

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"net/http"
	"strconv"
	"testing"
	"time"

	"communitybot/bot"
)

// BenchmarkInteraction is what the adapter adds to a command: a signed interaction in, the answer out.
func BenchmarkInteraction(b *testing.B) {
	ask, err := community(b.Context(), bot.Event{Call: bot.Call{Command: "create-community"}})
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name, body string
		reply      bot.Reply
	}{
		{"command to modal", `{"id":"1177","type":2,"guild_id":"4","channel_id":"5","member":{"user":{"id":"9","username":"ada"},"roles":["31"]},` +
			`"data":{"name":"create-community","options":[{"name":"name","type":3,"value":"Acme Fans"}]}}`, ask},
		{"button to words", `{"id":"1177","type":3,"guild_id":"4","channel_id":"5","member":{"user":{"id":"9","username":"ada"},"roles":["31"]},` +
			`"message":{"id":"6","flags":0},"data":{"component_type":2,"custom_id":"approve?id=42&v=3"}}`, bot.Tell{Text: rich().Text, Actions: rich().Actions}},
	} {
		b.Run(c.name, func(b *testing.B) {
			public, secret, err := ed25519.GenerateKey(nil)
			if err != nil {
				b.Fatal(err)
			}
			a, err := New(Options{PublicKey: hex.EncodeToString(public), Now: func() time.Time { return start }})
			if err != nil {
				b.Fatal(err)
			}
			stamp := strconv.FormatInt(start.Unix(), 10)
			signature := hex.EncodeToString(ed25519.Sign(secret, []byte(stamp+c.body)))
			h := a.Handler(always(c.reply, nil))
			b.ReportAllocs()
			for b.Loop() {
				req, err := http.NewRequest(http.MethodPost, "/discord/interactions", bytes.NewReader([]byte(c.body)))
				if err != nil {
					b.Fatal(err)
				}
				req.Header.Set("X-Signature-Timestamp", stamp)
				req.Header.Set("X-Signature-Ed25519", signature)
				rec := newRecorder()
				h.ServeHTTP(rec, req)
				if rec.status != http.StatusOK {
					b.Fatalf("status %d: %s", rec.status, &rec.Buffer)
				}
			}
		})
	}
}
