package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"
)

// The kinds of request that are spoken of elsewhere.
const (
	submission = "submission"
	button     = "button"
	withForm   = "slash with form"
	inOpenLoop = ", open loop"
	openName   = submission + inOpenLoop
)

// bench is one run: rounds in which every contender has its turn, so that what disturbs the machine disturbs all.
type bench struct {
	dir         string // of databases
	binary      string // the bot, as released
	self        string // this program
	peers       string // the folder of those on Node.js
	core        string // that servers are pinned to; empty: none
	rounds      int
	each        time.Duration  // for one kind of request at one contender, in closed loop
	openFor     time.Duration  // in open loop
	rate        int            // in open loop, requests a second
	only        *regexp.Regexp // nil: all; else of what "platform contender: kind" has to match
	connections int            // how many requests are under way at the same time, at most
	seeds       int            // requests that wait in the bot's database
	upstream    *upstream
	results     results
	outcomesAt  map[int][]outcome // by rate
	lives       map[string][]life // by platform
	growth      []int             // sizes of databases, in requests, of which growth is measured
	grown       map[int][]figures // by size
	failed      []string          // what is not measured, and why
}

// figures are what one turn of one contender measured.
type figures struct {
	kinds            map[string]sample
	first, ready     time.Duration
	idle, peak, size float64 // MB
}

// results are all figures of a contender, by platform and name.
type results map[[2]string][]figures

// run measures all rounds.
func (b *bench) run(ctx context.Context) error {
	b.results = results{}
	for _, c := range contenders {
		if c.missing == nil {
			continue
		}
		if err := c.missing(b); err != nil {
			if os.Getenv("CI") == "true" {
				return err
			}
			b.failed = append(b.failed, fmt.Sprintf("%s: %v", c.name, err))
		}
	}
	for round := range b.rounds {
		for _, c := range contenders {
			if c.missing != nil && c.missing(b) != nil || !b.wanted(c) {
				continue
			}
			fmt.Fprintf(os.Stderr, "round %d of %d: %s, %s\n", round+1, b.rounds, c.platform, c.name)
			f, err := b.turn(ctx, c)
			if err != nil {
				return fmt.Errorf("%s on %s: %w", c.name, c.platform, err)
			}
			key := [2]string{c.platform, c.name}
			b.results[key] = append(b.results[key], f)
		}
	}
	return nil
}

// measures reports whether a kind of request is to be measured at a contender that does it.
func (b *bench) measures(c contender, kind string) bool {
	does := !slices.Contains(c.skips, strings.TrimSuffix(kind, inOpenLoop))
	return does && (b.only == nil || b.only.MatchString(c.platform+" "+c.name+": "+kind))
}

// wanted reports whether anything is to be measured at a contender.
func (b *bench) wanted(c contender) bool {
	return b.measures(c, openName) || slices.ContainsFunc(kinds[c.platform], func(k kind) bool { return b.measures(c, k.name) })
}

// turn measures one contender once.
func (b *bench) turn(ctx context.Context, c contender) (f figures, err error) {
	cmd, err := c.command(b)
	if err != nil {
		return f, err
	}
	n := &numbers{}
	n.last.Store(int64(10 * b.seeds)) // those below are the seeded ones
	s, err := launch(cmd, b.core, kinds[c.platform][0], n)
	if err != nil {
		return f, err
	}
	defer func() {
		err = errors.Join(err, s.stop())
		if err != nil {
			err = fmt.Errorf("%w\n%.2000s", err, s.said)
		}
	}()
	f = figures{kinds: map[string]sample{}, first: s.first, ready: s.ready}
	time.Sleep(b.each / 2) // what a server does after its start is over
	f.idle = s.memory("VmRSS")
	if info, err := os.Stat(b.binary); err == nil && c.name == ours {
		f.size = float64(info.Size()) / (1 << 20)
	}
	if b.measures(c, openName) {
		if f.kinds[openName], err = b.openLoop(ctx, s, kindOf(c.platform, submission), n, b.rate, b.openFor); err != nil {
			return f, err
		}
	}
	for _, k := range kinds[c.platform] {
		if !b.measures(c, k.name) {
			continue
		}
		from, most := n, 0
		if k.name == button { // each on a request of its own
			from, most = &numbers{}, b.seeds
		}
		if f.kinds[k.name], err = b.closedLoop(s, k, from, most); err != nil {
			return f, fmt.Errorf("%s: %w", k.name, err)
		}
	}
	f.peak = s.memory("VmHWM")
	return f, nil
}
