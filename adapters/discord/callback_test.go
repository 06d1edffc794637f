package discord

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"communitybot/adapters/discord/discordfake"
	"communitybot/bot"
)

const routeCallback = "POST /interactions/{id}/{token}/callback"

// callbacks counts the answers that were sent.
func (w *gatewayWorld) callbacks() (n int) {
	for _, x := range w.Requests() {
		if strings.HasSuffix(x.Path, "/callback") {
			n++
		}
	}
	return n
}

func TestAnAnswerThatDoesNotArriveIsSentOnceMore(t *testing.T) {
	forever := make(chan struct{})
	defer close(forever)
	for _, c := range []struct {
		name string
		how  discordfake.Failure
	}{
		{"Discord is down", discordfake.Failure{Status: 503}},
		{"the connection breaks", discordfake.Failure{CutBefore: true}},
		{"the connection breaks after it arrived", discordfake.Failure{CutAfter: true}},
		{"Discord asks to wait", discordfake.Failure{RetryAfter: 20 * time.Millisecond}},
		{"no answer comes", discordfake.Failure{Hold: forever}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newGatewayWorld(t, discordfake.Options{}, ok)
			stop := w.connects()
			w.Fail(routeCallback, 1, c.how)
			if m := w.note(w.types("/hello")); m.Text != "ok" {
				t.Errorf("told %q", m.Text)
			}
			w.until("it was sent twice", func() bool { return w.callbacks() == 2 })
			stop()
			if w.log.count("answer not delivered") > 0 {
				t.Errorf("it arrived, and the log says:\n%s", w.log)
			}
		})
	}
}

func TestAnAnswerThatIsNotTakenIsLoggedAndNothingElse(t *testing.T) {
	for _, c := range []struct {
		name  string
		how   discordfake.Failure
		times int
	}{
		{"it is answered already", discordfake.Failure{Status: 400, Code: 40060}, 1},
		{"the interaction is over", discordfake.Failure{Status: 404, Code: 10062}, 1},
		{"it is invalid and has no older form", discordfake.Failure{Status: 400, Code: 50035}, 1},
		{"Discord stays down", discordfake.Failure{Status: 502}, 2},
		{"Discord asks to wait for too long", discordfake.Failure{RetryAfter: time.Minute}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newGatewayWorld(t, discordfake.Options{Patience: 200 * time.Millisecond}, ok)
			w.a.pace.answer, w.a.pace.way = 300*time.Millisecond, 100*time.Millisecond
			stop := w.connects()
			w.Fail(routeCallback, 9, c.how)
			if _, err := w.Type(t.Context(), ada, general, "/hello"); err == nil {
				t.Error("the person saw an answer")
			}
			w.until("it is logged", func() bool { return w.log.count("answer not delivered") == 1 })
			stop()
			if n := w.callbacks(); n != c.times {
				t.Errorf("sent %d times, want %d", n, c.times)
			}
			if s := w.log.String(); strings.Contains(s, "aW50ZXJhY3Rpb246") || w.panics.Load() != 0 {
				t.Errorf("the log:\n%s", s)
			}
			if len(w.seen(bot.Open)) != 1 {
				t.Error("what was asked for was not done once")
			}
		})
	}
}

func TestAnAnswerThatIsRefusedAsInvalidIsSentInItsOlderForm(t *testing.T) {
	w := newGatewayWorld(t, discordfake.Options{}, ok)
	w.connects()
	w.types("/hello")
	w.Fail(routeCallback, 1, discordfake.Failure{Status: 400, Code: 50035})
	in := &interaction{ID: "77", Token: "gone"}
	asked := 0
	answer := response{Type: showModal, Data: modalData{CustomID: "!x", Title: "x", Components: []any{row{typeRow, []textInput{input(bot.Field{Name: "a"})}}}}, legacy: func(context.Context) response {
		asked++
		return private(plain("the older form"))
	}}
	w.until("the first answer is there", func() bool { return w.callbacks() == 1 })
	if err := newIntake(w.a, nil).callback(t.Context(), in, answer); codeOf(err) != 10062 {
		t.Errorf("got %v", err)
	}
	all := w.Requests()
	if last := all[len(all)-1]; asked != 1 || w.callbacks() != 3 || !strings.Contains(string(last.Body), "the older form") {
		t.Errorf("asked %d times, last %s", asked, last.Body)
	}
}

func TestAModalThatDiscordRefusesOpensInItsOlderForm(t *testing.T) {
	w := newGatewayWorld(t, discordfake.Options{}, reason)
	w.RefuseLabels()
	w.connects()
	for _, answers := range []int{2, 3} { // the second time it is known
		s := w.types("/deny")
		if s.Form == nil || s.Form.Field("Reason") == nil {
			t.Fatalf("she sees %+v", s)
		}
		w.until("the answers are counted", func() bool { return w.callbacks() == answers })
	}
	if m := w.note(w.sends(w.types("/deny"), map[string]string{"Reason": "Too vague"})); m.Text != "Denied: Too vague" {
		t.Errorf("told %q", m.Text)
	}
}

func TestOnlyLabelsThatAreRefusedAreGivenUp(t *testing.T) {
	w := newGatewayWorld(t, discordfake.Options{}, brief)
	w.connects()
	w.Fail(routeCallback, 1, discordfake.Failure{Status: 400, Code: 50035}) // it does not say what is wrong
	if s := w.types("/create-community name:Acme"); s.Form == nil || s.Form.Field("Handle") == nil {
		t.Errorf("she sees %+v", s)
	}
	if s := w.must(w.Type(t.Context(), bob, general, "/create-community name:Other")); s.Form == nil || len(s.Form.Fields) != 4 {
		t.Errorf("he sees %+v", s)
	}
	if w.a.older.Load() || w.log.count("labels in modals are refused") > 0 {
		t.Errorf("labels are given up; the log:\n%s", w.log)
	}
}

func TestLabelsAreTriedAgainAfterAnHour(t *testing.T) {
	w := newGatewayWorld(t, discordfake.Options{}, brief)
	w.RefuseLabels()
	w.connects()
	w.types("/create-community name:Acme")
	if !w.a.older.Load() {
		t.Fatal("that labels are refused is not known")
	}
	synctest.Test(t, func(t *testing.T) {
		var l lapsing
		l.Store(true)
		<-time.After(time.Hour - 1)
		if !l.Load() {
			t.Error("it lapses before its time")
		}
		<-time.After(1)
		if l.Load() {
			t.Error("it does not lapse")
		}
		l.Store(true)
		if l.Store(false); l.Load() {
			t.Error("it can't be taken back")
		}
	})
}

func TestWhatSaysThatAComponentIsUnknown(t *testing.T) {
	for said, want := range map[string]bool{
		`{"data":{"components":{"0":{"_errors":[{"code":"UNION_TYPE_CHOICES","message":"Value of field \"type\" must be one of (1,)."}]}}}}`: true,
		`{"data":{"components":{"3":{"type":{"_errors":[{"code":"BASE_TYPE_CHOICES","message":"Value must be one of (1,)."}]}}}}}`:           true,
		`{"data":{"components":{"0":{"component":{"value":{"_errors":[{"code":"BASE_TYPE_MAX_LENGTH","message":"x"}]}}}}}}`:                  false,
		`{"data":{"components":{"0":{"_errors":[{"code":"COMPONENT_LAYOUT_WIDTH_EXCEEDED","message":"x"}]}}}}`:                               false,
		`{"data":{"components":{"0":7}}}`: false,
		`{"data":{"components":{"_errors":[{"code":"BASE_TYPE_BAD_LENGTH","message":"x"}]}}}`: false,
		`{"data":{"title":{"_errors":[{"code":"BASE_TYPE_MAX_LENGTH","message":"x"}]}}}`:      false,
		`[]`: false,
	} {
		e, _ := refusal("POST /x", answered{status: 400, body: []byte(`{"code":50035,"message":"Invalid Form Body","errors":` + said + `}`)}, nil)
		if got := unknownComponent(e); got != want || codeOf(e) != invalidBody {
			t.Errorf("%s: %t, code %d", said, got, codeOf(e))
		}
	}
}
