package slackfake

import (
	"encoding/json"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// authorize checks the token of a request and its scopes.
func (f *Fake) authorize(r *http.Request, a args, m method) error {
	token, inHeader := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !inHeader && !a.json {
		token = a.str("token") // with JSON, Slack reads the header only
	}
	switch {
	case token == "":
		return refusal("not_authed")
	case token != f.BotToken:
		return refusal("invalid_auth")
	case len(m.scopes) > 0 && !slices.ContainsFunc(m.scopes, f.scope):
		return &apiError{code: "missing_scope", needed: strings.Join(m.scopes, ","), provided: strings.Join(f.Scopes, ",")}
	}
	return nil
}

// args are a method's arguments. In a form, structures are JSON in text.
type args struct {
	object
	json bool
}

func parseArgs(r *http.Request, body string) (args, error) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind == "application/json" {
		a := args{object: object{}, json: true}
		if err := json.Unmarshal([]byte(body), &a.object); err != nil && body != "" {
			return a, refusal("invalid_json")
		}
		return a, nil
	}
	if kind != "application/x-www-form-urlencoded" && body != "" && r.Method != http.MethodGet {
		return args{}, refusal("invalid_post_type")
	}
	form, err := url.ParseQuery(body)
	if err != nil {
		return args{}, refusal("invalid_form_data")
	}
	a := args{object: object{}}
	for name := range form {
		a.object[name] = form.Get(name)
	}
	return a, nil
}

func (a args) has(name string) bool { return a.object[name] != nil && a.object[name] != "" }

func (a args) str(name string) string { return str(a.object, name) }

func (a args) flag(name string) bool {
	s := a.str(name)
	return truth(a.object, name) || s == "true" || s == "1"
}

// value returns a structure, out of its text where it came in a form; nil when it is not JSON.
func (a args) value(name string) any {
	s, isText := a.object[name].(string)
	if !isText {
		return a.object[name]
	}
	var v any
	if json.Unmarshal([]byte(s), &v) != nil {
		return nil
	}
	return v
}
