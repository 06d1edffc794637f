package commands

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"communitybot/bot"
)

// offered returns the labels that a field is offered.
func (w *world) offered(who bot.User, command, field, typed string) []string {
	w.t.Helper()
	e := w.event(who, bot.Suggest, bot.Call{Command: command, Values: bot.Values{field: typed}})
	e.Field = field
	offer, ok := w.does(e).(bot.Offer)
	if !ok {
		w.t.Fatalf("%s of %s is offered nothing", field, command)
	}
	var labels []string
	for _, o := range offer.Options {
		labels = append(labels, o.Label)
	}
	return labels
}

func TestWhatIsOfferedWhileSomebodyTypes(t *testing.T) {
	w := newWorld(t, func(o *Options) {
		o.Categories = []bot.Option{{Value: "1", Label: "Music"}, {Value: "2", Label: "Sports"}, {Value: "3", Label: "Motor sports"}}
	})
	w.ask(bot.Values{fieldName: "Acme"})
	for name, c := range map[string]struct {
		command, field, typed string
		want                  []string
	}{
		"categories, the beginning first":      {nameCreate, paramCategory, "sp", []string{"Sports", "Motor sports"}},
		"categories of a form":                 {nameFix, fieldCategories, "MUSIC ", []string{"Music"}},
		"everything, when nothing was typed":   {nameCreate, fieldCategories, "", []string{"Music", "Sports", "Motor sports"}},
		"no such category":                     {nameCreate, fieldCategories, "zz", nil},
		"types":                                {nameCreate, fieldType, "priv", []string{"Private"}},
		"a field that nothing is offered for":  {nameCreate, fieldName, "a", nil},
		"what can be typed after /communities": {nameCommunities, paramText, "list", []string{"list mine", "list waiting", "list all"}},
		"a request of one's own, by its name":  {nameCommunities, paramText, "acm", []string{"show 1 · Acme"}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, w.in(t).offered(ada, c.command, c.field, c.typed)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	if got := w.offered(ben, nameCommunities, paramText, "show"); got != nil {
		t.Errorf("somebody else is offered %q", got)
	}
	for i := range 300 {
		w.Categories = append(w.Categories, bot.Option{Value: fmt.Sprint(i + 10), Label: fmt.Sprintf("Sp %d", i)})
	}
	if n := len(w.offered(ada, nameCreate, paramCategory, "sp")); n != maxOffered {
		t.Errorf("%d are offered", n)
	}
}

func TestTheHandleFollowsTheName(t *testing.T) {
	w := newWorld(t)
	w.ask(bot.Values{fieldName: "Acme"})
	refill := func(v bot.Values) bot.Form {
		t.Helper()
		e := w.event(ada, bot.Refill, bot.Call{Command: nameCreate, Values: v})
		e.Field = fieldName
		return form(t, w.does(e))
	}
	f := refill(bot.Values{fieldName: "Acme Fans", fieldTags: "a", fieldHandle: ""})
	if h := f.Field(fieldHandle); h.Value != "" || h.Sample != "acme-fans" || !strings.Contains(h.Hint, "acme-fans") || h.Problem != "" {
		t.Errorf("it does not follow: %+v", h)
	}
	if f.Field(fieldTags).Value != "a" || !f.Field(fieldName).Leads {
		t.Errorf("form %+v", f)
	}
	if h := refill(bot.Values{fieldName: "Other", fieldHandle: "my-own"}).Field(fieldHandle); h.Value != "my-own" || h.Sample != "" {
		t.Errorf("a handle that somebody wrote: %+v", h)
	}
	if h := refill(bot.Values{fieldName: "Acme"}).Field(fieldHandle); h.Sample != "acme" || !strings.Contains(h.Problem, "acme-community") {
		t.Errorf("a handle that another request has: %+v", h)
	}
	if h := refill(bot.Values{fieldName: "🎉"}).Field(fieldHandle); h.Sample != "" || h.Problem != "" {
		t.Errorf("a handle of nothing: %+v", h)
	}

	w.refused(w.event(ada, bot.Refill, bot.Call{Command: nameFix, Values: bot.Values{"id": "1", "v": "1"}}), bot.Invalid)
	if r := w.load(1); r.Version != 1 {
		t.Error("typing in a field changed the request")
	}
}

func TestAPageOfOnesOwn(t *testing.T) {
	w := under(t, bot.Policy{Required: 1, Approvers: []bot.Approver{{Platform: "slack", ID: ben.ID}}})
	page := func(who bot.User) (all []string) {
		t.Helper()
		e := w.event(who, bot.Open, bot.Call{Command: bot.Home})
		e.At.Channel = ""
		for _, c := range w.does(e).(bot.Board).Cards {
			line := c.Title + c.Text.String()
			for _, b := range buttons(c) {
				line += " [" + b + "]"
			}
			all = append(all, line)
		}
		return all
	}
	if diff := cmp.Diff([]string{"What waits for youNothing waits for you.", "What you asked forYou have not asked for a community yet. Type /create-community to begin."}, page(ada)); diff != "" {
		t.Errorf("with nothing (-want +got):\n%s", diff)
	}
	for i := range 11 {
		w.does(w.event(ada, bot.Submit, bot.Call{Command: nameCreate, Values: bot.Values{fieldName: fmt.Sprintf("Acme %d", i+1)}}))
	}
	mine := page(ada)
	if len(mine) != 13 || mine[2] != "11 Acme 11: it waits for approval, 0 of 1 so far. [Details] [Edit] [Withdraw] [Remind approvers]" || mine[12] != "Type /communities list to see all." {
		t.Errorf("what is hers: %q", mine)
	}
	if his := page(ben); len(his) != 13 || his[11] != "Type /communities list waiting to see all." || his[1] != "11 Acme 11 (asked by Ada): it waits for approval, 0 of 1 so far. [Details]" {
		t.Errorf("what waits for him: %q", his)
	}
}

func TestAPageOfOnesOwnShowsNothingOfOthers(t *testing.T) {
	w := under(t, bot.Policy{Required: 1}) // anybody may decide, who is in the channel
	r := w.ask(acme)
	e := w.event(ben, bot.Open, bot.Call{Command: bot.Home})
	e.At.Channel = ""
	board := w.does(e).(bot.Board)
	if got := board.Cards[0].Plain() + board.Cards[1].Plain(); strings.Contains(got, "Acme") || !strings.Contains(got, "Whoever is in a channel can decide") {
		t.Errorf("his page says %q", got)
	}
	spy := w.press(ben, bot.Open, r, nameDetails, nil)
	spy.At.Channel = ""
	w.refused(spy, bot.NotFound)
	spy.At.Channel = "C9"
	w.refused(spy, bot.NotFound)
	w.does(w.press(ben, bot.Open, r, nameDetails, nil)) // in the channel everybody sees the card
	own := w.press(ada, bot.Open, r, nameDetails, nil)
	own.At.Channel = ""
	w.does(own)
}

func TestAPageOfOnesOwnWithoutKnowingTheGroups(t *testing.T) {
	w := under(t, bot.Policy{Required: 1, Approvers: []bot.Approver{{Platform: "slack", ID: "S1"}}}, func(o *Options) { o.Now = time.Now })
	w.Directories = map[string]bot.Directory{"slack": unable{}}
	w.does(w.event(ada, bot.Submit, bot.Call{Command: nameCreate, Values: acme}))
	w.does(w.event(ben, bot.Submit, bot.Call{Command: nameCreate, Values: bot.Values{fieldName: "Other"}}))
	board := w.does(w.event(ada, bot.Open, bot.Call{Command: bot.Home})).(bot.Board)
	if got := board.Cards[0].Text.String(); got != "not now" {
		t.Errorf("what waits: %q", got)
	}
	if got := board.Cards[len(board.Cards)-1].Plain(); !strings.Contains(got, "Acme") {
		t.Errorf("what is hers: %q", got)
	}
}

// unable is a directory that can't say anything.
type unable struct{}

func (unable) InGroup(context.Context, bot.User, string) (bool, error) {
	return false, &bot.Error{Code: bot.Busy, Message: "not now"}
}

func (unable) Who(context.Context, string, string) (bot.User, error) {
	return bot.User{}, &bot.Error{Code: bot.Busy}
}

func TestAskingAgainGoesWhereItWasAskedFirst(t *testing.T) {
	w := under(t, bot.Policy{Required: 1, Expiry: time.Hour})
	r := w.ask(acme)
	w.clock.Move(2 * time.Hour)
	w.change(r.ID, func(r *bot.Request) error { return r.Awake(w.clock.Now()) })
	r = w.load(r.ID)
	again := w.press(ada, bot.Submit, r, nameCreate, acme)
	again.At = bot.Place{Platform: "slack", Tenant: "T1"} // on a page of her own
	w.does(again)
	if second := w.load(2); second.At != here || second.Threads[0].At != here {
		t.Errorf("it is asked for at %+v", second.At)
	}
}
