package discord

import (
	"maps"
	"strings"
	"sync"
	"time"
)

// limits remembers how long Discord asked to wait, so that nobody asks before that: a bot that goes on asking is shut out
// of all of Discord. Each route has its own in each channel, and one of them may be for everything.
// https://discord.com/developers/docs/topics/rate-limits
type limits struct {
	mu    sync.Mutex
	until map[string]time.Time // by scope
}

// everywhere is the scope of the limit that counts all calls.
const everywhere = ""

// scope returns what a call counts towards, beside everything: its route, with the channel, server or the like that it
// begins with, whatever other IDs there are. Calls with an interaction's token count towards nothing else.
func scope(method, path string) (name string, limited bool) {
	path, _, _ = strings.Cut(path, "?")
	parts := strings.Split(path, "/") // "", "channels", ID, …
	for i := 3; i < len(parts); i++ {
		if isID(parts[i]) {
			parts[i] = "…"
		}
	}
	return method + " " + strings.Join(parts, "/"), parts[1] != "webhooks" && parts[1] != "interactions"
}

// wait returns for how much longer a call has to wait, or 0.
func (l *limits) wait(method, path string, now time.Time) time.Duration {
	name, limited := scope(method, path)
	if !limited {
		return 0
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return max(l.until[name].Sub(now), l.until[everywhere].Sub(now), 0)
}

// keep notes that Discord asked to wait. Whoever asked for longer before is not forgotten.
func (l *limits) keep(method, path string, all bool, until, now time.Time) {
	name, limited := scope(method, path)
	if !limited && !all {
		return
	}
	if all {
		name = everywhere
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	maps.DeleteFunc(l.until, func(_ string, t time.Time) bool { return !now.Before(t) })
	if l.until == nil {
		l.until = make(map[string]time.Time)
	}
	if until.After(l.until[name]) {
		l.until[name] = until
	}
}
