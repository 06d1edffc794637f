package config

import (
	"cmp"
	"io"
	"log/slog"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// levels is what LOG_LEVEL may be.
var levels = map[string]slog.Level{
	"debug": slog.LevelDebug,
	"info":  slog.LevelInfo,
	"warn":  slog.LevelWarn,
	"error": slog.LevelError,
}

// Logger returns a logger that writes to w at the configured level and in the configured format. Each configured secret
// comes out as [secret], wherever it stands in a line, a panic's too; so does what platforms give for a while.
func (c Config) Logger(w io.Writer) *slog.Logger {
	w = maskWriter{w, masker(c.Secrets())}
	options := &slog.HandlerOptions{Level: levels[c.LogLevel]}
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}

// maskWriter hides secrets in what is written, line by line. Doing it here, behind the handler, covers every kind of
// value: errors, structs and what their MarshalJSON makes of them.
type maskWriter struct {
	to   io.Writer
	mask *strings.Replacer
}

func (m maskWriter) Write(line []byte) (int, error) {
	// One Write for a line, so that lines of several processes on one terminal do not mix.
	if _, err := io.WriteString(m.to, passing.ReplaceAllString(m.mask.Replace(string(line)), "${1}"+hidden)); err != nil {
		return 0, err
	}
	return len(line), nil
}

// passing finds secrets that nobody configures: tokens that are sent along, Slack's response_url, Discord's interaction
// tokens, the ticket of a Socket Mode connection.
// https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
// https://docs.discord.com/developers/interactions/receiving-and-responding#endpoints
var passing = regexp.MustCompile(`(Bearer |[?&]ticket=|/(?:commands|actions)/T[A-Z0-9]+/[0-9]+/|/(?:webhooks|interactions)/[0-9]+/)[^\s"'\\/?&]+`)

// masker hides secrets in the forms they take in lines: as they are, quoted by a handler, escaped in a URL.
func masker(secrets []string) *strings.Replacer {
	var forms []string
	for _, s := range secrets {
		if s == "" {
			continue
		}
		quoted := strconv.Quote(s)
		forms = append(forms, s, quoted[1:len(quoted)-1], url.QueryEscape(s), url.PathEscape(s))
	}
	// The longest first: of two secrets that start alike, the tail of the longer one must not stay.
	slices.SortFunc(forms, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	var pairs []string
	for _, form := range forms {
		pairs = append(pairs, form, hidden)
	}
	return strings.NewReplacer(pairs...)
}
