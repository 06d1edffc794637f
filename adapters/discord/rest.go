package discord

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"communitybot/bot"

	"github.com/bwmarrin/discordgo"
)

// maxAnswer bounds what is read of an answer.
const maxAnswer = 1 << 20

// newSession returns discordgo's REST client without its retries: a job that failed is tried again by its queue, which
// knows the whole delay and survives a restart.
func newSession(o Options) (*discordgo.Session, error) {
	s, err := discordgo.New("Bot " + o.Token)
	if err != nil {
		return nil, err
	}
	base, err := url.Parse(strings.TrimSuffix(o.APIURL, "/"))
	if err != nil {
		return nil, err
	}
	s.MaxRestRetries = 0
	s.ShouldRetryOnRateLimit = false
	client := http.Client{Timeout: 10 * time.Second}
	if o.HTTP != nil {
		client = *o.HTTP
	}
	next := client.Transport
	if next == nil {
		next = http.DefaultTransport
	}
	client.Transport = redirect{base, next}
	s.Client = &client
	return s, nil
}

// redirect sends what discordgo addresses to Discord's API to another root, and notes how that answered.
type redirect struct {
	base *url.URL
	next http.RoundTripper
}

// RoundTrip sends one request.
func (r redirect) RoundTrip(req *http.Request) (*http.Response, error) {
	to := req.Clone(req.Context())
	rest := strings.TrimPrefix(req.URL.EscapedPath(), "/api/v"+discordgo.APIVersion)
	u, err := url.Parse(r.base.String() + rest)
	if err != nil {
		return nil, err
	}
	u.RawQuery = req.URL.RawQuery
	to.URL, to.Host = u, ""
	res, err := r.next.RoundTrip(to)
	if err != nil {
		return nil, err
	}
	if seen, ok := req.Context().Value(answeredKey{}).(*answered); ok {
		seen.status, seen.header = res.StatusCode, res.Header
	}
	res.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(res.Body, maxAnswer), res.Body}
	return res, nil
}

// answered is the head of an answer, which discordgo drops.
type answered struct {
	status int
	header http.Header
}

type answeredKey struct{}

// call calls the REST API. in is sent as JSON unless nil; out takes the answer unless nil. The error is a *bot.Error.
func (a *Adapter) call(ctx context.Context, method, path string, in, out any) (http.Header, error) {
	var body []byte
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return nil, &bot.Error{Code: bot.Internal, Err: fmt.Errorf("discord: %s %s: %w", method, path, err)}
		}
	}
	seen := new(answered)
	// discordgo's buckets sleep whatever the context says, and live as long as the process, one for each message that
	// got a thread. A bucket for this call alone does neither; 429s go to the caller.
	bucket := discordgo.NewRatelimiter().LockBucket(path)
	data, err := a.session.RequestWithLockedBucket(method, discordgo.EndpointAPI+strings.TrimPrefix(path, "/"), "application/json",
		body, bucket, 0, discordgo.WithContext(context.WithValue(ctx, answeredKey{}, seen)))
	if err == nil && out != nil {
		err = json.Unmarshal(data, out)
	}
	if err != nil {
		return seen.header, refusal(method, path, seen, err)
	}
	return seen.header, nil
}
