package slack

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"communitybot/adapters/person"
	"communitybot/adapters/slack/slackfake"
	"communitybot/bot"
	"communitybot/bot/words"
)

// desktop is a home with two requests on it. It tells how often it was drawn; press answers everything else.
func desktop(press func(bot.Event) (bot.Reply, error)) *recorder {
	drawn := 0
	return &recorder{answer: func(e bot.Event) (bot.Reply, error) {
		if e.Command != bot.Home {
			return press(e)
		}
		drawn++
		return bot.Board{Cards: []bot.Card{
			{Title: "Your requests", Text: bot.Say("Drawn {n} times.", "n", drawn)},
			{
				Title: "Cricket", Text: bot.Say("Waiting for <!channel> *somebody*."), Footer: bot.Say("Request 42"),
				Facts:   []bot.Fact{{Label: "Handle", Value: bot.Text{bot.Literal("cricket")}}, {Label: "About", Value: bot.Say("Bats"), Long: true}},
				Actions: []bot.Action{{Call: bot.Call{Command: "edit", Values: bot.Values{"id": "42"}}, Label: "Edit", Style: bot.Primary}},
			},
			{Title: "Chess", Actions: []bot.Action{{Call: bot.Call{Command: "edit", Values: bot.Values{"id": "43"}}, Label: "Edit"}}},
		}}, nil
	}}
}

// opens opens ann's home.
func (d *desk) opens(t *testing.T) []person.Message {
	t.Helper()
	seen, err := d.Home(t.Context(), "U1")
	if err != nil {
		t.Fatal(err)
	}
	return seen
}

func TestAHome(t *testing.T) {
	h := desktop(nil)
	d := sit(t, h)
	got := d.opens(t)
	want := []person.Message{
		{Text: "Your requests\nDrawn 1 times."},
		{Text: "Cricket\nWaiting for <!channel> *somebody*.\nHandle: cricket\nAbout\nBats\nRequest 42", Buttons: []string{"Edit"}},
		{Text: "Chess", Buttons: []string{"Edit"}},
	}
	for i := range want {
		if i < len(got) {
			want[i].ID, want[i].Author, want[i].Private = got[i].ID, "communitybot", true
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s\n%s", diff, d.log)
	}
	e := h.one(t)
	opened := bot.Event{
		Call: bot.Call{Command: bot.Home}, Step: bot.Open, ID: e.ID,
		By: bot.User{Platform: "slack", ID: "U1", Locale: "en-US"}, At: bot.Place{Platform: "slack", Tenant: "T1"},
	}
	if diff := cmp.Diff(opened, e); diff != "" || !strings.HasPrefix(e.ID, "slack:event:Ev") {
		t.Errorf("%q (-want +got):\n%s", e.ID, diff)
	}
	golden(t, "home", json.RawMessage(d.calls("views.publish")[0].Arg("view")))
}

func TestAHomeThatIsOpenedAgainOrHeardOfTwice(t *testing.T) {
	h := desktop(nil)
	d := sit(t, h)
	d.opens(t)
	r, err := d.Redeliver(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_ = r.Body.Close()
	until(t, "drawn again", func() bool { return strings.Contains(d.ReadHome("U1")[0].Text, "Drawn 2 times") })
	if events := h.seen(); len(events) != 2 || events[0].ID != events[1].ID || r.StatusCode != http.StatusOK {
		t.Errorf("%+v", events)
	}
	if got := d.opens(t); len(got) != 3 || !strings.Contains(got[0].Text, "Drawn 3 times") || h.seen()[2].ID == h.seen()[0].ID {
		t.Errorf("%+v", got)
	}
}

func TestAButtonOfAHome(t *testing.T) {
	for name, tc := range map[string]struct {
		reply bot.Reply
		err   error
		form  *person.Form
		drawn int
	}{
		"Done":     {reply: bot.Done{}, drawn: 2},
		"Tell":     {reply: bot.Tell{Text: bot.Say("It is done.")}, form: &person.Form{Title: "Edit", Text: "It is done."}, drawn: 2},
		"an error": {err: errors.New("no database"), form: &person.Form{Title: "Edit", Text: words.English.Chat.OurFault}, drawn: 2},
		"a form that is too long": {
			reply: bot.Ask{Form: bot.Form{Call: bot.Call{Command: "c", Values: bot.Values{"text": strings.Repeat("x", 3000)}}}},
			form:  &person.Form{Title: "Edit", Text: bot.Fill(words.English.Chat.FormTooLong, "platform", "Slack")}, drawn: 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := desktop(func(bot.Event) (bot.Reply, error) { return tc.reply, tc.err })
			d := sit(t, h)
			s, err := d.Press(t.Context(), "U1", d.opens(t)[2].ID, "Edit")
			if err != nil || len(s.Private) > 0 {
				t.Fatalf("%+v, %v", s, err)
			}
			if tc.form != nil && s.Form != nil {
				tc.form.ID = s.Form.ID
			}
			if diff := cmp.Diff(tc.form, s.Form); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			d.rest()
			if got := d.ReadHome("U1")[0].Text; !strings.Contains(got, fmt.Sprintf("Drawn %d times", tc.drawn)) {
				t.Errorf("home: %s, want %d", got, tc.drawn)
			}
			e := h.seen()[1]
			want := bot.Event{
				Call: bot.Call{Command: "edit", Values: bot.Values{"id": "43"}}, Step: bot.Open, ID: e.ID,
				By: bot.User{Platform: "slack", ID: "U1", Name: "ann", Locale: "en-US"}, At: bot.Place{Platform: "slack", Tenant: "T1"},
			}
			if diff := cmp.Diff(want, e); diff != "" {
				t.Errorf("event (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAFormFromAHomeDrawsItAgain(t *testing.T) {
	for name, tc := range map[string]struct {
		submit bot.Reply
		err    error
		drawn  int
	}{
		"Done":     {submit: bot.Done{}, drawn: 2},
		"Tell":     {submit: bot.Tell{Text: bot.Say("It is saved.")}, drawn: 2},
		"an error": {err: &bot.Error{Code: bot.Invalid, Fields: map[string]string{"name": "No."}}, drawn: 1},
	} {
		t.Run(name, func(t *testing.T) {
			d := sit(t, desktop(func(e bot.Event) (bot.Reply, error) {
				if e.Step == bot.Submit {
					return tc.submit, tc.err
				}
				return bot.Ask{Form: richForm()}, nil
			}))
			s, err := d.Press(t.Context(), "U1", d.opens(t)[1].ID, "Edit")
			if err != nil || s.Form == nil {
				t.Fatalf("%+v, %v", s, err)
			}
			if _, err := d.Send(t.Context(), "U1", s.Form.ID, nil); err != nil {
				t.Fatal(err)
			}
			d.rest()
			if got := d.ReadHome("U1")[0].Text; !strings.Contains(got, fmt.Sprintf("Drawn %d times", tc.drawn)) {
				t.Errorf("home: %s, want %d", got, tc.drawn)
			}
		})
	}
}

func TestAButtonOfANoticeFromAHomeDrawsItAgain(t *testing.T) {
	d := sit(t, desktop(func(e bot.Event) (bot.Reply, error) {
		if e.Command == "take-back" {
			return bot.Done{}, nil
		}
		return takeBack, nil
	}))
	s, err := d.Press(t.Context(), "U1", d.opens(t)[1].ID, "Edit")
	if err != nil || s.Form == nil {
		t.Fatalf("%+v, %v", s, err)
	}
	d.rest() // or drawing it for one may do for both
	if s, err = d.Press(t.Context(), "U1", s.Form.ID, "Take it back"); err != nil || s.Form == nil || s.Form.Text != "Done." {
		t.Errorf("%+v, %v", s.Form, err)
	}
	d.rest()
	if got := d.ReadHome("U1")[0].Text; !strings.Contains(got, "Drawn 3 times") {
		t.Error(got)
	}
}

func TestAHomeThatCantBeDrawn(t *testing.T) {
	fails := true
	d := sit(t, &recorder{answer: func(bot.Event) (bot.Reply, error) {
		if fails {
			return nil, errors.New("no database")
		}
		return bot.Done{}, nil
	}})
	if got := d.opens(t); len(got) != 1 || got[0].Text != words.English.Chat.OurFault {
		t.Errorf("%+v", got)
	}
	fails = false
	if got := d.opens(t); len(got) != 1 || len(d.calls("views.publish")) != 1 {
		t.Errorf("another reply changes nothing: %+v", got)
	}
}

func TestAHomeThatSlackRefusesIsLogged(t *testing.T) {
	d := sit(t, desktop(nil))
	d.Fail("views.publish", 1, slackfake.Status(http.StatusBadGateway, 0))
	if got := d.opens(t); got != nil || !strings.Contains(d.log.String(), "home not drawn") {
		t.Errorf("%+v\n%s", got, d.log)
	}
}

func TestAHomeThatDrewOnceKeepsThatWhenItFailsLater(t *testing.T) {
	h := desktop(func(bot.Event) (bot.Reply, error) { return bot.Done{}, nil })
	draw := h.answer
	h.answer = func(e bot.Event) (bot.Reply, error) {
		if strings.HasSuffix(e.ID, ":home") {
			return nil, errors.New("no database")
		}
		return draw(e)
	}
	d := sit(t, h)
	if _, err := d.Press(t.Context(), "U1", d.opens(t)[1].ID, "Edit"); err != nil {
		t.Fatal(err)
	}
	d.rest()
	if got := d.ReadHome("U1"); len(got) != 3 {
		t.Errorf("%+v", got)
	}
}

func TestALongHomeIsCut(t *testing.T) {
	long := bot.Card{Title: "T", Text: bot.Text{bot.Plain(strings.Repeat("é ", 4000))}, Actions: oneButton.Actions}
	short := bot.Card{Title: "T", Text: bot.Say("x"), Actions: oneButton.Actions}
	for name, tc := range map[string]struct {
		card         bot.Card
		blocks, last int
	}{
		"many cards": {short, 100, 2},
		"long cards": {long, 40, 2},
	} {
		t.Run(name, func(t *testing.T) {
			d := sit(t, answering(bot.Board{Cards: make([]bot.Card, 0)}))
			cards := make([]bot.Card, 200)
			for i := range cards {
				cards[i] = tc.card
			}
			blocks := home(bot.Board{Cards: cards})
			if len(blocks) > tc.blocks {
				t.Errorf("%d blocks", len(blocks))
			}
			d.adapter.publish(t.Context(), "U1", bot.Board{Cards: cards})
			seen := d.ReadHome("U1")
			if len(seen) < 3 || !strings.HasSuffix(seen[len(seen)-1].Text, "…") || !seen[0].Button("Approve") {
				t.Errorf("%d parts\n%s", len(seen), d.log)
			}
		})
	}
}

func TestAnEmptyHome(t *testing.T) {
	d := sit(t, answering(bot.Board{}))
	if got := d.opens(t); len(got) != 1 || got[0].Text != "" || len(d.calls("views.publish")) != 1 {
		t.Errorf("%+v\n%s", got, d.log)
	}
}

func TestOtherEventsDoNothing(t *testing.T) {
	h := answering(bot.Board{})
	l := listen(t, h, "")
	for _, body := range []string{
		`{"type":"event_callback","event_id":"Ev1","team_id":"T1","event":{"type":"app_home_opened","tab":"messages","user":"U1"}}`,
		`{"type":"event_callback","event_id":"Ev1","team_id":"T1","event":{"type":"app_home_opened","tab":"home"}}`,
		`{"type":"event_callback","event_id":"Ev1","team_id":"T1","event":{"type":"message","user":"U1"}}`,
		`{"type":"app_rate_limited"}`,
	} {
		if got := l.send(body); got.status != http.StatusOK || got.body != "" || len(h.seen()) > 0 {
			t.Errorf("%s: %+v", body, got)
		}
	}
}

func TestAnOlderHomeNeverComesAfterANewerOne(t *testing.T) {
	h := desktop(nil)
	d := sit(t, h)
	release := make(chan struct{})
	d.Fail("views.publish", 1, slackfake.Hold(release))
	d.opens(t) // of what is on its way nothing is seen yet
	d.opens(t)
	d.opens(t)
	if n := len(h.seen()); n != 1 {
		t.Errorf("asked for %d times while one is on its way", n)
	}
	close(release)
	until(t, "the last", func() bool { return len(d.calls("views.publish")) == 2 })
	d.rest()
	if got := d.ReadHome("U1")[0].Text; !strings.Contains(got, "Drawn 2 times") || len(d.calls("views.publish")) != 2 {
		t.Errorf("%s", got)
	}
	if len(d.adapter.homes.next) > 0 {
		t.Errorf("still held: %v", d.adapter.homes.next)
	}
}

func TestANoticeOfAHomeHasAWholeTitle(t *testing.T) {
	for label, want := range map[string]string{"Choose another handle …": "Choose another handle …", "It's ours – add link to it": "communitybot"} {
		d := sit(t, &recorder{answer: func(e bot.Event) (bot.Reply, error) {
			if e.Command == bot.Home {
				return bot.Board{Cards: []bot.Card{{Title: "T", Actions: []bot.Action{{Call: bot.Call{Command: "x"}, Label: label}}}}}, nil
			}
			return bot.Tell{Text: bot.Say("Hello")}, nil
		}})
		s, err := d.Press(t.Context(), "U1", d.opens(t)[0].ID, label)
		if err != nil || s.Form == nil || s.Form.Title != want {
			t.Errorf("%q: %+v, %v", label, s.Form, err)
		}
	}
}
