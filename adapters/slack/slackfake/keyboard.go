package slackfake

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"communitybot/adapters/person"
)

// shown is an error in Slack's words for the person.
type shown string

// Error returns the words.
func (s shown) Error() string { return string(s) }

// part is an element that people can use, with the block it stands in and the number of the attachment that holds it.
type part struct {
	block, element object
	attachment     int
}

func (m *message) parts() []part {
	found := partsOf(m.blocks, 0)
	for i, a := range m.attachments {
		found = append(found, partsOf(list(child(a, "blocks")), i+1)...)
	}
	return found
}

func partsOf(blocks []any, attachment int) []part {
	var found []part
	for _, b := range blocks {
		block, _ := b.(object)
		for _, e := range interactive(block) {
			found = append(found, part{block: block, element: e, attachment: attachment})
		}
	}
	return found
}

// Type sends a slash command in a channel. What came up is what was there when the bot had answered: a form that it opens
// later is not on the screen.
func (f *Fake) Type(ctx context.Context, who, channel, line string) (person.Screen, error) {
	command, text, _ := strings.Cut(strings.TrimSpace(line), " ")
	if !strings.HasPrefix(command, "/") {
		return person.Screen{}, errors.New("slackfake: only slash commands can be typed")
	}
	form, before, err := f.commandBy(who, channel, command, strings.TrimSpace(text))
	if err != nil {
		return person.Screen{}, err
	}
	a, entry, err := f.deliver(ctx, "slash_command", form)
	if ctx.Err() != nil {
		return person.Screen{}, ctx.Err()
	}
	code := ""
	switch {
	case errors.Is(err, errTimeout):
		code = "operation_timeout"
	case err != nil:
		code = "dispatch_failed"
	case a.status >= http.StatusInternalServerError:
		code = "http_service_error"
	case a.status != http.StatusOK:
		code = "http_client_error"
	default:
		if err = f.commandAnswer(entry, form, a); err != nil {
			code = "invalid_command_response"
			f.mu.Lock()
			entry.Problem = err.Error()
			f.mu.Unlock()
		}
	}
	if code != "" {
		return f.screen(who, before), shown(fmt.Sprintf("%s failed with the error %q", command, code))
	}
	return f.screen(who, before), nil
}

func (f *Fake) commandBy(who, channelID, command, text string) (form url.Values, before int, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := f.channels[channelID]
	switch {
	case f.users[who] == "":
		return nil, 0, fmt.Errorf("slackfake: nobody is called %q", who)
	case c == nil || c.im != "" || !c.member(who):
		return nil, 0, fmt.Errorf("slackfake: %s can't type in %q", who, channelID)
	case f.external(who):
		return nil, 0, shown(command + " is not a valid command.")
	case c.Archived:
		return nil, 0, shown("You can't type in an archived channel.")
	case f.manifest != nil && !f.manifest.command(command):
		return nil, 0, shown(command + ` is not a valid command. In Slack, all messages that start with the "/" character are interpreted as commands.`)
	}
	return f.commandForm(c, who, command, text), f.seq, nil
}

// Choose sets a menu on a message; no options empty it.
func (f *Fake) Choose(ctx context.Context, who, messageID, label string, chosen ...string) (person.Screen, error) {
	return f.act(ctx, who, messageID, func(m *message) (part, object, error) {
		for _, p := range m.parts() {
			if str(p.element, "type") == "button" || !slices.Contains(f.menuNames(p), label) {
				continue
			}
			value, err := typed(p.element, options(p.element), strings.Join(chosen, ","))
			if err != nil {
				return part{}, nil, err
			}
			block, action := str(p.block, "block_id"), str(p.element, "action_id")
			m.state.set(block, action, value)
			used := object{"block_id": block, "action_id": action}
			for key, v := range value {
				used[key] = v
			}
			return p, used, nil
		}
		return part{}, nil, fmt.Errorf("slackfake: no menu %q on the message", label)
	})
}

// act delivers what a person did to a message.
func (f *Fake) act(ctx context.Context, who, ts string, use func(*message) (part, object, error)) (person.Screen, error) {
	payload, before, err := f.actBy(who, ts, use)
	if err != nil {
		return person.Screen{}, err
	}
	return f.acted(ctx, who, "block_actions", payload, before)
}

// acted delivers what a person did and returns what came up, at once or a moment later.
func (f *Fake) acted(ctx context.Context, who, kind string, payload url.Values, before int) (person.Screen, error) {
	a, _, err := f.deliver(ctx, kind, payload)
	switch {
	case ctx.Err() != nil:
		return person.Screen{}, ctx.Err()
	case errors.Is(err, errTimeout):
		err = shown("Operation timed out. Apps need to respond within three seconds.")
	case err != nil:
		err = shown("dispatch_failed")
	case a.status != http.StatusOK:
		err = shown(fmt.Sprintf("This app responded with Status Code %d.", a.status))
	default:
		return f.look(ctx, who, before), nil
	}
	return f.screen(who, before), err
}

func (f *Fake) actBy(who, ts string, use func(*message) (part, object, error)) (payload url.Values, before int, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	m := f.seen(who, ts)
	if m == nil {
		return nil, 0, fmt.Errorf("slackfake: %s does not see a message %q", who, ts)
	}
	p, action, err := use(m)
	if err != nil {
		return nil, 0, err
	}
	before = f.seq
	payload, err = interactionForm(f.actionPayload(who, m, p, action))
	return payload, before, err
}

// seen returns a message that a person sees.
func (f *Fake) seen(who, ts string) *message {
	if f.users[who] == "" {
		return nil
	}
	for _, c := range f.channels {
		for _, m := range c.messages {
			if m.ts == ts && m.visibleTo(who) {
				return m
			}
		}
	}
	return nil
}
