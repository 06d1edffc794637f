package discord

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/bwmarrin/discordgo"

	"communitybot/bot"
)

// How far a message is looked for: as far back as it may have been posted, in so many pages at most.
const (
	lookBack  = 100 // messages of a page; Discord gives no more
	lookPages = 25
	lookWait  = 5 * time.Second // what Discord may ask to wait between two pages
	lookSkew  = 5 * time.Second // between Discord's clock and ours, at most
)

// earliest says since when a message may have been posted: a time, and the ID of an older message, if one is known.
type earliest struct {
	since time.Time
	after string
}

// before reports whether the message with that ID is older. Discord's IDs grow with time, in all channels alike, so the
// one of another message leaves no room for clocks that are apart.
func (p earliest) before(id string) bool {
	at, err := discordgo.SnowflakeTimestamp(id)
	return err != nil || at.Before(p.since.Add(-lookSkew)) || !newer(id, p.after)
}

// newer reports whether one ID was given later than another, which may be empty.
func newer(id, other string) bool {
	return len(id) > len(other) || len(id) == len(other) && id > other
}

// find looks for what was drawn as m among this bot's messages at a place: in the channel; below a message in its thread,
// if there is one, then among the replies to it, which are what there is where a thread takes nothing. Who may not read
// the history finds nothing. The error is a *bot.Error.
func (a *Adapter) find(ctx context.Context, at bot.Place, m message, since earliest) (found bot.Place, ok bool, err error) {
	if at.Message == "" {
		return a.look(ctx, at.Tenant, at.Channel, since, m.became)
	}
	found, ok, err = a.look(ctx, at.Tenant, at.Message, since, m.became)
	if ok || err != nil && !noThread(err) {
		return found, ok, err
	}
	return a.look(ctx, at.Tenant, at.Channel, since, func(s sent) bool { return s.Reference.Message == at.Message && m.became(s) })
}

// look looks for one of this bot's messages in a channel, a thread being one, from the newest back.
func (a *Adapter) look(ctx context.Context, tenant, channel string, since earliest, is func(sent) bool) (bot.Place, bool, error) {
	before, size := "", lookBack
	for range lookPages {
		page, err := a.page(ctx, channel, before, size)
		switch wait := askedToWait(err); {
		case err == nil:
		case before != "" && wait > 0 && wait <= lookWait: // beginning anew would come no further
			sleep(ctx, wait)
			continue
		case tooLong(err) && size > 1:
			size /= 2
			continue
		default:
			return bot.Place{}, false, err
		}
		for _, s := range page {
			switch {
			case since.before(s.ID):
				return bot.Place{}, false, nil
			case s.Author.ID == a.application && is(s):
				return bot.Place{Platform: platform, Tenant: tenant, Channel: channel, Message: s.ID}, true, nil
			}
		}
		if len(page) < size {
			return bot.Place{}, false, nil
		}
		before = page[len(page)-1].ID
	}
	return bot.Place{}, false, nil
}

// page returns so many messages of a channel at most, newest first: those before a message, or else the last.
// https://docs.discord.com/developers/resources/message#get-channel-messages
func (a *Adapter) page(ctx context.Context, channel, before string, size int) (page []sent, err error) {
	query := url.Values{"limit": {strconv.Itoa(size)}}
	if before != "" {
		query.Set("before", before)
	}
	_, err = a.call(ctx, http.MethodGet, messages(channel)+"?"+query.Encode(), nil, &page)
	return page, err
}

// askedToWait returns how long Discord asked to wait, or 0.
func askedToWait(err error) time.Duration {
	var e *bot.Error
	if errors.As(err, &e) {
		return e.RetryAfter
	}
	return 0
}

// tooLong reports whether a call had an answer that could not be read to its end: a hundred long cards are more than
// maxAnswer.
func tooLong(err error) bool {
	var e *apiError
	return errors.As(err, &e) && e.Status == http.StatusOK
}

// sent is what is looked at of a message. It is not discordgo's, which fails on components that it does not know.
type sent struct {
	ID     string `json:"id"`
	Author struct {
		ID string `json:"id"`
	} `json:"author"`
	Content string `json:"content"`
	Embeds  []struct {
		URL         string `json:"url"`
		Description string `json:"description"`
		Footer      struct {
			Text string `json:"text"`
		} `json:"footer"`
	} `json:"embeds"`
	Reference struct {
		Message string `json:"message_id"`
	} `json:"message_reference"`
}

// became reports whether a message is what m was, when it was sent. A card is known by its footer, which names the request,
// for the rest of it changes, and so may whether it had an embed; a line by its words.
func (m message) became(s sent) bool {
	words, footer := visible(m.Content), ""
	for _, e := range m.Embeds {
		words += visible(e.Description)
		if e.Footer != nil {
			footer = visible(e.Footer.Text)
		}
	}
	theirs, end, embedded := visible(s.Content), "", false
	for _, e := range s.Embeds {
		if e.URL == "" { // else it is a preview, which Discord made of a link
			theirs, end, embedded = theirs+visible(e.Description), visible(e.Footer.Text), true
		}
	}
	if m.flatEnd == "" {
		return end == "" && words != "" && words == theirs
	}
	if embedded {
		return footer == end
	}
	return s.Reference.Message == "" && visible(m.flatEnd) == visible(s.Content[strings.LastIndexByte(s.Content, '\n')+1:])
}

// visible is text without what Discord may have taken away: blanks around it, and what can't be seen.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, s)
}
