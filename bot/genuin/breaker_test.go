package genuin_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"communitybot/bot"
	"communitybot/bot/genuin"
)

// counted is a Genuin that answers the same every time.
type counted struct {
	calls int
	err   error
}

func (c *counted) Create(context.Context, bot.Community) (bot.Made, error) {
	c.calls++
	return bot.Made{ID: "g"}, c.err
}

func guarded(err error) (*counted, bot.Genuin) {
	c := &counted{err: err}
	return c, genuin.Guarded(c, slog.New(slog.DiscardHandler))
}

func TestAGenuinThatIsDownIsLeftAlone(t *testing.T) {
	for _, reason := range []bot.Reason{bot.Unreachable, bot.NoAnswer, bot.Broken} {
		t.Run(string(reason), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				down := &bot.Refusal{Reason: reason}
				c, g := guarded(down)
				for i := range 20 {
					_, err := g.Create(t.Context(), bot.Community{})
					var r *bot.Refusal
					switch ok := errors.As(err, &r); {
					case !ok, i < 5 && r != down:
						t.Fatalf("call %d: %v", i+1, err)
					case i >= 5 && (r.Reason != bot.Unreachable || r.MayHaveLanded() || r.RetryAfter <= 0):
						t.Fatalf("call %d, which is not made: %+v", i+1, r)
					}
				}
				if c.calls != 5 {
					t.Errorf("it was called %d times", c.calls)
				}

				<-time.After(16 * time.Second) // of the bubble's clock
				for range 3 {
					_, _ = g.Create(t.Context(), bot.Community{})
				}
				if c.calls != 6 {
					t.Errorf("it was called %d times to find out whether it is back", c.calls-5)
				}

				c.err = nil
				<-time.After(16 * time.Second)
				for range 3 {
					if made, err := g.Create(t.Context(), bot.Community{}); err != nil || made.ID != "g" {
						t.Errorf("when it is back: %+v, %v", made, err)
					}
				}
			})
		})
	}
}

func TestWhatGenuinRefusesDoesNotMeanThatItIsDown(t *testing.T) {
	for _, reason := range []bot.Reason{bot.HandleTaken, bot.CategoryUnknown, bot.BadRequest, bot.Unauthorized, bot.Misuse, bot.RateLimited} {
		c, g := guarded(&bot.Refusal{Reason: reason})
		for range 20 {
			_, _ = g.Create(t.Context(), bot.Community{})
		}
		if c.calls != 20 {
			t.Errorf("%s: it was called %d times", reason, c.calls)
		}
	}
}

func TestFailuresThatAreNotInARowDoNotCount(t *testing.T) {
	c, g := guarded(nil)
	for i := range 40 {
		c.err = nil
		if i%5 != 4 {
			c.err = &bot.Refusal{Reason: bot.Broken}
		}
		_, _ = g.Create(t.Context(), bot.Community{})
	}
	if c.calls != 40 {
		t.Errorf("it was called %d times", c.calls)
	}
}
