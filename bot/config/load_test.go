package config_test

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"communitybot/bot/config"
)

func TestEveryProblemIsReportedAtOnceInTheManualsOrder(t *testing.T) {
	p := problems(t, vars{
		"LISTEN_ADDR":          "nowhere",
		"LOG_LEVEL":            "loud",
		"SLACK_BOT_TOKEN":      "xoxb-1",
		"DISCORD_PUBLIC_KEY":   "short",
		"GENUIN_API_KEY":       "k",
		"GENUIN_TIMEOUT":       "fast",
		"APPROVALS_REQUIRED":   "-1",
		"APPROVERS":            "ada",
		"APPROVAL_CHANNEL":     "slack:C1",
		"ALLOW_SELF_APPROVAL":  "maybe",
		"GENUIN_CATEGORIES":    "x",
		"APPROVAL_EXPIRY":      "soon",
		"DATABASE_URL":         "nothing",
		"GENUIN_BASE_URL":      "",
		"SLACK_SIGNING_SECRET": "  ",
	}, "")
	want := []string{
		"LISTEN_ADDR", "DATABASE_URL", "LOG_LEVEL", "SLACK_SIGNING_SECRET", "DISCORD_BOT_TOKEN", "DISCORD_APPLICATION_ID",
		"DISCORD_PUBLIC_KEY", "GENUIN_BASE_URL", "GENUIN_API_SECRET", "GENUIN_TIMEOUT", "GENUIN_CATEGORIES",
		"APPROVALS_REQUIRED", "APPROVERS", "APPROVAL_CHANNEL", "APPROVAL_EXPIRY", "ALLOW_SELF_APPROVAL",
	}
	if diff := cmp.Diff(want, variables(p)); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
	mentions(t, p.Error(), "16 problems", "\n  1. LISTEN_ADDR must", "\n 16. ALLOW_SELF_APPROVAL must", ".env.example")
}

func TestProblemsReadAsPlainLines(t *testing.T) {
	p := problems(t, sound.with(vars{"LOG_LEVEL": "loud"}).without("DISCORD_APPLICATION_ID"), "")
	want := `communitybot cannot start: there are 2 problems in the configuration.
  1. LOG_LEVEL must be debug, info, warn or error, not "loud".
  2. DISCORD_APPLICATION_ID is missing: Discord needs DISCORD_BOT_TOKEN and DISCORD_APPLICATION_ID together.
Every variable is explained in .env.example.`
	if diff := cmp.Diff(want, p.Error()); diff != "" {
		t.Errorf("message (-want +got):\n%s", diff)
	}
	one := problems(t, sound.with(vars{"LOG_LEVEL": "loud"}), "")
	mentions(t, one.Error(), "there is 1 problem in")
}

func TestNothingConfiguredSaysHowToBegin(t *testing.T) {
	for name, v := range map[string]vars{
		"nothing at all":           {},
		"only variables of others": {"PATH": "/bin", "HOME": "/"},
		"only empty ones":          {"SLACK_BOT_TOKEN": "", "DISCORD_BOT_TOKEN": " "},
		"only the listener":        {"LISTEN_ADDR": ":9000"},
	} {
		t.Run(name, func(t *testing.T) {
			p := problems(t, v, "")
			if !p.Nothing || len(p.List) != 0 {
				t.Errorf("got %+v, want Nothing and an empty list", p)
			}
			mentions(t, p.Error(), "SLACK_BOT_TOKEN", "DISCORD_BOT_TOKEN", "sandbox", ".env.example", "GENUIN_BASE_URL")
			silent(t, p.Error(), "problem")
		})
	}
}

func TestNothingConfiguredStillListsWhatElseIsWrong(t *testing.T) {
	p := problems(t, vars{"LOG_LEVEL": "loud", "GENUIN_TIMEOUT": "never", "APPROVERS": "slack:U1"}, "")
	if got, want := variables(p), []string{"LOG_LEVEL", "GENUIN_TIMEOUT"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	mentions(t, p.Error(), "SLACK_BOT_TOKEN", "DISCORD_BOT_TOKEN", "sandbox", ".env.example", "2 problems", `"loud"`, `"never"`)
}

func TestNoPlatformIsOneProblemAmongTheOthers(t *testing.T) {
	p := problems(t, vars{"GENUIN_BASE_URL": "https://api.example.com", "LOG_FORMAT": "xml"}, "")
	want := []string{"SLACK_BOT_TOKEN or DISCORD_BOT_TOKEN", "LOG_FORMAT", "GENUIN_ACCESS_TOKEN"}
	if got := variables(p); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	mentions(t, p.Error(), "sandbox", ".env.example")
}

func TestConfigHoldsWhatCouldBeReadBesideTheProblems(t *testing.T) {
	c, err := config.Load(sound.with(vars{"LOG_LEVEL": "loud", "APPROVERS": "ada,slack:U1"}).environ(), "")
	if err == nil {
		t.Fatal("Load: no error")
	}
	if c.Discord.ApplicationID != sound["DISCORD_APPLICATION_ID"] || len(c.Approval.Approvers) != 1 {
		t.Errorf("got %+v", c)
	}
}

func TestProcessWinsOverTheFile(t *testing.T) {
	file := write(t, "LISTEN_ADDR=:1111\nLOG_LEVEL=debug\nLOG_FORMAT=json\nGENUIN_TIMEOUT=3s\n")
	c, err := config.Load(sound.with(vars{"LISTEN_ADDR": ":2222", "LOG_FORMAT": ""}).environ(), file)
	if err != nil {
		t.Fatal(err)
	}
	got := []string{c.ListenAddr, c.LogLevel, c.LogFormat, c.Genuin.Timeout.String()}
	// LOG_FORMAT is set in the process, to nothing: that wins too, and nothing means the default.
	if want := []string{":2222", "debug", "text", "3s"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestFileIsReadTheWayPeopleWriteIt(t *testing.T) {
	file := write(t, "\uFEFF# comment\r\nexport LISTEN_ADDR = :1111 # why\r\n\r\n"+
		"GENUIN_CATEGORIES=\"1=Sports, 2=Music\"\r\nGENUIN_COMMUNITY_ACTIONS='[{\"cost\":\"$5\"}]'\r\nPUBLIC_URL=https://bot.example.com/#no\r\n")
	c, err := config.Load(sound.with(vars{"PUBLIC_URL": "https://bot.example.com/"}).environ(), file)
	if err != nil {
		t.Fatal(err)
	}
	if c.ListenAddr != ":1111" || len(c.Genuin.Categories) != 2 || string(c.Genuin.Actions) != `[{"cost":"$5"}]` {
		t.Errorf("got %v", c)
	}
}

func TestProcessEnvironmentIsNotTouched(t *testing.T) {
	before := os.Environ()
	file := write(t, "LISTEN_ADDR=:1111\nDISCORD_BOT_TOKEN=abc\n")
	if _, err := config.Load(sound.environ(), file); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, os.Environ()); diff != "" {
		t.Errorf("environment (-before +after):\n%s", diff)
	}
}

func TestMissingFileIsFine(t *testing.T) {
	if _, err := config.Load(sound.environ(), t.TempDir()+"/.env"); err != nil {
		t.Errorf("Load: %v", err)
	}
}

func TestUnreadableFileIsAProblem(t *testing.T) {
	dir := t.TempDir()
	p := problems(t, vars{"LOG_LEVEL": "loud"}, dir)
	// What is missing may stand in the file, so only what is surely wrong is listed.
	if got, want := variables(p), []string{dir, "LOG_LEVEL"}; !slices.Equal(got, want) || p.Nothing {
		t.Errorf("got %v, nothing=%v, want %v", got, p.Nothing, want)
	}
	mentions(t, p.Error(), "cannot be read")
}

func TestMalformedFileIsAProblemByLine(t *testing.T) {
	const secret = "xoxb-very-secret"
	for _, test := range []struct{ name, text, line string }{
		{"no equals sign", "LOG_LEVEL=loud\nSLACK_BOT_TOKEN " + secret + "\nLOG_FORMAT=text\n", "line 2"},
		{"a dash in a name", "LOG_LEVEL=loud\n\nSLACK-BOT-TOKEN=" + secret + "\n", "line 3"},
		{"an open quote", "# a\nLOG_LEVEL=loud\nSLACK_BOT_TOKEN='" + secret + "\nLOG_FORMAT=text\n", "line 3"},
		{"an open quote after a value over lines", "LOG_LEVEL=\"loud\n\"\nSLACK_BOT_TOKEN=\"" + secret, "line 3"},
		{"a name alone in the last line", "LOG_LEVEL=loud\n" + strings.ReplaceAll(secret, "-", "_"), "line 2"},
		{"the very first line", secret + "\nLOG_LEVEL=loud\n", "line 1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			file := write(t, test.text)
			p := problems(t, vars{"LOG_FORMAT": "xml"}, file)
			if p.Nothing || p.List[0].Variable != file {
				t.Fatalf("got %+v, want the file first", p)
			}
			mentions(t, p.List[0].What, test.line+" ", "NAME=value")
			silent(t, p.Error(), secret, strings.ReplaceAll(secret, "-", "_"), "is missing")
			want := []string{file, "LOG_LEVEL", "LOG_FORMAT"}
			if test.line == "line 1" { // nothing before it was read
				want = []string{file, "LOG_FORMAT"}
			}
			if got := variables(p); !slices.Equal(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

func TestHalfReadFileDoesNotTurnPlatformsOff(t *testing.T) {
	file := write(t, "APPROVERS=slack:U1\nAPPROVAL_CHANNEL=slack:T1/C1\nDISCORD_BOT_TOKEN=abc\nbad line\nSLACK_BOT_TOKEN=x\n")
	p := problems(t, vars{}, file)
	if got, want := variables(p), []string{file}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestProblemsAreFoundThroughWrapping(t *testing.T) {
	_, err := config.Load(nil, "")
	var p *config.Problems
	if !errors.As(errors.Join(errors.New("serve"), err), &p) {
		t.Error("a wrapped *Problems is not found")
	}
}

func FuzzLoadAnyFile(f *testing.F) {
	text, err := os.ReadFile(example)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(text))
	f.Add("DATABASE_URL=postgres://a:b%zz@/\nPUBLIC_URL=http://[::1\nAPPROVERS=slack:,discord:\nGENUIN_CATEGORIES==,=\n")
	f.Add("export A='b\nLOG_LEVEL")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := config.Load(sound.environ(), write(t, text))
		var p *config.Problems
		if err != nil && !errors.As(err, &p) {
			t.Fatalf("got %v, want *Problems", err)
		}
		silent(t, c.String(), "test-bot-token", "test-access-token")
		if err != nil {
			silent(t, err.Error(), "test-bot-token", "test-access-token")
		}
	})
}
