package slack

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"sync"

	"github.com/slack-go/slack"

	"communitybot/bot"
	"communitybot/bot/skim"
)

// leading is when Slack tells the bot of what is typed into a field that others follow: when the person pauses, and when
// they press Enter.
// https://docs.slack.dev/reference/block-kit/composition-objects/dispatch-action-configuration-object
var leading = &slack.DispatchActionConfig{TriggerActionsOn: []string{"on_character_entered", "on_enter_pressed"}}

// refilled is what became of an open form by its refills. They come quicker than Slack shows them: each begins with what
// the one before it left, though the person had not seen that yet.
type refilled struct {
	mu     sync.Mutex
	latest string          // when what is shown was filled in
	shown  view            // by the last refill
	over   map[string]bool // hashes of what was there before it
}

func newRefilled() *refilled { return &refilled{over: map[string]bool{}} }

// refill brings an open form up to what was filled in at a field that leads others, later. Nothing waits for it, so a
// failure changes nothing.
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
	form, _ := a.refills.at(p.View.ID, newRefilled)
	a.later(ctx, func(ctx context.Context) { a.update(ctx, form, p, e, next) })
}

// update shows a refill, unless what is shown was filled in after it, or is the same.
func (a *Adapter) update(ctx context.Context, form *refilled, p interaction, e bot.Event, next *slack.ModalViewRequest) {
	form.mu.Lock()
	defer form.mu.Unlock()
	at := p.Actions[0].At
	if at != "" && !after(at, form.latest) {
		return
	}
	now := form.before(p.View)
	if !renew(next, now, e.Field) {
		form.latest = at
		return
	}
	call, cancel := context.WithTimeout(ctx, callWithin)
	defer cancel()
	shown, err := a.api.UpdateViewContext(call, *next, "", now.Hash, p.View.ID)
	var refused slack.SlackErrorResponse
	switch {
	case err == nil:
		form.latest = at
		form.over[now.Hash] = true
		form.shown = asShown(next, shown.Hash)
	case errors.As(err, &refused) && (refused.Err == "hash_conflict" || refused.Err == "not_found"):
		a.log.DebugContext(ctx, "slack: form changed or closed meanwhile", "command", e.Command, "error", err)
	default:
		a.log.WarnContext(ctx, "slack: form not refilled", "command", e.Command, "error", describe(err))
	}
}

// after reports whether a moment, as Slack writes it ("1700000000.000100"), is later than another.
func after(moment, other string) bool {
	return cmp.Or(cmp.Compare(len(moment), len(other)), cmp.Compare(moment, other)) > 0
}

// before returns what a refill changes: the form as it came with it or, when that is over, as the last refill left it,
// with what stood in the fields that are the same in both.
func (f *refilled) before(came view) view {
	if !f.over[came.Hash] {
		return came
	}
	now := f.shown
	now.Values = make(map[string]map[string]stateValue, len(f.shown.Values))
	for blockID, initial := range f.shown.Values {
		now.Values[blockID] = initial
		if typed := came.Values[blockID]; typed != nil {
			now.Values[blockID] = typed
		}
	}
	return now
}

// asShown returns a form as it is in front of a person who has not touched it.
func asShown(sent *slack.ModalViewRequest, hash string) view {
	var v view
	raw, err := json.Marshal(sent)
	if err == nil {
		v.read(skim.New(raw, maxDepth)) // Slack read it, too
	}
	v.Hash = hash
	v.Values = map[string]map[string]stateValue{}
	for _, b := range sent.Blocks.BlockSet {
		if in, isInput := b.(*slack.InputBlock); isInput {
			var held stateValue
			for _, value := range initially(in.Element) {
				held.SelectedOptions = append(held.SelectedOptions, chosenOption{value})
			}
			v.Values[in.BlockID] = map[string]stateValue{fieldOf(in.BlockID): held}
		}
	}
	return v
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
