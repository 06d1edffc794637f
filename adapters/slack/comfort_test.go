package slack

import (
	"testing"

	"communitybot/bot"
)

func TestWhatHelpsPeopleWorksInSocketMode(t *testing.T) {
	h := library()
	answer := h.answer
	h.answer = func(e bot.Event) (bot.Reply, error) {
		if e.Command == bot.Home {
			return bot.Board{Cards: []bot.Card{{Text: bot.Say("Welcome.")}}}, nil
		}
		reply, err := answer(e)
		if ask, ok := reply.(bot.Ask); ok {
			ask.Form.Fields = append(ask.Form.Fields,
				bot.Field{Name: "name", Label: "Name", Leads: true}, bot.Field{Name: "handle", Label: "Handle", Value: e.Values["name"]})
			return ask, err
		}
		return reply, err
	}
	w := plug(t, h, nil)
	w.online(t, 1)
	raw, err := Manifest(someCommands, "", true)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Install(raw); err != nil {
		t.Fatal(err)
	}
	s, err := w.Shortcut(t.Context(), "U1", w.Say("U2", "C2", "hello"), "Create a community")
	if err != nil || s.Form == nil {
		t.Fatalf("shortcut: %+v, %v", s, err)
	}
	if found, err := w.Search(t.Context(), "U1", s.Form.ID, "Many", "x 24"); err != nil || len(found) != 1 {
		t.Errorf("search: %q, %v", found, err)
	}
	if f := w.enters(t, s.Form.ID, "Name", "Acme"); f == nil || f.Field("Handle").Value != "Acme" {
		t.Errorf("refill: %+v", f)
	}
	if seen := w.opens(t); len(seen) != 1 || seen[0].Text != "Welcome." {
		t.Errorf("home: %+v", seen)
	}
}
