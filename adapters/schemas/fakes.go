package schemas

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"strings"
	"testing"

	"communitybot/adapters/discord/discordfake"
	"communitybot/adapters/slack/slackfake"
)

// CheckSent is CheckDiscord and CheckSlack for a bot that may be killed meanwhile: that it answered nothing is no error.
func CheckSent(t testing.TB, s *slackfake.Fake, d *discordfake.Fake) {
	t.Helper()
	CheckDiscord(t, d)
	checkSlack(t, s, func(r slackfake.Request) bool { return r.Status != 0 })
}

// CheckDiscord checks all that went between a bot and f so far, both ways, and reports what is wrong as errors of t.
// Without Discord's file it checks nothing; a test of this package says so.
func CheckDiscord(t testing.TB, f *discordfake.Fake) {
	t.Helper()
	d, err := LoadDiscord()
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range f.Requests() {
		if err := d.exchange(x); err != nil {
			t.Errorf("%s %s\n%v\nsent: %s\nanswer %d: %s", x.Method, x.Path, err, x.Body, x.Status, x.Answer)
		}
	}
}

func (d *Discord) exchange(x discordfake.Exchange) error {
	if !x.Delivery {
		return errors.Join(d.Request(x.Method, x.Path, x.Body), d.Answer(x.Method, x.Path, x.Status, x.Answer))
	}
	err := d.Interaction(x.Body)
	if x.Status == http.StatusOK {
		err = errors.Join(err, d.Callback(x.Answer))
	}
	return err
}

// CheckSlack checks every view and message that a bot sent to f so far, in requests and in answers, and reports what is
// wrong as errors of t. Without the schemas it checks nothing; a test of this package says so.
func CheckSlack(t testing.TB, f *slackfake.Fake) {
	t.Helper()
	checkSlack(t, f, func(slackfake.Request) bool { return true })
}

// checkSlack checks those that matter.
func checkSlack(t testing.TB, f *slackfake.Fake, matters func(slackfake.Request) bool) {
	t.Helper()
	s, err := LoadSlack()
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range f.Requests() {
		if !matters(r) {
			continue
		}
		if err := s.request(r); err != nil {
			t.Errorf("%s\n%v\nbody: %s\nanswer %d: %s", r.Method, err, r.Body, r.Status, r.Response)
		}
	}
}

func (s *Slack) request(r slackfake.Request) error {
	if r.Problem != "" {
		return fmt.Errorf("Slack can do nothing with the answer: %s", r.Problem)
	}
	switch r.Method {
	case "views.open", "views.push", "views.update", "views.publish":
		return s.View([]byte(r.Arg("view")))
	case "chat.postMessage", "chat.postEphemeral", "chat.update", "response_url":
		return s.said(r)
	}
	if r.Delivery && strings.HasPrefix(r.Response, "{") {
		return s.answer(r)
	}
	return nil
}

// said checks the message in a request.
func (s *Slack) said(r slackfake.Request) error {
	if r.Arg("delete_original") == "true" {
		return nil
	}
	message := map[string]json.RawMessage{}
	text, err := json.Marshal(r.Arg("text"))
	if err != nil {
		return err
	}
	message["text"] = text
	for _, name := range []string{"blocks", "attachments", "metadata"} {
		if value := r.Arg(name); value != "" {
			message[name] = json.RawMessage(value)
		}
	}
	body, err := json.Marshal(message)
	if err != nil {
		return err
	}
	return s.Message(body)
}

// answer checks the JSON that a bot answered a delivery with.
func (s *Slack) answer(r slackfake.Request) error {
	var answer struct {
		Action  string            `json:"response_action"`
		Errors  map[string]string `json:"errors"`
		View    json.RawMessage   `json:"view"`
		Options json.RawMessage   `json:"options"`
		Text    *string           `json:"text"`
	}
	if err := json.Unmarshal([]byte(r.Response), &answer); err != nil {
		return err
	}
	switch {
	case answer.View != nil:
		return s.View(answer.View)
	case answer.Action == "errors":
		for id, text := range answer.Errors {
			if strings.TrimSpace(text) == "" {
				return fmt.Errorf("the problem of %q has no words", id)
			}
		}
		return nil
	case answer.Options != nil:
		return s.Options([]byte(r.Response))
	case answer.Text != nil:
		return s.Message([]byte(r.Response))
	}
	return nil
}
