package slackfake

import (
	"context"
	"fmt"
	"net/url"

	"communitybot/adapters/person"
)

// Shortcut uses a message shortcut of the installed manifest, by its name, on a message that a person sees.
// https://docs.slack.dev/interactivity/implementing-shortcuts#messages
func (f *Fake) Shortcut(ctx context.Context, who, message, name string) (person.Screen, error) {
	payload, before, err := f.shortcutBy(who, message, name)
	if err != nil {
		return person.Screen{}, err
	}
	return f.acted(ctx, who, "message_action", payload, before)
}

// Shortcuts returns the names of the message shortcuts of the installed manifest, in its order; none without a manifest.
func (f *Fake) Shortcuts() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.manifest == nil {
		return nil
	}
	var names []string
	for _, s := range f.manifest.Features.Shortcuts {
		if s.Type == messageShortcut {
			names = append(names, s.Name)
		}
	}
	return names
}

func (f *Fake) shortcutBy(who, ts, name string) (payload url.Values, before int, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	m := f.seen(who, ts)
	callback, known := f.manifest.shortcut(name)
	switch {
	case m == nil || m.gone:
		return nil, 0, fmt.Errorf("slackfake: %s does not see a message %q", who, ts)
	case m.only != "":
		return nil, 0, fmt.Errorf("slackfake: a private message has no shortcuts")
	case !known:
		return nil, 0, fmt.Errorf("slackfake: no shortcut %q on messages", name)
	}
	before = f.seq
	payload, err = interactionForm(f.shortcutPayload(who, m, callback))
	return payload, before, err
}

// shortcutPayload is a message shortcut that was used.
// https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload
func (f *Fake) shortcutPayload(user string, m *message, callback string) object {
	p := f.interaction("message_action", user)
	p["callback_id"] = callback
	p["action_ts"] = f.newTS()
	p["message_ts"] = m.ts
	p["message"] = f.payload(m, false)
	p["channel"] = object{"id": m.channel.ID, "name": channelName(m.channel)}
	p["trigger_id"] = f.newTrigger(user)
	p["response_url"] = f.newResponse("app", m.channel, user, nil)
	return p
}
