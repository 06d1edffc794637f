package discord

import (
	"context"
	"net/http"
	"strings"

	"communitybot/bot"
)

// byToken is what Discord refuses the bot: all, by its token.
const byToken = "token"

// hear takes note of what an answer to a call says about the bot's token. Those about an interaction go by another; that the
// gateway is closed to it is told by who wants to connect.
func (a *Adapter) hear(method, path string, status int, err *bot.Error) {
	_, own := scope(method, path)
	switch {
	case !own || status == 0:
	case err == nil, err.Code != bot.Forbidden && err.Code != bot.Busy:
		a.admission.Granted(byToken)
	case err.Code == bot.Forbidden && !strings.HasPrefix(path, "/gateway"):
		a.admission.Refused(byToken, err.Err)
	}
}

// letIn returns why Discord does not let the bot in, or nil. When nobody else finds out, it asks, which notes itself.
func (a *Adapter) letIn(ctx context.Context) error {
	if a.admission.Ask() {
		_, _ = a.call(ctx, http.MethodGet, "/users/@me", nil, nil)
	}
	return a.admission.Err()
}
