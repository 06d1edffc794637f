package slackfake

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// clock is a clock that moves when told to.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// start starts a Slack with Ann and Bob in #general, where the bot is a member.
func start(t *testing.T, o Options) *Fake {
	t.Helper()
	f, err := Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Errorf("closing: %v", err)
		}
	})
	f.AddUser("U1", "ann")
	f.AddUser("U2", "bob")
	f.AddChannel(Channel{ID: "C1", Name: "general", Members: []string{"U1", "U2"}, Bot: true})
	return f
}

func startAt(t *testing.T, o Options) (*Fake, *clock) {
	t.Helper()
	c := &clock{now: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)}
	o.Now = c.Now
	return start(t, o), c
}

// httpClient is a client whose connections end with the test.
func httpClient(t *testing.T) *http.Client {
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: 20 * time.Second}
}

func client(t *testing.T, f *Fake) *slack.Client {
	t.Helper()
	return slack.New(f.BotToken, slack.OptionAPIURL(f.APIURL()), slack.OptionHTTPClient(httpClient(t)))
}

// connect runs a bot whose answer to every request is handle. It checks the signature of all it gets.
func connect(t *testing.T, f *Fake, handle func(w http.ResponseWriter, form url.Values)) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Errorf("reading a delivery: %v", err)
		}
		form, err := url.ParseQuery(string(body))
		if err != nil {
			t.Errorf("a delivery is no form: %v", err)
		}
		handle(w, form)
	}))
	t.Cleanup(server.Close)
	f.Connect(server.URL + "/slack/events")
}

// payload reads an interaction as slack-go does.
func payload(t *testing.T, form url.Values) slack.InteractionCallback {
	t.Helper()
	var p slack.InteractionCallback
	if err := json.Unmarshal([]byte(form.Get("payload")), &p); err != nil {
		t.Errorf("payload: %v", err)
	}
	return p
}

func rawPayload(t *testing.T, form url.Values) object {
	t.Helper()
	var p object
	if err := json.Unmarshal([]byte(form.Get("payload")), &p); err != nil {
		t.Errorf("payload: %v", err)
	}
	return p
}

func answerJSON(t *testing.T, w http.ResponseWriter, v any) {
	t.Helper()
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(v); err != nil {
		t.Errorf("answering: %v", err)
	}
}

// rawCall calls a method with JSON that slack-go would not send, and returns the HTTP answer and its JSON.
func rawCall(t *testing.T, f *Fake, method string, arguments any) (*http.Response, object) {
	t.Helper()
	body, err := json.Marshal(arguments)
	if err != nil {
		t.Fatal(err)
	}
	return post(t, f, f.APIURL()+method, "application/json", string(body))
}

func post(t *testing.T, f *Fake, address, contentType, body string) (*http.Response, object) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", contentType)
	request.Header.Set("Authorization", "Bearer "+f.BotToken)
	response, err := httpClient(t).Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	answered, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	var fields object
	if bytes.HasPrefix(answered, []byte("{")) {
		if err := json.Unmarshal(answered, &fields); err != nil {
			t.Fatalf("%s: %v", answered, err)
		}
	} else {
		fields = object{"body": string(answered)}
	}
	return response, fields
}

// broken returns the rules that an answer says were broken.
func broken(answer object) []string {
	var found []string
	for _, m := range list(child(answer["response_metadata"], "messages")) {
		found = append(found, m.(string))
	}
	return found
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	var refused slack.SlackErrorResponse
	switch {
	case code == "" && err != nil:
		t.Errorf("refused: %v", err)
	case code != "" && !errors.As(err, &refused):
		t.Errorf("got %v, want the error %s", err, code)
	case code != "" && refused.Err != code:
		t.Errorf("got the error %s, want %s", refused.Err, code)
	}
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func ctx(t *testing.T) context.Context { return t.Context() }

func words(s string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, s, false, false)
}

func mrkdwn(s string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.MarkdownType, s, false, false)
}

func section(s string) slack.Block { return slack.NewSectionBlock(mrkdwn(s), nil, nil) }

func button(label, value string) *slack.ButtonBlockElement {
	return slack.NewButtonBlockElement("act-"+label, value, words(label))
}

func option(label, value string) *slack.OptionBlockObject {
	return slack.NewOptionBlockObject(value, words(label), nil)
}
