package slack

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"communitybot/adapters/person"
	"communitybot/adapters/slack/slackfake"
	"communitybot/bot"
	"communitybot/bot/words"
)

// noticed shows takeBack in the form that bob sent, and answers its button with r or err.
func noticed(t *testing.T, r bot.Reply, err error) (*desk, *recorder, string) {
	t.Helper()
	h := &recorder{answer: func(e bot.Event) (bot.Reply, error) {
		switch {
		case e.Command == "take-back":
			return r, err
		case e.Step == bot.Submit:
			return takeBack, nil
		}
		return bot.Ask{Form: richForm()}, nil
	}}
	d := sit(t, h)
	sent, failed := d.Send(t.Context(), "U2", d.presses(t).Form.ID, nil)
	if failed != nil || sent.Form == nil || sent.Form.Text != "You agreed already." || sent.Form.Submit != "" {
		t.Fatalf("%+v, %v", sent.Form, failed)
	}
	return d, h, sent.Form.ID
}

// pressesIn presses the button of a notice.
func (d *desk) pressesIn(t *testing.T, notice string) *person.Form {
	t.Helper()
	s, err := d.Press(t.Context(), "U2", notice, "Take it back")
	if err != nil || len(s.Private) > 0 {
		t.Fatalf("%+v, %v", s, err)
	}
	return s.Form
}

func TestANoticeWithButtons(t *testing.T) {
	at := bot.Place{Platform: "slack", Tenant: "T1", Channel: "C1", Message: "1700.000100"}
	golden(t, "notice-buttons", notice("Deny", tellCard(takeBack), bot.Event{Call: bot.Call{Command: "deny", Values: bot.Values{"id": "42"}}, At: at}))
}

func TestAButtonOfANoticeIsAnsweredInItsPlace(t *testing.T) {
	tests := map[string]struct {
		reply bot.Reply
		want  string
	}{
		"Tell":            {bot.Tell{Text: bot.Say("It is taken back.")}, "It is taken back."},
		"Done":            {bot.Done{}, "Done."},
		"Done with words": {bot.Done{Text: bot.Say("It is done.")}, "It is done."},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			d, h, id := noticed(t, tc.reply, nil)
			want := &person.Form{ID: id, Title: "New community", Text: tc.want}
			if diff := cmp.Diff(want, d.pressesIn(t, id)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			e := h.seen()[2]
			if e.At.Message != d.reads(t, "C1")[0].ID || e.At != h.seen()[0].At || e.By.ID != "U2" || e.Values["id"] != "42" || e.Step != bot.Open {
				t.Errorf("%+v", e)
			}
		})
	}
}

func TestANoticeKeepsItsButtons(t *testing.T) {
	d, _, id := noticed(t, nil, nil)
	if f := d.pressesIn(t, id); f != nil {
		t.Errorf("came up: %+v", f)
	}
	d.pressesIn(t, id)
	d, _, id = noticed(t, takeBack, nil)
	d.pressesIn(t, id)
	if f := d.pressesIn(t, id); f == nil || f.Text != "You agreed already." {
		t.Errorf("came up: %+v", f)
	}
}

func TestAnErrorStandsOnTopOfTheNotice(t *testing.T) {
	for name, tc := range map[string]struct {
		err  error
		want string
	}{
		"with words":    {errHandle, "That does not work."},
		"without words": {errors.New("disk on fire"), words.English.Chat.OurFault},
	} {
		t.Run(name, func(t *testing.T) {
			d, _, id := noticed(t, nil, tc.err)
			f := d.pressesIn(t, id)
			if f == nil || f.ID == id || f.Text != tc.want {
				t.Fatalf("%+v", f)
			}
			if err := d.CloseForm(t.Context(), "U2", f.ID); err != nil {
				t.Fatal(err)
			}
			d.pressesIn(t, id) // its buttons are still there
		})
	}
}

func TestANoticeLeadsToAForm(t *testing.T) {
	d, h, id := noticed(t, bot.Ask{Form: richForm()}, nil)
	f := d.pressesIn(t, id)
	if f == nil || f.ID == id || f.Field("Name") == nil {
		t.Fatalf("%+v", f)
	}
	s, err := d.Send(t.Context(), "U2", f.ID, nil)
	if err != nil || s.Form == nil || s.Form.ID != f.ID {
		t.Fatalf("%+v, %v", s.Form, err)
	}
	events := h.seen()
	if first, second := events[1], events[3]; first.ID == second.ID || second.At != first.At || second.Step != bot.Submit {
		t.Errorf("two forms were sent: %+v, %+v", first, second)
	}
}

func TestAFormThatDoesNotOpenOverANotice(t *testing.T) {
	d, _, id := noticed(t, bot.Ask{Form: richForm()}, nil)
	d.Fail("views.push", 1, slackfake.Refuse("expired_trigger_id"))
	if f := d.pressesIn(t, id); f == nil || !strings.HasSuffix(f.Text, "Please type the command again.") {
		t.Errorf("%+v", f)
	}
}

func TestANoticeThatCantBeAnsweredIsLogged(t *testing.T) {
	for method, tc := range map[string]struct {
		reply bot.Reply
		err   error
	}{
		"views.update": {reply: bot.Tell{Text: bot.Say("secret words")}},
		"views.push":   {err: &bot.Error{Message: "secret words"}},
	} {
		t.Run(method, func(t *testing.T) {
			d, _, id := noticed(t, tc.reply, tc.err)
			d.Fail(method, 1, slackfake.Status(http.StatusTooManyRequests, time.Second))
			if f := d.pressesIn(t, id); f != nil {
				t.Errorf("came up: %+v", f)
			}
			d.rest()
			if log := d.log.String(); !strings.Contains(log, "not answered") || strings.Contains(log, "secret words") {
				t.Errorf("log: %s", log)
			}
		})
	}
}

func TestAButtonInAViewThatIsNotOurs(t *testing.T) {
	d := sit(t, answering(bot.Done{}))
	for name, value := range map[string]string{"its metadata": "approve?id=42", "its button": "a=b"} {
		h := answering(bot.Done{})
		body := `{"type":"block_actions","user":{"id":"U1"},"team":{"id":"T1"},"trigger_id":"1.2.x","container":{"type":"view","view_id":"V1"},` +
			`"view":{"id":"V1","private_metadata":"hello"},"actions":[{"value":"` + value + `"}]}`
		if got := listen(t, h, d.APIURL()).send(payloadBody(body)); got.status != http.StatusOK || got.body != "" || len(h.seen()) > 0 {
			t.Errorf("%s: %+v, %d events", name, got, len(h.seen()))
		}
	}
	until(t, "both are told", func() bool { return len(d.calls("views.push")) == 2 })
}

func TestWhatStandsBesideANoticeGoesOnTopOfIt(t *testing.T) {
	d, _, id := noticed(t, bot.Tell{Text: bot.Say("All the details."), Beside: true}, nil)
	f := d.pressesIn(t, id)
	if f == nil || f.ID == id || f.Text != "All the details." {
		t.Fatalf("%+v", f)
	}
	if err := d.CloseForm(t.Context(), "U2", f.ID); err != nil {
		t.Fatal(err)
	}
	d.pressesIn(t, id) // its button is still there
}
