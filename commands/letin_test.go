package commands

import (
	"errors"
	"testing"

	"communitybot/bot"
)

func TestATokenThatIsRefusedIsSeen(t *testing.T) {
	w, c := newWorld(t), newChat()
	worker, log := w.worker(nil, c)
	refused := true
	c.before = func(string, bot.Place, bot.Card) error {
		if refused {
			return &bot.Error{Code: bot.Forbidden, Err: errors.New("token_revoked")}
		}
		return nil
	}
	r := w.ask(acme)
	for range 3 {
		w.shows(worker, c, r.ID)
		if bot.CodeOf(worker.LetIn("slack")) != bot.Forbidden || worker.LetIn("discord") != nil {
			t.Errorf("slack: %v, discord: %v", worker.LetIn("slack"), worker.LetIn("discord"))
		}
		w.later(r.ID)
	}
	if n := log.count("does not let the bot in"); n != 1 {
		t.Errorf("it is said %d times in the log", n)
	}
	elsewhere := w.ask(bot.Values{fieldName: "Other"})
	w.change(elsewhere.ID, func(r *bot.Request) error { r.Threads[0].Dead = true; return nil })
	w.shows(worker, c, elsewhere.ID)
	if worker.LetIn("slack") == nil {
		t.Error("work that called nobody says that the bot is let in")
	}
	refused = false
	w.shows(worker, c, r.ID, "in C1 c1-0-0", "redraw M1")
	if err := worker.LetIn("slack"); err != nil {
		t.Errorf("it is let in again: %v", err)
	}
	refused = true
	third := w.ask(bot.Values{fieldName: "Third"})
	w.shows(worker, c, third.ID)
	w.clock.Move(notReady)
	if err := worker.LetIn("slack"); err != nil {
		t.Errorf("a bot that gets no requests would never be ready again: %v", err)
	}
}
