package schemas

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Discord checks by Discord's OpenAPI file. Its methods may be called from several goroutines.
//
// https://github.com/discord/discord-api-spec
type Discord struct {
	compiler *compiler
	paths    []path
}

// The names under which the file is compiled twice: a request must not hold what Discord does not know, because that is a
// misspelt name; an answer may.
const (
	sentByBot     = "bot.json"
	sentByDiscord = "discord.json"
)

// LoadDiscord reads Discord's file, once. The error wraps fs.ErrNotExist when it is not there.
var LoadDiscord = sync.OnceValues(func() (*Discord, error) {
	doc, err := read("discord-openapi.json")
	if err != nil {
		return nil, err
	}
	again, err := read("discord-openapi.json")
	if err != nil {
		return nil, err
	}
	strict(again)
	mend(doc)
	d := &Discord{compiler: newCompiler(jsonschema.Draft2020)}
	if err := errors.Join(d.compiler.compiler.AddResource(sentByDiscord, doc), d.compiler.compiler.AddResource(sentByBot, again)); err != nil {
		return nil, err
	}
	for template, item := range members(doc, "paths") {
		d.paths = append(d.paths, path{template: template, parts: strings.Split(template, "/"), methods: members(item)})
	}
	return d, nil
})

// mend takes out what the file demands of errors and Discord's documentation does not: a code where a limit was hit, and
// that the code at a field is a number.
//
// https://docs.discord.com/developers/topics/rate-limits#exceeding-a-rate-limit-rate-limit-response-structure,
// https://docs.discord.com/developers/reference#error-messages
func mend(doc any) {
	schemas := members(doc, "components", "schemas")
	limited, _ := members(schemas, "RatelimitedResponse")["allOf"].([]any)
	for i, part := range limited {
		if part := members(part); part["$ref"] != nil {
			limited[i] = map[string]any{"type": "object", "required": []any{"message"}}
		}
	}
	members(schemas, "InnerErrors", "properties", "_errors")["items"] = map[string]any{"type": "object", "required": []any{"code", "message"}}
}

// strict has every schema that lists its properties take no others. Parts of an allOf keep taking them: the others are
// for their neighbours.
func strict(v any) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			strict(item)
		}
	case map[string]any:
		_, lists := v["properties"].(map[string]any)
		_, says := v["additionalProperties"]
		if lists && !says {
			v["additionalProperties"] = false
		}
		for key, inner := range v {
			if key != "allOf" {
				strict(inner)
			}
		}
	}
}

// members returns what is in the object at a path of names, nothing where there is none.
func members(v any, names ...string) map[string]any {
	for _, name := range names {
		o, _ := v.(map[string]any)
		v = o[name]
	}
	o, _ := v.(map[string]any)
	return o
}

// Request checks a request of a bot: that there is such an endpoint, its query and its JSON body. target is the path with
// the query, without the API's version.
func (d *Discord) Request(method, target string, body []byte) error {
	prefix, operation, err := d.operation(method, target)
	if err != nil {
		return err
	}
	if err := checkQuery(target, operation); err != nil {
		return err
	}
	takes := members(operation, "requestBody")
	switch {
	case takes == nil && len(body) > 0:
		return errors.New("it takes no body")
	case len(body) == 0 && takes["required"] == true:
		return errors.New("it needs a body")
	case len(body) == 0:
		return nil
	}
	return d.compiler.check(sentByBot+prefix+"/requestBody/content/application~1json/schema", body)
}

// Answer checks what Discord answered to a request. What Discord does not describe passes: answers of status 5xx, and that
// there was none, status 0.
func (d *Discord) Answer(method, target string, status int, body []byte) error {
	prefix, operation, err := d.operation(method, target)
	if err != nil || status == 0 || status >= 500 {
		return err
	}
	code := strconv.Itoa(status)
	responses := members(operation, "responses")
	if responses[code] == nil {
		code = code[:1] + "XX"
	}
	described := members(responses, code)
	at := prefix + "/responses/" + code
	if shared, ok := described["$ref"].(string); ok { // an answer that is the same everywhere
		at = shared
		described = nil
	}
	switch {
	case responses[code] == nil:
		return fmt.Errorf("Discord never answers %d", status)
	case described != nil && described["content"] == nil:
		if len(body) > 0 {
			return fmt.Errorf("an answer %d has no body", status)
		}
		return nil
	}
	return d.compiler.check(sentByDiscord+at+"/content/application~1json/schema", body)
}

// Callback checks a bot's answer to an interaction, wherever it was given.
func (d *Discord) Callback(body []byte) error {
	return d.Request("POST", "/interactions/1/token/callback", body)
}

// Interaction checks an interaction that Discord delivered as far as the file describes it: the objects in it that the
// REST API has, too.
func (d *Discord) Interaction(body []byte) error {
	var in struct {
		Message, Member, User json.RawMessage
		Type                  json.RawMessage
	}
	if err := json.Unmarshal(body, &in); err != nil {
		return err
	}
	var wrong []error
	for schema, part := range map[string]json.RawMessage{
		"InteractionTypes": in.Type, "MessageResponse": in.Message, "GuildMemberResponse": in.Member, "UserResponse": in.User,
	} {
		if part == nil {
			continue
		}
		if err := d.compiler.check(sentByDiscord+pointer("components", "schemas", schema), part); err != nil {
			wrong = append(wrong, fmt.Errorf("as %s: %w", schema, err))
		}
	}
	return errors.Join(wrong...)
}
