package discord

import (
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"communitybot/adapters/schemas"
	"communitybot/bot"
)

// FuzzInteractions sends any body as Discord would, rightly signed. It is answered 200 with something that Discord takes
// and that pings nobody, or 400; and what was sent is sent to a command at most once.
func FuzzInteractions(f *testing.F) {
	long := strings.Repeat("é", 1500)
	bodies := append(seeds(f), typedBody, pressBody, submitBody, `{"type":1}`,
		`{"id":"77","type":3,"channel_id":"5","user":{"id":"`+ada+`"},"message":{"id":"6","flags":64},"data":{"custom_id":"~c78:categories","values":["1",2,{}]}}`,
		`{"id":"77","type":3,"channel_id":"5","user":{"id":"`+ada+`"},"message":{"id":"6","flags":64},"data":{"custom_id":"~p78:why"}}`,
		`{"id":"77","type":3,"channel_id":"5","user":{"id":"`+ada+`"},"message":{"id":"6"},"data":{"custom_id":"~s78:"}}`,
		`{"id":"77","type":5,"channel_id":"5","user":{"id":"`+ada+`"},"data":{"custom_id":"~w78:","components":[{"type":18,"component":{"type":4,"custom_id":"name","value":"**"}}]}}`,
		`{"id":"77","type":4,"channel_id":"5","user":{"id":"`+ada+`"},"data":{"name":"x","options":[{"name":"a","focused":true,"options":[{"name":"b"}]}]}}`,
		`{"id":"77","type":2,"channel_id":"5","user":{"id":"`+ada+`","username":"`+long+`"},"data":{"name":"x","options":[{"name":"name","value":"`+long+`"},{"name":"why","value":"`+long+`"}]}}`,
		`{"id":"77","type":5,"channel_id":"5","user":{"id":"`+ada+`"},"data":{"custom_id":"!x","components":[{"type":4,"custom_id":"name","value":"`+long+long+`"}]}}`,
		`{"id":"77","type":2,"channel_id":"5","user":{"id":"`+ada+`"},"data":{"name":"Create a community","type":3,"target_id":"9","resolved":{"messages":{"9":{"content":"<@1> <:a:2> <@&3>"}}}}}`)
	for i, body := range bodies {
		f.Add([]byte(body), uint8(i), false)
		f.Add([]byte(body), uint8(0), true)
		f.Add([]byte(body), uint8(5), i%2 == 0)
		f.Add([]byte(body), uint8(2), i%2 == 1)
	}
	f.Fuzz(func(t *testing.T, body []byte, kind uint8, older bool) {
		a := away(t, body, older, func(r *http.Request) *http.Response {
			t.Errorf("%s %s while a person waits", r.Method, r.URL)
			return &http.Response{StatusCode: http.StatusNotFound, Body: http.NoBody}
		})
		stamp := strconv.FormatInt(start.Unix(), 10)
		_, secret := keys()
		r := httptest.NewRequest(http.MethodPost, "/discord/interactions", strings.NewReader(string(body)))
		r.Header.Set("X-Signature-Timestamp", stamp)
		r.Header.Set("X-Signature-Ed25519", hex.EncodeToString(ed25519.Sign(secret, append([]byte(stamp), body...))))
		h, w := &parrot{kind: kind}, httptest.NewRecorder()
		a.Handler(h).ServeHTTP(w, r)
		holdHeard(t, h.events)
		switch {
		case w.Code == http.StatusBadRequest && len(h.events) == 0:
		case w.Code != http.StatusOK:
			t.Errorf("status %d, heard %d", w.Code, len(h.events))
		default:
			holdAnswer(t, body, w.Body.Bytes())
		}
	})
}

// TestNestingIsBounded holds that no body keeps the bot busy by its depth alone.
func TestNestingIsBounded(t *testing.T) {
	body := func(depth int) string {
		return `{"id":"7","type":5,"channel_id":"5","user":{"id":"9"},"data":{"custom_id":"!x","components":[` +
			strings.Repeat(`{"components":[`, depth) + `{"type":4,"custom_id":"a","value":"[{\"["}` + strings.Repeat(`]}`, depth) + `]}}`
	}
	in, err := decode([]byte(body(5)))
	if err != nil || in.inputs()["a"] != `[{"[` {
		t.Errorf("five rows in each other: %+v, %v", in, err)
	}
	if _, err := decode([]byte(body(5000))); !errors.Is(err, errUndecodable) {
		t.Errorf("five thousand: %v", err)
	}
}

// holdHeard holds what handlers rely on: every event is of somebody and has an ID, and at most one sends anything.
func holdHeard(t *testing.T, events []bot.Event) {
	t.Helper()
	sent := 0
	for _, e := range events {
		if e.By.Platform != platform || e.By.ID == "" || e.At.Channel == "" || !strings.HasPrefix(e.ID, "discord:") || e.ID == "discord:" {
			t.Errorf("an event of nobody: %+v", e)
		}
		if e.Step == bot.Submit {
			sent++
		}
	}
	if sent > 1 || len(events) > 4 {
		t.Errorf("heard %+v", events)
	}
}

var pings = regexp.MustCompile(`(?i)@everyone|@here|<@[!&]?\d+>`)

// holdAnswer holds an answer to an interaction to Discord's limits, and that it pings nobody.
func holdAnswer(t *testing.T, asked, answer []byte) {
	t.Helper()
	in, err := decode(asked)
	if err != nil {
		t.Fatalf("answered %q to %q", answer, asked)
	}
	var got struct {
		Type int
		Data any
	}
	if err := json.Unmarshal(answer, &got); err != nil {
		t.Fatalf("answered %q: %v", answer, err)
	}
	d, err := schemas.LoadDiscord()
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	if d != nil && isID(in.ID) {
		if err := d.Callback(answer); err != nil {
			t.Errorf("Discord refuses the answer: %v\n%s", err, answer)
		}
	}
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, item := range v {
				walk(item)
			}
		case map[string]any:
			for name, item := range v {
				text, _ := item.(string)
				switch {
				case name == "custom_id" && len(text) > maxCustomID && isID(in.ID):
					t.Errorf("a custom ID of %d bytes", len(text))
				case (name == "content" || name == "value" && got.Type != showModal && got.Type != suggestions) && pings.MatchString(text):
					t.Errorf("it pings: %q", text)
				case name == "allowed_mentions" && item != nil:
					if m := item.(map[string]any); len(m["parse"].([]any)) > 0 || m["users"] != nil || m["roles"] != nil {
						t.Errorf("it may ping: %v", item)
					}
				}
				walk(item)
			}
		}
	}
	walk(got.Data)
}
