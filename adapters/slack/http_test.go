package slack

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"communitybot/bot"
)

func TestOnlySignedRequestsAreHeard(t *testing.T) {
	body := slashBody()
	with := func(change func(http.Header)) http.Header {
		h := sign(body, noon)
		change(h)
		return h
	}
	tests := map[string]struct {
		header http.Header
		want   int
	}{
		"signed now":                  {sign(body, noon), 200},
		"signed five minutes ago":     {sign(body, noon.Add(-5*time.Minute)), 200},
		"signed five minutes ahead":   {sign(body, noon.Add(5*time.Minute)), 200},
		"older than five minutes":     {sign(body, noon.Add(-5*time.Minute-time.Second)), 401},
		"more than five minutes on":   {sign(body, noon.Add(5*time.Minute+time.Second)), 401},
		"another body":                {sign(body+"x", noon), 401},
		"no headers":                  {http.Header{}, 401},
		"no timestamp":                {with(func(h http.Header) { h.Del("X-Slack-Request-Timestamp") }), 401},
		"a timestamp of words":        {with(func(h http.Header) { h.Set("X-Slack-Request-Timestamp", "noon") }), 401},
		"another timestamp":           {with(func(h http.Header) { h.Set("X-Slack-Request-Timestamp", "1773489601") }), 401},
		"no signature":                {with(func(h http.Header) { h.Del("X-Slack-Signature") }), 401},
		"a signature without version": {with(func(h http.Header) { h.Set("X-Slack-Signature", strings.TrimPrefix(h.Get("X-Slack-Signature"), "v0=")) }), 401},
		"a signature of another kind": {with(func(h http.Header) { h.Set("X-Slack-Signature", "v1"+h.Get("X-Slack-Signature")[2:]) }), 401},
		"a short signature":           {with(func(h http.Header) { h.Set("X-Slack-Signature", "v0=00") }), 401},
		"a signature that is no hex":  {with(func(h http.Header) { h.Set("X-Slack-Signature", "v0=zz") }), 401},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			h := answering(bot.Done{})
			got := listen(t, h, "").do(http.MethodPost, body, tc.header)
			if got.status != tc.want {
				t.Errorf("status %d, want %d", got.status, tc.want)
			}
			if heard := len(h.seen()) > 0; heard != (tc.want == 200) {
				t.Errorf("handler called: %v", heard)
			}
		})
	}
}

func TestWithoutASecretNothingIsSigned(t *testing.T) {
	a := New(Options{Now: func() time.Time { return noon }})
	h := http.Header{}
	h.Set("X-Slack-Request-Timestamp", "1773489600")
	// What HMAC with an empty key gives for an empty body at noon; anybody can compute it.
	h.Set("X-Slack-Signature", "v0=358c6f1723cd9a712b0426a8ff2afbba5613339527eed90858e284aae373f9ca")
	if a.signed(h, nil) {
		t.Error("a request signed with nothing was accepted")
	}
}

func TestBadRequests(t *testing.T) {
	view := `{"type":"view_submission","user":{"id":"U1"},"view":{"id":"V1"}}`
	tests := map[string]struct {
		body string
		want int
	}{
		"one byte over a mebibyte":         {strings.Repeat("x", maxBody+1), 413},
		"a mebibyte of nothing":            {strings.Repeat("x", maxBody), 400},
		"an empty body":                    {"", 400},
		"a form with a broken escape":      {"command=%zz", 400},
		"a payload that is not JSON":       {payloadBody("{"), 400},
		"a payload that is a list":         {payloadBody("[]"), 400},
		"a payload without type":           {payloadBody("{}"), 400},
		"a payload with numbers for names": {payloadBody(`{"type":1}`), 400},
		"an event that is not JSON":        {`{"type":`, 400},
		"an event of the wrong types":      {`{"type":["secret-words"]}`, 400},
		"a button without trigger":         {payloadBody(`{"type":"block_actions","user":{"id":"U1"},"actions":[{"value":"a"}]}`), 400},
		"a button without actions":         {payloadBody(`{"type":"block_actions","user":{"id":"U1"},"trigger_id":"1"}`), 400},
		"a button without user":            {payloadBody(`{"type":"block_actions","trigger_id":"1","actions":[{"value":"a"}]}`), 400},
		"a sent form without user":         {payloadBody(strings.Replace(view, `"U1"`, `""`, 1)), 400},
		"a sent form without view":         {payloadBody(strings.Replace(view, `"V1"`, `""`, 1)), 400},
		"a command without name":           {slashBody("command", ""), 400},
		"a command without trigger":        {slashBody("trigger_id", ""), 400},
		"a command without user":           {slashBody("user_id", ""), 400},
		"a command without team":           {slashBody("team_id", ""), 400},
		"a command without channel":        {slashBody("channel_id", ""), 400},
		"an unknown event":                 {`{"type":"event_callback"}`, 200},
		"an unknown interaction":           {payloadBody(`{"type":"view_closed"}`), 200},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			h := answering(bot.Done{})
			l := listen(t, h, "")
			got := l.send(tc.body)
			if got.status != tc.want {
				t.Errorf("status %d (%s), want %d", got.status, got.body, tc.want)
			}
			if tc.want == 200 && got.body != "" {
				t.Errorf("body %q, want none", got.body)
			}
			if len(h.seen()) > 0 {
				t.Errorf("handler called with %+v", h.seen())
			}
			if strings.Contains(l.log.String(), "secret-words") {
				t.Errorf("what was sent is in the log: %s", l.log)
			}
		})
	}
}

func TestOtherMethodsAreRefused(t *testing.T) {
	for _, method := range []string{http.MethodGet, http.MethodPut, http.MethodDelete, http.MethodHead} {
		got := listen(t, answering(bot.Done{}), "").do(method, "", sign("", noon))
		if got.status != http.StatusMethodNotAllowed {
			t.Errorf("%s: status %d", method, got.status)
		}
	}
}

func TestABodyThatBreaksOff(t *testing.T) {
	for name, c := range map[string]struct {
		header http.Header
		want   int
	}{
		"with a signature":    {sign("", noon), http.StatusBadRequest},
		"without a signature": {http.Header{}, http.StatusUnauthorized},
	} {
		t.Run(name, func(t *testing.T) {
			a := New(Options{SigningSecret: secret, Log: (&logBook{}).logger()})
			w := &plainWriter{header: http.Header{}}
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "/slack/events", brokenReader{})
			if err != nil {
				t.Fatal(err)
			}
			r.Header = c.header
			a.Handler(answering(bot.Done{})).ServeHTTP(w, r)
			if w.status != c.want {
				t.Errorf("status %d, want %d", w.status, c.want)
			}
		})
	}
}

func TestSSLCheckDoesNothing(t *testing.T) {
	tests := map[string]struct {
		body   string
		header http.Header
		want   int
		heard  bool
	}{
		"unsigned":                     {"ssl_check=1&token=x", http.Header{}, 200, false},
		"signed":                       {"ssl_check=1", sign("ssl_check=1", noon), 200, false},
		"unsigned with a command":      {slashBody("ssl_check", "1"), http.Header{}, 200, false},
		"signed with a command":        {slashBody("ssl_check", "1"), sign(slashBody("ssl_check", "1"), noon), 200, false},
		"unsigned, in a text":          {slashBody("text", "ssl_check=1"), http.Header{}, 401, false},
		"signed, in a text":            {slashBody("text", "ssl_check=1"), sign(slashBody("text", "ssl_check=1"), noon), 200, true},
		"unsigned, in another's name":  {"no_ssl_check=1", http.Header{}, 401, false},
		"unsigned, with another value": {"ssl_check=12", http.Header{}, 401, false},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			h := answering(bot.Done{})
			got := listen(t, h, "").do(http.MethodPost, tc.body, tc.header)
			if got.status != tc.want || tc.want == 200 && got.body != "" {
				t.Errorf("%+v, want %d", got, tc.want)
			}
			if heard := len(h.seen()) > 0; heard != tc.heard {
				t.Errorf("handler called: %v", heard)
			}
		})
	}
}

func TestTheChallengeIsAnsweredWhenSigned(t *testing.T) {
	body := `{"type":"url_verification","challenge":"3eZbrw1a"}`
	l := listen(t, answering(bot.Done{}), "")
	if got := decode(t, l.send(body)); got["challenge"] != "3eZbrw1a" {
		t.Errorf("answer %v", got)
	}
	if got := l.do(http.MethodPost, body, http.Header{}); got.status != 401 {
		t.Errorf("unsigned: status %d", got.status)
	}
}
