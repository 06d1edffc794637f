package discord

import (
	"cmp"
	"maps"
	"slices"
	"sync"
	"time"
)

const (
	// passLife is how long the token of an interaction works.
	// https://discord.com/developers/docs/interactions/receiving-and-responding#followup-messages
	passLife = 15 * time.Minute
	// maxPasses bounds how many are kept.
	maxPasses = 1000
)

// passes keeps, for a while, what lets the bot say something in private where a person acted last: the token of that
// interaction. It is kept in memory only, and never logged.
type passes struct {
	mu    sync.Mutex
	known map[corner]pass
}

// corner is where one person sees what is said in private.
type corner struct{ channel, user string }

type pass struct {
	token string
	at    time.Time
}

// keep keeps the token of an interaction, in place of the one before it.
func (p *passes) keep(in *interaction, now time.Time) {
	if in.Token == "" || in.Channel == "" || in.Type == ping || in.Type == autocomplete { // nothing follows a suggestion
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.known) >= maxPasses {
		p.clear(now)
	}
	if p.known == nil {
		p.known = make(map[corner]pass)
	}
	p.known[corner{in.Channel, in.who().ID}] = pass{in.Token, now}
}

// clear forgets those that no longer work and, where that makes no room, the older half of the others.
func (p *passes) clear(now time.Time) {
	maps.DeleteFunc(p.known, func(_ corner, x pass) bool { return x.over(now) })
	if len(p.known) < maxPasses {
		return
	}
	oldest := slices.SortedFunc(maps.Keys(p.known), func(a, b corner) int {
		return cmp.Compare(p.known[a].at.UnixNano(), p.known[b].at.UnixNano())
	})
	for _, c := range oldest[:len(oldest)/2] {
		delete(p.known, c)
	}
}

// of returns the token that works there, and whether there is one.
func (p *passes) of(channel, user string, now time.Time) (pass, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	x, ok := p.known[corner{channel, user}]
	return x, ok && !x.over(now)
}

func (x pass) over(now time.Time) bool { return now.Sub(x.at) >= passLife }
