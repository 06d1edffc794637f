package slack

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"communitybot/adapters/slack/slackfake"
	"communitybot/bot"
)

// again has Slack deliver the latest interaction again, and returns the answer.
func (d *desk) again(t *testing.T) string {
	t.Helper()
	r, err := d.Redeliver(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(body))
}

// bothWays runs a test over HTTP and in Socket Mode.
func bothWays(t *testing.T, h func() bot.Handler, test func(*testing.T, *desk)) {
	t.Run("over HTTP", func(t *testing.T) { test(t, sit(t, h())) })
	t.Run("in Socket Mode", func(t *testing.T) {
		w := plug(t, h(), nil)
		w.online(t, 1)
		test(t, w.desk)
	})
}

func TestACommandThatComesAgainHasItsForm(t *testing.T) {
	ask := func() bot.Handler { return answering(bot.Ask{Form: richForm()}) }
	bothWays(t, ask, func(t *testing.T, d *desk) {
		if s := d.types(t, "/create-community"); s.Form == nil {
			t.Fatalf("%+v", s)
		}
		if got := d.again(t); got != "" {
			t.Errorf("answered %s", got)
		}
		if n := len(d.calls("views.open")); n != 1 {
			t.Errorf("opened %d times", n)
		}
	})
}

func TestACommandThatComesAgainAfterItsFormFailedSaysTheSame(t *testing.T) {
	d := sit(t, answering(bot.Ask{Form: richForm()}))
	d.Fail("views.open", 1, slackfake.Refuse("internal_error"))
	told := private1(t, d.types(t, "/create-community"))
	if got := d.again(t); !strings.Contains(got, told) || len(d.calls("views.open")) != 1 {
		t.Errorf("told %q, then %s", told, got)
	}
}

func TestACommandThatComesAgainWhileItsFormOpensWaitsForIt(t *testing.T) {
	h := answering(bot.Ask{Form: richForm()})
	d := sit(t, h)
	release := make(chan struct{})
	d.Fail("views.open", 1, slackfake.Hold(release))
	d.Fail("views.open", 1, slackfake.Refuse("exchanged_trigger_id"))
	form := make(chan bool)
	go func() {
		s, err := d.Type(t.Context(), "U1", "C1", "/create-community")
		form <- err == nil && s.Form != nil
	}()
	until(t, "it opens", func() bool { return len(d.calls("views.open")) == 1 })
	second := make(chan string)
	go func() { second <- d.again(t) }()
	until(t, "it came again", func() bool { return len(h.seen()) == 2 })
	close(release)
	if got := <-second; got != "" || !<-form || len(d.calls("views.open")) != 1 {
		t.Errorf("answered %s", got)
	}
}

func TestAClickThatComesAgainIsToldOnce(t *testing.T) {
	tell := func() bot.Handler { return answering(bot.Tell{Text: bot.Say("Details")}) }
	bothWays(t, tell, func(t *testing.T, d *desk) {
		if got := private1(t, d.presses(t)); got != "Details" {
			t.Errorf("%q", got)
		}
		d.again(t)
		d.presses(t) // another click is another matter, and comes after whatever the first one's redelivery did
		if n := len(d.calls("response_url")); n != 2 {
			t.Errorf("two clicks were answered %d times", n)
		}
	})
}

func TestWhatIsRecentIsKeptForAMinuteAndBounded(t *testing.T) {
	w := &watch{now: noon}
	r := newRecent[int](w.Now)
	made := 0
	at := func(key string) (known bool) {
		_, known = r.at(key, func() int { made++; return made })
		return known
	}
	if at("a") || !at("a") {
		t.Error("the first is new, the second is not")
	}
	w.move(recentLast - time.Second)
	if !at("a") {
		t.Error("not kept for a minute")
	}
	w.move(recentLast - time.Second)
	if !at("a") {
		t.Error("not kept since it was last wanted")
	}
	w.move(recentLast)
	if at("a") {
		t.Error("kept for longer")
	}
	for i := range maxRecent {
		w.move(time.Millisecond)
		at(fmt.Sprint(i))
	}
	if len(r.held) != maxRecent || !at("0") || at("a") {
		t.Errorf("%d held, or not the oldest dropped", len(r.held))
	}
}
