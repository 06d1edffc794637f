package slack

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"communitybot/bot"
)

// tolerated is how far off the clock may be before doctor speaks up; five minutes off, every request is refused.
const tolerated = time.Minute

// Check looks at the token, its scopes and the clock for doctor. It changes nothing.
func (a *Adapter) Check(ctx context.Context) []bot.Finding {
	who, err := a.api.AuthTestContext(ctx)
	if err != nil {
		var header http.Header
		if who != nil {
			header = who.Header
		}
		return append([]bot.Finding{{
			Name:   "slack token",
			Detail: "auth.test",
			Err:    fmt.Errorf("no answer, or SLACK_BOT_TOKEN is not accepted: %w", describe(err)),
		}}, a.checkClock(header)...)
	}
	token := bot.Finding{Name: "slack token", Detail: fmt.Sprintf("%s in %s (%s)", who.User, who.Team, who.TeamID)}
	all := append([]bot.Finding{token, checkScopes(who.Header)}, a.checkClock(who.Header)...)
	if a.bySocket {
		all = append(all, a.checkSocket(ctx))
	}
	return all
}

// checkSocket asks where to connect in Socket Mode, and does not.
func (a *Adapter) checkSocket(ctx context.Context) bot.Finding {
	f := bot.Finding{Name: "slack app token", Detail: "Socket Mode is on"}
	if _, _, err := a.api.StartSocketModeContext(ctx); err != nil {
		f.Detail, f.Err = "apps.connections.open", noConnection(err)
	}
	return f
}

// checkScopes compares the token's scopes, which Slack names in every answer, with those the bot can use. Without the
// needed ones it can do nothing; what it can't do without the others is said.
// https://docs.slack.dev/reference/scopes
func checkScopes(header http.Header) bot.Finding {
	f := bot.Finding{Name: "slack scopes", Detail: strings.Join(Scopes, ", ")}
	granted := strings.FieldsFunc(header.Get("X-Oauth-Scopes"), func(r rune) bool { return r == ',' || r == ' ' })
	if len(granted) == 0 {
		f.Detail = "Slack does not say which scopes the token has"
		return f
	}
	var missing, needed []string
	for _, s := range Scopes {
		switch {
		case slices.Contains(granted, s):
		case slices.Contains(needful, s):
			needed = append(needed, s)
		default:
			missing = append(missing, s)
		}
	}
	if len(needed) > 0 {
		f.Err = fmt.Errorf("missing %s: add them under OAuth & Permissions, then install the app again", strings.Join(append(needed, missing...), ", "))
	}
	if len(missing) > 0 {
		f.Detail = "enough, but without " + strings.Join(missing, ", ") + " some things don't work: see the README"
	}
	return f
}

// checkClock compares our clock with the one in Slack's answer; nothing when there is none.
func (a *Adapter) checkClock(header http.Header) []bot.Finding {
	theirs, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		return nil
	}
	off := a.now().Sub(theirs).Round(time.Second)
	f := bot.Finding{Name: "slack clock", Detail: fmt.Sprintf("%s off Slack's", off.Abs())}
	if off.Abs() > tolerated {
		f.Err = fmt.Errorf("this machine's clock is %s off Slack's; from five minutes on every request is refused: set it by NTP", off.Abs())
	}
	return []bot.Finding{f}
}
