package commands

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"communitybot/bot"
	"communitybot/bot/bottest"
)

// kept is commands on a store in memory, with approvals.
func kept(change func(*Options)) (*Commands, *bottest.Store) {
	s := new(bottest.Store)
	o := Options{Store: s, Types: types, Now: bottest.NewClock(start).Now, Policy: bot.Policy{Required: 1}}
	if change != nil {
		change(&o)
	}
	return New(o), s
}

// FuzzTheFormFromEndToEnd sends a form with anything in it. It is either refused with words at its fields, or there is a
// request; the form that changes the request takes what it shows, and sent as it is changes nothing.
func FuzzTheFormFromEndToEnd(f *testing.F) {
	f.Add("Acme", "acme", "For #fans", "a, b", "2", "1, 3", "Trail", "1.png", "u1 u2", "why", "hashtags")
	f.Add("\u200d", "Ünder", "#"+strings.Repeat("é", 60), ",,#", "Private", "-1", strings.Repeat("x,", 40), "../x", "@", strings.Repeat("y", 501), "ai_banner,ai,hashtags")
	f.Add("<!channel> @everyone", "", "=1+1\r\n#a#b", "#a b\u2028c", "", "99999999999999999999", "a\nb", "", "u\u00a01", "\xff", "")
	f.Fuzz(func(t *testing.T, name, handle, description, tags, kind, categories, proposed, picture, members, why, options string) {
		v := bot.Values{fieldName: name, fieldHandle: handle, fieldDescription: description, fieldTags: tags, fieldType: kind,
			fieldCategories: categories, fieldProposed: proposed, fieldPicture: picture, fieldMembers: members, fieldWhy: why, fieldOptions: options}
		c, s := kept(nil)
		sent := bot.Event{Call: bot.Call{Command: nameCreate, Values: v}, Step: bot.Submit, ID: "e1", By: ada, At: here}
		if _, err := c.Handle(t.Context(), sent); err != nil {
			explained(t, c, err)
			if list, _ := s.List(t.Context(), bot.Filter{Limit: 1}); len(list) > 0 {
				t.Error("refused, and kept")
			}
			return
		}
		made, err := s.Request(t.Context(), 1)
		if err != nil {
			t.Fatal(err)
		}
		sound(t, made)
		if _, err := c.Handle(t.Context(), sent); err != nil { // a redelivery
			t.Errorf("sent again: %v", err)
		}
		shown := shownBy(t, c, bot.Event{Call: on(&made, nameEdit), Step: bot.Open, ID: "e2", By: ada, At: here})
		for _, step := range []bot.Step{bot.Check, bot.Submit} {
			again := bot.Event{Call: bot.Call{Command: nameEdit, Values: shown}, Step: step, ID: "e3", By: ada, At: here}
			_, err = c.Handle(t.Context(), again)
			if step == bot.Check && err != nil || step == bot.Submit && !errors.Is(err, bot.ErrSame) {
				t.Errorf("step %d with what the form shows: %v", step, err)
			}
		}
		after, err := s.Request(t.Context(), 1)
		if diff := cmp.Diff(made, after, cmpopts.IgnoreUnexported(bot.Request{})); diff != "" || err != nil {
			t.Errorf("%v (-made +after):\n%s", err, diff)
		}
	})
}

// explained holds that a refused form says at each field that is wrong what is.
func explained(t *testing.T, c *Commands, err error) {
	t.Helper()
	var e *bot.Error
	if !errors.As(err, &e) || e.Code != bot.Invalid || len(e.Fields) == 0 {
		t.Fatalf("refused without a word at a field: %v", err)
	}
	form := bot.Form{Fields: c.fields(english.Form, nil)}
	for name, problem := range e.Fields {
		if form.Field(name) == nil || strings.TrimSpace(problem) == "" {
			t.Errorf("the field %q has the problem %q", name, problem)
		}
		if n := utf8.RuneCountInString(problem); n > 1000 {
			t.Errorf("%d characters about %s", n, name)
		}
	}
}

// sound holds what Genuin and the cards rely on.
func sound(t *testing.T, r bot.Request) {
	t.Helper()
	c := r.Community
	if strings.TrimSpace(c.Name) == "" || strings.ContainsFunc(c.Name, unicode.IsControl) {
		t.Errorf("name %q", c.Name)
	}
	if !handlePattern.MatchString(c.Handle) || len(c.Handle) > maxHandle {
		t.Errorf("handle %q", c.Handle)
	}
	if len(c.Tags) > maxTags {
		t.Errorf("%d tags", len(c.Tags))
	}
	for i, tag := range c.Tags {
		if tag == "" || strings.ContainsAny(tag, ",# \n") || slices.Contains(c.Tags[:i], tag) {
			t.Errorf("tag %q of %q", tag, c.Tags)
		}
	}
	if pick(types, c.Type) == nil {
		t.Errorf("type %q", c.Type)
	}
	if strings.ContainsAny(c.Picture+c.Banner, `/\`) {
		t.Errorf("files %q, %q", c.Picture, c.Banner)
	}
	for _, s := range append([]string{c.Name, c.Description, r.Why, c.Picture, c.Banner}, c.Proposed...) {
		if !utf8.ValidString(s) || strings.ContainsAny(s, "\x00\u202e\r") {
			t.Errorf("%q was taken", s)
		}
	}
}

// shownBy returns what the form that answers an event holds, its own call included: what a platform sends back.
func shownBy(t *testing.T, c *Commands, e bot.Event) bot.Values {
	t.Helper()
	reply, err := c.Handle(t.Context(), e)
	ask, isForm := reply.(bot.Ask)
	if err != nil || !isForm {
		t.Fatalf("no form: %#v, %v", reply, err)
	}
	v := bot.Values{}.With(ask.Form.Values)
	for _, f := range ask.Form.Fields {
		v[f.Name] = f.Value
	}
	return v
}

// FuzzForgedCalls sends any call as somebody who is neither requester nor approver: whatever a button or a command is
// made to say, and however it is sent, nobody else's request changes, and an error is one with a code.
func FuzzForgedCalls(f *testing.F) {
	for _, c := range all {
		f.Add(c.name+"?id=1&v=1", uint8(bot.Open), "", "C1")
		f.Add(c.name+"?id=1&v=1&reason=no&name=Mine&handle=mine&link=https%3A%2F%2Fevil.test", uint8(bot.Submit), "name", "C1")
	}
	f.Add("communities?text=list+all&before=9999999999999999999", uint8(bot.Open), "", "C2")
	f.Add("communities?text=show+1", uint8(bot.Suggest), "text", "")
	f.Add("create-community?name=Acme&handle=acme&id=-1&v=x", uint8(bot.Refill), "name", "C1")
	f.Fuzz(func(t *testing.T, text string, step uint8, field, channel string) {
		call, err := bot.ParseCall(text)
		if err != nil {
			return
		}
		c, s := kept(func(o *Options) { o.Policy.Approvers = []bot.Approver{{Platform: "slack", ID: "U9"}} })
		r := bot.NewRequest(bot.Event{ID: "e1", By: ada, At: here}, bot.Community{Name: "Acme", Handle: "acme", Type: "1"}, "", c.Policy, start)
		before, err := s.Add(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		at := here
		at.Channel = channel
		_, err = c.Handle(context.Background(), bot.Event{Call: call, Step: bot.Step(step % 5), Field: field, ID: "e2", By: ben, At: at})
		var known *bot.Error
		if err != nil && !errors.As(err, &known) {
			t.Errorf("an error without words: %v", err)
		}
		after, err := s.Request(t.Context(), 1)
		if diff := cmp.Diff(before, after, cmpopts.IgnoreUnexported(bot.Request{})); diff != "" || err != nil {
			t.Errorf("%s changed it: %v (-before +after):\n%s", text, err, diff)
		}
	})
}
