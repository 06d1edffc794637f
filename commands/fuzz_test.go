package commands

import (
	"context"
	"encoding/csv"
	"errors"
	"slices"
	"strconv"
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

// FuzzHandles holds that every handle that is made, proposed or offered can be taken, and that a good one stays.
func FuzzHandles(f *testing.F) {
	for _, s := range []string{"Acme", "東京 Tokyo", "...", "a-_-", strings.Repeat("ab-", 40), "ß", "\u200d", "-a", "№ 1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, words string) {
		made := slugOf(words)
		typed := problems{english, map[string]string{}}
		taken := typed.handle(words, "")
		if fine := len(typed.at) == 0 && taken != ""; fine && taken != clean(words) {
			t.Errorf("%q is taken as %q", words, taken)
		}
		for _, handle := range []string{made, taken} {
			if handle == "" || handle == taken && len(typed.at) > 0 {
				continue
			}
			again := problems{english, map[string]string{}}
			if got := again.handle(handle, "other"); got != handle || len(again.at) > 0 {
				t.Fatalf("%q, of %q, is read as %q: %v", handle, words, got, again.at)
			}
			free, err := suggest(t.Context(), new(bottest.Store), handle)
			if err != nil || len(free) != 3 || slices.Contains(free, handle) {
				t.Errorf("in place of %q: %q, %v", handle, free, err)
			}
			for _, other := range free {
				if !handlePattern.MatchString(other) || len(other) > maxHandle {
					t.Errorf("%q in place of %q", other, handle)
				}
			}
		}
	})
}

// FuzzLists holds that what is read of tags, hashtags, categories and members is read the same again.
func FuzzLists(f *testing.F) {
	for _, s := range []string{"a, b", "#a #b#c", "हिन्दी #हिन्दी", "1,01,+1, 1", "u1\nu2,u1", "x\u2028y", ",#\u200d,", "a\u00a0b\xffc"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		p := problems{english, map[string]string{}}
		once := func(what string, got, again []string) {
			t.Helper()
			if diff := cmp.Diff(got, again, cmpopts.EquateEmpty()); diff != "" && len(p.at) == 0 {
				t.Errorf("%s of %q (-first +again):\n%s", what, typed, diff)
			}
		}
		tags := p.tags(typed)
		once("tags", tags, p.tags(strings.Join(tags, separator)))
		found := hashtags(typed)
		once("hashtags", found, hashtags("#" + strings.Join(found, " #"))[:min(len(found), 1<<30)])
		for _, tag := range found {
			if !strings.Contains(typed, "#"+tag) {
				t.Errorf("the hashtag %q is not in %q", tag, typed)
			}
		}
		members := p.members(typed)
		once("members", members, p.members(strings.Join(members, "\n")))
		ids := p.categories(typed, nil)
		for i, id := range ids {
			if id < 0 || slices.Contains(ids[:i], id) {
				t.Errorf("categories %v", ids)
			}
		}
	})
}

// FuzzExport holds that no cell of the CSV begins like a formula, wherever a spreadsheet thinks that cells begin: those
// set up for semicolons or tabs take a whole line of ours as one cell, and part it there.
func FuzzExport(f *testing.F) {
	f.Add("Acme", "=1+1", "a\n=1+1", 0)
	f.Add("@SUM(1)", "x;=cmd|' /C calc'!A0;", "\t-1", 3)
	f.Add(" =1", "\"=1\",\"", "\r\n+1;;@x", -5)
	f.Fuzz(func(t *testing.T, name, person, note string, seq int) {
		var out strings.Builder
		write, flush, err := Export("csv", &out)
		if err != nil {
			t.Fatal(err)
		}
		r := bot.Request{ID: 7, Community: bot.Community{Name: name, Handle: note}, Made: bot.Made{URL: person}}
		e := bot.Entry{Seq: seq, At: start, By: bot.User{Platform: "slack", ID: "U1", Name: person}, Where: bot.Place{Platform: name, Channel: note}, Note: note}
		if err := errors.Join(write(r, e), flush()); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(strings.NewReader(out.String())).ReadAll()
		if err != nil || len(rows) != 2 || len(rows[1]) != len(rows[0]) {
			t.Fatalf("%d rows, %v", len(rows), err)
		}
		for i, cell := range rows[1] {
			if n, err := strconv.Atoi(cell); err == nil && n == seq && rows[0][i] == "seq" {
				continue
			}
			for _, part := range strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune(";\t\r\n", r) }) {
				part = strings.TrimLeftFunc(part, func(r rune) bool { return r == '"' || unicode.IsSpace(r) })
				if part != "" && strings.ContainsRune("=+-@", rune(part[0])) {
					t.Errorf("%s %q has a cell %q", rows[0][i], cell, part)
				}
			}
		}
	})
}
