package slack

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"communitybot/bot"
)

// The way of a request through the adapter, from the signed body to the answer, without the network between.

func BenchmarkSlashCommand(b *testing.B) {
	benchmark(b, slashBody("text", "Cricket fans"), answering(bot.Tell{Text: bot.Say("Hello {who}", "who", bot.Bold("you"))}))
}

func BenchmarkSubmission(b *testing.B) { benchmark(b, payloadBody(formPayload), answering(bot.Done{})) }

func BenchmarkRefusedSubmission(b *testing.B) {
	benchmark(b, payloadBody(formPayload), failing(&bot.Error{Fields: map[string]string{"name": "Taken."}}))
}

func benchmark(b *testing.B, body string, h *recorder) {
	b.Helper()
	a := New(Options{SigningSecret: secret, APIURL: nowhere, Log: slog.New(slog.DiscardHandler)})
	a.now = func() time.Time { return noon }
	handler := a.Handler(bot.HandlerFunc(func(_ context.Context, e bot.Event) (bot.Reply, error) { return h.answer(e) }))
	header := sign(body, noon)
	b.ReportAllocs()
	for b.Loop() {
		r, err := http.NewRequestWithContext(b.Context(), http.MethodPost, EventsPath, strings.NewReader(body))
		if err != nil {
			b.Fatal(err)
		}
		r.Header = header
		w := &plainWriter{header: http.Header{}}
		handler.ServeHTTP(w, r)
		if w.status != 0 {
			b.Fatalf("status %d", w.status)
		}
	}
}

// BenchmarkDrawForm and BenchmarkDrawCard show what drawing costs.
func BenchmarkDrawForm(b *testing.B) {
	b.ReportAllocs()
	form := richForm()
	for b.Loop() {
		if _, err := modal(form, bot.Event{At: general}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDrawCard(b *testing.B) {
	b.ReportAllocs()
	card := richCard()
	for b.Loop() {
		draw(card)
	}
}
