// Package adapters is the one list of chat platforms: to add one, write its adapter in a folder beside the others and
// add a line here.
//
// It imports bot, bot/config and every adapter.
package adapters

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"communitybot/adapters/discord"
	"communitybot/adapters/slack"
	"communitybot/bot"
	"communitybot/bot/config"
)

// Adapter is a platform as the whole program uses it.
type Adapter interface {
	bot.Platform
	bot.Directory
	// Name is the platform's, as places name it.
	Name() string
	// Handler answers the platform's requests over HTTP with h.
	Handler(h bot.Handler) http.Handler
	// Run keeps a connection to the platform, and answers what comes over it with h until ctx ends. Then it finishes what
	// is under way. Where requests come over HTTP there is no connection.
	Run(ctx context.Context, h bot.Handler) error
	// Ready returns why nothing reaches the bot from the platform at the moment, or nil.
	Ready(ctx context.Context) error
	// Check looks at tokens, permissions and the clock, for doctor.
	Check(ctx context.Context) []bot.Finding
}

// Options are what adapters need beside the configuration.
type Options struct {
	Drafts   bot.Drafts
	Leases   bot.Leases
	Owner    string        // this process, in leases
	Commands []bot.Command // those that can be typed
	Panicked func()        // is called for every panic that was caught
	Log      *slog.Logger
	Now      func() time.Time
}

// platform is one line of the list.
type platform struct {
	name       string
	translated bool // it shows commands in the reader's language
	on         func(c config.Config) bool
	route      func(c config.Config) string // of its requests; empty: they come over a connection
	open       func(c config.Config, o Options) (Adapter, error)
	// register makes the commands known there. What a person has to paste goes to out, what was done to notes.
	register func(ctx context.Context, c config.Config, commands []bot.Command, out, notes io.Writer) error
}

var platforms = []platform{
	{
		name: "slack",
		on:   func(c config.Config) bool { return c.Slack.On() },
		route: func(c config.Config) string {
			if c.Slack.Socket() {
				return ""
			}
			return slack.EventsPath
		},
		open: func(c config.Config, o Options) (Adapter, error) {
			return slack.New(slack.Options{
				Token: string(c.Slack.BotToken), SigningSecret: string(c.Slack.SigningSecret), AppToken: string(c.Slack.AppToken),
				APIURL: c.Slack.APIURL, Panicked: o.Panicked, Log: o.Log, Now: o.Now,
			}), nil
		},
		register: printManifest,
	},
	{
		name:       "discord",
		translated: true,
		on:         func(c config.Config) bool { return c.Discord.On() },
		route: func(c config.Config) string {
			if c.Discord.Gateway() {
				return ""
			}
			return "/discord/interactions"
		},
		open: func(c config.Config, o Options) (Adapter, error) {
			return discord.New(discord.Options{
				Token: string(c.Discord.BotToken), ApplicationID: c.Discord.ApplicationID, PublicKey: c.Discord.PublicKey,
				Guilds: c.Discord.Guilds, APIURL: c.Discord.APIURL, Drafts: o.Drafts, Leases: o.Leases, Owner: o.Owner, Commands: o.Commands, Panicked: o.Panicked,
				Log: o.Log, Now: o.Now,
			})
		},
		register: putCommands,
	},
}

// Set is the platforms that are configured.
type Set []Opened

// Opened is an adapter with the route of its requests; empty: they come over a connection.
type Opened struct {
	Adapter
	Route string
}

// Open returns the adapters of the configured platforms. It calls none of them.
func Open(c config.Config, o Options) (Set, error) {
	var set Set
	for _, p := range platforms {
		if !p.on(c) {
			continue
		}
		a, err := p.open(c, o)
		if err != nil {
			return nil, fmt.Errorf("opening a platform: %w", err)
		}
		set = append(set, Opened{a, p.route(c)})
	}
	return set, nil
}

// Platforms returns the adapters by name.
func (s Set) Platforms() map[string]bot.Platform {
	byName := make(map[string]bot.Platform, len(s))
	for _, a := range s {
		byName[a.Name()] = a
	}
	return byName
}

// Directories returns the adapters by name, as those who know people.
func (s Set) Directories() map[string]bot.Directory {
	byName := make(map[string]bot.Directory, len(s))
	for _, a := range s {
		byName[a.Name()] = a
	}
	return byName
}

// Routes returns the handlers of the adapters' requests, answered by h.
func (s Set) Routes(h bot.Handler) map[string]http.Handler {
	routes := make(map[string]http.Handler, len(s))
	for _, a := range s {
		if a.Route != "" {
			routes[a.Route] = a.Handler(h)
		}
	}
	return routes
}

// Run keeps the platforms' connections, and answers what comes over them with h until ctx ends.
func (s Set) Run(ctx context.Context, h bot.Handler) error {
	all, ctx := errgroup.WithContext(ctx)
	for _, a := range s {
		all.Go(func() error {
			if err := a.Run(ctx, h); err != nil {
				return fmt.Errorf("the connection to %s: %w", a.Name(), err)
			}
			return nil
		})
	}
	return all.Wait()
}

// Translated returns the platforms that show commands in the reader's language.
func Translated() map[string]bool {
	translated := make(map[string]bool)
	for _, p := range platforms {
		translated[p.name] = p.translated
	}
	return translated
}

// Register makes the commands known to the platforms that the configuration has enough for. What a person has to paste
// somewhere goes to out, what was done to notes.
func Register(ctx context.Context, c config.Config, commands []bot.Command, out, notes io.Writer) error {
	var errs []error
	for _, p := range platforms {
		errs = append(errs, p.register(ctx, c, commands, out, notes))
	}
	return errors.Join(errs...)
}

// printManifest is how Slack is told: an app is made from its manifest, before there are any tokens.
func printManifest(_ context.Context, c config.Config, commands []bot.Command, out, _ io.Writer) error {
	if c.PublicURL == "" && !c.Slack.On() {
		return nil
	}
	manifest, err := slack.Manifest(commands, c.PublicURL, c.Slack.Socket())
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s\n", manifest)
	return err
}

func putCommands(ctx context.Context, c config.Config, commands []bot.Command, _, notes io.Writer) error {
	if !c.Discord.On() {
		return nil
	}
	a, err := discord.New(discord.Options{Token: string(c.Discord.BotToken), ApplicationID: c.Discord.ApplicationID, APIURL: c.Discord.APIURL})
	if err != nil {
		return err
	}
	if err := a.Register(ctx, commands); err != nil {
		return fmt.Errorf("registering the commands on Discord: %w", err)
	}
	_, err = fmt.Fprintf(notes, "Discord has %d commands now.\n", len(commands))
	return err
}
