package slack

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"communitybot/adapters/person"
	"communitybot/adapters/slack/slackfake"
	"communitybot/bot"
)

// annAlone is where ann alone is told something in general.
var annAlone = bot.Place{Platform: "slack", Tenant: "T1", Channel: "C1", User: "U1"}

func TestACardInPrivateInAChannel(t *testing.T) {
	hidden := func(d *desk) { // from the bot
		d.AddChannel(slackfake.Channel{ID: "C1", Name: "general", Members: []string{"U1", "U2"}, Private: true})
	}
	d := sit(t, answering(bot.Done{}))
	d.types(t, "/create-community")
	hidden(d)
	card := oneButton
	card.Images = []bot.Image{{URL: "https://c.test/dp.png", Alt: "Picture"}}
	for _, again := range []bool{false, true} {
		card.Again = again
		at, err := d.adapter.Post(t.Context(), annAlone, card)
		if diff := cmp.Diff(annAlone, at); diff != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
		if err := d.adapter.Update(t.Context(), at, bot.Card{Title: "Changed"}); err != nil {
			t.Errorf("redrawing: %v", err)
		}
	}
	all := d.reads(t, "C1")
	want := person.Message{ID: all[0].ID, Author: "communitybot", Text: "Cricket", Buttons: []string{"Approve"}, Private: true}
	if diff := cmp.Diff(want, all[0]); diff != "" || len(all) != 2 {
		t.Errorf("%d messages (-want +got):\n%s", len(all), diff)
	}
	if others, err := d.Read(t.Context(), "U2", "C1"); err != nil || len(others) > 0 {
		t.Errorf("others see %+v, %v", others, err)
	}
	if n := len(d.calls("chat.update")) + len(d.calls("conversations.history")); n > 0 {
		t.Errorf("%d calls that can't work", n)
	}
}

func TestWhatLeavesAWayOpen(t *testing.T) {
	for name, act := range map[string]func(*desk){
		"a typed command": func(d *desk) { d.types(t, "/communities") },
		"a button": func(d *desk) {
			at := d.posts(t, oneButton)
			if _, err := d.Press(t.Context(), "U1", at.Message, "Approve"); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := sit(t, answering(bot.Done{}))
			if _, err := d.adapter.Post(t.Context(), annAlone, oneButton); bot.CodeOf(err) != bot.NoAccess {
				t.Errorf("before: %v", err)
			}
			act(d)
			if _, err := d.adapter.Post(t.Context(), annAlone, oneButton); err != nil {
				t.Errorf("after: %v", err)
			}
			for whose, at := range map[string]bot.Place{
				"somebody else's":   {Platform: "slack", Tenant: "T1", Channel: "C1", User: "U2"},
				"another channel's": {Platform: "slack", Tenant: "T1", Channel: "C4", User: "U1"},
			} {
				if _, err := d.adapter.Post(t.Context(), at, oneButton); bot.CodeOf(err) != bot.NoAccess {
					t.Errorf("%s: %v", whose, err)
				}
			}
		})
	}
}

func TestAWayIsOpenFiveTimes(t *testing.T) {
	d := sit(t, answering(bot.Tell{Text: bot.Say("Hello")}))
	at := d.posts(t, oneButton)
	if _, err := d.Press(t.Context(), "U1", at.Message, "Approve"); err != nil { // whose answer is one of the five
		t.Fatal(err)
	}
	post := func() error {
		_, err := d.adapter.Post(t.Context(), annAlone, bot.Card{Text: bot.Say("News.")})
		return err
	}
	for range 4 {
		if err := post(); err != nil {
			t.Fatal(err)
		}
	}
	if err := post(); bot.CodeOf(err) != bot.NoAccess {
		t.Errorf("the sixth: %v", err)
	}
	if _, err := d.Redeliver(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := post(); bot.CodeOf(err) != bot.NoAccess {
		t.Errorf("after a redelivery: %v", err)
	}
	if n := len(d.calls("response_url")); n != 5 { // a redelivery is not answered again
		t.Errorf("%d uses", n)
	}
	d.types(t, "/communities")
	if err := post(); err != nil {
		t.Errorf("after another command: %v", err)
	}
}

func TestAWayIsOpenForHalfAnHour(t *testing.T) {
	d := sit(t, answering(bot.Done{}))
	w := &watch{now: noon}
	d.adapter.openings.now = w.Now
	d.types(t, "/communities")
	w.move(30*time.Minute - time.Second)
	if _, err := d.adapter.Post(t.Context(), annAlone, oneButton); err != nil {
		t.Errorf("before: %v", err)
	}
	w.move(time.Second)
	if _, err := d.adapter.Post(t.Context(), annAlone, oneButton); bot.CodeOf(err) != bot.NoAccess {
		t.Errorf("after: %v", err)
	}
	if n := len(d.calls("response_url")); n != 1 {
		t.Errorf("%d uses", n)
	}
}

func TestAWayThatFails(t *testing.T) {
	tests := map[string]struct {
		failure slackfake.Failure
		code    bot.Code
		open    bool // still
	}{
		"it is used up or too old": {slackfake.Status(http.StatusNotFound, 0), bot.NoAccess, false},
		"Slack is down":            {slackfake.Status(http.StatusBadGateway, 0), bot.Busy, true},
		"too many":                 {slackfake.Status(http.StatusTooManyRequests, 3*time.Second), bot.Busy, true},
		"the connection is lost":   {slackfake.Reset(), bot.Busy, true},
		"what is sent is refused":  {slackfake.Status(http.StatusBadRequest, 0), bot.Internal, true},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			d := sit(t, answering(bot.Done{}))
			d.types(t, "/communities")
			d.Fail("response_url", 1, tc.failure)
			_, err := d.adapter.Post(t.Context(), annAlone, oneButton)
			if bot.CodeOf(err) != tc.code || strings.Contains(err.Error(), "hooks") {
				t.Errorf("%v", err)
			}
			_, err = d.adapter.Post(t.Context(), annAlone, oneButton)
			if (err == nil) != tc.open || !tc.open && bot.CodeOf(err) != bot.NoAccess {
				t.Errorf("again: %v", err)
			}
			if strings.Contains(d.log.String(), "/hooks/") {
				t.Errorf("log: %s", d.log)
			}
		})
	}
}

func TestWaysAreBounded(t *testing.T) {
	w := &watch{now: noon}
	o := newOpenings(w.Now)
	for i := range maxOpenings + 1 {
		o.keep(spot{fmt.Sprint("U", i), "C1"}, fmt.Sprint("https://x.test/", i))
		w.move(time.Millisecond)
	}
	_, oldest := o.take(spot{"U0", "C1"})
	_, next := o.take(spot{"U1", "C1"})
	if len(o.held) != maxOpenings || oldest || !next {
		t.Errorf("%d held, the oldest %v, the next %v", len(o.held), oldest, next)
	}
	for _, at := range []spot{{"", "C1"}, {"U1", ""}} {
		o.keep(at, "https://x.test/a")
		if _, ok := o.take(at); ok {
			t.Errorf("%+v is nobody or nowhere", at)
		}
	}
}
