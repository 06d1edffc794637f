// Package config turns the environment into a Config, and says everything that is wrong with it at once. Config is the
// manual of every variable; .env.example is the same for people who fill it in, and a test keeps the two in step.
//
// It imports bot, its languages, caarlos0/env for the struct tags and godotenv for the .env file.
package config

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"communitybot/bot"
)

// Config is what one communitybot runs on. Each variable is read from the process, then from .env; a variable that is
// empty counts as not set, and spaces around a value are dropped.
type Config struct {
	// ListenAddr is where the HTTP listener waits, as host:port. Without a host it is reachable from everywhere.
	ListenAddr string `env:"LISTEN_ADDR" envDefault:":8080"`

	// PublicURL is how the outside reaches the listener, without a slash at its end. Slack's OAuth and the manifest
	// that register prints need it.
	PublicURL string `env:"PUBLIC_URL"`

	// DatabaseURL is where requests and jobs are kept: sqlite:PATH (the file and its folder are made on first start)
	// or postgres://USER:PASSWORD@HOST/NAME.
	DatabaseURL DatabaseURL `env:"DATABASE_URL" envDefault:"sqlite:data/communitybot.db"`

	// Retention is how long a request is kept, with its history, once it came to an end and nobody touched it any more;
	// a day at least. 0: for good.
	Retention time.Duration `env:"REQUEST_RETENTION" envDefault:"0"`

	// LogLevel is the least that is logged: debug, info, warn or error.
	LogLevel string `env:"LOG_LEVEL" envDefault:"info"`

	// LogFormat is text, for reading, or json, for collecting.
	LogFormat string `env:"LOG_FORMAT" envDefault:"text"`

	// CardLanguage is what cards and threads are written in, for all who see them: de, en, es, fr, hi, ja or pt. Empty:
	// the language of the one who asks. What is for one person alone is always in theirs.
	CardLanguage string `env:"CARD_LANGUAGE"`

	Slack    Slack
	Discord  Discord
	Genuin   Genuin
	Approval Approval
}

// Slack is one workspace. All of it empty: no Slack.
type Slack struct {
	// BotToken (xoxb-…) is what the bot acts with. https://docs.slack.dev/authentication/tokens
	BotToken Secret `env:"SLACK_BOT_TOKEN"`

	// SigningSecret proves that a request over HTTP comes from Slack. Socket Mode does without.
	// https://docs.slack.dev/authentication/verifying-requests-from-slack
	SigningSecret Secret `env:"SLACK_SIGNING_SECRET"`

	// AppToken (xapp-…, with connections:write) switches from HTTP to Socket Mode, which needs no public address.
	// https://docs.slack.dev/apis/events-api/using-socket-mode
	AppToken Secret `env:"SLACK_APP_TOKEN"`

	// APIURL is another Slack than the real one, for tests. It always ends in a slash, as slack-go wants it.
	APIURL string `env:"SLACK_API_URL" envDefault:"https://slack.com/api/"`
}

// On reports whether Slack is configured.
func (s Slack) On() bool { return s.BotToken != "" || s.SigningSecret != "" || s.AppToken != "" }

// Socket reports whether Slack is reached through Socket Mode; otherwise Slack comes over HTTP.
func (s Slack) Socket() bool { return s.AppToken != "" }

// Discord is one application. All of it empty: no Discord.
type Discord struct {
	// BotToken is what the bot acts with. https://docs.discord.com/developers/reference#authentication
	BotToken Secret `env:"DISCORD_BOT_TOKEN"`

	// ApplicationID is the application the commands belong to, a number of 64 bits.
	ApplicationID string `env:"DISCORD_APPLICATION_ID"`

	// PublicKey (64 hex digits) proves that a request comes from Discord. Set: interactions come over HTTP. Not set:
	// the bot opens the gateway, which needs no public address.
	PublicKey string `env:"DISCORD_PUBLIC_KEY"`

	// Guilds is the servers whose people may use the bot, as ID,ID. Empty: those of every server it was invited to.
	Guilds []string `env:"DISCORD_GUILDS"`

	// APIURL is another Discord than the real one, for tests. It never ends in a slash.
	APIURL string `env:"DISCORD_API_URL" envDefault:"https://discord.com/api/v10"`
}

// On reports whether Discord is configured.
func (d Discord) On() bool { return d.BotToken != "" || d.ApplicationID != "" || d.PublicKey != "" }

// Gateway reports whether Discord is reached through its gateway; otherwise Discord comes over HTTP.
func (d Discord) Gateway() bool { return d.On() && d.PublicKey == "" }

// Genuin is the API that makes communities. It takes an AccessToken, or an APIKey with its APISecret.
type Genuin struct {
	// BaseURL is the API's address, without a slash at its end. Required.
	BaseURL string `env:"GENUIN_BASE_URL"`

	// AccessToken is a ready token. It is not renewed.
	AccessToken Secret `env:"GENUIN_ACCESS_TOKEN"`

	// APIKey and APISecret fetch a token, and a new one when it is refused.
	APIKey    Secret `env:"GENUIN_API_KEY"`
	APISecret Secret `env:"GENUIN_API_SECRET"`

	// Timeout is how long one call may take; more than zero.
	Timeout time.Duration `env:"GENUIN_TIMEOUT" envDefault:"15s"`

	// Types is what a community's type may be, as value=Label,value=Label; the first is the default. A value made of
	// digits is sent as a number. Genuin documents no values, so these defaults are placeholders.
	Types []bot.Option `env:"GENUIN_COMMUNITY_TYPES" envDefault:"1=Public,2=Private"`

	// Actions is JSON that is sent as the field "actions", as it is. Genuin documents no values.
	Actions json.RawMessage `env:"GENUIN_COMMUNITY_ACTIONS" envDefault:"[]"`

	// Categories is which existing categories people may choose from, as id=Label,id=Label. Empty: people type IDs.
	Categories []bot.Option `env:"GENUIN_CATEGORIES"`
}

// Approval is who must agree before a community is made; Config.Policy returns it in the bot's words.
type Approval struct {
	// Required is how many must agree. 0 creates at once.
	Required int `env:"APPROVALS_REQUIRED" envDefault:"0"`

	// Approvers is users, Slack user groups and Discord roles, as slack:ID,discord:ID. Empty: anyone but the requester.
	Approvers []bot.Approver `env:"APPROVERS"`

	// Channel is where approvers are asked: slack:TEAM/CHANNEL or discord:GUILD/CHANNEL. Empty: where the command was
	// run.
	Channel bot.Place `env:"APPROVAL_CHANNEL"`

	// Expiry is how long a request waits for its approvals. 0: for ever.
	Expiry time.Duration `env:"APPROVAL_EXPIRY" envDefault:"72h"`

	// Reminder is when approvers are reminded, shorter than Expiry. 0: never. An Expiry at or below the default of
	// the reminder switches the default off.
	Reminder time.Duration `env:"APPROVAL_REMINDER" envDefault:"24h"`

	// Self lets people approve their own requests.
	Self bool `env:"ALLOW_SELF_APPROVAL" envDefault:"false"`
}

// Policy returns the approval policy that new requests are made under.
func (c Config) Policy() bot.Policy {
	a := c.Approval
	return bot.Policy{
		Required:  a.Required,
		Approvers: slices.Clone(a.Approvers),
		Channel:   a.Channel,
		Expiry:    a.Expiry,
		Reminder:  a.Reminder,
		Self:      a.Self,
	}
}

// Database returns the kind of database, "sqlite" or "postgres", and what opens it: the path of a file, or the whole
// URL, which may hold a password.
func (c Config) Database() (kind, dsn string) {
	if path, ok := strings.CutPrefix(string(c.DatabaseURL), "sqlite:"); ok {
		return "sqlite", path
	}
	return "postgres", string(c.DatabaseURL)
}
