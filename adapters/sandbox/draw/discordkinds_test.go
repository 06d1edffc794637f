package draw

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"communitybot/adapters/person"
)

// discordSent is a message with everything that is drawn, and s wherever people or the bot may write.
func discordSent(t testing.TB, s string) person.Sent {
	t.Helper()
	picture := func(at string) map[string]any { return map[string]any{"url": at + s} }
	menu := func(low, high int) map[string]any {
		return map[string]any{"type": 3, "custom_id": s, "placeholder": s, "min_values": low, "max_values": high, "options": []any{
			map[string]any{"label": s + "1", "value": s, "description": s, "default": true}, map[string]any{"label": "Two", "value": "2", "emoji": map[string]any{"name": s}}}}
	}
	row := func(inside ...any) map[string]any { return map[string]any{"type": 1, "components": inside} }
	user := map[string]any{"id": s, "username": s, "global_name": s, "bot": true}
	payload, err := json.Marshal(map[string]any{
		"id": "1", "channel_id": "2", "author": user, "content": s, "edited_timestamp": s, "flags": 64,
		"embeds": []any{map[string]any{
			"title": s, "url": "https://x.example/" + s, "description": s, "color": 255, "timestamp": "2026-03-14T12:00:00Z",
			"author": map[string]any{"name": s, "url": s, "icon_url": s}, "footer": map[string]any{"text": s, "icon_url": "https://elsewhere.example/" + s},
			"image": picture("https://x.example/"), "thumbnail": picture("https://elsewhere.example/"),
			"fields": []any{map[string]any{"name": s, "value": s, "inline": true}},
		}},
		"components": []any{
			row(map[string]any{"type": 2, "style": 1, "label": s, "custom_id": s}, map[string]any{"type": 2, "style": 5, "label": s, "url": "https://x.example/" + s},
				map[string]any{"type": 2, "style": 5, "label": s, "url": s}, map[string]any{"type": 2, "style": 4, "label": s, "disabled": true}),
			row(menu(0, 1)), row(menu(1, 2)), map[string]any{"type": 10, "content": s}, map[string]any{"type": 17, "components": s},
		},
		"message_reference":    map[string]any{"message_id": s},
		"interaction_metadata": map[string]any{"type": 2, "name": s, "user": user},
		"thread":               map[string]any{"name": s},
	})
	if err != nil {
		t.Fatal(err)
	}
	m := person.Sent{Message: person.Message{ID: s, Author: s, Text: s}, Payload: payload, At: time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)}
	m.Thread = []person.Sent{{Message: person.Message{ID: s}, Payload: []byte(s)}}
	return m
}

// discordAsked is a form with everything that is drawn, and s wherever people or the bot may write.
func discordAsked(t testing.TB, s string) person.Dialog {
	t.Helper()
	label := func(inside map[string]any) map[string]any {
		return map[string]any{"type": 18, "label": s, "description": s, "component": inside}
	}
	options := []any{map[string]any{"label": s, "value": s}, map[string]any{"label": "b", "value": "b"}}
	payload, err := json.Marshal(map[string]any{"title": s, "components": []any{
		label(map[string]any{"type": 4, "style": 1, "placeholder": s, "value": s, "min_length": 1, "max_length": 9}),
		label(map[string]any{"type": 4, "style": 2}), label(map[string]any{"type": 3, "options": options}),
		label(map[string]any{"type": 3, "options": options, "max_values": 2}), label(map[string]any{"type": 19}), map[string]any{"type": 10, "content": s},
		map[string]any{"type": 1, "components": []any{map[string]any{"type": 4, "style": 1, "label": s}}}, map[string]any{"type": 12, "items": s},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return person.Dialog{Form: person.Form{ID: s, Title: s, Submit: s, Fields: []person.Field{{Label: s, Value: s, Problem: s}}}, Payload: payload}
}

// discordParsed is a message as its JSON.
func discordParsed(id, payload string, below ...person.Sent) person.Sent {
	return person.Sent{Message: person.Message{ID: id, Author: "communitybot"}, Payload: json.RawMessage(payload), Thread: below}
}

func TestWhatDiscordDrawsOfAMessage(t *testing.T) {
	reply := discordParsed("2", `{"channel_id":"9","content":"Yes.","message_reference":{"message_id":"1"}}`)
	inside := discordParsed("3", `{"channel_id":"1","content":"In it."}`)
	parent := discordParsed("1", `{"channel_id":"9","thread":{"name":"Acme"}}`, inside, reply)
	parent.Text = "Shall we?\nOr not?"
	row := func(inside string) person.Sent {
		return discordParsed("1", `{"components":[{"type":1,"components":[`+inside+`]}]}`)
	}
	for name, c := range map[string]struct {
		m    person.Sent
		want []string
		not  string
	}{
		"a reply stands under its message and says to what": {parent, []string{`<section class="replies" aria-label="Replies">`,
			`<a class="reply" href="#discord-1">Reply to <b>communitybot</b> <span>Shall we?</span></a>`}, "Or not?"},
		"a thread has a name and a count":       {parent, []string{`<section class="thread" aria-label="Thread">`, `<b>Acme</b> <small>1 message</small>`}, ""},
		"a reply elsewhere says that it is one": {reply, []string{`<a class="reply" href="#discord-1">Reply to a message above</a>`}, ""},
		"who used a command": {discordParsed("1", `{"interaction_metadata":{"type":5,"triggering_interaction_metadata":{"type":2,"name":"create-community","user":{"id":"`+discordAda+`"}}}}`),
			[]string{`<b>Ada</b> used <span class="mention">/create-community</span>`}, ""},
		"who used a command of which only that is known": {discordParsed("1", `{"interaction_metadata":{"type":2,"user":{"global_name":"Zoe"}}}`), []string{`<b>Zoe</b> used a command</p>`}, ""},
		"nobody used a button":                           {discordParsed("1", `{"interaction_metadata":{"type":3,"user":{"global_name":"Zoe"}}}`), nil, "Zoe"},
		"only one person sees it":                        {discordParsed("1", `{"flags":64}`), []string{`class="message private"`, "Only you can see this"}, ""},
		"it is being thought about":                      {discordParsed("1", `{"flags":128}`), []string{"communitybot is thinking…"}, ""},
		"it was edited":                                  {discordParsed("1", `{"content":"x","edited_timestamp":"2026-03-14T12:00:00+00:00"}`), []string{`<p>x</p> <small class="edited">(edited)</small></div>`}, ""},
		"a person is no app":                             {discordParsed("1", `{"content":"x","author":{"id":"1"}}`), []string{`>C</span>`}, "APP"},
		"embeds are hidden":                              {discordParsed("1", `{"flags":4,"embeds":[{"title":"x"}]}`), nil, "embed"},
		"an embed's color, time and author":              {discordParsed("1", `{"embeds":[{"color":255,"timestamp":"2026-03-14T12:00:00Z","author":{"name":"**A**","url":"https://x.example"}}]}`), []string{`fill="#0000ff"`, `datetime="2026-03-14T12:00:00Z"`, `<p class="byline"><a href="https://x.example" rel="noopener noreferrer" target="_blank">**A**</a>`}, ""},
		"an embed's title knows marks and no mentions":   {discordParsed("1", `{"embeds":[{"title":"**a** <@1> <t:1>","footer":{"text":"**f**"}}]}`), []string{`<strong>a</strong> &lt;@1&gt; &lt;t:1&gt;`, `**f**`}, ""},
		"a picture of ours":                              {discordParsed("1", `{"embeds":[{"image":{"url":"https://x.example/a.png?b"}}]}`), []string{`<img src="/picture?at=https%3A%2F%2Fx.example%2Fa.png%3Fb" alt="Picture: a.png"`}, ""},
		"a picture from elsewhere":                       {discordParsed("1", `{"embeds":[{"image":{"url":"https://elsewhere.example/a.png"}}]}`), []string{`<span class="picture">Picture from elsewhere: <code>https://elsewhere.example/a.png</code></span>`}, "<img"},
		"buttons": {row(`{"type":2,"style":3,"label":"Go"},{"type":2,"style":4,"label":"Stop","disabled":true},{"type":2,"style":5,"label":"Look","url":"https://x.example"},{"type":2,"style":5,"label":"Run","url":"javascript:x"}`), []string{
			`<button type="button" class="success" data-act="press" data-label="Go">Go</button>`, `<button type="button" class="danger" data-act="press" data-label="Stop" disabled>Stop</button>`,
			`<a class="button" href="https://x.example" rel="noopener noreferrer" target="_blank">Look</a>`, `<span class="button disabled">Run</span>`}, "javascript"},
		"a menu": {row(`{"type":3,"placeholder":"Type","options":[{"label":"Public","value":"1","description":"for all","default":true},{"label":"Private","value":"2"}]}`), []string{
			`data-act="choose" data-label="Type" aria-label="Type">`, `<option value="" disabled>Type</option>`, `<option value="Public" selected>Public – for all</option>`, `<option value="Private">Private</option>`}, ""},
		"a menu for several": {row(`{"type":3,"min_values":0,"max_values":2,"options":[{"label":"A","value":"1","default":true},{"label":"B","value":"2"}]}`), []string{
			`<summary>Make a selection: A</summary>`, `<fieldset data-act="choose" data-label="Make a selection"`, `Choose up to 2.`, `value="A" checked`}, ""},
		"words among the components": {discordParsed("1", `{"components":[{"type":10,"content":"**x**"}]}`), []string{`<p><strong>x</strong></p>`}, ""},
		"kinds that are unknown":     {discordParsed("1", `{"components":[{"type":17,"label":{}},{"type":1,"components":[{"type":5}]}]}`), []string{`Unknown component: <code>17</code>`, `Unknown component: <code>5</code>`}, ""},
		"what is no message":         {person.Sent{Message: person.Message{ID: "1", Text: "Hello <b>"}, Payload: []byte("[")}, []string{"Unknown message", "Hello &lt;b&gt;"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := string(Discord(c.m, discordWorld))
			safe(t, got)
			contains(t, got, c.want, c.not)
		})
	}
}

func TestWhatDiscordDrawsOfAForm(t *testing.T) {
	payload := `{"title":"A form","components":[
		{"type":18,"label":"Name","description":"What it is called","component":{"type":4,"style":1,"placeholder":"Acme","min_length":2,"max_length":9,"value":"old"}},
		{"type":18,"label":"Why","component":{"type":4,"style":2,"required":false,"value":"untouched"}},
		{"type":18,"label":"Kind","component":{"type":3,"required":false,"options":[{"label":"A","value":"1"},{"label":"A, B","value":"2"}]}},
		{"type":18,"label":"Tags","component":{"type":3,"min_values":2,"max_values":3,"options":[{"label":"A, B","value":"1"},{"label":"A","value":"2"},{"label":"B","value":"3","default":true}]}},
		{"type":1,"components":[{"type":4,"style":1,"label":"Older"}]},
		{"type":10,"content":"Read **this**."},
		{"type":18,"label":"File","component":{"type":19}}]}`
	d := person.Dialog{Payload: []byte(payload), Form: person.Form{ID: "7", Title: "A form", Submit: "Submit", Fields: []person.Field{
		{Label: "Name", Value: `new "one"`, Problem: "Too short."}, {Label: "Tags", Value: "A, B,A", Problem: "Select 2 or more."},
	}}}
	got := string(DiscordForm(d, discordWorld))
	safe(t, got)
	contains(t, got, []string{
		`<form data-form="7" novalidate>`, `<h2 id="discord-form-7-title">A form</h2>`,
		`<label for="discord-form-7-0">Name<span class="required" aria-hidden="true">*</span></label>`,
		`<input type="text" id="discord-form-7-0" name="Name" aria-required="true" aria-invalid="true" aria-describedby="discord-form-7-0-hint discord-form-7-0-problem" value="new &#34;one&#34;" autocomplete="off" placeholder="Acme" minlength="2" maxlength="9">`,
		`<p class="about" id="discord-form-7-0-hint">What it is called</p>`, `<p class="problem" id="discord-form-7-0-problem">Too short.</p>`,
		`<textarea id="discord-form-7-1" name="Why" aria-required="false" rows="4">` + "\nuntouched</textarea>",
		`<option value="" selected>Make a selection</option>`, `<option value="A, B">A, B</option>`,
		`<legend>Tags<span class="required" aria-hidden="true">*</span></legend>`, "Choose 2 to 3.",
		`value="A, B" aria-invalid="true" checked>`, `value="A" aria-invalid="true" checked>`, `value="B" aria-invalid="true">`,
		`<label for="discord-form-7-4-0">Older`, `<p>Read <strong>this</strong>.</p>`, `File: Unknown component: <code>19</code>`,
		`data-act="close"`, `<button type="submit" class="primary">Submit</button>`,
	}, "old&")
	d.Payload = []byte("{")
	got = string(DiscordForm(d, discordWorld))
	safe(t, got)
	contains(t, got, []string{"Unknown form", `data-act="close"`, `<button type="submit" class="primary" disabled>`}, "Name")
}

func contains(t *testing.T, got string, want []string, not string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(got, w) {
			t.Errorf("there is no %s in\n%s", w, got)
		}
	}
	if not != "" && strings.Contains(got, not) {
		t.Errorf("there is %s in\n%s", not, got)
	}
}

func TestAuthorsHaveAnInitialAndOneOfSixTones(t *testing.T) {
	for name, want := range map[string]string{"ada": "A", "  élan": "É", "": "?", "🙂": "?", "4ever": "4"} {
		if got := discordInitial(name); got != want {
			t.Errorf("%q: %q", name, got)
		}
	}
	tones := map[uint32]bool{}
	for i := range 100 {
		tones[discordTone(fmt.Sprint(i))] = true
	}
	if len(tones) != 6 {
		t.Errorf("%d tones", len(tones))
	}
}
