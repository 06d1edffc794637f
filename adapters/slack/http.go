package slack

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"communitybot/bot"
)

const (
	maxBody = 1 << 20
	maxSkew = 5 * time.Minute
)

// Handler answers what Slack sends to POST /slack/events: slash commands, interactivity and events. It refuses what is
// not signed (401), too large (413) or not decodable (400); everything else gets 200 within three seconds, with the
// answer in the body. A panic is caught, and answered by 500.
func (a *Adapter) Handler(h bot.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), answerWithin)
		defer cancel()
		defer func() {
			if p := recover(); p != nil {
				a.panicked(ctx, p)
				http.Error(w, "internal error", http.StatusInternalServerError)
			}
		}()
		if r.Method != http.MethodPost {
			w.Header().Set("Allow", http.MethodPost)
			http.Error(w, "only POST", http.StatusMethodNotAllowed)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		var tooLarge *http.MaxBytesError
		switch {
		case err != nil && r.Header.Get("X-Slack-Signature") == "": // it can't be an ssl_check, which is short and whole
			http.Error(w, "not signed by Slack", http.StatusUnauthorized)
			return
		case errors.As(err, &tooLarge):
			http.Error(w, "body over 1 MiB", http.StatusRequestEntityTooLarge)
			return
		case err != nil:
			http.Error(w, "body not readable", http.StatusBadRequest)
			return
		case isSSLCheck(body):
			return
		case !a.signed(r.Header, body):
			a.log.DebugContext(ctx, "slack: request not signed")
			http.Error(w, "not signed by Slack", http.StatusUnauthorized)
			return
		}
		answer, err := a.dispatch(ctx, h, body)
		if err != nil {
			a.log.WarnContext(ctx, "slack: request not understood", "error", err)
			http.Error(w, "not understood", http.StatusBadRequest)
			return
		}
		if len(answer) > 0 {
			w.Header().Set("Content-Type", "application/json; charset=utf-8")
			_, _ = w.Write(answer) // a failure here means that Slack hung up
		}
	})
}

// signed reports whether Slack signed body with our secret within the last five minutes, by our clock.
// https://docs.slack.dev/authentication/verifying-requests-from-slack
func (a *Adapter) signed(header http.Header, body []byte) bool {
	stamp := header.Get("X-Slack-Request-Timestamp")
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || a.now().Sub(time.Unix(seconds, 0)).Abs() > maxSkew {
		return false
	}
	digits, versioned := strings.CutPrefix(header.Get("X-Slack-Signature"), "v0=")
	given, err := hex.DecodeString(digits)
	if err != nil || !versioned || len(a.secret) == 0 { // with an empty secret anybody could sign
		return false
	}
	mac := hmac.New(sha256.New, a.secret)
	mac.Write([]byte("v0:" + stamp + ":"))
	mac.Write(body)
	return hmac.Equal(given, mac.Sum(nil))
}

// isSSLCheck reports whether Slack only checks our certificate: such a request is not signed, and must do nothing.
// https://docs.slack.dev/interactivity/implementing-slash-commands
func isSSLCheck(body []byte) bool {
	if !bytes.Contains(body, []byte("ssl_check=1")) { // spares every other request the parsing
		return false
	}
	form, err := url.ParseQuery(string(body))
	return err == nil && form.Get("ssl_check") == "1"
}
