package slackfake

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/slack-go/slack"
)

const aManifest = `{
	"display_information": {"name": "bot"},
	"features": {
		"app_home": {"home_tab_enabled": true},
		"slash_commands": [{"command": "/go", "description": "Goes", "url": "https://bot.test/slack"}],
		"shortcuts": [
			{"name": "Take it", "type": "message", "callback_id": "take:text", "description": "Takes it"},
			{"name": "Anywhere", "type": "global", "callback_id": "anywhere", "description": "Goes anywhere"}
		]
	},
	"settings": {
		"interactivity": {"is_enabled": true, "request_url": "https://bot.test/slack", "message_menu_options_url": "https://bot.test/slack"},
		"event_subscriptions": {"request_url": "https://bot.test/slack", "bot_events": ["app_home_opened"]}
	}
}`

// Manifests that lack something.
var (
	noOptions = strings.Replace(aManifest, `, "message_menu_options_url": "https://bot.test/slack"`, "", 1)
	noHome    = strings.Replace(aManifest, `"home_tab_enabled": true`, "", 1)
	noEvent   = strings.Replace(aManifest, `"app_home_opened"`, "", 1)
)

func install(t *testing.T, f *Fake, manifest string) {
	t.Helper()
	if err := f.Install([]byte(manifest)); err != nil {
		t.Fatal(err)
	}
}

func TestAShortcutIsDeliveredWithItsMessage(t *testing.T) {
	f := start(t, Options{})
	f.AddChannel(Channel{ID: "C2", Name: "random", Members: []string{"U1"}})
	install(t, f, aManifest)
	api := client(t, f)
	var got slack.InteractionCallback
	connect(t, f, func(_ http.ResponseWriter, form url.Values) {
		got = payload(t, form)
		_, err := api.OpenViewContext(ctx(t), got.TriggerID, modal("Take"))
		wantCode(t, err, "")
	})
	ts := must[string](t)(f.Write(ctx(t), "U1", "C2", "<a> & @bob"))
	s := must[screenT](t)(f.Shortcut(ctx(t), "U1", ts, "Take it"))
	if s.Form == nil || s.Form.Title != "Take" {
		t.Fatalf("%+v", s)
	}
	same(t, "payload", []string{string(got.Type), got.CallbackID, got.Channel.ID, got.Channel.Name, got.MessageTs, got.Message.Text, got.Message.User, got.User.ID, got.Team.ID},
		[]string{"message_action", "take:text", "C2", "random", ts, "&lt;a&gt; &amp; <@U2>", "U1", "U1", f.TeamID})
	response, _ := post(t, f, got.ResponseURL, "application/json", `{"text":"thanks","response_type":"ephemeral"}`)
	same(t, "response", response.StatusCode, http.StatusOK)
	messages := must[[]messageT](t)(f.Read(ctx(t), "U1", "C2"))
	same(t, "answer", []any{messages[1].Text, messages[1].Private}, []any{"thanks", true})
}

func TestShortcutsThatAreNotThere(t *testing.T) {
	f := start(t, Options{})
	api := client(t, f)
	ts := f.Say("U1", "C1", "x")
	if _, err := f.Shortcut(ctx(t), "U1", ts, "Take it"); err == nil {
		t.Error("a shortcut without a manifest")
	}
	install(t, f, aManifest)
	private := must[string](t)(api.PostEphemeralContext(ctx(t), "C1", "U1", slack.MsgOptionText("x", false)))
	for _, try := range [][3]string{{"U1", ts, "Leave it"}, {"U1", ts, "Anywhere"}, {"U1", "1.2", "Take it"}, {"U9", ts, "Take it"}, {"U1", private, "Take it"}} {
		if s, err := f.Shortcut(ctx(t), try[0], try[1], try[2]); err == nil {
			t.Errorf("%v: %+v", try, s)
		}
	}
	record(t, f, http.StatusInternalServerError)
	if _, err := f.Shortcut(ctx(t), "U1", ts, "Take it"); err == nil {
		t.Error("a bot that fails is not told")
	}
}

func TestManifestsThatSlackRefuses(t *testing.T) {
	f := start(t, Options{})
	for old, tc := range map[string][2]string{
		`"name": "bot"`:         {`"name": ""`, "must be more than 0 characters [json-pointer:/display_information/name]"},
		`"command": "/go"`:      {`"command": "go"`, "must start with a slash [json-pointer:/features/slash_commands/0/command]"},
		`"description": "Goes"`: {`"description": ""`, "must be more than 0 characters [json-pointer:/features/slash_commands/0/description]"},
		`"Goes",`:               {`"Goes", "usage_hint": "` + x(1001) + `",`, "must be less than 1001 characters [json-pointer:/features/slash_commands/0/usage_hint]"},
		`"Goes", "url": "https://bot.test/slack"`: {`"Goes"`, "missing required field: url [json-pointer:/features/slash_commands/0]"},
		`"name": "Take it"`:                       {`"name": "` + x(25) + `"`, "must be less than 25 characters [json-pointer:/features/shortcuts/0/name]"},
		`"callback_id": "take:text"`:              {`"callback_id": ""`, "must be more than 0 characters [json-pointer:/features/shortcuts/0/callback_id]"},
		`"description": "Takes it"`:               {`"description": "` + x(151) + `"`, "must be less than 151 characters [json-pointer:/features/shortcuts/0/description]"},
		`"type": "message"`:                       {`"type": "button"`, "must be one of message, global [json-pointer:/features/shortcuts/0/type]"},
		`"is_enabled": true`:                      {`"is_enabled": false`, "shortcuts need interactivity [json-pointer:/settings/interactivity/is_enabled]"},
		`"message_menu_options_url": "https`:      {`"message_menu_options_url": "ftp`, "must be a valid URL [json-pointer:/settings/interactivity/message_menu_options_url/url]"},
		`"event_subscriptions": {"request_url": "https://bot.test/slack",`: {`"event_subscriptions": {`, "missing required field: url [json-pointer:/settings/event_subscriptions/request_url]"},
		`{`: {`[`, "invalid character"},
	} {
		manifest := strings.Replace(aManifest, old, tc[0], 1)
		if err := f.Install([]byte(manifest)); err == nil || !strings.Contains(err.Error(), tc[1]) {
			t.Errorf("%s: %v, want %q", tc[0], err, tc[1])
		}
	}
	socket := strings.ReplaceAll(strings.Replace(aManifest, `"settings": {`, `"settings": {"socket_mode_enabled": true,`, 1), `"https://bot.test/slack"`, `""`)
	install(t, f, socket)
}

func TestSlackKnowsTheCommandsOfTheManifest(t *testing.T) {
	f := start(t, Options{})
	install(t, f, aManifest)
	if _, err := f.Type(ctx(t), "U1", "C1", "/stop"); err == nil || !strings.Contains(err.Error(), "/stop is not a valid command") {
		t.Errorf("got %v", err)
	}
	if n := len(f.Wire()); n != 0 {
		t.Errorf("%d exchanges with the bot", n)
	}
}
