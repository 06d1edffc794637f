package discord

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"communitybot/bot"

	"github.com/google/go-cmp/cmp"
)

// genres is a command with an option that suggests.
var genres = []bot.Command{{
	Named:  bot.Named{Name: "create-community", About: "Ask for a community"},
	Params: []bot.Param{{Named: bot.Named{Name: "name", About: "Its name"}}, {Named: bot.Named{Name: "category", About: "A category"}, Suggests: true}},
}}

func TestAnOptionThatSuggestsIsOfferedWhileItIsTyped(t *testing.T) {
	w := newWorld(t, func(_ context.Context, e bot.Event) (bot.Reply, error) {
		return bot.Offer{Options: []bot.Option{{Value: "1", Label: "Sports"}, {Value: "7"}}}, nil
	})
	if err := w.a.Register(t.Context(), genres); err != nil {
		t.Fatal(err)
	}
	names, err := w.Complete(t.Context(), ada, general, "/create-community name:Acme category:sp")
	if err != nil || !cmp.Equal(names, []string{"Sports", "7"}) {
		t.Fatalf("%v, %v; %v", names, err, w.Problems())
	}
	e := w.events[0]
	want := bot.Event{
		Call: bot.Call{Command: "create-community", Values: bot.Values{"name": "Acme", "category": "sp"}}, Step: bot.Suggest, Field: "category",
		ID: e.ID, By: bot.User{Platform: "discord", ID: ada, Name: "Ada Lovelace", Locale: "en-US", Groups: []string{admins}}, At: here,
	}
	if diff := cmp.Diff(want, e); diff != "" || !strings.HasPrefix(e.ID, "discord:1") {
		t.Errorf("event (-want +got):\n%s", diff)
	}
	w.types("/create-community name:Acme category:Sports")
	if v := w.seen(bot.Open)[0].Values["category"]; v != "1" {
		t.Errorf("the choice that was picked came as %q", v)
	}
	if _, err := w.Complete(t.Context(), ada, general, "/create-community name:Ac"); err == nil {
		t.Error("an option that suggests nothing is completed")
	}
}

func TestSuggestionsKeepDiscordsLimits(t *testing.T) {
	long := strings.Repeat("é", 101)
	var many []bot.Option
	for i := range 30 {
		many = append(many, bot.Option{Value: fmt.Sprint(i), Label: long})
	}
	for _, c := range []struct {
		name  string
		reply bot.Reply
		err   error
		want  int
		first string
	}{
		{"too many", bot.Offer{Options: many}, nil, 25, strings.Repeat("é", 99) + "…"},
		{"a value that is too long", bot.Offer{Options: []bot.Option{{Value: long, Label: "a"}, {Value: "1", Label: "b"}}}, nil, 1, "b"},
		{"nothing to show", bot.Offer{Options: []bot.Option{{}, {Value: "1"}}}, nil, 1, "1"},
		{"nothing", bot.Offer{}, nil, 0, ""},
		{"an error", nil, errors.New("broken"), 0, ""},
		{"an error beside an offer", bot.Offer{Options: many}, errors.New("broken"), 0, ""},
		{"another reply", bot.Done{}, nil, 0, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, always(c.reply, c.err))
			names, err := w.Complete(t.Context(), ada, general, "/x y:z")
			if err != nil || len(names) != c.want || (c.want > 0 && names[0] != c.first) {
				t.Errorf("%v, %v; %v", names, err, w.Problems())
			}
		})
	}
}

func TestTheFocusedOptionOfASubcommand(t *testing.T) {
	w := newWorld(t, always(bot.Offer{}, nil))
	status, answer := w.signed(`{"id":"77","type":4,"channel_id":"5","user":{"id":"9"},"data":{"name":"x","options":[{"name":"show","type":1,"options":[`+
		`{"name":"a","type":3,"value":"1"},{"name":"b","type":3,"value":"","focused":true}]}]}}`, start)
	if status != 200 || answer != `{"type":8,"data":{"choices":[]}}` || w.events[0].Field != "b" {
		t.Errorf("status %d, %s, field %q", status, answer, w.events[0].Field)
	}
}
