// Package web is the bot's HTTP side beside the platforms: the server with its limits, health, and metrics.
//
// It imports bot and prometheus/client_golang.
package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"
)

// Check says whether one thing the bot needs is there.
type Check struct {
	Name string
	Run  func(ctx context.Context) error
}

// checkWithin is how long a check may take.
const checkWithin = 3 * time.Second

// Mux serves the routes ("POST /slack/events") and, beside them, /healthz, /readyz and /metrics. Ready means that all
// checks pass; the answer names those that don't, their errors go to the log. Nothing else is there.
func Mux(routes map[string]http.Handler, checks []Check, metrics http.Handler, log *slog.Logger) http.Handler {
	mux := http.NewServeMux()
	for pattern, h := range routes {
		mux.Handle(pattern, h)
	}
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "alive\n") })
	mux.Handle("GET /readyz", readyz(checks, log))
	mux.Handle("GET /metrics", metrics)
	return strict(mux)
}

// strict takes what comes as it was written, so that whatever stands before the bot can't have read it otherwise. A path
// that has to be tidied first ("//a", "/a/../b") is not there; ServeMux would show the way. And nothing is read behind a
// chunked body: net/http takes a request that has Content-Length and Transfer-Encoding both, without a word.
// https://www.rfc-editor.org/rfc/rfc9112#section-6.1
func strict(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(r.TransferEncoding) > 0 {
			w.Header().Set("Connection", "close")
		}
		if r.URL.Path != path.Clean(r.URL.Path) {
			http.NotFound(w, r)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

func readyz(checks []Check, log *slog.Logger) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), checkWithin)
		defer cancel()
		var failing []string
		for _, c := range checks {
			if err := c.Run(ctx); err != nil {
				failing = append(failing, c.Name)
				log.Warn("not ready", "check", c.Name, "err", err)
			}
		}
		slices.Sort(failing)
		if len(failing) > 0 {
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = fmt.Fprintf(w, "not ready: %s\n", strings.Join(failing, ", "))
			return
		}
		_, _ = io.WriteString(w, "ready\n")
	}
}

// drain is how long requests under way may take after the end was asked for; platforms wait for three seconds.
const drain = 6 * time.Second

// Serve answers on l until ctx ends, then finishes what is under way. Slow or endless clients are cut off.
func Serve(ctx context.Context, l net.Listener, h http.Handler, log *slog.Logger) error {
	server := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      20 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug), // what clients do wrong

		DisableGeneralOptionsHandler: true, // which answers "OPTIONS *" past h
	}
	done := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() {
		end, cancel := context.WithTimeout(context.Background(), drain)
		defer cancel()
		err := server.Shutdown(end)
		if errors.Is(err, context.DeadlineExceeded) { // platforms deliver again what they got no answer to
			log.Warn("some requests did not end in time; they are cut off")
			err = server.Close()
		}
		done <- err
	})
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		stop()
		return err
	}
	return <-done
}

// Alive asks the server at an address, as host:port, for /healthz.
func Alive(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/healthz", nil)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return fmt.Errorf("nobody answers: %w", err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("it answers %s", answer.Status)
	}
	return nil
}
