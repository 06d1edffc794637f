package commands

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"communitybot/bot"
)

func TestSuggestions(t *testing.T) {
	w := newWorld(t)
	suggestions := func(handle string) []string {
		free, err := suggest(t.Context(), w.store, handle)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range free {
			if h == handle || len(h) > maxHandle || !handlePattern.MatchString(h) {
				t.Errorf("%q is no suggestion for %q", h, handle)
			}
		}
		return free
	}
	if diff := cmp.Diff([]string{"acme-community", "acme-hq", "acme-club"}, suggestions("acme")); diff != "" {
		t.Errorf("none held (-want +got):\n%s", diff)
	}
	w.ask(bot.Values{fieldName: "A", fieldHandle: "acme-hq"})
	if diff := cmp.Diff([]string{"acme-community", "acme-club", "acme-2"}, suggestions("acme")); diff != "" {
		t.Errorf("one held (-want +got):\n%s", diff)
	}
	for _, long := range []string{
		strings.Repeat("a", 60),
		strings.Repeat("a", 50) + "-community", // cut and lengthened, it would come out as itself
		strings.Repeat("a", 58) + "-2",
		strings.Repeat("a.", 30),
		strings.Repeat("a-", 30),
	} {
		if n := len(suggestions(long)); n != 3 {
			t.Errorf("%d suggestions for %q", n, long)
		}
	}
}

func TestAllSuggestionsTaken(t *testing.T) {
	w := newWorld(t)
	for _, ending := range []string{"", "-community", "-hq", "-club", "-2", "-3", "-4", "-5", "-6", "-7", "-8", "-9"} {
		w.ask(bot.Values{fieldName: "A", fieldHandle: "acme" + ending})
	}
	e := w.refused(w.event(ben, bot.Submit, bot.Call{Command: nameCreate, Values: bot.Values{fieldName: "Acme"}}), bot.Invalid)
	if want := "Another request has the handle acme already. Please think of another."; e.Fields[fieldHandle] != want {
		t.Errorf("problem %q, want %q", e.Fields[fieldHandle], want)
	}
}

func TestEveryStepNeedsTheDatabase(t *testing.T) {
	broken := &shaky{}
	w := newWorld(t, func(o *Options) { broken.Store, o.Store = o.Store, broken })
	broken.before = func(string) error { return nil }
	r := w.call(w.ask(bot.Values{fieldName: "Acme"}).ID, because(bot.HandleTaken))
	button := func(command string, v bot.Values) bot.Call {
		call := on(&r, command)
		call.Values = call.Values.With(v)
		return call
	}
	form := bot.Call{Command: nameCreate, Values: bot.Values{fieldName: "Other"}}
	for name, c := range map[string]struct {
		fails string
		event bot.Event
	}{
		"checking a form":               {"Held", w.event(ada, bot.Check, form)},
		"adding a request":              {"Add", w.event(ada, bot.Submit, form)},
		"listing":                       {"List", w.event(ada, bot.Open, bot.Call{Command: nameCommunities})},
		"showing":                       {"Request", w.event(ada, bot.Open, bot.Call{Command: nameCommunities, Values: bot.Values{"text": "show 1"}})},
		"pressing a button":             {"Request", w.event(ada, bot.Open, button(nameFix, nil))},
		"retrying":                      {"Request", w.event(ada, bot.Open, button(nameRetry, nil))},
		"opening the link's form":       {"Request", w.event(ada, bot.Open, button(nameLink, nil))},
		"suggesting in the fix form":    {"Held", w.event(ada, bot.Open, button(nameFix, nil))},
		"checking a new handle":         {"Held", w.event(ada, bot.Check, button(nameFix, bot.Values{fieldHandle: "other"}))},
		"keeping a fix":                 {"Change", w.event(ada, bot.Submit, button(nameFix, nil))},
		"keeping another handle":        {"Change", w.event(ada, bot.Submit, button(nameRename, bot.Values{fieldHandle: "other"}))},
		"keeping a retry":               {"Change", w.event(ada, bot.Submit, button(nameRetry, nil))},
		"keeping a link":                {"Change", w.event(ada, bot.Submit, button(nameLink, bot.Values{fieldLink: "https://g.test/a"}))},
		"checking the handle of a form": {"Held", w.event(ada, bot.Submit, bot.Call{Command: nameCreate, Values: bot.Values{fieldName: "O", fieldTags: strings.Repeat("x", 99)}})},
	} {
		t.Run(name, func(t *testing.T) {
			broken.before = failsAt(c.fails)
			reply, err := w.Handle(t.Context(), c.event)
			if bot.CodeOf(err) != bot.Internal || strings.Contains(english.Explain(err), errDisk.Error()) {
				t.Errorf("answer %v, error %v that says %q", reply, err, english.Explain(err))
			}
		})
	}
	if got := w.happened(r.ID); !slices.Equal(got, []bot.What{bot.Asked, bot.Sent, bot.Failed}) {
		t.Errorf("history %v: something was kept", got)
	}
}

func TestSuggestionsForAHeldHandleNeedTheDatabaseToo(t *testing.T) {
	broken := &shaky{}
	w := newWorld(t, func(o *Options) { broken.Store, o.Store = o.Store, broken })
	broken.before = func(string) error { return nil }
	w.ask(bot.Values{fieldName: "Acme"})
	for name, step := range map[string]bot.Step{"while checking": bot.Check, "after the race": bot.Submit} {
		t.Run(name, func(t *testing.T) {
			asked := 0
			broken.before = func(method string) error {
				if method != "Held" {
					return nil
				}
				if asked++; asked == 2 || step == bot.Submit {
					return errDisk
				}
				return nil
			}
			_, err := w.Handle(t.Context(), w.event(ben, step, bot.Call{Command: nameCreate, Values: bot.Values{fieldName: "Acme"}}))
			if bot.CodeOf(err) != bot.Internal {
				t.Errorf("error %v", err)
			}
		})
	}
}
