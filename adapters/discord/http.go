package discord

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"communitybot/bot"
	"communitybot/bot/words"
)

const (
	// maxBody is far above any interaction Discord sends.
	maxBody = 1 << 20
	// patience leaves 0.2 s of the three seconds Discord waits for the way back.
	// https://discord.com/developers/docs/interactions/receiving-and-responding#responding-to-an-interaction
	patience = 2800 * time.Millisecond
	// maxSkew is how far a signed timestamp may be off, either way.
	maxSkew = 5 * time.Minute
)

// Handler returns the endpoint for POST /discord/interactions. h answers the events; its context ends 2.8 seconds after
// the request came in. 401 answers whatever is not signed by Discord within the last five minutes, 413 a body over
// 1 MiB, 405 another method, 400 a body that is no interaction and 500 one that made the adapter panic.
func (a *Adapter) Handler(h bot.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), patience)
		defer cancel()
		defer func() {
			if p := recover(); p != nil {
				a.panicked(ctx, "discord: panic at an interaction", p)
				http.Error(w, "internal error", http.StatusInternalServerError)
			}
		}()
		if r.Method != http.MethodPost {
			w.Header().Set("Allow", http.MethodPost)
			http.Error(w, "only POST", http.StatusMethodNotAllowed)
			return
		}
		body, status, why := a.read(w, r)
		if status != 0 {
			a.log.DebugContext(ctx, "discord: request refused", "status", status, "why", why)
			http.Error(w, why, status)
			return
		}
		in, err := decode(body)
		if err != nil {
			a.log.WarnContext(ctx, "discord: signed request refused", "err", err)
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		a.write(ctx, w, a.answer(ctx, h, in))
	})
}

// read returns the body of a request that Discord signed, or the status and the words that refuse it.
// https://discord.com/developers/docs/interactions/overview#setting-up-an-endpoint-validating-security-request-headers
func (a *Adapter) read(w http.ResponseWriter, r *http.Request) (body []byte, status int, why string) {
	stamp := r.Header.Get("X-Signature-Timestamp")
	signature, err := hex.DecodeString(r.Header.Get("X-Signature-Ed25519"))
	if err != nil || len(signature) != ed25519.SignatureSize || len(a.key) == 0 {
		return nil, http.StatusUnauthorized, "not signed"
	}
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || a.now().Sub(time.Unix(seconds, 0)).Abs() > maxSkew {
		return nil, http.StatusUnauthorized, "stale timestamp"
	}

	var signed bytes.Buffer
	if n := r.ContentLength; n > 0 && n <= maxBody {
		signed.Grow(len(stamp) + int(n) + bytes.MinRead)
	}
	signed.WriteString(stamp)
	if _, err := signed.ReadFrom(http.MaxBytesReader(w, r.Body, maxBody)); err != nil {
		var tooLong *http.MaxBytesError
		if errors.As(err, &tooLong) {
			return nil, http.StatusRequestEntityTooLarge, "body too large"
		}
		return nil, http.StatusBadRequest, "body cut short"
	}
	if !ed25519.Verify(a.key, signed.Bytes(), signature) {
		return nil, http.StatusUnauthorized, "wrong signature"
	}
	return signed.Bytes()[len(stamp):], 0, ""
}

func (a *Adapter) write(ctx context.Context, w http.ResponseWriter, answer response) {
	body, err := json.Marshal(answer)
	if err != nil { // nothing in a response can fail to encode: a bug, and the person should hear of it
		a.log.ErrorContext(ctx, "discord: answer not encoded", "err", err)
		body, _ = json.Marshal(private(plain(words.English.Chat.OurFault)))
	}
	w.Header().Set("Content-Type", "application/json")
	if _, err := io.Copy(w, bytes.NewReader(body)); err != nil {
		a.log.WarnContext(ctx, "discord: answer not delivered", "err", err)
	}
}
