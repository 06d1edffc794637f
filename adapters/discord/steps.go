package discord

import (
	"context"
	"slices"
	"strconv"

	"communitybot/bot"
)

// ask shows a form: in one modal if it fits; else page by page, its choices on a private message that reviews it all.
func (t turn) ask(ctx context.Context, f bot.Form) response {
	l := lay(f)
	page, menu := l.problem()
	mark, v := markPage, mergePage
	if l.whole() {
		mark, v = markWhole, mergeWhole
	}
	if t.in.Type == modalSubmit || len(l.pages) == 0 || (page < 0 && menu) { // no modal may answer a modal
		return t.askOnMessage(ctx, l)
	}
	page = max(page, 0)
	id := mark + t.reopening(l, page).String()
	if len(id) > maxCustomID {
		d, err := t.begin(ctx, f.Call, filled(f))
		if err != nil {
			return private(plain(bot.Explain(err)))
		}
		id = v.id(d.ID, "")
	}
	return l.modal(page, id)
}

// reopening returns the call that opens the form as it is now. What was given with the command, such as an option, comes
// back with the page that shows it; for a field elsewhere the call must hold it.
func (t turn) reopening(l layout, page int) bot.Call {
	elsewhere := bot.Values{}
	for _, f := range l.form.Fields {
		given, ok := t.opened[f.Name]
		shown := slices.ContainsFunc(l.pages[page], func(o bot.Field) bool { return o.Name == f.Name })
		if ok && given == f.Value && !shown {
			elsewhere[f.Name] = given
		}
	}
	return bot.Call{Command: l.form.Command, Values: elsewhere.With(l.form.Call.Values)}
}

// askOnMessage shows a form on a private message.
func (t turn) askOnMessage(ctx context.Context, l layout) response {
	d, err := t.begin(ctx, l.form.Call, filled(l.form))
	if err != nil {
		return t.lost(err, filled(l.form))
	}
	page, _ := l.problem()
	switch {
	case page >= 0:
		return t.show(l.note(d.ID, needsChange, nil, tryAgain))
	case l.whole():
		return t.show(l.note(d.ID, l.form.Title, nil, "Open the form"))
	}
	return t.show(l.review(d.ID))
}

// form returns the form that a call opens.
func (t turn) form(ctx context.Context, call bot.Call) (bot.Form, error) {
	reply, err := t.handle(ctx, bot.Open, call, t.eventID())
	if err != nil {
		return bot.Form{}, err
	}
	ask, ok := reply.(bot.Ask)
	if !ok { // the command has nothing more to ask: what the form was for is over
		return bot.Form{}, &bot.Error{Code: bot.NotFound, Message: gone}
	}
	return ask.Form, nil
}

// sendWhole answers a modal that is a whole form.
func (t turn) sendWhole(ctx context.Context, call bot.Call) response {
	typed := t.in.inputs()
	sent := bot.Call{Command: call.Command, Values: call.Values.With(typed)}
	reply, err := t.handle(ctx, bot.Submit, sent, t.eventID())
	if err == nil {
		return t.reply(ctx, reply)
	}
	if !mendable(err) {
		return t.warn(plain(bot.Explain(err)))
	}
	d, saving := t.begin(ctx, call, typed)
	if saving != nil {
		return t.lost(err, typed)
	}
	return t.refused(ctx, d, err)
}

// resend answers the modal of a whole form that was refused before.
func (t turn) resend(ctx context.Context, draft string) response {
	typed := t.in.inputs()
	d, err := t.merge(ctx, draft, typed)
	if err != nil {
		return t.lost(err, typed)
	}
	reply, err := t.handle(ctx, bot.Submit, complete(d), t.eventID())
	if err != nil {
		return t.refused(ctx, d, err)
	}
	return t.reply(ctx, reply)
}

// firstPage answers the first modal of a longer form: from now on there is a draft.
func (t turn) firstPage(ctx context.Context, call bot.Call) response {
	typed := t.in.inputs()
	f, err := t.form(ctx, call)
	if err != nil {
		return t.lost(err, typed)
	}
	d, err := t.begin(ctx, call, filled(f).With(typed))
	if err != nil {
		return t.lost(err, typed)
	}
	return t.check(ctx, d)
}

// mergePage answers any other page.
func (t turn) mergePage(ctx context.Context, draft string) response {
	typed := t.in.inputs()
	d, err := t.merge(ctx, draft, typed)
	if err != nil {
		return t.lost(err, typed)
	}
	return t.check(ctx, d)
}

// choose answers a menu.
func (t turn) choose(ctx context.Context, draft, field string) response {
	d, err := t.merge(ctx, draft, bot.Values{field: picked(t.in.Data.Values)})
	if err != nil {
		return private(plain(bot.Explain(err)))
	}
	return t.check(ctx, d)
}

// review answers a button that looks at the draft again.
func (t turn) review(ctx context.Context, draft string) response {
	d, err := t.draft(ctx, draft)
	if err != nil {
		return private(plain(bot.Explain(err)))
	}
	return t.check(ctx, d)
}

// check shows the draft as it is: what is wrong with it, or all of it with the button that sends it.
func (t turn) check(ctx context.Context, d bot.Draft) response {
	reply, err := t.handle(ctx, bot.Check, complete(d), t.eventID())
	if err != nil {
		return t.refused(ctx, d, err)
	}
	if ask, ok := reply.(bot.Ask); ok {
		return t.show(lay(ask.Form).review(d.ID))
	}
	f, err := t.form(ctx, d.Call)
	if err != nil {
		return t.refused(ctx, d, err)
	}
	return t.show(lay(overlay(f, d.Values, nil)).review(d.ID))
}

// submit answers the button that sends the form. Its event is the draft's, so that a second click is the same one.
func (t turn) submit(ctx context.Context, draft string) response {
	d, err := t.draft(ctx, draft)
	if err != nil {
		return private(plain(bot.Explain(err)))
	}
	reply, err := t.handle(ctx, bot.Submit, complete(d), platform+":draft:"+d.ID)
	if err != nil {
		return t.refused(ctx, d, err)
	}
	return t.reply(ctx, reply)
}

// openPage answers a button that opens a page of the draft, filled in, with what is wrong there.
func (t turn) openPage(ctx context.Context, draft, arg string) response {
	d, err := t.draft(ctx, draft)
	if err != nil {
		return private(plain(bot.Explain(err)))
	}
	f, err := t.form(ctx, d.Call)
	if err != nil {
		return private(plain(bot.Explain(err)))
	}
	l := lay(overlay(f, d.Values, nil))
	if l.whole() { // commands whose forms are sent whole need not know Check
		return l.modal(0, mergeWhole.id(d.ID, ""))
	}
	_, err = t.handle(ctx, bot.Check, complete(d), t.eventID())
	l = lay(overlay(f, d.Values, fields(err)))
	page, err := strconv.Atoi(arg)
	if err != nil || page < 0 || page >= len(l.pages) {
		return private(plain(unknownButton))
	}
	return l.modal(page, mergePage.id(d.ID, ""))
}
