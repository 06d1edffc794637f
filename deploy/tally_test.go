package deploy_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// tally counts what came of submissions.
type tally struct {
	sent, acked, communities, unconfirmed, outcomes int
	lost                                            int // acknowledged, without a community or without an outcome
	twice                                           int // with two communities, cards or outcomes
}

// add counts one submission, of which so many communities were made.
func (c *tally) add(acked bool, communities int, f fate) {
	c.sent++
	c.communities += communities
	c.unconfirmed += f.doubts
	c.outcomes += f.outcomes
	if acked {
		c.acked++
		if communities == 0 || f.outcomes == 0 {
			c.lost++
		}
	}
	if communities > 1 || f.cards > 1 || f.outcomes > 1 {
		c.twice++
	}
}

// tallies are those of the platforms, by name.
type tallies map[string]*tally

func (all tallies) of(platform string) *tally {
	if all[platform] == nil {
		all[platform] = &tally{}
	}
	return all[platform]
}

// String is a table for docs/FAULTS.md.
func (all tallies) String() string {
	var b strings.Builder
	b.WriteString("\n| | submissions | acknowledged | communities | unconfirmed | outcomes | lost | twice |\n|---|---|---|---|---|---|---|---|\n")
	for _, name := range slices.Sorted(maps.Keys(all)) {
		c := all[name]
		fmt.Fprintf(&b, "| %s | %d | %d | %d | %d | %d | %d | %d |\n", name, c.sent, c.acked, c.communities, c.unconfirmed, c.outcomes, c.lost, c.twice)
	}
	return b.String()
}
