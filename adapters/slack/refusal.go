package slack

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"communitybot/bot"
)

// refusal answers a sent form that could not be used: the form stays open with what was typed, and the words stand at
// the fields. Slack shows words at input blocks only, so those for anything else stand at the first one.
// https://docs.slack.dev/surfaces/modals#displaying_errors
func refusal(v view, err error) *slack.ViewSubmissionResponse {
	inputs := v.inputs()
	if len(inputs) == 0 {
		return slack.NewUpdateViewSubmissionResponse(notice(v.Title.Text, plainCard(bot.Explain(err)), bot.Event{}))
	}
	var fields map[string]string
	var e *bot.Error
	if errors.As(err, &e) {
		fields = e.Fields
	}
	shown, rest := splitFields(fields, inputs)
	if len(fields) == 0 {
		rest = []string{bot.Explain(err)}
	}
	if len(rest) > 0 {
		first := inputs[0]
		if shown[first] != "" {
			rest = append([]string{shown[first]}, rest...)
		}
		shown[first] = strings.Join(rest, " ")
	}
	return slack.NewErrorsViewSubmissionResponse(shown)
}

// splitFields parts the problems that stand at an input from the words of the others, which keep one order.
func splitFields(fields map[string]string, inputs []string) (shown map[string]string, rest []string) {
	shown = make(map[string]string, len(inputs))
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		switch words := cmp.Or(fields[name], "This can't be used."); {
		case slices.Contains(inputs, name):
			shown[name] = words
		default:
			rest = append(rest, words)
		}
	}
	return shown, rest
}
