package discord

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"communitybot/adapters/discord/discordfake"
	"communitybot/bot"
)

// chats has Bob write n messages.
func (w *world) chats(n int) {
	w.t.Helper()
	for i := range n {
		if _, err := w.Write(w.t.Context(), bob, general, fmt.Sprint("good morning ", i)); err != nil {
			w.t.Fatal(err)
		}
	}
}

// took returns how many requests of a route Discord took.
func (w *world) took(route string) (n int) {
	for _, x := range w.Requests() {
		if x.What == route {
			n++
		}
	}
	return n
}

func TestACardIsFoundBehindManyMessages(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	again, lost := w.loses(here, rich())
	w.chats(150)
	w.finds(here, again, lost, 151, w.reads)
	if n := w.took(routeHistory); n != 2 {
		t.Errorf("asked %d times", n)
	}
}

func TestWhatWasPostedLongBeforeIsNotAskedFor(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	w.chats(150)
	w.clock.Move(time.Hour)
	c := rich()
	c.Again, c.Since = true, w.clock.Now()
	w.posts(c)
	if n := w.took(routeHistory); n != 1 {
		t.Errorf("asked %d times", n)
	}
}

func TestLookingEndsSomewhere(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	again, lost := w.loses(here, rich())
	w.chats(25 * 100)
	if at := w.posts(again); at == lost {
		t.Errorf("posted at %+v", at)
	}
	if n := w.took(routeHistory); n != 25 {
		t.Errorf("asked %d times", n)
	}
}

func TestWhereReadingFailsIsLogged(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	w.Fail(routeHistory, 1, discordfake.Failure{Status: http.StatusForbidden, Code: missingAccess})
	c := rich()
	c.Again = true
	w.posts(c)
	if !strings.Contains(w.log.String(), "can't look for an earlier message") {
		t.Errorf("log: %s", w.log)
	}
}

func TestNothingIsPostedWhileLookingFails(t *testing.T) {
	for name, how := range map[string]discordfake.Failure{
		"Discord asks to wait": {RetryAfter: 7 * time.Second},
		"Discord is down":      {Status: http.StatusServiceUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, always(bot.Done{}, nil))
			top := w.posts(rich())
			posts := w.took(routeMessages)
			for _, at := range []bot.Place{here, top, {User: ada}} {
				w.Fail(routeHistory, 1, how)
				c := line("k"+at.Message+at.User, "Agreed.")
				c.Again = true
				if _, err := w.a.Post(t.Context(), at, c); bot.CodeOf(err) != bot.Busy {
					t.Errorf("at %+v: %v", at, err)
				}
			}
			if n := w.took(routeMessages); n != posts {
				t.Errorf("%d posts", n-posts)
			}
		})
	}
}

func TestAShortWaitBetweenPagesIsWaitedFor(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	again, lost := w.loses(here, rich())
	w.a.now = time.Now
	w.chats(100)
	w.Fail(routeHistory, 1, discordfake.Failure{}) // the first page is there
	w.Fail(routeHistory, 1, discordfake.Failure{RetryAfter: 10 * time.Millisecond})
	w.finds(here, again, lost, 101, w.reads)
}

func TestALongWaitBetweenPagesIsHandedOn(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	again, _ := w.loses(here, rich())
	w.chats(100)
	w.Fail(routeHistory, 1, discordfake.Failure{})
	w.Fail(routeHistory, 1, discordfake.Failure{RetryAfter: time.Minute})
	var e *bot.Error
	if _, err := w.a.Post(t.Context(), here, again); !errors.As(err, &e) || e.Code != bot.Busy || e.RetryAfter != time.Minute {
		t.Errorf("got %v", err)
	}
	if n := len(w.reads()); n != 101 {
		t.Errorf("there are %d", n)
	}
}

// instead answers some requests itself.
type instead struct {
	http.RoundTripper
	of   func(*http.Request) bool
	with string
}

func (x instead) RoundTrip(r *http.Request) (*http.Response, error) {
	if x.of(r) {
		return canned{status: http.StatusOK, body: x.with}.RoundTrip(r)
	}
	return x.RoundTripper.RoundTrip(r)
}

func TestPagesThatAreTooLongAreAskedForInParts(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	again, lost := w.loses(here, rich())
	w.chats(100)
	w.a = w.adapter(Options{HTTP: &http.Client{Transport: instead{
		w.client.Transport, func(r *http.Request) bool { return r.URL.Query().Get("limit") == "100" },
		`[{"id":"1","content":"` + strings.Repeat("x", maxAnswer),
	}}})
	w.finds(here, again, lost, 101, w.reads)
	if n := w.took(routeHistory); n != 3 { // of 50, 50 and 1
		t.Errorf("took %d requests", n)
	}
}

func TestWhatIsNoPageAtAllIsHandedOn(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	a := w.adapter(Options{HTTP: &http.Client{Transport: instead{
		w.client.Transport, func(r *http.Request) bool { return r.Method == http.MethodGet }, "<html>",
	}}})
	c := rich()
	c.Again = true
	if _, err := a.Post(t.Context(), here, c); bot.CodeOf(err) != bot.Busy {
		t.Errorf("got %v", err)
	}
	if n := len(w.reads()); n != 0 {
		t.Errorf("there are %d", n)
	}
}
