package config

import (
	"encoding/hex"
	"slices"
	"strings"
	"unicode"
)

// checkPlatforms sees to it that there is something to talk to. Somebody new, who has set nothing, is told how to begin
// instead of all that is missing.
func (l *loader) checkPlatforms(c *Config) {
	if c.Slack.On() || c.Discord.On() {
		return
	}
	g := c.Genuin
	l.nothing = !l.halfRead && g.BaseURL == "" && g.AccessToken == "" && g.APIKey == "" && g.APISecret == ""
	if !l.nothing {
		l.missing("SLACK_BOT_TOKEN or DISCORD_BOT_TOKEN", "is missing: set one of them, or both; "+
			".env.example says where to find them, and communitybot sandbox runs without")
	}
}

// token checks a secret for what a hurried copy brings along.
func (l *loader) token(variable string, s Secret) {
	if strings.ContainsFunc(string(s), func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
		l.wrong(variable, "holds a space or a line break: copy the value alone, without words such as Bot or Bearer")
	}
}

func startsWith(s Secret, prefixes ...string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(string(s), p) })
}

// checkSlack tells apart the three values that are easily swapped, and sees to it that none is missing.
func (l *loader) checkSlack(s *Slack) {
	l.token("SLACK_BOT_TOKEN", s.BotToken)
	l.token("SLACK_SIGNING_SECRET", s.SigningSecret)
	l.token("SLACK_APP_TOKEN", s.AppToken)
	if startsWith(s.BotToken, "xapp-") {
		l.wrong("SLACK_BOT_TOKEN", "holds an app-level token (xapp-…), which belongs in SLACK_APP_TOKEN; a bot token starts with xoxb-")
	}
	if startsWith(s.BotToken, "xoxp-") {
		l.wrong("SLACK_BOT_TOKEN", "holds a user's token (xoxp-…); a bot token starts with xoxb-")
	}
	if startsWith(s.AppToken, "xoxb-", "xoxp-") {
		l.wrong("SLACK_APP_TOKEN", "holds a bot's or a user's token; a bot token belongs in SLACK_BOT_TOKEN, and an app-level token starts with xapp-")
	}
	if startsWith(s.SigningSecret, "xoxb-", "xoxp-", "xapp-") {
		l.wrong("SLACK_SIGNING_SECRET", "holds a token; the signing secret is under Basic Information, App Credentials")
	}
	if s.APIURL = l.address("SLACK_API_URL", s.APIURL); s.APIURL != "" {
		s.APIURL += "/"
	}

	switch {
	case !s.On():
	case s.BotToken == "" && s.AppToken != "":
		l.missing("SLACK_BOT_TOKEN", "is missing, while SLACK_APP_TOKEN is set: Slack needs both")
	case s.BotToken == "":
		l.missing("SLACK_BOT_TOKEN", "is missing, while SLACK_SIGNING_SECRET is set: Slack needs both")
	case s.SigningSecret == "" && s.AppToken == "":
		l.missing("SLACK_SIGNING_SECRET", "is missing, while SLACK_BOT_TOKEN is set: set it, or set SLACK_APP_TOKEN for Socket Mode")
	}
}

// checkDiscord looks at the form of Discord's values, and sees to it that none is missing.
func (l *loader) checkDiscord(d *Discord) {
	l.token("DISCORD_BOT_TOKEN", d.BotToken)
	if d.ApplicationID != "" && !snowflake(d.ApplicationID) {
		l.wrong("DISCORD_APPLICATION_ID", "must be a number, the Application ID under General Information")
	}
	if key, err := hex.DecodeString(d.PublicKey); d.PublicKey != "" && (err != nil || len(key) != 32) {
		l.wrong("DISCORD_PUBLIC_KEY", "must be 64 hex digits, the Public Key under General Information")
	}
	for i, id := range d.Guilds {
		if d.Guilds[i] = strings.TrimSpace(id); !snowflake(d.Guilds[i]) {
			l.wrong("DISCORD_GUILDS", "must be a list of servers' IDs, which are numbers; "+l.show(id)+" is none")
		}
	}
	d.APIURL = l.address("DISCORD_API_URL", d.APIURL)

	const together = "is missing: Discord needs DISCORD_BOT_TOKEN and DISCORD_APPLICATION_ID together"
	if d.On() && d.BotToken == "" {
		l.missing("DISCORD_BOT_TOKEN", together)
	}
	if d.On() && d.ApplicationID == "" {
		l.missing("DISCORD_APPLICATION_ID", together)
	}
}
