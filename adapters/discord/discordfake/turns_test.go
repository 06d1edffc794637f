package discordfake

import (
	"slices"
	"testing"
)

func TestExchangesSayWhatTheyArePartOf(t *testing.T) {
	const modal = `{"type":9,"data":{"custom_id":"f","title":"F","components":[{"type":1,"components":[{"type":4,"custom_id":"a","label":"L","style":1}]}]}}`
	const card = `{"type":4,"data":{"content":"card","components":[{"type":1,"components":[{"type":2,"style":1,"custom_id":"go","label":"Go"}]}]}}`
	w := newWorld(t, Options{AnyCommand: true})
	var token string
	w.bot(func(a asked) string {
		switch a.Type {
		case kindCommand:
			return modal
		case kindModal:
			return card
		}
		token = a.Token
		return `{"type":6}`
	})
	s, err := w.Type(t.Context(), ada, general, "/x")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Send(t.Context(), ada, s.Form.ID, map[string]string{"L": "1"}); err != nil {
		t.Fatal(err)
	}
	drawn := w.Wire()[1].Draws[0]
	if _, err := w.Press(t.Context(), ada, drawn, "Go"); err != nil {
		t.Fatal(err)
	}
	w.api("POST", "/webhooks/"+w.Options().ApplicationID+"/"+token, `{"content":"thanks"}`)
	wire := w.Wire()
	command, sent, pressed, note := wire[0], wire[1], wire[2], wire[3]
	if !slices.Contains(sent.Turns, command.Turns[0]) || len(sent.Turns) != 2 {
		t.Errorf("the form is part of %q, the command of %q", sent.Turns, command.Turns)
	}
	if pressed.Uses != drawn || sent.Uses != "" {
		t.Errorf("the click is on %q, want %q; the form on %q", pressed.Uses, drawn, sent.Uses)
	}
	if !slices.Equal(note.Turns, pressed.Turns) || len(note.Draws) != 1 {
		t.Errorf("the note answers %q and draws %q; the click is %q", note.Turns, note.Draws, pressed.Turns)
	}
}
