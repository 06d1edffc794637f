package slack

import (
	"errors"
	"maps"
	"sync"
	"time"

	"communitybot/bot"
)

// limits keep the bot from posting in a channel that Slack asked it to leave alone for a while. Other channels go on. Those
// who wait are told to come back one after the other. The zero value is ready to use.
// https://docs.slack.dev/apis/web-api/rate-limits
type limits struct {
	mu   sync.Mutex
	held map[string]hold // by channel
}

// hold is a channel that is left alone.
type hold struct {
	until time.Time
	last  time.Time // when the last of those who wait comes back
}

// gap is the time between two messages in a channel that was too busy: Slack takes about one a second there.
const gap = time.Second

// maxLimited bounds how many channels are kept in mind.
const maxLimited = 10000

// wait returns a Busy error as long as a channel has to be left alone; it says for how long.
func (l *limits) wait(channel string, now time.Time) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	h, held := l.held[channel]
	if !held || !now.Before(h.until) {
		delete(l.held, channel)
		return nil
	}
	h.last = h.last.Add(gap)
	l.held[channel] = h
	return &bot.Error{Code: bot.Busy, RetryAfter: h.last.Sub(now), Err: errors.New("slack asked to wait before it takes more in this channel")}
}

// note keeps in mind how long Slack asked to leave a channel alone. Whoever was told so comes back when that is over.
func (l *limits) note(channel string, err error, now time.Time) {
	var e *bot.Error
	if !errors.As(err, &e) || e.Code != bot.Busy || e.RetryAfter <= 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.held) >= maxLimited {
		maps.DeleteFunc(l.held, func(_ string, h hold) bool { return !now.Before(h.until) })
	}
	if l.held == nil {
		l.held = make(map[string]hold)
	}
	if h, until := l.held[channel], now.Add(e.RetryAfter); until.After(h.until) {
		l.held[channel] = hold{until, until}
	}
}
