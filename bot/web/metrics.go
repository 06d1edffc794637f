package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"communitybot/bot"
)

// Metrics measures what the bot does, from the outside: each of its methods wraps a thing in one that counts.
type Metrics struct {
	registry     *prometheus.Registry
	interactions *prometheus.HistogramVec
	calls        *prometheus.HistogramVec
	jobs         *prometheus.HistogramVec
	panics       prometheus.Counter
}

// NewMetrics returns metrics of their own, with Go's and the process's beside them.
func NewMetrics() *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		interactions: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "communitybot_interaction_seconds",
			Help:    "What people did, by platform, command and outcome (ask, tell, done, offer, board or an error's code), with the time until the answer was known.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 3},
		}, []string{"platform", "command", "outcome"}),
		calls: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "communitybot_genuin_call_seconds",
			Help:    "Calls to Genuin by outcome (created, or why not).",
			Buckets: []float64{.01, .05, .1, .25, .5, 1, 2.5, 5, 10, 15, 30, 60},
		}, []string{"outcome"}),
		jobs: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "communitybot_job_seconds",
			Help:    "Jobs by work (sync: showing a request, make: having Genuin make it) and outcome (done, nothing, failed).",
			Buckets: []float64{.001, .005, .01, .05, .1, .5, 1, 5, 15, 60},
		}, []string{"work", "outcome"}),
		panics: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "communitybot_panics_total",
			Help: "Bugs that ended an interaction, and not the process. Each has a line in the log.",
		}),
	}
	m.registry.MustRegister(m.interactions, m.calls, m.jobs, m.panics,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Watch shows, each time it is asked, which of the checks pass.
func (m *Metrics) Watch(checks []Check) {
	for _, c := range checks {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name:        "communitybot_ready",
			Help:        "Whether what the bot needs is there (1) or not (0), by check.",
			ConstLabels: prometheus.Labels{"check": c.Name},
		}, func() float64 {
			ctx, cancel := context.WithTimeout(context.Background(), checkWithin)
			defer cancel()
			if c.Run(ctx) != nil {
				return 0
			}
			return 1
		}))
	}
}

// Panicked counts a panic that was caught.
func (m *Metrics) Panicked() { m.panics.Inc() }

// Handler serves the metrics to Prometheus.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// Interactions counts what h answers, and logs what went wrong, once. known says which commands there are: any other
// name comes from outside and is counted as "unknown".
func (m *Metrics) Interactions(h bot.Handler, known func(command string) bool, log *slog.Logger) bot.Handler {
	return bot.HandlerFunc(func(ctx context.Context, e bot.Event) (bot.Reply, error) {
		start := time.Now()
		reply, err := h.Handle(ctx, e)
		command := e.Command
		if !known(command) {
			command = "unknown"
		}
		m.interactions.WithLabelValues(e.At.Platform, command, outcome(reply, err)).Observe(time.Since(start).Seconds())
		level := slog.LevelDebug
		if bot.CodeOf(err) == bot.Internal {
			level = slog.LevelError
		}
		if err != nil {
			log.Log(ctx, level, "an interaction was refused", "platform", e.At.Platform, "command", command, "event", e.ID, "err", err)
		}
		return reply, err
	})
}

func outcome(reply bot.Reply, err error) string {
	if err != nil {
		return string(bot.CodeOf(err))
	}
	switch reply.(type) {
	case bot.Ask:
		return "ask"
	case bot.Tell:
		return "tell"
	case bot.Offer:
		return "offer"
	case bot.Board:
		return "board"
	}
	return "done"
}

// Genuin counts the calls made through g.
func (m *Metrics) Genuin(g bot.Genuin, log *slog.Logger) bot.Genuin { return counted{g, m, log} }

type counted struct {
	bot.Genuin
	m   *Metrics
	log *slog.Logger
}

// Create calls Genuin.
func (c counted) Create(ctx context.Context, com bot.Community) (bot.Made, error) {
	start := time.Now()
	made, err := c.Genuin.Create(ctx, com)
	outcome := "created"
	var refusal *bot.Refusal
	switch {
	case errors.As(err, &refusal):
		outcome = string(refusal.Reason)
	case err != nil:
		outcome = "unknown"
	}
	c.m.calls.WithLabelValues(outcome).Observe(time.Since(start).Seconds())
	if err != nil {
		c.log.Warn("Genuin did not make a community", "handle", com.Handle, "err", err)
	}
	return made, err
}

// Jobs counts the jobs done by do.
func (m *Metrics) Jobs(do func(context.Context, bot.Job) error) func(context.Context, bot.Job) error {
	return func(ctx context.Context, j bot.Job) error {
		start := time.Now()
		defer func() {
			if p := recover(); p != nil {
				m.Panicked()
				panic(p) // the queue logs it
			}
		}()
		err := do(ctx, j)
		outcome := "done"
		switch {
		case errors.Is(err, bot.ErrNoTask):
			outcome = "nothing"
		case err != nil:
			outcome = "failed"
		}
		m.jobs.WithLabelValues(string(j.Work), outcome).Observe(time.Since(start).Seconds())
		return err
	}
}
