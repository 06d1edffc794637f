package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"communitybot/bot"
	"communitybot/bot/words"
)

// atOnce is how many envelopes are answered at the same time. More wait in the connection.
const atOnce = 64

// take answers an envelope, beside those that are being answered. Once ctx has ended it takes nothing more.
func (c *connection) take(ctx context.Context, r socketmode.Request) {
	select {
	case c.slots <- struct{}{}:
	case <-ctx.Done():
		return
	}
	c.work.Go(func() {
		defer func() { <-c.slots }()
		c.answer(r)
	})
}

// answer handles an envelope, then acknowledges it. After a panic it does not: Slack tells the person, as after a 500.
func (c *connection) answer(r socketmode.Request) {
	ctx, cancel := context.WithTimeout(c.answering, answerWithin)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			c.panicked(ctx, p, "envelope", r.Type)
		}
	}()
	answer, err := c.handleEnvelope(ctx, r)
	if err != nil {
		c.log.WarnContext(ctx, "slack: request not understood", "envelope", r.Type, "error", err, "so_far", c.unread.Add(1))
	}
	if len(ackFrame(r.EnvelopeID, answer)) < maxAck {
		c.ack(ctx, r.EnvelopeID, answer)
		return
	}
	c.log.InfoContext(ctx, "slack: answer too large for Socket Mode", "envelope", r.Type, "bytes", len(answer))
	if r.Type != socketmode.RequestTypeSlashCommands {
		c.ack(ctx, r.EnvelopeID, c.shorter(ctx, r.Payload, answer))
		return
	}
	c.ack(ctx, r.EnvelopeID, nil)
	var m slack.WebhookMessage
	form, err := slashForm(r.Payload)
	if err == nil {
		err = json.Unmarshal(answer, &m) // we wrote it
	}
	if err == nil {
		c.later(ctx, func(ctx context.Context) { c.respond(ctx, form.Get("response_url"), &m) })
	}
}

// handleEnvelope handles what an envelope holds, the same as over HTTP, and returns the answer. It reads the payload as
// it came, so what slack-go can't decode is no problem. An error means that it can't be understood; there may be words
// for the person even so.
func (c *connection) handleEnvelope(ctx context.Context, r socketmode.Request) ([]byte, error) {
	switch r.Type {
	case socketmode.RequestTypeSlashCommands:
		form, err := slashForm(r.Payload)
		if err != nil {
			return c.encode(ctx, private(said(words.English.Chat.Invalid))), err
		}
		s, err := readSlash(form)
		if err != nil {
			return c.encode(ctx, private(said(words.English.Chat.Invalid))), err
		}
		return c.slash(ctx, c.handler, s), nil
	case socketmode.RequestTypeInteractive:
		return c.interact(ctx, c.handler, r.Payload)
	case socketmode.RequestTypeEventsAPI:
		return c.event(ctx, c.handler, r.Payload)
	default:
		return nil, fmt.Errorf("an envelope of type %.50q", r.Type)
	}
}

// slashForm returns a slash command, which is JSON in Socket Mode, as the form that it is over HTTP.
func slashForm(payload []byte) (url.Values, error) {
	var fields map[string]any
	if err := json.Unmarshal(payload, &fields); err != nil {
		return nil, fmt.Errorf("slash command: %w", withoutContent(err))
	}
	form := make(url.Values, len(fields))
	for name, value := range fields {
		if text, ok := value.(string); ok {
			form.Set(name, text)
		}
	}
	return form, nil
}

// envelopeID finds the ID in a frame that can't be decoded.
var envelopeID = regexp.MustCompile(`"envelope_id"\s*:\s*"([\w-]{1,100})"`)

// errNoEnvelope is about what could not be acknowledged, so nothing is done with it.
var errNoEnvelope = errors.New("no envelope_id")

// garbled acknowledges a frame that can't be decoded, if it is an envelope: Slack would go on sending it.
func (c *connection) garbled(ctx context.Context, frame []byte, err error) {
	c.unreadable(ctx, frame, err)
	if id := envelopeID.FindSubmatch(frame); id != nil {
		c.ack(ctx, string(id[1]), nil)
	}
}

// unreadable notes a frame that nothing can be done with.
func (c *connection) unreadable(ctx context.Context, frame []byte, err error) {
	c.log.WarnContext(ctx, "slack: envelope not decodable", "error", withoutContent(err), "bytes", len(frame), "so_far", c.unread.Add(1))
}

// shorter returns an answer that fits instead of one that does not: as many options as fit, words at a form that stays
// open instead of the next form, or a short notice instead of a long one.
func (c *connection) shorter(ctx context.Context, payload, answer []byte) []byte {
	const room = maxAck - 200 // for the envelope's ID and what is around it
	var long struct {
		Options []json.RawMessage `json:"options"`
		View    struct {
			Submit json.RawMessage `json:"submit"`
		} `json:"view"`
	}
	_ = json.Unmarshal(answer, &long) // we wrote it
	if n := len(long.Options); n > 0 {
		for n > 0 && len(answer) >= room {
			n--
			answer = c.encode(ctx, map[string]any{"options": long.Options[:n]})
		}
		return answer
	}
	p, err := readInteraction(payload)
	if err != nil {
		return nil
	}
	e := bot.Event{By: c.withLocale(ctx, p.by())}
	w := words.For(e.By.Locale)
	if len(long.View.Submit) == 0 {
		return c.encode(ctx, slack.NewUpdateViewSubmissionResponse(notice(p.View.Title, plainCard(w.Chat.Done), e)))
	}
	return c.encode(ctx, refusal(p.View, e, &bot.Error{Code: bot.Invalid, Message: bot.Fill(w.Chat.FormTooLong, "platform", named)}))
}
