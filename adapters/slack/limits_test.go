package slack

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"communitybot/adapters/slack/slackfake"
	"communitybot/bot"
)

// waits is how long a channel has to be left alone.
func waits(t *testing.T, l *limits, channel string, now time.Time) time.Duration {
	t.Helper()
	err := l.wait(channel, now)
	if err == nil {
		return 0
	}
	var e *bot.Error
	if !errors.As(err, &e) || e.Code != bot.Busy || e.RetryAfter <= 0 {
		t.Fatalf("waiting is %v", err)
	}
	return e.RetryAfter
}

func TestAChannelThatAskedToWaitIsLeftAlone(t *testing.T) {
	var l limits
	const here, elsewhere = "C1", "C9"
	start := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	if got := waits(t, &l, here, start); got != 0 {
		t.Errorf("nobody asked to wait, and it takes %s", got)
	}
	for _, harmless := range []error{nil, errors.New("x"), &bot.Error{Code: bot.Busy}, &bot.Error{Code: bot.NoAccess, RetryAfter: time.Hour}} {
		l.note(here, harmless, start)
		if got := waits(t, &l, here, start); got != 0 {
			t.Errorf("after %v it takes %s", harmless, got)
		}
	}
	l.note(here, &bot.Error{Code: bot.Busy, RetryAfter: 30 * time.Second}, start)
	if got := waits(t, &l, elsewhere, start); got != 0 {
		t.Errorf("another channel waits for %s", got)
	}
	var got []time.Duration // those who come in the meantime come back one after the other
	for _, at := range []string{here, here, here} {
		got = append(got, waits(t, &l, at, start.Add(10*time.Second)))
	}
	if diff := cmp.Diff([]time.Duration{21 * time.Second, 22 * time.Second, 23 * time.Second}, got); diff != "" {
		t.Errorf("waits (-want +got):\n%s", diff)
	}
	if got := waits(t, &l, here, start.Add(30*time.Second)); got != 0 {
		t.Errorf("when the time is over it takes %s", got)
	}
	l.note(elsewhere, &bot.Error{Code: bot.Busy, RetryAfter: time.Minute}, start)
	l.note(elsewhere, &bot.Error{Code: bot.Busy, RetryAfter: time.Second}, start)
	if got := waits(t, &l, elsewhere, start); got < time.Minute {
		t.Errorf("a shorter wait takes the place of a longer one: %s", got)
	}
	for i := range maxLimited {
		l.note(fmt.Sprint("C", i), &bot.Error{Code: bot.Busy, RetryAfter: time.Hour}, start.Add(time.Minute))
	}
	if len(l.held) > maxLimited {
		t.Errorf("%d channels are kept in mind", len(l.held))
	}
}

func TestABusyChannelHoldsUpNoOther(t *testing.T) {
	d := sit(t, nil)
	now := time.Now()
	d.adapter.now = func() time.Time { return now }
	d.Fail("chat.postMessage", 1, slackfake.Status(http.StatusTooManyRequests, 40*time.Second))
	post := func(channel string) (bot.Place, time.Duration) {
		t.Helper()
		at, err := d.adapter.Post(t.Context(), bot.Place{Platform: "slack", Tenant: "T1", Channel: channel}, bot.Card{Text: bot.Say("words")})
		var e *bot.Error
		if err != nil && (!errors.As(err, &e) || e.Code != bot.Busy) {
			t.Fatal(err)
		}
		if e != nil {
			return at, e.RetryAfter
		}
		return at, 0
	}
	_, first := post("C1")
	_, second := post("C1")
	if first != 40*time.Second || second != 41*time.Second || len(d.calls("chat.postMessage")) != 1 {
		t.Errorf("to wait %s and %s, after %d calls", first, second, len(d.calls("chat.postMessage")))
	}
	elsewhere, wait := post("C4")
	if wait != 0 {
		t.Errorf("another channel waits for %s", wait)
	}
	now = now.Add(40 * time.Second)
	card, wait := post("C1")
	if wait != 0 {
		t.Errorf("when the time is over it takes %s more", wait)
	}
	d.Fail("chat.update", 1, slackfake.Status(http.StatusTooManyRequests, time.Minute))
	if err := d.adapter.Update(t.Context(), card, bot.Card{Text: bot.Say("new")}); bot.CodeOf(err) != bot.Busy {
		t.Errorf("redrawn: %v", err)
	}
	if _, wait := post("C1"); wait == 0 {
		t.Error("a channel that is too busy to redraw a card in takes another")
	}
	if err := d.adapter.Update(t.Context(), elsewhere, bot.Card{Text: bot.Say("new")}); err != nil {
		t.Error(err)
	}
}

func TestSlackMayNotAskToWaitForEver(t *testing.T) {
	d := sit(t, nil)
	now := time.Now()
	d.adapter.now = func() time.Time { return now }
	d.Fail("chat.postMessage", 1, slackfake.Status(http.StatusTooManyRequests, 99_999_999*time.Second))
	card := bot.Card{Text: bot.Say("words")}
	_, err := d.adapter.Post(t.Context(), general, card)
	if e := asError(t, err); e.RetryAfter != bot.LongestWait {
		t.Errorf("to wait %s", e.RetryAfter)
	}
	now = now.Add(bot.LongestWait)
	if _, err := d.adapter.Post(t.Context(), general, card); err != nil {
		t.Errorf("after that: %v", err)
	}
}
