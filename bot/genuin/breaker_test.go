package genuin_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
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

// hanging is a Genuin that answers nothing until ctx ends.
type hanging struct{ begun, under atomic.Int64 }

func (h *hanging) Create(ctx context.Context, _ bot.Community) (bot.Made, error) {
	h.begun.Add(1)
	h.under.Add(1)
	defer h.under.Add(-1)
	<-ctx.Done()
	return bot.Made{}, &bot.Refusal{Reason: bot.NoAnswer, Err: ctx.Err()}
}

// asks makes calls that end after a time, and returns what they came to, once they have.
func asks(t *testing.T, g bot.Genuin, calls int, after time.Duration) func() []*bot.Refusal {
	ctx, cancel := context.WithTimeout(t.Context(), after)
	refusals := make([]*bot.Refusal, calls)
	var all sync.WaitGroup
	for i := range calls {
		all.Go(func() {
			_, err := g.Create(ctx, bot.Community{})
			if !errors.As(err, &refusals[i]) {
				t.Errorf("call %d: %v", i+1, err)
			}
		})
	}
	return func() []*bot.Refusal {
		all.Wait()
		cancel()
		return refusals
	}
}

func TestAGenuinThatHangsHasThirtyCallsToBear(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &hanging{}
		g := genuin.Guarded(h, slog.New(slog.DiscardHandler))
		under := func(made, want int64) {
			t.Helper()
			synctest.Wait()
			if b, u := h.begun.Load(), h.under.Load(); b != made || u != want {
				t.Errorf("%d calls were made and %d are under way, want %d and %d", b, u, made, want)
			}
		}
		soon := asks(t, g, 4, 30*time.Second) // one fewer than would make Genuin count as down
		rest := asks(t, g, 26, 3*time.Minute)
		under(30, 30)
		next := asks(t, g, 4, 2*time.Minute)
		synctest.Wait()
		tired := asks(t, g, 2, time.Minute)
		under(30, 30)
		ended(t, soon(), bot.NoAnswer)
		under(34, 30) // those that waited longest have their turn
		ended(t, tired(), bot.Unreachable)
		under(34, 30)
		ended(t, next(), bot.NoAnswer)
		ended(t, rest(), bot.NoAnswer)
		under(34, 0)
	})
}

// ended checks what calls came to.
func ended(t *testing.T, refusals []*bot.Refusal, want bot.Reason) {
	t.Helper()
	for _, r := range refusals {
		if r == nil || r.Reason != want {
			t.Errorf("a call came to %v, want %s", r, want)
		}
	}
}
