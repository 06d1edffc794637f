package genuin_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"communitybot/bot/genuin"
)

// BenchmarkCreate is one round trip over loopback, once as the client does it by itself (a connection for each call),
// once over a kept connection, which shows what the client's own work costs.
func BenchmarkCreate(b *testing.B) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = io.WriteString(w, documented)
	}))
	defer s.Close()
	kept := &http.Transport{}
	defer kept.CloseIdleConnections()
	for name, transport := range map[string]http.RoundTripper{"own connection": nil, "kept connection": kept} {
		b.Run(name, func(b *testing.B) {
			c := genuin.New(genuin.Options{BaseURL: s.URL, AccessToken: readyToken, Transport: transport})
			b.ReportAllocs()
			for b.Loop() {
				if _, err := c.Create(b.Context(), chess); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
