package slackfake

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/slack-go/slack"

	"communitybot/adapters/person"
)

type screenT = person.Screen

// led is an open form of two fields, the first of which leads, and its bot: it answers actions by putting the second
// field again with another value, under the block_id that follow returns for the action.
func led(t *testing.T, f *Fake, leader object, follow func(p slack.InteractionCallback) (blockID, value string)) (form string, actions *[]slack.InteractionCallback) {
	t.Helper()
	view := func(blockID, value string) object {
		second := with(aText, object{"action_id": "second"})
		if value != "" {
			second["initial_value"] = value
		}
		return object{"type": "modal", "title": pt("T"), "submit": pt("Go"), "blocks": []any{
			with(input(leader), object{"block_id": "first", "label": pt("First"), "optional": true, "dispatch_action": true}),
			with(input(second), object{"block_id": blockID, "label": pt("Second"), "optional": true}),
		}}
	}
	actions = &[]slack.InteractionCallback{}
	connect(t, f, func(_ http.ResponseWriter, form url.Values) {
		p := payload(t, form)
		*actions = append(*actions, p)
		if blockID, value := follow(p); p.Type == slack.InteractionTypeBlockActions && blockID != "" {
			_, a := rawCall(t, f, "views.update", object{"view_id": p.View.ID, "hash": p.View.Hash, "view": view(blockID, value)})
			if a["ok"] != true {
				t.Errorf("refused: %v", a)
			}
		}
	})
	return str(openRaw(t, f, view("second", ""))["view"], "id"), actions
}

func TestTypingIntoALeadingFieldSendsItsAction(t *testing.T) {
	f := start(t, Options{})
	form, actions := led(t, f, aLeader, func(p slack.InteractionCallback) (string, string) {
		return "second~2", "follows " + p.ActionCallback.BlockActions[0].Value
	})
	s := must[screenT](t)(f.Enter(ctx(t), "U1", form, "First", "one"))
	if s.Form == nil || s.Form.Field("First").Value != "one" || s.Form.Field("Second").Value != "follows one" {
		t.Fatalf("%+v", s.Form)
	}
	p := (*actions)[0]
	a := p.ActionCallback.BlockActions[0]
	same(t, "action", []string{string(a.Type), a.BlockID, a.Value, p.View.State.Values["first"][a.ActionID].Value, string(p.Container.Type), p.ResponseURL},
		[]string{"plain_text_input", "first", "one", "one", "view", ""})
	if p.TriggerID == "" || p.View.Hash == "" {
		t.Errorf("%+v", p)
	}
	same(t, "the field that leads nothing", must[screenT](t)(f.Enter(ctx(t), "U1", form, "Second", "mine")), screenT{})
	same(t, "actions", len(*actions), 1)
}

func TestAFieldKeepsWhatWasTypedUnlessItsBlockIsNew(t *testing.T) {
	f := start(t, Options{})
	block := "second"
	form, _ := led(t, f, aLeader, func(slack.InteractionCallback) (string, string) { return block, "suggested" })
	must[screenT](t)(f.Enter(ctx(t), "U1", form, "Second", "mine"))
	if s := must[screenT](t)(f.Enter(ctx(t), "U1", form, "First", "one")); s.Form.Field("Second").Value != "mine" {
		t.Errorf("with the same block_id: %+v", s.Form)
	}
	block = "other"
	if s := must[screenT](t)(f.Enter(ctx(t), "U1", form, "First", "two")); s.Form.Field("Second").Value != "suggested" {
		t.Errorf("with another: %+v", s.Form)
	}
}

func TestAnUpdateWithAnOldHashConflicts(t *testing.T) {
	f := start(t, Options{})
	form, actions := led(t, f, aLeader, func(slack.InteractionCallback) (string, string) { return "second", "" })
	must[screenT](t)(f.Enter(ctx(t), "U1", form, "First", "one"))
	old := (*actions)[0].View
	_, a := rawCall(t, f, "views.update", object{"view_id": form, "hash": old.Hash, "view": modal("x")})
	same(t, "answer", a["error"], any("hash_conflict"))
}

func TestSendingTypesIntoOneFieldAfterTheOther(t *testing.T) {
	f := start(t, Options{})
	form, actions := led(t, f, aLeader, func(slack.InteractionCallback) (string, string) { return "second~2", "suggested" })
	if _, err := f.Send(ctx(t), "U1", form, map[string]string{"Second": "mine", "First": "one"}); err != nil {
		t.Fatal(err)
	}
	same(t, "requests", len(*actions), 2)
	sent := (*actions)[1].View.State.Values
	same(t, "sent", []string{sent["first"]["say"].Value, sent["second~2"]["second"].Value}, []string{"one", "mine"})
	same(t, "type", (*actions)[1].Type, slack.InteractionTypeViewSubmission)
}

func TestAnActionThatFailsStopsNobodyFromSending(t *testing.T) {
	f := start(t, Options{})
	form, _ := led(t, f, aLeader, nil)
	r := record(t, f, http.StatusInternalServerError)
	if s, err := f.Enter(ctx(t), "U1", form, "First", "one"); err == nil || s.Form != nil {
		t.Errorf("%+v, %v", s, err)
	}
	if _, err := f.Send(ctx(t), "U1", form, map[string]string{"First": "two"}); err != trouble {
		t.Errorf("%v", err)
	}
	same(t, "requests", len(r.bodies), 3)
	ended, cancel := contextThatEnded(t)
	defer cancel()
	if _, err := f.Send(ended, "U1", form, map[string]string{"First": "three"}); err != ended.Err() {
		t.Errorf("%v", err)
	}
}

func TestWhenAnActionIsSent(t *testing.T) {
	on := func(events ...any) object {
		return with(aText, object{"dispatch_action_config": object{"trigger_actions_on": events}})
	}
	for name, tc := range map[string]struct {
		leader object
		value  string
		sent   int
	}{
		"on every pause":             {on(onCharacter), "x", 1},
		"on Enter":                   {on(onEnter), "x", 1},
		"on Enter without a config":  {aText, "x", 1},
		"nothing new on every pause": {on(onCharacter), "", 0},
		"nothing new on Enter":       {on(onEnter), "", 1},
		"Enter begins a line":        {with(aText, object{"multiline": true}), "x", 0},
		"a choice":                   {with(aMenu, object{"options": opts(3)}), "o1", 1},
		"the same choice":            {with(aMenu, object{"options": opts(3)}), "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			f := start(t, Options{})
			form, actions := led(t, f, tc.leader, func(slack.InteractionCallback) (string, string) { return "", "" })
			must[screenT](t)(f.Enter(ctx(t), "U1", form, "First", tc.value))
			same(t, "actions", len(*actions), tc.sent)
		})
	}
}

func TestAFieldThatGoesAway(t *testing.T) {
	f := start(t, Options{})
	connect(t, f, func(_ http.ResponseWriter, form url.Values) {
		if p := payload(t, form); p.Type == slack.InteractionTypeBlockActions {
			rawCall(t, f, "views.update", object{"view_id": p.View.ID, "view": modal("x")})
		}
	})
	opened := openRaw(t, f, object{"type": "modal", "title": pt("T"), "submit": pt("Go"), "blocks": []any{
		with(input(aLeader), object{"block_id": "first", "label": pt("First"), "dispatch_action": true}),
		with(input(aText), object{"block_id": "second", "label": pt("Second")}),
	}})
	if _, err := f.Send(ctx(t), "U1", str(opened["view"], "id"), map[string]string{"First": "x", "Second": "y"}); err == nil {
		t.Error("typed into a field that is gone")
	}
}

func TestEnteringWhatCantBe(t *testing.T) {
	f := start(t, Options{})
	form, actions := led(t, f, with(aMenu, object{"options": opts(3)}), nil)
	for what, try := range map[string]func() (screenT, error){
		"another form":   func() (screenT, error) { return f.Enter(ctx(t), "U1", "V0", "First", "o1") },
		"another field":  func() (screenT, error) { return f.Enter(ctx(t), "U1", form, "Third", "o1") },
		"another option": func() (screenT, error) { return f.Enter(ctx(t), "U1", form, "First", "o9") },
	} {
		if s, err := try(); err == nil {
			t.Errorf("%s: %+v", what, s)
		}
	}
	same(t, "actions", len(*actions), 0)
}
