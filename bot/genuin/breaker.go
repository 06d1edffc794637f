package genuin

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/sony/gobreaker/v2"

	"communitybot/bot"
)

const (
	failuresInARow = 5                // after which Genuin counts as down
	leftAlone      = 15 * time.Second // until one call finds out whether it is back
)

// breaker is a Genuin that is left alone while it is down.
type breaker struct {
	genuin  bot.Genuin
	circuit *gobreaker.CircuitBreaker[bot.Made]
}

// Guarded returns g behind a circuit breaker: after five calls in a row that were not answered, or answered with a
// failure of Genuin's own, it is not called for 15 seconds; then one call finds out whether it is back. Calls that are
// not made are refused as Unreachable, so their requests wait. What Genuin refuses for a reason is an answer.
func Guarded(g bot.Genuin, log *slog.Logger) bot.Genuin {
	return &breaker{g, gobreaker.NewCircuitBreaker[bot.Made](gobreaker.Settings{
		Timeout:      leftAlone,
		ReadyToTrip:  func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= failuresInARow },
		IsSuccessful: answered,
		OnStateChange: func(_ string, from, to gobreaker.State) {
			log.Warn("calling Genuin", "was", from.String(), "is", to.String()) // open: not called
		},
	})}
}

// Create asks Genuin, unless it is down.
func (b *breaker) Create(ctx context.Context, c bot.Community) (bot.Made, error) {
	made, err := b.circuit.Execute(func() (bot.Made, error) { return b.genuin.Create(ctx, c) })
	if errors.Is(err, gobreaker.ErrOpenState) || errors.Is(err, gobreaker.ErrTooManyRequests) {
		return made, &bot.Refusal{Reason: bot.Unreachable, RetryAfter: leftAlone, Uncalled: true, Err: err}
	}
	return made, err
}

// answered reports whether a call shows that Genuin is there.
func answered(err error) bool {
	var r *bot.Refusal
	if !errors.As(err, &r) {
		return err == nil
	}
	switch r.Reason {
	case bot.Unreachable, bot.NoAnswer, bot.Broken:
		return false
	}
	return true
}
