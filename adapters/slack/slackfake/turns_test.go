package slackfake

import (
	"net/http"
	"net/url"
	"path"
	"testing"
)

func TestExchangesSayWhatTheyArePartOf(t *testing.T) {
	f := start(t, Options{})
	form := object{"type": "modal", "title": pt("F"), "submit": pt("Send"), "blocks": []object{
		{"type": "input", "block_id": "b", "label": pt("L"), "element": object{"type": "plain_text_input", "action_id": "a"}},
	}}
	connect(t, f, func(w http.ResponseWriter, sent url.Values) {
		if sent.Get("command") != "" {
			rawCall(t, f, "views.open", object{"trigger_id": sent.Get("trigger_id"), "view": form})
			post(t, f, sent.Get("response_url"), "application/json", `{"text":"for you"}`)
			rawCall(t, f, "chat.postMessage", object{"channel": "C1", "text": "card", "blocks": []object{
				{"type": "actions", "elements": []object{{"type": "button", "action_id": "x", "text": pt("Go"), "value": "v"}}},
			}})
		}
	})
	s := must[screenT](t)(f.Type(ctx(t), "U1", "C1", "/make it"))
	must[screenT](t)(f.Send(ctx(t), "U1", s.Form.ID, map[string]string{"L": "1"}))
	wire := f.Wire()
	card := wire[3].Draws[0]
	must[screenT](t)(f.Press(ctx(t), "U1", card, "Go"))

	command, open, note, sent, pressed := wire[0], wire[1], wire[2], f.Wire()[4], f.Wire()[5]
	trigger, hook := command.Turns[0], command.Turns[1]
	same(t, "the call that opens the form", open.Turns, []string{trigger, s.Form.ID})
	same(t, "what is said to the one who typed", note.Turns, []string{hook})
	same(t, "it is drawn", len(note.Draws), 1)
	same(t, "the form as it is sent", sent.Turns[1], s.Form.ID)
	same(t, "the click", pressed.Uses, card)
	if path.Base(note.Path) == hook {
		t.Error("the secret of a response URL is on the wire")
	}
}
