package adaptertest

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"

	"communitybot/adapters/person"
	"communitybot/bot"
)

// form asks for two values, and carries one.
func form() bot.Form {
	return bot.Form{
		Call: bot.Call{Command: "paint", Values: bot.Values{"id": "42"}}, Title: "Paint it", Submit: "Paint",
		Fields: []bot.Field{
			{Name: "color", Label: "Color", Value: "red", Required: true, Max: 20},
			{Name: "notes", Label: "Notes", Kind: bot.Lines, Hint: "Anything else?"},
		},
	}
}

func typed(b *bench) {
	b.reply(bot.Tell{Text: bot.Say("ok")})
	b.typing("/communities")
	e, _ := b.last()
	b.same("communities", e.Command)
	b.same(bot.Open, e.Step)
	b.same(bot.User{Platform: b.Ada.Platform, ID: b.Ada.ID, Name: b.Ada.Name}, bot.User{Platform: e.By.Platform, ID: e.By.ID, Name: e.By.Name})
	b.same(b.Channel, e.At)
	if e.ID == "" || !strings.HasPrefix(e.ID, b.Channel.Platform+":") {
		b.t.Errorf("event ID %q does not start with its platform", e.ID)
	}
}

func asked(b *bench) {
	b.reply(bot.Ask{Form: form()})
	f := b.typing("/paint").Form
	if f == nil {
		b.t.Fatal("no form came up")
	}
	b.same("Paint it", f.Title)
	b.same("red", f.Field("Color").Value)
	b.same(true, f.Field("Notes").Optional)
	b.reply(bot.Done{Text: bot.Say("Painted.")})
	s := b.must(b.Chat.Send(b.t.Context(), b.Ada.ID, f.ID, map[string]string{"Color": "blue", "Notes": "two\nlines"}))
	if s.Form != nil {
		b.t.Errorf("the form is still open: %+v", s.Form)
	}
	e, _ := b.last()
	b.same(bot.Submit, e.Step)
	b.same(bot.Call{Command: "paint", Values: bot.Values{"id": "42", "color": "blue", "notes": "two\nlines"}}, e.Call)
	b.same(b.Channel.Channel, e.At.Channel)
}

func refused(b *bench) {
	b.answer(func(_ context.Context, e bot.Event) (bot.Reply, error) {
		switch {
		case e.Step == bot.Open:
			f := form()
			for i, field := range f.Fields {
				if v, ok := e.Values[field.Name]; ok {
					f.Fields[i].Value = v
				}
			}
			return bot.Ask{Form: f}, nil
		case e.Values["color"] == "mauve":
			return nil, &bot.Error{Code: bot.Invalid, Message: "Look again.", Fields: map[string]string{"color": "No mauve here."}}
		}
		return bot.Done{}, nil
	})
	s := b.typing("/paint")
	s = b.must(b.Chat.Send(b.t.Context(), b.Ada.ID, s.Form.ID, map[string]string{"Color": "mauve", "Notes": "precious"}))
	if s.Form == nil { // the platform can't keep a form open: a note says what is wrong, and opens it again
		note := s.Private[len(s.Private)-1]
		b.says(note.Text, "Color", "No mauve here.")
		s = b.must(b.Chat.Press(b.t.Context(), b.Ada.ID, note.ID, "Try again"))
	} else {
		b.says(s.Form.Field("Color").Problem, "No mauve here.")
	}
	b.same("mauve", s.Form.Field("Color").Value)
	b.same("precious", s.Form.Field("Notes").Value)
	b.must(b.Chat.Send(b.t.Context(), b.Ada.ID, s.Form.ID, map[string]string{"Color": "green"}))
	e, _ := b.last()
	b.same(bot.Values{"id": "42", "color": "green", "notes": "precious"}, e.Values)
	b.same(0, len(public(b.read(b.Ben))))
}

// public returns the messages that everybody sees.
func public(all []person.Message) (open []person.Message) {
	for _, m := range all {
		if !m.Private {
			open = append(open, m)
		}
	}
	return open
}

func told(b *bench) {
	b.reply(bot.Tell{Text: bot.Say("Between {who} and me.", "who", bot.Name(b.Ada))})
	s := b.typing("/communities")
	if len(s.Private) != 1 {
		b.t.Fatalf("%d private messages, want 1", len(s.Private))
	}
	b.says(s.Private[0].Text, "Between "+b.Ada.Name+" and me.")
	b.same(0, len(b.read(b.Ben)))
}

func done(b *bench) {
	b.reply(bot.Done{})
	if s := b.typing("/communities"); s.Form != nil {
		b.t.Errorf("a form came up: %+v", s.Form)
	}
	b.same(0, len(b.read(b.Ben)))
}

// plain is a text of words as they are.
func plain(words string) bot.Text { return bot.Text{bot.Plain(words)} }

// card is a card with a button.
func card(text string) bot.Card {
	return bot.Card{Key: "c1", Title: "Acme", Text: plain(text), Actions: []bot.Action{
		{Call: bot.Call{Command: "agree", Values: bot.Values{"id": "42", "v": "3"}}, Label: "Approve", Style: bot.Primary},
		{Call: bot.Call{Command: "deny", Values: bot.Values{"id": "42"}}, Label: "Deny…", Style: bot.Danger},
	}}
}

func pressed(b *bench) {
	at := b.post(b.Channel, card("Waits."))
	before := b.only()
	b.reply(bot.Done{})
	b.must(b.Chat.Press(b.t.Context(), b.Ben.ID, at.Message, "Approve"))
	e, _ := b.last()
	b.same(bot.Call{Command: "agree", Values: bot.Values{"id": "42", "v": "3"}}, e.Call)
	b.same(b.Ben.ID, e.By.ID)
	b.same(at, e.At)
	b.same(before, b.only()) // redrawing it is the work of jobs, which run in order
}

func pressedInVain(b *bench) {
	at := b.post(b.Channel, card("Waits."))
	b.answer(func(context.Context, bot.Event) (bot.Reply, error) {
		return nil, &bot.Error{Code: bot.Forbidden, Message: "Only Ada can do that."}
	})
	s := b.must(b.Chat.Press(b.t.Context(), b.Ben.ID, at.Message, "Approve"))
	if len(s.Private) != 1 {
		b.t.Fatalf("%d private messages, want 1", len(s.Private))
	}
	b.says(s.Private[0].Text, "Only Ada can do that.")
	b.same(2, len(public(b.read(b.Ada))[0].Buttons))
}

func panicked(b *bench) {
	b.answer(func(context.Context, bot.Event) (bot.Reply, error) { panic("a bug") })
	s := b.typing("/communities")
	if len(s.Private) != 1 || strings.Contains(s.Private[0].Text, "bug") {
		b.t.Errorf("after a panic people see %+v", s.Private)
	}
	told(b)
}

func ourFault(b *bench) {
	b.answer(func(context.Context, bot.Event) (bot.Reply, error) {
		return nil, errors.New("dial tcp 10.0.0.1: connection refused")
	})
	s := b.typing("/communities")
	if len(s.Private) != 1 || strings.Contains(s.Private[0].Text, "tcp") {
		b.t.Fatalf("people see %+v", s.Private)
	}
	b.says(s.Private[0].Text, "on our side")
}

func redelivered(b *bench) {
	b.reply(bot.Tell{Text: bot.Say("ok")})
	b.typing("/communities")
	first, _ := b.last()
	b.Again(b.t.Context())
	second, n := b.last()
	b.same(2, n)
	b.same(first, second)
	b.typing("/communities")
	if third, _ := b.last(); third.ID == first.ID {
		b.t.Errorf("typing it again has the same ID %q", third.ID)
	}
}

func unsigned(b *bench) {
	b.reply(bot.Tell{Text: bot.Say("ok")})
	handler := b.Adapter.Handler(b)
	for _, body := range []string{"", "{}", `{"type":1}`, "payload=%7B%7D", "command=%2Fcreate-community", strings.Repeat("x", 2<<20)} {
		r, err := http.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		if err != nil {
			b.t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		b.same(http.StatusUnauthorized, w.Code)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.same(0, len(b.events))
}
