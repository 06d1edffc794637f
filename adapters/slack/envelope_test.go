package slack

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"communitybot/adapters/slack/slackfake"
	"communitybot/bot"
	"communitybot/bot/words"
)

// long is text that takes more than 20 KB with its fallback, which no acknowledgement takes.
var long = strings.TrimSpace(strings.Repeat("ああああああああ ", 700))

func TestEnvelopesAreEventsLikeRequests(t *testing.T) {
	h := answering(bot.Done{})
	w := plug(t, h, nil)
	w.online(t, 1)
	w.types(t, "/create-community Cricket & co")
	w.presses(t)
	want := []bot.Event{
		{Call: bot.Call{Command: "create-community", Values: bot.Values{"text": "Cricket & co"}}, By: bot.User{Platform: "slack", ID: "U1", Name: "ann", Locale: "en-US"}, At: general},
		{Call: oneButton.Actions[0].Call, By: bot.User{Platform: "slack", ID: "U2", Name: "bob", Locale: "en-US"}, At: bot.Place{Platform: "slack", Tenant: "T1", Channel: "C1", Message: w.reads(t, "C1")[0].ID}},
	}
	got := h.seen()
	for i := range got {
		if !strings.HasPrefix(got[i].ID, "slack:trigger:") {
			t.Errorf("ID %q", got[i].ID)
		}
		want[i].ID = got[i].ID
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestARedeliveryInSocketModeIsTheSameEvent(t *testing.T) {
	h := asking(func(bot.Event) (bot.Reply, error) { return bot.Done{}, nil })
	w := plug(t, h, nil)
	w.online(t, 1)
	for _, act := range []func(){func() { w.types(t, "/create-community") }, func() { w.fills(t, nil) }, func() { w.presses(t) }} {
		act()
		if _, err := w.Redeliver(t.Context()); err != nil {
			t.Fatal(err)
		}
		events := h.seen()
		if diff := cmp.Diff(events[len(events)-2], events[len(events)-1]); diff != "" {
			t.Errorf("(-first +second):\n%s", diff)
		}
	}
}

func TestEnvelopesThatAreNotWhatTheyShouldBe(t *testing.T) {
	invalid := `{"text":"` + words.English.Chat.Invalid + `",`
	for name, tc := range map[string]struct {
		frame  string
		answer string // begins like this
	}{
		"a command that is text":     {`{"envelope_id":"E1","type":"slash_commands","accepts_response_payload":true,"payload":"s3cret"}`, invalid},
		"a command without a person": {`{"envelope_id":"E1","type":"slash_commands","accepts_response_payload":true,"payload":{"command":"/x","text":"s3cret"}}`, invalid},
		"a click that is a list":     {`{"envelope_id":"E1","type":"interactive","payload":["s3cret"]}`, ""},
		"a click without a person":   {`{"envelope_id":"E1","type":"interactive","payload":{"type":"block_actions","x":"s3cret"}}`, ""},
		"an event that is a number":  {`{"envelope_id":"E1","type":"events_api","payload":42}`, ""},
		"an unknown type":            {`{"envelope_id":"E1","type":"brand_new","payload":{"text":"s3cret"}}`, ""},
		"not JSON":                   {`{"type":"slash_commands","envelope_id" : "E1","payload":{"text":"s3cret`, ""},
		"JSON of another shape":      {`{"envelope_id":"E1","type":"interactive","retry_attempt":"s3cret"}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			h := answering(bot.Tell{Text: bot.Say("Hello")})
			w := plug(t, h, nil)
			w.online(t, 1)
			for n := range 2 {
				got, err := w.Frame(t.Context(), "E1", tc.frame)
				if err != nil || !strings.HasPrefix(got, tc.answer) || tc.answer == "" && got != "" {
					t.Errorf("%q, %v", got, err)
				}
				if w.logged("level=WARN", fmt.Sprint("so_far=", n+1)) != 1 || w.logged("s3cret") > 0 {
					t.Errorf("log: %s", w.log)
				}
			}
			if len(h.seen()) > 0 {
				t.Errorf("handled: %+v", h.seen())
			}
			if got := private1(t, w.types(t, "/communities")); got != "Hello" {
				t.Errorf("the next: %q", got)
			}
		})
	}
}

func TestAFrameWithoutAnEnvelopeIsNotAcknowledged(t *testing.T) {
	w := plug(t, answering(bot.Tell{Text: bot.Say("Hello")}), nil)
	w.online(t, 1)
	frames := []string{"{", "null", `{"type":"something_new"}`, `{"type":"interactive","envelope_id":"","payload":{"envelope_id":"E1"}}`}
	for n, frame := range frames {
		if _, err := w.Frame(t.Context(), "", frame); err != nil {
			t.Fatal(err)
		}
		until(t, "it is read", func() bool { return w.logged("envelope not decodable") == n+1 })
	}
	if got := private1(t, w.types(t, "/communities")); got != "Hello" || w.Sockets() != 1 {
		t.Errorf("the next: %q", got)
	}
}

// TestWhatOthersCantDecode sends a click with a field that slack-go fails on, and that the bot does not read.
func TestWhatOthersCantDecode(t *testing.T) {
	h := answering(bot.Done{})
	w := plug(t, h, nil)
	w.online(t, 1)
	payload := strings.NewReplacer(`"api_app_id":"A1"`, `"api_app_id":{"new":"shape"}`, "\n", " ").Replace(button("approve?id=42&v=3"))
	if _, err := w.Frame(t.Context(), "E1", `{"envelope_id":"E1","type":"interactive","payload":`+payload+`}`); err != nil {
		t.Fatal(err)
	}
	if e := h.one(t); e.Command != "approve" || e.By.ID != "U1" {
		t.Errorf("%+v", e)
	}
}

func TestAnAnswerTooLargeForSocketMode(t *testing.T) {
	t.Run("to a command goes by its response_url", func(t *testing.T) {
		w := plug(t, answering(bot.Tell{Text: bot.Say(long)}), nil)
		w.online(t, 1)
		w.types(t, "/communities")
		until(t, "the answer", func() bool { return len(w.reads(t, "C1")) == 1 })
		if m := w.reads(t, "C1")[0]; !m.Private || strings.Join(strings.Fields(m.Text), " ") != long {
			t.Errorf("%d characters", len(m.Text))
		}
	})
	t.Run("to a command whose response_url fails is logged", func(t *testing.T) {
		w := plug(t, answering(bot.Tell{Text: bot.Say(long)}), func(w *wire) {
			w.Fail("response_url", 2, slackfake.Status(http.StatusInternalServerError, 0))
			w.Fail("response_url", 2, slackfake.Reset())
		})
		w.online(t, 1)
		for n := 1; n <= 2; n++ {
			w.types(t, "/communities")
			until(t, "the log", func() bool { return w.logged("not answered") == n })
		}
		if strings.Contains(w.log.String(), "/hooks/") {
			t.Errorf("log: %s", w.log)
		}
	})
	t.Run("to a form, by another form, keeps it open", func(t *testing.T) {
		large := bot.Form{Call: bot.Call{Command: "c"}, Title: "T"}
		for i := range 10 {
			large.Fields = append(large.Fields, bot.Field{Name: fmt.Sprint("f", i), Kind: bot.Lines, Value: strings.Repeat("é", 2900)})
		}
		w := plug(t, asking(func(bot.Event) (bot.Reply, error) { return bot.Ask{Form: large}, nil }), nil)
		w.online(t, 1)
		s := w.fills(t, map[string]string{"Name": "Crickets"})
		if s.Form == nil || !strings.HasPrefix(s.Form.Field("Name").Problem, "That is too much text") || s.Form.Field("Name").Value != "Crickets" {
			t.Errorf("%+v", s.Form)
		}
	})
	t.Run("to a form, by words, is a short one", func(t *testing.T) {
		w := plug(t, asking(func(bot.Event) (bot.Reply, error) { return bot.Tell{Text: bot.Say(long + long)}, nil }), nil)
		w.online(t, 1)
		if s := w.fills(t, nil); s.Form == nil || s.Form.Text != words.English.Chat.Done || s.Form.Submit != "" {
			t.Errorf("%.200s", fmt.Sprint(s.Form))
		}
	})
	t.Run("to a search offers as much as fits", func(t *testing.T) {
		offer := bot.Offer{}
		for i := range 100 {
			offer.Options = append(offer.Options, bot.Option{Value: fmt.Sprint(i), Label: fmt.Sprintf("%02d %s", i, strings.Repeat("あ", 70))})
		}
		w := plug(t, &recorder{answer: func(e bot.Event) (bot.Reply, error) {
			if e.Step == bot.Suggest {
				return offer, nil
			}
			return bot.Ask{Form: bot.Form{Call: bot.Call{Command: "c"}, Title: "T", Fields: []bot.Field{{Name: "a", Label: "A", Kind: bot.ManyOf, Options: numbered(101)}}}}, nil
		}}, nil)
		w.online(t, 1)
		got, err := w.Search(t.Context(), "U1", w.types(t, "/c").Form.ID, "A", "あ")
		if err != nil || len(got) < 70 || len(got) >= 100 || !strings.HasPrefix(got[0], "00 ") {
			t.Errorf("%d offers, %v", len(got), err)
		}
	})
}

func TestEnvelopesAreAnsweredSideBySideButNotAllAtOnce(t *testing.T) {
	release := make(chan struct{})
	var now, most atomic.Int32
	w := plug(t, bot.HandlerFunc(func(context.Context, bot.Event) (bot.Reply, error) {
		n := now.Add(1)
		for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
		}
		<-release
		now.Add(-1)
		return nil, nil
	}), nil)
	w.online(t, 1)
	var people sync.WaitGroup
	for range atOnce + 10 {
		people.Go(func() {
			if _, err := w.Type(t.Context(), "U1", "C1", "/communities"); err != nil {
				t.Error(err)
			}
		})
	}
	until(t, "as many as may", func() bool { return now.Load() == atOnce })
	close(release)
	people.Wait()
	if n := most.Load(); n != atOnce {
		t.Errorf("%d at once", n)
	}
}

func TestAPanicOutsideTheHandlerIsCaught(t *testing.T) {
	var broken atomic.Bool
	clock := func() time.Time {
		if broken.Load() {
			panic("boom")
		}
		return time.Now()
	}
	caught := func(t *testing.T, w *wire) {
		t.Helper()
		broken.Store(false)
		if w.panics.Load() != 1 || w.logged("level=ERROR", "panic=boom", "envelope_test.go") != 1 {
			t.Errorf("%d panics, log: %s", w.panics.Load(), w.log)
		}
		if got := private1(t, w.types(t, "/communities")); got != "Hello" {
			t.Errorf("the next: %q", got)
		}
	}
	h := answering(bot.Tell{Text: bot.Say("Hello")})
	t.Run("in Socket Mode", func(t *testing.T) {
		w := plug(t, h, func(w *wire) { w.adapter.openings.now = clock })
		w.online(t, 1)
		broken.Store(true)
		if s, err := w.Type(t.Context(), "U1", "C1", "/communities"); err == nil || !strings.Contains(err.Error(), "operation_timeout") {
			t.Errorf("%+v, %v", s, err)
		}
		caught(t, w)
	})
	t.Run("over HTTP", func(t *testing.T) {
		w := &wire{desk: sit(t, h)}
		w.adapter.openings.now = clock
		w.adapter.caught = func() { w.panics.Add(1) }
		broken.Store(true)
		if s, err := w.Type(t.Context(), "U1", "C1", "/communities"); err == nil || !strings.Contains(err.Error(), "http_service_error") {
			t.Errorf("%+v, %v", s, err)
		}
		caught(t, w)
	})
}

func TestAPanicInTheHandlerIsCounted(t *testing.T) {
	w := plug(t, bot.HandlerFunc(func(context.Context, bot.Event) (bot.Reply, error) { panic("boom") }), nil)
	w.online(t, 1)
	if got := private1(t, w.types(t, "/communities")); got != words.English.Chat.OurFault || w.panics.Load() != 1 {
		t.Errorf("%q, %d panics", got, w.panics.Load())
	}
}

func TestAnAcknowledgementThatCantBeSentIsLogged(t *testing.T) {
	var w *wire
	w = plug(t, bot.HandlerFunc(func(context.Context, bot.Event) (bot.Reply, error) {
		w.Cut()
		until(t, "lost", func() bool { return w.logged("connection lost") > 0 })
		return nil, errors.New("disk on fire")
	}), nil)
	w.online(t, 1)
	if _, err := w.Type(t.Context(), "U1", "C1", "/communities"); err == nil || !strings.Contains(err.Error(), "operation_timeout") {
		t.Errorf("%v", err)
	}
	if w.logged("level=WARN", "not acknowledged") != 1 {
		t.Errorf("log: %s", w.log)
	}
}
