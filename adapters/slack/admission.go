package slack

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"github.com/slack-go/slack"

	"communitybot/bot"
)

// What Slack may refuse the bot: all, by its token, or to post. A scope that something else lacks is said where it is missed.
const (
	byToken = "token"
	posting = "posting"
)

// listening is a transport that hears from every answer whether Slack lets the bot in: whichever method was called, and whether
// anybody asks what became of it.
type listening struct {
	next      http.RoundTripper
	api       string // where methods are
	admission *bot.Admission
}

// RoundTrip sends one request.
func (l listening) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := l.next.RoundTrip(r)
	method, ours := strings.CutPrefix(r.URL.String(), l.api)
	if err != nil || !ours || strings.HasPrefix(method, appMethod) || res.StatusCode != http.StatusOK {
		return res, err
	}
	head, whole := peek(res)
	if whole {
		l.hear(method, head)
	} else { // a refusal is short
		l.admission.Granted(byToken)
	}
	return res, nil
}

// appMethod is called with another token, that of Socket Mode.
const appMethod = "apps.connections.open"

// maxRefusal bounds Slack's answer to a call that it refuses because of the token, in bytes.
const maxRefusal = 1 << 10

// peek returns the beginning of an answer, and whether that is all. It can still be read.
func peek(res *http.Response) (head []byte, whole bool) {
	buffered := bufio.NewReaderSize(res.Body, maxRefusal)
	head, err := buffered.Peek(maxRefusal)
	res.Body = struct {
		io.Reader
		io.Closer
	}{buffered, res.Body}
	return head, err == io.EOF
}

// hear takes note of what an answer says about the token.
func (l listening) hear(method string, answer []byte) {
	var said slack.SlackResponse
	if err := json.Unmarshal(bytes.TrimSpace(answer), &said); err != nil {
		return // a page of some proxy's
	}
	posts := strings.HasPrefix(method, "chat.")
	switch limited := said.Error == "missing_scope" || said.Error == "no_permission"; {
	case said.Ok && posts:
		l.admission.Granted(byToken)
		l.admission.Granted(posting)
	case limited && posts:
		l.admission.Refused(posting, describe(said.Err()))
	case said.Error == "" && !said.Ok: // nothing of Slack's
	case !said.Ok && !limited && codeOf(said.Error) == bot.Forbidden:
		l.admission.Refused(byToken, describe(said.Err()))
	default:
		l.admission.Granted(byToken)
	}
}

// letIn returns why Slack does not let the bot in, or nil. When nobody else finds out, it asks, which notes itself.
func (a *Adapter) letIn(ctx context.Context) error {
	if a.admission.Ask() {
		_, _ = a.api.AuthTestContext(ctx)
	}
	return a.admission.Err()
}
