package discordfake

import (
	"context"
	"fmt"

	"communitybot/adapters/person"
)

// Look returns what Read does, each message as the REST API returns it.
func (f *Fake) Look(who, channel string) ([]person.Sent, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	u, ch, err := f.at(who, channel)
	if err != nil {
		return nil, err
	}
	return f.look(f.seen(ch, u)), nil
}

func (f *Fake) look(list []branch) []person.Sent {
	var out []person.Sent
	for _, b := range list {
		out = append(out, person.Sent{
			Message: f.draw(b.message), Payload: marshal(f.shown(b.message)), At: b.created, Thread: f.look(b.below),
		})
	}
	return out
}

// Open returns the modal that somebody looks at, with what stands in it and what was wrong when it was sent, or nil.
// Discord's client shows one at a time: another takes the place of the one before, which can still be sent, as from a
// second client.
func (f *Fake) Open(who string) *person.Dialog {
	f.mu.Lock()
	defer f.mu.Unlock()
	o := f.looksAt[who]
	if o == nil {
		return nil
	}
	return &person.Dialog{Form: *o.shown(), Payload: marshal(o.modal)}
}

// CloseForm puts an open form away. The bot does not hear of it: Discord tells nobody. An error says that it is not open.
func (f *Fake) CloseForm(_ context.Context, who, form string) error {
	f.mu.Lock()
	defer f.announce()
	o, err := f.form(who, form)
	if err == nil {
		f.putAway(o)
	}
	return err
}

// form returns an open form of somebody.
func (f *Fake) form(who, id string) (*openForm, error) {
	if o := f.forms[id]; o != nil && o.owner.ID == who {
		return o, nil
	}
	return nil, fmt.Errorf("discordfake: %s has no open form %s", who, id)
}

func (f *Fake) putAway(o *openForm) {
	delete(f.forms, o.id)
	if f.looksAt[o.owner.ID] == o {
		delete(f.looksAt, o.owner.ID)
	}
}

// Changed returns a channel that is closed at the next change that anybody may see, or the next line in the log.
func (f *Fake) Changed() <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.changed == nil {
		f.changed = make(chan struct{})
	}
	return f.changed
}

// announce gives the lock back after a change, and tells whoever waits for one.
func (f *Fake) announce() {
	if f.changed != nil {
		close(f.changed)
		f.changed = nil
	}
	f.mu.Unlock()
}
