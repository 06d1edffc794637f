package discord

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"communitybot/adapters/person"
	"communitybot/bot"

	"github.com/google/go-cmp/cmp"
)

// newOlderWorld is a world whose Discord takes nothing but rows of text inputs in a modal, and an adapter that knows.
func newOlderWorld(t *testing.T, command bot.HandlerFunc) *world {
	t.Helper()
	w := newWorld(t, command)
	w.RefuseLabels()
	w.a.older.Store(true)
	return w
}

func TestALongFormIsFilledInStepByStep(t *testing.T) {
	w := newOlderWorld(t, community)
	page1 := w.types("/create-community name:Acme Fans")
	if diff := cmp.Diff([]string{"Name", "Handle", "Description", "Tags", "Profile picture"}, labelsOf(page1.Form)); diff != "" {
		t.Fatalf("page 1 (-want +got):\n%s", diff)
	}
	if name := page1.Form.Field("Name"); name.Value != "Acme Fans" || name.Optional || name.Hint != "What people will see" || !page1.Form.Field("Description").Long {
		t.Errorf("page 1 is %+v", page1.Form)
	}

	m := w.note(w.sends(page1, map[string]string{"Description": "All about Acme"}))
	for _, want := range []string{"Create a community", "It will be on Genuin.", "Name: Acme Fans", "Handle: acme-fans", "Description: All about Acme", "Type: Public", "press Create"} {
		if !strings.Contains(m.Text, want) {
			t.Errorf("the review lacks %q:\n%s", want, m.Text)
		}
	}
	if diff := cmp.Diff([]string{"Create", "Edit", "Banner, Members, Why"}, m.Buttons); diff != "" {
		t.Errorf("buttons (-want +got):\n%s", diff)
	}
	var menus []string
	for _, x := range m.Menus {
		menus = append(menus, x.Label+"="+x.Value)
	}
	if diff := cmp.Diff([]string{"Type=Public", "Categories=", "Made by AI="}, menus); diff != "" {
		t.Errorf("menus (-want +got):\n%s", diff)
	}

	m2 := w.note(w.chooses(m.ID, "Categories", "Sports", "Music"))
	if m2.ID != m.ID || !strings.Contains(m2.Text, "Categories: Sports, Music") || m2.Menus[1].Value != "Sports,Music" {
		t.Errorf("after the menu: %+v", m2)
	}
	more := w.presses(m.ID, "Banner, Members, Why")
	if diff := cmp.Diff([]string{"Banner", "Members", "Why"}, labelsOf(more.Form)); diff != "" {
		t.Fatalf("page 2 (-want +got):\n%s", diff)
	}
	m3 := w.note(w.sends(more, map[string]string{"Why": "Fans asked for it"}))
	if m3.ID != m.ID || !strings.Contains(m3.Text, "Why: Fans asked for it") || !strings.Contains(m3.Text, "Sports, Music") {
		t.Errorf("after page 2: %+v", m3)
	}
	again := w.presses(m.ID, "Edit")
	if again.Form.Field("Description").Value != "All about Acme" {
		t.Errorf("page 1 is not filled in: %+v", again.Form)
	}
	w.sends(again, map[string]string{"Description": ""})

	end := w.note(w.presses(m.ID, "Create"))
	if end.ID != m.ID || end.Text != "Acme Fans is on its way." || len(end.Buttons)+len(end.Menus) != 0 {
		t.Errorf("the end is %+v", end)
	}
	sent := w.seen(bot.Submit)
	if len(sent) != 1 || !strings.HasPrefix(sent[0].ID, "discord:draft:") || sent[0].At != here {
		t.Fatalf("sent %+v", sent)
	}
	want := bot.Values{"name": "Acme Fans", "handle": "", "description": "", "tags": "", "picture": "", "type": "1",
		"categories": "1,2", "banner": "", "members": "", "why": "Fans asked for it"}
	if diff := cmp.Diff(want, sent[0].Values); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
	if p := w.Problems(); len(p) > 0 {
		t.Errorf("Discord refused: %v", p)
	}
}

func TestABadPageIsListedAndReopenedFilledIn(t *testing.T) {
	w := newOlderWorld(t, community)
	note := w.note(w.sends(w.types("/create-community name:Acme"), map[string]string{"Handle": "Acme Fans!", "Description": "Kept"}))
	if want := "This needs a change before it can be sent:\n• Handle: Use letters, digits, dots and dashes."; note.Text != want {
		t.Errorf("the note is %q", note.Text)
	}
	if diff := cmp.Diff([]string{"Try again"}, note.Buttons); diff != "" || len(note.Menus) != 0 {
		t.Errorf("buttons (-want +got):\n%s\nmenus %v", diff, note.Menus)
	}
	form := w.presses(note.ID, "Try again")
	if want := "Handle: Use letters, digits, dots and dashes."; form.Form.Title != want { // 45 characters
		t.Errorf("the title is %q, want %q", form.Form.Title, want)
	}
	if f := form.Form.Field("Handle"); f == nil || f.Value != "Acme Fans!" {
		t.Fatalf("reopened as %+v", form.Form)
	}
	if form.Form.Field("Description").Value != "Kept" {
		t.Errorf("what was typed is lost: %+v", form.Form)
	}
	review := w.note(w.sends(form, map[string]string{"Handle": "acme"}))
	if review.ID != note.ID || !slices.Contains(review.Buttons, "Create") || !strings.Contains(review.Text, "Handle: acme") {
		t.Errorf("after the repair: %+v", review)
	}
}

func TestTryAgainOpensThePageThatIsWrong(t *testing.T) {
	w := newOlderWorld(t, community)
	m := w.note(w.sends(w.types("/create-community name:Acme"), nil))
	note := w.note(w.sends(w.presses(m.ID, "Banner, Members, Why"), map[string]string{"Members": "me"}))
	form := w.presses(note.ID, "Try again")
	if form.Form.Fields[0].Label != "Banner" || !strings.HasPrefix(form.Form.Title, "Members: Use") {
		t.Errorf("reopened as %q, %v", form.Form.Title, labelsOf(form.Form))
	}
}

func TestABadChoiceShowsTheMenus(t *testing.T) {
	w := newOlderWorld(t, community)
	m := w.note(w.sends(w.types("/create-community name:Acme"), nil))
	note := w.note(w.chooses(m.ID, "Categories", "Arts, Crafts"))
	if !strings.Contains(note.Text, "Categories: Genuin does not know") || len(note.Menus) != 3 || note.Menus[1].Value != "Arts, Crafts" {
		t.Errorf("the note is %+v", note)
	}
	again := w.note(w.presses(note.ID, "Try again")) // there is no page to open: it looks again
	if !strings.Contains(again.Text, "Genuin does not know") {
		t.Errorf("after trying again: %+v", again)
	}
	review := w.note(w.chooses(note.ID, "Categories"))
	if !slices.Contains(review.Buttons, "Create") || strings.Contains(review.Text, "Categories:") {
		t.Errorf("after the repair: %+v", review)
	}
}

func TestAFormWithAProblemOpensWhereItIs(t *testing.T) {
	for _, c := range []struct {
		name, field string
		page        []string // or a message
		say         string   // in the page's title, or in the message
	}{
		{"on page 1", "handle", []string{"Name", "Handle", "Description", "Tags", "Profile picture"}, "Handle: It is taken."},
		{"on page 2", "why", []string{"Banner", "Members", "Why"}, "Why: It is taken."},
		{"in a choice", "type", nil, "⚠ Type: It is taken."},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newOlderWorld(t, func(ctx context.Context, e bot.Event) (bot.Reply, error) {
				r, err := community(ctx, e)
				if ask, ok := r.(bot.Ask); ok && e.Step == bot.Open {
					ask.Form.Field(c.field).Problem = "It is taken."
				}
				return r, err
			})
			s := w.types("/create-community name:Acme")
			if diff := cmp.Diff(c.page, labelsOf(s.Form)); diff != "" {
				t.Fatalf("page (-want +got):\n%s", diff)
			}
			if c.page == nil {
				if m := w.note(s); !strings.Contains(m.Text, c.say) || len(m.Menus) != 3 || !strings.Contains(m.Text, "Name: Acme") {
					t.Errorf("the review is %+v", m)
				}
				return
			}
			if s.Form.Title != c.say {
				t.Errorf("the title is %q, want %q", s.Form.Title, c.say)
			}
			if m := w.note(w.sends(s, nil)); !slices.Contains(m.Buttons, "Create") {
				t.Errorf("the review is %+v", m)
			}
		})
	}
}

func TestAFormOfChoicesOnlyNeedsNoModal(t *testing.T) {
	w := newOlderWorld(t, func(_ context.Context, e bot.Event) (bot.Reply, error) {
		if e.Step == bot.Submit {
			return bot.Done{}, nil
		}
		f := bot.Form{Call: bot.Call{Command: "pick"}, Title: "Pick", Fields: []bot.Field{
			{Name: "color", Label: "Color", Kind: bot.OneOf, Options: []bot.Option{{Value: "r", Label: "Red"}, {Value: "g", Label: "Green"}}}}}
		return bot.Ask{Form: overlay(f, e.Values, nil)}, nil
	})
	m := w.note(w.types("/pick"))
	if diff := cmp.Diff([]string{"Send"}, m.Buttons); diff != "" {
		t.Errorf("buttons (-want +got):\n%s", diff)
	}
	w.chooses(m.ID, "Color", "Green")
	if end := w.note(w.presses(m.ID, "Send")); end.Text != "Done." {
		t.Errorf("the end is %+v", end)
	}
	if sent := w.seen(bot.Submit); len(sent) != 1 || sent[0].Values["color"] != "g" {
		t.Errorf("sent %+v", sent)
	}
}

func TestARedeliveredPageChangesNothing(t *testing.T) {
	w := newOlderWorld(t, community)
	m := w.note(w.sends(w.types("/create-community name:Acme"), map[string]string{"Tags": "one"}))
	var page []byte
	for _, x := range w.Requests() {
		if x.Delivery {
			page = x.Body
		}
	}
	w.chooses(m.ID, "Type", "Private")
	if res, err := w.Deliver(t.Context(), page); err != nil || res.StatusCode != 200 {
		t.Fatal(res, err)
	}
	w.presses(m.ID, "Create")
	if sent := w.seen(bot.Submit); len(sent) != 1 || sent[0].Values["type"] != "2" || sent[0].Values["tags"] != "one" {
		t.Errorf("sent %+v", sent)
	}
}

func TestTwoMenusSetAtOnceBothCount(t *testing.T) {
	w := newOlderWorld(t, community)
	m := w.note(w.sends(w.types("/create-community name:Acme"), nil))
	w.drafts.slow = true
	var both sync.WaitGroup
	for menu, option := range map[string]string{"Type": "Private", "Categories": "Music", "Made by AI": "Banner"} {
		both.Go(func() {
			if _, err := w.Choose(t.Context(), ada, m.ID, menu, option); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	w.presses(m.ID, "Create")
	v := w.seen(bot.Submit)[0].Values
	if v["type"] != "2" || v["categories"] != "2" || v["ai"] != "banner" {
		t.Errorf("sent %v", v)
	}
}

func TestTheReviewStaysWhenAButtonFails(t *testing.T) {
	for _, press := range []string{"Create", "Edit", "menu"} {
		t.Run(press, func(t *testing.T) {
			w := newOlderWorld(t, community)
			m := w.note(w.sends(w.types("/create-community name:Acme"), nil))
			w.drafts.fail(nil, errors.New("disk full"))
			var s person.Screen
			if press == "menu" {
				s = w.chooses(m.ID, "Type", "Private")
			} else {
				s = w.presses(m.ID, press)
			}
			if told := w.note(s); told.ID == m.ID || !strings.Contains(told.Text, "Something went wrong") {
				t.Errorf("told %+v", told)
			}
			w.drafts.fail(nil, nil)
			if end := w.note(w.presses(m.ID, "Create")); end.Text != "Acme is on its way." {
				t.Errorf("the end is %+v", end)
			}
		})
	}
}
