package bot

import (
	"log/slog"
	"sync"
	"time"
)

// Admission is whether a platform lets the bot in, by what it answered to any call, be it for a job or for somebody who waits.
// Its methods may be called from several goroutines.
type Admission struct {
	Platform string
	Log      *slog.Logger
	Now      func() time.Time

	mu      sync.Mutex
	heard   time.Time          // when a call was answered, or was to be made by Ask, for the last time
	refused map[string]refusal // by what was
}

type refusal struct {
	err error
	at  time.Time
}

const (
	askAgain = time.Minute     // after a refusal, unless another call is answered
	forgets  = 5 * time.Minute // what was refused, as a bot that gets no requests any more might never find out that it works again
)

// Refused takes note that the platform did not let the bot do something. That is logged when it is news.
func (a *Admission) Refused(what string, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.heard = a.Now()
	if a.refused == nil {
		a.refused = map[string]refusal{}
	}
	if _, before := a.refused[what]; !before {
		a.Log.Error("a platform does not let the bot in; requests wait until it does", "platform", a.Platform, "err", err)
	}
	a.refused[what] = refusal{err, a.heard}
}

// Granted takes note that the platform lets the bot do something, again.
func (a *Admission) Granted(what string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.heard = a.Now()
	if _, before := a.refused[what]; before {
		a.Log.Info("a platform lets the bot in again", "platform", a.Platform)
		delete(a.refused, what)
	}
}

// Ask reports whether to find out, by a call that does nothing, whether the bot is let in: nothing was heard yet, or what was
// is a refusal some time ago. Whoever is told so makes the call.
func (a *Admission) Ask() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.Now()
	ask := now.Sub(a.heard) >= askAgain && (a.heard.IsZero() || len(a.refused) > 0)
	if ask {
		a.heard = now
	}
	return ask
}

// Err returns why the platform does not let the bot in, or nil.
func (a *Admission) Err() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, r := range a.refused {
		if a.Now().Before(r.at.Add(forgets)) {
			return &Error{Code: Forbidden, Err: r.err}
		}
	}
	return nil
}
