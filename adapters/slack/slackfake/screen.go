package slackfake

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"communitybot/adapters/person"
)

// screen is what came up for a person after change number before.
func (f *Fake) screen(who string, before int) person.Screen {
	f.mu.Lock()
	defer f.mu.Unlock()
	var s person.Screen
	if v := f.top(who); v != nil && v.changed > before {
		s.Form = f.form(v)
	}
	for _, c := range f.channels {
		for _, m := range c.messages {
			if m.only == who && m.changed > before {
				s.Private = append(s.Private, f.display(m))
			}
		}
	}
	slices.SortFunc(s.Private, func(a, b person.Message) int { return cmp.Compare(a.ID, b.ID) })
	return s
}

// glance is how long a person who did something looks whether anything comes of it. A bot acknowledges at once, and
// tells what it has to tell by calls of their own.
const glance = 500 * time.Millisecond

// look is the screen as soon as something has come up after change number before, or after a glance.
func (f *Fake) look(ctx context.Context, who string, before int) (s person.Screen) {
	glimpse(ctx, func() bool {
		s = f.screen(who, before)
		return s.Form != nil || len(s.Private) > 0
	})
	return s
}

// glimpse waits until something has come about, a glance at most.
func glimpse(ctx context.Context, is func() bool) {
	ctx, cancel := context.WithTimeout(ctx, glance)
	defer cancel()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !is() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// Read returns the messages of a channel, or of the direct conversation "@"+who, with their threads.
func (f *Fake) Read(_ context.Context, who, channel string) ([]person.Message, error) {
	return walk(f, who, channel, func(m *message, thread []person.Message) person.Message {
		drawn := f.display(m)
		drawn.Thread = thread
		return drawn
	})
}

// walk goes through what who sees of a channel, or of the direct conversation "@"+who, oldest first, and shows each
// message with its thread.
func walk[T any](f *Fake, who, channel string, show func(m *message, thread []T) T) ([]T, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := f.channels[channel]
	if user, direct := strings.CutPrefix(channel, "@"); direct {
		c = f.direct(user)
	}
	if c == nil || !c.visibleTo(who) {
		return nil, fmt.Errorf("slackfake: %s does not see a channel %q", who, channel)
	}
	threads := map[string][]T{}
	for _, m := range c.messages {
		if m.thread != "" && m.visibleTo(who) {
			threads[m.thread] = append(threads[m.thread], show(m, nil))
		}
	}
	var shown []T
	for _, m := range c.messages {
		if m.thread == "" && m.visibleTo(who) {
			shown = append(shown, show(m, threads[m.ts]))
		}
	}
	return shown, nil
}

// display shows a message as a person sees it.
func (f *Fake) display(m *message) person.Message {
	p := f.draw(m)
	return person.Message{
		ID:      m.ts,
		Author:  cmp.Or(f.seenAs(m.author), m.author),
		Text:    strings.Join(p.lines, "\n"),
		Buttons: p.buttons,
		Menus:   p.menus,
		Images:  p.images,
		Links:   p.links,
		Color:   p.color,
		Private: m.only != "",
		Edited:  m.edited != "",
		Pings:   slices.Clone(m.pings),
	}
}
