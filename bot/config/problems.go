package config

import (
	"fmt"
	"slices"
	"strings"
)

// Problem is one thing to put right. Variable is its name, or the file's; What reads on from it and holds no secret.
type Problem struct{ Variable, What string }

// Problems is all that is wrong with a configuration, in the order of Config.
type Problems struct {
	List    []Problem
	Nothing bool // nothing is configured at all: the reader is new here
}

// nothing is for somebody who starts the bot for the first time.
const nothing = `Nothing is configured yet.

To try communitybot without any account, run its sandbox:
  communitybot sandbox        (from source: go run . sandbox)

To run it for real, copy .env.example to .env and set
  - SLACK_BOT_TOKEN with SLACK_SIGNING_SECRET (or SLACK_APP_TOKEN) for Slack,
    or DISCORD_BOT_TOKEN with DISCORD_APPLICATION_ID for Discord, or both;
  - GENUIN_BASE_URL with GENUIN_ACCESS_TOKEN (or GENUIN_API_KEY and GENUIN_API_SECRET).
The file says where to find each value.`

// Error returns the whole explanation, in lines, for the operator.
func (p *Problems) Error() string {
	var b strings.Builder
	if p.Nothing {
		b.WriteString(nothing)
		if len(p.List) == 0 {
			return b.String()
		}
		b.WriteString("\n\nBesides, ")
	} else {
		b.WriteString("communitybot cannot start: ")
	}
	if len(p.List) == 1 {
		b.WriteString("there is 1 problem in the configuration.\n")
	} else {
		fmt.Fprintf(&b, "there are %d problems in the configuration.\n", len(p.List))
	}
	for i, problem := range p.List {
		fmt.Fprintf(&b, "%3d. %s %s.\n", i+1, problem.Variable, problem.What)
	}
	b.WriteString("Every variable is explained in .env.example.")
	return b.String()
}

// About returns the problems with those variables alone, nil when there are none.
func (p *Problems) About(variables ...string) error {
	var about Problems
	for _, problem := range p.List {
		if slices.Contains(variables, problem.Variable) {
			about.List = append(about.List, problem)
		}
	}
	if len(about.List) == 0 {
		return nil
	}
	return &about
}
