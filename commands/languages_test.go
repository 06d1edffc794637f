package commands

import (
	"strings"
	"testing"

	"communitybot/bot"
	"communitybot/bot/words"
)

// finished says what is unfinished about words for people, or nothing.
func unfinished(s string) string {
	switch {
	case strings.TrimSpace(s) == "":
		return "is empty"
	case strings.ContainsAny(s, "{}"):
		return "has a gap"
	case strings.Contains(s, "%!"):
		return "is badly formatted"
	}
	return ""
}

func TestEveryLineIsWholeInEveryLanguage(t *testing.T) {
	people := []bot.User{{Platform: "slack", ID: "S1", Name: "ops", Group: true}, {Platform: "slack", ID: "U8"}, {Platform: "discord", ID: "9"}}
	for _, language := range words.All() {
		c := plain()
		c.Language = language.Language
		lines := 0
		for what := range words.English.List.What {
			for _, reason := range []bot.Reason{"", bot.HandleTaken, bot.CategoryUnknown, bot.BadRequest, bot.Unauthorized, bot.Misuse, bot.Broken,
				bot.RateLimited, bot.Unreachable, bot.NoAnswer, bot.NobodyAsked} {
				for thread := range 2 {
					for _, note := range []string{"", "1/2", "2/2", "some words"} {
						r := asked("slack")
						r.Calls.Lost = note == ""
						e := bot.Entry{What: what, By: ada, Reason: reason, Note: note, Version: r.Version, Asks: thread == 1}
						if !r.Hears(thread, e) {
							continue
						}
						line := c.Line(Told{Request: r, Entry: e, Thread: thread, Approvers: people, Free: []string{"x"}}).String()
						if why := unfinished(line); why != "" {
							t.Errorf("%s, %s because %q: %q %s", language.Language, what, reason, line, why)
						}
						lines++
					}
				}
			}
		}
		if lines < 100 {
			t.Errorf("only %d lines in %s", lines, language.Language)
		}
		for state := range words.English.Card.Status {
			for _, reason := range []bot.Reason{"", bot.NobodyAsked} {
				r := asked("slack")
				r.State, r.Calls.Reason, r.Calls.Troubled = state, reason, reason != ""
				card := c.Card(r, 0, people)
				for _, s := range append(buttons(card), card.Plain(), c.aloud(r).stands(r)) {
					if why := unfinished(s); why != "" {
						t.Errorf("%s, %s: %q %s", language.Language, state, s, why)
					}
				}
			}
		}
	}
}

func TestEverybodyIsAnsweredInTheirLanguage(t *testing.T) {
	w := under(t, bot.Policy{Required: 1}, func(o *Options) { o.Translated = map[string]bool{"discord": true} })
	german := ada
	german.Locale = "de-DE"
	f := form(t, w.does(w.event(german, bot.Open, bot.Call{Command: nameCreate})))
	if f.Title != words.German.Form.CreateTitle || f.Field(fieldName).Label != words.German.Form.Name {
		t.Errorf("form %q with the field %q", f.Title, f.Field(fieldName).Label)
	}
	e := w.refused(w.event(german, bot.Submit, bot.Call{Command: nameCreate, Values: bot.Values{fieldName: " "}}), bot.Invalid)
	if e.Fields[fieldName] != words.German.Problem.NoName {
		t.Errorf("problem %q", e.Fields[fieldName])
	}
	w.does(w.event(german, bot.Submit, bot.Call{Command: nameCreate, Values: acme}))
	r := w.load(1)
	if card := w.Card(&r, 0, nil); card.Actions[0].Label != words.German.Button.Approve {
		t.Errorf("her card has the button %q", card.Actions[0].Label)
	}
	w.Commands.Language = "fr"
	if card := w.Card(&r, 0, nil); card.Actions[0].Label != words.French.Button.Approve {
		t.Errorf("cards are to be in French, and the button says %q", card.Actions[0].Label)
	}
	if got := w.toldBy(w.event(ben, bot.Open, bot.Call{Command: nameCommunities})); !strings.Contains(got, "/create-community") || !strings.HasPrefix(got, "You have not asked") {
		t.Errorf("somebody without a language reads %q", got)
	}

	onDiscord := w.event(german, bot.Open, bot.Call{Command: nameCommunities, Values: bot.Values{"text": "help"}})
	if got := w.toldBy(onDiscord); !strings.Contains(got, "/create-community") {
		t.Errorf("on Slack commands have their English names: %q", got)
	}
	onDiscord.At.Platform, onDiscord.ID = "discord", "another"
	if got := w.toldBy(onDiscord); !strings.Contains(got, "/"+words.German.Commands.Create.Name) {
		t.Errorf("on Discord commands have the reader's names: %q", got)
	}
}
