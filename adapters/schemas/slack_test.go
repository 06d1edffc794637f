package schemas

import (
	"errors"
	"io/fs"
	"net/url"
	"strings"
	"testing"

	"communitybot/adapters/slack/slackfake"
)

// slack returns the schemas, and skips the test where they are not there: nothing is checked by them then, in no test.
func slack(t *testing.T) *Slack {
	t.Helper()
	s, err := LoadSlack()
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("no view and no message to Slack is checked by Slack's own types:", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const (
	input = `{"type":"input","block_id":"name","label":{"type":"plain_text","text":"Name"},"element":{"type":"plain_text_input","action_id":"name"}}`
	words = `{"type":"section","text":{"type":"mrkdwn","text":"Hello"}}`
)

// view is a modal with blocks; rest begins with a comma.
func view(blocks, rest string) string {
	return `{"type":"modal","title":{"type":"plain_text","text":"Create a community"},"blocks":[` + blocks + `]` + rest + `}`
}

const submit = `,"submit":{"type":"plain_text","text":"Create"}`

func TestViews(t *testing.T) {
	s := slack(t)
	for name, c := range map[string]struct{ view, want string }{
		"a modal":                       {view(input, submit), ""},
		"a modal of words":              {view(words, ""), ""},
		"inputs that can't be sent":     {view(input, ""), "needs submit"},
		"a name that there isn't":       {view(input, submit+`,"colour":"red"`), "additional properties 'colour'"},
		"a title of 25 characters":      {strings.Replace(view(words, ""), "Create a community", strings.Repeat("é", 25), 1), "not of 1 to 24"},
		"a title of 24 characters":      {strings.Replace(view(words, ""), "Create a community", strings.Repeat("é", 24), 1), ""},
		"a button of 25 characters":     {view(input, strings.Replace(submit, "Create", strings.Repeat("x", 25), 1)), "submit"},
		"100 blocks":                    {view(strings.TrimSuffix(strings.Repeat(words+",", 100), ","), ""), ""},
		"101 blocks":                    {view(strings.TrimSuffix(strings.Repeat(words+",", 101), ","), ""), "101 blocks"},
		"a block that there isn't":      {view(`{"type":"paragraph"}`, ""), "at '/type'"},
		"a section without words":       {view(`{"type":"section"}`, ""), "needs text or fields"},
		"a section of blank words":      {view(strings.Replace(words, "Hello", " ", 1), ""), "blank"},
		"an element in the wrong place": {view(strings.Replace(input, "plain_text_input", "button", 1), submit), "block 0"},
		"too many words":                {view(strings.Replace(words, "Hello", strings.Repeat("x", 3001), 1), ""), "maxLength"},
		"two blocks of one name":        {view(input+","+input, submit), `another "name"`},
		"too much private metadata":     {view(words, `,"private_metadata":"`+strings.Repeat("x", 3001)+`"`), "maxLength"},
		"a home":                        {`{"type":"home","blocks":[` + words + `]}`, ""},
		"a home with a title":           {strings.Replace(view(words, ""), "modal", "home", 1), `a home has no "title"`},
		"a home with a bad block":       {`{"type":"home","blocks":[{"type":"section"}]}`, "needs text or fields"},
		"something else":                {`{"type":"dialog"}`, "no views of type dialog"},
		"not JSON":                      {`view`, "invalid character"},
	} {
		t.Run(name, func(t *testing.T) { judge(t, s.View([]byte(c.view)), c.want) })
	}
}

func TestMessages(t *testing.T) {
	s := slack(t)
	for name, c := range map[string]struct{ message, want string }{
		"words":                                  {`{"text":"Hello"}`, ""},
		"blocks":                                 {`{"text":"Hello","blocks":[` + words + `]}`, ""},
		"blocks that nobody can hear":            {`{"blocks":[` + words + `]}`, "no text"},
		"51 blocks":                              {`{"text":"Hello","blocks":[` + strings.TrimSuffix(strings.Repeat(words+",", 51), ",") + `]}`, "51 blocks"},
		"blocks in colour":                       {`{"text":"Hello","attachments":[{"color":"#fff","blocks":[` + words + `]}]}`, ""},
		"bad blocks in colour":                   {`{"text":"Hello","attachments":[{"blocks":[{"type":"section"}]}]}`, "attachment 0: block 0"},
		"two texts":                              {`{"text":"Hello","attachments":[{"text":"Hi","blocks":[` + words + `]}]}`, "not shown"},
		"two buttons of one name":                {`{"text":"Hello","blocks":[{"type":"actions","elements":[` + button + `,` + button + `]}]}`, `two elements are called "a"`},
		"a button without words":                 {`{"text":"Hello","blocks":[{"type":"actions","elements":[{"type":"button","action_id":"a"}]}]}`, "missing property 'text'"},
		"metadata":                               {`{"text":"Hello","metadata":{"event_type":"card","event_payload":{}}}`, ""},
		"metadata of no type":                    {`{"text":"Hello","metadata":{"event_payload":{}}}`, "event_type"},
		"the empty metadata that slack-go sends": {`{"text":"Hello","metadata":{"event_type":"","event_payload":null}}`, ""},
	} {
		t.Run(name, func(t *testing.T) { judge(t, s.Message([]byte(c.message)), c.want) })
	}
}

const button = `{"type":"button","action_id":"a","text":{"type":"plain_text","text":"Approve"}}`

func TestRequestsAndAnswersToSlack(t *testing.T) {
	s := slack(t)
	form := func(pairs ...string) string {
		v := url.Values{}
		for i := 0; i < len(pairs); i += 2 {
			v.Set(pairs[i], pairs[i+1])
		}
		return v.Encode()
	}
	answered := func(body string) slackfake.Request {
		return slackfake.Request{Method: "view_submission", Delivery: true, Status: 200, Response: body}
	}
	const options = `{"options":[{"text":{"type":"plain_text","text":"Sports"},"value":"1"}]}`
	for name, c := range map[string]struct {
		request slackfake.Request
		want    string
	}{
		"a view in a form":            {slackfake.Request{Method: "views.open", Body: form("view", view(input, submit))}, ""},
		"a bad view in a form":        {slackfake.Request{Method: "views.open", Body: form("view", view(input, ""))}, "needs submit"},
		"a bad view in JSON":          {slackfake.Request{Method: "views.publish", Body: `{"view":` + view(input, "") + `}`}, "needs submit"},
		"a message in a form":         {slackfake.Request{Method: "chat.postMessage", Body: form("text", "Hello", "blocks", "["+words+"]")}, ""},
		"a bad message in a form":     {slackfake.Request{Method: "chat.update", Body: form("blocks", "["+words+"]")}, "no text"},
		"a bad message in JSON":       {slackfake.Request{Method: "response_url", Body: `{"blocks":[` + words + `]}`}, "no text"},
		"a private message taken off": {slackfake.Request{Method: "response_url", Body: `{"delete_original":true}`}, ""},
		"another method":              {slackfake.Request{Method: "users.info", Body: form("user", "U1")}, ""},
		"an empty answer":             {answered(""), ""},
		"a view in an answer":         {answered(`{"response_action":"update","view":` + view(words, "") + `}`), ""},
		"a bad view in an answer":     {answered(`{"response_action":"push","view":` + view(input, "") + `}`), "needs submit"},
		"problems in an answer":       {answered(`{"response_action":"errors","errors":{"name":"It needs a name."}}`), ""},
		"problems without words":      {answered(`{"response_action":"errors","errors":{"name":" "}}`), "no words"},
		"a message in an answer":      {answered(`{"text":"","response_type":"ephemeral"}`), "no text"},
		"options in an answer":        {answered(options), ""},
		"101 options in an answer":    {answered(`{"options":[` + strings.Repeat(`{},`, 100) + `{}]}`), "101 options"},
		"a bad option in an answer":   {answered(strings.Replace(options, "plain_text", "mrkdwn", 1)), "option 0"},
		"an answer Slack can't use":   {slackfake.Request{Method: "view_submission", Delivery: true, Problem: "no input block"}, "no input block"},
	} {
		t.Run(name, func(t *testing.T) { judge(t, s.request(c.request), c.want) })
	}
}
