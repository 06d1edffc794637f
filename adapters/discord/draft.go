package discord

import (
	"context"
	"hash/maphash"
	"strings"

	"communitybot/bot"
)

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

// merge puts values over those of a draft.
func (t turn) merge(ctx context.Context, id string, v bot.Values) (bot.Draft, error) {
	defer t.lock(id)()
	d, err := t.draft(ctx, id)
	if err != nil {
		return d, err
	}
	d.Values = d.Values.With(v)
	return d, t.save(ctx, &d)
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
	return bot.Call{Command: d.Call.Command, Values: d.Call.Values.With(d.Values)}
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
func picked(values []text) string {
	list := make([]string, len(values))
	for i, v := range values {
		list[i] = string(v)
	}
	return strings.Join(list, ",")
}
