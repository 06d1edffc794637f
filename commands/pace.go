package commands

import (
	"errors"
	"fmt"
	"maps"
	"sync"
	"time"

	"communitybot/bot"
)

// pace keeps the bot from posting in a channel whose platform asked it to wait. Other channels go on. Those who wait are
// told to come back one after the other. The zero value is ready to use.
type pace struct {
	mu   sync.Mutex
	held map[bot.Place]hold // by channel
}

// hold is a channel that is left alone.
type hold struct {
	until time.Time
	last  time.Time // when the last of those who wait comes back
}

// gap is the time between two messages in a channel that was too busy: Slack takes about one a second there, Discord
// five in five seconds. https://docs.slack.dev/apis/web-api/rate-limits
const gap = time.Second

// maxPaced bounds how many channels are kept in mind.
const maxPaced = 10000

// wait returns a Busy error as long as a channel has to be left alone; it says for how long.
func (p *pace) wait(at bot.Place, now time.Time) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	key := channelOf(at)
	h, held := p.held[key]
	if !held || !now.Before(h.until) {
		delete(p.held, key)
		return nil
	}
	h.last = h.last.Add(gap)
	p.held[key] = h
	return &bot.Error{Code: bot.Busy, RetryAfter: h.last.Sub(now), Err: fmt.Errorf("%s asked to wait before it takes more in this channel", at.Platform)}
}

// note keeps in mind how long a channel asked to wait. Whoever was told so comes back when that is over.
func (p *pace) note(at bot.Place, err error, now time.Time) {
	var e *bot.Error
	if !errors.As(err, &e) || e.Code != bot.Busy || e.RetryAfter <= 0 {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.held) >= maxPaced {
		maps.DeleteFunc(p.held, func(_ bot.Place, h hold) bool { return !now.Before(h.until) })
	}
	if p.held == nil {
		p.held = make(map[bot.Place]hold)
	}
	if h, until := p.held[channelOf(at)], now.Add(e.RetryAfter); until.After(h.until) {
		p.held[channelOf(at)] = hold{until, until}
	}
}

// channelOf is the place without the message in it.
func channelOf(at bot.Place) bot.Place {
	at.Message = ""
	return at
}
