// Command communitybot lets people in Slack and Discord ask for communities on Genuin.
//
// This file is its subcommands and the wiring: it imports everything, and nothing imports it.
package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"regexp"
	"runtime"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/alecthomas/kong"
	"golang.org/x/sync/errgroup"

	"communitybot/adapters"
	"communitybot/adapters/sandbox"
	"communitybot/bot"
	"communitybot/bot/config"
	"communitybot/bot/genuin"
	"communitybot/bot/memory"
	"communitybot/bot/store"
	"communitybot/bot/web"
	"communitybot/commands"
)

// version and commit are set by the build: -ldflags "-X main.version=v1.2.3 -X main.commit=abc".
var (
	version = "dev"
	commit  = ""
)

// cli is the command line.
type cli struct {
	Serve        serveCmd        `cmd:"" default:"1" help:"Run the bot. This is also what no command means."`
	Sandbox      sandboxCmd      `cmd:"" help:"Try the bot against a Slack, a Discord and a Genuin of its own, in your browser. Needs no account."`
	Doctor       doctorCmd       `cmd:"" help:"Check tokens, permissions, reachability, clock and database."`
	Register     registerCmd     `cmd:"" help:"Put the commands on Discord, and print the manifest for Slack."`
	Export       exportCmd       `cmd:"" help:"Write the history of all requests to standard output."`
	MigrateStore migrateStoreCmd `cmd:"" help:"Move everything from a SQLite file to an empty Postgres database."`
	Health       healthCmd       `cmd:"" help:"Ask the bot that runs on this machine whether it is alive; for container health checks."`
	Version      versionCmd      `cmd:"" help:"Print version, commit and Go version."`
}

// How a process ends, beside 0.
const (
	exitFailed = 1
	exitConfig = 2
)

// grace is how long jobs may take to finish when the process is asked to stop, after its requests have. With what it
// takes to cut them off, everything ends within 30 seconds.
const grace = 18 * time.Second

// started is how long after it answers the bot is done with its start.
const started = 300 * time.Millisecond

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// password finds those of URLs, as in a command line that can't be read.
var password = regexp.MustCompile(`(://[^:/@\s]*:)\S*@`)

// env is what the subcommands get from outside.
type env struct {
	ctx    context.Context
	out    io.Writer
	errOut io.Writer
}

// run is the whole program; it returns the exit code.
func run(ctx context.Context, args []string, out, errOut io.Writer) int {
	code, exited := 0, false
	parser, err := kong.New(&cli{}, kong.Name("communitybot"), kong.Writers(out, errOut), kong.UsageOnError(),
		kong.Description("Ask for communities on Genuin from Slack and Discord."), kong.Exit(func(c int) { code, exited = c, true }))
	if err != nil {
		_, _ = fmt.Fprintln(errOut, err)
		return exitFailed
	}
	command, err := parser.Parse(args)
	if exited { // --help
		return code
	}
	if err != nil {
		_, _ = fmt.Fprintf(errOut, "communitybot: %s\nTry: communitybot --help\n", password.ReplaceAllString(err.Error(), "$1[secret]@"))
		return exitConfig
	}
	err = command.Run(&env{ctx, out, errOut})
	if err == nil {
		return 0
	}
	_, _ = fmt.Fprintln(errOut, err)
	if problems := (*config.Problems)(nil); errors.As(err, &problems) {
		return exitConfig
	}
	return exitFailed
}

type serveCmd struct{}

// Run runs the bot until it is told to stop.
func (serveCmd) Run(e *env) error {
	c, err := config.Load(os.Environ(), ".env")
	if err != nil {
		return err
	}
	memory.Limit()
	return serve(e.ctx, c, life{c.ListenAddr, time.Now, func(sandbox.Running) error {
		time.AfterFunc(started, memory.Trim)
		return nil
	}}, e.errOut)
}

// life is what differs between a bot that serves and the sandbox's.
type life struct {
	listen string
	now    func() time.Time
	ready  func(sandbox.Running) error // called once it answers
}

// serve runs the bot until ctx ends.
func serve(ctx context.Context, c config.Config, l life, errOut io.Writer) (err error) {
	log := c.Logger(errOut)
	metrics := web.NewMetrics()
	s, err := store.Open(ctx, store.Options{
		URL: string(c.DatabaseURL), Retention: c.Retention, Log: log, Now: l.now, Panicked: metrics.Panicked,
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()

	set, err := adapters.Open(c, adapters.Options{
		Drafts: s, Leases: s, Owner: s.Owner(), Commands: commands.Slash(), Panicked: metrics.Panicked, Log: log, Now: l.now,
	})
	if err != nil {
		return err
	}
	can := commands.New(commands.Options{
		Store: s, Policy: c.Policy(), Types: c.Genuin.Types, Categories: c.Genuin.Categories, Language: c.CardLanguage, Now: l.now,
		Directories: set.Directories(), Translated: adapters.Translated(),
	})
	worker := &commands.Worker{
		Commands: can, Genuin: genuin.Guarded(metrics.Genuin(newGenuin(c), log), log), Platforms: set.Platforms(), Owner: s.Owner(), Life: s, Log: log, Panicked: metrics.Panicked,
		Call: 4*c.Genuin.Timeout + time.Second, Patience: 10 * time.Second,
	}
	listener, err := net.Listen("tcp", l.listen) // before any work begins: a start that fails must have done nothing
	if err != nil {
		return fmt.Errorf("can't listen on %s (LISTEN_ADDR): %w", l.listen, err)
	}
	defer func() { _ = listener.Close() }() // in vain, once it was served
	queue, err := s.Work(ctx, metrics.Jobs(worker.Do))
	if err != nil {
		return err
	}
	defer func() {
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
		defer cancel()
		err = errors.Join(err, queue.Stop(end))
	}()

	answers := metrics.Interactions(can, can.Known, log)
	log.Info("ready", "listen", listener.Addr().String(), "version", version)
	checks := append(readiness(set, worker), web.Check{Name: "database", Run: s.Ready})
	metrics.Watch(checks)
	serving, ctx := errgroup.WithContext(ctx)
	serving.Go(func() error {
		return web.Serve(ctx, listener, web.Mux(set.Routes(answers), checks, metrics.Handler(), log), log)
	})
	serving.Go(func() error { return set.Run(ctx, answers) })
	serving.Go(func() error {
		return l.ready(sandbox.Running{URL: "http://" + listener.Addr().String(), Look: queue.Look, Events: s.Events})
	})
	err = serving.Wait()
	log.Info("stopping: finishing what is under way")
	return err
}

// readiness are the checks of what the bot needs beside its database.
func readiness(set adapters.Set, worker *commands.Worker) []web.Check {
	checks := []web.Check{{Name: "approval channel", Run: worker.Ready}}
	for _, a := range set {
		checks = append(checks, web.Check{Name: a.Name(), Run: a.Ready})
	}
	return checks
}

func newGenuin(c config.Config) *genuin.Client {
	return genuin.New(genuin.Options{
		BaseURL: c.Genuin.BaseURL, AccessToken: string(c.Genuin.AccessToken), APIKey: string(c.Genuin.APIKey),
		APISecret: string(c.Genuin.APISecret), Timeout: c.Genuin.Timeout, Actions: c.Genuin.Actions,
	})
}

type sandboxCmd struct {
	Listen     string `default:"127.0.0.1:8080" help:"Where the page is served; port 0 takes a free one."`
	Categories string `help:"The categories that people choose from, to try your own: as GENUIN_CATEGORIES has them."`
}

// Run runs the same bot as serve, against fakes.
func (cmd sandboxCmd) Run(e *env) (err error) {
	box, err := sandbox.Start(sandbox.Options{Categories: cmd.Categories})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, box.Close()) }()
	c, err := config.Load(box.Environ(), "")
	if err != nil {
		return err
	}
	var manifest bytes.Buffer
	if err := adapters.Register(e.ctx, c, commands.Slash(), &manifest, io.Discard); err != nil {
		return err
	}
	if err := box.Install(manifest.Bytes()); err != nil {
		return err
	}
	l, err := net.Listen("tcp", cmd.Listen)
	if err != nil {
		return fmt.Errorf("can't listen on %s (--listen): %w", cmd.Listen, err)
	}
	ended, stop := signal.NotifyContext(e.ctx, syscall.SIGHUP) // its terminal was closed
	defer stop()
	serving, ctx := errgroup.WithContext(ended)
	serving.Go(func() error { return web.Serve(ctx, l, box.Handler(), c.Logger(e.errOut)) })
	serving.Go(func() error {
		return box.Run(ctx, sandboxBot(e.errOut), func() {
			_, _ = fmt.Fprintf(e.out, "The sandbox is at http://%s\nType /create-community in one of its two chats. Ctrl-C ends it, and leaves nothing behind.\n", reachable(l.Addr()))
		})
	})
	return serving.Wait()
}

// reachable is an address by which somebody on this computer reaches a listener.
func reachable(a net.Addr) string {
	host, port, err := net.SplitHostPort(a.String())
	if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsUnspecified() {
		return a.String()
	}
	return net.JoinHostPort("127.0.0.1", port)
}

// sandboxBot runs bots on free ports, by the environment that the sandbox gives them.
func sandboxBot(errOut io.Writer) sandbox.Bot {
	return func(ctx context.Context, environ []string, now func() time.Time, ready func(sandbox.Running) error) error {
		c, err := config.Load(environ, "")
		if err != nil {
			return err
		}
		return serve(ctx, c, life{"127.0.0.1:0", now, ready}, errOut)
	}
}

type doctorCmd struct{}

// Run prints a line per check and fails when one of them does.
func (doctorCmd) Run(e *env) error {
	c, err := config.Load(os.Environ(), ".env")
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(e.ctx, time.Minute)
	defer cancel()
	findings := []bot.Finding{{Name: "configuration", Detail: "complete"}, store.Check(ctx, string(c.DatabaseURL))}
	set, err := adapters.Open(c, adapters.Options{Commands: commands.Slash(), Log: c.Logger(e.errOut), Now: time.Now})
	if err != nil {
		return err
	}
	for _, a := range set {
		findings = append(findings, a.Check(ctx)...)
	}
	findings = append(findings, newGenuin(c).Check(ctx)...)
	failed := 0
	for _, f := range findings {
		line := "ok    " + f.Name + ": " + f.Detail
		if f.Err != nil {
			failed++
			line = "FAIL  " + f.Name + ": " + f.Err.Error()
		}
		if _, err := fmt.Fprintln(e.out, line); err != nil {
			return err
		}
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d checks failed", failed, len(findings))
	}
	return nil
}

type registerCmd struct{}

// Run registers the commands on every platform it knows enough of: the manifest, say, is needed before there are tokens.
func (registerCmd) Run(e *env) error {
	c, err := config.Load(os.Environ(), ".env")
	if problems := (*config.Problems)(nil); errors.As(err, &problems) {
		err = problems.About("PUBLIC_URL", "DISCORD_BOT_TOKEN", "DISCORD_APPLICATION_ID", "DISCORD_API_URL")
	}
	if err != nil {
		return err
	}
	if c.PublicURL == "" && !c.Slack.On() && !c.Discord.On() {
		return errors.New("nothing to register: set PUBLIC_URL for Slack's manifest, DISCORD_BOT_TOKEN and DISCORD_APPLICATION_ID for Discord")
	}
	return adapters.Register(e.ctx, c, commands.Slash(), e.out, e.errOut)
}

type exportCmd struct {
	Format string `enum:"csv,jsonl" default:"csv" help:"csv or jsonl."`
}

// Run writes the history, also while the bot runs.
func (cmd exportCmd) Run(e *env) error {
	c, err := config.Load(os.Environ(), ".env")
	if problems := (*config.Problems)(nil); errors.As(err, &problems) {
		err = problems.About("DATABASE_URL")
	}
	if err != nil {
		return err
	}
	write, flush, err := commands.Export(cmd.Format, e.out)
	if err != nil {
		return err
	}
	return errors.Join(store.Export(e.ctx, string(c.DatabaseURL), write), flush())
}

type migrateStoreCmd struct {
	From string `arg:"" help:"The file, as sqlite:PATH. No bot may have it open."`
	To   string `arg:"" help:"The database, as postgres://USER@HOST/NAME, in which nothing is yet. Its password is best given as PGPASSWORD: others on this machine can read a command line."`
}

// Run moves everything, and says what it compared.
func (cmd migrateStoreCmd) Run(e *env) error {
	tables, err := store.Move(e.ctx, cmd.From, cmd.To)
	if err != nil {
		return fmt.Errorf("nothing was moved: %w", err)
	}
	for _, t := range tables {
		if _, err := fmt.Fprintf(e.out, "%-8s  %d rows, sha256 %s on both sides\n", t.Table, t.Rows, t.Hash); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintln(e.out, "Now set DATABASE_URL to the new one, and start. The file was left as it is: put it away, so that no bot goes on with it.")
	return err
}

type healthCmd struct{}

// Run asks /healthz on the configured port.
func (healthCmd) Run(e *env) error {
	c, err := config.Load(os.Environ(), ".env")
	if problems := (*config.Problems)(nil); errors.As(err, &problems) {
		err = problems.About("LISTEN_ADDR")
	}
	if err != nil {
		return err
	}
	host, port, err := net.SplitHostPort(c.ListenAddr)
	if err != nil {
		return err
	}
	if ip := net.ParseIP(host); host == "" || ip.IsUnspecified() {
		host = "localhost"
	}
	return web.Alive(e.ctx, net.JoinHostPort(host, port))
}

type versionCmd struct{}

// Run prints what this program was made of.
func (versionCmd) Run(e *env) error {
	commit := cmp.Or(commit, "unknown")
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				commit = s.Value
			}
		}
	}
	_, err := fmt.Fprintf(e.out, "communitybot %s (commit %s, %s)\n", version, commit, runtime.Version())
	return err
}
