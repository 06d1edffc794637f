// Command load measures the bot beside what else people could use: throughput, latency, processor time, memory and start,
// with real signed requests, and writes the table into docs/PERFORMANCE.md. See there for how it measures.
//
// It imports the store, to fill a database, and both SDKs, whose idioms it measures.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/debug"
	"strings"
	"time"
)

func main() {
	if name := os.Getenv(serveVariable); name != "" {
		fail(serve(name))
	}
	var b bench
	var out string
	flag.StringVar(&b.binary, "bot", "communitybot", "the `program` to measure, as released")
	flag.StringVar(&b.peers, "peers", "deploy/load/peers", "the `folder` of the peers that run on Node.js")
	flag.StringVar(&b.core, "core", "", "the `number` of the core that servers are pinned to, with GOMAXPROCS=1; empty: none. Run this program on another")
	flag.StringVar(&out, "out", "", "a Markdown `file` whose table is replaced; empty: print it")
	flag.IntVar(&b.rounds, "rounds", 5, "how many rounds")
	flag.DurationVar(&b.each, "each", 2*time.Second, "how long one kind of request is sent to one server as fast as it goes")
	flag.DurationVar(&b.openFor, "open", 4*time.Second, "how long requests are sent at a rate")
	flag.IntVar(&b.rate, "rate", 500, "that rate, requests a second")
	flag.IntVar(&b.connections, "connections", 64, "how many requests are under way at the same time, at most")
	flag.IntVar(&b.seeds, "seeds", 25000, "how many requests wait in the bot's database")
	only := flag.String("only", "", "a regular `expression` of what to measure, such as \"slack communitybot: button\", outcomes or lives; empty: all")
	growth := flag.String("growth", "", "measure databases of these `numbers` of requests, such as 1000,100000,5000000 (2 KB of disk each), and nothing else; at least 1000")
	flag.Parse()
	var err error
	if b.growth, err = sizes(*growth); err != nil {
		fail(err)
	}
	if *only != "" {
		b.only = regexp.MustCompile(*only)
	}
	runtime.GOMAXPROCS(4) // also on one core: the kernel wakes who is due
	debug.SetGCPercent(400)
	fail(b.measure(context.Background(), out))
}

// fail ends the program when there is an error.
func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// measure does the whole run and writes what came of it.
func (b *bench) measure(ctx context.Context, out string) (err error) {
	if b.self, err = os.Executable(); err != nil {
		return err
	}
	if b.binary, err = filepath.Abs(b.binary); err != nil {
		return err
	}
	if b.peers, err = filepath.Abs(b.peers); err != nil {
		return err
	}
	if b.dir, err = os.MkdirTemp("", "communitybot-load-"); err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(b.dir) }()
	if b.upstream, err = startUpstream(); err != nil {
		return err
	}
	defer func() { _ = b.upstream.close() }()
	if len(b.growth) > 0 {
		var s strings.Builder
		err := b.runGrowth(ctx)
		b.growing(&s)
		return errors.Join(err, publish("", s.String()))
	}
	if err := b.run(ctx); err != nil {
		return err
	}
	if err := b.runOutcomes(ctx); err != nil {
		return err
	}
	if err := b.runLives(ctx); err != nil {
		return err
	}
	return publish(out, b.report())
}
