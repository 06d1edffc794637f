package bot_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"communitybot/bot"
)

func TestSay(t *testing.T) {
	group := bot.User{Platform: "slack", ID: "S1", Name: "ops", Group: true}
	for name, c := range map[string]struct {
		text bot.Text
		want string
	}{
		"words":                      {bot.Say("plain"), "plain"},
		"nothing":                    {bot.Say(""), ""},
		"a span, a text and a value": {bot.Say("{x} {y} {z}!", "x", bot.Bold("b"), "y", bot.Say("t {l}", "l", bot.Literal("l")), "z", 42), "b t l 42!"},
		"another order":              {bot.Say("{b}, {a}", "a", "one", "b", "two"), "two, one"},
		"one twice":                  {bot.Say("{a}{a}", "a", "x"), "xx"},
		"a value too few":            {bot.Say("{a} and {b}", "a", "one"), "one and {b}"},
		"a value too many":           {bot.Say("{a}", "a", "one", "b", "two"), "one"},
		"a name without its value":   {bot.Say("{a}", "a"), "{a}"},
		"nothing to say of it":       {bot.Say("a{gap}b", "gap", ""), "ab"},
		"braces in a value":          {bot.Say("{a} {b}", "a", "{b}", "b", "two"), "{b} two"},
		"a brace that is open":       {bot.Say("a { b", "b", "x"), "a { b"},
		"a link with words":          {bot.Text{bot.Link{URL: "https://x.test", Label: "here"}}, "here (https://x.test)"},
		"a link alone":               {bot.Text{bot.Link{URL: "https://x.test"}}, "https://x.test"},
		"a link that is its words":   {bot.Text{bot.Link{URL: "https://x.test", Label: "https://x.test"}}, "https://x.test"},
		"people":                     {bot.Say("{a} {b}", "a", bot.Name(ada), "b", bot.Mention(ben)), "Ada @Ben"},
		"people without a name":      {bot.Say("{a} {b}", "a", bot.Name{ID: "U7"}, "b", bot.Mention{ID: "U8"}), "U7 @U8"},
		"groups":                     {bot.Say("{a} {b}", "a", bot.Name(group), "b", bot.Mention(group)), "@ops @ops"},
		"a time":                     {bot.Text{bot.Time(start)}, "2026-03-01 09:00 UTC"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := c.text.String(); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestACardAsPlainText(t *testing.T) {
	card := bot.Card{
		Title: "Acme", Text: bot.Say("It exists: {link}", "link", bot.Link{URL: "https://x.test"}), Footer: bot.Say("Request {n}", "n", 1),
		Facts: []bot.Fact{{Label: "Handle", Value: bot.Text{bot.Literal("acme")}}, {Label: "Agreed", Value: bot.Text{bot.Name(ben)}}},
	}
	if diff := cmp.Diff("Acme\nIt exists: https://x.test\nHandle: acme\nAgreed: Ben\nRequest 1", card.Plain()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := (bot.Card{Text: bot.Say("words alone")}).Plain(); got != "words alone" {
		t.Errorf("a line: %q", got)
	}
}

func TestARefusalInTheLog(t *testing.T) {
	cause := errors.New("connection reset")
	r := &bot.Refusal{Reason: bot.HandleTaken, Code: "5216", Message: "taken", Err: cause}
	if got := r.Error(); got != "genuin: handle_taken (5216): taken: connection reset" || !errors.Is(r, cause) {
		t.Errorf("%q", got)
	}
	if got := (&bot.Refusal{Reason: bot.NoAnswer}).Error(); got != "genuin: no_answer" {
		t.Errorf("%q", got)
	}
}

func TestAnErrorInTheLogAndForPeople(t *testing.T) {
	cause := errors.New("channel_not_found")
	e := &bot.Error{Code: bot.NoAccess, Message: "Add me to the channel.", Err: cause}
	if got := e.Error(); got != "no_access: Add me to the channel.: channel_not_found" || !errors.Is(e, cause) || bot.CodeOf(e) != bot.NoAccess {
		t.Errorf("%q", got)
	}
	if bot.CodeOf(cause) != bot.Internal {
		t.Error("an error that is not ours has a code")
	}
	if bot.CodeOf(nil) != "" {
		t.Error("no error has a code")
	}
}

func TestAFunctionIsAHandler(t *testing.T) {
	var h bot.Handler = bot.HandlerFunc(func(_ context.Context, e bot.Event) (bot.Reply, error) {
		return bot.Done{Text: bot.Say(e.ID)}, nil
	})
	reply, err := h.Handle(t.Context(), bot.Event{ID: "e1"})
	if done, ok := reply.(bot.Done); err != nil || !ok || done.Text.String() != "e1" {
		t.Errorf("%#v, %v", reply, err)
	}
}

func TestAFieldOfAForm(t *testing.T) {
	f := bot.Form{Fields: []bot.Field{{Name: "a"}, {Name: "b"}}}
	f.Field("b").Value = "set"
	if f.Fields[1].Value != "set" || f.Field("c") != nil {
		t.Errorf("form %+v", f)
	}
}
