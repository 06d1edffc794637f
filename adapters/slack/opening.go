package slack

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"communitybot/bot"
)

// What a response_url takes, and how many are kept.
// https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
const (
	openingLasts = 30 * time.Minute
	openingUses  = 5
	maxOpenings  = 1000
)

// openings are the response_urls that people left by their last command or button in a channel: a way to tell them
// something there even when the bot may not. They are secrets, and kept in memory only.
type openings struct {
	now func() time.Time

	mu   sync.Mutex
	held map[spot]*opening
}

// spot is a person in a channel.
type spot struct{ user, channel string }

type opening struct {
	url   string
	until time.Time
	left  int
}

func newOpenings(now func() time.Time) *openings {
	return &openings{now: now, held: map[spot]*opening{}}
}

// keep notes a response_url. A redelivery of the same does not make it new.
func (o *openings) keep(at spot, url string) {
	if at.user == "" || at.channel == "" || url == "" {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if known := o.held[at]; known != nil && known.url == url {
		return
	}
	delete(o.held, at)
	if len(o.held) >= maxOpenings {
		o.dropOldest()
	}
	o.held[at] = &opening{url: url, until: o.now().Add(openingLasts), left: openingUses}
}

func (o *openings) dropOldest() {
	var oldest spot
	var until time.Time
	for at, held := range o.held {
		if until.IsZero() || held.until.Before(until) {
			oldest, until = at, held.until
		}
	}
	delete(o.held, oldest)
}

// take returns a response_url to be used once, if there is one that may still be.
func (o *openings) take(at spot) (url string, ok bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	held := o.held[at]
	if held == nil || held.left == 0 || !o.now().Before(held.until) {
		return "", false
	}
	held.left--
	return held.url, true
}

// spend notes that a response_url was used to answer.
func (o *openings) spend(url string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, held := range o.held {
		if held.url == url {
			held.left = max(0, held.left-1)
		}
	}
}

// close forgets a response_url that Slack does not take any more.
func (o *openings) close(at spot, url string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if held := o.held[at]; held != nil && held.url == url {
		held.left = 0
	}
}

// inPrivate reports whether a place is one person's, in a channel that others see too.
func inPrivate(at bot.Place) bool { return at.User != "" && at.Channel != "" }

var errNoOpening = errors.New("nothing that they did in that channel can still be answered")

// whisper shows a card to one person in a channel, by what they left open there. The card goes without pictures: Slack
// refuses all of it when it can't fetch one, and every try takes a use.
func (a *Adapter) whisper(ctx context.Context, at bot.Place, c bot.Card) (bot.Place, error) {
	here := spot{at.User, at.Channel}
	url, ok := a.openings.take(here)
	if !ok {
		return bot.Place{}, &bot.Error{Code: bot.NoAccess, Err: errNoOpening}
	}
	c.Images = nil
	err := slack.PostWebhookCustomHTTPContext(ctx, url, a.http, private(draw(c)))
	var status slack.StatusCodeError
	if errors.As(err, &status) && (status.Code == http.StatusNotFound || status.Code == http.StatusGone || status.Code == http.StatusForbidden) {
		a.openings.close(here, url)
		return bot.Place{}, &bot.Error{Code: bot.NoAccess, Err: describe(err)}
	}
	if err != nil {
		return bot.Place{}, translateHook(err)
	}
	return bot.Place{Platform: platform, Tenant: at.Tenant, Channel: at.Channel, User: at.User}, nil
}
