package draw

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"communitybot/adapters/person"
)

// slackHostile is what people write who want more than words on the page.
var slackHostile = []string{
	"<script>alert(1)</script>", "</textarea></select></form><script>alert(1)</script>", `"><img src=x onerror=alert(1)>`,
	`' onfocus='alert(1)' autofocus='`, "` onclick=alert(1) `", "javascript:alert(1)", "<javascript:alert(1)|press>",
	"<javascript://x%0aalert(1)|press>", "<https://x.test\" onclick=\"alert(1)|press>", "<data:text/html;base64,PHNjcmlwdD4=|press>",
	`<https://x.test|"><script>alert(1)</script>>`, `<!date^0^{date}"><script>^https://x|"><script>>`, "<!--", "-->", "<![CDATA[", "&lt;script&gt;",
	"&#60;script&#62;", "<@U1\"><b>>", "*_~`<b>`~_*", "*_`~", "```<b>", "> <b>", "\x00\x01\u2028", "{{.}}", "]]>", "//elsewhere.test/x.js",
	"url(javascript:alert(1))", "#fff\"/><script>", "a b\tc\nd", strings.Repeat("*", 1000), strings.Repeat("*_~", 300), strings.Repeat("<", 300),
}

// slackTexts puts the same words where any text of a payload is, types and named colours left out.
func slackTexts(v any, words string) any {
	switch v := v.(type) {
	case map[string]any:
		for key, inner := range v {
			if key != "type" && key != "style" {
				v[key] = slackTexts(inner, words)
			}
		}
	case []any:
		for i := range v {
			v[i] = slackTexts(v[i], words)
		}
	case string:
		return words
	}
	return v
}

func TestNobodyBreaksOutOfWhatIsDrawnOfSlack(t *testing.T) {
	for _, words := range slackHostile {
		w := World{
			User: func(string) string { return words }, Group: func(string) string { return words }, Channel: func(string) string { return words },
			Picture: func(string) string { return "" },
		}
		said := person.Message{ID: words, Author: words, Text: words, Edited: true, Menus: []person.Field{{Label: words, Value: words}}}
		form := person.Form{ID: words, Title: words, Submit: words, Fields: []person.Field{{Label: words, Problem: words, Hint: words, Value: words}}}
		for _, path := range []string{"every-block.json", "every-field.json"} {
			var v any
			if err := json.Unmarshal(slackFile(t, filepath.Join("testdata/slack", path)), &v); err != nil {
				t.Fatal(err)
			}
			payload, err := json.Marshal(slackTexts(v, words))
			if err != nil {
				t.Fatal(err)
			}
			m := person.Sent{Message: said, Payload: payload, At: slackNoon}
			m.Thread = []person.Sent{m}
			safe(t, string(Slack(m, w)))
			safe(t, string(SlackHome(m, w)))
			safe(t, string(SlackForm(person.Dialog{Form: form, Payload: payload}, w)))
		}
	}
}

func FuzzSlackMarkup(f *testing.F) {
	for _, words := range slackHostile[:20] {
		f.Add(words, false)
	}
	f.Add("*b* _i_ ~s~ `c`\n> q\n```p``` <@U1> <https://x.test|x> <!date^0^{date}|d> https://x.test", true)
	f.Fuzz(func(t *testing.T, text string, verbatim bool) {
		safe(t, string(run("slack.words", slackMrkdwn(text, verbatim, slackWorld))))
	})
}

// Anything may come over the wire; what is no payload of Slack's is drawn as that, or not at all.
func FuzzSlackPayload(f *testing.F) {
	for _, path := range []string{"testdata/slack/every-block.json", "testdata/slack/every-field.json"} {
		raw, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	for _, odd := range []string{"", "null", "[]", `{"blocks":7}`, `{"blocks":[null,1,[],{"type":"section","accessory":null}]}`, `{"blocks":[{"type":"input"}]}`} {
		f.Add([]byte(odd))
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		m := person.Sent{Message: person.Message{ID: "1.1", Text: "words"}, Payload: payload, Thread: []person.Sent{{Payload: payload}}}
		safe(t, string(Slack(m, slackWorld)))
		safe(t, string(SlackHome(m, slackWorld)))
		safe(t, string(SlackForm(person.Dialog{Payload: payload}, slackWorld)))
	})
}
