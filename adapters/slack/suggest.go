package slack

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"communitybot/bot"
)

// search draws a choice among more options than a menu holds: Slack asks for those to show while a person types, from
// the first letter on and before it. What is chosen stays, be it among the options or not.
// https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element#external_select
func search(f bot.Field, options []*slack.OptionBlockObject) slack.BlockElement {
	atOnce := 0
	chosen := chosenOf(f, options)
	if f.Kind == bot.ManyOf {
		return &slack.MultiSelectBlockElement{
			Type: slack.MultiOptTypeExternal, ActionID: f.Name, InitialOptions: chosen, MinQueryLength: &atOnce,
		}
	}
	e := &slack.SelectBlockElement{Type: slack.OptTypeExternal, ActionID: f.Name, MinQueryLength: &atOnce}
	if len(chosen) > 0 {
		e.InitialOption = chosen[0]
	}
	return e
}

// chosenOf returns a field's value as options. A value that is none of them is its own label.
func chosenOf(f bot.Field, options []*slack.OptionBlockObject) []*slack.OptionBlockObject {
	known := make(map[string]*slack.OptionBlockObject, len(options))
	for _, o := range options {
		known[o.Value] = o
	}
	var chosen []*slack.OptionBlockObject
	seen := map[string]bool{}
	for value := range strings.SplitSeq(f.Value, ",") {
		value = strings.TrimSpace(value)
		if value == "" || seen[value] || utf8.RuneCountInString(value) > maxOptionValue {
			continue
		}
		seen[value] = true
		o := known[value]
		if o == nil {
			o = slack.NewOptionBlockObject(value, plainText(value), nil)
		}
		chosen = append(chosen, o)
	}
	return chosen
}

// suggested are the options that Slack shows in a menu.
// https://docs.slack.dev/reference/interaction-payloads/block_suggestion-payload
type suggested struct {
	Options []*slack.OptionBlockObject `json:"options"`
}

// suggest answers what somebody types into a menu: with options, or with none when that fails.
func (a *Adapter) suggest(ctx context.Context, h bot.Handler, p interaction) []byte {
	var reply bot.Reply
	e, err := p.typedIn(a.withLocale(ctx, p.by()))
	if err == nil {
		reply, err = a.handle(ctx, h, e)
	}
	if err != nil {
		a.log.DebugContext(ctx, "slack: nothing to suggest", "command", e.Command, "field", e.Field, "error", err)
	}
	offer, _ := reply.(bot.Offer)
	options := drawOptions(offer.Options)
	return a.encode(ctx, suggested{options[:min(len(options), maxOptions)]})
}

// typedIn returns the event of a menu being typed in. It changes nothing, so that nobody counts it and it needs no ID.
func (p interaction) typedIn(by bot.User) (bot.Event, error) {
	call, at, err := p.began()
	if err != nil {
		return bot.Event{By: by}, err
	}
	field := fieldOf(p.BlockID)
	call.Values = call.Values.With(bot.Values{field: p.Value})
	return bot.Event{Call: call, Step: bot.Suggest, Field: field, By: by, At: at}, nil
}
