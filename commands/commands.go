// Package commands is what people can do: it turns events into changes of requests and replies, and does the slow work
// that requests want. Every command is written once, for every platform and every way in.
//
// It imports bot, bot/words for all that people read, and gosimple/slug for handles out of names.
package commands

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"communitybot/bot"
	"communitybot/bot/crash"
)

// Options are what commands need.
type Options struct {
	Store      bot.Store
	Policy     bot.Policy
	Types      []bot.Option // what a community's type may be; the first is the default
	Categories []bot.Option // existing ones on offer; empty: people type IDs
	Language   string       // of cards and threads; empty: that of the one who asked
	Now        func() time.Time

	// Directories know who is who, by platform; a platform may have none.
	Directories map[string]bot.Directory

	// Translated are the platforms that show the names of commands in the reader's language.
	Translated map[string]bool
}

// Commands answers events.
type Commands struct {
	Options
	byName map[string]command
}

// command is one thing people can call. slash is set when it can be typed, and not only pressed.
type command struct {
	name  string
	slash func() bot.Command
	leads bool // its form has a field that others follow
	run   func(c *Commands, ctx context.Context, e bot.Event) (bot.Reply, error)
}

// The names of the commands.
const (
	nameCreate      = "create-community"
	nameCommunities = "communities"
	nameFix         = "fix"
	nameRename      = "rename"
	nameRetry       = "retry"
	nameLink        = "link"
	nameApprove     = "approve"
	nameTakeBack    = "takeback"
	nameDeny        = "deny"
	nameChanges     = "changes"
	nameEdit        = "edit"
	nameWithdraw    = "withdraw"
	nameRemind      = "remind"
	nameDetails     = "details"
	nameHome        = bot.Home
)

// all is the one list of commands.
var all = []command{
	create, communities, fix, rename, retry, link, approve, takeBack, deny, changes, edit, withdraw, remind, details, home,
}

// New returns the commands.
func New(o Options) *Commands {
	c := &Commands{Options: o, byName: make(map[string]command, len(all))}
	for _, one := range all {
		c.byName[one.name] = one
	}
	return c
}

// Slash describes the commands that can be typed, for platforms to register.
func Slash() []bot.Command {
	var typed []bot.Command
	for _, c := range all {
		if c.slash != nil {
			typed = append(typed, c.slash())
		}
	}
	return typed
}

// Known reports whether there is a command of that name.
func (c *Commands) Known(name string) bool {
	_, ok := c.byName[name]
	return ok
}

// Handle answers an event.
func (c *Commands) Handle(ctx context.Context, e bot.Event) (bot.Reply, error) {
	one, ok := c.byName[e.Command]
	if !ok {
		v := c.voice(e)
		return nil, &bot.Error{Code: bot.NotFound, Message: v.fill(v.Refused.Unknown)}
	}
	switch {
	case e.Step == bot.Suggest:
		return c.suggest(ctx, e)
	case e.Step == bot.Refill && !one.leads:
		return nil, &bot.Error{Code: bot.Invalid, Err: fmt.Errorf("nothing follows the field %q of %s", e.Field, e.Command)}
	}
	reply, err := one.run(c, ctx, e)
	crash.At(crash.Handled)
	if errors.Is(err, bot.ErrOld) || errors.Is(err, bot.ErrNotNow) {
		err = errors.Join(err, c.redraw(ctx, e))
	}
	return reply, err
}

// redraw has the card that somebody pressed drawn again: it showed what is over.
func (c *Commands) redraw(ctx context.Context, e bot.Event) error {
	if e.At.Message == "" {
		return nil
	}
	r, _, err := c.target(ctx, e)
	if err != nil {
		return err
	}
	_, err = c.Store.Change(ctx, r.ID, "", func(r *bot.Request) error { return r.Redraw(e.At, c.Now()) })
	if errors.Is(err, bot.ErrNoTask) { // not one of its cards
		return nil
	}
	return err
}

// target returns the request that a button is about, and the version of it that the button's card showed. A button counts
// where its request is shown, and for those whose business that is; to anybody else it is as if there was none: what
// refuses them later would tell them names, and how it stands.
func (c *Commands) target(ctx context.Context, e bot.Event) (bot.Request, int, error) {
	v := c.voice(e)
	id, err := strconv.ParseInt(e.Values["id"], 10, 64)
	version, err2 := strconv.Atoi(e.Values["v"])
	if err != nil || err2 != nil {
		return bot.Request{}, 0, &bot.Error{Code: bot.Invalid, Message: v.fill(v.Refused.OldButton)}
	}
	r, err := c.Store.Request(ctx, id)
	if err != nil || seenAt(&r, e.At) {
		return r, version, err
	}
	known, err := c.concerns(ctx, &r, e)
	switch {
	case err != nil:
		return bot.Request{}, 0, err
	case !known:
		return bot.Request{}, 0, &bot.Error{Code: bot.NotFound}
	}
	return r, version, nil
}

// on returns a call of a command about a request, as its buttons carry it.
func on(r *bot.Request, command string) bot.Call {
	return bot.Call{Command: command, Values: bot.Values{"id": strconv.FormatInt(r.ID, 10), "v": strconv.Itoa(r.Version)}}
}
