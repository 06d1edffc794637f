package discord

import (
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"communitybot/adapters/discord/discordfake"
	"communitybot/bot"

	"github.com/google/go-cmp/cmp"
)

const (
	routeMessages = "POST /channels/{channel}/messages"
	routeMessage  = "PATCH /channels/{channel}/messages/{message}"
	routeThreads  = "POST /channels/{channel}/messages/{message}/threads"
	routeDirect   = "POST /users/@me/channels"
)

func line(key, text string) bot.Card {
	return bot.Card{Key: key, Text: bot.Say("{text}", "text", text), Thread: "Acme Fans"}
}

func TestTheOutcomeIsPostedInTheCardsThread(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	top := w.posts(rich())
	if want := (bot.Place{Platform: "discord", Tenant: guild, Channel: general, Message: top.Message}); top != want || top.Message == "" {
		t.Errorf("posted at %+v", top)
	}
	first, err := w.a.Post(t.Context(), top, line("one", "First"))
	if err != nil {
		t.Fatal(err)
	}
	if first.Channel != top.Message || first.Tenant != guild || first.Message == "" {
		t.Errorf("the thread is at %+v", first)
	}
	if _, err := w.a.Post(t.Context(), top, line("two", "Second")); err != nil {
		t.Fatal("into a thread that is there already:", err)
	}
	m := w.message(top.Message)
	if len(m.Thread) != 2 || m.Thread[0].Text != "First" || m.Thread[1].Text != "Second" {
		t.Errorf("the thread is %+v", m.Thread)
	}
	if err := w.a.Update(t.Context(), first, line("one", "First, edited")); err != nil {
		t.Fatal(err)
	}
	if got := w.message(top.Message).Thread[0].Text; got != "First, edited" {
		t.Errorf("the line is %q", got)
	}
}

func TestThreadsAreNamedAndKeptForThreeDays(t *testing.T) {
	for name, want := range map[string]string{"Acme Fans": `"name":"Acme Fans"`, "": `"name":"Request"`, strings.Repeat("é", 150): `"name":"` + strings.Repeat("é", 99) + `…"`} {
		w := newWorld(t, always(bot.Done{}, nil))
		top := w.posts(rich())
		if _, err := w.a.Post(t.Context(), top, bot.Card{Text: bot.Say("x"), Thread: name}); err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(w.Requests(), func(x discordfake.Exchange) bool { return strings.HasSuffix(x.Path, "/threads") })
		if body := string(w.Requests()[i].Body); !strings.Contains(body, want) || !strings.Contains(body, `"auto_archive_duration":4320`) {
			t.Errorf("started with %s", body)
		}
	}
}

func TestWithoutAThreadTheCardIsRepliedTo(t *testing.T) {
	for _, c := range []struct {
		name  string
		setup func(*world, bot.Place)
	}{
		{"threads may not be started", func(w *world, _ bot.Place) {
			w.Allow(general, discordfake.Everything&^discordfake.CreateThreads)
		}},
		{"nothing may be written in threads", func(w *world, _ bot.Place) {
			w.Allow(general, discordfake.Everything&^discordfake.SendInThreads)
		}},
		{"the thread is locked", func(w *world, top bot.Place) {
			if _, err := w.a.Post(w.t.Context(), top, line("first", "First")); err != nil {
				w.t.Fatal(err)
			}
			w.SetThread(top.Message, true, true)
		}},
		{"too many threads", func(w *world, _ bot.Place) {
			w.Fail(routeThreads, 1, discordfake.Failure{Code: 160006, Message: "Maximum number of active threads reached"})
		}},
		{"the thread is full", func(w *world, _ bot.Place) {
			w.Fail(routeThreads, 1, discordfake.Failure{Code: 30033, Message: "Maximum number of thread participants reached"})
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, always(bot.Done{}, nil))
			top := w.posts(rich())
			c.setup(w, top)
			at, err := w.a.Post(t.Context(), top, line("out", "The outcome"))
			if err != nil {
				t.Fatal(err)
			}
			if at.Channel != general || at.Message == "" {
				t.Errorf("posted at %+v", at)
			}
			replies := w.message(top.Message).Thread
			if n := len(replies); n == 0 || replies[n-1].Text != "The outcome" {
				t.Errorf("replies %+v", replies)
			}
		})
	}
}

func TestInDirectMessagesTheCardIsRepliedTo(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	top, err := w.a.Post(t.Context(), bot.Place{Platform: "discord", User: ada}, rich())
	if err != nil {
		t.Fatal(err)
	}
	if top.Channel == "" || top.Message == "" || top.Tenant != "" {
		t.Errorf("posted at %+v", top)
	}
	if _, err := w.a.Post(t.Context(), top, line("out", "The outcome")); err != nil {
		t.Fatal(err)
	}
	list, err := w.Read(t.Context(), ada, "@"+ada)
	if err != nil || len(list) != 1 || len(list[0].Thread) != 1 || list[0].Thread[0].Text != "The outcome" {
		t.Errorf("she reads %+v, %v", list, err)
	}
}

func TestInsideAThreadTheCardIsRepliedTo(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	thread, err := w.a.Post(t.Context(), w.posts(rich()), line("one", "First"))
	if err != nil {
		t.Fatal(err)
	}
	at, err := w.a.Post(t.Context(), thread, line("two", "Second"))
	if err != nil || at.Channel != thread.Channel {
		t.Errorf("posted at %+v, %v", at, err)
	}
}

func TestTheOutcomeIsPostedWhenNothingCanBeRepliedTo(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	top := w.posts(rich())
	w.Allow(general, discordfake.ViewChannel|discordfake.SendMessages)
	if at, err := w.a.Post(t.Context(), top, line("out", "The outcome")); err != nil || at.Channel != general {
		t.Errorf("posted at %+v, %v", at, err)
	}
	if w.message(top.Message).Thread != nil {
		t.Error("it is a reply all the same")
	}
}

func TestTheSameKeyMakesOneMessage(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	w.Fail(routeMessages, 1, discordfake.Failure{CutAfter: true})
	_, err := w.a.Post(t.Context(), here, line("r42-card", "Hello"))
	if bot.CodeOf(err) != bot.Busy {
		t.Fatalf("a lost answer is %v", err)
	}
	again := line("r42-card", "Hello")
	again.Again = true
	at, err := w.a.Post(t.Context(), here, again)
	if err != nil {
		t.Fatal(err)
	}
	list, err := w.Read(t.Context(), ada, general)
	if err != nil || len(list) != 1 || list[0].ID != at.Message {
		t.Errorf("the channel holds %+v, %v", list, err)
	}
	if _, err := w.a.Post(t.Context(), here, line("", "No key")); err != nil {
		t.Error("without a key:", err)
	}
}

func TestUpdateClearsTheButtons(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	top := w.posts(rich())
	if err := w.a.Update(t.Context(), top, bot.Card{Title: "Acme", Text: bot.Say("Created")}); err != nil {
		t.Fatal(err)
	}
	m := w.message(top.Message)
	if m.Text != "Acme\nCreated" || len(m.Buttons)+len(m.Images) != 0 || m.Color != "" {
		t.Errorf("the card is %+v", m)
	}
	if err := w.a.Update(t.Context(), top, bot.Card{Text: bot.Say("Only words")}); err != nil {
		t.Fatal(err)
	}
	if m := w.message(top.Message); m.Text != "Only words" {
		t.Errorf("the card is %+v", m)
	}
}

func TestWhatDiscordRefusesByCode(t *testing.T) {
	for _, c := range []struct {
		name string
		how  discordfake.Failure
		want bot.Code
	}{
		{"missing access", discordfake.Failure{Status: 403, Code: 50001}, bot.NoAccess},
		{"missing permissions", discordfake.Failure{Status: 403, Code: 50013}, bot.NoAccess},
		{"unknown channel", discordfake.Failure{Status: 404, Code: 10003}, bot.NoAccess},
		{"unknown server", discordfake.Failure{Status: 404, Code: 10004}, bot.NoAccess},
		{"unknown member", discordfake.Failure{Status: 404, Code: 10007}, bot.NoAccess},
		{"unknown user", discordfake.Failure{Status: 404, Code: 10013}, bot.NoAccess},
		{"no direct messages", discordfake.Failure{Status: 403, Code: 50007}, bot.NoAccess},
		{"no server in common", discordfake.Failure{Status: 403, Code: 50278}, bot.NoAccess},
		{"nobody there", discordfake.Failure{Status: 400, Code: 50033}, bot.NoAccess},
		{"no channel for words", discordfake.Failure{Status: 400, Code: 50008}, bot.NoAccess},
		{"locked thread", discordfake.Failure{Status: 400, Code: 160005}, bot.NoAccess},
		{"another application's message", discordfake.Failure{Status: 403, Code: 50005}, bot.Gone},
		{"too many edits of an old message", discordfake.Failure{Status: 429, Code: 30046}, bot.Busy},
		{"slow mode", discordfake.Failure{Status: 429, Code: 20016}, bot.Busy},
		{"too many conversations", discordfake.Failure{Status: 400, Code: 40003}, bot.Busy},
		{"overloaded", discordfake.Failure{Status: 400, Code: 130000}, bot.Busy},
		{"unknown message", discordfake.Failure{Status: 404, Code: 10008}, bot.Gone},
		{"bad token", discordfake.Failure{Status: 401}, bot.Forbidden},
		{"server error", discordfake.Failure{Status: 500}, bot.Busy},
		{"bad gateway", discordfake.Failure{Status: 502}, bot.Busy},
		{"unavailable", discordfake.Failure{Status: 503}, bot.Busy},
		{"reset before", discordfake.Failure{CutBefore: true}, bot.Busy},
		{"reset after", discordfake.Failure{CutAfter: true}, bot.Busy},
		{"invalid body", discordfake.Failure{Status: 400, Code: 50035}, bot.Internal},
		{"another code", discordfake.Failure{Status: 403, Code: 40333}, bot.Internal},
		{"no code", discordfake.Failure{Status: 404}, bot.Internal},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, always(bot.Done{}, nil))
			top := w.posts(rich())
			w.Fail(routeMessages, 1, c.how)
			w.Fail(routeMessage, 1, c.how)
			_, posting := w.a.Post(t.Context(), here, line("secret-key", "very private"))
			updating := w.a.Update(t.Context(), top, line("secret-key", "very private"))
			for _, err := range []error{posting, updating} {
				var e *bot.Error
				if !errors.As(err, &e) || e.Code != c.want || e.Err == nil {
					t.Fatalf("got %v, want %s", err, c.want)
				}
				if s := err.Error(); strings.Contains(s, "private") || strings.Contains(s, w.Options().BotToken) {
					t.Errorf("the error tells too much: %s", s)
				}
			}
		})
	}
}

func TestFailuresOnTheWayToAThread(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	top := w.posts(rich())
	w.Fail(routeThreads, 1, discordfake.Failure{Status: 503})
	if _, err := w.a.Post(t.Context(), top, line("a", "x")); bot.CodeOf(err) != bot.Busy {
		t.Errorf("starting: %v", err)
	}
	w.Fail(routeMessages, 1, discordfake.Failure{Status: 503})
	if _, err := w.a.Post(t.Context(), top, line("b", "x")); bot.CodeOf(err) != bot.Busy {
		t.Errorf("posting: %v", err)
	}
	w.Fail(routeDirect, 1, discordfake.Failure{Status: 403, Code: 50007})
	if _, err := w.a.Post(t.Context(), bot.Place{User: ada}, line("c", "x")); bot.CodeOf(err) != bot.NoAccess {
		t.Errorf("opening a conversation: %v", err)
	}
	gone := top
	gone.Message = "999"
	if _, err := w.a.Post(t.Context(), gone, line("d", "x")); bot.CodeOf(err) != bot.Gone {
		t.Errorf("below a deleted card: %v", err)
	}
	w.RemoveChannel(general)
	if _, err := w.a.Post(t.Context(), top, line("e", "x")); bot.CodeOf(err) != bot.NoAccess {
		t.Errorf("in a deleted channel: %v", err)
	}
	w.AddChannel(general, "general")
	w.Allow(general, 0)
	if _, err := w.a.Post(t.Context(), top, line("f", "x")); bot.CodeOf(err) != bot.NoAccess {
		t.Errorf("in a hidden channel: %v", err)
	}
}

func TestAnAnswerThatIsNotDiscords(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	for name, c := range map[string]struct {
		canned
		want bot.Code
	}{
		"a page instead of JSON": {canned{status: 200, body: "<html>"}, bot.Busy},
		"an endless one":         {canned{status: 200, body: `{"id":"` + strings.Repeat("x", 2<<20) + `"}`}, bot.Busy},
		"a page that refuses":    {canned{status: 403, body: "<html>"}, bot.Busy},
		"a page that asks who":   {canned{status: 401, body: "<html>"}, bot.Busy},
		"a proxy's own JSON":     {canned{status: 404, body: `{"error":"no route"}`}, bot.Busy},
		"what is too large":      {canned{status: 413, body: "<html>"}, bot.Internal},
		"no connection":          {canned{err: &net.OpError{Op: "dial", Err: errors.New("no route")}}, bot.Busy},
	} {
		a := w.adapter(Options{HTTP: &http.Client{Transport: c.canned}})
		if _, err := a.Post(t.Context(), here, line("a", "x")); bot.CodeOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAHeldAnswerEndsWithTheContext(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	hold := make(chan struct{})
	defer close(hold)
	w.Fail(routeMessages, 1, discordfake.Failure{Hold: hold})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := w.a.Post(ctx, here, line("a", "x")); bot.CodeOf(err) != bot.Busy || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestACardThatDoesNotFitIsNotPosted(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	huge := bot.Card{Title: "x", Actions: []bot.Action{{Call: bot.Call{Command: strings.Repeat("x", 101)}, Label: "x"}}}
	if _, err := w.a.Post(t.Context(), here, huge); bot.CodeOf(err) != bot.Internal {
		t.Errorf("posting: %v", err)
	}
	if err := w.a.Update(t.Context(), here, huge); bot.CodeOf(err) != bot.Internal {
		t.Errorf("updating: %v", err)
	}
	if n := len(w.Requests()); n != 0 {
		t.Errorf("%d requests were made", n)
	}
}

func TestTheAPIIsCalledWhereItIsSaidToBe(t *testing.T) {
	for url, want := range map[string]string{
		"":                              "https://discord.com/api/v10/users/@me",
		"https://proxy.example/":        "https://proxy.example/users/@me",
		"http://127.0.0.1:1/api/v10/":   "http://127.0.0.1:1/api/v10/users/@me",
		"https://proxy.example/a%2Fb/c": "https://proxy.example/a%2Fb/c/users/@me",
	} {
		var got string
		a, err := New(Options{APIURL: url, HTTP: &http.Client{Transport: canned{status: 200, body: "{}", asked: &got}}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := a.call(t.Context(), http.MethodGet, "/users/@me", nil, nil); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", url, diff)
		}
	}
}

func TestAThreadIsStartedOnce(t *testing.T) {
	w := newWorld(t, always(bot.Done{}, nil))
	top := w.posts(rich())
	for _, key := range []string{"one", "two", "three"} {
		if at, err := w.a.Post(t.Context(), top, line(key, key)); err != nil || at.Channel != top.Message {
			t.Fatalf("posted at %+v, %v", at, err)
		}
	}
	started := 0
	for _, x := range w.Requests() {
		if strings.HasSuffix(x.Path, "/threads") {
			started++
		}
	}
	if started != 1 || len(w.message(top.Message).Thread) != 3 {
		t.Errorf("asked %d times; the thread is %+v", started, w.message(top.Message).Thread)
	}
}
