package slack

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"communitybot/adapters/person"
	"communitybot/bot"
	"communitybot/bot/words"
)

// sends fills in the rich form and answers it with r or err.
func sends(t *testing.T, r bot.Reply, err error) (*desk, person.Screen) {
	t.Helper()
	d := sit(t, asking(func(bot.Event) (bot.Reply, error) { return r, err }))
	return d, d.fills(t, map[string]string{"Name": "Crickets 🏏", "Description": "What\nI typed"})
}

func TestASentFormIsAnEvent(t *testing.T) {
	h := asking(func(bot.Event) (bot.Reply, error) { return bot.Done{}, nil })
	d := sit(t, h)
	d.fills(t, map[string]string{
		"Name": "<!channel> `x`", "Handle": "", "Description": "a\nb", "Type": "Public", "Made by AI": "", "Categories": "a 1,k 11",
	})
	got := h.seen()[1]
	want := bot.Event{
		Call: bot.Call{Command: "create-community", Values: bot.Values{
			"id": "42", "name": "<!channel> `x`", "handle": "", "about": "a\nb", "type": "1", "ai": "", "categories": "1,11",
		}},
		Step: bot.Submit, ID: got.ID, By: bot.User{Platform: "slack", ID: "U1", Name: "ann", Locale: "en-US"}, At: general,
	}
	if diff := cmp.Diff(want, got); diff != "" || !strings.HasPrefix(got.ID, "slack:view:V") {
		t.Errorf("ID %q (-want +got):\n%s", got.ID, diff)
	}
}

func TestAFormOfAButtonKnowsItsCard(t *testing.T) {
	h := asking(func(bot.Event) (bot.Reply, error) { return bot.Done{}, nil })
	d := sit(t, h)
	form := d.presses(t).Form
	if _, err := d.Send(t.Context(), "U2", form.ID, nil); err != nil {
		t.Fatal(err)
	}
	events := h.seen()
	if at := events[1].At; at != events[0].At || at.Message != d.reads(t, "C1")[0].ID {
		t.Errorf("at %+v", at)
	}
}

func TestDoneClosesTheForm(t *testing.T) {
	_, s := sends(t, bot.Done{}, nil)
	if s.Form != nil || s.Private != nil {
		t.Errorf("%+v", s)
	}
}

func TestTellReplacesTheForm(t *testing.T) {
	_, s := sends(t, bot.Tell{Text: bot.Say("{what} has been *sent*.", "what", bot.Bold("It"))}, nil)
	want := &person.Form{ID: s.Form.ID, Title: "New community", Text: "It has been *sent*."}
	if diff := cmp.Diff(want, s.Form); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestProblemsStandAtTheirFields(t *testing.T) {
	const explained = "Something went wrong on our side, so nothing was changed. Please try again in a minute."
	tests := map[string]struct {
		err  error
		want map[string]string
	}{
		"at known fields":               {errHandle, map[string]string{"Handle": "Taken.", "Description": "Too dull."}},
		"without fields at the first":   {&bot.Error{Message: "Too late."}, map[string]string{"Name": "Too late."}},
		"of ours at the first":          {errors.New("disk on fire"), map[string]string{"Name": explained}},
		"at unknown fields, in order":   {&bot.Error{Fields: map[string]string{"z": "Last.", "x": "First."}}, map[string]string{"Name": "First. Last."}},
		"at known and unknown fields":   {&bot.Error{Fields: map[string]string{"handle": "Taken.", "x": "Odd."}}, map[string]string{"Handle": "Taken.", "Name": "Odd."}},
		"at the first and unknown ones": {&bot.Error{Fields: map[string]string{"name": "Blank.", "x": "Odd."}}, map[string]string{"Name": "Blank. Odd."}},
		"at a field without options":    {&bot.Error{Fields: map[string]string{"nothing": "Choose."}}, map[string]string{"Name": "Choose."}},
		"without words":                 {&bot.Error{Fields: map[string]string{"handle": ""}}, map[string]string{"Handle": "This can't be used."}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			_, s := sends(t, nil, tc.err)
			if s.Form == nil {
				t.Fatalf("the form is gone: %+v", s)
			}
			got := map[string]string{}
			for _, f := range s.Form.Fields {
				if f.Problem != "" {
					got[f.Label] = f.Problem
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if s.Form.Field("Name").Value != "Crickets 🏏" || s.Form.Field("Description").Value != "What\nI typed" {
				t.Errorf("what was typed is lost: %+v", s.Form)
			}
		})
	}
}

func TestAFormCanBeSentAgainAfterAProblem(t *testing.T) {
	d, s := sends(t, nil, errHandle)
	again, err := d.Send(t.Context(), "U1", s.Form.ID, map[string]string{"Handle": "other"})
	if err != nil || again.Form == nil {
		t.Errorf("%+v, %v", again, err)
	}
}

func TestAProblemWithoutAnyFieldReplacesTheView(t *testing.T) {
	body := strings.ReplaceAll(formPayload, `"type":"input"`, `"type":"divider"`)
	got := decode(t, listen(t, failing(&bot.Error{Message: "Too late."}), "").send(payloadBody(body)))
	if got["response_action"] != "update" || !strings.Contains(string(pretty(t, got)), "Too late.") {
		t.Errorf("%s", pretty(t, got))
	}
}

func TestAPanicKeepsTheFormOpen(t *testing.T) {
	d := sit(t, asking(func(bot.Event) (bot.Reply, error) { panic("boom") }))
	if s := d.fills(t, nil); s.Form == nil || s.Form.Field("Name").Problem != words.English.Chat.OurFault {
		t.Errorf("%+v", s)
	}
}

func TestTenThousandCharactersDoNoHarm(t *testing.T) {
	awful := strings.Repeat("<!channel>`🏏@everyone ", 455)
	h := &recorder{answer: func(e bot.Event) (bot.Reply, error) {
		f := richForm()
		f.Fields[0].Value = e.Values["text"]
		return bot.Ask{Form: f}, nil
	}}
	d := sit(t, h)
	if f := d.types(t, "/create-community "+awful).Form; f == nil || !strings.HasPrefix(awful, f.Field("Name").Value) {
		t.Errorf("form %+v\n%s", f, d.log)
	}
	d.posts(t, bot.Card{Title: awful, Text: bot.Say(awful), Facts: []bot.Fact{{Label: "Name", Value: bot.Say(awful)}}, Footer: bot.Say(awful)})
	if card := d.reads(t, "C1")[0]; len(card.Pings) > 0 || !strings.Contains(card.Text, "<!channel>`🏏@everyone") {
		t.Errorf("pings %v, text %.300s", card.Pings, card.Text)
	}
}
