package main

import (
	"fmt"
	"strings"
	"time"
)

// target is something that the bot is to reach.
type target struct {
	what string
	goal float64
	unit string
	most bool // the goal is the most that it may be, not the least
	got  func(b *bench) (value float64, measured bool)
}

// The contenders that targets speak of.
const (
	bolt           = "@slack/bolt"
	boltCommitting = "@slack/bolt, committing"
	express        = "discord-interactions + express"
	ed25519Only    = "net/http + Ed25519"
)

// targets are all of them, which hold together on one build.
var targets = []target{
	throughput(slackPlatform, "slash", bolt, 4),
	throughput(slackPlatform, submission, bolt, 2.5),
	throughput(slackPlatform, submission, boltCommitting, 5),
	throughput(slackPlatform, button, bolt, 2.5),
	throughput(discordPlatform, "command", express, 4),
	throughput(discordPlatform, "command", ed25519Only, .8),
	throughput(discordPlatform, "component", express, 4),
	throughput(discordPlatform, "component", ed25519Only, .8),
	throughput(discordPlatform, submission, express, 2.5),
	openP99(slackPlatform), sooner(slackPlatform, bolt),
	openP99(discordPlatform), sooner(discordPlatform, express),
	weighs(slackPlatform, "idle memory", "MB", 25, func(f figures) float64 { return f.idle }),
	weighs(discordPlatform, "idle memory", "MB", 25, func(f figures) float64 { return f.idle }),
	weighs(slackPlatform, "peak memory", "MB", 40, func(f figures) float64 { return f.peak }),
	weighs(discordPlatform, "peak memory", "MB", 40, func(f figures) float64 { return f.peak }),
	weighs(slackPlatform, "from exec to /readyz", "ms", 60, func(f figures) float64 { return inMs(f.ready) }),
	weighs(slackPlatform, "the program", "MB", 30, func(f figures) float64 { return f.size }),
	outcomeAt(20, "p50", 10, func(o outcome) time.Duration { return o.p50 }),
	outcomeAt(20, "p99", 60, func(o outcome) time.Duration { return o.p99 }),
	outcomeAt(200, "p50", 10, func(o outcome) time.Duration { return o.p50 }),
	outcomeAt(200, "p99", 60, func(o outcome) time.Duration { return o.p99 }),
}

func inMs(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// ratios are what of picks from our rounds, to what it picks from those of another contender, in the same rounds.
func (b *bench) ratios(platform, kind, other string, of func(sample) float64) (list []float64) {
	mine, theirs := b.results[[2]string{platform, ours}], b.results[[2]string{platform, other}]
	for i := range min(len(mine), len(theirs)) {
		if than := of(theirs[i].kinds[kind]); than > 0 && mine[i].kinds[kind].perSecond > 0 {
			list = append(list, of(mine[i].kinds[kind])/than)
		}
	}
	return list
}

func self(v float64) float64 { return v }

// throughput is one of so many times another contender's.
func throughput(platform, kind, other string, goal float64) target {
	return target{platform + ": " + kind + ", throughput to that of " + other, goal, "×", false, func(b *bench) (float64, bool) {
		all := b.ratios(platform, kind, other, func(s sample) float64 { return s.perSecond })
		return median(all, self), len(all) > 0
	}}
}

// openP99 is how long the slowest of a hundred submissions takes in open loop.
func openP99(platform string) target {
	return weighs(platform, "submissions at a rate, p99", "ms", 1.5, func(f figures) float64 { return inMs(f.kinds[openName].p99) })
}

// sooner is that this is less than another contender's.
func sooner(platform, other string) target {
	return target{platform + ": the same, to that of " + other, 1, "×", true, func(b *bench) (float64, bool) {
		all := b.ratios(platform, openName, other, func(s sample) float64 { return inMs(s.p99) })
		return median(all, self), len(all) > 0
	}}
}

// weighs is a figure of the bot's own that may be so large.
func weighs(platform, what, unit string, goal float64, of func(figures) float64) target {
	return target{platform + ": " + what, goal, unit, true, func(b *bench) (float64, bool) {
		value := median(b.results[[2]string{platform, ours}], of)
		return value, value > 0
	}}
}

// outcomeAt is the time from Genuin's answer to the reply in the thread.
func outcomeAt(rate int, what string, goal float64, of func(outcome) time.Duration) target {
	return target{fmt.Sprintf("%d outcomes a second: from Genuin's answer to the reply, %s", rate, what), goal, "ms", true, func(b *bench) (float64, bool) {
		rounds := b.outcomesAt[rate]
		return inMs(median(rounds, of)), len(rounds) > 0
	}}
}

// verdict is what became of a target.
func (t target) verdict(value float64, measured bool) string {
	switch {
	case !measured:
		return "not measured"
	case t.most && value <= t.goal, !t.most && value >= t.goal:
		return "reached"
	}
	return "**not reached**"
}

// reached writes the targets, and which of them are reached.
func (b *bench) reached(s *strings.Builder) {
	s.WriteString("\n**Targets**\n\n| | target | measured | |\n|---|---|---|---|\n")
	for _, t := range targets {
		value, measured := t.got(b)
		bound, got := "≥", "–"
		if t.most {
			bound = "≤"
		}
		if measured {
			got = fmt.Sprintf("%.2f %s", value, t.unit)
		}
		fmt.Fprintf(s, "| %s | %s %g %s | %s | %s |\n", t.what, bound, t.goal, t.unit, got, t.verdict(value, measured))
	}
}
