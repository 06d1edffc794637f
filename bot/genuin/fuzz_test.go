package genuin_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"unicode"

	"communitybot/bot"
	"communitybot/bot/genuin"
	"communitybot/bot/genuin/genuinfake"
)

// canned is a Genuin that gives each of its two endpoints one answer, and counts.
type canned struct {
	auth, create struct {
		status int
		header http.Header
		body   string
	}
	auths, creates int
	broken         bool // the body of a create breaks off
}

var errCut = errors.New("cut")

func (c *canned) RoundTrip(r *http.Request) (*http.Response, error) {
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		return nil, err
	}
	answer := c.create
	if strings.HasSuffix(r.URL.Path, "/auth") {
		answer = c.auth
		c.auths++
	} else {
		c.creates++
	}
	var body io.Reader = strings.NewReader(answer.body)
	if c.broken && r.URL.Path != "/api/thirdparty/auth" {
		body = io.MultiReader(body, failing{})
	}
	return &http.Response{StatusCode: answer.status, Header: answer.header, Body: io.NopCloser(body), Request: r}, nil
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errCut }

// FuzzCreate makes a community at a Genuin that answers anything, with our secrets among it. The error is a refusal that
// holds none of them and is fit to be shown, a success has an ID and links that lead to the web, and nobody is asked
// more than twice.
func FuzzCreate(f *testing.F) {
	const ok = `{"code":200,"message":"XXXX-[done]","data":{"community_id":"x","share_url":"https://a.example/b","leader":{"phone":"` + genuinfake.LeaderPhone + `"}}}`
	f.Add(200, "", `{"gn-access-token":"TOKEN-2"}`, 200, "", ok, false)
	f.Add(200, "TOKEN-2", "", 401, "", `{"code":401,"message":"KEY-1 and \"more\"\nTOKEN-2"}`, false)
	f.Add(500, "", "<html>KEY-1", 200, "", ok, false)
	f.Add(200, "TOKEN-2\r\n", "", 429, "Fri, 31 Dec 9999 23:59:59 GMT", "", false)
	f.Add(200, "TOKEN-2", "", 500, "-1", `{"code":"5216","message":"x-[taken]","data":[]}`, true)
	f.Add(200, "TOKEN-2", "", 307, "9", `{"code":5.2e3,"data":{"community_id":1e999,"dp":"http://\u202e","color_code":"#A4E6DA"}}`, false)
	f.Fuzz(func(t *testing.T, authStatus int, token, authBody string, status int, retry, body string, broken bool) {
		if authStatus < 100 || authStatus > 999 || status < 100 || status > 999 {
			return // no HTTP client returns it
		}
		g := &canned{broken: broken}
		g.auth.status, g.auth.header, g.auth.body = authStatus, http.Header{"Gn-Access-Token": {token}}, authBody
		g.create.status, g.create.header, g.create.body = status, http.Header{"Retry-After": {retry}}, body
		c := genuin.New(genuin.Options{BaseURL: "http://genuin.test", APIKey: secretKey, APISecret: secretSecret, Transport: g})
		made, err := c.Create(t.Context(), chess)
		if g.auths > 2 || g.creates > 2 || g.creates > g.auths {
			t.Errorf("%d authentications, %d calls", g.auths, g.creates)
		}
		if err == nil {
			if made.ID == "" || broken {
				t.Errorf("made %+v", made)
			}
			for _, link := range []string{made.URL, made.Image, made.Banner} {
				if link != "" && !strings.HasPrefix(link, "http://") && !strings.HasPrefix(link, "https://") {
					t.Errorf("link %q", link)
				}
			}
			return
		}
		var r *bot.Refusal
		if !errors.As(err, &r) || made != (bot.Made{}) {
			t.Fatalf("made %+v, error %v", made, err)
		}
		if r.MayHaveLanded() && g.creates == 0 {
			t.Errorf("it may have landed, and was never sent: %v", r)
		}
		if strings.ContainsFunc(r.Message+r.Code, unicode.IsControl) || r.RetryAfter < 0 {
			t.Errorf("code %q, message %q, wait %s", r.Code, r.Message, r.RetryAfter)
		}
		seen := everything(err)
		for _, piece := range []string{secretKey, secretSecret} {
			if strings.Contains(seen, piece) {
				t.Errorf("%q is in %q", piece, seen)
			}
		}
		if sent := strings.TrimSpace(token); g.creates > 0 && sent == secretToken && strings.Contains(seen, secretToken) {
			t.Errorf("the token is in %q", seen)
		}
	})
}
