package config_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"communitybot/bot"
	"communitybot/bot/config"
)

func TestDefaults(t *testing.T) {
	want := config.Config{
		ListenAddr:  ":8080",
		DatabaseURL: "sqlite:data/communitybot.db",
		LogLevel:    "info",
		LogFormat:   "text",
		Slack: config.Slack{
			BotToken:      "test-bot-token",
			SigningSecret: "test-signing-secret",
			APIURL:        "https://slack.com/api/",
		},
		Discord: config.Discord{
			BotToken:      "test-discord-token",
			ApplicationID: "123456789012345678",
			APIURL:        "https://discord.com/api/v10",
		},
		Genuin: config.Genuin{
			BaseURL:     "http://127.0.0.1:9000",
			AccessToken: "test-access-token",
			Timeout:     15 * time.Second,
			Types:       []bot.Option{{Value: "1", Label: "Public"}, {Value: "2", Label: "Private"}},
			Actions:     []byte("[]"),
		},
		Approval: config.Approval{Expiry: 72 * time.Hour, Reminder: 24 * time.Hour},
	}
	if diff := cmp.Diff(want, load(t, sound)); diff != "" {
		t.Errorf("config (-want +got):\n%s", diff)
	}
}

func TestEveryVariableReachesItsField(t *testing.T) {
	got := load(t, vars{
		"LISTEN_ADDR":              " 127.0.0.1:9090 ",
		"PUBLIC_URL":               "https://bot.example.com/under/",
		"DATABASE_URL":             "postgres://u:p@db/name",
		"LOG_LEVEL":                "Warn",
		"LOG_FORMAT":               "json",
		"SLACK_BOT_TOKEN":          "xoxb-1",
		"SLACK_SIGNING_SECRET":     "sign",
		"SLACK_APP_TOKEN":          "xapp-1",
		"SLACK_API_URL":            "http://127.0.0.1:1/api",
		"DISCORD_BOT_TOKEN":        "discord",
		"DISCORD_APPLICATION_ID":   "42",
		"DISCORD_PUBLIC_KEY":       key,
		"DISCORD_API_URL":          "http://127.0.0.1:2/api/v10/",
		"GENUIN_BASE_URL":          "HTTPS://api.example.com//",
		"GENUIN_API_KEY":           "key",
		"GENUIN_API_SECRET":        "secret",
		"GENUIN_TIMEOUT":           "1m30s",
		"GENUIN_COMMUNITY_TYPES":   "open = Open to all , 7=Closed",
		"GENUIN_COMMUNITY_ACTIONS": `{"join": true}`,
		"GENUIN_CATEGORIES":        "007=Sports,2=Music = Noise",
		"APPROVALS_REQUIRED":       "2",
		"APPROVERS":                "slack:U1,discord:7,slack:S2,slack:U1",
		"APPROVAL_CHANNEL":         "discord:7/8",
		"REQUEST_RETENTION":        "8760h",
		"APPROVAL_EXPIRY":          "0",
		"APPROVAL_REMINDER":        "1h",
		"ALLOW_SELF_APPROVAL":      "true",
	})
	want := config.Config{
		ListenAddr:  "127.0.0.1:9090",
		PublicURL:   "https://bot.example.com/under",
		DatabaseURL: "postgres://u:p@db/name",
		Retention:   8760 * time.Hour,
		LogLevel:    "warn",
		LogFormat:   "json",
		Slack:       config.Slack{BotToken: "xoxb-1", SigningSecret: "sign", AppToken: "xapp-1", APIURL: "http://127.0.0.1:1/api/"},
		Discord:     config.Discord{BotToken: "discord", ApplicationID: "42", PublicKey: key, APIURL: "http://127.0.0.1:2/api/v10"},
		Genuin: config.Genuin{
			BaseURL:    "https://api.example.com",
			APIKey:     "key",
			APISecret:  "secret",
			Timeout:    90 * time.Second,
			Types:      []bot.Option{{Value: "open", Label: "Open to all"}, {Value: "7", Label: "Closed"}},
			Actions:    []byte(`{"join": true}`),
			Categories: []bot.Option{{Value: "7", Label: "Sports"}, {Value: "2", Label: "Music = Noise"}},
		},
		Approval: config.Approval{
			Required:  2,
			Approvers: []bot.Approver{{Platform: "slack", ID: "U1"}, {Platform: "discord", ID: "7"}, {Platform: "slack", ID: "S2"}},
			Channel:   bot.Place{Platform: "discord", Tenant: "7", Channel: "8"},
			Reminder:  time.Hour,
			Self:      true,
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("config (-want +got):\n%s", diff)
	}
}

func TestPolicyIsACopy(t *testing.T) {
	c := load(t, sound.with(vars{
		"APPROVALS_REQUIRED": "1", "APPROVERS": "slack:U1", "APPROVAL_CHANNEL": "slack:T1/C1", "ALLOW_SELF_APPROVAL": "1",
	}))
	want := bot.Policy{
		Required:  1,
		Approvers: []bot.Approver{{Platform: "slack", ID: "U1"}},
		Channel:   bot.Place{Platform: "slack", Tenant: "T1", Channel: "C1"},
		Expiry:    72 * time.Hour,
		Reminder:  24 * time.Hour,
		Self:      true,
	}
	got := c.Policy()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("policy (-want +got):\n%s", diff)
	}
	got.Approvers[0].ID = "U2"
	if c.Policy().Approvers[0].ID != "U1" {
		t.Error("changing a policy changed the configuration")
	}
}

func TestDefaultReminderGivesWayToAShortExpiry(t *testing.T) {
	for _, test := range []struct {
		expiry string
		want   time.Duration
	}{{"1h", 0}, {"24h", 0}, {"25h", 24 * time.Hour}, {"0", 24 * time.Hour}} {
		if got := load(t, sound.with(vars{"APPROVAL_EXPIRY": test.expiry})).Policy().Reminder; got != test.want {
			t.Errorf("expiry %s: got reminder %s, want %s", test.expiry, got, test.want)
		}
	}
}

func TestWaysIn(t *testing.T) {
	for _, test := range []struct {
		name                            string
		v                               vars
		slack, socket, discord, gateway bool
	}{
		{"both over HTTP", sound.with(vars{"DISCORD_PUBLIC_KEY": key}), true, false, true, false},
		{"the gateway", sound.without("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"), false, false, true, true},
		{"Socket Mode", sound.with(vars{"SLACK_APP_TOKEN": "a"}).without("DISCORD_BOT_TOKEN", "DISCORD_APPLICATION_ID"), true, true, false, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := load(t, test.v)
			got := []bool{c.Slack.On(), c.Slack.Socket(), c.Discord.On(), c.Discord.Gateway()}
			want := []bool{test.slack, test.socket, test.discord, test.gateway}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("slack, socket, discord, gateway (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDatabase(t *testing.T) {
	for _, test := range []struct{ url, kind, dsn string }{
		{"", "sqlite", "data/communitybot.db"},
		{"sqlite:/var/lib/x.db", "sqlite", "/var/lib/x.db"},
		{"postgres://u:p@db/name", "postgres", "postgres://u:p@db/name"},
		{"postgresql://db/name", "postgres", "postgresql://db/name"},
	} {
		kind, dsn := load(t, sound.with(vars{"DATABASE_URL": test.url})).Database()
		if kind != test.kind || dsn != test.dsn {
			t.Errorf("%s: got %s %s, want %s %s", test.url, kind, dsn, test.kind, test.dsn)
		}
	}
}
