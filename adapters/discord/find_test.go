package discord

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"communitybot/adapters/discord/discordfake"
	"communitybot/adapters/person"
	"communitybot/bot"
)

const routeHistory = "GET /channels/{channel}/messages"

// forgotten is longer than Discord remembers a nonce.
const forgotten = 6 * time.Minute

// loses posts a card, and forgets about it. It returns the card as it is posted by whoever takes over long after, and
// where it is.
func (w *world) loses(at bot.Place, c bot.Card) (again bot.Card, lost bot.Place) {
	w.t.Helper()
	again, again.Again, again.Since = c, true, w.clock.Now()
	w.clock.Move(time.Second)
	lost = w.puts(at, c)
	w.clock.Move(forgotten)
	return again, lost
}

// puts posts a card anywhere.
func (w *world) puts(at bot.Place, c bot.Card) bot.Place {
	w.t.Helper()
	posted, err := w.a.Post(w.t.Context(), at, c)
	if err != nil {
		w.t.Fatal(err)
	}
	return posted
}

// finds posts a card that is there already, in a place where n messages are.
func (w *world) finds(at bot.Place, again bot.Card, lost bot.Place, n int, there func() []person.Message) {
	w.t.Helper()
	if found := w.puts(at, again); found != lost {
		w.t.Errorf("posted at %+v; it is at %+v", found, lost)
	}
	if all := there(); len(all) != n {
		w.t.Errorf("there are %+v", all)
	}
}

// below returns a function that reads what stands under a card.
func (w *world) below(top bot.Place) func() []person.Message {
	return func() []person.Message {
		w.t.Helper()
		return w.message(top.Message).Thread
	}
}

func TestACardIsFoundThatWasPostedLongAgo(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	again, lost := w.loses(here, rich())
	w.finds(here, again, lost, 1, w.reads)
}

func TestACardIsFoundThoughItHasChanged(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	again, lost := w.loses(here, rich())
	again.Title, again.Text, again.Actions = "Acme", bot.Say("Withdrawn."), nil
	w.finds(here, again, lost, 1, w.reads)
}

func TestALineIsFoundInItsThread(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	top := w.posts(rich())
	w.puts(top, line("one", "First"))
	again, lost := w.loses(top, line("two", "It is *ready*: https://x.example/c."))
	w.SetThread(top.Message, true, false) // it sleeps, and can be read all the same
	w.finds(top, again, lost, 2, w.below(top))
	if lost.Channel != top.Message {
		t.Errorf("it is at %+v", lost)
	}
}

func TestTheLineThatStartedAThreadIsFound(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	top := w.posts(rich())
	again, lost := w.loses(top, line("one", "First"))
	w.finds(top, again, lost, 1, w.below(top))
}

func TestALineIsFoundAmongTheReplies(t *testing.T) {
	for name, prepare := range map[string]func(*world, bot.Place){
		"there is no thread": repliesOnly,
		"the thread is locked": func(w *world, top bot.Place) {
			w.puts(top, line("start", "This starts the thread"))
			w.SetThread(top.Message, true, true)
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, always(bot.Done{}, nil))
			top := w.posts(rich())
			prepare(w, top)
			again, lost := w.loses(top, line("out", "Agreed."))
			n := len(w.below(top)())
			w.puts(w.posts(bot.Card{Key: "r43", Title: "Other"}), line("out-43", "Agreed.")) // newer, and another card's
			w.puts(here, line("loose", "Agreed."))
			w.finds(top, again, lost, n, w.below(top))
			if lost.Channel != general {
				t.Errorf("it is at %+v", lost)
			}
		})
	}
}

func TestWhatWasSaidDirectlyIsFound(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	said := func() []person.Message {
		t.Helper()
		list, err := w.Read(t.Context(), ada, "@"+ada)
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	private := bot.Place{Platform: "discord", Tenant: guild, User: ada}
	again, top := w.loses(private, rich())
	w.finds(private, again, top, 1, said)
	again, lost := w.loses(top, line("out", "Agreed."))
	w.finds(top, again, lost, 1, func() []person.Message { return said()[0].Thread })
}

func TestItIsPostedAnew(t *testing.T) {
	own := line("own", "Agreed.")
	for name, tc := range map[string]struct {
		card   bot.Card
		before func(*world, bot.Card) bot.Card // returns the card as it is posted in the end
	}{
		"what was deleted": {rich(), func(w *world, c bot.Card) bot.Card {
			again, lost := w.loses(here, c)
			w.deletes(lost)
			return again
		}},
		"a card that was posted before this one was asked for": {rich(), func(w *world, c bot.Card) bot.Card {
			again, _ := w.loses(here, c)
			again.Key, again.Since = "r42-other", w.clock.Now()
			return again
		}},
		"words that were said before": {own, func(w *world, c bot.Card) bot.Card {
			again, _ := w.loses(here, c)
			again.Key, again.Since = "other", w.clock.Now()
			return again
		}},
		"what somebody else says": {own, func(w *world, c bot.Card) bot.Card {
			c.Again, c.Since = true, w.clock.Now()
			if _, err := w.Write(w.t.Context(), bob, general, "Agreed."); err != nil {
				w.t.Fatal(err)
			}
			return c
		}},
		"words of a card, as a line": {bot.Card{Key: "k", Text: bot.Say("Agreed.")}, func(w *world, c bot.Card) bot.Card {
			w.posts(bot.Card{Text: c.Text, Footer: bot.Say("Request 41")})
			c.Again, c.Since = true, w.clock.Now()
			return c
		}},
		"a long line that ends in another way": {line("k", strings.Repeat("word ", 500)+"one"), func(w *world, c bot.Card) bot.Card {
			again, _ := w.loses(here, c)
			again.Key, again.Text = "other", bot.Say(strings.Repeat("word ", 500)+"two")
			return again
		}},
		"another request's card": {bot.Card{Key: "k", Text: bot.Say("Waits."), Footer: bot.Say("Request 42")}, func(w *world, c bot.Card) bot.Card {
			w.posts(bot.Card{Text: c.Text, Footer: bot.Say("Request 4")})
			c.Again, c.Since = true, w.clock.Now()
			return c
		}},
		"what has no key": {line("", "Agreed."), func(w *world, c bot.Card) bot.Card {
			again, _ := w.loses(here, c)
			return again
		}},
		"where the history can't be read": {rich(), func(w *world, c bot.Card) bot.Card {
			again, _ := w.loses(here, c)
			w.Allow(general, discordfake.Everything&^discordfake.ReadHistory)
			return again
		}},
		"where Discord says that it can't be read": {rich(), func(w *world, c bot.Card) bot.Card {
			again, _ := w.loses(here, c)
			w.Fail(routeHistory, 1, discordfake.Failure{Status: http.StatusForbidden, Code: missingPermissions})
			return again
		}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, always(bot.Done{}, nil))
			again := tc.before(w, tc.card)
			there := w.reads()
			at := w.posts(again)
			if now := w.reads(); len(now) != len(there)+1 || now[len(there)].ID != at.Message {
				t.Errorf("posted at %+v; there are %+v", at, now)
			}
		})
	}
}

func TestTheSameWordsInAThreadAreSaidAgain(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	top := w.posts(rich())
	w.puts(top, line("one", "Sent again."))
	w.clock.Move(forgotten)
	second := line("two", "Sent again.")
	second.Again, second.Since = true, w.clock.Now()
	w.puts(top, second)
	if there := w.below(top)(); len(there) != 2 {
		t.Errorf("there are %+v", there)
	}
}

// TestTheSameWordsAMomentLaterAreNotTheFirst says the same twice within what the clocks may be apart, and loses the second.
func TestTheSameWordsAMomentLaterAreNotTheFirst(t *testing.T) {
	for name, tc := range map[string]struct {
		prepare func(*world, bot.Place)
		arrived bool
	}{
		"it never arrived":        {},
		"it arrived":              {arrived: true},
		"a reply is all there is": {prepare: repliesOnly},
		"a reply, and it arrived": {prepare: repliesOnly, arrived: true},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, always(bot.Done{}, nil))
			top := w.posts(rich())
			if tc.prepare != nil {
				tc.prepare(w, top)
			}
			first := w.puts(top, line("one", "The name is taken."))
			w.clock.Move(2 * time.Second)
			second := line("two", "The name is taken.")
			second.Since, second.After = w.clock.Now(), first
			if tc.arrived {
				w.puts(top, second)
				w.clock.Move(forgotten)
			}
			second.Again = true
			if at := w.puts(top, second); at == first {
				t.Error("the first is taken for it")
			}
			if there := w.below(top)(); len(there) != 2 {
				t.Errorf("there are %+v", there)
			}
		})
	}
}

// repliesOnly leaves no way to start a thread.
func repliesOnly(w *world, _ bot.Place) {
	w.Allow(general, discordfake.Everything&^discordfake.CreateThreads)
}

func TestItIsFoundAsDiscordChangedIt(t *testing.T) {
	long := strings.Repeat("Agreed. \n", 400)
	footer := func(s string) bot.Card { return bot.Card{Key: "k", Title: "Acme", Footer: bot.Text{bot.Plain(s)}} }
	for name, tc := range map[string]struct{ kept, said bot.Card }{
		"a line without the blanks around it":   {line("k", "Agreed."), line("k", " Agreed. \n")},
		"a line without what can't be seen":     {line("k", "Agreed by Ann."), line("k", "Agreed by A\u200bnn\x00.")},
		"a long line":                           {line("k", long), line("k", long)},
		"a footer without the blanks around it": {footer("Request 42"), footer("Request 42 ")},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, always(bot.Done{}, nil))
			again, lost := w.loses(here, tc.kept)
			tc.said.Again, tc.said.Since = true, again.Since
			w.finds(here, tc.said, lost, 1, w.reads)
		})
	}
}

func TestALineIsFoundWithThePreviewOfItsLink(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	again, lost := w.loses(here, line("k", "It is at https://x.example/c"))
	preview := `{"embeds":[{"url":"https://x.example/c","title":"Acme","footer":{"text":"X Example"}}]}`
	if _, err := w.a.call(t.Context(), http.MethodPatch, messages(general)+"/"+lost.Message, json.RawMessage(preview), nil); err != nil {
		t.Fatal(err)
	}
	w.finds(here, again, lost, 1, w.reads)
}

func TestItIsFoundThoughTheClocksAreSecondsApart(t *testing.T) {
	for apart, cards := range map[time.Duration]int{4 * time.Second: 1, 8 * time.Second: 2} {
		w := newWorld(t, always(bot.Done{}, nil))
		again, _ := w.loses(here, rich())
		again.Since = again.Since.Add(time.Second + apart) // posted before it was asked for, by Discord's clock
		w.posts(again)
		if n := len(w.reads()); n != cards {
			t.Errorf("%s apart: %d cards", apart, n)
		}
	}
}
