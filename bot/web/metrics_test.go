package web_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"communitybot/bot"
	"communitybot/bot/web"
)

// scrape returns the lines that Prometheus reads.
func scrape(t *testing.T, m *web.Metrics) []string {
	t.Helper()
	status, body := ask(t, "GET", serve(t, web.Mux(nil, nil, m.Handler(), quiet))+"/metrics")
	if status != 200 {
		t.Fatalf("status %d", status)
	}
	return strings.Split(body, "\n")
}

// counted reports a difference between the counts of a family and those wanted, by labels.
func counted(t *testing.T, m *web.Metrics, family string, want ...string) {
	t.Helper()
	var got []string
	for _, line := range scrape(t, m) {
		if rest, ok := strings.CutPrefix(line, family+"_count"); ok {
			got = append(got, rest)
		}
	}
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%s counts\n%s\nwant\n%s", family, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestInteractionsAreCountedAndFailuresLoggedOnce(t *testing.T) {
	m := web.NewMetrics()
	log, lines := newLog()
	known := func(name string) bool { return name == "create-community" }
	for _, c := range []struct {
		command string
		reply   bot.Reply
		err     error
		logged  string // words in the one line; empty: none
	}{
		{"create-community", bot.Ask{}, nil, ""},
		{"create-community", bot.Tell{}, nil, ""},
		{"create-community", bot.Offer{}, nil, ""},
		{"create-community", bot.Board{}, nil, ""},
		{"create-community", bot.Done{}, nil, ""},
		{"create-community", bot.Done{}, nil, ""},
		{"create-community", nil, &bot.Error{Code: bot.Invalid}, "level=DEBUG"},
		{"create-community", nil, fmt.Errorf("wrapped: %w", &bot.Error{Code: bot.Forbidden}), "level=DEBUG"},
		{"create-community", nil, errors.New("the disk is full"), "level=ERROR"},
		{"create-community", nil, &bot.Error{Code: bot.Internal, Err: errors.New("the disk is full")}, "the disk is full"},
		{"whatever-they-typed", nil, &bot.Error{Code: bot.NotFound}, "command=unknown"},
		{"something-else", nil, &bot.Error{Code: bot.NotFound}, "level=DEBUG"},
	} {
		h := m.Interactions(bot.HandlerFunc(func(context.Context, bot.Event) (bot.Reply, error) { return c.reply, c.err }), known, log)
		e := bot.Event{Call: bot.Call{Command: c.command, Values: bot.Values{"name": "private"}}, ID: "slack:view:V1", At: bot.Place{Platform: "slack"}}
		reply, err := h.Handle(t.Context(), e)
		if diff := cmp.Diff(c.reply, reply); diff != "" || err != c.err {
			t.Errorf("%v, %v came through as %v, %v", c.reply, c.err, reply, err)
		}
		got := lines.lines()
		if c.logged == "" && got != nil || c.logged != "" && (len(got) != 1 || !strings.Contains(got[0], c.logged) || !strings.Contains(got[0], "event=slack:view:V1")) {
			t.Errorf("%v is logged as %q, want %q once", c.err, got, c.logged)
		}
		if strings.Contains(strings.Join(got, ""), "private") {
			t.Errorf("what somebody typed is in the log: %q", got)
		}
	}
	counted(t, m, "communitybot_interaction_seconds",
		`{command="create-community",outcome="ask",platform="slack"} 1`,
		`{command="create-community",outcome="tell",platform="slack"} 1`,
		`{command="create-community",outcome="board",platform="slack"} 1`,
		`{command="create-community",outcome="offer",platform="slack"} 1`,
		`{command="create-community",outcome="done",platform="slack"} 2`,
		`{command="create-community",outcome="invalid",platform="slack"} 1`,
		`{command="create-community",outcome="forbidden",platform="slack"} 1`,
		`{command="create-community",outcome="internal",platform="slack"} 2`,
		`{command="unknown",outcome="not_found",platform="slack"} 2`)
}

type genuin func(ctx context.Context, c bot.Community) (bot.Made, error)

func (g genuin) Create(ctx context.Context, c bot.Community) (bot.Made, error) { return g(ctx, c) }

func TestPanicsAreCounted(t *testing.T) {
	m := web.NewMetrics()
	m.Panicked()
	m.Panicked()
	if !slices.Contains(scrape(t, m), "communitybot_panics_total 2") {
		t.Error("two panics are not two")
	}
}

func TestCallsToGenuinAreCounted(t *testing.T) {
	m := web.NewMetrics()
	log, lines := newLog()
	for _, err := range []error{nil, nil, &bot.Refusal{Reason: bot.HandleTaken}, fmt.Errorf("wrapped: %w", &bot.Refusal{Reason: bot.NoAnswer}), errors.New("odd")} {
		made, got := m.Genuin(genuin(func(_ context.Context, c bot.Community) (bot.Made, error) { return bot.Made{ID: c.Handle}, err }), log).
			Create(t.Context(), bot.Community{Handle: "acme"})
		if got != err || made.ID != "acme" {
			t.Errorf("%v came through as %v, %v", err, made, got)
		}
		if n := len(lines.lines()); (n == 1) != (err != nil) || n > 1 {
			t.Errorf("%v: %d lines in the log", err, n)
		}
	}
	counted(t, m, "communitybot_genuin_call_seconds",
		`{outcome="created"} 2`, `{outcome="handle_taken"} 1`, `{outcome="no_answer"} 1`, `{outcome="unknown"} 1`)
}

func TestJobsAreCounted(t *testing.T) {
	m := web.NewMetrics()
	for _, c := range []struct {
		work bot.Work
		err  error
	}{{bot.Make, nil}, {bot.Make, fmt.Errorf("wrapped: %w", bot.ErrNoTask)}, {bot.Sync, errors.New("odd")}, {bot.Sync, nil}, {bot.Sync, nil}} {
		job := bot.Job{Work: c.work, Request: 42}
		err := m.Jobs(func(_ context.Context, got bot.Job) error {
			if got != job {
				t.Errorf("job %+v came through as %+v", job, got)
			}
			return c.err
		})(t.Context(), job)
		if err != c.err {
			t.Errorf("%v came through as %v", c.err, err)
		}
	}
	counted(t, m, "communitybot_job_seconds",
		`{outcome="done",work="make"} 1`, `{outcome="done",work="sync"} 2`, `{outcome="failed",work="sync"} 1`, `{outcome="nothing",work="make"} 1`)
}

func TestMetricsOfGoAndTheProcessAreBeside(t *testing.T) {
	lines := scrape(t, web.NewMetrics())
	for _, family := range []string{"go_goroutines ", "process_start_time_seconds "} {
		if !slices.ContainsFunc(lines, func(l string) bool { return strings.HasPrefix(l, family) }) {
			t.Errorf("no %s", family)
		}
	}
}
