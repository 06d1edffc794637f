package slackfake

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Limits of response URLs.
// https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
const (
	responseUses = 5
	responseLife = 30 * time.Minute
)

// responseURL lets the bot say something about one thing a person did.
type responseURL struct {
	channel *channel
	user    string
	message *message // whose button it was; nil after a command
	issued  time.Time
	used    int
}

func (f *Fake) newResponse(kind string, c *channel, user string, m *message) string {
	id := newID("")
	f.responses[id] = &responseURL{channel: c, user: user, message: m, issued: f.Now()}
	return f.URL() + "/hooks/" + kind + "/" + f.TeamID + "/" + id
}

func (f *Fake) serveResponse(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	entry := f.note(received("response_url", string(body), r))
	failure := f.failing("response_url")
	a, handled := f.instead(w, r, failure)
	if !handled {
		if err == nil {
			err = f.useResponse(entry, r.PathValue("id"), body)
		}
		a = responded(err)
		if failure.lose {
			drop(w)
			a = answer{}
		}
	}
	f.settle(entry, a)
	if a.status != 0 {
		a.write(w)
	}
}

// responded is the answer to a request to a response URL.
func responded(err error) answer {
	if err == nil {
		return answer{status: http.StatusOK, contentType: "text/plain; charset=utf-8", body: []byte("ok")}
	}
	a := refused(err)
	a.status = http.StatusBadRequest
	if gone := err.Error(); gone == "used_url" || gone == "expired_url" {
		a.status = http.StatusNotFound
	}
	return a
}

func (f *Fake) useResponse(entry *logged, id string, body []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	u := f.responses[id]
	switch {
	case u == nil, f.Now().Sub(u.issued) > responseLife:
		return refusal("expired_url")
	case u.used >= responseUses:
		return refusal("used_url")
	}
	a := args{object: object{}, json: true}
	if json.Unmarshal(body, &a.object) != nil {
		return refusal("invalid_payload")
	}
	if err := f.respond(entry, u, a); err != nil {
		return err
	}
	u.used++
	return nil
}

// respond does what an answer to a command or a click asks for.
func (f *Fake) respond(entry *logged, u *responseURL, a args) error {
	here := u.message != nil && f.still(u.message)
	if a.flag("delete_original") {
		if !here {
			return refusal("message_not_found")
		}
		f.remove(u.message)
		return nil
	}
	said, err := contentOf(a)
	if err != nil {
		return err
	}
	if a.flag("replace_original") && u.message != nil {
		if !here {
			return refusal("message_not_found")
		}
		if said.metadata == nil {
			said.metadata = u.message.metadata
		}
		f.edit(u.message, said)
		entry.draw(u.message.ts)
		return nil
	}
	thread := ""
	if u.message != nil {
		thread = u.message.thread
	}
	if a.has("thread_ts") {
		if thread, err = u.channel.parent(a.str("thread_ts")); err != nil {
			return err
		}
	}
	only := u.user
	if a.str("response_type") == "in_channel" {
		only = ""
	}
	entry.draw(f.post(u.channel, said, thread, only).ts)
	return nil
}

// still reports whether a message was not deleted.
func (f *Fake) still(m *message) bool {
	for _, other := range m.channel.messages {
		if other == m {
			return !m.gone
		}
	}
	return false
}

// commandAnswer does what the body of the answer to a slash command asks for.
func (f *Fake) commandAnswer(entry *logged, form url.Values, a answer) error {
	body := strings.TrimSpace(string(a.body))
	if body == "" {
		return nil
	}
	said := args{object: object{"text": body}, json: true}
	if strings.HasPrefix(a.contentType, "application/json") {
		said.object = object{}
		if err := json.Unmarshal(a.body, &said.object); err != nil {
			return err
		}
		if len(said.object) == 0 {
			return nil
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.respond(entry, &responseURL{channel: f.channels[form.Get("channel_id")], user: form.Get("user_id")}, said)
}
