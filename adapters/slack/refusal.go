package slack

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"communitybot/bot"
	"communitybot/bot/words"
)

// refusal answers e, a sent form that could not be used: the form stays open with what was typed, and the words stand at
// the fields. Slack shows words at input blocks only, so those for anything else stand at the first one.
// https://docs.slack.dev/surfaces/modals#displaying_errors
func refusal(v view, e bot.Event, err error) *slack.ViewSubmissionResponse {
	w := words.For(e.By.Locale)
	inputs := v.inputs()
	if len(inputs) == 0 {
		return slack.NewUpdateViewSubmissionResponse(notice(v.Title, plainCard(w.Explain(err)), e))
	}
	var fields map[string]string
	var refused *bot.Error
	if errors.As(err, &refused) {
		fields = refused.Fields
	}
	shown, rest := splitFields(fields, inputs, w.Chat.CantBeUsed)
	if len(fields) == 0 {
		rest = []string{w.Explain(err)}
	}
	if len(rest) > 0 {
		first := inputs[0]
		if shown[first] != "" {
			rest = append([]string{shown[first]}, rest...)
		}
		shown[first] = strings.Join(rest, " ")
	}
	return slack.NewErrorsViewSubmissionResponse(v.atBlocks(shown))
}

// atBlocks returns problems by the blocks of their fields.
func (v view) atBlocks(byField map[string]string) map[string]string {
	problems := make(map[string]string, len(byField))
	for name, problem := range byField {
		problems[v.block(name).BlockID] = problem
	}
	return problems
}

// splitFields parts the problems that stand at an input from the words of the others, which keep one order. A problem
// without words gets some.
func splitFields(fields map[string]string, inputs []string, some string) (shown map[string]string, rest []string) {
	shown = make(map[string]string, len(inputs))
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		problem := cmp.Or(fields[name], some)
		if slices.Contains(inputs, name) {
			shown[name] = problem
		} else {
			rest = append(rest, problem)
		}
	}
	return shown, rest
}
