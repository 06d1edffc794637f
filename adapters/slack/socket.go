package slack

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"communitybot/bot"
)

// How a connection in Socket Mode is kept.
// https://docs.slack.dev/apis/events-api/using-socket-mode
const (
	connectWithin = 10 * time.Second
	silence       = 30 * time.Second // Slack pings every few seconds; after as long without, the line is dead
	settled       = 30 * time.Second // a connection that held as long was a good one
	farewell      = 6 * time.Second  // for what is being answered when Run ends
	firstPause    = 500 * time.Millisecond
	lastPause     = 30 * time.Second
	refusedPause  = time.Minute // a token that is refused stays so until somebody does something
)

// link is whether Slack reaches the bot in Socket Mode.
type link struct {
	mu      sync.Mutex
	live    int // connections that Slack has greeted
	problem error
}

var errNotYet = errors.New("not connected to Slack yet")

// up and down note that a connection came to life and that it ended.
func (l *link) up() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.live++
}

func (l *link) down(why error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.live--
	l.problem = fmt.Errorf("the connection to Slack is lost: %w", why)
}

// failed notes why there is no connection, and reports whether that is news.
func (l *link) failed(why error) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	before := l.problem
	l.problem = why
	return before == nil || before.Error() != why.Error()
}

// Ready reports whether Slack's requests reach the bot, as they do by themselves over HTTP, and whether Slack lets it in. The
// error says why not.
func (a *Adapter) Ready(ctx context.Context) error {
	if err := a.connected(); err != nil {
		return err
	}
	return a.letIn(ctx)
}

func (a *Adapter) connected() error {
	if !a.bySocket {
		return nil
	}
	a.link.mu.Lock()
	defer a.link.mu.Unlock()
	if a.link.live > 0 {
		return nil
	}
	return fmt.Errorf("slack: %w", a.link.problem)
}

// Run keeps the bot connected to Slack in Socket Mode until ctx ends, and has h answer what comes. Without an app token
// requests come over HTTP, and it only waits. Then it takes nothing new, finishes what is being answered and told, six
// seconds at most, and returns nil. When the connection fails it tries again for as long as it takes; Ready says why.
func (a *Adapter) Run(ctx context.Context, h bot.Handler) error {
	if !a.bySocket {
		<-ctx.Done()
		a.leave(ctx, func() {})
		return nil
	}
	answering, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	s := &socket{Adapter: a, handler: h, slots: make(chan struct{}, atOnce), answering: answering}
	s.keep(ctx)
	a.leave(ctx, s.connections.Wait)
	return nil
}

// socket is what the connections of one Run share.
type socket struct {
	*Adapter
	handler     bot.Handler
	answering   context.Context // outlives that of Run, so that what came in is answered
	slots       chan struct{}   // one for each envelope being answered
	connections sync.WaitGroup  // that are not closed yet
}

// keep holds a connection. When Slack announces that it will close one, the next is made first: what comes by the old
// one meanwhile is still answered there.
func (s *socket) keep(ctx context.Context) {
	var old *connection
	tries := 0
	for {
		c, err := s.connect(ctx)
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			s.pause(ctx, s.complain(ctx, err, tries))
			tries++
			continue
		}
		s.log.InfoContext(ctx, "slack: connected by Socket Mode")
		if old != nil {
			old.retire()
		}
		old = c
		since := s.now()
		select {
		case <-c.leaving:
			s.log.InfoContext(ctx, "slack: asked to connect anew", "reason", c.reason)
		case <-c.ended:
			s.log.WarnContext(ctx, "slack: connection lost", "error", c.lost)
		case <-ctx.Done():
			return
		}
		if s.now().Sub(since) >= settled {
			tries = 0
		}
		if tries > 0 { // it does not hold: the first try after a good one is at once
			s.pause(ctx, backoff(tries-1))
		}
		tries++
	}
}

// complain notes why no connection was had, logs it when it is news, and returns how long to wait before the next try.
func (s *socket) complain(ctx context.Context, err error, tries int) time.Duration {
	wait := backoff(tries)
	var limited *slack.RateLimitedError
	if errors.As(err, &limited) {
		wait = max(wait, min(limited.RetryAfter, bot.LongestWait))
	}
	if refusesToken(err) {
		wait = refusedPause
	}
	why := noConnection(err)
	switch news := s.link.failed(why); {
	case news && refusesToken(err):
		s.log.ErrorContext(ctx, "slack: no requests reach the bot", "error", why)
	case news:
		s.log.WarnContext(ctx, "slack: no requests reach the bot", "error", why)
	}
	return wait
}

// refusesToken reports whether err, with which connecting ended, is Slack's own and not about the moment: the token, or
// the app, is not what it should be.
func refusesToken(err error) bool {
	reason := slackError(err)
	return reason != "" && codeOf(reason) != bot.Busy
}

// noConnection says why there is no connection, to whoever runs the bot.
func noConnection(err error) error {
	if refusesToken(err) {
		return fmt.Errorf("SLACK_APP_TOKEN is refused: %w: it must be a token of this app with connections:write, and Socket Mode be switched on", describe(err))
	}
	return fmt.Errorf("no connection to Slack: %w", describe(err))
}

// backoff is how long to wait before another try, after so many that failed.
func backoff(tries int) time.Duration { return min(firstPause<<min(tries, 16), lastPause) }

// pause waits, or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
