package draw

import (
	"encoding/json"
	"html/template"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"communitybot/adapters/person"
)

// slackWorld knows Ada, a group, a channel, and the pictures that are not from elsewhere.
var slackWorld = World{
	User:    func(id string) string { return map[string]string{"U1": "Ada"}[id] },
	Group:   func(id string) string { return map[string]string{"S1": "ops"}[id] },
	Channel: func(id string) string { return map[string]string{"C1": "communities"}[id] },
	Picture: func(address string) string {
		if strings.Contains(address, "elsewhere") {
			return ""
		}
		return "/picture?at=" + url.QueryEscape(address)
	},
}

var slackNoon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

// sentToSlack is what the adapter sends, by the name of its golden file: messages of a thread, or a view.
func sentToSlack(t testing.TB) map[string][]json.RawMessage {
	t.Helper()
	paths, err := filepath.Glob("../../testdata/golden/slack/*.json")
	if err != nil || len(paths) < 30 {
		t.Fatalf("%d golden files, %v", len(paths), err)
	}
	all := map[string][]json.RawMessage{}
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".json")
		raw := slackFile(t, path)
		var messages []json.RawMessage
		if err := json.Unmarshal(raw, &messages); err != nil {
			messages = []json.RawMessage{raw} // a view
		}
		all[name] = messages
	}
	return all
}

func slackFile(t testing.TB, path string) []byte {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// bySlackBot is a message of the bot with replies.
func bySlackBot(messages []json.RawMessage) person.Sent {
	thread := make([]person.Sent, len(messages))
	for i, m := range messages {
		payload := `{"bot_id":"B1",` + strings.TrimPrefix(strings.TrimSpace(string(m)), "{")
		thread[i] = person.Sent{
			Message: person.Message{ID: "1773489600.00010" + string(rune('0'+i)), Author: "communitybot"},
			Payload: json.RawMessage(payload), At: slackNoon.Add(time.Duration(i) * time.Minute),
		}
	}
	thread[0].Thread = thread[1:]
	return thread[0]
}

func slackPinned(t *testing.T, name string, drawn template.HTML) {
	t.Helper()
	safe(t, string(drawn))
	golden(t, "slack/"+name+".html", []byte(string(drawn)+"\n"))
}

func TestAllThatIsSentToSlackIsDrawn(t *testing.T) {
	for name, sent := range sentToSlack(t) {
		t.Run(name, func(t *testing.T) {
			if strings.HasPrefix(name, "form-") {
				slackPinned(t, name, SlackForm(person.Dialog{Form: person.Form{ID: "V1"}, Payload: sent[0]}, slackWorld))
			} else {
				slackPinned(t, name, Slack(bySlackBot(sent), slackWorld))
			}
		})
	}
}

func TestEveryBlockOfSlackIsDrawn(t *testing.T) {
	m := person.Sent{Message: person.Message{ID: "1.1", Author: "communitybot", Edited: true}, Payload: slackFile(t, "testdata/slack/every-block.json"), At: slackNoon}
	m.Menus = []person.Field{{Value: "Cleo"}, {Value: "fans,city"}, {Value: "I am sure"}, {}, {}}
	slackPinned(t, "every-block", Slack(m, slackWorld))
}

func TestEveryFieldOfSlackIsDrawn(t *testing.T) {
	d := person.Dialog{Form: person.Form{ID: "V1", Title: "Every field"}, Payload: slackFile(t, "testdata/slack/every-field.json")}
	d.Fields = []person.Field{{Problem: "is taken"}, {}, {}, {Problem: "is <unknown>"}, {}, {}, {Problem: "choose one"}}
	slackPinned(t, "every-field", SlackForm(d, slackWorld))
}

func TestANoticeOfSlackIsOnlyClosed(t *testing.T) {
	drawn := SlackForm(person.Dialog{Form: person.Form{ID: "V2"}, Payload: slackFile(t, "../../slack/testdata/notice-buttons.json")}, slackWorld)
	slackPinned(t, "notice", drawn)
	if strings.Contains(string(drawn), "submit") {
		t.Error("it can be sent")
	}
}

func TestAHomeOfSlackIsDrawnInParts(t *testing.T) {
	var view struct{ Blocks []json.RawMessage }
	if err := json.Unmarshal(slackFile(t, "../../slack/testdata/home.json"), &view); err != nil {
		t.Fatal(err)
	}
	part := func(id string, blocks []json.RawMessage) person.Sent {
		payload, err := json.Marshal(map[string]any{"blocks": blocks})
		if err != nil {
			t.Fatal(err)
		}
		return person.Sent{Message: person.Message{ID: id, Private: true}, Payload: payload}
	}
	home := person.Sent{Thread: []person.Sent{part("V3/1", view.Blocks[:1]), part("V3/2", view.Blocks[2:7]), part("V3/3", nil)}}
	slackPinned(t, "home", SlackHome(home, slackWorld))
	slackPinned(t, "home-empty", SlackHome(person.Sent{}, slackWorld))
}

func TestWhatSurroundsAMessageOfSlack(t *testing.T) {
	say := func(id, author, payload string, change func(*person.Sent)) person.Sent {
		m := person.Sent{Message: person.Message{ID: id, Author: author}, Payload: json.RawMessage(payload), At: slackNoon}
		change(&m)
		return m
	}
	same := func(*person.Sent) {}
	private := func(m *person.Sent) { m.Private = true }
	reply := say("2.1", "ben", `{"text":"me too"}`, same)
	for name, m := range map[string]person.Sent{
		"of-a-person":  say("1.1", "ada", `{"text":"*hello*, <@U1>\nand <@U7|zoe>"}`, same),
		"private":      say("1.2", "communitybot", `{"bot_id":"B1","text":"only you"}`, private),
		"deleted":      say("1.3", "communitybot", `{"subtype":"tombstone","text":"This message was deleted."}`, func(m *person.Sent) { m.Thread = []person.Sent{reply} }),
		"two-replies":  say("1.4", "ada", `{"text":"who comes?"}`, func(m *person.Sent) { m.Thread = []person.Sent{reply, say("2.2", "cleo", `{"text":"I"}`, same)} }),
		"private-only": say("1.5", "ada", `{"text":"who comes?"}`, func(m *person.Sent) { m.Thread = []person.Sent{say("2.3", "communitybot", `{"text":"psst"}`, private)} }),
		"unreadable":   say("1.6", "", `{"text":`, func(m *person.Sent) { m.Text, m.At = "what it <says>", time.Time{} }),
	} {
		t.Run(name, func(t *testing.T) { slackPinned(t, "message-"+name, Slack(m, slackWorld)) })
	}
}
