package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"
)

// settled is how long the replies to all that was asked for may take.
const settled = 20 * time.Second

// outcomeRates are the rates at which outcomes are measured, a second.
var outcomeRates = []int{20, 200}

// runOutcomes measures outcomes at each rate, in each round.
func (b *bench) runOutcomes(ctx context.Context) error {
	b.outcomesAt = map[int][]outcome{}
	if b.only != nil && !b.only.MatchString("outcomes") {
		return nil
	}
	for round := range b.rounds {
		for _, rate := range outcomeRates {
			fmt.Fprintf(os.Stderr, "round %d of %d: %d outcomes a second\n", round+1, b.rounds, rate)
			o, err := b.outcomes(ctx, rate, b.openFor)
			if err != nil {
				return fmt.Errorf("%d outcomes a second: %w", rate, err)
			}
			b.outcomesAt[rate] = append(b.outcomesAt[rate], o)
		}
	}
	return nil
}

// outcome is how long it took from Genuin's answer to the reply.
type outcome struct{ p50, p99 time.Duration }

// outcomes measures how long it takes from Genuin's answer until the reply stands in the thread, at a rate of requests
// that need nobody's approval.
func (b *bench) outcomes(ctx context.Context, rate int, d time.Duration) (o outcome, err error) {
	up, err := startUpstream()
	if err != nil {
		return o, err
	}
	defer func() { err = errors.Join(err, up.close()) }()
	cmd := exec.Command(b.binary)
	cmd.Dir = b.dir
	own := *b
	own.upstream = up
	cmd.Env = append(own.common(), "DATABASE_URL=sqlite:"+filepath.Join(b.dir, fmt.Sprintf("outcomes-%d-%d.db", rate, time.Now().UnixNano())))
	n := &numbers{}
	s, err := launch(cmd, b.core, kinds[slackPlatform][0], n)
	if err != nil {
		return o, err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	if _, err := b.openLoop(ctx, s, kindOf(slackPlatform, submission), n, rate, d); err != nil {
		return o, err
	}
	all, err := up.settle(int(d.Seconds() * float64(rate)))
	if err != nil {
		return o, err
	}
	slices.Sort(all)
	return outcome{all[len(all)/2], all[len(all)*99/100]}, nil
}

// settle waits until so many communities have their reply, and returns how long each took.
func (u *upstream) settle(count int) ([]time.Duration, error) {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for end := time.After(settled); ; {
		u.mu.Lock()
		replied := len(u.replied)
		u.mu.Unlock()
		if replied >= count {
			break
		}
		select {
		case <-tick.C:
		case <-end:
			return nil, fmt.Errorf("%d of %d have their reply after %s", replied, count, settled)
		}
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	var all []time.Duration
	for _, took := range u.replied {
		all = append(all, took)
	}
	return all, nil
}
