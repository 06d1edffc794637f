package peers_test

import (
	"strings"
	"testing"
	"time"

	"communitybot/adapters/person"
)

// group is a channel in which Ada asks and Ben agrees.
type group struct {
	person.Chat
	ada, ben, channel string
}

// see waits until who sees a message in the channel that is as it should be.
func (g group) see(t *testing.T, who, what string, right func(person.Message) bool) person.Message {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	end := time.After(patience)
	for {
		messages, err := g.Read(t.Context(), who, g.channel)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range messages {
			if right(m) {
				return m
			}
		}
		select {
		case <-tick.C:
		case <-end:
			t.Fatalf("there never is %s: %+v", what, messages)
		}
	}
}

// converse goes the whole way with a bot: command, form, a problem at a field, the form again, a card, a button on it, a
// reply in its thread. problem finds what is said about the handle.
func (g group) converse(t *testing.T, command string, problem func(person.Screen) string) {
	t.Helper()
	screen, err := g.Type(t.Context(), g.ada, g.channel, command)
	if err != nil || screen.Form == nil {
		t.Fatalf("no form came up: %+v, %v", screen, err)
	}
	if got := screen.Form.Field("Name"); got == nil || got.Value != "Acme" {
		t.Fatalf("the name typed is not in the form: %+v", screen.Form)
	}
	screen, err = g.Send(t.Context(), g.ada, screen.Form.ID, map[string]string{"Handle": "Not a Handle"})
	if err != nil || !strings.Contains(problem(screen), "mall letters and digits only") {
		t.Fatalf("a bad handle is not refused: %+v, %v", screen, err)
	}
	if screen.Form == nil { // Discord shows it anew
		if screen, err = g.Type(t.Context(), g.ada, g.channel, command); err != nil || screen.Form == nil {
			t.Fatalf("no form came up again: %+v, %v", screen, err)
		}
	}
	screen, err = g.Send(t.Context(), g.ada, screen.Form.ID, map[string]string{"Handle": "acme"})
	if err != nil || screen.Form != nil {
		t.Fatalf("the form is refused: %+v, %v", screen, err)
	}
	card := g.see(t, g.ada, "a card", func(m person.Message) bool { return strings.Contains(m.Text, "Acme (acme)") && m.Button("Approve") })
	if _, err := g.Press(t.Context(), g.ben, card.ID, "Approve"); err != nil {
		t.Fatal(err)
	}
	g.see(t, g.ada, "a card without a button and with a reply", func(m person.Message) bool {
		return m.ID == card.ID && !m.Button("Approve") && len(m.Thread) == 1 && strings.Contains(m.Thread[0].Text, "Ben agreed.")
	})
}
