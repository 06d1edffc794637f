package discord

import (
	"context"
	"hash/maphash"
	"strings"

	"communitybot/bot"
)

// sentAs is the value of a draft that holds the ID of the event by which it was sent. No field has such a name.
const sentAs = "~sent"

// draft returns a draft of the one who acts. Anybody else hears that there is none: whose it is, is not their business.
func (t turn) draft(ctx context.Context, id string) (bot.Draft, error) {
	d, err := t.drafts.Draft(ctx, id)
	switch {
	case bot.CodeOf(err) == bot.NotFound || (err == nil && !d.Owner.Same(t.in.who())):
		return bot.Draft{}, &bot.Error{Code: bot.NotFound, Message: t.w.Chat.FormGone}
	case err != nil:
		t.log.WarnContext(ctx, "discord: draft not read", "err", err)
	}
	return d, err
}

// begin keeps a new draft under the interaction's ID. A redelivery finds the first one as it is by now.
func (t turn) begin(ctx context.Context, call bot.Call, v bot.Values) (bot.Draft, error) {
	defer t.lock(t.in.ID)()
	if d, err := t.draft(ctx, t.in.ID); bot.CodeOf(err) != bot.NotFound {
		return d, err
	}
	d := bot.Draft{ID: t.in.ID, Owner: t.in.who(), Call: call, Values: v}
	return d, t.save(ctx, &d)
}

// merge puts values over those of a draft. One that was sent stays as it was: the error says so, but not to this very
// event, which then came again.
func (t turn) merge(ctx context.Context, id string, v bot.Values) (bot.Draft, error) {
	defer t.lock(id)()
	d, err := t.draft(ctx, id)
	if err == nil {
		err = t.unsent(d, t.eventID())
	}
	if err != nil || d.Values[sentAs] != "" {
		return d, err
	}
	d.Values = d.Values.With(v)
	return d, t.save(ctx, &d)
}

// unsent returns an error when a draft was sent by another event.
func (t turn) unsent(d bot.Draft, event string) error {
	if by := d.Values[sentAs]; by != "" && by != event {
		return &bot.Error{Code: bot.Conflict, Message: t.w.Chat.AlreadySent}
	}
	return nil
}

// carryOut has the command do what a draft asks for, as an event that is the same whenever it is sent, and notes that it
// did. Meanwhile nobody can change the draft. One without an ID could not be read.
func (t turn) carryOut(ctx context.Context, id, event string) (d bot.Draft, reply bot.Reply, err error) {
	defer t.lock(id)()
	if d, err = t.draft(ctx, id); err != nil {
		return bot.Draft{}, nil, err
	}
	if err = t.unsent(d, event); err != nil {
		return d, nil, err
	}
	reply, err = t.handle(ctx, bot.Submit, complete(d), event)
	if _, asks := reply.(bot.Ask); err == nil && !asks {
		d.Values = d.Values.With(bot.Values{sentAs: event})
		_ = t.save(ctx, &d) // it is logged; a second click is the same event all the same
	}
	return d, reply, err
}

func (t turn) save(ctx context.Context, d *bot.Draft) error {
	d.Updated = t.now()
	err := t.drafts.SaveDraft(ctx, *d)
	if err != nil {
		t.log.WarnContext(ctx, "discord: draft not saved", "err", err)
	}
	return err
}

var seed = maphash.MakeSeed()

// lock holds the draft of that ID, and the few that share its lock, until the returned function is called.
func (t turn) lock(id string) (unlock func()) {
	l := &t.locks[maphash.String(seed, id)%uint64(len(t.locks))]
	l.Lock()
	return l.Unlock
}

// complete returns the draft's call with all that was filled in.
func complete(d bot.Draft) bot.Call {
	values := d.Call.Values.With(d.Values)
	delete(values, sentAs)
	return bot.Call{Command: d.Call.Command, Values: values}
}

// filled returns what a form shows already.
func filled(f bot.Form) bot.Values {
	v := bot.Values{}
	for _, field := range f.Fields {
		if field.Value != "" {
			v[field.Name] = field.Value
		}
	}
	return v
}

// overlay returns the form with values filled in and problems at their fields. A problem that the form came with is over
// once its value has changed.
func overlay(f bot.Form, v bot.Values, problems map[string]string) bot.Form {
	fields := make([]bot.Field, len(f.Fields))
	for i, field := range f.Fields {
		if value, ok := v[field.Name]; ok && value != field.Value {
			field.Value, field.Problem = value, ""
		}
		if p := problems[field.Name]; p != "" {
			field.Problem = p
		}
		fields[i] = field
	}
	f.Fields = fields
	return f
}

// picked joins the values of a menu.
func picked(values []string) string { return strings.Join(values, ",") }
