package config_test

import (
	"slices"
	"strings"
	"testing"

	"communitybot/bot/config"
)

// key is a public key in the right form.
var key = strings.Repeat("0aF9", 16)

// wrong is a value that can't be used, set over the sound environment with more, and what the operator is told.
type wrong struct {
	name, variable, value string
	more                  vars
	says                  []string
}

// wrongs holds some for each variable.
var wrongs = []wrong{
	{"listener without a port", "LISTEN_ADDR", "localhost", nil, []string{"host:port", ":8080", `"localhost"`}},
	{"listener on a named port", "LISTEN_ADDR", ":http", nil, []string{"host:port"}},
	{"listener beyond the last port", "LISTEN_ADDR", ":65536", nil, []string{"host:port"}},
	{"listener given as a URL", "LISTEN_ADDR", "http://localhost:8080", nil, []string{"host:port"}},

	{"public address without scheme", "PUBLIC_URL", "bot.example.com", nil, []string{"http:// or https://", `"bot.example.com"`}},
	{"public address without host", "PUBLIC_URL", "https://", nil, []string{"name a host"}},
	{"public address of only a port", "PUBLIC_URL", "https://:8080", nil, []string{"name a host"}},
	{"public address beyond the last port", "PUBLIC_URL", "https://bot.example.com:99999", nil, []string{"http:// or https://"}},
	{"public address with a query", "PUBLIC_URL", "https://bot.example.com/?a=b", nil, []string{"without ? and #"}},
	{"public address with a password", "PUBLIC_URL", "https://me:hush@bot.example.com", nil, []string{"a password"}},
	{"public address that is no URL", "PUBLIC_URL", "https://bot.example.com/%zz", nil, []string{"http:// or https://"}},

	{"database of another kind", "DATABASE_URL", "mysql://localhost/x", nil, []string{"sqlite:PATH", "postgres://"}},
	{"database as a bare path", "DATABASE_URL", "data/communitybot.db", nil, []string{"sqlite:PATH", "postgres://"}},
	{"sqlite without a path", "DATABASE_URL", "sqlite:", nil, []string{"path", "sqlite:data/communitybot.db"}},
	{"sqlite with slashes, which would change the path", "DATABASE_URL", "sqlite://data/x.db", nil, []string{"right after sqlite:"}},
	{"postgres without a host", "DATABASE_URL", "postgres:///name", nil, []string{"no host"}},
	{"postgres password with a slash", "DATABASE_URL", "postgres://u:hu/sh@db/name", nil, []string{"%23"}},
	{"postgres password with a hash", "DATABASE_URL", "postgres://u:12#sh@db/name", nil, []string{"%23"}},
	{"postgres password with a question mark", "DATABASE_URL", "postgres://u:12?sh@db/name", nil, []string{"%23"}},
	{"postgres password with a stray percent", "DATABASE_URL", "postgres://u:hu%sh@db/name", nil, []string{"%23"}},

	{"unknown log level", "LOG_LEVEL", "loud", nil, []string{"debug, info, warn or error", `"loud"`}},
	{"a language that the bot does not speak", "CARD_LANGUAGE", "xx", nil, []string{"en", `"xx"`, "or empty"}},
	{"unknown log format", "LOG_FORMAT", "xml", nil, []string{"text or json", `"xml"`}},

	{"app token in place of the bot token", "SLACK_BOT_TOKEN", "xapp-1-A-1-b", nil, []string{"SLACK_APP_TOKEN", "xoxb-"}},
	{"user token in place of the bot token", "SLACK_BOT_TOKEN", "xoxp-1-2-3", nil, []string{"xoxb-"}},
	{"bot token with a line break", "SLACK_BOT_TOKEN", "xoxb-1\n2", nil, []string{"a line break"}},
	{"bot token in place of the app token", "SLACK_APP_TOKEN", "xoxb-1-2-3", nil, []string{"SLACK_BOT_TOKEN", "xapp-"}},
	{"app token with a space", "SLACK_APP_TOKEN", "xapp-1 2", nil, []string{"a space"}},
	{"bot token in place of the signing secret", "SLACK_SIGNING_SECRET", "xoxb-1-2-3", nil, []string{"Basic Information"}},
	{"signing secret with a space", "SLACK_SIGNING_SECRET", "a b", nil, []string{"a space"}},
	{"no bot token beside the signing secret", "SLACK_BOT_TOKEN", "", nil, []string{"is missing", "SLACK_SIGNING_SECRET"}},
	{"no bot token beside the app token", "SLACK_BOT_TOKEN", "", vars{"SLACK_APP_TOKEN": "xapp-1"}, []string{"is missing", "SLACK_APP_TOKEN"}},
	{"neither signing secret nor app token", "SLACK_SIGNING_SECRET", "", nil, []string{"is missing", "SLACK_APP_TOKEN", "Socket Mode"}},
	{"another Slack without scheme", "SLACK_API_URL", "slack.example.com/api", nil, []string{"http:// or https://"}},

	{"discord token with a word before it", "DISCORD_BOT_TOKEN", "Bot abc", nil, []string{"a space", "Bot"}},
	{"no discord token", "DISCORD_BOT_TOKEN", "", nil, []string{"is missing", "DISCORD_APPLICATION_ID"}},
	{"application by its name", "DISCORD_APPLICATION_ID", "communitybot", nil, []string{"a number"}},
	{"application ID of more than 64 bits", "DISCORD_APPLICATION_ID", "99999999999999999999", nil, []string{"a number"}},
	{"no application ID", "DISCORD_APPLICATION_ID", "", nil, []string{"is missing", "DISCORD_BOT_TOKEN"}},
	{"public key cut short", "DISCORD_PUBLIC_KEY", key[1:], nil, []string{"64 hex digits"}},
	{"public key with other letters", "DISCORD_PUBLIC_KEY", "g" + key[1:], nil, []string{"64 hex digits"}},
	{"server by its name", "DISCORD_GUILDS", "7,my server", nil, []string{"numbers", `"my server"`}},
	{"servers with a comma too many", "DISCORD_GUILDS", "7,,8", nil, []string{"numbers", `""`}},
	{"another Discord over ftp", "DISCORD_API_URL", "ftp://discord.example.com", nil, []string{"http:// or https://"}},

	{"no address of Genuin", "GENUIN_BASE_URL", "", nil, []string{"is missing", "Genuin gave you"}},
	{"address of Genuin without scheme", "GENUIN_BASE_URL", "api.example.com", nil, []string{"http:// or https://"}},
	{"no way to sign in to Genuin", "GENUIN_ACCESS_TOKEN", "", nil, []string{"is missing", "GENUIN_API_KEY", "GENUIN_API_SECRET"}},
	{"access token with a space", "GENUIN_ACCESS_TOKEN", "Bearer abc", nil, []string{"a space", "Bearer"}},
	{"two ways to sign in to Genuin", "GENUIN_ACCESS_TOKEN", "t", vars{"GENUIN_API_KEY": "k", "GENUIN_API_SECRET": "s"}, []string{"choose one way"}},
	{"access token beside half a pair", "GENUIN_ACCESS_TOKEN", "t", vars{"GENUIN_API_SECRET": "s"}, []string{"choose one way"}},
	{"secret without its key", "GENUIN_API_KEY", "", vars{"GENUIN_ACCESS_TOKEN": "", "GENUIN_API_SECRET": "s"}, []string{"is missing", "GENUIN_API_SECRET"}},
	{"key without its secret", "GENUIN_API_SECRET", "", vars{"GENUIN_ACCESS_TOKEN": "", "GENUIN_API_KEY": "k"}, []string{"is missing", "GENUIN_API_KEY"}},
	{"key with a space", "GENUIN_API_KEY", "a b", vars{"GENUIN_ACCESS_TOKEN": "", "GENUIN_API_SECRET": "s"}, []string{"a space"}},
	{"secret with a tab", "GENUIN_API_SECRET", "a\tb", vars{"GENUIN_ACCESS_TOKEN": "", "GENUIN_API_KEY": "k"}, []string{"a space"}},
	{"timeout without a unit", "GENUIN_TIMEOUT", "15", nil, []string{"15s, 10m or 72h", `"15"`}},
	{"timeout of zero", "GENUIN_TIMEOUT", "0", nil, []string{"more than 0"}},
	{"timeout below zero", "GENUIN_TIMEOUT", "-1s", nil, []string{"15s, 10m or 72h", `"-1s"`}},
	{"type without a label", "GENUIN_COMMUNITY_TYPES", "1=Public,2", nil, []string{"1=First,2=Second", `"2"`}},
	{"type without a value", "GENUIN_COMMUNITY_TYPES", "=Public", nil, []string{"1=First,2=Second", `"=Public"`}},
	{"type left out between commas", "GENUIN_COMMUNITY_TYPES", "1=Public,,2=Private", nil, []string{"1=First,2=Second"}},
	{"type twice", "GENUIN_COMMUNITY_TYPES", "1=Public, 1=Private", nil, []string{"twice", `"1"`}},
	{"two types of one label", "GENUIN_COMMUNITY_TYPES", "1=Public,2=Public", nil, []string{"twice", `"Public"`}},
	{"actions that are not JSON", "GENUIN_COMMUNITY_ACTIONS", "[join", nil, []string{"must be JSON", "[]", `"[join"`}},
	{"category by its name", "GENUIN_CATEGORIES", "sports=Sports", nil, []string{"1=Sports,2=Music", `"sports"`, "not a number"}},
	{"category below zero", "GENUIN_CATEGORIES", "-1=Sports", nil, []string{"1=Sports,2=Music", `"-1"`}},
	{"category twice", "GENUIN_CATEGORIES", "1=Sports,1=Music", nil, []string{"twice", `"1"`}},
	{"category twice in two spellings", "GENUIN_CATEGORIES", "1=Sports,01=Music", nil, []string{"twice", `"01"`}},
	{"category without a label", "GENUIN_CATEGORIES", "1", nil, []string{"lacks its value or its label"}},

	{"approvals below zero", "APPROVALS_REQUIRED", "-1", nil, []string{"whole number", "0 or more", `"-1"`}},
	{"approvals in words", "APPROVALS_REQUIRED", "two", nil, []string{"whole number", `"two"`}},
	{"more approvals than anybody has", "APPROVALS_REQUIRED", "99999999999999999999", nil, []string{"whole number"}},
	{"more approvals than approvers", "APPROVALS_REQUIRED", "3", vars{"APPROVERS": "slack:U1,slack:W2,slack:U1"}, []string{"is 3", "APPROVERS", "only 2"}},
	{"approver without a platform", "APPROVERS", "U0123", nil, []string{"slack:ID", "discord:ID", `"U0123"`}},
	{"approver on another platform", "APPROVERS", "teams:U0123", nil, []string{"slack:ID", "discord:ID", `"teams:U0123"`}},
	{"approver by their Slack name", "APPROVERS", "slack:ada", nil, []string{`"slack:ada"`, "U or W", "with S"}},
	{"approver that is a Slack channel", "APPROVERS", "slack:C0123", nil, []string{`"slack:C0123"`, "U or W"}},
	{"approver by their Discord name", "APPROVERS", "discord:ada", nil, []string{`"discord:ada"`, "numbers"}},
	{"approver left out after a comma", "APPROVERS", "slack:U0123,", nil, []string{"slack:ID"}},
	{"approvers that are only a comma", "APPROVERS", ",", nil, []string{"slack:ID"}},
	{"approver on Slack without Slack", "APPROVERS", "slack:U0123", vars{"SLACK_BOT_TOKEN": "", "SLACK_SIGNING_SECRET": ""}, []string{"Slack", "not configured"}},
	{"approver on Discord without Discord", "APPROVERS", "discord:7", vars{"DISCORD_BOT_TOKEN": "", "DISCORD_APPLICATION_ID": ""}, []string{"Discord", "not configured"}},
	{"channel without its team", "APPROVAL_CHANNEL", "slack:C0123", nil, []string{"slack:TEAM/CHANNEL", `"slack:C0123"`}},
	{"channel before its team", "APPROVAL_CHANNEL", "slack:C0123/T0123", nil, []string{"slack:TEAM/CHANNEL"}},
	{"channel by its name", "APPROVAL_CHANNEL", "slack:T0123/#general", nil, []string{"slack:TEAM/CHANNEL", "IDs"}},
	{"channel without its guild", "APPROVAL_CHANNEL", "discord:7", nil, []string{"discord:GUILD/CHANNEL"}},
	{"channel by its Discord name", "APPROVAL_CHANNEL", "discord:7/general", nil, []string{"discord:GUILD/CHANNEL", "numbers"}},
	{"channel without a platform", "APPROVAL_CHANNEL", "T0123/C0123", nil, []string{"slack:TEAM/CHANNEL or discord:GUILD/CHANNEL"}},
	{"channel on a server that the bot is not for", "APPROVAL_CHANNEL", "discord:7/8", vars{"DISCORD_GUILDS": "9"}, []string{"DISCORD_GUILDS"}},
	{"channel on Slack without Slack", "APPROVAL_CHANNEL", "slack:T1/C1", vars{"SLACK_BOT_TOKEN": "", "SLACK_SIGNING_SECRET": ""}, []string{"Slack", "not configured"}},
	{"channel on Discord without Discord", "APPROVAL_CHANNEL", "discord:7/8", vars{"DISCORD_BOT_TOKEN": "", "DISCORD_APPLICATION_ID": ""}, []string{"Discord", "not configured"}},
	{"retention below a day", "REQUEST_RETENTION", "23h", nil, []string{"24h or more", "0 to keep requests for good"}},
	{"retention below zero", "REQUEST_RETENTION", "-48h", nil, []string{"15s, 10m or 72h", `"-48h"`}},
	{"expiry in days", "APPROVAL_EXPIRY", "3d", nil, []string{"15s, 10m or 72h", `"3d"`}},
	{"expiry below zero", "APPROVAL_EXPIRY", "-72h", nil, []string{"15s, 10m or 72h", `"-72h"`}},
	{"reminder in words", "APPROVAL_REMINDER", "tomorrow", nil, []string{"15s, 10m or 72h", `"tomorrow"`}},
	{"reminder at the expiry", "APPROVAL_REMINDER", "72h", nil, []string{"shorter than APPROVAL_EXPIRY (72h0m0s)"}},
	{"reminder after a short expiry", "APPROVAL_REMINDER", "2h", vars{"APPROVAL_EXPIRY": "1h"}, []string{"shorter than APPROVAL_EXPIRY (1h0m0s)"}},
	{"self approval in words", "ALLOW_SELF_APPROVAL", "sometimes", nil, []string{"true or false", `"sometimes"`}},
}

func TestWrongValueIsNamedWithWhatIsAllowed(t *testing.T) {
	for _, test := range wrongs {
		t.Run(test.name, func(t *testing.T) {
			p := problems(t, sound.with(vars{test.variable: test.value}).with(test.more), "")
			if len(p.List) != 1 || p.List[0].Variable != test.variable {
				t.Fatalf("got problems %v, want one with %s", p.List, test.variable)
			}
			mentions(t, p.List[0].What, test.says...)
			mentions(t, p.Error(), test.variable+" "+p.List[0].What)
			silent(t, p.Error(), "strconv", "parsing", "invalid syntax", "hush", "hu/sh", "hu%sh", "12#sh", "12?sh", "time:")
		})
	}
}

func TestEveryVariableIsTriedWithAWrongValue(t *testing.T) {
	for _, v := range config.Variables() {
		if !slices.ContainsFunc(wrongs, func(w wrong) bool { return w.variable == v.Name }) {
			t.Errorf("no wrong value of %s is tried", v.Name)
		}
	}
}

// rights is values at the edge of what is refused.
var rights = []struct {
	name string
	more vars
}{
	{"any text as a token", vars{"SLACK_BOT_TOKEN": "x", "SLACK_SIGNING_SECRET": "y", "DISCORD_BOT_TOKEN": "z"}},
	{"an app token and a signing secret", vars{"SLACK_APP_TOKEN": "xapp-1"}},
	{"an app token without a signing secret", vars{"SLACK_APP_TOKEN": "any", "SLACK_SIGNING_SECRET": ""}},
	{"a public key", vars{"DISCORD_PUBLIC_KEY": key}},
	{"servers", vars{"DISCORD_GUILDS": "7, 9", "APPROVAL_CHANNEL": "discord:9/8"}},
	{"only Slack", vars{"DISCORD_BOT_TOKEN": "", "DISCORD_APPLICATION_ID": ""}},
	{"only Discord", vars{"SLACK_BOT_TOKEN": "", "SLACK_SIGNING_SECRET": ""}},
	{"a key with its secret", vars{"GENUIN_ACCESS_TOKEN": "", "GENUIN_API_KEY": "k", "GENUIN_API_SECRET": "s"}},
	{"a listener on one address", vars{"LISTEN_ADDR": "[::1]:0"}},
	{"a level in capitals", vars{"LOG_LEVEL": "DEBUG", "LOG_FORMAT": "JSON"}},
	{"an absolute path", vars{"DATABASE_URL": "sqlite:/var/lib/communitybot.db"}},
	{"postgres", vars{"DATABASE_URL": "postgresql://u:p%23w@db:5432/name?sslmode=require"}},
	{"postgres on a socket", vars{"DATABASE_URL": "postgres:///name?host=/run/postgresql"}},
	{"everybody's kind of approver", vars{"APPROVERS": "slack:U1, slack:W2 ,slack:S3,discord:4"}},
	{"more approvals than names when one is a group", vars{"APPROVALS_REQUIRED": "3", "APPROVERS": "slack:U1,slack:S2"}},
	{"more approvals than names when one may be a role", vars{"APPROVALS_REQUIRED": "3", "APPROVERS": "slack:U1,discord:2"}},
	{"as many approvals as names", vars{"APPROVALS_REQUIRED": "2", "APPROVERS": "slack:U1,slack:U2"}},
	{"many approvals of anyone", vars{"APPROVALS_REQUIRED": "50"}},
	{"an Enterprise organisation's channel", vars{"APPROVAL_CHANNEL": "slack:E1/G2"}},
	{"no expiry and a reminder", vars{"APPROVAL_EXPIRY": "0"}},
	{"an expiry and no reminder", vars{"APPROVAL_EXPIRY": "1h", "APPROVAL_REMINDER": "0"}},
	{"variables of other programs", vars{"0_VALUE": "x", "SLACK_CHANNEL": "y", "PATH": "/bin"}},
}

func TestRightValueIsTaken(t *testing.T) {
	for _, test := range rights {
		t.Run(test.name, func(t *testing.T) { load(t, sound.with(test.more)) })
	}
}

func TestEveryProblemOfAListIsNamed(t *testing.T) {
	p := problems(t, sound.with(vars{"APPROVERS": "ada,slack:U1,discord:bob", "GENUIN_CATEGORIES": "a=A,2=B,c=C"}), "")
	want := []string{"GENUIN_CATEGORIES", "GENUIN_CATEGORIES", "APPROVERS", "APPROVERS"}
	if got := variables(p); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	mentions(t, p.Error(), `"a"`, `"c"`, `"ada"`, `"discord:bob"`)
}
