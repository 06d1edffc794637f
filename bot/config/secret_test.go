package config_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"testing"

	"communitybot/bot/config"
)

// secretive has every secret there is. Slack's and Discord's secrets start alike on purpose; Genuin's pair holds
// characters that handlers and URLs escape.
var secretive = vars{
	"SLACK_BOT_TOKEN":        "hush-slack",
	"SLACK_SIGNING_SECRET":   "hush-slack-signing",
	"SLACK_APP_TOKEN":        "hush-slack-app",
	"DISCORD_BOT_TOKEN":      "hush-discord",
	"DISCORD_APPLICATION_ID": "1",
	"GENUIN_BASE_URL":        "https://api.example.com",
	"GENUIN_API_KEY":         `hush-"key"\n`,
	"GENUIN_API_SECRET":      "hush+secret/é",
	"DATABASE_URL":           "postgres://ada:hush%23word@db/name?sslpassword=hush-ssl",
}

var hushed = []string{
	"hush-slack", "hush-slack-signing", "hush-slack-app", "hush-discord", `hush-"key"\n`, "hush+secret/é", "hush%23word", "hush#word", "hush-ssl",
}

func TestSecretsAreAllThatMustNotBePrinted(t *testing.T) {
	got := load(t, secretive).Secrets()
	for _, s := range hushed {
		if !slices.Contains(got, s) {
			t.Errorf("%q is not among %q", s, got)
		}
	}
	if len(got) != len(hushed) {
		t.Errorf("got %q, want %q", got, hushed)
	}
	token := load(t, sound)
	if got := token.Secrets(); !slices.Contains(got, "test-access-token") || slices.Contains(got, "") {
		t.Errorf("got %q", got)
	}
}

func TestEverySecretVariableHasASecretsType(t *testing.T) {
	for _, v := range config.Variables() {
		named := slices.ContainsFunc([]string{"TOKEN", "SECRET", "API_KEY"}, func(s string) bool { return strings.HasSuffix(v.Name, s) })
		if named != v.Secret {
			t.Errorf("%s: got Secret %v", v.Name, v.Secret)
		}
	}
}

func TestConfigPrintsNoSecret(t *testing.T) {
	c := load(t, secretive)
	var text, lines bytes.Buffer
	slog.New(slog.NewTextHandler(&text, nil)).Info("config", "config", c, "slack", c.Slack, "url", c.DatabaseURL)
	slog.New(slog.NewJSONHandler(&lines, nil)).Info("config", "config", c, "slack", c.Slack, "url", c.DatabaseURL)
	asJSON, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	for name, printed := range map[string]string{
		"String":           c.String(),
		"GoString":         fmt.Sprintf("%#v", c),
		"plus":             fmt.Sprintf("%+v", &c),
		"quoted":           fmt.Sprintf("%q", c),
		"a part":           fmt.Sprintf("%v %+v %#v %q", c.Slack, c.Discord, c.Genuin, c.Genuin),
		"the database":     fmt.Sprintf("%v %#v %q", c.DatabaseURL, c.DatabaseURL, c.DatabaseURL),
		"a field in hex":   fmt.Sprintf("%x", c.Slack.BotToken),
		"text log":         text.String(),
		"JSON log":         lines.String(),
		"JSON":             string(asJSON),
		"an error with it": fmt.Errorf("with %v", c).Error(),
	} {
		t.Run(name, func(t *testing.T) {
			silent(t, printed, "hush", fmt.Sprintf("%x", "hush"))
		})
	}
	mentions(t, c.String(), "LISTEN_ADDR=:8080", "SLACK_BOT_TOKEN=[secret]", "DATABASE_URL=postgres://db/name", "GENUIN_COMMUNITY_ACTIONS=[]")
	silent(t, c.String(), "PUBLIC_URL", "GENUIN_ACCESS_TOKEN") // not set
	mentions(t, text.String(), "config.GENUIN_TIMEOUT=15s")
}

func TestDatabaseURLPrintsNoPassword(t *testing.T) {
	for _, test := range []struct{ url, want string }{
		{"", ""},
		{"sqlite:data/x.db", "sqlite:data/x.db"},
		{"postgres://ada:hush@db:5432/name?password=hush", "postgres://db:5432/name"},
		{"postgres://ada:hu/sh@db/name", "[secret]"},
		{"postgres://ada:12#hush@db/name", "[secret]"},
		{"postgres://ada:12?hush@db/name", "[secret]"},
	} {
		if got := config.DatabaseURL(test.url).String(); got != test.want {
			t.Errorf("%s: got %q, want %q", test.url, got, test.want)
		}
	}
}

func TestProblemsRepeatNoSecret(t *testing.T) {
	token := strings.Repeat("abcdefgh", 8)
	for _, v := range config.Variables() {
		for name, value := range map[string]string{
			"a Slack token":                "xoxb-hush",
			"an app token":                 "xapp-hush",
			"a long token":                 token,
			"a secret of another variable": "hush-elsewhere",
			"a URL with a password":        "ftp://ada:hush@example.com",
			"a broken URL with a password": "https://ada:hu/hush@example.com",
		} {
			t.Run(v.Name+" is "+name, func(t *testing.T) {
				set := vars{"SLACK_SIGNING_SECRET": "hush-elsewhere", "LOG_LEVEL": "loud"}
				p := problems(t, set.with(vars{v.Name: value}), "")
				silent(t, p.Error(), "hush", token)
			})
		}
	}
}

func TestShortSecretsDoNotGarbleProblems(t *testing.T) {
	p := problems(t, sound.with(vars{"SLACK_BOT_TOKEN": "e", "LOG_LEVEL": "xyz"}), "")
	mentions(t, p.Error(), `LOG_LEVEL must be debug, info, warn or error, not "xyz"`)
}

// loud is a value whose JSON and text hold more than its fields say.
type loud struct{ Inner *string }

func (l loud) MarshalJSON() ([]byte, error) { return json.Marshal("json " + *l.Inner) }
func (l loud) String() string               { return "text " + *l.Inner }

func TestLoggerMasksSecretsWhereverTheyStand(t *testing.T) {
	for _, format := range []string{"text", "json"} {
		c := load(t, secretive.with(vars{"LOG_FORMAT": format}))
		for _, secret := range hushed {
			t.Run(format+" "+secret, func(t *testing.T) {
				var out bytes.Buffer
				log := c.Logger(&out).With("with", secret).WithGroup("group").With("inside", "a "+secret+" b")
				log.Error("message "+secret,
					"error", &url.Error{Op: "Get", URL: "https://x/" + url.PathEscape(secret) + "?k=" + url.QueryEscape(secret), Err: errors.New(secret)},
					"value", loud{&secret},
					"list", []string{secret},
					"struct", struct{ Token string }{secret},
					secret, "as a key",
					slog.Group("nested", "again", secret),
				)
				silent(t, out.String(), secret, "hush")
				mentions(t, out.String(), "message [secret]", "a [secret] b", "as a key")
				if strings.Count(out.String(), "\n") != 1 {
					t.Errorf("want one line, got:\n%s", out.String())
				}
				if format == "json" && !json.Valid(out.Bytes()) {
					t.Errorf("not JSON: %s", out.String())
				}
			})
		}
	}
}

func TestLoggerKeepsLevelAndFormat(t *testing.T) {
	for _, test := range []struct {
		level, format string
		want          int
		first         string
	}{
		{"debug", "text", 4, "level=DEBUG msg=d"},
		{"info", "json", 3, `"level":"INFO","msg":"i"`},
		{"warn", "text", 2, "level=WARN msg=w"},
		{"error", "json", 1, `"level":"ERROR","msg":"e"`},
	} {
		t.Run(test.level, func(t *testing.T) {
			var out bytes.Buffer
			log := load(t, sound.with(vars{"LOG_LEVEL": test.level, "LOG_FORMAT": test.format})).Logger(&out)
			log.Debug("d")
			log.Info("i")
			log.Warn("w")
			log.Error("e")
			lines := strings.Split(strings.TrimSpace(out.String()), "\n")
			if len(lines) != test.want {
				t.Errorf("got %d lines, want %d:\n%s", len(lines), test.want, out.String())
			}
			mentions(t, lines[0], test.first)
		})
	}
}

// full is a disk without room.
type full struct{ writes int }

func (f *full) Write([]byte) (int, error) {
	f.writes++
	return 0, errors.New("no space left")
}

func TestLoggerWritesALineAtOnce(t *testing.T) {
	f := &full{}
	log := load(t, secretive).Logger(f)
	log.Info("hush-slack and hush-discord", "and", "hush-ssl")
	if f.writes != 1 {
		t.Errorf("got %d writes, want 1", f.writes)
	}
}
