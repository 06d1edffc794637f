package config

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"communitybot/bot"
)

// checkGenuin sees to it that there is one way to sign in to Genuin.
func (l *loader) checkGenuin(g *Genuin) {
	l.token("GENUIN_ACCESS_TOKEN", g.AccessToken)
	l.token("GENUIN_API_KEY", g.APIKey)
	l.token("GENUIN_API_SECRET", g.APISecret)
	if g.BaseURL != "" {
		g.BaseURL = l.address("GENUIN_BASE_URL", g.BaseURL)
	} else if !l.nothing {
		l.missing("GENUIN_BASE_URL", "is missing: it is the address of the API that Genuin gave you")
	}
	switch pair := g.APIKey != "" || g.APISecret != ""; {
	case g.AccessToken != "" && pair:
		l.wrong("GENUIN_ACCESS_TOKEN", "is set beside GENUIN_API_KEY or GENUIN_API_SECRET: choose one way, the token or the pair")
	case g.AccessToken != "" || l.nothing:
	case !pair:
		l.missing("GENUIN_ACCESS_TOKEN", "is missing: set it, or set GENUIN_API_KEY and GENUIN_API_SECRET")
	case g.APIKey == "":
		l.missing("GENUIN_API_KEY", "is missing, while GENUIN_API_SECRET is set: Genuin needs both")
	case g.APISecret == "":
		l.missing("GENUIN_API_SECRET", "is missing, while GENUIN_API_KEY is set: Genuin needs both")
	}
	if g.Timeout == 0 && l.sound("GENUIN_TIMEOUT") {
		l.wrong("GENUIN_TIMEOUT", "must be more than 0, such as 15s")
	}
	l.checkCategories(g.Categories)
}

// checkCategories sees to it that categories are numbers, and writes each in its shortest form.
func (l *loader) checkCategories(categories []bot.Option) {
	seen := map[int64]bool{}
	for i, o := range categories {
		id, err := strconv.ParseInt(o.Value, 10, 64)
		switch {
		case err != nil || id < 0:
			l.wrong("GENUIN_CATEGORIES", "must be a list of id=Label, such as 1=Sports,2=Music; "+l.show(o.Value)+" is not a number")
		case seen[id] && o.Value != strconv.FormatInt(id, 10): // the parser saw two values
			l.wrong("GENUIN_CATEGORIES", "has the ID "+l.show(o.Value)+" twice")
		}
		seen[id] = true
		categories[i].Value = strconv.FormatInt(id, 10)
	}
}

// checkApproval looks for a policy under which nothing could ever be approved.
func (l *loader) checkApproval(c *Config) {
	a := &c.Approval
	for _, p := range []struct {
		platform, name string
		on             bool
	}{{"slack", "Slack", c.Slack.On()}, {"discord", "Discord", c.Discord.On()}} {
		// Without any platform that is the problem to name; and what a file left unread may configure one.
		if p.on || l.halfRead || (!c.Slack.On() && !c.Discord.On()) {
			continue
		}
		if slices.ContainsFunc(a.Approvers, func(who bot.Approver) bool { return who.Platform == p.platform }) {
			l.wrong("APPROVERS", "has IDs of "+p.name+", which is not configured")
		}
		if a.Channel.Platform == p.platform {
			l.wrong("APPROVAL_CHANNEL", "is a channel of "+p.name+", which is not configured")
		}
	}

	if guilds := c.Discord.Guilds; a.Channel.Platform == "discord" && len(guilds) > 0 && !slices.Contains(guilds, a.Channel.Tenant) {
		l.wrong("APPROVAL_CHANNEL", "is on a server that is not among DISCORD_GUILDS, so nobody there could decide")
	}

	// A group stands for any number of people, and on Discord a role looks like a user.
	group := func(who bot.Approver) bool { return who.Platform == "discord" || strings.HasPrefix(who.ID, "S") }
	if n := len(a.Approvers); n > 0 && a.Required > n && !slices.ContainsFunc(a.Approvers, group) && l.sound("APPROVERS") {
		l.wrong("APPROVALS_REQUIRED", fmt.Sprintf("is %d, but APPROVERS names only %d: nothing could ever be approved", a.Required, n))
	}
	l.checkReminder(a)
}

// checkReminder refuses a reminder that would come after the end. The default that does is not the operator's wish, so it
// is switched off instead.
func (l *loader) checkReminder(a *Approval) {
	switch set := l.values["APPROVAL_REMINDER"] != ""; {
	case a.Expiry == 0 || a.Reminder < a.Expiry:
	case set:
		l.wrong("APPROVAL_REMINDER", fmt.Sprintf("must be shorter than APPROVAL_EXPIRY (%s), or 0 for no reminder", a.Expiry))
	default:
		a.Reminder = 0
	}
}
