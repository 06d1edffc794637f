package discordfake

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"communitybot/adapters/person"
)

// form opens a modal with these components for Ada and returns it, and what the bot gets when it is sent.
func (w *world) form(t *testing.T, components string) (*person.Form, *asked) {
	t.Helper()
	var got asked
	w.bot(func(a asked) string {
		if a.Type == kindModal {
			got = a
			return privately
		}
		return `{"type":9,"data":{"custom_id":"new?x=1","title":"New community","components":[` + components + `]}}`
	})
	screen, err := w.Type(t.Context(), ada, general, "/x")
	if err != nil || screen.Form == nil {
		t.Fatalf("%+v, %v, %v", screen, err, w.Problems())
	}
	return screen.Form, &got
}

const (
	nameRow = `{"type":1,"components":[{"type":4,"custom_id":"name","style":1,"label":"Name","placeholder":"What people see","max_length":10,"value":"Acme"}]}`
	whyRow  = `{"type":1,"components":[{"type":4,"custom_id":"why","style":2,"label":"Why","required":false,"min_length":3}]}`
	kinds   = `"options":[{"label":"Public","value":"1","default":true},{"label":"Private, for members","value":"2"},{"label":"Secret","value":"3"}]`
)

func TestAFormAsItIsShown(t *testing.T) {
	w := newWorld(t, Options{AnyCommand: true})
	got, _ := w.form(t, `{"type":10,"content":"Fill in **all** of it"},`+nameRow+`,`+whyRow+
		`,{"type":18,"label":"Kind","description":"Who may join","component":{"type":3,"custom_id":"kind","required":false,`+kinds+`}}`+
		`,{"type":18,"label":"Notes","component":{"type":4,"custom_id":"notes","style":2,"placeholder":"Anything"}}`)
	want := &person.Form{
		ID: got.ID, Title: "New community", Text: "Fill in all of it", Submit: "Submit",
		Fields: []person.Field{
			{Label: "Name", Value: "Acme", Hint: "What people see"},
			{Label: "Why", Long: true, Optional: true},
			{Label: "Kind", Value: "Public", Hint: "Who may join", Options: []string{"Public", "Private, for members", "Secret"}, Optional: true},
			{Label: "Notes", Hint: "Anything", Long: true},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestASentFormComesBackInTheDocumentedShape(t *testing.T) {
	w := newWorld(t, Options{AnyCommand: true})
	form, got := w.form(t, `{"type":10,"content":"Hi"},`+nameRow+`,`+whyRow+
		`,{"type":18,"label":"Kinds","component":{"type":3,"custom_id":"kinds","max_values":2,`+kinds+`}}`+
		`,{"type":18,"label":"Notes","component":{"type":4,"custom_id":"notes","style":1}}`)
	screen, err := w.Send(t.Context(), ada, form.ID, map[string]string{"Kinds": "Private, for members, Secret", "Notes": "two\nlines"})
	if err != nil || screen.Form != nil || len(screen.Private) != 1 {
		t.Fatalf("%+v, %v", screen, err)
	}
	want := map[string]any{
		"custom_id": "new?x=1",
		"components": []any{
			map[string]any{"type": 10.0, "id": 1.0},
			map[string]any{"type": 1.0, "id": 2.0, "components": []any{map[string]any{"type": 4.0, "id": 3.0, "custom_id": "name", "value": "Acme"}}},
			map[string]any{"type": 1.0, "id": 4.0, "components": []any{map[string]any{"type": 4.0, "id": 5.0, "custom_id": "why", "value": ""}}},
			map[string]any{"type": 18.0, "id": 6.0, "component": map[string]any{"type": 3.0, "id": 7.0, "custom_id": "kinds", "values": []any{"2", "3"}}},
			map[string]any{"type": 18.0, "id": 8.0, "component": map[string]any{"type": 4.0, "id": 9.0, "custom_id": "notes", "value": "two lines"}},
		},
	}
	if diff := cmp.Diff(want, got.data()); diff != "" {
		t.Error(diff)
	}
	if got.Raw["message"] != nil {
		t.Error("a modal that a command opened came with a message")
	}
	if _, err := w.Send(t.Context(), ada, form.ID, nil); err == nil {
		t.Error("a sent form can be sent again")
	}
}

func TestAFormOfAButtonComesWithItsMessage(t *testing.T) {
	w := newWorld(t, Options{})
	card := w.post(`{"content":"card","components":[` + rowOf + `]}`)
	var got []asked
	w.bot(func(a asked) string {
		got = append(got, a)
		if a.Type == kindComponent {
			return simple
		}
		return `{"type":7,"data":{"content":"denied","components":[]}}`
	})
	screen, err := w.Press(t.Context(), bob, card, "Approve")
	if err != nil || screen.Form == nil {
		t.Fatalf("%+v, %v", screen, err)
	}
	if _, err := w.Send(t.Context(), bob, screen.Form.ID, map[string]string{"Name": "no"}); err != nil {
		t.Fatal(err)
	}
	for _, a := range got {
		if m, _ := a.Raw["message"].(map[string]any); m["id"] != card {
			t.Errorf("interaction of type %d came with %v", a.Type, a.Raw["message"])
		}
	}
	if got := w.read(ada, general); len(got) != 1 || got[0].Text != "denied" || len(got[0].Buttons) != 0 || !got[0].Edited {
		t.Errorf("the card is %+v", got)
	}
}

func TestWhatTheClientRefusesIsNotSent(t *testing.T) {
	menu := func(rest string) string {
		return `{"type":18,"label":"Kind","component":{"type":3,"custom_id":"k"` + rest + `,"options":[{"label":"A","value":"a"},{"label":"B","value":"b"},{"label":"C","value":"c"}]}}`
	}
	for name, c := range map[string]struct{ components, field, value, want string }{
		"a required field that is empty": {nameRow, "Name", "", "This field is required."},
		"text that is too long":          {nameRow, "Name", "eleven char", "Must be 10 or fewer in length."},
		"text that is too short":         {whyRow, "Why", "no", "Must be 3 or more in length."},
		"a required menu left alone":     {menu(""), "Kind", "", "This field is required."},
		"an option that is none":         {menu(""), "Kind", "D", `There is no option "D".`},
		"too few options":                {menu(`,"min_values":2,"max_values":3`), "Kind", "A", "Select 2 or more."},
		"too many options":               {menu(`,"max_values":2`), "Kind", "A,B,C", "Select 2 or fewer."},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, Options{AnyCommand: true})
			form, got := w.form(t, c.components)
			screen, err := w.Send(t.Context(), ada, form.ID, map[string]string{c.field: c.value})
			if err != nil || screen.Form == nil || screen.Form.ID != form.ID || got.Raw != nil {
				t.Fatalf("%+v, %v, delivered %v", screen, err, got.Raw)
			}
			if f := screen.Form.Field(c.field); f.Problem != c.want || f.Value != c.value {
				t.Errorf("got %q for %q", f.Problem, f.Value)
			}
		})
	}
}

func TestOptionalFieldsMayStayEmpty(t *testing.T) {
	w := newWorld(t, Options{AnyCommand: true})
	form, got := w.form(t, whyRow+`,{"type":18,"label":"Kind","component":{"type":3,"custom_id":"k","required":false,"options":[{"label":"A","value":"a"}]}}`)
	if screen, err := w.Send(t.Context(), ada, form.ID, nil); err != nil || screen.Form != nil {
		t.Fatalf("%+v, %v", screen, err)
	}
	inner := got.data()["components"].([]any)[1].(map[string]any)["component"].(map[string]any)
	if diff := cmp.Diff([]any{}, inner["values"]); diff != "" {
		t.Error(diff)
	}
}

func TestAFormStaysOpenUntilItIsTaken(t *testing.T) {
	w := newWorld(t, Options{AnyCommand: true})
	form, _ := w.form(t, nameRow)
	w.bot(always(simple)) // a modal can't answer a modal
	if _, err := w.Send(t.Context(), ada, form.ID, map[string]string{"Name": "Acme Fans"}); err != errBadAnswer {
		t.Fatalf("got %v", err)
	}
	if _, err := w.Send(t.Context(), bob, form.ID, nil); err == nil {
		t.Error("Bob sends Ada's form")
	}
	if _, err := w.Send(t.Context(), ada, form.ID, map[string]string{"Handle": "x"}); err == nil || !strings.Contains(err.Error(), `no field "Handle"`) {
		t.Errorf("got %v", err)
	}
	var got asked
	w.bot(func(a asked) string { got = a; return privately })
	if _, err := w.Send(t.Context(), ada, form.ID, nil); err != nil {
		t.Fatal(err)
	}
	row := got.data()["components"].([]any)[0].(map[string]any)["components"].([]any)
	if value := row[0].(map[string]any)["value"]; value != "Acme Fans" {
		t.Errorf("what was typed is lost: %v", value)
	}
}

func TestPress(t *testing.T) {
	w := newWorld(t, Options{})
	card := w.post(`{"content":"card","components":[{"type":1,"components":[
		{"type":2,"style":1,"label":"Approve","custom_id":"approve?id=1"},
		{"type":2,"style":4,"label":"Gone","custom_id":"gone","disabled":true},
		{"type":2,"style":5,"label":"Open","url":"https://a.example"}]}]}`)
	var got []asked
	w.bot(func(a asked) string { got = append(got, a); return privately })
	screen, err := w.Press(t.Context(), bob, card, "Approve")
	if err != nil || len(screen.Private) != 1 || screen.Private[0].Text != "only you" {
		t.Fatalf("%+v, %v", screen, err)
	}
	if diff := cmp.Diff(map[string]any{"component_type": 2.0, "id": 2.0, "custom_id": "approve?id=1"}, got[0].data()); diff != "" {
		t.Error(diff)
	}
	if screen, err := w.Press(t.Context(), bob, card, "Open"); err != nil || screen.Form != nil || len(got) != 1 {
		t.Errorf("a link: %+v, %v, %d deliveries", screen, err, len(got))
	}
	for name, c := range map[string]struct{ who, message, label string }{
		"a disabled button":    {bob, card, "Gone"},
		"no such button":       {bob, card, "Deny"},
		"no such message":      {bob, "1", "Approve"},
		"no such person":       {"1", card, "Approve"},
		"somebody else's note": {ada, screen.Private[0].ID, "Approve"},
	} {
		if _, err := w.Press(t.Context(), c.who, c.message, c.label); err == nil {
			t.Errorf("%s was pressed", name)
		}
	}
}

func TestAnswersToAButtonReplyToItsMessage(t *testing.T) {
	w := newWorld(t, Options{})
	card := w.post(`{"content":"card","components":[` + rowOf + `]}`)
	w.bot(always(`{"type":4,"data":{"content":"public"}}`))
	if _, err := w.Press(t.Context(), bob, card, "Approve"); err != nil {
		t.Fatal(err)
	}
	w.bot(always(privately))
	if _, err := w.Press(t.Context(), bob, card, "Approve"); err != nil {
		t.Fatal(err)
	}
	got := w.read(bob, general)
	if len(got) != 2 || len(got[0].Thread) != 1 || got[0].Thread[0].Text != "public" || !got[1].Private {
		t.Errorf("got %+v", got)
	}
}

func TestChoose(t *testing.T) {
	w := newWorld(t, Options{AnyCommand: true})
	w.bot(func(a asked) string {
		if a.Type == kindCommand {
			return `{"type":4,"data":{"content":"review","flags":64,"components":[
				{"type":1,"components":[{"type":3,"custom_id":"kind","placeholder":"Kind",` + kinds + `}]},
				{"type":1,"components":[{"type":3,"custom_id":"cats","max_values":2,"min_values":0,` + kinds + `}]}]}}`
		}
		values := a.data()["values"].([]any)
		text := a.data()["custom_id"].(string)
		for _, v := range values {
			text += " " + v.(string)
		}
		return `{"type":7,"data":{"content":"` + text + `"}}`
	})
	screen, err := w.Type(t.Context(), ada, general, "/x")
	if err != nil {
		t.Fatal(err)
	}
	review := screen.Private[0]
	labels := []string{"Public", "Private, for members", "Secret"}
	want := []person.Field{
		{Label: "Kind", Value: "Public", Options: labels},
		{Label: "Make a selection", Value: "Public", Options: labels, Many: true, Optional: true},
	}
	if diff := cmp.Diff(want, review.Menus); diff != "" {
		t.Error(diff)
	}
	for _, c := range []struct {
		label   string
		options []string
		want    string
	}{
		{"Kind", []string{"Private, for members"}, "kind 2"},
		{"Make a selection", []string{"Public", "Secret"}, "cats 1 3"},
		{"Make a selection", nil, "cats"},
	} {
		screen, err := w.Choose(t.Context(), ada, review.ID, c.label, c.options...)
		if err != nil || len(screen.Private) != 1 || screen.Private[0].Text != c.want {
			t.Errorf("%s %v: %+v, %v", c.label, c.options, screen, err)
		}
	}
	for name, c := range map[string]struct {
		who, label string
		options    []string
	}{
		"no such menu":      {ada, "Type", []string{"Public"}},
		"no such option":    {ada, "Kind", []string{"Hidden"}},
		"too many":          {ada, "Kind", []string{"Public", "Secret"}},
		"too few":           {ada, "Kind", nil},
		"another's message": {bob, "Kind", []string{"Public"}},
	} {
		if _, err := w.Choose(t.Context(), c.who, review.ID, c.label, c.options...); err == nil {
			t.Errorf("%s was chosen", name)
		}
	}
}

func TestOptionsAreReadFromTheirLabels(t *testing.T) {
	c := component{Options: []selectOption{{Label: "A", Value: "a"}, {Label: "A, B", Value: "ab"}, {Label: "B", Value: "b"}, {Label: "A, B, too", Value: "c"}}}
	for in, want := range map[string]struct {
		values  []string
		unknown string
	}{
		"":            {[]string{}, ""},
		"A":           {[]string{"a"}, ""},
		" B ,  A ":    {[]string{"b", "a"}, ""},
		"A, B":        {[]string{"ab"}, ""},
		"A, B,B":      {[]string{"ab", "b"}, ""},
		"A, B, too,A": {[]string{"c", "a"}, ""},
		"B,B":         {[]string{"b"}, ""},
		"AB":          {[]string{}, "AB"},
		"B,C":         {[]string{"b"}, "C"},
	} {
		values, unknown := c.chosen(in)
		if diff := cmp.Diff(want.values, values); diff != "" || unknown != want.unknown {
			t.Errorf("%q: unknown %q, %s", in, unknown, diff)
		}
	}
}

func TestAnUpdateOfAMessageThatIsGone(t *testing.T) {
	w := newWorld(t, Options{})
	card := w.post(`{"content":"card","components":[` + rowOf + `]}`)
	w.bot(func(asked) string {
		if err := w.s.ChannelMessageDelete(general, card); err != nil {
			t.Error(err)
		}
		return `{"type":7,"data":{"content":"new"}}`
	})
	if _, err := w.Press(t.Context(), ada, card, "Approve"); err != errBadAnswer {
		t.Errorf("got %v", err)
	}
}

func TestReadNestsThreadsUnderTheirMessage(t *testing.T) {
	w := newWorld(t, Options{AnyCommand: true})
	card := w.post(`{"content":"card"}`)
	if _, err := w.s.MessageThreadStart(general, card, "Acme", 60); err != nil {
		t.Fatal(err)
	}
	if _, err := w.s.ChannelMessageSend(card, "made"); err != nil {
		t.Fatal(err)
	}
	w.bot(always(privately))
	if _, err := w.Type(t.Context(), ada, card, "/x"); err != nil {
		t.Fatal(err)
	}
	if got := w.read(ada, general); len(got) != 1 || len(got[0].Thread) != 2 || got[0].Thread[0].Text != "made" || !got[0].Thread[1].Private {
		t.Errorf("Ada sees %+v", got)
	}
	if got := w.read(bob, card); len(got) != 1 || got[0].Text != "made" {
		t.Errorf("Bob sees in the thread %+v", got)
	}
}
