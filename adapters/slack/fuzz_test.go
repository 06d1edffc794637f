package slack

import (
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"communitybot/adapters/schemas"
	"communitybot/bot"
)

// described returns Slack's own description of what it takes; nil where there is none to be had.
func described(t *testing.T) *schemas.Slack {
	t.Helper()
	s, err := schemas.LoadSlack()
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return s
}

// holdView holds a view to Slack's limits.
func holdView(t *testing.T, body []byte) {
	t.Helper()
	var view struct {
		Type     string
		Metadata string `json:"private_metadata"`
	}
	if err := json.Unmarshal(body, &view); err != nil {
		t.Fatalf("a view %q: %v", body, err)
	}
	if n := utf8.RuneCountInString(view.Metadata); n > maxMetadata {
		t.Errorf("%d characters of metadata", n)
	}
	if s := described(t); s != nil {
		if err := s.View(body); err != nil {
			t.Errorf("Slack refuses the view: %v\n%s", err, body)
		}
	}
	holdInert(t, body)
}

// holdMessage holds a message, or what takes one away, to Slack's limits.
func holdMessage(t *testing.T, body []byte) {
	t.Helper()
	var m struct {
		Text   string
		Delete bool `json:"delete_original"`
	}
	if err := json.Unmarshal(body, &m); err != nil {
		t.Fatalf("a message %q: %v", body, err)
	}
	if strings.ContainsAny(m.Text, "<>") {
		t.Errorf("markup in the words for notifications: %q", m.Text)
	}
	if s := described(t); s != nil && !m.Delete {
		if err := s.Message(body); err != nil {
			t.Errorf("Slack refuses the message: %v\n%s", err, body)
		}
	}
	holdInert(t, body)
}

// holdInert holds that no markup in JSON pings anybody, or breaks out of its place.
func holdInert(t *testing.T, body []byte) {
	t.Helper()
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, item := range v {
				walk(item)
			}
		case map[string]any:
			if text, _ := v["text"].(string); v["type"] == "mrkdwn" {
				parse(t, text, func(string) bool { return false })
			}
			for _, item := range v {
				walk(item)
			}
		}
	}
	var all any
	if err := json.Unmarshal(body, &all); err != nil {
		t.Fatal(err)
	}
	walk(all)
}

// FuzzRequests sends any body as Slack would, rightly signed. It is answered 200 with JSON or nothing, or 400, and heard
// at most once; nothing that goes to Slack is anything that Slack refuses, or pings.
func FuzzRequests(f *testing.F) {
	bodies := seeds(f)
	long := strings.Repeat("é", 1500)
	for kind := range uint8(7) {
		for _, body := range bodies {
			if payload := formOf(body).Get("payload"); payload != "" {
				f.Add(payload, true, kind)
			} else {
				f.Add(body, false, kind)
			}
		}
		f.Add(button("approve?id=42&v=3"), true, kind)
		f.Add(formPayload, true, kind)
		f.Add(strings.ReplaceAll(formPayload, "New community", long), true, kind)
		f.Add("command=%2Fx&trigger_id=t&user_id=U1&team_id=T1&channel_id=C1&text="+long, false, kind)
	}
	f.Add("command=%2Fx&trigger_id=%00&user_id=U1&team_id=T1&channel_id=C1&text=%ff<!channel>", false, uint8(0))
	f.Add(`{"type":"url_verification","challenge":"\u2028<script>"}`, false, uint8(0))
	f.Add(`{"type":"view_submission","user":{"id":"U1"},"view":{"id":"V1","private_metadata":"null","blocks":[{"type":"input","block_id":""}]}}`, true, uint8(4))
	f.Fuzz(func(t *testing.T, text string, isPayload bool, kind uint8) {
		body := text
		if isPayload {
			body = payloadBody(text)
		}
		h, away := newParrot(kind), &slackAway{t: t}
		a := away.adapter()
		r := httptest.NewRequest(http.MethodPost, EventsPath, strings.NewReader(body))
		r.Header = sign(body, noon)
		w := httptest.NewRecorder()
		a.Handler(h).ServeHTTP(w, r)
		a.chores.finish()
		holdHeard(t, h.seen())
		switch {
		case w.Code == http.StatusBadRequest && len(h.seen()) == 0:
		case w.Code != http.StatusOK:
			t.Errorf("status %d, heard %d", w.Code, len(h.seen()))
		default:
			holdAnswer(t, w.Body.Bytes())
		}
	})
}

// holdHeard holds what handlers rely on: one event, of somebody, with an ID. Drawing somebody's home is another.
func holdHeard(t *testing.T, events []bot.Event) {
	t.Helper()
	acts := slices.DeleteFunc(slices.Clone(events), func(e bot.Event) bool { return strings.HasSuffix(e.ID, ":home") })
	if len(acts) > 1 || len(events) > 2 {
		t.Errorf("heard %+v", events)
	}
	for _, e := range events {
		if e.By.Platform != platform || e.By.ID == "" || e.ID == "" && e.Step != bot.Suggest {
			t.Errorf("an event of nobody: %+v", e)
		}
	}
}

// holdAnswer holds an answer to a request, whatever it is the answer to.
func holdAnswer(t *testing.T, body []byte) {
	t.Helper()
	if len(body) == 0 {
		return
	}
	var answer struct {
		Action    string `json:"response_action"`
		Errors    map[string]string
		View      json.RawMessage
		Text      *string
		Options   []any
		Challenge *string
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		t.Fatalf("answered %q: %v", body, err)
	}
	switch {
	case answer.Action == "errors":
		for block, problem := range answer.Errors {
			if problem == "" {
				t.Errorf("no words at %q", block)
			}
		}
		if len(answer.Errors) == 0 {
			t.Error("refused without a word")
		}
	case answer.Action == "update":
		holdView(t, answer.View)
	case answer.Text != nil:
		holdMessage(t, body)
	case answer.Options != nil:
		if s := described(t); s != nil {
			if err := s.Options(body); err != nil {
				t.Errorf("Slack refuses the options: %v", err)
			}
		}
	case answer.Challenge == nil:
		t.Errorf("answered %s", body)
	}
}
