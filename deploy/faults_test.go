package deploy_test

import (
	"database/sql"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	_ "modernc.org/sqlite" // to hold the database from outside

	"communitybot/adapters/discord/discordfake"
	"communitybot/adapters/person"
	"communitybot/adapters/slack/slackfake"
)

// faulty is a running bot whose surroundings fail, with one person in front of it.
type faulty struct {
	*fakes
	t   *testing.T
	url string
	bot *process
}

func startFaulty(t *testing.T, env ...string) *faulty {
	t.Helper()
	f := startFakes(t, slackfake.Options{})
	f.slack.AddUser("U1", "Ada")
	f.slack.AddChannel(slackfake.Channel{ID: "C1", Name: "general", Members: []string{"U1"}, Bot: true})
	f.discord.AddUser(discordAda, "Ada")
	f.discord.AddChannel(discordGeneral, "general")
	p := start(t, append(f.env, env...))
	w := &faulty{fakes: f, t: t, url: p.address(), bot: p}
	f.slack.Connect(w.url + "/slack/events")
	f.discord.Connect(w.url + "/discord/interactions")
	if code, _, errOut := runs(t, f.env, "register"); code != 0 {
		t.Fatalf("register ended with %d: %s", code, errOut)
	}
	return w
}

const discordAda, discordGeneral = "1300000000000000001", "1200000000000000001"

// chats are the platforms, with Ada and the channel where she is.
func (w *faulty) chats() map[string]struct {
	person.Chat
	who, channel, command string
} {
	return map[string]struct {
		person.Chat
		who, channel, command string
	}{
		"slack":   {w.slack, "U1", "C1", "/create-community "},
		"discord": {w.discord, discordAda, discordGeneral, "/create-community name:"},
	}
}

// form opens the form on Slack.
func (w *faulty) form(name string) string {
	w.t.Helper()
	s, err := w.slack.Type(w.t.Context(), "U1", "C1", "/create-community "+name)
	if err != nil || s.Form == nil {
		w.t.Fatalf("no form: %+v, %v", s, err)
	}
	return s.Form.ID
}

// refused sends a form that can't be kept now, and returns the words at its field.
func (w *faulty) refused(form string) string {
	w.t.Helper()
	s, err := w.slack.Send(w.t.Context(), "U1", form, nil)
	if err != nil || s.Form == nil {
		w.t.Fatalf("the form is gone: %+v, %v", s, err)
	}
	var words string
	for _, f := range s.Form.Fields {
		words += f.Problem
	}
	return words
}

// sent sends a form that is kept, and waits for the community.
func (w *faulty) sent(form, name string) {
	w.t.Helper()
	if s, err := w.slack.Send(w.t.Context(), "U1", form, nil); err != nil || s.Form != nil {
		w.t.Fatalf("refused: %+v, %v\n%s", s, err, w.bot.errOut)
	}
	w.exists("slack", name)
}

// exists waits until the thread says that a community exists, and looks that this is said on one card, once.
func (w *faulty) exists(platform, name string) {
	w.t.Helper()
	until(w.t, name+" exists: "+w.bot.errOut.String(), func() bool {
		cards, told := w.told(platform, name)
		if cards > 1 || told > 1 {
			w.t.Fatalf("%s has %d cards, and is told %d times", name, cards, told)
		}
		return told == 1
	})
}

// told counts the cards of a community, and the lines that say that it exists.
func (w *faulty) told(platform, name string) (cards, lines int) {
	w.t.Helper()
	at := w.chats()[platform]
	all, err := at.Read(w.t.Context(), at.who, at.channel)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, m := range all {
		if !strings.HasPrefix(m.Text, name+"\n") || m.Private {
			continue
		}
		cards++
		for _, line := range m.Thread {
			if strings.Contains(line.Text, name+" exists on Genuin now") {
				lines++
			}
		}
	}
	return cards, lines
}

func (w *faulty) ready(want int) {
	w.t.Helper()
	until(w.t, "readiness", func() bool { code, _ := get(w.t, w.url+"/readyz"); return code == want })
}

const ourFault = "Something went wrong on our side, so nothing was changed."

func TestTheDiskIsFull(t *testing.T) {
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=8m"); err != nil {
		t.Skip("a small disk can't be mounted here: ", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(disk, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	w := startFaulty(t, "DATABASE_URL=sqlite:"+filepath.Join(disk, "bot.db"))
	w.sent(w.form("First"), "First")
	second := w.form("Second")
	filler := filepath.Join(disk, "filler")
	if err := os.WriteFile(filler, make([]byte, 8<<20), 0o600); err == nil {
		t.Fatal("the disk is not full")
	}
	if got := w.refused(second); !strings.HasPrefix(got, ourFault) {
		t.Errorf("it says %q", got)
	}
	w.ready(http.StatusServiceUnavailable)
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	w.ready(http.StatusOK)
	w.sent(second, "Second") // the same form, with all that was filled in
	w.bot.stop()
}

func TestTheDatabaseIsLocked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bot.db")
	w := startFaulty(t, "DATABASE_URL=sqlite:"+path)
	form := w.form("Acme")
	db, err := sql.Open("sqlite", "file:"+path+"?_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	tx, err := db.BeginTx(t.Context(), nil) // a backup that never ends, say
	if err != nil {
		t.Fatal(err)
	}
	// Whether it will be kept can't be said before the lock is gone, so Slack tires of waiting and says so. The form stays
	// open: sent again, it counts once.
	if s, err := w.slack.Send(t.Context(), "U1", form, nil); err == nil && s.Form == nil {
		t.Error("it was acknowledged, and could not be kept")
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	w.ready(http.StatusOK)
	w.sent(form, "Acme")
	if n := len(w.genuin.Communities()); n != 1 {
		t.Errorf("%d communities", n)
	}
	w.bot.stop()
}

func TestPlatformsThatFailForAWhile(t *testing.T) {
	const often = 3
	for name, fail := range map[string]func(w *faulty){
		"they are down": func(w *faulty) {
			w.slack.Fail("chat.postMessage", often, slackfake.Status(http.StatusServiceUnavailable, 0))
			w.discord.Fail("POST /channels/{channel}/messages", often, discordfake.Failure{Status: http.StatusServiceUnavailable})
		},
		"they ask to wait": func(w *faulty) {
			w.slack.Fail("chat.postMessage", often, slackfake.Status(http.StatusTooManyRequests, time.Second))
			w.discord.Fail("POST /channels/{channel}/messages", often, discordfake.Failure{RetryAfter: time.Second})
		},
		"they lose answers": func(w *faulty) {
			w.slack.Fail("chat.postMessage", often, slackfake.LoseAnswer())
			w.discord.Fail("POST /channels/{channel}/messages", often, discordfake.Failure{CutAfter: true})
		},
		"they refuse the token": func(w *faulty) {
			w.slack.Fail("chat.postMessage", often, slackfake.Refuse("token_revoked"))
			w.discord.Fail("POST /channels/{channel}/messages", often, discordfake.Failure{Status: http.StatusUnauthorized})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := startFaulty(t)
			fail(w)
			for platform, at := range w.chats() {
				s, err := at.Type(t.Context(), at.who, at.channel, at.command+"Acme "+platform)
				if err == nil {
					_, err = at.Send(t.Context(), at.who, s.Form.ID, nil)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			for platform := range w.chats() {
				w.exists(platform, "Acme "+platform)
			}
			w.bot.stop()
		})
	}
}
