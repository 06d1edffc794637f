package commands

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"communitybot/bot"
)

// english is how the tests read.
var english = new(Commands).in("", "")

// after returns a request once Genuin has given these answers (nil: made), the last one until the request ends, and
// the last entry of its history.
func after(t *testing.T, answers ...*bot.Refusal) (*bot.Request, bot.Entry) {
	t.Helper()
	r := bot.NewRequest(bot.Event{ID: "e", By: ada, At: here}, bot.Community{Name: "Acme", Handle: "acme"}, "", bot.Policy{}, start)
	r.ID = 42
	for i := 0; r.Tasks[bot.Make] != nil && i < 1000; i++ {
		now := r.Tasks[bot.Make].Due
		if err := r.Call("me", now, time.Minute); err != nil {
			t.Fatal(err)
		}
		if a := answers[min(i, len(answers)-1)]; a != nil {
			r.Refused(r.Calls.Count, a, now)
		} else {
			r.Succeeded("acme", bot.Made{ID: "g", URL: "https://genuin.test/acme"}, now)
		}
	}
	return &r, r.News()[len(r.News())-1]
}

// standsOut lists what stands out in a text beside the community's name: buttons.
func standsOut(text bot.Text) []string {
	var names []string
	for _, s := range text {
		if b, ok := s.(bot.Bold); ok && b != "Acme" {
			names = append(names, string(b))
		}
	}
	return names
}

func buttons(c bot.Card) []string {
	var labels []string
	for _, a := range c.Actions {
		labels = append(labels, a.Label)
	}
	return labels
}

const (
	labelFix    = "Fix and resubmit"
	labelRetry  = "Try again"
	labelLink   = "It's ours – add link"
	labelRename = "Choose another handle"
)

func TestEveryEndHasItsWordsAndButtons(t *testing.T) {
	for name, c := range map[string]struct {
		answers []*bot.Refusal
		state   bot.State
		buttons []string // the first is the one to press
		words   []string
	}{
		"made":             {[]*bot.Refusal{nil}, bot.IsCreated, nil, []string{"@Ada Acme exists on Genuin now: https://genuin.test/acme"}},
		"handle taken":     {[]*bot.Refusal{because(bot.HandleTaken)}, bot.HasFailed, []string{labelFix}, []string{"handle acme is taken", "Perhaps free: x, y. Press"}},
		"category unknown": {[]*bot.Refusal{because(bot.CategoryUnknown)}, bot.HasFailed, []string{labelFix}, []string{"one of the categories"}},
		"bad request":      {[]*bot.Refusal{because(bot.BadRequest)}, bot.HasFailed, []string{labelFix}, []string{"did not accept", "“its words”"}},
		"not let in":       {[]*bot.Refusal{because(bot.Unauthorized)}, bot.HasFailed, []string{labelRetry, labelFix}, []string{"people who run the bot"}},
		"misuse":           {[]*bot.Refusal{because(bot.Misuse)}, bot.HasFailed, []string{labelRetry, labelFix}, []string{"people who run the bot"}},
		"nothing there":    {[]*bot.Refusal{{Reason: bot.Broken, Status: 404, Message: "its words"}}, bot.HasFailed, []string{labelRetry, labelFix}, []string{"several times", "“its words”"}},
		"broken":           {[]*bot.Refusal{because(bot.Broken)}, bot.Unclear, []string{labelLink, labelRename, labelRetry, labelFix}, []string{"failed", "“its words”", "may exist all the same"}},
		"broken, then out of reach": {[]*bot.Refusal{because(bot.Broken), because(bot.Unreachable)}, bot.Unclear,
			[]string{labelLink, labelRename, labelRetry, labelFix}, []string{"failed", "may exist all the same"}},
		"unreachable":  {[]*bot.Refusal{because(bot.Unreachable)}, bot.HasFailed, []string{labelRetry, labelFix}, []string{"for a day"}},
		"rate limited": {[]*bot.Refusal{because(bot.RateLimited)}, bot.HasFailed, []string{labelRetry, labelFix}, []string{"for a day"}},
		"answer lost, then taken": {[]*bot.Refusal{because(bot.NoAnswer), because(bot.HandleTaken)}, bot.Unclear,
			[]string{labelLink, labelRename, labelFix}, []string{"probably ours", "link is not known"}},
		"answer lost, then a bad request": {[]*bot.Refusal{because(bot.NoAnswer), because(bot.BadRequest)}, bot.Unclear,
			[]string{labelLink, labelRename, labelRetry, labelFix}, []string{"may exist", "“its words”"}},
		"answer lost, then not let in": {[]*bot.Refusal{because(bot.NoAnswer), because(bot.Unauthorized)}, bot.Unclear,
			[]string{labelLink, labelRename, labelRetry, labelFix}, []string{"may exist"}},
		"no answer for a day": {[]*bot.Refusal{because(bot.NoAnswer)}, bot.Unclear,
			[]string{labelLink, labelRename, labelRetry, labelFix}, []string{"may exist"}},
	} {
		t.Run(name, func(t *testing.T) {
			r, e := after(t, c.answers...)
			card := plain().Card(r, 0, nil)
			if diff := cmp.Diff(c.buttons, buttons(card)); diff != "" || r.State != c.state {
				t.Errorf("%s, buttons (-want +got):\n%s", r.State, diff)
			}
			text := plain().Line(Told{Request: r, Entry: e, Free: []string{"x", "y"}})
			for _, want := range c.words {
				if !strings.Contains(text.String(), want) {
					t.Errorf("%q does not say %q", text, want)
				}
			}
			if who, ok := text[0].(bot.Mention); strings.Contains(text.String(), "{}") || !ok || !ada.Same(bot.User(who)) {
				t.Errorf("%q is unfinished, or does not call its requester", text)
			}
			names := standsOut(text)
			if (len(names) == 0) != (len(c.buttons) == 0) {
				t.Errorf("%q names %q", text, names)
			}
			for _, name := range names {
				if !slices.Contains(c.buttons, name) {
					t.Errorf("%q names the button %q, and the card has %q", text, name, c.buttons)
				}
			}
			primary := slices.IndexFunc(card.Actions, func(a bot.Action) bool { return a.Style == bot.Primary })
			if len(c.buttons) > 0 && (primary < 0 || card.Actions[primary].Label != names[0]) {
				t.Errorf("%q tells to press %q first; the card has %+v", text, names[0], card.Actions)
			}
			for _, a := range card.Actions {
				if call, err := bot.ParseCall(a.String()); err != nil || call.Values["id"] != "42" || len(a.String()) > 60 {
					t.Errorf("button %s carries %q", a.Label, a.Call)
				}
			}
		})
	}
}

func TestTroubleIsToldInItsOwnWords(t *testing.T) {
	said := map[string]bot.Reason{}
	for reason, want := range map[bot.Reason]string{
		bot.RateLimited: "slow down", bot.Unreachable: "can't be reached", bot.NoAnswer: "may exist already",
		bot.Broken: "problem on its side (“its words”)", "": "takes longer than usual",
	} {
		r, _ := after(t, nil)
		text := plain().Line(Told{Request: r, Entry: bot.Entry{What: bot.Trouble, Reason: reason, Note: "its words"}})
		words := text.String()
		if !strings.Contains(words, want) || !strings.Contains(words, "Still") || !strings.Contains(words, "the outcome comes here") || standsOut(text) != nil {
			t.Errorf("%q: %q", reason, words)
		}
		if other, ok := said[words]; ok {
			t.Errorf("%q and %q say the same", reason, other)
		}
		said[words] = reason
	}
}

func TestOtherNewsOfTheThread(t *testing.T) {
	r, _ := after(t, nil)
	silent := *r
	silent.Made.URL = ""
	for name, c := range map[string]struct {
		r    *bot.Request
		e    bot.Entry
		want string
	}{
		"made, without a link":  {&silent, bot.Entry{What: bot.Created}, "@Ada Acme exists on Genuin now. Genuin sent no link for it; look there for acme."},
		"sent again as it was":  {r, bot.Entry{What: bot.Resent, By: ada}, "Ada sent it again as it was."},
		"sent again, changed":   {r, bot.Entry{What: bot.Resent, By: ada, Note: "Tags"}, "Ada changed it and sent it again. Tags"},
		"tried again":           {r, bot.Entry{What: bot.Retried, By: ben}, "Ben has it tried again."},
		"linked":                {r, bot.Entry{What: bot.Linked, By: ada}, "Ada found it on Genuin. Acme is here: https://genuin.test/acme"},
		"no handle to suggest":  {r, bot.Entry{What: bot.Failed, Reason: bot.HandleTaken}, "@Ada The handle acme is taken on Genuin already. Press Fix and resubmit on the card to choose another; everything else is kept."},
		"a refusal without why": {r, bot.Entry{What: bot.Failed, Reason: bot.BadRequest}, "@Ada Genuin did not accept this request. Press Fix and resubmit on the card to look through it; everything is kept."},
	} {
		t.Run(name, func(t *testing.T) {
			if got := plain().Line(Told{Request: c.r, Entry: c.e}).String(); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
	if got := plain().Line(Told{Request: r, Entry: bot.Entry{What: bot.Hidden}}).String(); !strings.Contains(got, "add me to that channel, and let me write there and in its threads") {
		t.Errorf("gone private: %q", got)
	}
	for _, what := range []bot.What{bot.Sent, bot.WasTold} {
		if got := plain().Line(Told{Request: r, Entry: bot.Entry{What: what}}); got != nil || r.Hears(0, bot.Entry{What: what}) {
			t.Errorf("%s is told as %q", what, got)
		}
	}
}

func TestTheCardSaysHowThingsStand(t *testing.T) {
	made, _ := after(t, nil)
	failed, _ := after(t, because(bot.BadRequest))
	unclear, _ := after(t, because(bot.NoAnswer), because(bot.HandleTaken))
	for name, c := range map[string]struct {
		r      bot.Request
		status string
		stands string
	}{
		"waits":         {bot.Request{State: bot.Pending, Policy: bot.Policy{Required: 1}}, "Waits for approval: 0 of 1, 1 more from anybody but the one who asked.", "waits for approval, 0 of 1 so far."},
		"approved":      {bot.Request{State: bot.Approved}, "On its way to Genuin …", "on its way"},
		"on its way":    {bot.Request{State: bot.Creating}, "On its way to Genuin …", "on its way"},
		"in trouble":    {bot.Request{State: bot.Approved, Calls: bot.Calls{Troubled: true}}, "Still trying.", "on its way"},
		"made":          {*made, "It exists: https://genuin.test/acme", "the community exists."},
		"without link":  {bot.Request{State: bot.IsCreated, Community: bot.Community{Handle: "acme"}}, "look there for acme.", "the community exists."},
		"failed":        {*failed, "everything that was filled in is kept", "did not make it"},
		"nobody asked":  {bot.Request{State: bot.HasFailed, Calls: bot.Calls{Reason: bot.NobodyAsked}}, "The approvers could not be asked. Everything that was filled in is kept.", "the approvers could not be asked. It can be tried again"},
		"unclear":       {*unclear, "It may exist on Genuin.", "may exist already"},
		"to be changed": {bot.Request{State: bot.NeedsChange}, "ask for changes first. The thread says which.", "asked for changes first."},
		"denied":        {bot.Request{State: bot.IsRejected}, "Denied. The thread says why.", "it was denied."},
		"expired":       {bot.Request{State: bot.IsExpired}, "nobody decided in time", "because nobody decided in time."},
		"withdrawn":     {bot.Request{State: bot.IsWithdrawn}, "Withdrawn by the one who asked.", "it was withdrawn."},
	} {
		t.Run(name, func(t *testing.T) {
			if got := english.status(&c.r, nil).String(); !strings.Contains(got, c.status) {
				t.Errorf("card %q, want %q in it", got, c.status)
			}
			if got := english.stands(&c.r); !strings.Contains(got, c.stands) || !strings.HasSuffix(got, ".") {
				t.Errorf("stands %q, want %q in it", got, c.stands)
			}
		})
	}
}
