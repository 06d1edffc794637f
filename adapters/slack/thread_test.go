package slack

import (
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"communitybot/adapters/slack/slackfake"
	"communitybot/bot"
)

// deletes has somebody delete a message of the bot's.
func (d *desk) deletes(t *testing.T, at bot.Place) {
	t.Helper()
	api := slack.New("xoxb-test", slack.OptionAPIURL(d.APIURL()), slack.OptionHTTPClient(d.adapter.http))
	if _, _, err := api.DeleteMessage(at.Channel, at.Message); err != nil {
		t.Fatal(err)
	}
}

func TestALineWhoseCardWasDeletedIsTakenBack(t *testing.T) {
	d := sit(t, answering(nil))
	card := d.posts(t, oneButton)
	d.deletes(t, card)
	_, err := d.adapter.Post(t.Context(), card, bot.Card{Text: bot.Say("News.")})
	if bot.CodeOf(err) != bot.Gone {
		t.Errorf("%v, want gone", err)
	}
	if left := d.reads(t, "C1"); len(left) > 0 {
		t.Errorf("in the channel: %+v", left)
	}
	d.Fail("chat.delete", 1, slackfake.Refuse("cant_delete_message"))
	if _, err := d.adapter.Post(t.Context(), card, bot.Card{Text: bot.Say("News.")}); bot.CodeOf(err) != bot.Gone {
		t.Errorf("%v, want gone", err)
	}
	if log := d.log.String(); !strings.Contains(log, "without its thread") || !strings.Contains(log, "cant_delete_message") {
		t.Errorf("log: %s", log)
	}
}

func TestAThreadOutlivesItsCard(t *testing.T) {
	d := sit(t, answering(nil))
	card := d.posts(t, oneButton)
	line := bot.Card{Text: bot.Say("News.")}
	if _, err := d.adapter.Post(t.Context(), card, line); err != nil {
		t.Fatal(err)
	}
	d.deletes(t, card)
	if _, err := d.adapter.Post(t.Context(), card, line); err != nil {
		t.Errorf("in a thread that has others: %v", err)
	}
	if all := d.reads(t, "C1"); len(all) != 1 || len(all[0].Thread) != 2 {
		t.Errorf("%+v", all)
	}
	if err := d.adapter.Update(t.Context(), card, oneButton); bot.CodeOf(err) != bot.Gone {
		t.Errorf("redrawing: %v", err)
	}
}

func TestACardInAChannelThatWasArchivedSince(t *testing.T) {
	d := sit(t, answering(nil))
	card := d.posts(t, oneButton)
	d.AddChannel(slackfake.Channel{ID: "C1", Name: "general", Members: []string{"U1", "U2"}, Bot: true, Archived: true})
	if err := d.adapter.Update(t.Context(), card, oneButton); bot.CodeOf(err) != bot.NoAccess {
		t.Errorf("redrawing: %v", err)
	}
	if _, err := d.adapter.Post(t.Context(), card, oneButton); bot.CodeOf(err) != bot.NoAccess {
		t.Errorf("a line: %v", err)
	}
}

func TestEveryMessageSaysAllInPlainWords(t *testing.T) {
	d := sit(t, answering(nil))
	card := richCard()
	for _, color := range []string{"", "#A4E6DA"} {
		card.Color, card.Actions = color, nil
		d.posts(t, card)
	}
	want := escape(card.Plain())
	for _, sent := range d.calls("chat.postMessage") {
		if got := sent.Arg("text"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestWhereThereIsNoThread(t *testing.T) {
	for code := range noThread {
		t.Run(code, func(t *testing.T) {
			d := sit(t, answering(nil))
			card := d.posts(t, oneButton)
			line := bot.Card{Key: "line-1", Thread: "Cricket", Text: bot.Say("News.")}
			d.Fail("chat.postMessage", 1, slackfake.Refuse(code))
			d.loses(t, card, line)
			line.Again = true
			d.Fail("chat.postMessage", 1, slackfake.Refuse(code))
			at, err := d.adapter.Post(t.Context(), card, line)
			all := d.reads(t, "C1")
			if err != nil || len(all) != 2 || all[1].ID != at.Message || all[1].Text != "Cricket\nNews." || len(all[0].Thread) > 0 {
				t.Errorf("at %+v, %v: %+v", at, err, all)
			}
		})
	}
}

func TestAChannelThatIsReadOnlyKeepsItsCards(t *testing.T) {
	d := sit(t, answering(nil))
	card := d.posts(t, oneButton)
	d.AddChannel(slackfake.Channel{ID: "C1", Name: "general", Members: []string{"U1", "U2"}, Bot: true, ReadOnly: true})
	for name, at := range map[string]bot.Place{"a card": general, "a line": card} {
		if _, err := d.adapter.Post(t.Context(), at, bot.Card{Text: bot.Say("News.")}); bot.CodeOf(err) != bot.NoAccess {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := d.adapter.Update(t.Context(), card, bot.Card{Title: "Cricket"}); err != nil || d.reads(t, "C1")[0].Text != "Cricket" {
		t.Errorf("redrawing: %v", err)
	}
}
