package bot_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"communitybot/bot"
)

type transport func(*http.Request) (*http.Response, error)

func (t transport) RoundTrip(r *http.Request) (*http.Response, error) { return t(r) }

func TestCallsForARequestNameIt(t *testing.T) {
	for name, c := range map[string]struct {
		ctx  context.Context
		want string
	}{
		"for one":         {bot.ForRequest(t.Context(), 42), "42"},
		"for none at all": {t.Context(), ""},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := http.NewRequestWithContext(c.ctx, http.MethodGet, "https://example.com", nil)
			if err != nil {
				t.Fatal(err)
			}
			var got string
			_, err = bot.Traced(transport(func(sent *http.Request) (*http.Response, error) {
				got = sent.Header.Get(bot.RequestHeader)
				return nil, http.ErrUseLastResponse
			})).RoundTrip(r)
			if got != c.want || err != http.ErrUseLastResponse {
				t.Errorf("it names %q, %v", got, err)
			}
			if r.Header.Get(bot.RequestHeader) != "" {
				t.Error("the caller's request was changed")
			}
		})
	}
}

func TestNothingIsSentByWhoMayNotAnyMore(t *testing.T) {
	for name, alive := range map[string]bool{"alive": true, "frozen meanwhile": false} {
		t.Run(name, func(t *testing.T) {
			ctx := bot.OnlyWhile(t.Context(), func() bool { return alive })
			r, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://example.com", nil)
			if err != nil {
				t.Fatal(err)
			}
			sent := false
			_, err = bot.Traced(transport(func(*http.Request) (*http.Response, error) {
				sent = true
				return nil, http.ErrUseLastResponse
			})).RoundTrip(r)
			if sent != alive || errors.Is(err, bot.ErrTaken) == alive {
				t.Errorf("it was sent: %v, error %v", sent, err)
			}
		})
	}
}
