package slack

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"communitybot/bot"
)

// library offers, for a form with two fields of 250 options, those whose labels hold what is typed.
func library() *recorder {
	return &recorder{answer: func(e bot.Event) (bot.Reply, error) {
		switch e.Step {
		case bot.Suggest:
			found := slices.DeleteFunc(numbered(250), func(o bot.Option) bool { return !strings.Contains(o.Label, e.Values[e.Field]) })
			return bot.Offer{Options: found}, nil
		case bot.Submit:
			return bot.Done{}, nil
		}
		return bot.Ask{Form: bot.Form{
			Call: bot.Call{Command: "c", Values: bot.Values{"id": "42"}}, Title: "T",
			Fields: []bot.Field{
				{Name: "one", Label: "One", Kind: bot.OneOf, Options: numbered(250), Value: "250"},
				{Name: "many", Label: "Many", Kind: bot.ManyOf, Options: numbered(250), Value: "1,250,gone"},
			},
		}}, nil
	}}
}

func TestHundredsOfOptionsAreSearched(t *testing.T) {
	h := library()
	d := sit(t, h)
	f := d.types(t, "/c").Form
	if f == nil || f.Field("One").Value != "p 250" || f.Field("Many").Value != "a 1,p 250,gone" {
		t.Fatalf("%+v\n%s", f, d.log)
	}
	for typed, want := range map[string]int{"": 100, "24": 13, "x 24": 1, "nothing": 0} {
		found, err := d.Search(t.Context(), "U1", f.ID, "Many", typed)
		if err != nil || len(found) != want {
			t.Errorf("%q: %q, %v", typed, found, err)
		}
	}
	if _, err := d.Search(t.Context(), "U1", f.ID, "One", "x 24"); err != nil {
		t.Fatal(err)
	}
	asked := h.seen()[len(h.seen())-1]
	want := bot.Event{
		Call: bot.Call{Command: "c", Values: bot.Values{"id": "42", "one": "x 24"}}, Step: bot.Suggest, Field: "one",
		By: bot.User{Platform: "slack", ID: "U1", Name: "ann", Locale: "en-US"}, At: general,
	}
	if diff := cmp.Diff(want, asked); diff != "" {
		t.Errorf("event (-want +got):\n%s", diff)
	}
}

func TestWhatWasFoundIsSent(t *testing.T) {
	h := library()
	d := sit(t, h)
	d.fills(t, map[string]string{"One": "x 24", "Many": "b 2,gone, c 3"})
	sent := h.seen()[len(h.seen())-1]
	want := bot.Values{"id": "42", "one": "24", "many": "2,gone,3"}
	if diff := cmp.Diff(want, sent.Values); diff != "" || sent.Step != bot.Submit {
		t.Errorf("%v (-want +got):\n%s", sent.Step, diff)
	}
}

func TestAMenuThatCantBeFilledIsEmpty(t *testing.T) {
	for name, answer := range map[string]func() (bot.Reply, error){
		"an error":      func() (bot.Reply, error) { return nil, errors.New("no database") },
		"another reply": func() (bot.Reply, error) { return bot.Done{}, nil },
		"a panic":       func() (bot.Reply, error) { panic("oh") },
		"no fit": func() (bot.Reply, error) {
			return bot.Offer{Options: []bot.Option{{Value: strings.Repeat("x", 76)}}}, nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := library()
			form := h.answer
			h.answer = func(e bot.Event) (bot.Reply, error) {
				if e.Step == bot.Suggest {
					return answer()
				}
				return form(e)
			}
			d := sit(t, h)
			found, err := d.Search(t.Context(), "U1", d.types(t, "/c").Form.ID, "One", "x")
			if err != nil || len(found) > 0 {
				t.Errorf("%q, %v", found, err)
			}
		})
	}
}

func TestAMenuOfAFormThatIsNotOursIsEmpty(t *testing.T) {
	h := answering(bot.Offer{Options: numbered(3)})
	body := `{"type":"block_suggestion","user":{"id":"U1"},"view":{"id":"V1","private_metadata":"hello"},"block_id":"one","value":"x"}`
	if got := listen(t, h, "").send(payloadBody(body)); got.status != 200 || got.body != `{"options":[]}` || len(h.seen()) > 0 {
		t.Errorf("%+v", got)
	}
	for _, missing := range []string{`"block_id":"one",`, `"id":"V1",`, `"id":"U1"`} {
		if got := listen(t, h, "").send(payloadBody(strings.Replace(body, missing, "", 1))); got.status != 400 {
			t.Errorf("without %s: %+v", missing, got)
		}
	}
}

func TestAProblemStandsAtASearchedField(t *testing.T) {
	h := library()
	form := h.answer
	h.answer = func(e bot.Event) (bot.Reply, error) {
		if e.Step == bot.Submit {
			return nil, &bot.Error{Code: bot.Invalid, Fields: map[string]string{"many": "Too many."}}
		}
		return form(e)
	}
	f := sit(t, h).fills(t, map[string]string{"Many": "b 2"}).Form
	if f == nil || f.Field("Many").Problem != "Too many." || f.Field("Many").Value != "b 2" {
		t.Errorf("%+v", f)
	}
}

func TestWhatIsChosenTwiceIsChosenOnce(t *testing.T) {
	f := bot.Field{Name: "c", Kind: bot.ManyOf, Options: numbered(150), Value: "5,999, 5,999,,5"}
	if diff := cmp.Diff([]string{"5", "999"}, initially(choice(f))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
