package schemas

import (
	"errors"
	"io/fs"
	"strings"
	"testing"

	"communitybot/adapters/discord/discordfake"
)

// discord returns Discord's description, and skips the test where it is not there: nothing is checked by it then, in no
// test.
func discord(t *testing.T) *Discord {
	t.Helper()
	d, err := LoadDiscord()
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("nothing that goes to Discord or comes from there is checked by Discord's own file:", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// judge compares what a check says with what it should: nothing when want is empty, else something that holds it.
func judge(t *testing.T, err error, want string) {
	t.Helper()
	switch {
	case want == "" && err != nil:
		t.Errorf("what is right is refused: %v", err)
	case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
		t.Errorf("it says %v, want %q", err, want)
	}
}

const modal = `{"type":9,"data":{"custom_id":"c","title":"Create","components":[
	{"type":18,"label":"Name","component":{"type":4,"custom_id":"name","style":1}},
	{"type":18,"label":"Type","description":"Who may join","component":{"type":3,"custom_id":"type","options":[{"label":"Public","value":"1"}]}}]}}`

func TestRequestsToDiscord(t *testing.T) {
	d := discord(t)
	const messages, callback = "/channels/1200000000000000001/messages", "/interactions/1/token/callback"
	for name, c := range map[string]struct{ method, target, body, want string }{
		"a message":                       {"POST", messages, `{"content":"Hello","flags":4,"allowed_mentions":{"parse":[]}}`, ""},
		"a misspelt name":                 {"POST", messages, `{"contents":"Hello"}`, "additional properties 'contents' not allowed"},
		"a misspelt name further in":      {"POST", messages, `{"embeds":[{"titel":"Hello"}]}`, "at '/embeds/0': additional properties 'titel'"},
		"a text that is too long":         {"POST", messages, `{"content":"` + strings.Repeat("x", 4001) + `"}`, "maxLength"},
		"a number as text":                {"POST", messages, `{"flags":"4"}`, "at '/flags': got string"},
		"a button without a style":        {"POST", messages, `{"components":[{"type":1,"components":[{"type":2,"custom_id":"a"}]}]}`, "at '/components/0/components/0': missing property 'style'"},
		"no body where one is needed":     {"POST", messages, ``, "needs a body"},
		"a body where none is":            {"GET", messages, `{}`, "takes no body"},
		"not JSON":                        {"POST", messages, `content=Hello`, "invalid character"},
		"a list":                          {"GET", messages + "?limit=10&around=1", ``, ""},
		"a parameter that there isn't":    {"GET", messages + "?count=10", ``, `no parameter "count"`},
		"a parameter of another type":     {"GET", messages + "?limit=ten", ``, `"limit" is no integer`},
		"an endpoint that there isn't":    {"POST", "/channels/1/message", `{}`, "no POST /channels/1/message"},
		"a method that there isn't":       {"PUT", messages, `{}`, "no PUT"},
		"the named one of two paths":      {"PATCH", "/webhooks/1/***/messages/@original", `{"content":"Done"}`, ""},
		"a path that is escaped":          {"DELETE", "/webhooks/1/***/messages/%40original?thread_id=1", ``, ""},
		"a modal":                         {"POST", callback + "?with_response=true", modal, ""},
		"a label that is too long":        {"POST", callback, strings.Replace(modal, `"Name"`, `"`+strings.Repeat("N", 46)+`"`, 1), "at '/data/components/0/label': maxLength"},
		"a label around nothing":          {"POST", callback, strings.Replace(modal, `"component":{"type":4,"custom_id":"name","style":1}`, `"id":1`, 1), "at '/data/components/0': missing property 'component'"},
		"a field of a modal in a message": {"POST", callback, strings.Replace(modal, `"type":9`, `"type":4`, 1), "additional properties"},
	} {
		t.Run(name, func(t *testing.T) { judge(t, d.Request(c.method, c.target, []byte(c.body)), c.want) })
	}
}

func TestAnswersOfDiscord(t *testing.T) {
	d := discord(t)
	for name, c := range map[string]struct {
		method, target string
		status         int
		body, want     string
	}{
		"a method that there isn't":        {"GET", "/channels/1/messages/1/threads", 405, `{}`, "no GET"},
		"a gateway":                        {"GET", "/gateway", 200, `{"url":"wss://gateway.discord.gg"}`, ""},
		"a gateway without a URL":          {"GET", "/gateway", 200, `{}`, "missing property 'url'"},
		"nothing":                          {"DELETE", "/channels/1/messages/1", 204, ``, ""},
		"something where there is nothing": {"DELETE", "/channels/1/messages/1", 204, `{}`, "has no body"},
		"a refusal":                        {"GET", "/gateway", 404, `{"code":10003,"message":"Unknown Channel"}`, ""},
		"a refusal with places":            {"GET", "/gateway", 400, `{"code":50035,"message":"Invalid Form Body","errors":{"name":{"_errors":[{"code":"BASE_TYPE_REQUIRED","message":"This field is required"}]}}}`, ""},
		"a refusal with a place, no code":  {"GET", "/gateway", 400, `{"code":50035,"message":"Invalid Form Body","errors":{"name":{"_errors":[{"message":"This field is required"}]}}}`, "missing property 'code'"},
		"a refusal without a code":         {"GET", "/gateway", 404, `{"message":"Unknown Channel"}`, "missing property 'code'"},
		"a limit":                          {"GET", "/gateway", 429, `{"code":0,"message":"Wait","retry_after":0.5,"global":false}`, ""},
		"a limit without a code":           {"GET", "/gateway", 429, `{"message":"Wait","retry_after":0.5,"global":false}`, ""},
		"a limit without its time":         {"GET", "/gateway", 429, `{"code":0,"message":"Wait","global":false}`, "retry_after"},
		"a status that is never there":     {"GET", "/gateway", 201, `{}`, "never answers 201"},
		"no answer":                        {"GET", "/gateway", 0, ``, ""},
		"trouble":                          {"GET", "/gateway", 503, `<html>`, ""},
	} {
		t.Run(name, func(t *testing.T) { judge(t, d.Answer(c.method, c.target, c.status, []byte(c.body)), c.want) })
	}
}

func TestExchangesWithTheFakeAreCheckedBothWays(t *testing.T) {
	d := discord(t)
	const person = `{"id":"1","username":"ada","avatar":null,"discriminator":"0","public_flags":0,"flags":0,"global_name":"Ada","primary_guild":null}`
	for name, c := range map[string]struct {
		exchange discordfake.Exchange
		want     string
	}{
		"an interaction and its answer":      {discordfake.Exchange{Delivery: true, Status: 200, Body: []byte(`{"type":2,"user":` + person + `}`), Answer: []byte(modal)}, ""},
		"an interaction of no kind":          {discordfake.Exchange{Delivery: true, Body: []byte(`{"type":99}`)}, "as InteractionTypes"},
		"somebody without a name":            {discordfake.Exchange{Delivery: true, Body: []byte(`{"type":2,"user":{"id":"1"}}`)}, "as UserResponse"},
		"an answer of no kind":               {discordfake.Exchange{Delivery: true, Status: 200, Body: []byte(`{"type":1}`), Answer: []byte(`{"type":3}`)}, "value must be one of"},
		"an interaction that was refused":    {discordfake.Exchange{Delivery: true, Status: 401, Body: []byte(`{"type":1}`), Answer: []byte(`"no"`)}, ""},
		"a request without an answer":        {discordfake.Exchange{Method: "GET", Path: "/gateway"}, ""},
		"a request that is wrong":            {discordfake.Exchange{Method: "GET", Path: "/gateways"}, "no GET /gateways"},
		"a request that is answered wrongly": {discordfake.Exchange{Method: "GET", Path: "/gateway", Status: 200, Answer: []byte(`{}`)}, "missing property 'url'"},
	} {
		t.Run(name, func(t *testing.T) { judge(t, d.exchange(c.exchange), c.want) })
	}
}
