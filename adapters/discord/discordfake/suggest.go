package discordfake

import (
	"context"
	"fmt"
)

// Complete returns the choices that the bot offers for the last option of a line that somebody is typing, by name: of
// "/create-community name:Acme category:sp" for what is typed into category so far. Whoever then types that name into
// the option sends the choice's value, as Discord's client does.
func (f *Fake) Complete(ctx context.Context, who, channel, line string) ([]string, error) {
	in, err := f.typing(who, channel, line, kindAutocomplete)
	if err != nil {
		return nil, err
	}
	if _, err := f.act(ctx, in); err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	typed := in.data.(*typedCommand)
	if in.who.offered == nil {
		in.who.offered = make(map[string][]choice)
	}
	in.who.offered[typed.Name+" "+typed.Options[len(typed.Options)-1].Name] = in.choices
	var names []string
	for _, c := range in.choices {
		names = append(names, c.Name)
	}
	return names, nil
}

func (f *Fake) typing(who, channel, line string, kind int) (*interaction, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	u, ch, err := f.at(who, channel)
	if err != nil {
		return nil, err
	}
	typed, err := f.typed(u, ch, line, kind == kindAutocomplete)
	if err != nil {
		return nil, err
	}
	if kind == kindAutocomplete {
		if len(typed.Options) == 0 {
			return nil, fmt.Errorf("discordfake: %q has no option to complete", line)
		}
		last := &typed.Options[len(typed.Options)-1]
		if !last.completes {
			return nil, fmt.Errorf("discordfake: /%s was not registered with autocomplete for %s", typed.Name, last.Name)
		}
		last.Focused = true
	}
	return &interaction{kind: kind, who: u, channel: ch, data: typed}, nil
}

// picked returns the value of the choice that was offered under that name, or else what was typed.
func (u *user) picked(command, option, text string) any {
	for _, c := range u.offered[command+" "+option] {
		if c.Name == text {
			return c.Value
		}
	}
	return text
}
