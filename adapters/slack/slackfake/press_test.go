package slackfake

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/slack-go/slack"
)

// openWithButton opens a form with a button and a field for Ann and returns the form's ID.
func openWithButton(t *testing.T, f *Fake) string {
	t.Helper()
	request := modal("Sent", section("It is sent."), slack.NewActionBlock("b", button("Take back", "take-back?id=42")),
		slack.NewInputBlock("why", words("Why"), nil, slack.NewPlainTextInputBlockElement(nil, "why").WithInitialValue("because")))
	request.PrivateMetadata = "kept"
	return must[*slack.ViewResponse](t)(client(t, f).OpenViewContext(ctx(t), trig(f, "U1"), request)).View.ID
}

func TestAButtonInAFormIsDelivered(t *testing.T) {
	f := start(t, Options{})
	var got slack.InteractionCallback
	var raw object
	connect(t, f, func(_ http.ResponseWriter, form url.Values) { got, raw = payload(t, form), rawPayload(t, form) })
	id := openWithButton(t, f)
	screen, err := f.Press(ctx(t), "U1", id, "Take back")
	if err != nil || screen.Form != nil || screen.Private != nil {
		t.Fatalf("got %+v, %v", screen, err)
	}
	action := got.ActionCallback.BlockActions[0]
	same(t, "action", []any{action.ActionID, action.BlockID, action.Value, action.ActionTs != ""}, []any{"act-Take back", "b", "take-back?id=42", true})
	same(t, "container", raw["container"], any(object{"type": "view", "view_id": id}))
	same(t, "view", []any{got.View.ID, got.View.PrivateMetadata, got.View.State.Values["why"]["why"].Value}, []any{id, "kept", "because"})
	same(t, "who and what", []any{got.User.ID, got.Team.ID, string(got.Type)}, []any{"U1", f.TeamID, "block_actions"})
	for _, key := range []string{"channel", "message", "response_url"} {
		if _, there := raw[key]; there {
			t.Errorf("a click in a form has a %s", key)
		}
	}
}

func TestAButtonInAFormMayChangeTheFormOrPutAnotherOnTop(t *testing.T) {
	f := start(t, Options{})
	api := client(t, f)
	var answer func(slack.InteractionCallback) error
	connect(t, f, func(_ http.ResponseWriter, form url.Values) { wantCode(t, answer(payload(t, form)), "") })
	id := openWithButton(t, f)
	answer = func(p slack.InteractionCallback) error {
		_, err := api.PushViewContext(ctx(t), p.TriggerID, modal("Why?"))
		return err
	}
	screen, err := f.Press(ctx(t), "U1", id, "Take back")
	if err != nil || screen.Form == nil || screen.Form.Title != "Why?" {
		t.Fatalf("pushed: %+v, %v", screen, err)
	}
	if _, err := f.Press(ctx(t), "U1", id, "Take back"); err == nil {
		t.Error("a button below the visible form was pressed")
	}
	if err := f.CloseForm(ctx(t), "U1", screen.Form.ID); err != nil {
		t.Fatal(err)
	}
	answer = func(p slack.InteractionCallback) error {
		_, err := api.UpdateViewContext(ctx(t), modal("Done"), "", p.View.Hash, p.View.ID)
		return err
	}
	screen, err = f.Press(ctx(t), "U1", id, "Take back")
	if err != nil || screen.Form == nil || screen.Form.ID != id || screen.Form.Title != "Done" {
		t.Errorf("updated: %+v, %v", screen, err)
	}
}

func TestPressingWhatIsNotInAForm(t *testing.T) {
	f := start(t, Options{})
	id := openWithButton(t, f)
	for name, press := range map[string][3]string{
		"no button": {"U1", id, "Stop"}, "no form": {"U1", "V404", "Take back"}, "somebody else": {"U2", id, "Take back"},
	} {
		if _, err := f.Press(ctx(t), press[0], press[1], press[2]); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if n := deliveries(f, "block_actions"); n != 0 {
		t.Errorf("%d deliveries", n)
	}
}

func TestAButtonInAFormThatFailsSaysSo(t *testing.T) {
	f := start(t, Options{})
	id := openWithButton(t, f)
	if _, err := f.Press(ctx(t), "U1", id, "Take back"); err == nil || err.Error() != "dispatch_failed" {
		t.Errorf("no bot: %v", err)
	}
	record(t, f, http.StatusTeapot)
	if _, err := f.Press(ctx(t), "U1", id, "Take back"); err == nil || err.Error() != "This app responded with Status Code 418." {
		t.Errorf("a status: %v", err)
	}
}

func TestWhatABotTellsAfterItHasAcknowledgedComesUp(t *testing.T) {
	f := start(t, Options{})
	api := client(t, f)
	later := make(chan func(), 1)
	told := make(chan struct{})
	go func() {
		defer close(told)
		for tell := range later {
			tell()
		}
	}()
	connect(t, f, func(_ http.ResponseWriter, form url.Values) {
		p := payload(t, form)
		later <- func() {
			_, err := api.PushViewContext(ctx(t), p.TriggerID, modal("Later"))
			wantCode(t, err, "")
		}
	})
	id := openWithButton(t, f)
	if s, err := f.Press(ctx(t), "U1", id, "Take back"); err != nil || s.Form == nil || s.Form.Title != "Later" {
		t.Errorf("%+v, %v", s, err)
	}
	close(later)
	<-told
}
