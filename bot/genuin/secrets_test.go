package genuin_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"communitybot/bot"
	"communitybot/bot/genuin"
	"communitybot/bot/genuin/genuinfake"
)

// Secrets as hard to hide as they come: one begins like another, one is changed by quoting.
const (
	secretKey    = "KEY-1"
	secretSecret = `KEY-1-and-"more"-of-it`
	secretToken  = "TOKEN-2"
)

func leaks(t *testing.T, what, s string) {
	t.Helper()
	for _, piece := range []string{"KEY-1", "more", "TOKEN-2", genuinfake.LeaderPhone} {
		if strings.Contains(s, piece) {
			t.Errorf("%s tells %q: %s", what, piece, s)
		}
	}
}

// everything is all that a log or a person could see of an error, down its chain.
func everything(err error) string {
	var b strings.Builder
	for ; err != nil; err = errors.Unwrap(err) {
		fmt.Fprintf(&b, "%v\n%+v\n", err, err)
		var r *bot.Refusal
		if errors.As(err, &r) {
			fmt.Fprintf(&b, "%s %s\n", r.Code, r.Message)
		}
	}
	return b.String()
}

func TestAnEchoOfSecretsIsHidden(t *testing.T) {
	echo := secretKey + " " + secretSecret + " " + secretToken
	message, err := json.Marshal(map[string]any{"code": secretToken, "message": "XXXX-[you sent " + echo + "]",
		"data": map[string]any{"leader": map[string]string{"phone": genuinfake.LeaderPhone}}})
	if err != nil {
		t.Fatal(err)
	}
	edge, err := json.Marshal(map[string]any{"code": "5000", "message": strings.Repeat("x", 296) + secretToken})
	if err != nil {
		t.Fatal(err)
	}
	servers := map[string]func(t *testing.T) string{
		"in Genuin's words":         func(t *testing.T) string { return answers(t, 500, nil, string(message)) },
		"at the end of long words":  func(t *testing.T) string { return answers(t, 500, nil, string(edge)) },
		"in a success that is none": func(t *testing.T) string { return answers(t, 200, nil, string(message)) },
		"in an answer that is no HTTP": func(t *testing.T) string {
			return listen(t, func(c net.Conn) {
				_ = readRequest(bufio.NewReader(c))
				_, _ = io.WriteString(c, strings.ReplaceAll(echo, " ", "")+"\r\n\r\n") // one word comes back whole, quoted
				c.Close()
			})
		},
	}
	for name, serve := range servers {
		for kind, o := range map[string]genuin.Options{
			"with a key":         {APIKey: secretKey, APISecret: secretSecret},
			"with a ready token": {AccessToken: secretToken, APIKey: secretKey, APISecret: secretSecret},
		} {
			t.Run(name+", "+kind, func(t *testing.T) {
				o.BaseURL = serve(t)
				c := genuin.New(o)
				_, err := c.Create(t.Context(), chess)
				seen := everything(err)
				if o.AccessToken == "" { // nothing ties a token that was never given out to this client
					seen = strings.ReplaceAll(seen, secretToken, "")
				}
				leaks(t, "the error", seen)
				for _, f := range c.Check(t.Context()) {
					leaks(t, "doctor", strings.ReplaceAll(f.Name+f.Detail+everything(f.Err), secretToken, ""))
				}
			})
		}
	}
}

func TestAFetchedTokenIsHidden(t *testing.T) {
	url := answers(t, 200, map[string]string{"gn-access-token": secretToken}, `{"code":200}`)
	c := genuin.New(genuin.Options{BaseURL: url, APIKey: secretKey, APISecret: secretSecret, Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		if strings.HasSuffix(r.URL.Path, "/auth") {
			return (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
		}
		return nil, errors.New("could not send " + r.Header.Get("Authorization"))
	})})
	r := refused(t, c, t.Context())
	leaks(t, "the error", everything(r))
	if !strings.Contains(r.Error(), "Bearer ***") {
		t.Errorf("the rest of the words is gone: %v", r)
	}
}

func TestErrorsWithoutSecretsKeepTheirCause(t *testing.T) {
	cause := errors.New("the cable is out")
	c := genuin.New(genuin.Options{BaseURL: "http://genuin.test", AccessToken: secretToken, Transport: roundTripper(func(*http.Request) (*http.Response, error) { return nil, cause })})
	if r := refused(t, c, t.Context()); !errors.Is(r, cause) {
		t.Errorf("got %v", r)
	}
}

func TestTheBaseURLHoldsNoPassword(t *testing.T) {
	c := genuin.New(genuin.Options{BaseURL: "https://me:KEY-1@genuin.test", AccessToken: secretToken})
	r := refused(t, c, t.Context())
	leaks(t, "the error", everything(r))
	if r.Reason != bot.Unreachable {
		t.Errorf("got %v", r)
	}
}
