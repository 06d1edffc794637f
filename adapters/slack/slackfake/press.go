package slackfake

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"communitybot/adapters/person"
)

// Press presses a button on a message, in an open form by the form's ID, or in a part of the App Home by the part's. A
// confirmation dialog is confirmed.
func (f *Fake) Press(ctx context.Context, who, id, label string) (person.Screen, error) {
	if strings.HasPrefix(id, viewPrefix) {
		return f.pressInView(ctx, who, id, label)
	}
	return f.act(ctx, who, id, func(m *message) (part, object, error) {
		if p, found := buttonAmong(m.parts(), label); found {
			return p, clickedButton(p), nil
		}
		return part{}, nil, fmt.Errorf("slackfake: no button %q on the message; there are %q", label, f.draw(m).buttons)
	})
}

func buttonAmong(parts []part, label string) (part, bool) {
	i := slices.IndexFunc(parts, func(p part) bool {
		return str(p.element, "type") == "button" && str(p.element["text"], "text") == label
	})
	if i < 0 {
		return part{}, false
	}
	return parts[i], true
}

func clickedButton(p part) object {
	action := object{
		"type": "button", "block_id": str(p.block, "block_id"), "action_id": str(p.element, "action_id"),
		"text": p.element["text"], "value": str(p.element, "value"),
	}
	if style := str(p.element, "style"); style != "" {
		action["style"] = style
	}
	return action
}

// pressInView presses a button in the form that a person sees, or in their App Home when no form covers it.
func (f *Fake) pressInView(ctx context.Context, who, id, label string) (person.Screen, error) {
	payload, before, err := f.pressInViewBy(who, id, label)
	if err != nil {
		return person.Screen{}, err
	}
	return f.acted(ctx, who, "block_actions", payload, before)
}

func (f *Fake) pressInViewBy(who, id, label string) (payload url.Values, before int, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	v := f.top(who)
	var blocks []any
	switch home := f.homes[who]; {
	case v != nil && v.id == id:
		blocks = list(v.sent["blocks"])
	case v == nil && home != nil && strings.HasPrefix(id, home.id+"/"):
		v, blocks = home, home.part(id)
	default:
		return nil, 0, fmt.Errorf("slackfake: %s does not see a form %q", who, id)
	}
	p, found := buttonAmong(partsOf(blocks, 0), label)
	if !found {
		return nil, 0, fmt.Errorf("slackfake: no button %q in the form", label)
	}
	before = f.seq
	payload, err = interactionForm(f.viewActionPayload(v, clickedButton(p)))
	return payload, before, err
}
