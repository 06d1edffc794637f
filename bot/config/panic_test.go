package config_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"communitybot/bot"
	"communitybot/bot/config"
	"communitybot/bot/store"
	"communitybot/commands"
)

const (
	plantedToken  = "xoxb-planted-token"
	plantedAnswer = "plantedAnswerToken"
)

// panicking panics with v whatever it is asked for.
type panicking struct{ v any }

func (p panicking) Create(context.Context, bot.Community) (bot.Made, error)      { panic(p.v) }
func (p panicking) Post(context.Context, bot.Place, bot.Card) (bot.Place, error) { panic(p.v) }
func (p panicking) Update(context.Context, bot.Place, bot.Card) error            { panic(p.v) }

// TestAPanicShowsNoSecret has Genuin's client and a platform panic with values that hold a token, or an address that is
// as good as one, and reads the log.
func TestAPanicShowsNoSecret(t *testing.T) {
	s, err := store.Open(t.Context(), store.Options{URL: "sqlite:" + filepath.Join(t.TempDir(), "test.db"), Log: slog.New(slog.DiscardHandler), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	held := struct {
		Name  string
		Token string
	}{"client", plantedToken}
	for name, value := range map[string]any{
		"words":                   "with " + plantedToken,
		"an error":                fmt.Errorf("calling: %w", errors.New("Bearer "+plantedToken)),
		"a struct":                held,
		"a pointer to one":        &held,
		"a map":                   map[string]string{plantedToken: plantedToken},
		"a list":                  []string{plantedToken},
		"where Slack is answered": &url.Error{Op: "Post", URL: "https://hooks.slack.com/actions/T0AB1/123456/" + plantedAnswer, Err: errors.New("EOF")},
		"where Discord is":        &url.Error{Op: "Patch", URL: "https://discord.com/api/v10/webhooks/130000/" + plantedAnswer + "/messages/@original", Err: errors.New("EOF")},
		"how Discord is":          errors.New("POST /api/v10/interactions/130000/" + plantedAnswer + "/callback"),
		"where Slack's socket is": errors.New("dial wss://wss-primary.slack.com/link/?ticket=" + plantedAnswer + "&app_id=1"),
		"a token Genuin gave":     errors.New("Authorization: Bearer " + plantedAnswer),
	} {
		for _, format := range []string{"text", "json"} {
			t.Run(name+" as "+format, func(t *testing.T) {
				log := panicked(t, s, config.Config{LogFormat: format, LogLevel: "debug", Slack: config.Slack{BotToken: plantedToken}}, value)
				if strings.Count(log, "a panic was caught") != 2 || !strings.Contains(log, "[secret]") {
					t.Errorf("the log does not tell of it:\n%s", log)
				}
				for _, secret := range []string{plantedToken, plantedAnswer} {
					if before, _, found := strings.Cut(log, secret); found {
						t.Errorf("the log holds a secret behind %q", before[max(0, len(before)-80):])
					}
				}
			})
		}
	}
}

// panicked has the worker meet value as a panic in both things it calls, and returns what is logged.
func panicked(t *testing.T, s *store.Store, c config.Config, value any) string {
	t.Helper()
	e := bot.Event{ID: t.Name(), By: bot.User{Platform: "slack", ID: "U1"}, At: bot.Place{Platform: "slack", Tenant: "T1", Channel: "C1"}}
	r, err := s.Add(t.Context(), bot.NewRequest(e, bot.Community{Name: "Acme", Handle: t.Name()}, "", bot.Policy{}, time.Now()))
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	w := &commands.Worker{
		Commands: commands.New(commands.Options{Store: s, Now: time.Now}), Genuin: panicking{value}, Platforms: map[string]bot.Platform{"slack": panicking{value}},
		Owner: s.Owner(), Life: s, Log: c.Logger(&log), Panicked: func() {}, Call: time.Minute, Patience: time.Hour,
	}
	for _, work := range []bot.Work{bot.Make, bot.Sync} {
		if err := w.Do(t.Context(), bot.Job{Work: work, Request: r.ID}); err != nil {
			t.Errorf("%s: %v", work, err)
		}
	}
	return log.String()
}
