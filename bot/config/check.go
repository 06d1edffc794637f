package config

import (
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"communitybot/bot/words"
)

// check looks at everything a parser can't see alone, and puts addresses into the form that Config promises.
func (l *loader) check(c *Config) {
	l.checkPlatforms(c)
	l.checkServer(c)
	l.checkSlack(&c.Slack)
	l.checkDiscord(&c.Discord)
	l.checkGenuin(&c.Genuin)
	l.checkApproval(c)
}

// checkServer looks at the listener, the database and the log.
func (l *loader) checkServer(c *Config) {
	if _, port, err := net.SplitHostPort(c.ListenAddr); err != nil || !validPort(port) {
		l.wrong("LISTEN_ADDR", "must be host:port or :port, such as :8080, not "+l.show(c.ListenAddr))
	}
	if c.PublicURL != "" {
		c.PublicURL = l.address("PUBLIC_URL", c.PublicURL)
	}
	l.checkDatabase(c.DatabaseURL)
	if c.Retention < 24*time.Hour && c.Retention != 0 {
		l.wrong("REQUEST_RETENTION", "must be 24h or more, such as 8760h for a year, or 0 to keep requests for good, not "+c.Retention.String())
	}
	c.LogLevel, c.LogFormat = strings.ToLower(c.LogLevel), strings.ToLower(c.LogFormat)
	if _, known := levels[c.LogLevel]; !known {
		l.wrong("LOG_LEVEL", "must be debug, info, warn or error, not "+l.show(c.LogLevel))
	}
	if c.LogFormat != "text" && c.LogFormat != "json" {
		l.wrong("LOG_FORMAT", "must be text or json, not "+l.show(c.LogFormat))
	}
	if known := languages(); c.CardLanguage != "" && !slices.Contains(known, c.CardLanguage) {
		l.wrong("CARD_LANGUAGE", "must be one of "+strings.Join(known, ", ")+", or empty, not "+l.show(c.CardLanguage))
	}
}

func languages() []string {
	var all []string
	for _, w := range words.All() {
		all = append(all, w.Language)
	}
	slices.Sort(all)
	return all
}

func validPort(s string) bool {
	_, err := strconv.ParseUint(s, 10, 16)
	return err == nil
}

func (l *loader) checkDatabase(d DatabaseURL) {
	path, sqlite := strings.CutPrefix(string(d), "sqlite:")
	u, err := d.parse()
	switch {
	case sqlite && (path == "" || strings.HasPrefix(path, "//")):
		l.wrong("DATABASE_URL", "must hold the file's path right after sqlite: as in sqlite:data/communitybot.db or sqlite:/var/lib/communitybot.db")
	case sqlite:
	case !strings.HasPrefix(string(d), "postgres://") && !strings.HasPrefix(string(d), "postgresql://"):
		l.wrong("DATABASE_URL", "must be sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME")
	case err != nil:
		l.wrong("DATABASE_URL", "cannot be read as postgres://USER:PASSWORD@HOST/NAME: write special characters of the password as %XX, such as %23 for #")
	case u.Hostname() == "" && u.Query().Get("host") == "":
		l.wrong("DATABASE_URL", "names no host: it must be postgres://USER:PASSWORD@HOST/NAME")
	}
}

// address checks the URL of a server and returns it without a slash at its end; "" when something is wrong with it.
func (l *loader) address(variable, s string) string {
	u, err := url.Parse(s)
	switch {
	case err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" || (u.Port() != "" && !validPort(u.Port())):
		l.wrong(variable, "must start with http:// or https:// and name a host, such as https://bot.example.com, not "+l.show(s))
	case u.User != nil:
		l.wrong(variable, "must not hold a user name or a password")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		l.wrong(variable, "must end after its path, without ? and #")
	default:
		return strings.TrimRight(u.String(), "/")
	}
	return ""
}
