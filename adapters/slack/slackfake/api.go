package slackfake

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
)

// maxBody bounds what is read of any request or answer, in bytes.
const maxBody = 8 << 20

// apiError is a refusal of the Web API: one of Slack's error codes, with the rules that were broken.
type apiError struct {
	code             string
	messages         []string // "must be less than 76 characters [json-pointer:/blocks/0/text/text]"
	needed, provided string   // scopes
}

func (e *apiError) Error() string {
	return strings.Join(append([]string{e.code}, e.messages...), "; ")
}

func refusal(code string, messages ...string) error {
	return &apiError{code: code, messages: messages}
}

// errRateLimited stands for an answer of status 429.
var errRateLimited = errors.New("one message a second in a channel")

// answer is an HTTP answer.
type answer struct {
	status      int
	contentType string
	retryAfter  string
	body        []byte
	ack         []byte // in Socket Mode: the frame that the body came in
}

func (a answer) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", a.contentType)
	if a.retryAfter != "" {
		w.Header().Set("Retry-After", a.retryAfter)
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // the bot went away: nobody is left to tell
}

func succeeded(fields object) answer {
	fields["ok"] = true
	body, err := json.Marshal(fields)
	if err != nil {
		return refused(refusal("internal_error"))
	}
	return answer{status: http.StatusOK, contentType: "application/json; charset=utf-8", body: body}
}

// refused is the answer to a request that broke a rule; Slack says so with status 200.
// https://docs.slack.dev/apis/web-api/#responses
func refused(err error) answer {
	var e *apiError
	if !errors.As(err, &e) {
		e = &apiError{code: "internal_error"}
	}
	fields := object{"ok": false, "error": e.code}
	if len(e.messages) > 0 {
		marked := make([]string, len(e.messages))
		for i, m := range e.messages {
			marked[i] = "[ERROR] " + m
		}
		fields["errors"] = e.messages
		fields["response_metadata"] = object{"messages": marked}
	}
	if e.needed != "" {
		fields["needed"], fields["provided"] = e.needed, e.provided
	}
	body, _ := json.Marshal(fields) // strings only
	return answer{status: http.StatusOK, contentType: "application/json; charset=utf-8", body: body}
}

// appMethod takes the app-level token.
const appMethod = "apps.connections.open"

// method is a Web API method: the scopes of which the token must have one, and what it does.
type method struct {
	scopes []string
	call   func(*Fake, args) (object, error)
}

var methods = map[string]method{
	"api.test":              {nil, func(*Fake, args) (object, error) { return object{}, nil }},
	"auth.test":             {nil, (*Fake).authTest},
	"views.open":            {nil, (*Fake).viewsOpen},
	"views.push":            {nil, (*Fake).viewsPush},
	"views.update":          {nil, (*Fake).viewsUpdate},
	"views.publish":         {nil, (*Fake).viewsPublish},
	"chat.postMessage":      {[]string{"chat:write"}, (*Fake).postMessage},
	"chat.postEphemeral":    {[]string{"chat:write"}, (*Fake).postEphemeral},
	"chat.update":           {[]string{"chat:write"}, (*Fake).updateMessage},
	"chat.delete":           {[]string{"chat:write"}, (*Fake).deleteMessage},
	"conversations.open":    {[]string{"im:write"}, (*Fake).conversationsOpen},
	"conversations.info":    {[]string{"channels:read", "groups:read", "im:read"}, (*Fake).conversationsInfo},
	"conversations.history": {[]string{"channels:history", "groups:history", "im:history"}, (*Fake).conversationsHistory},
	"conversations.replies": {[]string{"channels:history", "groups:history", "im:history"}, (*Fake).conversationsReplies},
	"conversations.join":    {[]string{"channels:join"}, (*Fake).conversationsJoin},
	appMethod:               {nil, (*Fake).connectionsOpen},
	"users.info":            {[]string{"users:read"}, (*Fake).usersInfo},
	"usergroups.list":       {[]string{"usergroups:read"}, (*Fake).groupsList},
	"usergroups.users.list": {[]string{"usergroups:read"}, (*Fake).groupUsers},
}

func (f *Fake) serveAPI(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("method")
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	sent := string(body)
	if r.Method == http.MethodGet {
		sent = r.URL.RawQuery
	}
	entry := f.note(received(name, sent, r))
	failure := f.failing(name)
	a, handled := f.instead(w, r, failure)
	if !handled {
		if err != nil {
			a = refused(refusal("request_timeout"))
		} else {
			a = f.call(name, r, sent)
		}
		if failure.lose {
			drop(w)
			a = answer{}
		}
	}
	f.settle(entry, a)
	if a.status != 0 {
		w.Header().Set("Date", f.Now().UTC().Format(http.TimeFormat))
		w.Header().Set("X-OAuth-Scopes", strings.Join(f.Scopes, ","))
		a.write(w)
	}
}

// call runs a method with the world locked.
func (f *Fake) call(name string, r *http.Request, body string) answer {
	m, known := methods[name]
	if !known {
		return refused(refusal("unknown_method"))
	}
	a, err := parseArgs(r, body)
	if err != nil {
		return refused(err)
	}
	switch name {
	case "api.test":
	case appMethod:
		err = f.authorizeApp(r)
	default:
		err = f.authorize(r, a, m)
	}
	if err != nil {
		return refused(err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	fields, err := m.call(f, a)
	switch {
	case errors.Is(err, errRateLimited):
		return tooMany(0)
	case err != nil:
		return refused(err)
	}
	return succeeded(fields)
}

func (f *Fake) authTest(args) (object, error) {
	return object{"url": f.URL() + "/", "team": domain, "user": botName, "team_id": f.TeamID, "user_id": botUser, "bot_id": botID}, nil
}
