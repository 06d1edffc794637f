package sandbox_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"communitybot/bot/genuin/genuinfake"
)

// create asks the sandbox's Genuin for a community, as the bot does, and returns the status of the answer.
func (w *world) create(handle string) int {
	w.t.Helper()
	status, err := w.tryCreate(handle)
	if err != nil {
		w.t.Fatal(err)
	}
	return status
}

func (w *world) tryCreate(handle string) (int, error) { return w.createWith(handle, "") }

// createWith adds more to the JSON of the call.
func (w *world) createWith(handle, more string) (int, error) {
	env := environ(w.box.Environ())
	call := func(path, body, token string) (*http.Response, error) {
		r, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, env["GENUIN_BASE_URL"]+path, bytes.NewReader([]byte(body)))
		if err != nil {
			return nil, err
		}
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", "Bearer "+token)
		res, err := w.client.Do(r)
		if err != nil {
			return nil, err
		}
		defer func() { _ = res.Body.Close() }()
		_, err = io.Copy(io.Discard, res.Body)
		return res, err
	}
	res, err := call(genuinfake.AuthPath, `{"api_key":"`+env["GENUIN_API_KEY"]+`","api_secret":"`+env["GENUIN_API_SECRET"]+`"}`, "")
	if err != nil {
		return 0, err
	}
	body := `{"name":"Fans of ` + handle + `","handle":"` + handle + `","type":1,"actions":[]` + more + `}`
	res, err = call(genuinfake.CreatePath, body, res.Header.Get("gn-access-token"))
	if err != nil {
		return 0, err
	}
	return res.StatusCode, nil
}

// next sets how the next create call is treated.
func (w *world) next(mode genuinfake.Mode) {
	w.t.Helper()
	w.ok(w.post("/api/genuin", object{"mode": mode}))
}

func TestCommunitiesAreListedNewestFirst(t *testing.T) {
	w := start(t)
	for _, handle := range []string{"one", "two"} {
		if status := w.create(handle); status != http.StatusOK {
			t.Fatalf("status %d", status)
		}
	}
	g := w.state("Ada").Genuin
	if len(g.Communities) != 2 || g.Calls != 2 {
		t.Fatalf("got %+v", g)
	}
	c := g.Communities[0]
	if c.Handle != "two" || c.Name != "Fans of two" || c.ID == "" || c.At == "" || !strings.HasPrefix(c.ShareURL, g.URL+"/") {
		t.Errorf("got %+v", c)
	}
}

func TestEveryModeHasWordsAndCanBeChosen(t *testing.T) {
	w := start(t)
	labels := map[string]bool{}
	modes := w.state("Ada").Genuin.Modes
	if len(modes) != len(genuinfake.Modes()) {
		t.Errorf("%d modes, want %d", len(modes), len(genuinfake.Modes()))
	}
	for _, m := range modes {
		if m.Label == "" || labels[m.Label] {
			t.Errorf("the label of %s is %q", m.Mode, m.Label)
		}
		labels[m.Label] = true
		w.next(genuinfake.Mode(m.Mode))
		if got := w.state("Ada").Genuin.Next; got != m.Mode {
			t.Errorf("after choosing %s the next is %s", m.Mode, got)
		}
	}
}

func TestAModeIsForOneCall(t *testing.T) {
	w := start(t)
	w.next(genuinfake.Broken)
	if status := w.create("acme"); status != http.StatusInternalServerError {
		t.Errorf("the next call got %d", status)
	}
	g := w.state("Ada").Genuin
	if g.Next != "behave" || g.Calls != 1 || len(g.Communities) != 0 {
		t.Errorf("after it: %+v", g)
	}
	if status := w.create("acme"); status != http.StatusOK {
		t.Errorf("the call after it got %d", status)
	}
}

func TestTheLatestChoiceCounts(t *testing.T) {
	for name, last := range map[string]genuinfake.Mode{"cleared": "", "as it should": genuinfake.Behave} {
		t.Run(name, func(t *testing.T) {
			w := start(t)
			w.next(genuinfake.Broken)
			w.next(genuinfake.Unavailable)
			w.next(last)
			if got := w.state("Ada").Genuin.Next; got != "behave" {
				t.Errorf("the next is %s", got)
			}
			if status := w.create("acme"); status != http.StatusOK {
				t.Errorf("got %d", status)
			}
		})
	}
	w := start(t)
	w.next(genuinfake.Broken)
	w.next(genuinfake.Unavailable)
	if first, second := w.create("acme"), w.create("acme"); first != http.StatusServiceUnavailable || second != http.StatusOK {
		t.Errorf("got %d, %d", first, second)
	}
}

func TestAHeldCallGoesOnWithTheNextChoice(t *testing.T) {
	for _, mode := range []genuinfake.Mode{genuinfake.Hold, genuinfake.HoldMade} {
		t.Run(string(mode), func(t *testing.T) {
			w := start(t)
			w.next(mode)
			answered := make(chan error, 1)
			go func() {
				status, err := w.tryCreate("acme")
				if err == nil && status != http.StatusOK {
					err = errors.New(http.StatusText(status))
				}
				answered <- err
			}()
			if err := w.box.Genuin().WaitHeld(t.Context(), 1); err != nil {
				t.Fatal(err)
			}
			w.next("")
			if err := <-answered; err != nil {
				t.Error(err)
			}
			// No release is left over: it would let the next one through.
			w.next("")
			w.next(mode)
			go func() {
				_, err := w.tryCreate("beta")
				answered <- err
			}()
			if err := w.box.Genuin().WaitHeld(t.Context(), 1); err != nil {
				t.Fatal(err)
			}
			w.next(genuinfake.Broken)
			if err := <-answered; err != nil {
				t.Error(err)
			}
			if got := w.state("Ada").Genuin.Next; got != "broken" {
				t.Errorf("the next is %s", got)
			}
		})
	}
}

func TestAModeMayStay(t *testing.T) {
	w := start(t)
	w.ok(w.post("/api/genuin", object{"mode": "unavailable", "stays": true}))
	for range 2 {
		if status := w.create("acme"); status != http.StatusServiceUnavailable {
			t.Errorf("got %d", status)
		}
	}
	if got := w.state("Ada").Genuin.Next; got != "unavailable" {
		t.Errorf("the next is %s", got)
	}
	w.next("")
	if status := w.create("acme"); status != http.StatusOK {
		t.Errorf("after it: %d", status)
	}
}

func TestCallsAreShownAsTheyWentOverTheWire(t *testing.T) {
	w := start(t)
	w.create("acme")
	html := string(w.ok(w.get("/part/genuin")).body)
	for _, want := range []string{"POST /api/thirdparty/community/create", "Authorization: Bearer ***", "Fans of acme", "share_url"} {
		if !strings.Contains(html, want) {
			t.Errorf("%q is not shown", want)
		}
	}
	if strings.Contains(html, "gn-") {
		t.Error("the token is shown")
	}
}

func TestPicturesComeFromThePageItself(t *testing.T) {
	w := start(t)
	w.createWith("acme", `,"is_ai_generated_dp":true`)
	html := string(w.ok(w.get("/part/genuin")).body)
	m := regexp.MustCompile(`src="(/picture\?[^"]*)"`).FindStringSubmatch(html)
	if m == nil {
		t.Fatalf("no picture in %s", html)
	}
	if a := w.ok(w.get(m[1])); a.header.Get("Content-Type") != "image/png" || !bytes.HasPrefix(a.body, []byte("\x89PNG")) {
		t.Errorf("%s is %q", m[1], a.header.Get("Content-Type"))
	}
}
