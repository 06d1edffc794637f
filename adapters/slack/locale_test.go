package slack

import (
	"context"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"communitybot/adapters/slack/slackfake"
	"communitybot/bot"
)

// abroad is a desk on which ann speaks German, with a clock for what the adapter remembers.
func abroad(t *testing.T, h bot.Handler, scopes ...string) (*desk, *watch) {
	t.Helper()
	d := sit(t, h, scopes...)
	d.SetLocale("U1", "de-DE")
	w := &watch{now: noon}
	d.adapter.people.now = w.Now
	return d, w
}

// locales returns those of the events' people.
func (r *recorder) locales() []string {
	var all []string
	for _, e := range r.seen() {
		all = append(all, e.By.Locale)
	}
	return all
}

func TestEveryEventKnowsItsPersonsLanguage(t *testing.T) {
	h := asking(func(bot.Event) (bot.Reply, error) { return takeBack, nil })
	d, _ := abroad(t, h)
	form := d.fills(t, nil).Form
	if _, err := d.Press(t.Context(), "U1", form.ID, "Take it back"); err != nil {
		t.Fatal(err)
	}
	at := d.posts(t, oneButton)
	if _, err := d.Press(t.Context(), "U1", at.Message, "Approve"); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"de-DE", "de-DE", "de-DE", "de-DE"}, h.locales()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	who, err := d.adapter.Who(t.Context(), "T1", "U1")
	if err != nil || who.Locale != "de-DE" || who.Name != "ann" {
		t.Errorf("%+v, %v", who, err)
	}
	if n := len(d.calls("users.info")); n != 1 {
		t.Errorf("%d lookups of one person", n)
	}
}

func TestALanguageIsKnownForAnHour(t *testing.T) {
	h := answering(bot.Done{})
	d, w := abroad(t, h)
	d.types(t, "/communities")
	d.SetLocale("U1", "fr-FR")
	for _, later := range []time.Duration{time.Hour - time.Second, time.Second} {
		w.move(later)
		d.types(t, "/communities")
	}
	if diff := cmp.Diff([]string{"de-DE", "de-DE", "fr-FR"}, h.locales()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestALanguageThatCantBeLearnedIsNotAskedForAtEveryClick(t *testing.T) {
	for name, fail := range map[string]func(*desk){
		"Slack is down": func(d *desk) { d.Fail("users.info", 1, slackfake.Status(http.StatusBadGateway, 0)) },
		"nobody there":  func(d *desk) { d.Fail("users.info", 1, slackfake.Refuse("user_not_found")) },
	} {
		t.Run(name, func(t *testing.T) {
			h := answering(bot.Done{})
			d, w := abroad(t, h)
			fail(d)
			for _, later := range []time.Duration{0, 10*time.Minute - time.Second, time.Second} {
				w.move(later)
				d.types(t, "/communities")
			}
			if diff := cmp.Diff([]string{"", "", "de-DE"}, h.locales()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	t.Run("without the scope", func(t *testing.T) {
		h := answering(bot.Done{})
		d, _ := abroad(t, h, slices.DeleteFunc(slices.Clone(Scopes), func(s string) bool { return s == personScope })...)
		d.types(t, "/communities")
		d.types(t, "/communities")
		if n := len(d.calls("users.info")); n != 1 || h.locales()[1] != "" {
			t.Errorf("%d lookups, %q", n, h.locales())
		}
	})
}

func TestAFailedLookupIsGoodEnoughForALanguageButNotForAName(t *testing.T) {
	d, _ := abroad(t, answering(bot.Done{}))
	d.Fail("users.info", 1, slackfake.Status(http.StatusBadGateway, 0))
	d.types(t, "/communities")
	if who, err := d.adapter.Who(t.Context(), "T1", "U1"); err != nil || who.Locale != "de-DE" {
		t.Errorf("%+v, %v", who, err)
	}
}

func TestNobodyWaitsLongForTheirLanguage(t *testing.T) {
	h := answering(bot.Done{})
	d, _ := abroad(t, h)
	release := make(chan struct{})
	d.Fail("users.info", 1, slackfake.Hold(release))
	start := time.Now()
	d.types(t, "/communities")
	if took := time.Since(start); took < localeWithin || took > 2*time.Second {
		t.Errorf("it took %v", took)
	}
	close(release)
	until(t, "it is learned", func() bool {
		u := d.adapter.withLocale(context.WithoutCancel(t.Context()), ann)
		return u.Locale == "de-DE"
	})
	d.types(t, "/communities")
	if diff := cmp.Diff([]string{"", "de-DE"}, h.locales()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if n := len(d.calls("users.info")); n != 1 {
		t.Errorf("%d lookups", n)
	}
}

func TestALanguageThatIsKnownStaysUntilSlackSaysAnother(t *testing.T) {
	for name, failure := range map[string]func(*desk){
		"Slack asks to wait": func(d *desk) { d.Fail("users.info", 1, slackfake.Status(http.StatusTooManyRequests, 30*time.Second)) },
		"Slack is slow":      func(d *desk) { d.Fail("users.info", 1, slackfake.Hold(make(chan struct{}))) },
	} {
		t.Run(name, func(t *testing.T) {
			h := answering(bot.Done{})
			d, w := abroad(t, h)
			d.types(t, "/communities")
			d.SetLocale("U1", "fr-FR")
			failure(d)
			w.move(time.Hour)
			d.types(t, "/communities")
			w.move(9 * time.Minute)
			d.types(t, "/communities")
			if diff := cmp.Diff([]string{"de-DE", "de-DE", "de-DE"}, h.locales()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
