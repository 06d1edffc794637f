package slack

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"communitybot/bot"
)

// What a choice takes. Slack's reference gives a value 150 characters, its @slack/types 75.
// https://docs.slack.dev/reference/block-kit/composition-objects/option-object and
// https://docs.slack.dev/reference/block-kit/block-elements/checkboxes-element
const (
	maxOptionLabel = 75
	maxOptionValue = 75
	maxOptions     = 100 // in a menu
	maxCheckboxes  = 10
)

// choice draws a field of kind OneOf or ManyOf; nil when there is nothing to choose.
func choice(f bot.Field) slack.BlockElement {
	options := drawOptions(f.Options)
	if len(options) == 0 {
		return nil
	}
	if len(options) > maxOptions {
		return search(f, options)
	}
	if f.Kind == bot.OneOf {
		e := &slack.SelectBlockElement{Type: slack.OptTypeStatic, ActionID: f.Name, Options: options}
		if i := slices.IndexFunc(options, func(o *slack.OptionBlockObject) bool { return o.Value == f.Value }); i >= 0 {
			e.InitialOption = options[i]
		}
		return e
	}
	chosen := among(options, f.Value)
	if len(options) <= maxCheckboxes {
		e := slack.NewCheckboxGroupsBlockElement(f.Name, options...)
		e.InitialOptions = chosen
		return e
	}
	return &slack.MultiSelectBlockElement{Type: slack.MultiOptTypeStatic, ActionID: f.Name, Options: options, InitialOptions: chosen}
}

// drawOptions leaves out what Slack would refuse the whole form for: a value can't be cut without becoming another.
func drawOptions(all []bot.Option) []*slack.OptionBlockObject {
	options := make([]*slack.OptionBlockObject, 0, len(all))
	for _, o := range all {
		if n := utf8.RuneCountInString(o.Value); n > 0 && n <= maxOptionValue {
			options = append(options, slack.NewOptionBlockObject(o.Value, plainText(cutPlain(orElse(o.Label, o.Value), maxOptionLabel)), nil))
		}
	}
	return options
}

// among returns the options whose values are in the list.
func among(options []*slack.OptionBlockObject, list string) []*slack.OptionBlockObject {
	values := strings.Split(list, ",")
	for i := range values {
		values[i] = strings.TrimSpace(values[i])
	}
	var chosen []*slack.OptionBlockObject
	for _, o := range options {
		if slices.Contains(values, o.Value) {
			chosen = append(chosen, o)
		}
	}
	return chosen
}
