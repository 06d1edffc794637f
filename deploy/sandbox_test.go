package deploy_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

// page is the sandbox, as its page uses it.
type page struct {
	t   *testing.T
	url string
}

// screen is what comes up after somebody did something.
type screen struct {
	Form *struct {
		ID, Title string
		Fields    []struct{ Label, Value, Problem string }
	}
	Private []struct {
		ID, Text string
		Buttons  []string
	}
}

// does has somebody do something and returns what comes up.
func (p page) does(who, platform, verb string, deed map[string]any) (s screen) {
	p.t.Helper()
	deed["who"] = who
	p.posts("/api/"+platform+"/"+verb, deed, &s)
	return s
}

// posts posts JSON and reads the answer into v.
func (p page) posts(path string, what, v any) {
	p.t.Helper()
	body, err := json.Marshal(what)
	if err != nil {
		p.t.Fatal(err)
	}
	answer, err := http.Post(p.url+path, "application/json", bytes.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	defer answer.Body.Close()
	if err := json.NewDecoder(answer.Body).Decode(v); err != nil || answer.StatusCode != http.StatusOK {
		p.t.Fatalf("%s %s: %s, %v", path, body, answer.Status, err)
	}
}

// message is a public one of a chat.
type message struct {
	ID, Text string
	Private  bool
	Buttons  []string
	Thread   []message
}

// card returns the last public message of a chat, with its thread.
func (p page) card(platform string) (card message) {
	_, body := get(p.t, p.url+"/api/state?who=Ada")
	var state map[string]struct{ Messages []message }
	if err := json.Unmarshal([]byte(body), &state); err != nil {
		p.t.Fatalf("%v in %s", err, body)
	}
	for _, m := range state[platform].Messages {
		if !m.Private {
			card = m
		}
	}
	return card
}

// told waits until the thread of the last card says something.
func (p page) told(platform, words string) message {
	p.t.Helper()
	var card message
	until(p.t, fmt.Sprintf("%q in the thread on %s", words, platform), func() bool {
		card = p.card(platform)
		for _, line := range card.Thread {
			if strings.Contains(line.Text, words) {
				return true
			}
		}
		return false
	})
	return card
}

// startSandbox starts the sandbox and returns when its page is there. What it leaves behind when it is killed goes with
// the test.
func startSandbox(t *testing.T, flags ...string) (page, *process) {
	t.Helper()
	p := start(t, []string{"TMPDIR=" + t.TempDir()}, append([]string{"sandbox", "--listen", "127.0.0.1:0"}, flags...)...)
	line, err := p.out.ReadString('\n')
	if err != nil {
		t.Fatalf("%v\n%s", err, p.errOut)
	}
	_, url, _ := strings.Cut(strings.TrimSpace(line), "http://")
	box := page{t, "http://" + url}
	if code, body := get(t, box.url); code != 200 || !strings.Contains(body, "/create-community") {
		t.Fatalf("the page: %d %s", code, body)
	}
	return box, p
}

func TestSandboxFromASubmissionToTheThread(t *testing.T) {
	box, p := startSandbox(t)
	form := box.does("Ada", "slack", "type", map[string]any{"line": "/create-community Acme"}).Form
	if form == nil || form.Title != "Create a community" || form.Fields[0].Value != "Acme" {
		t.Fatalf("on Slack %+v came up", form)
	}
	if s := box.does("Ada", "slack", "send", map[string]any{"form": form.ID, "values": map[string]string{"Description": "For #fans"}}); s.Form != nil {
		t.Fatalf("the form is still open: %+v", s.Form)
	}
	box.told("slack", "Approvals needed: 1")
	box.does("Ben", "slack", "press", map[string]any{"message": box.card("slack").ID, "label": "Approve"})
	wants(t, box.told("slack", "Acme exists on Genuin now").Text, "Acme", "It exists")

	// The same handle again, on the other platform: it is caught in the form. And without approvals.
	box.posts("/api/policy", map[string]any{"required": 0, "expiry": "72h", "reminder": "24h"}, &struct{}{})
	form = box.does("Ada", "discord", "type", map[string]any{"line": "/create-community name:Acme"}).Form
	note := box.does("Ada", "discord", "send", map[string]any{"form": form.ID, "values": map[string]string{"Handle": "acme"}}).Private[0]
	wants(t, note.Text, "Handle", "acme-hq")
	form = box.does("Ada", "discord", "press", map[string]any{"message": note.ID, "label": "Try again"}).Form
	box.does("Ada", "discord", "send", map[string]any{"form": form.ID, "values": map[string]string{"Handle": "acme-hq"}})
	wants(t, box.told("discord", "Acme exists on Genuin now").Text, "acme-hq", "It exists")
	p.stop()
}

func TestTimePassesInTheSandbox(t *testing.T) {
	box, _ := startSandbox(t)
	for platform, line := range map[string]string{"slack": "/create-community Acme", "discord": "/create-community name:Beta"} {
		form := box.does("Ada", platform, "type", map[string]any{"line": line}).Form
		box.does("Ada", platform, "send", map[string]any{"form": form.ID})
		box.told(platform, "Approvals needed: 1")
	}
	box.posts("/api/clock", map[string]any{"forward": "25h"}, &struct{}{})
	box.told("slack", "still waits")
	box.told("discord", "still waits")
	box.posts("/api/clock", map[string]any{"forward": "48h"}, &struct{}{})
	box.told("slack", "expired")
	box.told("discord", "expired")
}

// TestTheSandboxLeavesNothingBehind ends it in every way that people do, while a page listens.
func TestTheSandboxLeavesNothingBehind(t *testing.T) {
	for name, signal := range map[string]os.Signal{"Ctrl-C": os.Interrupt, "its terminal is closed": syscall.SIGHUP, "it is told to stop": syscall.SIGTERM} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			p := start(t, []string{"TMPDIR=" + folder}, "sandbox", "--listen", "0.0.0.0:0")
			line, err := p.out.ReadString('\n')
			if err != nil {
				t.Fatalf("%v\n%s", err, p.errOut)
			}
			_, address, _ := strings.Cut(strings.TrimSpace(line), "http://")
			if !strings.HasPrefix(address, "127.0.0.1:") {
				t.Errorf("it says that it is at %s", address)
			}
			events, err := http.Get("http://" + address + "/events")
			if err != nil || events.StatusCode != http.StatusOK {
				t.Fatalf("events: %v, %v", events, err)
			}
			defer events.Body.Close()
			if err := p.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			select {
			case err := <-p.end:
				if err != nil {
					t.Errorf("it ended with %v\n%s", err, p.errOut)
				}
			case <-time.After(40 * time.Second):
				t.Fatal("it goes on")
			}
			if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
				t.Errorf("%v is left, %v", left, err)
			}
		})
	}
}
