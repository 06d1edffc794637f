package discord

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"sync"
	"time"

	"communitybot/bot"
)

const (
	// maxAnswering is how many interactions are answered at once; more wait until one of them is.
	maxAnswering = 64
	// maxSeen is how many interactions are remembered, to tell those that are sent again.
	maxSeen = 1000
)

// intake answers the interactions that come from the gateway, each in a goroutine.
type intake struct {
	*Adapter
	h       bot.Handler
	slots   chan struct{}
	running sync.WaitGroup
	seen    map[string]bool
	order   []string // of seen, a ring
	oldest  int
	refused string // what Discord refused the bot for the last time
}

func newIntake(a *Adapter, h bot.Handler) *intake {
	return &intake{Adapter: a, h: h, slots: make(chan struct{}, maxAnswering), seen: make(map[string]bool)}
}

// take begins to answer one interaction, unless it was taken before. It waits while too many are being answered, also when
// ctx has ended, as long as an answer could still be in time.
func (in *intake) take(ctx context.Context, body []byte) {
	arrived := time.Now()
	i, err := decode(body)
	if err != nil || i.Token == "" {
		in.log.WarnContext(ctx, "discord: an interaction from the gateway could not be read", "err", err, "bytes", len(body))
		return
	}
	if in.seen[i.ID] {
		in.log.DebugContext(ctx, "discord: an interaction came again", "interaction", i.ID)
		return
	}
	late := time.NewTimer(in.pace.answer)
	defer late.Stop()
	select {
	case in.slots <- struct{}{}:
	case <-late.C:
		in.log.ErrorContext(ctx, "discord: an interaction is not answered, because too many are being answered", "interaction", i.ID)
		return
	}
	in.remember(i.ID)
	in.running.Go(func() {
		defer func() { <-in.slots }()
		defer in.guard(ctx, "discord: panic at an interaction", nil)
		in.reply(context.WithoutCancel(ctx), i, arrived)
	})
}

// remember notes that an interaction was taken.
func (in *intake) remember(id string) {
	in.seen[id] = true
	if len(in.order) < maxSeen {
		in.order = append(in.order, id)
		return
	}
	delete(in.seen, in.order[in.oldest])
	in.order[in.oldest] = id
	in.oldest = (in.oldest + 1) % maxSeen
}

// drain waits for what is being answered, for a while.
func (in *intake) drain() {
	done := make(chan struct{})
	go func() {
		in.running.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(in.pace.drain):
		in.log.Warn("discord: interactions are still being answered while the bot stops")
	}
}

// reply has an interaction answered, everything that the answer promises being committed, and sends the answer.
func (in *intake) reply(ctx context.Context, i *interaction, arrived time.Time) {
	ctx, cancel := context.WithDeadline(ctx, arrived.Add(in.pace.answer))
	defer cancel()
	handling, done := context.WithDeadline(ctx, arrived.Add(in.pace.answer-in.pace.way))
	answer := in.answer(handling, in.h, i)
	done()
	if err := in.callback(ctx, i, answer); err != nil {
		// Nothing is undone: what was asked for is done, although the person was shown that the bot did not respond.
		in.log.WarnContext(ctx, "discord: answer not delivered", "interaction", i.ID, "err", err)
	}
}

// callback sends the answer to an interaction, once more if Discord did not take it and there is time: that it was answered
// by then means that the first one arrived. An answer that is refused as invalid is sent in its older form, if it has one.
// https://discord.com/developers/docs/interactions/receiving-and-responding#create-interaction-response
func (in *intake) callback(ctx context.Context, i *interaction, answer response) error {
	path := "/interactions/" + url.PathEscape(i.ID) + "/" + url.PathEscape(i.Token) + "/callback"
	for again := false; ; {
		err := in.try(ctx, path, answer)
		var refused *bot.Error
		switch {
		case err == nil, again && codeOf(err) == acknowledged:
			return nil
		case codeOf(err) == invalidBody && answer.legacy != nil:
			if unknownComponent(err) {
				in.forgetLabels(ctx)
			}
			answer = answer.legacy(ctx)
			answer.legacy = nil
		case !again && errors.As(err, &refused) && refused.Code == bot.Busy:
			again = true
			sleep(ctx, refused.RetryAfter)
		default:
			return err
		}
		if ctx.Err() != nil {
			return err
		}
	}
}

// try sends an answer, in half of the time that is left: the other half is for another try.
func (in *intake) try(ctx context.Context, path string, answer response) error {
	if end, ok := ctx.Deadline(); ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Until(end)/2)
		defer cancel()
	}
	_, err := in.call(ctx, http.MethodPost, path, answer, nil)
	return err
}
