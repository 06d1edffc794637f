package slack

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"communitybot/adapters/person"
	"communitybot/adapters/slack/slackfake"
	"communitybot/bot"
	"communitybot/bot/words"
)

// takeBack is a private text with a button.
var takeBack = bot.Tell{Text: bot.Say("You agreed already."), Actions: []bot.Action{
	{Call: bot.Call{Command: "take-back", Values: bot.Values{"id": "42", "v": "3"}}, Label: "Take it back", Style: bot.Danger},
}}

func TestAPrivateTextWithButtons(t *testing.T) { golden(t, "tell", private(draw(tellCard(takeBack)))) }

// first answers the first event with takeBack, and those after it with r or err.
func first(r bot.Reply, err error) *recorder {
	h := &recorder{}
	h.answer = func(bot.Event) (bot.Reply, error) {
		if len(h.seen()) == 1 {
			return takeBack, nil
		}
		return r, err
	}
	return h
}

// ways are those on which a private text gets to somebody in general, who is U2.
var ways = map[string]func(*testing.T, *desk) person.Screen{
	"after a command": func(t *testing.T, d *desk) person.Screen {
		s, err := d.Type(t.Context(), "U2", "C1", "/communities")
		if err != nil {
			t.Fatal(err)
		}
		return s
	},
	"after a button": func(t *testing.T, d *desk) person.Screen { return d.presses(t) },
}

// notes returns the private messages that bob sees in general.
func (d *desk) notes(t *testing.T) []person.Message {
	t.Helper()
	all, err := d.Read(t.Context(), "U2", "C1")
	if err != nil {
		t.Fatal(err)
	}
	var mine []person.Message
	for _, m := range all {
		if m.Private {
			m.ID, m.Author = "", ""
			mine = append(mine, m)
		}
	}
	return mine
}

func TestAButtonOfAPrivateTextIsAnswered(t *testing.T) {
	note := func(text string, buttons ...string) person.Message {
		return person.Message{Text: text, Buttons: buttons, Private: true}
	}
	edited := func(m person.Message) person.Message {
		m.Edited = true
		return m
	}
	told := note("You agreed already.", "Take it back")
	tests := map[string]struct {
		reply bot.Reply
		err   error
		want  []person.Message
		form  bool
	}{
		"Tell":              {reply: bot.Tell{Text: bot.Say("It is taken back.")}, want: []person.Message{edited(note("It is taken back."))}},
		"Tell with buttons": {reply: takeBack, want: []person.Message{edited(told)}},
		"Tell beside":       {reply: bot.Tell{Text: bot.Say("All the details."), Beside: true}, want: []person.Message{told, note("All the details.")}},
		"Done":              {reply: bot.Done{}, want: []person.Message{edited(note("Done."))}},
		"Done with words":   {reply: bot.Done{Text: bot.Say("It is done.")}, want: []person.Message{edited(note("It is done."))}},
		"nothing":           {want: []person.Message{told}},
		"Ask":               {reply: bot.Ask{Form: richForm()}, want: []person.Message{told}, form: true},
		"an error":          {err: errHandle, want: []person.Message{told, note("That does not work.")}},
		"a foreign error":   {err: errors.New("disk on fire"), want: []person.Message{told, note(words.English.Chat.OurFault)}},
	}
	for name, tc := range tests {
		for way, tell := range ways {
			t.Run(name+" "+way, func(t *testing.T) {
				h := first(tc.reply, tc.err)
				d := sit(t, h)
				s := tell(t, d)
				pressed, err := d.Press(t.Context(), "U2", s.Private[0].ID, "Take it back")
				if err != nil || (pressed.Form != nil) != tc.form {
					t.Fatalf("%+v, %v", pressed, err)
				}
				if diff := cmp.Diff(tc.want, d.notes(t)); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				e := h.seen()[1]
				if e.At != general || e.Command != "take-back" || e.Values["id"] != "42" || e.Step != bot.Open {
					t.Errorf("%+v", e)
				}
				for _, m := range d.reads(t, "C1") { // by ann
					if m.Private || m.Edited || m.Text != "Cricket" {
						t.Errorf("the others see %+v", m)
					}
				}
			})
		}
	}
}

func TestAFormOfAPrivateTextKnowsTheChannel(t *testing.T) {
	h := first(nil, nil)
	h.answer = func(e bot.Event) (bot.Reply, error) {
		switch {
		case e.Command == "take-back":
			return bot.Ask{Form: richForm()}, nil
		case e.Step == bot.Submit:
			return bot.Done{}, nil
		}
		return takeBack, nil
	}
	d := sit(t, h)
	told := d.types(t, "/communities").Private[0]
	asked, err := d.Press(t.Context(), "U1", told.ID, "Take it back")
	if err != nil {
		t.Fatal(err)
	}
	sent, err := d.Send(t.Context(), "U1", asked.Form.ID, nil)
	if err != nil || sent.Form != nil {
		t.Fatalf("%+v, %v", sent, err)
	}
	if at := h.seen()[2].At; at != general {
		t.Errorf("at %+v", at)
	}
}

func TestAPrivateTextThatCantBeReplacedStays(t *testing.T) {
	d := sit(t, first(bot.Tell{Text: bot.Say("It is taken back.")}, nil))
	told := d.types(t, "/communities").Private[0]
	d.Fail("response_url", 2, slackfake.Status(http.StatusInternalServerError, 0))
	if s, err := d.Press(t.Context(), "U1", told.ID, "Take it back"); err != nil || len(s.Private) > 0 {
		t.Errorf("%+v, %v", s, err)
	}
	d.rest()
	if log := d.log.String(); !strings.Contains(log, "not answered") || strings.Contains(log, "/hooks/") {
		t.Errorf("log: %s", log)
	}
}
