package commands

import (
	"fmt"
	"strings"
	"testing"

	"communitybot/bot"
)

// told returns what a person who types /communities reads.
func (w *world) told(who bot.User, text string) string {
	w.t.Helper()
	reply := w.does(w.event(who, bot.Open, bot.Call{Command: nameCommunities, Values: bot.Values{"text": text}}))
	tell, ok := reply.(bot.Tell)
	if !ok {
		w.t.Fatalf("answer %#v, not words", reply)
	}
	return tell.Text.String()
}

func TestList(t *testing.T) {
	w := newWorld(t)
	for _, text := range []string{"", " LIST ", "list all"} {
		if got := w.told(ada, text); !strings.Contains(got, "not asked for a community yet") || !strings.Contains(got, "/create-community") {
			t.Errorf("%q answers %q", text, got)
		}
	}
	for i := range 11 {
		w.ask(bot.Values{fieldName: fmt.Sprintf("Acme %c", 'A'+i)})
	}
	w.call(11, nil)
	w.call(10, because(bot.BadRequest))
	w.call(9, because(bot.NoAnswer), because(bot.HandleTaken))
	lines := strings.Split(w.told(ada, "list"), "\n")
	want := []string{
		"What you asked for, the newest first:",
		"11 Acme K: the community exists. https://genuin.test/acme",
		"10 Acme J: Genuin did not make it. It can be fixed and sent again from its card.",
		"9 Acme I: the community may exist already. Its card says how to go on.",
		"8 Acme H: it is on its way to Genuin.",
	}
	if len(lines) != 1+pageLength {
		t.Errorf("%d lines", len(lines))
	}
	for i, line := range want {
		if lines[i] != line {
			t.Errorf("line %d: %q, want %q", i, lines[i], line)
		}
	}
	if got := w.told(ben, "list"); !strings.Contains(got, "not asked") {
		t.Errorf("somebody else reads %q", got)
	}
	waits := newWorld(t, func(o *Options) { o.Policy.Required = 1 })
	waits.ask(acme)
	if got := waits.told(ada, ""); !strings.Contains(got, "Acme: it waits for approval, 0 of 1 so far.") {
		t.Errorf("list %q", got)
	}
}

func TestShow(t *testing.T) {
	w := newWorld(t)
	w.ask(acme)
	got := w.told(ada, "Show 1")
	for _, want := range []string{"Acme\nOn its way to Genuin …", "\nHandle: acme", "\nType: Private", "\nWhy: for us"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q does not say %q", got, want)
		}
	}
	for name, c := range map[string]struct {
		who  bot.User
		text string
	}{
		"somebody else's":    {ben, "show 1"},
		"one that is not":    {ada, "show 2"},
		"a negative number":  {ada, "show -1"},
		"not a number":       {ada, "show acme"},
		"a number too large": {ada, "show 99999999999999999999"},
		"no number":          {ada, "show"},
		"one to withdraw":    {ben, "withdraw 1"},
	} {
		t.Run(name, func(t *testing.T) {
			w := w.in(t)
			e := w.refused(w.event(c.who, bot.Open, bot.Call{Command: nameCommunities, Values: bot.Values{"text": c.text}}), bot.NotFound)
			if !strings.Contains(e.Message, "no request with that number") { // the same words: nobody learns which exist
				t.Errorf("message %q", e.Message)
			}
		})
	}
}

func TestHelp(t *testing.T) {
	w := newWorld(t)
	for _, text := range []string{"help", "HELP me", "what?", "list everything", strings.Repeat("x", 10_000)} {
		got := w.told(ada, text)
		for _, want := range []string{"/create-community", "/communities list", "/communities show 42"} {
			if !strings.Contains(got, want) {
				t.Errorf("%.20q answers %q", text, got)
			}
		}
	}
}
