package slack

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"communitybot/adapters/person"
	"communitybot/adapters/slack/slackfake"
	"communitybot/bot"
)

// follower answers with a form whose handle follows the name until somebody changes it.
func follower() *recorder {
	return &recorder{answer: func(e bot.Event) (bot.Reply, error) {
		if e.Step == bot.Submit {
			return bot.Done{}, nil
		}
		v := bot.Values{"id": "42"}.With(e.Values)
		if e.Step == bot.Refill && v["handle"] == v["made"] {
			v["handle"] = strings.ToLower(strings.ReplaceAll(v["name"], " ", "-"))
			v["made"] = v["handle"]
		}
		hint := "unique"
		if v["name"] == "taken" {
			hint = "not free"
		}
		return bot.Ask{Form: bot.Form{
			Call: bot.Call{Command: "c", Values: v}, Title: "T",
			Fields: []bot.Field{
				{Name: "name", Label: "Name", Leads: true, Required: true, Value: strings.TrimSpace(v["name"])},
				{Name: "handle", Label: "Handle", Hint: hint, Value: v["handle"]},
				{Name: "about", Label: "About", Kind: bot.Lines, Value: v["about"]},
				{Name: "type", Label: "Type", Kind: bot.OneOf, Options: numbered(3), Value: v["type"]},
				{Name: "many", Label: "Many", Kind: bot.ManyOf, Options: numbered(3), Value: v["many"]},
				{Name: "menu", Label: "Menu", Kind: bot.ManyOf, Options: numbered(20), Value: v["menu"]},
			},
		}}, nil
	}}
}

// enters types into a field of a form and returns the form if it changed.
func (d *desk) enters(t *testing.T, form, label, value string) *person.Form {
	t.Helper()
	s, err := d.Enter(t.Context(), "U1", form, label, value)
	if err != nil {
		t.Fatal(err)
	}
	return s.Form
}

func TestAFieldFollowsAnother(t *testing.T) {
	h := follower()
	d := sit(t, h)
	id := d.types(t, "/c").Form.ID
	for label, value := range map[string]string{"About": "a\nb", "Type": "b 2", "Many": "c 3,a 1", "Menu": "t 20,b 2"} {
		if f := d.enters(t, id, label, value); f != nil {
			t.Errorf("%s leads nothing, and the form is now %+v", label, f)
		}
	}
	for i, name := range []string{"Acme", "Acme Fans", "Acme Fans "} {
		f := d.enters(t, id, "Name", name)
		if f == nil {
			t.Fatalf("%q changed nothing\n%s", name, d.log)
		}
		want := []string{name, strings.ToLower(strings.ReplaceAll(name, " ", "-")), "a\nb", "b 2", "c 3,a 1", "t 20,b 2"}
		var got []string
		for _, field := range f.Fields {
			got = append(got, field.Value)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		update := d.calls("views.update")[i]
		if block := `"block_id":"handle~` + strconv.Itoa(i+2) + `"`; !strings.Contains(update.Body, block) || strings.Contains(update.Body, "name~") || strings.Contains(update.Body, "many~") {
			t.Errorf("no %s alone in %s", block, update.Body)
		}
	}
	e := h.seen()[1]
	want := bot.Event{
		Call: bot.Call{Command: "c", Values: bot.Values{"id": "42", "name": "Acme", "handle": "", "about": "a\nb", "type": "2", "many": "3,1", "menu": "20,2"}},
		Step: bot.Refill, Field: "name", ID: e.ID, By: bot.User{Platform: "slack", ID: "U1", Name: "ann", Locale: "en-US"}, At: general,
	}
	if diff := cmp.Diff(want, e); diff != "" || !strings.HasPrefix(e.ID, "slack:trigger:") {
		t.Errorf("%q (-want +got):\n%s", e.ID, diff)
	}
}

func TestAFieldThatFollowedIsSentAndRefusedByItsName(t *testing.T) {
	h := follower()
	d := sit(t, h)
	form := h.answer
	h.answer = func(e bot.Event) (bot.Reply, error) {
		if e.Step == bot.Submit && e.Values["handle"] == "acme" {
			return nil, &bot.Error{Code: bot.Invalid, Fields: map[string]string{"handle": "It is taken."}}
		}
		return form(e)
	}
	id := d.types(t, "/c").Form.ID
	d.enters(t, id, "Name", "Acme")
	s, err := d.Send(t.Context(), "U1", id, nil)
	if err != nil || s.Form == nil || s.Form.Field("Handle").Problem != "It is taken." {
		t.Fatalf("%+v, %v", s.Form, err)
	}
	if s, err = d.Send(t.Context(), "U1", id, map[string]string{"Handle": "other"}); err != nil || s.Form != nil {
		t.Fatalf("%+v, %v", s.Form, err)
	}
	sent := h.seen()[len(h.seen())-1].Values
	if sent["handle"] != "other" || sent["made"] != "acme" || sent["name"] != "Acme" {
		t.Errorf("sent %v", sent)
	}
}

func TestAFormIsUpdatedOnlyWhenThatMakesADifference(t *testing.T) {
	h := follower()
	d := sit(t, h)
	id := d.types(t, "/c").Form.ID
	d.enters(t, id, "Handle", "mine")
	if f := d.enters(t, id, "Name", "Acme"); f != nil || len(d.calls("views.update")) > 0 {
		t.Errorf("updated: %+v", f)
	}
	if f := d.enters(t, id, "Name", "taken"); f == nil || f.Field("Handle").Hint != "not free" || f.Field("Handle").Value != "mine" {
		t.Errorf("another hint makes a difference: %+v", f)
	}
}

func TestFieldsComeAndGo(t *testing.T) {
	h := follower()
	form := h.answer
	h.answer = func(e bot.Event) (bot.Reply, error) {
		reply, err := form(e)
		if ask, ok := reply.(bot.Ask); ok && e.Values["name"] == "few" {
			ask.Form.Fields = ask.Form.Fields[:2]
			return ask, err
		}
		return reply, err
	}
	d := sit(t, h)
	id := d.types(t, "/c").Form.ID
	d.enters(t, id, "Handle", "mine")
	if f := d.enters(t, id, "Name", "few"); f == nil || len(f.Fields) != 2 {
		t.Fatalf("%+v", f)
	}
	if f := d.enters(t, id, "Name", "all"); f == nil || len(f.Fields) != 6 {
		t.Fatalf("%+v", f)
	}
}

func TestARefillThatFailsChangesNothing(t *testing.T) {
	for name, answer := range map[string]func() (bot.Reply, error){
		"an error":             func() (bot.Reply, error) { return nil, errors.New("no database") },
		"another reply":        func() (bot.Reply, error) { return bot.Tell{Text: bot.Say("hello")}, nil },
		"a panic":              func() (bot.Reply, error) { panic("oh") },
		"a form of no drawing": func() (bot.Reply, error) { return bot.Ask{Form: bot.Form{Fields: make([]bot.Field, 101)}}, nil },
	} {
		t.Run(name, func(t *testing.T) {
			h := follower()
			form := h.answer
			h.answer = func(e bot.Event) (bot.Reply, error) {
				if e.Step == bot.Refill {
					return answer()
				}
				return form(e)
			}
			d := sit(t, h)
			s, err := d.Enter(t.Context(), "U1", d.types(t, "/c").Form.ID, "Name", "Acme")
			if err != nil || s.Form != nil || len(s.Private) > 0 {
				t.Errorf("%+v, %v", s, err)
			}
		})
	}
}

func TestAnUpdateThatSlackRefusesIsAtMostLogged(t *testing.T) {
	for name, tc := range map[string]struct {
		failure slackfake.Failure
		logged  bool
	}{
		"a newer update is there": {slackfake.Refuse("hash_conflict"), false},
		"the form was closed":     {slackfake.Refuse("not_found"), false},
		"a failing Slack":         {slackfake.Status(http.StatusBadGateway, 0), true},
	} {
		t.Run(name, func(t *testing.T) {
			d := sit(t, follower())
			id := d.types(t, "/c").Form.ID
			d.Fail("views.update", 1, tc.failure)
			if f := d.enters(t, id, "Name", "Acme"); f != nil {
				t.Errorf("came up: %+v", f)
			}
			until(t, "the log", func() bool { return !tc.logged || strings.Contains(d.log.String(), "level=WARN") })
			if strings.Contains(d.log.String(), "level=WARN") != tc.logged {
				t.Errorf("log:\n%s", d.log)
			}
			if f := d.enters(t, id, "Name", "Acme Fans"); f == nil || f.Field("Handle").Value != "acme-fans" {
				t.Errorf("the next time: %+v", f)
			}
		})
	}
}

func TestARefillThatComesAgainChangesNothing(t *testing.T) {
	h := follower()
	d := sit(t, h)
	id := d.types(t, "/c").Form.ID
	d.enters(t, id, "Name", "Acme")
	d.enters(t, id, "Handle", "mine")
	r, err := d.Redeliver(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_ = r.Body.Close()
	if events := h.seen(); len(events) != 3 || events[1].ID != events[2].ID {
		t.Errorf("%+v", events)
	}
	d.rest()
	if updates := d.calls("views.update"); len(updates) != 1 {
		t.Errorf("%+v", updates)
	}
	if _, err := d.Send(t.Context(), "U1", id, nil); err != nil || h.seen()[3].Values["handle"] != "mine" {
		t.Errorf("%+v, %v", h.seen()[3], err)
	}
}

func TestAFormOfOursOnlyIsRefilled(t *testing.T) {
	h := answering(bot.Done{})
	body := `{"type":"block_actions","user":{"id":"U1"},"trigger_id":"1.2.3","container":{"type":"view"},
		"actions":[{"type":"plain_text_input","block_id":"name","value":"x"}],
		"view":{"id":"V1","type":"modal","private_metadata":"hello","blocks":[{"type":"input","block_id":"name"}]}}`
	if got := listen(t, h, "").send(payloadBody(body)); got.status != 200 || got.body != "" || len(h.seen()) > 0 {
		t.Errorf("%+v, %+v", got, h.seen())
	}
}

func TestTheFieldOfABlock(t *testing.T) {
	for id, want := range map[string]string{"handle": "handle", "handle~2": "handle", "handle~31": "handle", "a~b": "a~b", "~2": "~2", "a~2~3": "a~2", "": ""} {
		if got := fieldOf(id); got != want {
			t.Errorf("%q is of %q, want %q", id, got, want)
		}
	}
	for id, want := range map[string]string{"handle": "handle~2", "handle~2": "handle~3", "handle~9": "handle~10"} {
		if got := generation("handle", id); got != want {
			t.Errorf("after %q %q, want %q", id, got, want)
		}
	}
}

// typing types into the name, with nobody waiting for what comes of it.
func (d *desk) typing(t *testing.T, form, value string) (done chan struct{}) {
	done = make(chan struct{})
	go func() {
		defer close(done)
		if _, err := d.Enter(t.Context(), "U1", form, "Name", value); err != nil {
			t.Error(err)
		}
	}()
	return done
}

func TestTheLastRefillWinsWhenSlackIsSlow(t *testing.T) {
	h := follower()
	d := sit(t, h)
	id := d.types(t, "/c").Form.ID
	release := make(chan struct{})
	d.Fail("views.update", 1, slackfake.Hold(release))
	first := d.typing(t, id, "Ac")
	until(t, "the first is on its way", func() bool { return len(d.calls("views.update")) == 1 })
	d.enters(t, id, "About", "mine")
	second := d.typing(t, id, "Acme")
	until(t, "the second is heard", func() bool { return len(h.seen()) == 3 })
	close(release)
	<-first
	<-second
	d.rest()
	updates := d.calls("views.update")
	if len(updates) != 2 || strings.Contains(updates[1].Response, "hash_conflict") || strings.Contains(updates[1].Body, "about~") || strings.Contains(updates[1].Body, "name~") {
		t.Errorf("%+v", updates)
	}
	if _, err := d.Send(t.Context(), "U1", id, nil); err != nil {
		t.Fatal(err)
	}
	sent := h.seen()[3].Values
	if sent["handle"] != "acme" || sent["name"] != "Acme" || sent["about"] != "mine" {
		t.Errorf("sent %v", sent)
	}
}

func TestARefillThatIsLateIsNotShown(t *testing.T) {
	h := follower()
	form := h.answer
	slow, release := make(chan struct{}), make(chan struct{})
	h.answer = func(e bot.Event) (bot.Reply, error) {
		if e.Values["name"] == "Ac" {
			close(slow)
			<-release
		}
		return form(e)
	}
	d := sit(t, h)
	id := d.types(t, "/c").Form.ID
	first := d.typing(t, id, "Ac")
	<-slow
	if f := d.enters(t, id, "Name", "Acme"); f == nil || f.Field("Handle").Value != "acme" {
		t.Errorf("%+v", f)
	}
	close(release)
	<-first
	d.rest()
	if n := len(d.calls("views.update")); n != 1 {
		t.Errorf("%d updates", n)
	}
}

func TestASampleFollowsWithoutTouchingWhatIsTyped(t *testing.T) {
	h := &recorder{answer: func(e bot.Event) (bot.Reply, error) {
		if e.Step == bot.Submit {
			return bot.Done{}, nil
		}
		return bot.Ask{Form: bot.Form{Call: bot.Call{Command: "c"}, Title: "T", Fields: []bot.Field{
			{Name: "name", Label: "Name", Leads: true, Value: e.Values["name"]},
			{Name: "handle", Label: "Handle", Sample: strings.ToLower(e.Values["name"]), Value: e.Values["handle"]},
		}}}, nil
	}}
	d := sit(t, h)
	id := d.types(t, "/c").Form.ID
	release := make(chan struct{})
	d.Fail("views.update", 1, slackfake.Hold(release))
	done := d.typing(t, id, "Acme")
	until(t, "it is on its way", func() bool { return len(d.calls("views.update")) == 1 })
	d.enters(t, id, "Handle", "my-own")
	close(release)
	<-done
	d.rest()
	update := d.calls("views.update")[0]
	if !strings.Contains(update.Body, `"placeholder":{"type":"plain_text","text":"acme"`) || strings.Contains(update.Body, "handle~") {
		t.Errorf("%s", update.Body)
	}
	if _, err := d.Send(t.Context(), "U1", id, nil); err != nil {
		t.Fatal(err)
	}
	if sent := h.seen()[2].Values; sent["handle"] != "my-own" {
		t.Errorf("sent %v", sent)
	}
}

func TestWhichMomentIsLater(t *testing.T) {
	for moment, other := range map[string]string{"1700000000.000200": "1700000000.000100", "10000000000.0": "9999999999.9", "1.1": ""} {
		if !after(moment, other) || after(other, moment) || after(moment, moment) {
			t.Errorf("%s and %s", moment, other)
		}
	}
}
