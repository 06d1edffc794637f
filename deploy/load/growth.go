package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// tenants is over how many workspaces the requests beyond the first are spread, when the database grows.
const (
	tenants      = 10_000
	firstSeeds   = 1000 // of the workspace that is measured
	slowerAtMost = 1.5
	growthRate   = 200 // of each kind a second
)

// list is what is measured of growth only.
var list = kind{"list", slackPlatform, slash("communities", "list"), []byte("blocks")}

// sizes reads numbers of requests, the smallest first.
func sizes(text string) (all []int, err error) {
	if text == "" {
		return nil, nil
	}
	for _, word := range strings.Split(text, ",") {
		n, err := strconv.Atoi(word)
		if err != nil || n < firstSeeds {
			return nil, fmt.Errorf("%q is no number of requests from %d", word, firstSeeds)
		}
		all = append(all, n)
	}
	slices.Sort(all)
	return all, nil
}

// runGrowth measures the bot on databases of each size. Every size has the same rounds, one after the other.
func (b *bench) runGrowth(ctx context.Context) error {
	b.grown = map[int][]figures{}
	for _, size := range b.growth {
		path := filepath.Join(b.dir, fmt.Sprintf("grown-%d.db", size))
		fmt.Fprintf(os.Stderr, "%d requests: seeding\n", size)
		if err := seed(ctx, path, slackPlatform, size); err != nil {
			return fmt.Errorf("seed %d requests: %w", size, err)
		}
		for round := range b.rounds {
			fmt.Fprintf(os.Stderr, "%d requests: round %d of %d\n", size, round+1, b.rounds)
			f, err := b.grownTurn(ctx, size, round, path)
			if err != nil {
				return fmt.Errorf("%d requests: %w", size, err)
			}
			b.grown[size] = append(b.grown[size], f)
		}
		if err := os.Remove(path); err != nil { // the largest takes gigabytes
			return err
		}
	}
	return nil
}

// grownTurn measures the bot once on a database that is there.
func (b *bench) grownTurn(ctx context.Context, size, round int, path string) (f figures, err error) {
	cmd := exec.Command(b.binary)
	cmd.Dir = b.dir
	cmd.Env = append(b.common(), "DATABASE_URL=sqlite:"+path, "APPROVALS_REQUIRED=2")
	n := &numbers{}
	n.last.Store(int64(10*size) + int64(round)<<30) // those below are the seeded ones, and of the rounds before
	s, err := launch(cmd, b.core, kinds[slackPlatform][0], n)
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	f = figures{kinds: map[string]sample{}, ready: s.ready}
	clicks := &numbers{} // each on a request of its own, of which a part is for each round
	clicks.last.Store(int64(round * firstSeeds / b.rounds))
	for _, k := range []kind{kindOf(slackPlatform, button), list, kindOf(slackPlatform, submission)} {
		from := n
		if k.name == button {
			from = clicks
		}
		lasts := time.Duration(firstSeeds/b.rounds) * time.Second / growthRate
		if f.kinds[k.name], err = b.openLoop(ctx, s, k, from, growthRate, lasts); err != nil {
			return f, fmt.Errorf("%s: %w", k.name, err)
		}
	}
	f.peak = s.memory("VmHWM")
	return f, nil
}

// growing writes how the figures change with the size of the database.
func (b *bench) growing(s *strings.Builder) {
	if len(b.grown) == 0 {
		return
	}
	fmt.Fprintf(s, "\n**Growth**: Slack, %d a second of each, p50 in ms, and to that of the smallest; at most %g\n\n"+
		"| requests | list | submission | button | ready | peak MB |\n|---|---|---|---|---|---|\n", growthRate, slowerAtMost)
	for _, size := range b.growth {
		fmt.Fprintf(s, "| %d ", size)
		for _, k := range []string{list.name, submission, button} {
			of := func(f figures) float64 { return inMs(f.kinds[k].p50) }
			least := median(b.grown[b.growth[0]], of)
			fmt.Fprintf(s, "| %.2f (%.2f) ", median(b.grown[size], of), median(b.grown[size], of)/max(least, .001))
		}
		fmt.Fprintf(s, "| %.0f | %.0f |\n", median(b.grown[size], func(f figures) float64 { return inMs(f.ready) }),
			median(b.grown[size], func(f figures) float64 { return f.peak }))
	}
}
