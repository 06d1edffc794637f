package discord

import (
	"context"
	"strings"
	"testing"

	"communitybot/adapters/person"
	"communitybot/bot"

	"github.com/google/go-cmp/cmp"
)

// brief is community with a form of which most people see one modal: name, description, type and categories.
func brief(ctx context.Context, e bot.Event) (bot.Reply, error) {
	r, err := community(ctx, e)
	if ask, ok := r.(bot.Ask); ok {
		ask.Form.Brief = true
		for i := range ask.Form.Fields {
			f := &ask.Form.Fields[i]
			switch f.Name {
			case "name", "description", "type", "categories":
			case "ai":
				f.Extra, f.Value = true, "picture"
			default:
				f.Extra = true
			}
		}
		r = ask
	}
	return r, err
}

func TestABriefFormIsSentAtOnce(t *testing.T) {
	w := newWorld(t, brief)
	s := w.types("/create-community name:Acme Fans handle:acme")
	want := []person.Field{
		{Label: "Name", Value: "Acme Fans", Hint: "What people will see"},
		{Label: "Description", Long: true, Optional: true},
		{Label: "Type", Value: "Public", Options: []string{"Public", "Private"}},
		{Label: "Categories", Options: []string{"Sports", "Music", "Arts, Crafts"}, Many: true, Optional: true},
	}
	if diff := cmp.Diff(want, s.Form.Fields); diff != "" || s.Form.Title != "Create a community" {
		t.Fatalf("%q (-want +got):\n%s", s.Form.Title, diff)
	}
	end := w.note(w.sends(s, map[string]string{"Type": "Private", "Categories": "Sports, Music"}))
	if end.Text != "Acme Fans is on its way." || len(end.Buttons) != 0 {
		t.Errorf("the end is %+v", end)
	}
	sent := w.seen(bot.Submit)
	values := bot.Values{"name": "Acme Fans", "handle": "acme", "description": "", "type": "2", "categories": "1,2", "ai": "picture"}
	if len(sent) != 1 || strings.Contains(sent[0].ID, "draft") || len(w.seen(bot.Check)) != 0 {
		t.Fatalf("sent %+v", sent)
	}
	if diff := cmp.Diff(values, sent[0].Values); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
}

func TestAChoiceCanBeTakenBack(t *testing.T) {
	w := newWorld(t, brief)
	w.sends(w.types("/create-community name:Acme categories:Sports"), map[string]string{"Categories": ""})
	if v := w.seen(bot.Submit)[0].Values; v["categories"] != "" {
		t.Errorf("sent %v", v)
	}
}

func TestWhatABriefFormDoesNotShowIsKeptAsADraftWhenItIsLong(t *testing.T) {
	w := newWorld(t, brief)
	why := strings.Repeat("because ", 30) + "so"
	w.sends(w.types("/create-community name:Acme why:"+why), map[string]string{"Description": "x"})
	want := bot.Values{"name": "Acme", "description": "x", "type": "1", "categories": "", "ai": "picture", "why": why}
	if diff := cmp.Diff(want, w.seen(bot.Submit)[0].Values); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
}

func TestARefusedBriefFormIsReopenedWithTheProblemAtItsField(t *testing.T) {
	w := newWorld(t, brief)
	note := w.note(w.sends(w.types("/create-community name:Acme handle:acme"), map[string]string{"Name": " ", "Type": "Private"}))
	if note.Text != "This needs a change before it can be sent:\n• Name: Give it a name." || !cmp.Equal(note.Buttons, []string{"Try again"}) || len(note.Menus) != 0 {
		t.Fatalf("the note is %+v", note)
	}
	form := w.presses(note.ID, "Try again")
	if f := form.Form.Field("Name"); len(form.Form.Fields) != 4 || f.Hint != "⚠ Give it a name." || form.Form.Title != "Create a community" || form.Form.Field("Type").Value != "Private" {
		t.Fatalf("reopened as %+v", form.Form)
	}
	if end := w.note(w.sends(form, map[string]string{"Name": "Acme"})); end.ID != note.ID || end.Text != "Acme is on its way." {
		t.Errorf("the end is %+v", end)
	}
	sent := w.seen(bot.Submit)
	if v := sent[len(sent)-1].Values; v["type"] != "2" || v["handle"] != "acme" || v["ai"] != "picture" {
		t.Errorf("sent %v", v)
	}
}

func TestAProblemThatABriefFormDoesNotShowOpensItsPage(t *testing.T) {
	w := newWorld(t, brief)
	note := w.note(w.sends(w.types("/create-community name:Acme handle:no!"), nil))
	if !strings.Contains(note.Text, "• Handle: Use letters") {
		t.Fatalf("the note is %+v", note)
	}
	form := w.presses(note.ID, "Try again")
	if diff := cmp.Diff([]string{"Name", "Handle", "Description", "Tags", "Type"}, labelsOf(form.Form)); diff != "" {
		t.Fatalf("page (-want +got):\n%s", diff)
	}
	if f := form.Form.Field("Handle"); f.Value != "no!" || f.Hint != "⚠ Use letters, digits, dots and dashes." {
		t.Errorf("the handle is %+v", f)
	}
	review := w.note(w.sends(form, map[string]string{"Handle": "acme"}))
	if diff := cmp.Diff([]string{"Create", "Edit", "Categories, Made by AI, Profile picture, Banner, Members", "Why"}, review.Buttons); diff != "" {
		t.Fatalf("buttons (-want +got):\n%s", diff)
	}
	page := w.presses(review.ID, "Edit") // a page, and not what the form began with
	if len(page.Form.Fields) != 5 {
		t.Errorf("opened %v", labelsOf(page.Form))
	}
	again := w.note(w.sends(page, map[string]string{"Name": " "})) // what is wrong on a page leads back to it, and to the review
	if page = w.presses(again.ID, "Try again"); len(page.Form.Fields) != 5 || page.Form.Field("Name").Hint != "⚠ Give it a name." {
		t.Fatalf("reopened as %+v", page.Form)
	}
	review = w.note(w.sends(page, map[string]string{"Name": "Acme"}))
	if end := w.note(w.presses(review.ID, "Create")); end.Text != "Acme is on its way." {
		t.Errorf("the end is %+v", end)
	}
	sent := w.seen(bot.Submit)
	if v := sent[len(sent)-1].Values; v["handle"] != "acme" || v["ai"] != "picture" || v["type"] != "1" {
		t.Errorf("sent %v", v)
	}
}

func TestABriefFormWithAProblemElsewhereOpensThere(t *testing.T) {
	w := newWorld(t, func(ctx context.Context, e bot.Event) (bot.Reply, error) {
		r, err := brief(ctx, e)
		if ask, ok := r.(bot.Ask); ok && e.Step == bot.Open {
			ask.Form.Field("why").Problem = "cut to 500 characters."
		}
		return r, err
	})
	s := w.types("/create-community name:Acme why:x handle:acme")
	if diff := cmp.Diff([]string{"Why"}, labelsOf(s.Form)); diff != "" {
		t.Fatalf("page (-want +got):\n%s", diff)
	}
	review := w.note(w.sends(s, map[string]string{"Why": "y"}))
	w.presses(review.ID, "Create")
	if v := w.seen(bot.Submit)[0].Values; v["why"] != "y" || v["handle"] != "acme" || v["ai"] != "picture" || v["name"] != "Acme" {
		t.Errorf("sent %v", v)
	}
}

func TestALongFormIsPagesOfLabels(t *testing.T) {
	w := newWorld(t, community)
	page1 := w.types("/create-community name:Acme Fans")
	if diff := cmp.Diff([]string{"Name", "Handle", "Description", "Tags", "Type"}, labelsOf(page1.Form)); diff != "" {
		t.Fatalf("page 1 (-want +got):\n%s", diff)
	}
	m := w.note(w.sends(page1, map[string]string{"Type": "Private", "Tags": "one"}))
	if diff := cmp.Diff([]string{"Create", "Edit", "Categories, Made by AI, Profile picture, Banner, Members", "Why"}, m.Buttons); diff != "" || len(m.Menus) != 0 {
		t.Fatalf("menus %v, buttons (-want +got):\n%s", m.Menus, diff)
	}
	for _, want := range []string{"Create a community", "It will be on Genuin.", "Name: Acme Fans", "Type: Private", "press Create"} {
		if !strings.Contains(m.Text, want) {
			t.Errorf("the review lacks %q:\n%s", want, m.Text)
		}
	}
	page2 := w.presses(m.ID, m.Buttons[2])
	if f := page2.Form.Field("Categories"); !f.Many || len(f.Options) != 3 {
		t.Fatalf("page 2 is %+v", page2.Form)
	}
	m2 := w.note(w.sends(page2, map[string]string{"Categories": "Music,Arts, Crafts", "Made by AI": "Banner"}))
	if m2.ID != m.ID || !strings.Contains(m2.Text, "Categories: Music, Arts, Crafts") {
		t.Errorf("after page 2: %+v", m2)
	}
	if end := w.note(w.presses(m.ID, "Create")); end.Text != "Acme Fans is on its way." {
		t.Errorf("the end is %+v", end)
	}
	want := bot.Values{"name": "Acme Fans", "handle": "", "description": "", "tags": "one", "type": "2",
		"categories": "2,3", "ai": "banner", "picture": "", "banner": "", "members": ""}
	if diff := cmp.Diff(want, w.seen(bot.Submit)[0].Values); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
}

func TestAFormWithChoicesIsOneModal(t *testing.T) {
	w := newWorld(t, func(_ context.Context, e bot.Event) (bot.Reply, error) {
		if e.Step == bot.Submit {
			return bot.Done{}, nil
		}
		return bot.Ask{Form: bot.Form{Call: bot.Call{Command: "pick"}, Title: "Pick", Fields: []bot.Field{
			{Name: "color", Label: "Color", Kind: bot.OneOf, Options: []bot.Option{{Value: "r", Label: "Red"}, {Value: "g", Label: "Green"}}, Required: true}}}}, nil
	})
	s := w.types("/pick")
	if refused := w.must(w.Send(t.Context(), ada, s.Form.ID, nil)); refused.Form == nil || refused.Form.Fields[0].Problem == "" {
		t.Errorf("a required choice was sent empty: %+v", refused)
	}
	if end := w.note(w.sends(s, map[string]string{"Color": "Green"})); end.Text != "Done." {
		t.Errorf("the end is %+v", end)
	}
	if sent := w.seen(bot.Submit); len(sent) != 1 || sent[0].Values["color"] != "g" || len(w.seen(bot.Check)) != 0 {
		t.Errorf("sent %+v", sent)
	}
}
