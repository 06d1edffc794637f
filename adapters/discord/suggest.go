package discord

import (
	"cmp"
	"context"
	"unicode/utf8"

	"communitybot/bot"
)

// The limits of what is suggested.
// https://discord.com/developers/docs/interactions/application-commands#application-command-object-application-command-option-choice-structure
const (
	maxSuggestions = 25
	maxSuggestion  = 100
)

// suggestion is one thing an option may be filled in with.
type suggestion struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// suggest answers while an option is typed. There is no room to say what went wrong: then nothing is suggested.
func (t turn) suggest(ctx context.Context) response {
	list := []suggestion{}
	reply, err := t.handle(ctx, bot.Suggest, bot.Call{Command: t.in.Data.Name, Values: t.in.options()}, t.eventID())
	if offer, ok := reply.(bot.Offer); ok && err == nil {
		list = suggested(offer.Options)
	}
	return response{Type: suggestions, Data: map[string][]suggestion{"choices": list}}
}

// suggested draws the first options, without those whose value is too long: it can't be cut.
func suggested(options []bot.Option) []suggestion {
	list := []suggestion{}
	for _, o := range options {
		name := cmp.Or(o.Label, o.Value)
		if len(list) < maxSuggestions && name != "" && utf8.RuneCountInString(o.Value) <= maxSuggestion {
			list = append(list, suggestion{cut(name, maxSuggestion), o.Value})
		}
	}
	return list
}

// focused returns the name of the option that is being typed in, or nothing.
func (in *interaction) focused() string { return focused(in.Data.Options) }

func focused(list []value) string {
	for _, o := range list {
		if o.Focused {
			return o.Name
		}
		if name := focused(o.Options); name != "" {
			return name
		}
	}
	return ""
}
