package commands

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"communitybot/bot"
	"communitybot/bot/words"
)

// form returns the form in a reply.
func form(t *testing.T, reply bot.Reply) bot.Form {
	t.Helper()
	ask, ok := reply.(bot.Ask)
	if !ok {
		t.Fatalf("the answer is %#v, not a form", reply)
	}
	return ask.Form
}

func TestTypingTheCommandOpensTheForm(t *testing.T) {
	w := newWorld(t)
	f := form(t, w.does(w.event(ada, bot.Open, bot.Call{Command: nameCreate, Values: bot.Values{"text": "Acme Fans"}})))
	if f.Call.String() != "create-community" || f.Title == "" || f.Submit != "Create" || f.Field(fieldName).Value != "Acme Fans" ||
		f.Field(fieldHandle).Sample != "acme-fans" || !f.Brief {
		t.Errorf("form %+v", f)
	}
	w = newWorld(t, func(o *Options) { o.Policy.Required = 1 })
	if f := form(t, w.does(w.event(ada, bot.Open, bot.Call{Command: nameCreate}))); f.Submit != "Send request" {
		t.Errorf("somebody has to approve, and the button says %q", f.Submit)
	}
}

func TestCheckingChangesNothing(t *testing.T) {
	w := newWorld(t)
	v := bot.Values{fieldName: "Acme", fieldTags: "a b"}
	f := form(t, w.does(w.event(ada, bot.Check, bot.Call{Command: nameCreate, Values: v})))
	if f.Field(fieldTags).Value != "a b" {
		t.Errorf("tags %q, want them as they were typed", f.Field(fieldTags).Value)
	}
	e := w.refused(w.event(ada, bot.Check, bot.Call{Command: nameCreate, Values: v.With(bot.Values{fieldType: "?", fieldName: ""})}), bot.Invalid)
	if e.Fields[fieldType] == "" || e.Fields[fieldName] == "" || e.Message == "" {
		t.Errorf("problems %v, want one at the type and one at the name", e.Fields)
	}
	mine, err := w.store.List(t.Context(), bot.Filter{By: &ada, Limit: 10})
	if err != nil || len(mine) != 0 {
		t.Errorf("%d requests, %v", len(mine), err)
	}
}

func TestASentFormIsARequest(t *testing.T) {
	w := newWorld(t)
	e := w.event(ada, bot.Submit, bot.Call{Command: nameCreate, Values: bot.Values{fieldName: " Acme ", fieldWhy: " for us ", fieldOptions: "ai"}})
	done, ok := w.does(e).(bot.Done)
	if !ok || !strings.Contains(done.Text.String(), "Acme is on its way") {
		t.Errorf("answer %#v", done)
	}
	r := w.load(1)
	want := bot.Community{Name: "Acme", Handle: "acme", Type: "1", AI: true}
	if diff := cmp.Diff(want, r.Community); diff != "" || r.Why != "for us" || !r.Mine(ada) || r.At != here || r.State != bot.Approved {
		t.Errorf("request %+v, community (-want +got):\n%s", r, diff)
	}
	if _, ok := w.does(e).(bot.Done); !ok { // sent again, by the platform or by a second click
		t.Error("the same form is refused the second time")
	}
	if list, err := w.store.List(t.Context(), bot.Filter{By: &ada, Limit: 10}); err != nil || len(list) != 1 {
		t.Errorf("%d requests, %v", len(list), err)
	}
}

func TestARequestUnderAPolicyWaits(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.Policy.Required = 2 })
	if r := w.ask(bot.Values{fieldName: "Acme"}); r.State != bot.Pending || r.Policy.Required != 2 || r.Tasks[bot.Make] != nil {
		t.Errorf("request %+v", r)
	}
}

func TestAHandleSomebodyElseHolds(t *testing.T) {
	const held = "Another request has the handle acme already. Free are: acme-community, acme-hq, acme-club"
	w := newWorld(t)
	first := w.ask(bot.Values{fieldName: "Acme"})
	call := bot.Call{Command: nameCreate, Values: bot.Values{fieldName: "Other", fieldHandle: "acme"}}
	for name, step := range map[string]bot.Step{"found while checking": bot.Check, "found by adding": bot.Submit} {
		t.Run(name, func(t *testing.T) {
			w := w.in(t)
			if e := w.refused(w.event(ben, step, call), bot.Invalid); e.Fields[fieldHandle] != held || len(e.Fields) != 1 {
				t.Errorf("problems %v", e.Fields)
			}
		})
	}
	t.Run("said beside the other problems", func(t *testing.T) {
		w := w.in(t)
		call := bot.Call{Command: nameCreate, Values: call.Values.With(bot.Values{fieldPicture: "a/b"})}
		if e := w.refused(w.event(ben, bot.Submit, call), bot.Invalid); e.Fields[fieldHandle] != held || e.Fields[fieldPicture] == "" {
			t.Errorf("problems %v", e.Fields)
		}
	})
	t.Run("a bad handle is not looked up", func(t *testing.T) {
		w := w.in(t)
		call := bot.Call{Command: nameCreate, Values: bot.Values{fieldName: "Other", fieldHandle: "Acme"}}
		if e := w.refused(w.event(ben, bot.Submit, call), bot.Invalid); strings.Contains(e.Fields[fieldHandle], "Another request") {
			t.Errorf("problems %v", e.Fields)
		}
	})
	w.call(first.ID, because(bot.BadRequest))
	w.does(w.event(ben, bot.Submit, call)) // a failed request gives its handle back
}

func TestWhatCanBeTyped(t *testing.T) {
	var names []string
	for _, c := range Slash() {
		names = append(names, c.Name)
		if c.About == "" || len(c.About) > 100 || c.Usage == "" || len(c.Params) == 0 || len(c.In) != len(words.All())-1 {
			t.Errorf("%s is described as %+v", c.Name, c)
		}
	}
	if diff := cmp.Diff([]string{nameCreate, nameCommunities}, names); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	w := newWorld(t)
	for _, c := range all {
		if !w.Known(c.name) {
			t.Errorf("%s is not known", c.name)
		}
	}
	if w.Known("drop-tables") {
		t.Error("it knows everything")
	}
	if e := w.refused(w.event(ada, bot.Open, bot.Call{Command: "drop-tables"}), bot.NotFound); !strings.Contains(e.Message, "/create-community") {
		t.Errorf("message %q", e.Message)
	}
}

func TestWhatIsNoOptionIsSaidAndNotGuessed(t *testing.T) {
	w := newWorld(t, func(o *Options) {
		o.Categories = []bot.Option{{Value: "1", Label: "Sports"}, {Value: "2", Label: "Music"}}
	})
	f := form(t, w.does(w.event(ada, bot.Open, bot.Call{Command: nameCreate, Values: bot.Values{fieldType: "privte", paramCategory: "Sprots"}})))
	for field, typed := range map[string]string{fieldType: "privte", fieldCategories: "Sprots"} {
		if got := f.Field(field); got.Value != "" || !strings.Contains(got.Problem, typed) {
			t.Errorf("%s: %+v", field, got)
		}
	}
	f = form(t, w.does(w.event(ada, bot.Open, bot.Call{Command: nameCreate, Values: bot.Values{fieldType: "private", paramCategory: "music"}})))
	if kind, category := f.Field(fieldType), f.Field(fieldCategories); kind.Value != "2" || kind.Problem != "" || category.Value != "2" || category.Problem != "" {
		t.Errorf("chosen by their words: %+v, %+v", kind, category)
	}
}
