package main

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

// median returns the middle of what of picks from rounds.
func median[T any, V cmp.Ordered](rounds []T, of func(T) V) (middle V) {
	var all []V
	for _, r := range rounds {
		all = append(all, of(r))
	}
	if len(all) == 0 {
		return middle
	}
	slices.Sort(all)
	return all[len(all)/2]
}

// ms is a time in milliseconds.
func ms(d time.Duration) string { return fmt.Sprintf("%.2f", float64(d)/float64(time.Millisecond)) }

// report is the tables, as Markdown.
func (b *bench) report() string {
	var s strings.Builder
	fmt.Fprintf(&s, "Medians of %d rounds. Times in ms. CPU is the server's processor time for 1,000 requests, in ms. *Ratio* is communitybot's throughput to that row's.\n", b.rounds)
	b.reached(&s)
	for _, platform := range []string{slackPlatform, discordPlatform} {
		for _, k := range kinds[platform] {
			b.table(&s, platform, k.name, "as fast as it goes")
		}
		b.table(&s, platform, openName, fmt.Sprintf("%d a second, latency from when each was to be sent", b.rate))
		b.weight(&s, platform)
	}
	fmt.Fprintf(&s, "\n**From Genuin's answer to the reply in the thread**\n\n| outcomes a second | p50 | p99 |\n|---|---|---|\n")
	for _, rate := range outcomeRates {
		rounds := b.outcomesAt[rate]
		fmt.Fprintf(&s, "| %d | %s | %s |\n", rate, ms(median(rounds, func(o outcome) time.Duration { return o.p50 })),
			ms(median(rounds, func(o outcome) time.Duration { return o.p99 })))
	}
	b.costs(&s)
	for _, why := range b.failed {
		fmt.Fprintf(&s, "\nNot measured: %s\n", why)
	}
	return s.String()
}

// of returns a platform's contenders and their rounds of a kind, ours first.
func (b *bench) of(platform, kind string) (names []string, rounds [][]sample) {
	for _, c := range contenders {
		all := b.results[[2]string{platform, c.name}]
		if c.platform != platform || len(all) == 0 || all[0].kinds[kind].perSecond == 0 {
			continue
		}
		var list []sample
		for _, f := range all {
			list = append(list, f.kinds[kind])
		}
		names, rounds = append(names, c.name), append(rounds, list)
	}
	return names, rounds
}

// table writes one kind of request.
func (b *bench) table(s *strings.Builder, platform, kind, how string) {
	names, all := b.of(platform, kind)
	if len(all) == 0 {
		return
	}
	fmt.Fprintf(s, "\n**%s: %s**, %s\n\n| | a second | ratio | p50 | p99 | p99.9 | CPU |\n|---|---|---|---|---|---|---|\n", platform, strings.TrimSuffix(kind, inOpenLoop), how)
	for i, rounds := range all {
		// Of each round, as what disturbs the machine disturbs all that is in it.
		var ratios []float64
		for r := range min(len(rounds), len(all[0])) {
			ratios = append(ratios, all[0][r].perSecond/rounds[r].perSecond)
		}
		fmt.Fprintf(s, "| %s | %.0f | %.2f | %s | %s | %s | %s |\n", names[i],
			median(rounds, func(x sample) float64 { return x.perSecond }), median(ratios, self),
			ms(median(rounds, func(x sample) time.Duration { return x.p50 })), ms(median(rounds, func(x sample) time.Duration { return x.p99 })),
			ms(median(rounds, func(x sample) time.Duration { return x.p999 })), ms(median(rounds, func(x sample) time.Duration { return x.cpu })))
	}
}

// weight writes what the programs weigh.
func (b *bench) weight(s *strings.Builder, platform string) {
	fmt.Fprintf(s, "\n**%s: memory and start**\n\n| | idle MB | peak MB | first answer | ready | program MB |\n|---|---|---|---|---|---|\n", platform)
	for _, c := range contenders {
		rounds := b.results[[2]string{platform, c.name}]
		if c.platform != platform || len(rounds) == 0 {
			continue
		}
		ready, size := "–", "–"
		if c.name == ours {
			ready = ms(median(rounds, func(f figures) time.Duration { return f.ready }))
			size = fmt.Sprintf("%.1f", median(rounds, func(f figures) float64 { return f.size }))
		}
		fmt.Fprintf(s, "| %s | %.0f | %.0f | %s | %s | %s |\n", c.name, median(rounds, func(f figures) float64 { return f.idle }),
			median(rounds, func(f figures) float64 { return f.peak }), ms(median(rounds, func(f figures) time.Duration { return f.first })), ready, size)
	}
}

// The lines in a document between which the tables stand.
const (
	tablesBegin = "<!-- tables: written by make load -->\n"
	tablesEnd   = "<!-- end of the tables -->\n"
)

// publish puts the tables into a document, or prints them.
func publish(file, tables string) error {
	if file == "" {
		_, err := fmt.Print(tables)
		return err
	}
	doc, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	before, rest, found := bytes.Cut(doc, []byte(tablesBegin))
	_, after, ended := bytes.Cut(rest, []byte(tablesEnd))
	if !found || !ended {
		return fmt.Errorf("%s has no place for the tables:\n%s%s", file, tablesBegin, tablesEnd)
	}
	text := string(before) + tablesBegin + "\n" + tables + "\n" + tablesEnd + string(after)
	return os.WriteFile(file, []byte(text), 0o644)
}
