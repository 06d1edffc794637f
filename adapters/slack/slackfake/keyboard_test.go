package slackfake

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"communitybot/adapters/person"

	"github.com/slack-go/slack"
)

// richForm is a form with every kind of field.
func richForm() slack.ModalViewRequest {
	text := func(id string) *slack.PlainTextInputBlockElement {
		return slack.NewPlainTextInputBlockElement(words("placeholder"), id)
	}
	name := slack.NewInputBlock("name", words("Name"), words("What people see"), text("name").WithMaxLength(10).WithMinLength(2))
	about := slack.NewInputBlock("about", words("Description"), nil, text("about").WithMultiline(true).WithInitialValue("hello")).WithOptional(true)
	kinds := slack.NewInputBlock("type", words("Type"), nil, slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, nil, "type",
		option("Public", "1"), option("Private", "2"), option("Private, hidden", "3")).WithInitialOption(option("Public", "1")))
	several := slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeStatic, nil, "cats")
	several.OptionGroups = []*slack.OptionGroupBlockObject{
		slack.NewOptionGroupBlockElement(words("A"), option("Art", "a")), slack.NewOptionGroupBlockElement(words("M"), option("Music", "m")),
	}
	cats := slack.NewInputBlock("cats", words("Categories"), nil, several).WithOptional(true)
	ai := slack.NewInputBlock("ai", words("AI"), nil, slack.NewCheckboxGroupsBlockElement("ai", option("Picture", "p"), option("Banner", "b"))).WithOptional(true)
	how := slack.NewInputBlock("how", words("How"), nil, slack.NewRadioButtonsBlockElement("how", option("Fast", "f"), option("Slow", "s"))).WithOptional(true)
	m := modal("New community", slack.NewDividerBlock(), slack.NewContextBlock("c", mrkdwn("_All_ of it.")), name, about, kinds, cats, ai, how)
	m.CallbackID, m.PrivateMetadata = "create", "kept"
	return m
}

// formBot opens the rich form on every command and answers submissions with answer.
func formBot(t *testing.T, f *Fake, answer func(w http.ResponseWriter, p slack.InteractionCallback)) {
	t.Helper()
	api := client(t, f)
	connect(t, f, func(w http.ResponseWriter, form url.Values) {
		if form.Get("command") != "" {
			if _, err := api.OpenViewContext(ctx(t), form.Get("trigger_id"), richForm()); err != nil {
				t.Errorf("opening: %v", err)
			}
			return
		}
		answer(w, payload(t, form))
	})
}

func open(t *testing.T, f *Fake) *person.Form {
	t.Helper()
	screen, err := f.Type(ctx(t), "U1", "C1", "/create-community")
	if err != nil || screen.Form == nil {
		t.Fatalf("no form came up: %+v, %v", screen, err)
	}
	return screen.Form
}

func deliveries(f *Fake, kind string) int {
	n := 0
	for _, r := range f.Requests() {
		if r.Method == kind {
			n++
		}
	}
	return n
}

func TestAFormIsSeenAsItWasSent(t *testing.T) {
	f := start(t, Options{})
	formBot(t, f, nil)
	got := open(t, f)
	if got.ID == "" {
		t.Error("the form has no ID")
	}
	got.ID = ""
	same(t, "form", got, &person.Form{
		Title: "New community", Submit: "Send", Text: "Read this.\nAll of it.",
		Fields: []person.Field{
			{Label: "Name", Hint: "What people see"},
			{Label: "Description", Value: "hello", Long: true, Optional: true},
			{Label: "Type", Value: "Public", Options: []string{"Public", "Private", "Private, hidden"}},
			{Label: "Categories", Options: []string{"Art", "Music"}, Many: true, Optional: true},
			{Label: "AI", Options: []string{"Picture", "Banner"}, Many: true, Optional: true},
			{Label: "How", Options: []string{"Fast", "Slow"}, Optional: true},
		},
	})
}

func TestASentFormCarriesWhatWasFilledIn(t *testing.T) {
	f := start(t, Options{})
	var got slack.InteractionCallback
	formBot(t, f, func(_ http.ResponseWriter, p slack.InteractionCallback) { got = p })
	form := open(t, f)
	screen, err := f.Send(ctx(t), "U1", form.ID, map[string]string{
		"Name": "Acme", "Type": "Private, hidden", "Categories": "Music,Art", "AI": "Banner", "How": "Slow", "Description": "",
	})
	if err != nil || screen.Form != nil {
		t.Fatalf("got %+v, %v", screen, err)
	}
	v := got.View
	values := v.State.Values
	same(t, "values", []any{
		values["name"]["name"].Value, values["about"]["about"].Value, values["type"]["type"].SelectedOption.Value,
		len(values["cats"]["cats"].SelectedOptions), values["cats"]["cats"].SelectedOptions[0].Value,
		values["ai"]["ai"].SelectedOptions[0].Value, values["how"]["how"].SelectedOption.Value, string(values["name"]["name"].Type),
	}, []any{"Acme", "", "3", 2, "m", "b", "s", "plain_text_input"})
	same(t, "view", []any{v.ID, v.CallbackID, v.PrivateMetadata, string(v.Type), v.RootViewID}, []any{form.ID, "create", "kept", "modal", form.ID})
	same(t, "who", []any{string(got.Type), got.User.ID, got.User.Name, got.Team.ID, got.APIAppID}, []any{"view_submission", "U1", "ann", f.TeamID, appID})
	if v.Hash == "" || got.TriggerID == "" {
		t.Errorf("hash %q, trigger %q", v.Hash, got.TriggerID)
	}
	if _, err := f.Send(ctx(t), "U1", form.ID, nil); err == nil {
		t.Error("a form that is closed was sent again")
	}
}

func TestEmptyFieldsAreNullInTheState(t *testing.T) {
	f := start(t, Options{})
	api := client(t, f)
	var state any
	connect(t, f, func(_ http.ResponseWriter, form url.Values) {
		if form.Get("command") != "" {
			_, err := api.OpenViewContext(ctx(t), form.Get("trigger_id"), richForm())
			wantCode(t, err, "")
			return
		}
		state = child(child(rawPayload(t, form)["view"], "state"), "values")
	})
	form := open(t, f)
	if _, err := f.Send(ctx(t), "U1", form.ID, map[string]string{"Name": "Acme", "Description": ""}); err != nil {
		t.Fatal(err)
	}
	value := func(id string) any { return child(child(state, id), id) }
	same(t, "text", value("about"), any(object{"type": "plain_text_input", "value": nil}))
	same(t, "checkboxes", value("ai"), any(object{"type": "checkboxes", "selected_options": []any{}}))
	same(t, "radio buttons", value("how"), any(object{"type": "radio_buttons", "selected_option": nil}))
	same(t, "a chosen option", child(child(value("type"), "selected_option"), "text"), any(object{"type": "plain_text", "text": "Public", "emoji": false}))
}

func TestSlacksClientRefusesBeforeItSends(t *testing.T) {
	rows := []struct{ name, value, problem string }{
		{"a required field left empty", "", "Please complete this required field."},
		{"too long", "12345678901", "Please enter no more than 10 characters."},
		{"too short", "é", "Please enter at least 2 characters."},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			f := start(t, Options{})
			formBot(t, f, func(http.ResponseWriter, slack.InteractionCallback) {})
			form := open(t, f)
			screen, err := f.Send(ctx(t), "U1", form.ID, map[string]string{"Name": r.value, "Description": "typed"})
			if err != nil || screen.Form == nil {
				t.Fatalf("got %+v, %v", screen, err)
			}
			same(t, "problem", screen.Form.Field("Name").Problem, r.problem)
			same(t, "what was typed", []string{screen.Form.Field("Name").Value, screen.Form.Field("Description").Value}, []string{r.value, "typed"})
			same(t, "deliveries", deliveries(f, "view_submission"), 0)
			screen, err = f.Send(ctx(t), "U1", form.ID, map[string]string{"Name": "fine"})
			if err != nil || screen.Form != nil || deliveries(f, "view_submission") != 1 {
				t.Errorf("repaired: %+v, %v", screen, err)
			}
		})
	}
}

func TestMistakesInFillingInChangeNothing(t *testing.T) {
	f := start(t, Options{})
	formBot(t, f, nil)
	form := open(t, f)
	for name, values := range map[string]map[string]string{
		"no such field":      {"Name": "Acme", "Colour": "red"},
		"no such option":     {"Name": "Acme", "Type": "Secret"},
		"two where one goes": {"Name": "Acme", "Type": "Public,Private"},
	} {
		if _, err := f.Send(ctx(t), "U1", form.ID, values); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := f.Send(ctx(t), "U2", form.ID, nil); err == nil {
		t.Error("Bob sent Ann's form")
	}
	f.mu.Lock()
	same(t, "the form", f.form(f.top("U1")), form)
	f.mu.Unlock()
	same(t, "deliveries", deliveries(f, "view_submission"), 0)
}

func TestAnswersToASentForm(t *testing.T) {
	type want struct {
		title, text, problem string // of the form that is seen; no title: none
		trouble              bool
	}
	rows := []struct {
		name   string
		status int
		answer any
		want   want
	}{
		{"nothing closes it", 200, nil, want{}},
		{"an empty object closes it", 200, object{}, want{}},
		{"clear closes it", 200, slack.NewClearViewSubmissionResponse(), want{}},
		{"errors stand at the fields", 200, slack.NewErrorsViewSubmissionResponse(map[string]string{"name": "Taken."}), want{title: "New community", text: "Read this.\nAll of it.", problem: "Taken."}},
		{"update shows another view", 200, slack.NewUpdateViewSubmissionResponse(ptr(modal("Done"))), want{title: "Done", text: "Read this."}},
		{"push shows another view", 200, slack.NewPushViewSubmissionResponse(ptr(modal("More"))), want{title: "More", text: "Read this."}},
		{"errors at no field", 200, slack.NewErrorsViewSubmissionResponse(map[string]string{"c": "Not an input."}), want{title: "New community", text: "Read this.\nAll of it.", trouble: true}},
		{"errors without errors", 200, object{"response_action": "errors"}, want{title: "New community", text: "Read this.\nAll of it.", trouble: true}},
		{"an update that breaks a rule", 200, object{"response_action": "update", "view": with(aModal, object{"title": nil})}, want{title: "New community", text: "Read this.\nAll of it.", trouble: true}},
		{"an update without a view", 200, object{"response_action": "update"}, want{title: "New community", text: "Read this.\nAll of it.", trouble: true}},
		{"an unknown action", 200, object{"response_action": "dance"}, want{title: "New community", text: "Read this.\nAll of it.", trouble: true}},
		{"a status", 500, nil, want{title: "New community", text: "Read this.\nAll of it.", trouble: true}},
		{"no JSON", 200, "ok then", want{title: "New community", text: "Read this.\nAll of it.", trouble: true}},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			f := start(t, Options{})
			formBot(t, f, func(w http.ResponseWriter, _ slack.InteractionCallback) {
				w.WriteHeader(r.status)
				if r.answer != nil {
					answerJSON(t, w, r.answer)
				}
			})
			screen, err := f.Send(ctx(t), "U1", open(t, f).ID, map[string]string{"Name": "Acme"})
			got := want{trouble: err != nil}
			if screen.Form != nil {
				got.title, got.text = screen.Form.Title, screen.Form.Text
				if name := screen.Form.Field("Name"); name != nil {
					got.problem = name.Problem
					same(t, "what was typed", name.Value, "Acme")
				}
			}
			if got != r.want {
				t.Errorf("got %+v, want %+v", got, r.want)
			}
			log := f.Requests()
			if last := log[len(log)-1]; (last.Problem != "") != r.want.trouble {
				t.Errorf("the log says %q", last.Problem)
			}
		})
	}
}

func ptr[T any](v T) *T { return &v }

func TestClosingAPushedFormShowsTheOneBelow(t *testing.T) {
	f := start(t, Options{})
	formBot(t, f, func(w http.ResponseWriter, p slack.InteractionCallback) {
		if p.View.Title.Text == "New community" {
			answerJSON(t, w, slack.NewPushViewSubmissionResponse(ptr(modal("More"))))
		}
	})
	form := open(t, f)
	pushed, err := f.Send(ctx(t), "U1", form.ID, map[string]string{"Name": "Acme"})
	if err != nil || pushed.Form.Title != "More" {
		t.Fatalf("got %+v, %v", pushed, err)
	}
	if _, err := f.Send(ctx(t), "U1", form.ID, nil); err == nil {
		t.Error("the form below was sent")
	}
	back, err := f.Send(ctx(t), "U1", pushed.Form.ID, nil)
	if err != nil || back.Form == nil || back.Form.ID != form.ID || back.Form.Field("Name").Value != "Acme" {
		t.Errorf("got %+v, %v", back, err)
	}
}

func TestClosingAForm(t *testing.T) {
	rows := []struct {
		name          string
		notify, clear bool
		heard         int
		left          string
	}{
		{"quietly", false, false, 0, "One"},
		{"with notice", true, false, 1, "One"},
		{"all of them", false, true, 0, ""},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			f := start(t, Options{})
			api := client(t, f)
			var got slack.InteractionCallback
			connect(t, f, func(_ http.ResponseWriter, form url.Values) { got = payload(t, form) })
			_, err := api.OpenViewContext(ctx(t), trig(f, "U1"), modal("One"))
			wantCode(t, err, "")
			request := modal("Two")
			request.NotifyOnClose, request.ClearOnClose, request.CallbackID = r.notify, r.clear, "two"
			v := must[*slack.ViewResponse](t)(api.PushViewContext(ctx(t), trig(f, "U1"), request))
			if err := f.CloseForm(ctx(t), "U2", v.View.ID); err == nil {
				t.Error("Bob closed Ann's form")
			}
			if err := f.CloseForm(ctx(t), "U1", v.View.ID); err != nil {
				t.Error(err)
			}
			same(t, "left", titleOf(f, "U1"), r.left)
			same(t, "deliveries", deliveries(f, "view_closed"), r.heard)
			if r.heard > 0 && (got.Type != slack.InteractionTypeViewClosed || got.View.CallbackID != "two" || got.IsCleared) {
				t.Errorf("heard %+v", got)
			}
		})
	}
}

func TestAFormWithoutSubmitCannotBeSent(t *testing.T) {
	f := start(t, Options{})
	request := modal("One")
	request.Submit = nil
	v := must[*slack.ViewResponse](t)(client(t, f).OpenViewContext(ctx(t), trig(f, "U1"), request))
	if _, err := f.Send(ctx(t), "U1", v.View.ID, nil); err == nil {
		t.Error("no error")
	}
}

func TestAPressedButtonIsDelivered(t *testing.T) {
	f := start(t, Options{})
	api := client(t, f)
	var got slack.InteractionCallback
	var raw object
	connect(t, f, func(_ http.ResponseWriter, form url.Values) { got, raw = payload(t, form), rawPayload(t, form) })
	parent := f.Say("U1", "C1", "parent")
	approve := button("Approve", "approve?id=42")
	approve.Style = slack.StylePrimary
	_, ts, err := api.PostMessageContext(ctx(t), "C1", slack.MsgOptionTS(parent), slack.MsgOptionText("card", false), slack.MsgOptionBlocks(
		section("card"), slack.NewActionBlock("decide", approve, button("Deny…", "deny?id=42"))))
	wantCode(t, err, "")
	screen, err := f.Press(ctx(t), "U2", ts, "Approve")
	if err != nil || screen.Form != nil || screen.Private != nil {
		t.Fatalf("got %+v, %v", screen, err)
	}
	action := got.ActionCallback.BlockActions[0]
	same(t, "action", []any{action.ActionID, action.BlockID, action.Value, action.Text.Text, string(action.Type), raw["actions"].([]any)[0].(object)["style"]},
		[]any{"act-Approve", "decide", "approve?id=42", "Approve", "button", "primary"})
	same(t, "container", got.Container, slack.Container{Type: "message", MessageTs: ts, ThreadTs: parent, ChannelID: "C1"})
	same(t, "where and who", []any{got.Channel.ID, got.Channel.Name, got.User.ID, got.Team.ID, got.APIAppID, string(got.Type)},
		[]any{"C1", "general", "U2", f.TeamID, appID, "block_actions"})
	same(t, "message", []any{got.Message.Timestamp, got.Message.Text, len(got.Message.Blocks.BlockSet), got.Message.BotID}, []any{ts, "card", 2, botID})
	if action.ActionTs == "" || got.TriggerID == "" || !strings.HasPrefix(got.ResponseURL, f.URL()+"/hooks/actions/") {
		t.Errorf("action_ts %q, trigger %q, response URL %q", action.ActionTs, got.TriggerID, got.ResponseURL)
	}
}

func TestAButtonInAnAttachmentSaysSo(t *testing.T) {
	f := start(t, Options{})
	var got slack.InteractionCallback
	connect(t, f, func(_ http.ResponseWriter, form url.Values) { got = payload(t, form) })
	_, ts, err := client(t, f).PostMessageContext(ctx(t), "C1", slack.MsgOptionAttachments(slack.Attachment{Color: "#A4E6DA"},
		slack.Attachment{Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewSectionBlock(mrkdwn("x"), nil, slack.NewAccessory(button("Go", "go")))}}}))
	wantCode(t, err, "")
	if _, err := f.Press(ctx(t), "U1", ts, "Go"); err != nil {
		t.Fatal(err)
	}
	same(t, "container", []any{got.Container.Type, got.Container.AttachmentID.String()}, []any{"message_attachment", "2"})
	same(t, "action", got.ActionCallback.BlockActions[0].Value, "go")
}

func TestAPrivateMessagesButtonComesWithoutTheMessage(t *testing.T) {
	f := start(t, Options{})
	var raw object
	connect(t, f, func(_ http.ResponseWriter, form url.Values) { raw = rawPayload(t, form) })
	ts := must[string](t)(client(t, f).PostEphemeralContext(ctx(t), "C1", "U1", slack.MsgOptionBlocks(slack.NewActionBlock("b", button("Go", "go")))))
	if _, err := f.Press(ctx(t), "U2", ts, "Go"); err == nil {
		t.Error("Bob pressed a button that he does not see")
	}
	if _, err := f.Press(ctx(t), "U1", ts, "Go"); err != nil {
		t.Fatal(err)
	}
	if _, there := raw["message"]; there || child(raw["container"], "is_ephemeral") != true {
		t.Errorf("got %v", raw)
	}
	address := raw["response_url"].(string)
	post(t, f, address, "application/json", `{"delete_original":true}`)
	if read := must[[]messageT](t)(f.Read(ctx(t), "U1", "C1")); len(read) != 0 {
		t.Errorf("the private message is still there: %+v", read)
	}
}

func TestAButtonMayOpenAFormOrAnswerPrivately(t *testing.T) {
	f := start(t, Options{})
	api := client(t, f)
	connect(t, f, func(_ http.ResponseWriter, form url.Values) {
		p := payload(t, form)
		if p.ActionCallback.BlockActions[0].Value == "ask" {
			_, err := api.OpenViewContext(ctx(t), p.TriggerID, modal("Why?"))
			wantCode(t, err, "")
			return
		}
		_, err := api.PostEphemeralContext(ctx(t), p.Channel.ID, p.User.ID, slack.MsgOptionText("Not you.", false))
		wantCode(t, err, "")
	})
	_, ts, err := api.PostMessageContext(ctx(t), "C1", slack.MsgOptionBlocks(slack.NewActionBlock("b", button("Ask", "ask"), button("Tell", "tell"))))
	wantCode(t, err, "")
	asked, err := f.Press(ctx(t), "U1", ts, "Ask")
	if err != nil || asked.Form == nil || asked.Form.Title != "Why?" || asked.Private != nil {
		t.Errorf("asked: %+v, %v", asked, err)
	}
	told, err := f.Press(ctx(t), "U1", ts, "Tell")
	if err != nil || told.Form != nil || len(told.Private) != 1 || told.Private[0].Text != "Not you." {
		t.Errorf("told: %+v, %v", told, err)
	}
}

func TestPressingWhatIsNotThere(t *testing.T) {
	f := start(t, Options{})
	_, ts, err := client(t, f).PostMessageContext(ctx(t), "C1", slack.MsgOptionBlocks(slack.NewActionBlock("b", button("Go", "go"))))
	wantCode(t, err, "")
	for name, press := range map[string][3]string{
		"no button": {"U1", ts, "Stop"}, "no message": {"U1", "1.2", "Go"}, "nobody": {"U9", ts, "Go"},
	} {
		if _, err := f.Press(ctx(t), press[0], press[1], press[2]); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestAButtonThatFailsSaysSo(t *testing.T) {
	f := start(t, Options{})
	_, ts, err := client(t, f).PostMessageContext(ctx(t), "C1", slack.MsgOptionBlocks(slack.NewActionBlock("b", button("Go", "go"))))
	wantCode(t, err, "")
	if _, err := f.Press(ctx(t), "U1", ts, "Go"); err == nil || err.Error() != "dispatch_failed" {
		t.Errorf("no bot: %v", err)
	}
	record(t, f, http.StatusTeapot)
	if _, err := f.Press(ctx(t), "U1", ts, "Go"); err == nil || err.Error() != "This app responded with Status Code 418." {
		t.Errorf("a status: %v", err)
	}
}

func TestMenusOnMessages(t *testing.T) {
	f := start(t, Options{})
	var got slack.InteractionCallback
	connect(t, f, func(_ http.ResponseWriter, form url.Values) { got = payload(t, form) })
	one := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, words("Pick one"), "one", option("A", "a"), option("B", "b"))
	many := slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeStatic, words("Pick some"), "many", option("A", "a"), option("B", "b"))
	ticks := slack.NewCheckboxGroupsBlockElement("ticks", option("X", "x"), option("Y", "y"))
	ticks.InitialOptions = []*slack.OptionBlockObject{option("Y", "y")}
	_, ts, err := client(t, f).PostMessageContext(ctx(t), "C1", slack.MsgOptionBlocks(
		slack.NewActionBlock("menus", one, ticks), slack.NewSectionBlock(mrkdwn("*Some* of these"), nil, slack.NewAccessory(many))))
	wantCode(t, err, "")
	menus := func() []person.Field { return must[[]messageT](t)(f.Read(ctx(t), "U1", "C1"))[0].Menus }
	same(t, "menus", menus(), []person.Field{
		{Label: "Pick one", Options: []string{"A", "B"}},
		{Label: "ticks", Options: []string{"X", "Y"}, Value: "Y", Many: true},
		{Label: "Pick some", Options: []string{"A", "B"}, Many: true},
	})
	choose := func(label string, options ...string) slack.BlockAction {
		t.Helper()
		if _, err := f.Choose(ctx(t), "U1", ts, label, options...); err != nil {
			t.Fatal(err)
		}
		return *got.ActionCallback.BlockActions[0]
	}
	if a := choose("Pick one", "B"); a.SelectedOption.Value != "b" || a.ActionID != "one" || a.BlockID != "menus" || a.Type != "static_select" {
		t.Errorf("one: %+v", a)
	}
	if a := choose("Some of these", "A", "B"); len(a.SelectedOptions) != 2 || a.ActionID != "many" {
		t.Errorf("many: %+v", a)
	}
	if a := choose("ticks"); len(a.SelectedOptions) != 0 || a.Type != "checkboxes" {
		t.Errorf("ticks: %+v", a)
	}
	same(t, "state", got.BlockActionState.Values["menus"]["one"].SelectedOption.Value, "b")
	var chosen []string
	for _, m := range menus() {
		chosen = append(chosen, m.Value)
	}
	same(t, "what the menus show", chosen, []string{"B", "", "A,B"})
	for name, options := range map[string][]string{"Pick one": {"A", "B"}, "Pick some": {"C"}, "Pick none": nil} {
		if _, err := f.Choose(ctx(t), "U1", ts, name, options...); err == nil {
			t.Errorf("%s %v: no error", name, options)
		}
	}
}

func TestWhereCommandsCanBeTyped(t *testing.T) {
	f := start(t, Options{})
	f.AddUser("U3", "eve")
	f.AddChannel(Channel{ID: "C2", Name: "old", Members: []string{"U1"}, Archived: true})
	record(t, f, http.StatusOK)
	for name, typed := range map[string][3]string{
		"not a command":         {"U1", "C1", "hello"},
		"nobody":                {"U9", "C1", "/x"},
		"no channel":            {"U1", "C404", "/x"},
		"not a member":          {"U3", "C1", "/x"},
		"archived":              {"U1", "C2", "/x"},
		"a direct conversation": {"U1", "@U1", "/x"},
	} {
		if _, err := f.Type(ctx(t), typed[0], typed[1], typed[2]); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	same(t, "deliveries", deliveries(f, "slash_command"), 0)
	if _, err := f.Type(ctx(t), "U1", "C1", "/x"); err != nil {
		t.Error(err)
	}
}

func TestWhoReadsWhat(t *testing.T) {
	f := start(t, Options{})
	f.AddUser("U3", "eve")
	f.AddChannel(Channel{ID: "G1", Name: "secret", Private: true, Members: []string{"U1"}, Bot: true})
	var readers []string
	for _, who := range []string{"U1", "U2", "U3"} {
		for _, channel := range []string{"C1", "G1", "C404", "@" + who, "@U9"} {
			if _, err := f.Read(ctx(t), who, channel); err == nil {
				readers = append(readers, who+" "+channel)
			}
		}
	}
	want := []string{"U1 C1", "U1 G1", "U1 @U1", "U2 C1", "U2 @U2", "U3 C1", "U3 @U3"}
	if !slices.Equal(readers, want) {
		t.Errorf("got %v, want %v", readers, want)
	}
}
