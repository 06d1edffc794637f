package commands

import (
	"context"

	"communitybot/bot"
)

// retry sends the same request to Genuin again: the button Try again.
var retry = command{name: nameRetry, run: func(c *Commands, ctx context.Context, e bot.Event) (bot.Reply, error) {
	return c.onCard(ctx, e, func(r *bot.Request, version int) error { return r.Retry(e, version, c.Now()) })
}}
