package slack

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"communitybot/bot"
)

// leading is when Slack tells the bot of what is typed into a field that others follow: when the person pauses, and when
// they press Enter.
// https://docs.slack.dev/reference/block-kit/composition-objects/dispatch-action-configuration-object
var leading = &slack.DispatchActionConfig{TriggerActionsOn: []string{"on_character_entered", "on_enter_pressed"}}

// refill brings an open form up to what was filled in at a field that leads others. Nothing waits for it, so a failure
// changes nothing.
func (a *Adapter) refill(ctx context.Context, h bot.Handler, p interaction) {
	e, err := p.filledIn(a.withLocale(ctx, p.by()))
	var reply bot.Reply
	if err == nil {
		reply, err = a.handle(ctx, h, e)
	}
	ask, isForm := reply.(bot.Ask)
	if err != nil || !isForm {
		a.log.DebugContext(ctx, "slack: form left as it is", "command", e.Command, "field", e.Field, "error", err)
		return
	}
	next, err := modal(ask.Form, e)
	if err != nil {
		a.log.WarnContext(ctx, "slack: form not drawn", "command", e.Command, "error", err)
		return
	}
	if !renew(next, p.View, e.Field) {
		return
	}
	call, cancel := context.WithTimeout(ctx, callWithin)
	defer cancel()
	_, err = a.api.UpdateViewContext(call, *next, "", p.View.Hash, p.View.ID)
	var refused slack.SlackErrorResponse
	switch {
	case err == nil:
	case errors.As(err, &refused) && (refused.Err == "hash_conflict" || refused.Err == "not_found"):
		a.log.DebugContext(ctx, "slack: form changed or closed meanwhile", "command", e.Command, "error", err)
	default:
		a.log.WarnContext(ctx, "slack: form not refilled", "command", e.Command, "error", describe(err))
	}
}

// filledIn returns the event of a field that leads others, with all that the form holds.
func (p interaction) filledIn(by bot.User) (bot.Event, error) {
	e, err := p.sent(by)
	if err != nil {
		return e, err
	}
	e.Step, e.Field, e.ID = bot.Refill, fieldOf(p.Actions[0].BlockID), triggered(p.TriggerID)
	return e, nil
}

// renew prepares a form for taking the place of the same one in front of a person. Slack keeps what stands in a field as
// long as its block_id and action_id stay the same, so a field whose value is to be another gets a new block_id; not the
// one that is being typed in. It reports whether there is anything to show that is not there yet.
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
		if shown != nil && shown.Hint.Text != hintOf(in) {
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
