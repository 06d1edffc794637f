// Package peers_test has clients that others wrote live on the fakes: Slack's own @slack/bolt, Discord's own
// discord-interactions, and discord.js. If those can, the fakes are honest.
//
// It imports the fakes and what drives them.
package peers_test

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("net/http.(*conn).closeWriteAndWait"))
}

// patience is how long anything may take; far longer than it does.
const patience = 30 * time.Second

// need skips the test where Node.js or the packages are missing. In CI that is an error.
func need(t *testing.T) {
	t.Helper()
	_, missing := exec.LookPath("node")
	if missing == nil {
		_, missing = os.Stat("node_modules")
	}
	const how = "clients that others wrote can't be tried: %v; that takes Node.js 20 and `npm ci` in adapters/peers"
	switch {
	case missing == nil:
	case os.Getenv("CI") == "true":
		t.Fatalf(how, missing)
	default:
		t.Skipf(how, missing)
	}
}

// start runs a program until the test ends, and returns the first line that it prints: it is ready then. What it complains
// about is an error.
func start(t *testing.T, program string, environ ...string) string {
	t.Helper()
	need(t)
	node := exec.Command("node", program)
	node.Env = append(environ, "PATH="+os.Getenv("PATH"))
	var complaints bytes.Buffer
	node.Stderr = &complaints
	in, err := node.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := node.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := node.Start(); err != nil {
		t.Fatal(err)
	}
	first := make(chan string, 1)
	silent := make(chan struct{})
	go func() {
		defer close(silent)
		r := bufio.NewReader(out)
		line, _ := r.ReadString('\n') // "" when it ended
		first <- strings.TrimSpace(line)
		_, _ = io.Copy(io.Discard, r)
	}()
	t.Cleanup(func() {
		hung := time.AfterFunc(patience, func() { _ = node.Process.Kill() })
		defer hung.Stop()
		_ = in.Close() // at which it ends
		<-silent
		if err := node.Wait(); err != nil || complaints.Len() > 0 {
			t.Errorf("%s ended with %v\n%s", program, err, &complaints)
		}
	})
	select {
	case line := <-first:
		if line == "" {
			t.Fatalf("%s ended early", program)
		}
		return line
	case <-time.After(patience):
		_ = node.Process.Kill()
		t.Fatalf("%s is not ready after %v", program, patience)
		return ""
	}
}

// tampering returns a URL that leads to another one and changes a bit of every body on the way.
func tampering(t *testing.T, to string) string {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || len(body) == 0 {
			t.Errorf("nothing to change in %q: %v", body, err)
			return
		}
		body[len(body)/2] ^= 1
		out, err := http.NewRequestWithContext(r.Context(), r.Method, to, bytes.NewReader(body))
		if err != nil {
			t.Error(err)
			return
		}
		out.Header = r.Header.Clone()
		answer, err := client.Do(out)
		if err != nil {
			t.Error(err)
			return
		}
		_ = answer.Body.Close()
		w.WriteHeader(answer.StatusCode)
	}))
	t.Cleanup(func() {
		server.Close()
		client.CloseIdleConnections()
	})
	return server.URL
}
