package slack

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/slack-go/slack"
)

// renew prepares a form for taking the place of the same one in front of a person. Slack keeps what stands in a field as
// long as its block_id and action_id stay the same, so a field whose value is to be another gets a new block_id; not the
// one that is being typed in. What stands around a value, its hint and its sample, changes without. It reports whether
// there is anything to show that is not there yet.
// https://docs.slack.dev/reference/methods/views.update#preserving-input-entry
func renew(next *slack.ModalViewRequest, now view, typing string) (different bool) {
	inputs := 0
	for _, b := range next.Blocks.BlockSet {
		in, isInput := b.(*slack.InputBlock)
		if !isInput {
			continue
		}
		name := in.BlockID
		shown := now.block(name)
		switch {
		case shown == nil:
			different = true
		case name == typing, slices.Equal(initially(in.Element), now.holds(shown.BlockID)):
			in.BlockID = shown.BlockID
		default:
			in.BlockID = generation(name, shown.BlockID)
			different = true
		}
		if shown != nil && (shown.Hint != hintOf(in) || shown.Placeholder != sampleOf(in)) {
			different = true
		}
		inputs++
	}
	return different || inputs != len(now.inputs()) || next.PrivateMetadata != now.PrivateMetadata
}

func hintOf(b *slack.InputBlock) string {
	if b.Hint == nil {
		return ""
	}
	return b.Hint.Text
}

// sampleOf returns what stands greyed in a field.
func sampleOf(b *slack.InputBlock) string {
	e, isText := b.Element.(*slack.PlainTextInputBlockElement)
	if !isText || e.Placeholder == nil {
		return ""
	}
	return e.Placeholder.Text
}

// initially returns what an element shows at first, sorted.
func initially(e slack.BlockElement) []string {
	var chosen []*slack.OptionBlockObject
	switch e := e.(type) {
	case *slack.PlainTextInputBlockElement:
		return values(e.InitialValue)
	case *slack.SelectBlockElement:
		if e.InitialOption != nil {
			chosen = append(chosen, e.InitialOption)
		}
	case *slack.MultiSelectBlockElement:
		chosen = e.InitialOptions
	case *slack.CheckboxGroupsBlockElement:
		chosen = e.InitialOptions
	}
	all := make([]string, len(chosen))
	for i, o := range chosen {
		all[i] = o.Value
	}
	return values(all...)
}

// values returns what is not empty, sorted.
func values(all ...string) []string {
	all = slices.DeleteFunc(all, func(s string) bool { return s == "" })
	slices.SortFunc(all, cmp.Compare)
	return all
}

// generation returns the block_id of a field after it had another: "handle", "handle~2", "handle~3".
func generation(name, blockID string) string {
	n, err := strconv.Atoi(strings.TrimPrefix(blockID, name+"~"))
	if err != nil {
		n = 1
	}
	return name + "~" + strconv.Itoa(n+1)
}

// fieldOf returns the name of the field that a block_id is of.
func fieldOf(blockID string) string {
	if i := strings.LastIndex(blockID, "~"); i > 0 {
		if _, err := strconv.Atoi(blockID[i+1:]); err == nil {
			return blockID[:i]
		}
	}
	return blockID
}
