package commands

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"communitybot/bot"
)

// press is a press of a button of a request's card as it is now, or the form behind it sent with values.
func (w *world) press(who bot.User, step bot.Step, r bot.Request, command string, v bot.Values) bot.Event {
	call := on(&r, command)
	call.Values = call.Values.With(v)
	return w.event(who, step, call)
}

var acme = bot.Values{
	fieldName: "Acme", fieldHandle: "acme", fieldDescription: "About #fans", fieldTags: "a, b", fieldWhy: "for us", fieldType: "2",
	fieldCategories: "1,3", fieldProposed: "Trail", fieldPicture: "1.png", fieldBanner: "b.png", fieldMembers: "u1", fieldOptions: "ai",
}

func TestTheFixFormIsFilledInAndSaysWhatWasWrong(t *testing.T) {
	for name, c := range map[string]struct {
		reason  bot.Reason
		field   string
		problem string
		intro   string
	}{
		"handle taken":     {bot.HandleTaken, fieldHandle, "taken on Genuin. Try acme-community, acme-hq, acme-club", ""},
		"category unknown": {bot.CategoryUnknown, fieldCategories, "Genuin does not know one of these.", ""},
		"bad request":      {bot.BadRequest, "", "", "Genuin did not accept this (“its words”)."},
		"not let in":       {bot.Unauthorized, "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			r := w.call(w.ask(acme).ID, because(c.reason))
			f := form(t, w.does(w.press(ada, bot.Open, r, nameFix, nil)))
			filled := bot.Values{}
			for _, field := range f.Fields {
				filled[field.Name] = field.Value
				want := ""
				if field.Name == c.field {
					want = c.problem
				}
				if field.Problem != want {
					t.Errorf("%s: problem %q, want %q", field.Name, field.Problem, want)
				}
			}
			if diff := cmp.Diff(acme, filled); diff != "" {
				t.Errorf("filled in (-want +got):\n%s", diff)
			}
			if !strings.Contains(f.Intro.String(), c.intro) || (c.intro == "" && f.Intro != nil) {
				t.Errorf("intro %q, want %q", f.Intro, c.intro)
			}
			if f.Call.String() != on(&r, nameFix).String() {
				t.Errorf("the form calls %s", f.Call)
			}
		})
	}
}

func TestRenameAsksForTheHandleAlone(t *testing.T) {
	w := newWorld(t)
	r := w.call(w.ask(acme).ID, because(bot.NoAnswer), because(bot.HandleTaken))
	f := form(t, w.does(w.press(ada, bot.Open, r, nameRename, nil)))
	if len(f.Fields) != 1 || f.Fields[0].Name != fieldHandle || f.Fields[0].Problem == "" {
		t.Errorf("fields %+v", f.Fields)
	}
	w.does(w.press(ada, bot.Submit, r, nameRename, bot.Values{fieldHandle: "acme-2"}))
	after := w.load(r.ID)
	want := r.Community
	want.Handle = "acme-2"
	if diff := cmp.Diff(want, after.Community); diff != "" || after.State != bot.Approved || after.Calls.Lost || after.Why != "for us" {
		t.Errorf("request %+v, community (-want +got):\n%s", after, diff)
	}
}

func TestAFixIsSentAgain(t *testing.T) {
	w := newWorld(t)
	r := w.call(w.ask(acme).ID, because(bot.HandleTaken))
	sent := bot.Values{fieldHandle: "acme-2", fieldTags: "c", fieldOptions: ""}
	f := form(t, w.does(w.press(ada, bot.Check, r, nameFix, sent)))
	if f.Field(fieldHandle).Value != "acme-2" || f.Field(fieldDescription).Value != "About #fans" {
		t.Errorf("form to check %+v", f.Fields)
	}
	if now := w.load(r.ID); now.Version != r.Version {
		t.Error("checking changed the request")
	}
	e := w.press(ada, bot.Submit, r, nameFix, sent)
	for range 2 { // a redelivery counts once
		if _, ok := w.does(e).(bot.Done); !ok {
			t.Fatal("not done")
		}
	}
	after := w.load(r.ID)
	if after.State != bot.Approved || after.Community.Handle != "acme-2" || after.Community.AI || after.Version != r.Version+1 {
		t.Errorf("request %+v", after)
	}
	entries, err := w.store.History(t.Context(), r.ID, r.Entries)
	if err != nil || len(entries) != 1 || entries[0].What != bot.Resent || entries[0].Note != "Handle: acme → acme-2; Tags: a, b → c; Options: The community is made by AI → –" {
		t.Errorf("history %+v, %v", entries, err)
	}
}

func TestAFixWithProblems(t *testing.T) {
	w := newWorld(t)
	r := w.call(w.ask(acme).ID, because(bot.HandleTaken))
	other := w.ask(bot.Values{fieldName: "Taken"})
	for name, c := range map[string]struct {
		step  bot.Step
		sent  bot.Values
		field string
		words string
	}{
		"a bad field":                         {bot.Submit, bot.Values{fieldName: " "}, fieldName, "Please give"},
		"a handle that is held":               {bot.Submit, bot.Values{fieldHandle: "taken"}, fieldHandle, "Another request has the handle taken"},
		"a handle that is held, checked":      {bot.Check, bot.Values{fieldHandle: "taken"}, fieldHandle, "Another request has the handle taken"},
		"a bad field while checking the rest": {bot.Check, bot.Values{fieldBanner: "a/b"}, fieldBanner, "no link, no folder"},
	} {
		t.Run(name, func(t *testing.T) {
			w := w.in(t)
			e := w.refused(w.press(ada, c.step, r, nameFix, c.sent), bot.Invalid)
			if len(e.Fields) != 1 || !strings.Contains(e.Fields[c.field], c.words) {
				t.Errorf("problems %v", e.Fields)
			}
		})
	}
	t.Run("its own handle was taken meanwhile", func(t *testing.T) {
		w := w.in(t)
		w.change(other.ID, func(r *bot.Request) error { r.Community.Handle = "acme"; return nil })
		e := w.refused(w.press(ada, bot.Submit, r, nameFix, nil), bot.Invalid)
		if !strings.Contains(e.Fields[fieldHandle], "Another request has the handle acme") {
			t.Errorf("problems %v", e.Fields)
		}
	})
	if now := w.load(r.ID); now.Version != r.Version || now.State != bot.HasFailed {
		t.Errorf("request %+v was changed", now)
	}
}

func TestRetry(t *testing.T) {
	w := newWorld(t)
	r := w.call(w.ask(acme).ID, because(bot.Unauthorized))
	e := onCard(w.press(ben, bot.Open, r, nameRetry, nil)) // whoever renewed the access may press it
	for range 2 {
		if diff := cmp.Diff(bot.Reply(bot.Done{}), w.does(e)); diff != "" {
			t.Fatalf("answer (-want +got):\n%s", diff)
		}
		if card := w.cardOf(r.ID); card.Title != "Acme" || len(card.Actions) != 0 {
			t.Fatalf("card %+v, want it without buttons", card)
		}
	}
	if got := w.happened(r.ID); got[len(got)-1] != bot.Retried || len(got) != 4 {
		t.Errorf("history %v", got)
	}
	r = w.call(r.ID, because(bot.Unauthorized))
	w.ask(bot.Values{fieldName: "Quicker", fieldHandle: "acme"})
	refusal := w.refused(w.press(ada, bot.Open, r, nameRetry, nil), bot.Conflict)
	if !strings.Contains(refusal.Message, "another request has the handle acme") || !strings.Contains(refusal.Message, "Fix and resubmit") {
		t.Errorf("message %q", refusal.Message)
	}
	mended := w.call(w.ask(bot.Values{fieldName: "B", fieldHandle: "b"}).ID, because(bot.BadRequest))
	if e := w.refused(w.press(ada, bot.Open, mended, nameRetry, nil), bot.Conflict); !strings.Contains(e.Message, "Nothing was changed") {
		t.Errorf("message %q", e.Message)
	}
}

func TestLink(t *testing.T) {
	unclear := func(t *testing.T) (*world, bot.Request) {
		w := newWorld(t)
		return w, w.call(w.ask(acme).ID, because(bot.NoAnswer), because(bot.HandleTaken))
	}
	t.Run("asked for, checked, kept once", func(t *testing.T) {
		w, r := unclear(t)
		if f := form(t, w.does(w.press(ada, bot.Open, r, nameLink, nil))); len(f.Fields) != 1 || !f.Fields[0].Required {
			t.Errorf("form %+v", f)
		}
		v := bot.Values{fieldLink: " https://genuin.test/c/acme?x=1#top\u200b "}
		if f := form(t, w.does(w.press(ada, bot.Check, r, nameLink, v))); f.Field(fieldLink).Value != v[fieldLink] {
			t.Errorf("form to check %+v", f)
		}
		if now := w.load(r.ID); now.State != bot.Unclear {
			t.Errorf("checking made it %s", now.State)
		}
		e := w.press(ada, bot.Submit, r, nameLink, v)
		for range 2 {
			if done, ok := w.does(e).(bot.Done); !ok || !strings.Contains(done.Text.String(), "Acme") {
				t.Fatalf("answer %#v", done)
			}
		}
		now := w.load(r.ID)
		if now.State != bot.IsCreated || now.Made.URL != "https://genuin.test/c/acme?x=1#top" {
			t.Errorf("request %+v", now)
		}
	})
	w, r := unclear(t)
	for name, address := range map[string]string{
		"empty": "", "only spaces": "  ", "no scheme": "genuin.test/acme", "http": "http://genuin.test/acme",
		"javascript": "javascript:alert(1)", "data": "data:text/html,x", "no host": "https:///acme", "a path": "/acme",
		"somebody's password": "https://ada:secret@genuin.test/", "a user": "https://genuin.test@evil.test/",
		"not a link": "https://a b", "too long": "https://genuin.test/" + strings.Repeat("a", 500), "broken": "https://%zz",
	} {
		t.Run("refused: "+name, func(t *testing.T) {
			w := w.in(t)
			for _, step := range []bot.Step{bot.Check, bot.Submit} {
				e := w.refused(w.press(ada, step, r, nameLink, bot.Values{fieldLink: address}), bot.Invalid)
				if !strings.Contains(e.Fields[fieldLink], "https://") {
					t.Errorf("problems %v", e.Fields)
				}
			}
		})
	}
	t.Run("not for a request that plainly failed", func(t *testing.T) {
		w := newWorld(t)
		r := w.call(w.ask(acme).ID, because(bot.BadRequest))
		e := w.refused(w.press(ada, bot.Submit, r, nameLink, bot.Values{fieldLink: "https://genuin.test/a"}), bot.Conflict)
		if !strings.Contains(e.Message, "Genuin did not make it") {
			t.Errorf("message %q", e.Message)
		}
	})
}

func TestButtonsOfOtherPeopleAndOldCards(t *testing.T) {
	link := bot.Values{fieldLink: "https://genuin.test/a"}
	w := newWorld(t)
	r := w.call(w.ask(acme).ID, because(bot.NoAnswer), because(bot.BadRequest))
	for _, command := range []string{nameFix, nameRename, nameLink} {
		for _, step := range []bot.Step{bot.Open, bot.Check, bot.Submit} {
			e := w.refused(w.press(ben, step, r, command, link), bot.Forbidden)
			if !strings.Contains(e.Message, "Only Ada") || !strings.Contains(e.Message, "/create-community") {
				t.Errorf("%s by somebody else: %q", command, e.Message)
			}
			old := r
			old.Version--
			if e := w.refused(w.press(ada, step, old, command, link), bot.Conflict); !strings.Contains(e.Message, "out of date") ||
				!strings.Contains(e.Message, "may exist already") {
				t.Errorf("%s on an old card: %q", command, e.Message)
			}
			elsewhere := ada
			elsewhere.Platform = "discord"
			w.refused(w.press(elsewhere, step, r, command, link), bot.Forbidden)
			if now := w.load(r.ID); now.Version != r.Version {
				t.Errorf("%s changed the request", command)
			}
		}
	}
	r = w.ask(bot.Values{fieldName: "Other"})
	w.refused(w.press(ada, bot.Open, r, nameFix, nil), bot.Conflict) // on its way
	old := w.call(r.ID, because(bot.Broken), because(bot.Unauthorized))
	old.Version--
	w.refused(w.press(ada, bot.Open, old, nameRetry, nil), bot.Conflict)
}

func TestForgedButtons(t *testing.T) {
	w := newWorld(t)
	w.ask(acme)
	for _, command := range []string{nameFix, nameRename, nameRetry, nameLink} {
		for name, c := range map[string]struct {
			values bot.Values
			code   bot.Code
		}{
			"without anything":      {nil, bot.Invalid},
			"without a version":     {bot.Values{"id": "1"}, bot.Invalid},
			"without an ID":         {bot.Values{"v": "1"}, bot.Invalid},
			"an ID of words":        {bot.Values{"id": "one", "v": "1"}, bot.Invalid},
			"an ID out of range":    {bot.Values{"id": "9223372036854775808", "v": "1"}, bot.Invalid},
			"a huge version":        {bot.Values{"id": "1", "v": strings.Repeat("9", 100)}, bot.Invalid},
			"SQL":                   {bot.Values{"id": "1 OR 1=1", "v": "1"}, bot.Invalid},
			"a negative ID":         {bot.Values{"id": "-1", "v": "1"}, bot.NotFound},
			"zero":                  {bot.Values{"id": "0", "v": "1"}, bot.NotFound},
			"the largest ID":        {bot.Values{"id": "9223372036854775807", "v": "1"}, bot.NotFound},
			"a version of tomorrow": {bot.Values{"id": "1", "v": "2"}, bot.Conflict},
		} {
			t.Run(command+", "+name, func(t *testing.T) {
				w := w.in(t)
				if e := w.refused(w.event(ada, bot.Open, bot.Call{Command: command, Values: c.values}), c.code); english.Explain(e) == english.Chat.OurFault {
					t.Error("no words for people")
				}
			})
		}
	}
}

func TestDifference(t *testing.T) {
	for name, c := range map[string]struct {
		before, after bot.Values
		want          string
	}{
		"none":                               {acme, acme, ""},
		"name and handle":                    {acme, acme.With(bot.Values{fieldName: "B", fieldHandle: "b"}), "Name: Acme → B; Handle: acme → b"},
		"emptied and filled":                 {acme, acme.With(bot.Values{fieldDescription: "", fieldTags: "a"}), "Description: About #fans → –; Tags: a, b → a"},
		"options by label":                   {acme, acme.With(bot.Values{fieldType: "1", fieldOptions: "ai,ai_banner"}), "Type: Private → Public; Options: The community is made by AI → The community is made by AI, Genuin generates the banner"},
		"a value of options that is no more": {acme.With(bot.Values{fieldType: "9"}), acme, "Type: 9 → Private"},
		"several lines in one":               {acme, acme.With(bot.Values{fieldMembers: "u1\nu2"}), "Members: u1 → u1, u2"},
		"as long as fits":                    {acme, acme.With(bot.Values{fieldWhy: strings.Repeat("ж", 80)}), "Why: for us → " + strings.Repeat("ж", 80)},
		"longer than fits":                   {acme, acme.With(bot.Values{fieldWhy: strings.Repeat("ж", 81)}), "Why: for us → " + strings.Repeat("ж", 79) + "…"},
		"what is no field":                   {acme, acme.With(bot.Values{"id": "7"}), ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := plain().difference(english.Form, c.before, c.after); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestTryAgainIsForThoseWhoSeeTheCard(t *testing.T) {
	w := newWorld(t)
	r := w.call(w.ask(acme).ID, because(bot.Unauthorized))
	e := w.press(ben, bot.Open, r, nameRetry, nil)
	e.At.Channel = "C9"
	w.refused(e, bot.NotFound)
	e.At = here
	w.does(e)
	if now := w.load(r.ID); now.State != bot.Approved {
		t.Errorf("it is %s", now.State)
	}
}

// TestWhatIsSaidToOneAloneIsNotSeenByOthers has a request go on privately in the channel where it was asked: others are
// there, too, and never saw a card.
func TestWhatIsSaidToOneAloneIsNotSeenByOthers(t *testing.T) {
	w := newWorld(t)
	r := w.call(w.ask(acme).ID, because(bot.Unauthorized))
	r = w.change(r.ID, func(r *bot.Request) error {
		r.Unreachable(0, w.clock.Now())
		r.Unreachable(0, w.clock.Now())
		return nil
	})
	if t := r.Threads[0]; !t.Fading || t.At.Channel != here.Channel || t.At.User != ada.ID {
		w.t.Fatalf("it goes on at %+v", t)
	}
	for _, command := range []string{nameDetails, nameRetry} {
		w.refused(w.press(ben, bot.Open, r, command, nil), bot.NotFound)
		w.does(w.press(ada, bot.Open, r, command, nil))
	}
}
