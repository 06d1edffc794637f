package slackfake

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"communitybot/adapters/person"
)

// Look returns what Read does, each message as the Web API returns it; a deleted one that has replies is a "tombstone".
// https://docs.slack.dev/reference/events/message
func (f *Fake) Look(who, channel string) ([]person.Sent, error) {
	return walk(f, who, channel, func(m *message, thread []person.Sent) person.Sent {
		return person.Sent{Message: f.display(m), Payload: asJSON(f.payload(m, true)), At: moment(m.ts), Thread: thread}
	})
}

// Open returns the form on top of those that who has open, with its view; nil when none is. What stands in the fields is
// in the view's state, chosen options with their labels. https://docs.slack.dev/reference/views
func (f *Fake) Open(who string) *person.Dialog {
	f.mu.Lock()
	defer f.mu.Unlock()
	v := f.top(who)
	if v == nil {
		return nil
	}
	return &person.Dialog{Form: *f.form(v), Payload: asJSON(f.viewPayload(v))}
}

// Changed returns a channel that is closed at the next change that anybody may see, or when something goes over the wire.
// Ask for it before looking: then nothing is missed in between.
func (f *Fake) Changed() <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.changes == nil {
		f.changes = make(chan struct{})
	}
	return f.changes
}

// announce tells those who wait that there is something new.
func (f *Fake) announce() {
	if f.changes != nil {
		close(f.changes)
		f.changes = nil
	}
}

// asJSON returns the JSON of an object that came as JSON, or is made of texts and numbers: it can't fail.
func asJSON(o object) json.RawMessage {
	text, _ := json.Marshal(o)
	return text
}

// moment returns the time in a timestamp of Slack's.
func moment(ts string) time.Time {
	seconds, fraction, _ := strings.Cut(ts, ".")
	micros, _ := strconv.ParseInt(seconds+fraction, 10, 64) // newTS wrote it
	return time.UnixMicro(micros).UTC()
}
