package slackfake

import (
	"testing"
	"time"

	"github.com/slack-go/slack"
)

func modal(title string, blocks ...slack.Block) slack.ModalViewRequest {
	blocks = append([]slack.Block{section("Read this.")}, blocks...)
	return slack.ModalViewRequest{Type: slack.VTModal, Title: words(title), Submit: words("Send"), Blocks: slack.Blocks{BlockSet: blocks}}
}

func trig(f *Fake, user string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.newTrigger(user)
}

func titleOf(f *Fake, user string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	v := f.top(user)
	if v == nil {
		return ""
	}
	return f.form(v).Title
}

func TestTriggers(t *testing.T) {
	f, c := startAt(t, Options{})
	api := client(t, f)
	open := func(id string) error {
		_, err := api.OpenViewContext(ctx(t), id, modal("One"))
		return err
	}
	fresh := trig(f, "U1")
	c.move(3 * time.Second)
	wantCode(t, open(fresh), "")
	wantCode(t, open(fresh), "exchanged_trigger_id")
	stale := trig(f, "U1")
	c.move(3*time.Second + time.Millisecond)
	wantCode(t, open(stale), "expired_trigger_id")
	wantCode(t, open("1.2.3"), "invalid_trigger_id")
	kept := trig(f, "U1")
	if _, err := api.OpenViewContext(ctx(t), kept, modal("This title is much too long")); err == nil {
		t.Error("a title of 27 characters was taken")
	}
	wantCode(t, open(kept), "")
}

func TestAnOpenedViewComesBackWithIDs(t *testing.T) {
	f := start(t, Options{})
	request := modal("One", slack.NewInputBlock("name", words("Name"), nil, slack.NewPlainTextInputBlockElement(nil, "name")))
	request.PrivateMetadata, request.CallbackID, request.ExternalID, request.NotifyOnClose = "kept", "create", "mine", true
	got := must[*slack.ViewResponse](t)(client(t, f).OpenViewContext(ctx(t), trig(f, "U1"), request))
	v := got.View
	if v.ID == "" || v.Hash == "" || v.RootViewID != v.ID || v.PreviousViewID != "" {
		t.Errorf("IDs: %+v", v)
	}
	same(t, "what was sent", []any{v.PrivateMetadata, v.CallbackID, v.ExternalID, v.NotifyOnClose, v.Title.Text, v.TeamID, v.BotID},
		[]any{"kept", "create", "mine", true, "One", f.TeamID, botID})
	if _, there := v.State.Values["name"]["name"]; !there {
		t.Errorf("state: %+v", v.State)
	}
}

func TestOpeningReplacesWhatWasOpen(t *testing.T) {
	f := start(t, Options{})
	api := client(t, f)
	for _, title := range []string{"One", "Two"} {
		_, err := api.OpenViewContext(ctx(t), trig(f, "U1"), modal(title))
		wantCode(t, err, "")
		same(t, "seen", titleOf(f, "U1"), title)
	}
	same(t, "seen by somebody else", titleOf(f, "U2"), "")
}

func TestExternalIDsAreUnique(t *testing.T) {
	f := start(t, Options{})
	api := client(t, f)
	request := modal("One")
	request.ExternalID = "mine"
	_, err := api.OpenViewContext(ctx(t), trig(f, "U1"), request)
	wantCode(t, err, "")
	_, err = api.OpenViewContext(ctx(t), trig(f, "U2"), request)
	wantCode(t, err, "duplicate_external_id")
	_, err = api.UpdateViewContext(ctx(t), modal("Two"), "mine", "", "")
	wantCode(t, err, "")
	same(t, "seen", titleOf(f, "U1"), "Two")
}

func TestUpdatingViews(t *testing.T) {
	f := start(t, Options{})
	api := client(t, f)
	opened := must[*slack.ViewResponse](t)(api.OpenViewContext(ctx(t), trig(f, "U1"), modal("One")))
	updated := must[*slack.ViewResponse](t)(api.UpdateViewContext(ctx(t), modal("Two"), "", opened.Hash, opened.View.ID))
	if updated.View.ID != opened.View.ID || updated.Hash == opened.Hash {
		t.Errorf("ID or hash: %+v", updated.View)
	}
	_, err := api.UpdateViewContext(ctx(t), modal("Three"), "", opened.Hash, opened.View.ID)
	wantCode(t, err, "hash_conflict")
	_, err = api.UpdateViewContext(ctx(t), modal("Three"), "", "", "V404")
	wantCode(t, err, "not_found")
	_, err = api.UpdateViewContext(ctx(t), modal("This title is much too long"), "", "", opened.View.ID)
	wantCode(t, err, "invalid_arguments")
	same(t, "seen", titleOf(f, "U1"), "Two")
}

func TestUpdatingKeepsWhatWasTypedInFieldsThatStay(t *testing.T) {
	f := start(t, Options{})
	api := client(t, f)
	text := func(id string) slack.Block {
		return slack.NewInputBlock(id, words(id), nil, slack.NewPlainTextInputBlockElement(nil, id))
	}
	menu := func(options ...*slack.OptionBlockObject) slack.Block {
		return slack.NewInputBlock("menu", words("menu"), nil, slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, nil, "menu", options...))
	}
	first := must[*slack.ViewResponse](t)(api.OpenViewContext(ctx(t), trig(f, "U1"), modal("One", text("stays"), text("goes"), text("required"), menu(option("A", "a"), option("B", "b")))))
	_, err := f.Send(ctx(t), "U1", first.View.ID, map[string]string{"stays": "typed", "goes": "typed", "menu": "B"})
	wantCode(t, err, "")
	_, err = api.UpdateViewContext(ctx(t), modal("Two", text("stays"), menu(option("A", "a"))), "", "", first.View.ID)
	wantCode(t, err, "")
	f.mu.Lock()
	form := f.form(f.top("U1"))
	f.mu.Unlock()
	same(t, "kept", []string{form.Field("stays").Value, form.Field("menu").Value}, []string{"typed", ""})
	if form.Field("goes") != nil {
		t.Error("a field that is gone is still there")
	}
}

func TestPushingViews(t *testing.T) {
	f := start(t, Options{})
	api := client(t, f)
	_, err := api.PushViewContext(ctx(t), trig(f, "U1"), modal("On nothing"))
	wantCode(t, err, "not_found")
	root := must[*slack.ViewResponse](t)(api.OpenViewContext(ctx(t), trig(f, "U1"), modal("One")))
	second := must[*slack.ViewResponse](t)(api.PushViewContext(ctx(t), trig(f, "U1"), modal("Two")))
	if second.RootViewID != root.View.ID || second.PreviousViewID != root.View.ID {
		t.Errorf("root %s, previous %s, want %s", second.RootViewID, second.PreviousViewID, root.View.ID)
	}
	_, err = api.PushViewContext(ctx(t), trig(f, "U1"), modal("Three"))
	wantCode(t, err, "")
	_, err = api.PushViewContext(ctx(t), trig(f, "U1"), modal("Four"))
	wantCode(t, err, "push_limit_reached")
	_, err = api.PushViewContext(ctx(t), "1.2.3", modal("Five"))
	wantCode(t, err, "invalid_trigger_id")
	same(t, "seen", titleOf(f, "U1"), "Three")
}

func TestPublishingAnAppHome(t *testing.T) {
	f := start(t, Options{})
	api := client(t, f)
	home := slack.PublishViewContextRequest{UserID: "U1", View: slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: []slack.Block{section("hi")}}}}
	first := must[*slack.ViewResponse](t)(api.PublishViewContext(ctx(t), home))
	home.Hash = &first.Hash
	second := must[*slack.ViewResponse](t)(api.PublishViewContext(ctx(t), home))
	if second.View.ID != first.View.ID || second.Hash == first.Hash {
		t.Errorf("ID or hash: %+v", second.View)
	}
	_, err := api.PublishViewContext(ctx(t), home)
	wantCode(t, err, "hash_conflict")
	home.UserID = "U9"
	_, err = api.PublishViewContext(ctx(t), home)
	wantCode(t, err, "user_not_found")
	same(t, "no modal is open", titleOf(f, "U1"), "")
	_, a := rawCall(t, f, "views.publish", object{"user_id": "U1", "view": aModal})
	same(t, "a modal is no home", a["error"], any("invalid_arguments"))
	_, a = rawCall(t, f, "views.update", object{"view_id": first.View.ID, "view": object{"type": "home", "blocks": sections(2)}})
	same(t, "a home can be updated", a["ok"], any(true))
}

func TestAViewMayComeAsTextInAForm(t *testing.T) {
	f := start(t, Options{})
	_, a := post(t, f, f.APIURL()+"views.open", formType,
		"trigger_id="+trig(f, "U1")+`&view={"type":"modal","title":{"type":"plain_text","text":"One"},"blocks":[]}`)
	same(t, "ok", a["ok"], any(true))
	_, a = post(t, f, f.APIURL()+"views.open", formType, "trigger_id="+trig(f, "U1"))
	same(t, "without one", a["error"], any("invalid_arguments"))
}
