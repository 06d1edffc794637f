package discord

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"communitybot/adapters/discord/discordfake"
	"communitybot/bot"
)

// inThread posts a card and a line in its thread, and returns where the line is.
func (w *world) inThread() (top, line1 bot.Place) {
	w.t.Helper()
	top = w.posts(rich())
	line1, err := w.a.Post(w.t.Context(), top, line("one", "First"))
	if err != nil {
		w.t.Fatal(err)
	}
	return top, line1
}

func TestAThreadThatSleepsIsWokenUp(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	top, first := w.inThread()
	w.SetThread(top.Message, true, false)
	if err := w.a.Update(t.Context(), first, line("one", "First, edited")); err != nil {
		t.Fatal(err)
	}
	w.SetThread(top.Message, true, false)
	if at, err := w.a.Post(t.Context(), top, line("two", "Second")); err != nil || at.Channel != top.Message {
		t.Errorf("posted at %+v, %v", at, err)
	}
	if m := w.message(top.Message); len(m.Thread) != 2 || m.Thread[0].Text != "First, edited" || m.Thread[1].Text != "Second" {
		t.Errorf("the thread is %+v", m.Thread)
	}
}

func TestAThreadThatIsLockedStaysSo(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	top, first := w.inThread()
	w.SetThread(top.Message, true, true)
	if err := w.a.Update(t.Context(), first, line("one", "First, edited")); bot.CodeOf(err) != bot.NoAccess {
		t.Errorf("updating: %v", err)
	}
	inside := bot.Place{Platform: "discord", Tenant: guild, Channel: top.Message} // the command was typed there
	if _, err := w.a.Post(t.Context(), inside, line("two", "Second")); bot.CodeOf(err) != bot.NoAccess {
		t.Errorf("posting: %v", err)
	}
}

func TestATokenThatWasTakenBack(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	a := w.adapter(Options{Token: "revoked"})
	for name, at := range map[string]bot.Place{"a channel": here, "a thread": {Channel: general, Message: "7"}, "a person": {User: ada}} {
		if _, err := a.Post(t.Context(), at, line("a", "x")); bot.CodeOf(err) != bot.Forbidden || strings.Contains(err.Error(), "revoked") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAThreadThatSomebodyElseStartedIsUsed(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	top, first := w.inThread()
	w.Fail(routeMessages, 1, discordfake.Failure{Status: 404, Code: 10003}) // it is not there yet, and then it is: 160004
	at, err := w.a.Post(t.Context(), top, line("two", "Second"))
	if err != nil || at.Channel != first.Channel {
		t.Errorf("posted at %+v, %v", at, err)
	}
	if n := w.took(routeThreads); n != 2 {
		t.Errorf("it was to be started %d times", n)
	}
}

func TestWhereAThreadCantBeHadTheCardIsRepliedTo(t *testing.T) {
	for _, code := range []int{10003, 30033, 50001, 50003, 50013, 50024, 50083, 160005, 160006} {
		w := newWorld(t, always(bot.Done{}, nil))
		top := w.posts(rich())
		w.Fail(routeThreads, 1, discordfake.Failure{Status: 400, Code: code})
		at, err := w.a.Post(t.Context(), top, line("a", "x"))
		if replies := w.message(top.Message).Thread; err != nil || at.Channel != general || len(replies) != 1 || replies[0].ID != at.Message {
			t.Errorf("%d: posted at %+v, %v: %+v", code, at, err, replies)
		}
	}
}

func TestACardThatWasDeletedIsGone(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	top, _ := w.inThread()
	w.deletes(top)
	if err := w.a.Update(t.Context(), top, rich()); bot.CodeOf(err) != bot.Gone {
		t.Errorf("updating: %v", err)
	}
	again := rich()
	again.Key = "r42-card-2"
	if at, err := w.a.Post(t.Context(), here, again); err != nil || at.Message == top.Message {
		t.Errorf("posting it again: %+v, %v", at, err)
	}
}

func TestSomebodyWhoIsNoLongerThereCantBeReached(t *testing.T) {
	for _, code := range []int{10007, 10013} {
		w := newWorld(t, always(bot.Done{}, nil))
		w.Fail(routeDirect, 1, discordfake.Failure{Status: 404, Code: code})
		if _, err := w.a.Post(t.Context(), bot.Place{Platform: "discord", User: ada}, rich()); bot.CodeOf(err) != bot.NoAccess {
			t.Errorf("%d: %v", code, err)
		}
	}
}

// deletes has the message at a place deleted.
func (w *world) deletes(at bot.Place) {
	w.t.Helper()
	if _, err := w.a.call(w.t.Context(), "DELETE", messages(at.Channel)+"/"+at.Message, nil, nil); err != nil {
		w.t.Fatal(err)
	}
}

func TestAnAnswerThatWasLostIsNotPostedTwice(t *testing.T) {
	for name, at := range map[string]func(*world) bot.Place{
		"in a channel": func(*world) bot.Place { return here },
		"in a thread":  func(w *world) bot.Place { top, _ := w.inThread(); return top },
		"in private":   func(*world) bot.Place { return bot.Place{Platform: "discord", User: ada} },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, always(bot.Done{}, nil))
			place := at(w)
			w.Fail(routeMessages, 1, discordfake.Failure{CutAfter: true})
			if _, err := w.a.Post(t.Context(), place, line("news", "News")); bot.CodeOf(err) != bot.Busy {
				t.Fatalf("got %v", err)
			}
			before := w.clock.Now()
			w.clock.Move(time.Minute)
			again := line("news", "News")
			again.Again = true
			posted, err := w.a.Post(t.Context(), place, again)
			if err != nil {
				t.Fatal(err)
			}
			// The same ID as before the wait: no second message was made. IDs tell the time.
			if made := snowflakeTime(t, posted.Message); made.After(before.Add(time.Second)) {
				t.Errorf("a second message was made at %s", made)
			}
		})
	}
}

// snowflakeTime returns when an ID was made: https://discord.com/developers/docs/reference#snowflakes
func snowflakeTime(t *testing.T, id string) time.Time {
	t.Helper()
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return time.UnixMilli(n>>22 + 1420070400000)
}
