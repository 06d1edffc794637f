package draw

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"communitybot/adapters/person"
	"communitybot/adapters/slack/slackfake"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// A page of the sandbox and the tests' people, who go by what the fake shows in words, must see the same.

// startSlack starts a Slack that knows whom slackWorld knows.
func startSlack(t *testing.T) *slackfake.Fake {
	t.Helper()
	f, err := slackfake.Start(slackfake.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	f.AddUser("U1", "Ada")
	f.AddGroup("S1", "ops", "U1")
	f.AddChannel(slackfake.Channel{ID: "C1", Name: "communities", Members: []string{"U1"}, Bot: true})
	return f
}

// slackCall calls a method of the Web API, which must take it.
func slackCall(f *slackfake.Fake, method string, args map[string]any) (ts string, err error) {
	body, err := json.Marshal(args)
	if err != nil {
		return "", err
	}
	r, err := http.NewRequest(http.MethodPost, f.APIURL()+method, bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	r.Header.Set("Authorization", "Bearer "+f.BotToken)
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	var said struct {
		OK    bool
		TS    string
		Error string
	}
	if err := json.NewDecoder(answer.Body).Decode(&said); err != nil {
		return "", err
	}
	if !said.OK {
		return "", errors.New(method + ": " + said.Error)
	}
	return said.TS, nil
}

func TestACardOfSlackSaysWhatTheFakeShows(t *testing.T) {
	f := startSlack(t)
	for name, messages := range sentToSlack(t) {
		if strings.HasPrefix(name, "form-") {
			continue
		}
		for _, sent := range messages {
			var args map[string]any
			if err := json.Unmarshal(sent, &args); err != nil {
				t.Fatal(err)
			}
			args["channel"] = "C1"
			if _, err := slackCall(f, "chat.postMessage", args); err != nil {
				t.Fatal(err)
			}
			want := slackLatest(t, f)
			got := slackShows(t, string(Slack(person.Sent{Message: want, Payload: sent}, slackWorld)))
			shown := cmpopts.IgnoreFields(person.Message{}, "ID", "Author", "Pings", "Edited")
			if diff := cmp.Diff(want, got, shown, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s (-shown by the fake +drawn):\n%s", name, diff)
			}
		}
	}
}

func slackLatest(t *testing.T, f *slackfake.Fake) person.Message {
	t.Helper()
	all, err := f.Read(t.Context(), "U1", "C1")
	if err != nil || len(all) == 0 {
		t.Fatalf("nothing to read: %v", err)
	}
	return all[len(all)-1]
}

func TestAFormOfSlackSaysWhatTheFakeShows(t *testing.T) {
	for name, sent := range sentToSlack(t) {
		if !strings.HasPrefix(name, "form-") {
			continue
		}
		t.Run(name, func(t *testing.T) {
			f := startSlack(t)
			failed := make(chan error, 1)
			bot := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				_, err := slackCall(f, "views.open", map[string]any{"trigger_id": r.FormValue("trigger_id"), "view": sent[0]})
				failed <- err
			}))
			defer bot.Close()
			f.Connect(bot.URL)
			s, err := f.Type(t.Context(), "U1", "C1", "/create-community")
			if err != nil || s.Form == nil {
				t.Fatalf("no form: %v", err)
			}
			if err := <-failed; err != nil {
				t.Fatal(err)
			}
			s.Form.Fields[0].Problem = "is missing"
			got := slackShowsForm(t, string(SlackForm(person.Dialog{Form: *s.Form, Payload: sent[0]}, slackWorld)))
			if diff := cmp.Diff(*s.Form, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("(-shown by the fake +drawn):\n%s", diff)
			}
		})
	}
}

// slackBreaks are what code makes of the end of its line: the page has one, where it can't be seen.
var slackBreaks = regexp.MustCompile(`\n+`)

func TestAnyMarkupOfSlackSaysWhatTheFakeShows(t *testing.T) {
	f := startSlack(t)
	ts, err := slackCall(f, "chat.postMessage", map[string]any{"channel": "C1", "text": "first"})
	if err != nil {
		t.Fatal(err)
	}
	parts := []string{
		"*", "_", "~", "`", "```", ">", " ", "\n", "a", "b1", ".", "&lt;", "&gt;", "&amp;", "\u200b", "ß", "<@U1>", "<@U7|zoe>", "<#C1>", "<!here>",
		"<!subteam^S1>", "<https://x.test/a_b|*w* _x_>", "https://x.test/a_b*", "<!date^0^{date}|*then*>", "<!date^00000000^{_}|*>", "<no>", "<mailto:a@x.test>",
	}
	rapid.Check(t, func(r *rapid.T) {
		text := "." + strings.Join(rapid.SliceOfN(rapid.SampledFrom(parts), 1, 30).Draw(r, "text"), "")
		if _, err := slackCall(f, "chat.update", map[string]any{"channel": "C1", "ts": ts, "text": text}); err != nil {
			r.Fatal(err)
		}
		all, err := f.Read(context.Background(), "U1", "C1")
		if err != nil {
			r.Fatal(err)
		}
		drawn := "<div>" + string(run("slack.words", slackMrkdwn(text, false, slackWorld))) + "</div>"
		want := slackBreaks.ReplaceAllString(all[0].Text, "\n")
		got := slackBreaks.ReplaceAllString(slackTextOf(slackParsed(drawn)), "\n")
		if got != want {
			r.Fatalf("%q says %q, want %q: %s", text, got, want, drawn)
		}
	})
}
