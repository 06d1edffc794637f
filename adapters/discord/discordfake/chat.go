package discordfake

import (
	"context"
	"fmt"
	"strings"

	"communitybot/adapters/person"
)

// Type types a slash command: "/create-community name:Acme Fans handle:acme". The channel may be a thread, or "@" and the
// person's own ID for the conversation with the bot.
func (f *Fake) Type(ctx context.Context, who, channel, line string) (person.Screen, error) {
	in, err := f.typing(who, channel, line, kindCommand)
	if err != nil {
		return person.Screen{}, err
	}
	return f.act(ctx, in)
}

// Press presses the button with that label. A button that opens a link sends nothing.
func (f *Fake) Press(ctx context.Context, who, message, label string) (person.Screen, error) {
	in, err := f.using(who, message, componentButton, func(c component) bool { return c.Label == label })
	if err != nil {
		return person.Screen{}, fmt.Errorf("%w: no button %q", err, label)
	}
	if in == nil {
		return person.Screen{}, nil
	}
	return f.act(ctx, in)
}

// Choose chooses options of a select menu by their labels. The menu is known by its placeholder.
func (f *Fake) Choose(ctx context.Context, who, message, label string, options ...string) (person.Screen, error) {
	var used component
	in, err := f.using(who, message, componentSelect, func(c component) bool {
		used = c
		return menu(c).Label == label
	})
	if err != nil {
		return person.Screen{}, fmt.Errorf("%w: no menu %q", err, label)
	}
	values, unknown := used.chosen(strings.Join(options, ","))
	low, high := used.limits()
	switch {
	case unknown != "":
		return person.Screen{}, fmt.Errorf("discordfake: menu %q has no option %q", label, unknown)
	case len(values) < low || len(values) > high:
		return person.Screen{}, fmt.Errorf("discordfake: menu %q takes %d to %d options", label, low, high)
	}
	in.data = map[string]any{"component_type": componentSelect, "id": used.ID, "custom_id": used.customID(), "values": values}
	return f.act(ctx, in)
}

// using finds a live component of a message and returns the interaction of using it: nil for a link.
func (f *Fake) using(who, message string, kind int, match func(component) bool) (*interaction, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	u, m := f.users[who], f.messages[message]
	switch {
	case u == nil:
		return nil, fmt.Errorf("discordfake: no user %s", who)
	case m == nil || (m.only != nil && m.only != u):
		return nil, fmt.Errorf("discordfake: %s sees no message %s", who, message)
	}
	for _, row := range m.Components {
		for _, c := range row.Components {
			if c.Type != kind || c.Disabled || !match(c) {
				continue
			}
			if c.Style == styleLink {
				return nil, nil
			}
			data := map[string]any{"component_type": c.Type, "id": c.ID, "custom_id": c.customID()}
			return &interaction{kind: kindComponent, who: u, channel: f.channels[m.ChannelID], source: m, data: data}, nil
		}
	}
	return nil, fmt.Errorf("discordfake: message %s", message)
}

// Send sends an open form. What Discord's client refuses is not sent: the form comes back with the problems.
func (f *Fake) Send(ctx context.Context, who, form string, values map[string]string) (person.Screen, error) {
	in, refused, err := f.fill(who, form, values)
	if err != nil || refused != nil {
		return person.Screen{Form: refused}, err
	}
	return f.act(ctx, in)
}

func (f *Fake) fill(who, form string, values map[string]string) (*interaction, *person.Form, error) {
	f.mu.Lock()
	defer f.announce()
	o, err := f.form(who, form)
	if err != nil {
		return nil, nil, err
	}
	for label := range values {
		if _, known := o.values[label]; !known {
			return nil, nil, fmt.Errorf("discordfake: form %q has no field %q", o.modal.Title, label)
		}
	}
	o.problems = make(map[string]string)
	for _, x := range o.inputs() {
		value, given := values[x.label]
		if !given {
			value = o.values[x.label]
		}
		if x.Type == componentTextInput && x.Style != styleParagraph {
			value = strings.ReplaceAll(value, "\n", " ") // there are no line breaks in one line
		}
		o.values[x.label] = value
		if p := x.problem(value); p != "" {
			o.problems[x.label] = p
		}
	}
	if len(o.problems) > 0 {
		return nil, o.shown(), nil
	}
	return &interaction{kind: kindModal, who: o.owner, channel: o.channel, source: o.source, opener: o.opener, data: o.submission()}, nil, nil
}

// at finds a person and a channel: "@" and the person's ID is the conversation with the bot.
func (f *Fake) at(who, where string) (*user, *channel, error) {
	u := f.users[who]
	if u == nil || u.Bot {
		return nil, nil, fmt.Errorf("discordfake: no user %s", who)
	}
	if where == "@"+who {
		return u, f.directChannel(u), nil
	}
	ch := f.channels[where]
	if ch == nil || (ch.kind == typeDM && ch.recipient != u) {
		return nil, nil, fmt.Errorf("discordfake: %s sees no channel %s", who, where)
	}
	return u, ch, nil
}
