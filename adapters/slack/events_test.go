package slack

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"communitybot/bot"
	"communitybot/bot/words"
)

// buttonPayload is a pressed button on a message in a channel.
const buttonPayload = `{"type":"block_actions","user":{"id":"U1","username":"ann","name":"ann","team_id":"T1"},
"api_app_id":"A1","token":"x","container":{"type":"message","message_ts":"1700.000100","channel_id":"C1","is_ephemeral":false},
"trigger_id":"33.44.def","team":{"id":"T1","domain":"x"},"channel":{"id":"C1","name":"general"},
"message":{"type":"message","ts":"1700.000100","text":"hi"},"state":{"values":{}},
"response_url":"RESPONSE","actions":[{"action_id":"action-1","block_id":"b","type":"button","value":"VALUE","action_ts":"1"}]}`

func button(value string) string { return strings.Replace(buttonPayload, "VALUE", value, 1) }

// formPayload is a sent form with every kind of element.
const formPayload = `{"type":"view_submission","team":{"id":"T1"},"user":{"id":"U1","username":"ann","name":"ann","team_id":"T1"},
"trigger_id":"55.66.ghi","response_urls":[],"view":{"id":"V1","team_id":"T1","type":"modal","hash":"1.a","callback_id":"create-community",
"title":{"type":"plain_text","text":"New community"},
"private_metadata":"{\"call\":\"create-community?id=42\\u0026name=old\",\"at\":{\"platform\":\"slack\",\"tenant\":\"T1\",\"channel\":\"C1\"}}",
"blocks":[{"type":"section","block_id":"x"},{"type":"input","block_id":"name"},{"type":"input","block_id":"about"},{"type":"input","block_id":"type"}],
"state":{"values":{
"name":{"name":{"type":"plain_text_input","value":"Cricket <!channel> & co"}},
"about":{"about":{"type":"plain_text_input","value":null}},
"type":{"type":{"type":"static_select","selected_option":{"text":{"type":"plain_text","text":"Public"},"value":"1"}}},
"picture":{"picture":{"type":"static_select","selected_option":null}},
"categories":{"categories":{"type":"multi_static_select","selected_options":[{"value":"1"},{"value":"22"}]}},
"ai":{"ai":{"type":"checkboxes","selected_options":[{"value":"ai"}]}},
"switches":{"switches":{"type":"checkboxes","selected_options":[]}}}}}}`

func TestWhatPeopleDoBecomesAnEvent(t *testing.T) {
	ann := bot.User{Platform: "slack", ID: "U1", Name: "ann"}
	channel := bot.Place{Platform: "slack", Tenant: "T1", Channel: "C1"}
	card := bot.Place{Platform: "slack", Tenant: "T1", Channel: "C1", Message: "1700.000100"}
	typed := func(values bot.Values) bot.Event {
		return bot.Event{Call: bot.Call{Command: "create-community", Values: values}, ID: "slack:trigger:11.22.abc", By: ann, At: channel}
	}
	pressed := func(at bot.Place, by bot.User) bot.Event {
		return bot.Event{
			Call: bot.Call{Command: "approve", Values: bot.Values{"id": "42", "v": "3"}},
			ID:   "slack:trigger:33.44.def", By: by, At: at,
		}
	}
	tests := map[string]struct {
		body string
		want bot.Event
	}{
		"a command":                   {slashBody(), typed(nil)},
		"a command and text":          {slashBody("text", "  Cricket fans \n"), typed(bot.Values{"text": "Cricket fans"})},
		"a command and spaces":        {slashBody("text", "   "), typed(nil)},
		"text that Slack escaped":     {slashBody("text", "R&amp;D &lt;3"), typed(bot.Values{"text": "R&D <3"})},
		"text of 10,000 characters":   {slashBody("text", strings.Repeat("é", 10000)), typed(bot.Values{"text": strings.Repeat("é", 10000)})},
		"text nobody should format":   {slashBody("text", "🏏 مرحبا <!channel> @everyone `x`"), typed(bot.Values{"text": "🏏 مرحبا <!channel> @everyone `x`"})},
		"a button":                    {payloadBody(button("approve?id=42&v=3")), pressed(card, ann)},
		"a button that Slack escaped": {payloadBody(button("approve?id=42&amp;v=3")), pressed(card, ann)},
		"a button of an organisation": {
			payloadBody(strings.NewReplacer(`"team":{"id":"T1","domain":"x"}`, `"team":null`, `"team_id":"T1"`, `"team_id":"T9"`).Replace(button("approve?id=42&v=3"))),
			pressed(bot.Place{Platform: "slack", Tenant: "T9", Channel: "C1", Message: "1700.000100"}, ann),
		},
		"a button of somebody without name": {
			payloadBody(strings.Replace(button("approve?id=42&v=3"), `"name":"ann"`, `"name":""`, 1)),
			pressed(card, ann),
		},
		"a button without container channel": {
			payloadBody(strings.Replace(button("approve?id=42&v=3"), `"channel_id":"C1",`, "", 1)),
			pressed(card, ann),
		},
		"a button of a private message": {
			payloadBody(strings.Replace(button("approve?id=42&v=3"), `"is_ephemeral":false`, `"is_ephemeral":true`, 1)),
			pressed(channel, ann),
		},
		"a sent form": {payloadBody(formPayload), bot.Event{
			Call: bot.Call{Command: "create-community", Values: bot.Values{
				"id": "42", "name": "Cricket <!channel> & co", "about": "", "type": "1", "picture": "",
				"categories": "1,22", "ai": "ai", "switches": "",
			}},
			Step: bot.Submit, ID: "slack:view:V1", By: ann, At: channel,
		}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			h := answering(bot.Done{Text: bot.Say("Slack needs no words for this.")})
			if got := listen(t, h, "").send(tc.body); got.status != 200 || got.body != "" {
				t.Errorf("answer %+v, want an empty 200", got)
			}
			if diff := cmp.Diff(tc.want, h.one(t)); diff != "" {
				t.Errorf("event (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAFieldThatIsNotInTheFormHasNoValue(t *testing.T) {
	h := answering(bot.Done{})
	listen(t, h, "").send(payloadBody(formPayload))
	if _, ok := h.one(t).Values["members"]; ok {
		t.Error("a value came from nowhere")
	}
}

func TestAFormThatIsNotOursStaysOpen(t *testing.T) {
	for name, meta := range map[string]string{
		"no metadata":      ``,
		"other metadata":   `hello`,
		"no call":          `{\"at\":{}}`,
		"a call of no use": `{\"call\":\"a=b\"}`,
	} {
		t.Run(name, func(t *testing.T) {
			h := answering(bot.Done{})
			start := strings.Index(formPayload, `"private_metadata":`)
			end := start + strings.Index(formPayload[start:], "\n")
			body := formPayload[:start] + `"private_metadata":"` + meta + `",` + formPayload[end:]
			want := map[string]any{"response_action": "errors", "errors": map[string]any{"name": words.English.Chat.UnknownForm}}
			if diff := cmp.Diff(want, decode(t, listen(t, h, "").send(payloadBody(body)))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if len(h.seen()) > 0 {
				t.Error("handler called")
			}
		})
	}
}
