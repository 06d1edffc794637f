package discord

import (
	"context"
	"slices"

	"communitybot/bot"
)

// ask shows a form: in one modal if it fits, else page by page, until a private message reviews it all.
func (t turn) ask(ctx context.Context, f bot.Form) response {
	l := t.lay(f)
	wrong, menu := l.problem()
	mark, v := markPage, mergePage
	if l.whole() {
		mark, v = markWhole, mergeWhole
	}
	if t.in.Type == modalSubmit || len(l.pages) == 0 || (wrong == nil && menu) { // no modal may answer a modal
		return t.askOnMessage(ctx, l)
	}
	page := l.page("")
	id := mark + t.reopening(l, page).String()
	if len(id) > maxCustomID {
		d, err := t.begin(ctx, f.Call, filled(f))
		if err != nil {
			return t.failed(err)
		}
		id = v.of(d)
	}
	return t.modal(l, page, id)
}

// reopening returns the call that opens the form as it is now, or that sends it, if it is whole. What was given with the
// command, such as an option, comes back with the page that shows it; for a field elsewhere the call must hold it. A form
// that is sent whole is not opened again before, so its call holds all that it does not show.
func (t turn) reopening(l layout, page int) bot.Call {
	elsewhere := bot.Values{}
	for _, f := range l.form.Fields {
		given, ok := t.opened[f.Name]
		if (ok && given == f.Value || l.whole() && f.Value != "") && !l.shows(page, f.Name) {
			elsewhere[f.Name] = f.Value
		}
	}
	return bot.Call{Command: l.form.Command, Values: elsewhere.With(l.form.Call.Values)}
}

// askOnMessage shows a form on a private message.
func (t turn) askOnMessage(ctx context.Context, l layout) response {
	d, err := t.begin(ctx, l.form.Call, filled(l.form))
	if err != nil {
		return private(returned(t.w.Explain(err), l.form, filled(l.form), nil))
	}
	wrong, _ := l.problem()
	switch {
	case wrong != nil:
		return t.warn(l.note(t.w, d.ID, t.w.Chat.NeedsChange, nil, t.w.Chat.TryAgain))
	case l.whole():
		return t.show(l.note(t.w, d.ID, l.form.Title, nil, t.w.Chat.OpenForm))
	}
	return t.show(l.review(t.w, d.ID))
}

// form returns the form that a call opens.
func (t turn) form(ctx context.Context, call bot.Call) (bot.Form, error) {
	reply, err := t.handle(ctx, bot.Open, call, t.eventID())
	if err != nil {
		return bot.Form{}, err
	}
	ask, ok := reply.(bot.Ask)
	if !ok { // the command has nothing more to ask: what the form was for is over
		return bot.Form{}, &bot.Error{Code: bot.NotFound, Message: t.w.Chat.FormGone}
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
		return t.warn(t.givenBack(ctx, err, call, typed))
	}
	d, saving := t.begin(ctx, call, typed)
	if saving != nil {
		return private(t.givenBack(ctx, err, call, typed))
	}
	return t.refused(ctx, d, err, t.lay)
}

// resend answers the modal of a whole form that was refused before. command is the form's, for when the draft is gone.
func (t turn) resend(ctx context.Context, draft, command string) response {
	typed := t.in.inputs()
	d, err := t.merge(ctx, draft, typed)
	if err != nil {
		return t.unmerged(ctx, err, d, command, typed)
	}
	return t.send(ctx, draft, t.eventID(), t.lay)
}

// firstPage answers the first modal of a longer form: from now on there is a draft.
func (t turn) firstPage(ctx context.Context, call bot.Call) response {
	typed := t.in.inputs()
	f, err := t.form(ctx, call)
	if err != nil {
		return private(returned(t.w.Explain(err), f, typed, typed))
	}
	d, err := t.begin(ctx, call, filled(f).With(typed))
	if err != nil {
		return private(returned(t.w.Explain(err), f, call.Values.With(typed), typed))
	}
	return t.check(ctx, d)
}

// mergePage answers any other page.
func (t turn) mergePage(ctx context.Context, draft, command string) response {
	typed := t.in.inputs()
	d, err := t.merge(ctx, draft, typed)
	if err != nil {
		return t.unmerged(ctx, err, d, command, typed)
	}
	return t.check(ctx, d)
}

// unmerged gives back a page that did not go into its draft: the draft is gone, was sent, or could not be saved.
func (t turn) unmerged(ctx context.Context, err error, d bot.Draft, command string, typed bot.Values) response {
	call := bot.Call{Command: command}
	if d.ID != "" {
		call = d.Call
	}
	return private(t.givenBack(ctx, err, call, typed))
}

// choose answers a menu.
func (t turn) choose(ctx context.Context, draft, field string) response {
	d, err := t.merge(ctx, draft, bot.Values{field: picked(t.in.Data.Values)})
	if err != nil {
		return t.failed(err)
	}
	return t.check(ctx, d)
}

// review answers a button that looks at the draft again.
func (t turn) review(ctx context.Context, draft string) response {
	d, err := t.draft(ctx, draft)
	if err != nil {
		return t.failed(err)
	}
	return t.check(ctx, d)
}

// check shows the draft as it is: what is wrong with it, or all of it with the button that sends it.
func (t turn) check(ctx context.Context, d bot.Draft) response {
	if err := t.unsent(d, ""); err != nil {
		return t.failed(err)
	}
	reply, err := t.handle(ctx, bot.Check, complete(d), t.eventID())
	if err != nil {
		return t.refused(ctx, d, err, t.inParts)
	}
	if ask, ok := reply.(bot.Ask); ok {
		return t.show(t.inParts(ask.Form).review(t.w, d.ID))
	}
	f, err := t.form(ctx, d.Call)
	if err != nil {
		return t.refused(ctx, d, err, t.inParts)
	}
	return t.show(t.inParts(overlay(f, d.Values, nil)).review(t.w, d.ID))
}

// submit answers the button that sends the form. Its event is the draft's, so that a second click is the same one.
func (t turn) submit(ctx context.Context, draft string) response {
	return t.send(ctx, draft, platform+":draft:"+draft, t.inParts)
}

// send sends a draft as an event.
func (t turn) send(ctx context.Context, draft, event string, lay func(bot.Form) layout) response {
	d, reply, err := t.carryOut(ctx, draft, event)
	switch {
	case err == nil:
		return t.reply(ctx, reply)
	case d.ID == "":
		return private(t.givenBack(ctx, err, bot.Call{}, t.in.inputs()))
	}
	return t.refused(ctx, d, err, lay)
}

// openPage answers a button that opens the page of a field, or a whole form (field is empty), filled in, with what is
// wrong there.
func (t turn) openPage(ctx context.Context, draft, field string) response {
	d, err := t.draft(ctx, draft)
	if err == nil {
		err = t.unsent(d, "")
	}
	if err != nil {
		return t.failed(err)
	}
	f, err := t.form(ctx, d.Call)
	switch {
	case err != nil && !mendable(err): // the form has no command any more
		return t.warn(returned(t.w.Explain(err), f, d.Values, d.Values))
	case err != nil:
		return t.failed(err)
	}
	f = overlay(f, d.Values, nil)
	l := t.lay(f)
	if !l.whole() || f.Brief { // commands whose forms are always sent whole need not know Check
		_, err = t.handle(ctx, bot.Check, complete(d), t.eventID())
		f = overlay(f, d.Values, fields(err))
		l = t.lay(f)
	}
	if field != "" {
		l = t.inParts(f)
	}
	switch {
	case l.whole():
		return t.modal(l, 0, mergeWhole.of(d))
	case len(l.pages) == 0 || slices.ContainsFunc(l.menus, func(f bot.Field) bool { return f.Name == field }):
		return t.show(l.review(t.w, d.ID))
	}
	return t.modal(l, l.page(field), mergePage.of(d))
}
