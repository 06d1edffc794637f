package slack

import (
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"communitybot/bot"
	"communitybot/bot/words"
)

// What a form takes, in characters. https://docs.slack.dev/reference/views/modal-views
const (
	maxTitle      = 24
	maxLabel      = 2000
	maxHint       = 2000
	maxSample     = 150
	maxInput      = 3000
	maxViewBlocks = 100
)

// modal draws a form that answers e. A form whose call is too long to travel with it is an Invalid error, one with too
// many fields an Internal one.
func modal(f bot.Form, e bot.Event) (*slack.ModalViewRequest, error) {
	w := words.For(e.By.Locale)
	var set []slack.Block
	if intro := cut(f.Intro, maxSection); intro != "" {
		set = append(set, slack.NewSectionBlock(mrkdwnText(intro), nil, nil))
	}
	var names []string
	for _, field := range f.Fields {
		if b := input(field); b != nil {
			set = append(set, b)
			names = append(names, field.Name)
		}
	}
	if len(set) > maxViewBlocks {
		return nil, &bot.Error{Code: bot.Internal, Err: fmt.Errorf("a form of %d blocks, Slack takes %d", len(set), maxViewBlocks)}
	}
	meta, err := writeMetadata(f.Call, e.At, names)
	if err != nil {
		return nil, &bot.Error{Code: bot.Invalid, Message: bot.Fill(w.Chat.FormTooLong, "platform", named), Err: err}
	}
	return &slack.ModalViewRequest{
		Type:            slack.VTModal,
		Title:           plainText(cutPlain(orElse(f.Title, f.Command), maxTitle)),
		Submit:          plainText(cutPlain(orElse(f.Submit, w.Chat.Send), maxTitle)),
		Close:           plainText(cutPlain(w.Chat.Cancel, maxTitle)),
		CallbackID:      f.Command,
		PrivateMetadata: meta,
		Blocks:          slack.Blocks{BlockSet: set},
	}, nil
}

// input draws a field; nil for a choice without options. Block and action carry the field's name.
func input(f bot.Field) *slack.InputBlock {
	var element slack.BlockElement
	switch f.Kind {
	case bot.OneOf, bot.ManyOf:
		element = choice(f)
	default:
		element = textInput(f)
	}
	if element == nil {
		return nil
	}
	b := slack.NewInputBlock(f.Name, plainText(cutPlain(orElse(f.Label, f.Name), maxLabel)), nil, element)
	if h := hint(f); h != "" {
		b.Hint = plainText(cutPlain(h, maxHint))
	}
	return b.WithOptional(!f.Required).WithDispatchAction(f.Leads)
}

// hint returns the words below a field: what was wrong with it, then how to fill it in.
func hint(f bot.Field) string {
	if f.Problem == "" {
		return f.Hint
	}
	return strings.TrimSpace("⚠ " + f.Problem + "\n" + f.Hint)
}

func textInput(f bot.Field) slack.BlockElement {
	e := slack.NewPlainTextInputBlockElement(nil, f.Name)
	if sample := strings.TrimSpace(f.Sample); sample != "" {
		e.Placeholder = plainText(cutPlain(sample, maxSample))
	}
	e.Multiline = f.Kind == bot.Lines
	limit := maxInput
	if f.Max > 0 {
		limit = min(f.Max, maxInput)
		e.MaxLength = limit
	}
	value := f.Value
	if !e.Multiline {
		value = strings.Join(strings.FieldsFunc(value, isBreak), " ")
	}
	e.InitialValue = cutExactly(value, limit)
	if f.Leads {
		e.DispatchActionConfig = leading
	}
	return e
}

func isBreak(r rune) bool { return r == '\n' || r == '\r' }

// cutExactly returns the first limit characters of s: what a person edits gets no ellipsis.
func cutExactly(s string, limit int) string {
	n := 0
	for i := range s {
		if n == limit {
			return s[:i]
		}
		n++
	}
	return s
}
