package deploy_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"communitybot/adapters/person"
	"communitybot/adapters/slack/slackfake"
	"communitybot/bot/genuin/genuinfake"
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
	f.slack.AddChannel(slackfake.Channel{ID: "C1", Name: "general", Members: []string{"U1"}}) // the bot is not in it
	f.discord.AddUser(discordAda, "Ada")
	f.discord.AddChannel(discordGeneral, "general")
	if slices.Contains(env, overSocket) {
		f.slack.UseSocket(appToken)
		env = append(env, "SLACK_APP_TOKEN="+appToken)
	}
	p := start(t, append(f.env, env...))
	w := &faulty{fakes: f, t: t, url: p.address(), bot: p}
	if !slices.Contains(env, overSocket) {
		f.slack.Connect(w.url + "/slack/events")
	}
	if !slices.Contains(env, overGateway) {
		f.discord.Connect(w.url + "/discord/interactions")
	}
	w.ready(http.StatusOK)
	if code, _, errOut := runs(t, f.env, "register"); code != 0 {
		t.Fatalf("register ended with %d: %s", code, errOut)
	}
	return w
}

const (
	// overGateway has the bot open the connection to Discord, and answer with callbacks.
	overGateway = "DISCORD_PUBLIC_KEY="
	// overSocket has it open the connection to Slack.
	overSocket = "SLACK_SIGNING_SECRET="
	appToken   = "xapp-1-connected"
)

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

// eventually is until, for what takes longer. What never came is told with what the program logged.
func (w *faulty) eventually(within time.Duration, what string, check func() bool) {
	w.t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	end := time.After(within)
	for !check() {
		select {
		case <-tick.C:
		case <-end:
			w.t.Fatalf("never: %s\n%s", what, w.bot.errOut)
		}
	}
}

// held waits until Genuin holds calls.
func (w *faulty) held(calls int) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), 30*time.Second)
	defer cancel()
	if err := w.genuin.WaitHeld(ctx, calls); err != nil {
		w.t.Fatalf("%v\n%s", err, w.bot.errOut)
	}
}

// underway asks for a community, and has Genuin keep the bot waiting for its answer.
func (w *faulty) underway(name string) {
	w.t.Helper()
	w.genuin.Next(genuinfake.Hold)
	form := w.form(name)
	if s, err := w.slack.Send(w.t.Context(), "U1", form, nil); err != nil || s.Form != nil {
		w.t.Fatalf("refused: %+v, %v", s, err)
	}
	w.held(1)
}

// one checks that there is one community of each name, and no other.
func (w *faulty) one(names ...string) {
	w.t.Helper()
	made := map[string]int{}
	for _, c := range w.genuin.Communities() {
		made[c.Name]++
	}
	want := map[string]int{}
	for _, name := range names {
		want[name] = 1
	}
	if diff := cmp.Diff(want, made); diff != "" {
		w.t.Errorf("communities (-want +got):\n%s", diff)
	}
}
