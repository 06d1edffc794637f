package commands

import (
	"context"
	"errors"

	"communitybot/bot"
)

// retry sends the same request to Genuin again: the button Try again.
var retry = command{name: nameRetry, run: func(c *Commands, ctx context.Context, e bot.Event) (bot.Reply, error) {
	r, version, err := c.target(ctx, e)
	if err != nil {
		return nil, err
	}
	if !r.Mine(e.By) && !seenAt(&r, e.At) { // anybody may press it, who sees the card
		return nil, &bot.Error{Code: bot.NotFound}
	}
	v, handle := c.voice(e), r.Community.Handle
	r, err = c.Store.Change(ctx, r.ID, e.ID, func(r *bot.Request) error {
		return v.inWords(r, "", r.Retry(e, version, c.Now()))
	})
	if errors.Is(err, bot.ErrHeld) {
		return nil, &bot.Error{Code: bot.Conflict, Err: err, Message: bot.Fill(v.Refused.HeldByNow, "handle", handle, "fix", v.Button.Fix)}
	}
	if err != nil {
		return nil, err
	}
	return v.pressed(&r, e), nil
}}
