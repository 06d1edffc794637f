package commands

import (
	"context"
	"errors"
	"strings"
	"unicode/utf8"

	"communitybot/bot"
	"communitybot/bot/words"
)

// What can be given with the command and is no field of the form.
const (
	paramCategory = "category" // one of them
	paramMore     = "more"     // ask for everything, also where a form has little room
)

// create asks for a community: /create-community, or its shortcut on a message.
var create = command{
	name: nameCreate,
	slash: func() bot.Command {
		return bot.Command{
			Named: named(func(w *words.Words) bot.Named { return w.Commands.Create }),
			Usage: "[name]",
			Params: []bot.Param{
				{Named: named(func(w *words.Words) bot.Named { return w.Commands.Name })},
				{Named: named(func(w *words.Words) bot.Named { return w.Commands.Handle })},
				{Named: named(func(w *words.Words) bot.Named { return w.Commands.Description })},
				{Named: named(func(w *words.Words) bot.Named { return w.Commands.Category }), Suggests: true},
				{Named: named(func(w *words.Words) bot.Named { return w.Commands.Type }), Suggests: true},
				{Named: named(func(w *words.Words) bot.Named { return w.Commands.Tags })},
				{Named: named(func(w *words.Words) bot.Named { return w.Commands.Why })},
				{Named: named(func(w *words.Words) bot.Named { return w.Commands.More }), Flag: true},
			},
			Shortcut: &bot.Shortcut{Named: named(func(w *words.Words) bot.Named { return w.Commands.Shortcut }), Field: fieldDescription},
		}
	},
	leads: true,
	run:   (*Commands).create,
}

// named is a name in English, with the same in every other language.
func named(of func(*words.Words) bot.Named) bot.Named {
	n := of(&words.English)
	n.In = make(map[string]bot.Named)
	for _, w := range words.All()[1:] {
		n.In[w.Language] = of(w)
	}
	return n
}

func (c *Commands) create(ctx context.Context, e bot.Event) (bot.Reply, error) {
	v := c.voice(e)
	filled, at, err := c.begin(ctx, e)
	if err != nil {
		return nil, err
	}
	if e.Step == bot.Open || e.Step == bot.Refill {
		form := c.form(v, e, filled)
		v.sayCut(form.Fields)
		v.sayUnknown(form.Fields)
		return bot.Ask{Form: form}, c.follow(ctx, v, &form)
	}
	community, problems := c.read(v, filled)
	if e.Step == bot.Check || len(problems) > 0 { // else Add says it: of a form sent twice, its own request holds the handle
		if err := c.checkHandle(ctx, v, community.Handle, problems); err != nil {
			return nil, err
		}
	}
	if len(problems) > 0 {
		return nil, v.invalid(problems)
	}
	if e.Step == bot.Check {
		return bot.Ask{Form: c.form(v, e, filled)}, nil
	}
	e.At = at
	r := bot.NewRequest(e, community, clean(filled[fieldWhy]), c.Policy, c.Now())
	r, err = c.Store.Add(ctx, r)
	if errors.Is(err, bot.ErrHeld) {
		return nil, c.heldError(ctx, v, community.Handle)
	}
	if err != nil {
		return nil, err
	}
	return bot.Done{Text: bot.Say(v.Answer.Sent, "name", bot.Bold(r.Community.Name))}, nil
}

// form returns the form, filled in.
func (c *Commands) form(v voice, e bot.Event, filled bot.Values) bot.Form {
	form := bot.Form{
		Call: bot.Call{Command: nameCreate, Values: bot.Values{}}, Title: v.Form.CreateTitle, Submit: v.Form.Create,
		Brief: e.Values[paramMore] != "true", Fields: c.fields(v.Form, filled),
	}
	if c.Policy.Required > 0 {
		form.Submit = v.Form.SendRequest
	}
	// What the form must bring back: a form in parts is begun more than once.
	for _, hidden := range []string{"id", "v", paramMore} {
		if value := filled[hidden]; value != "" {
			form.Values[hidden] = value
		}
	}
	form.Field(fieldName).Leads = true
	return form
}

// follow shows at the handle, as long as nobody wrote one, which one is made from the name, and whether it is free.
func (c *Commands) follow(ctx context.Context, v voice, form *bot.Form) error {
	handle := form.Field(fieldHandle)
	made := slugOf(clean(form.Field(fieldName).Value))
	if made == "" || strings.TrimSpace(handle.Value) != "" {
		return nil
	}
	handle.Sample, handle.Hint = made, bot.Fill(v.Form.HandleFollowsHint, "handle", made)
	held, err := c.Store.Held(ctx, []string{made})
	if err != nil || len(held) == 0 {
		return err
	}
	free, err := suggest(ctx, c.Store, made)
	handle.Problem = v.held(made, free)
	return err
}

// begin returns what the form is filled in with, and where the request goes: what was typed, where that was, or over an
// earlier request, where that went, when its button says so. A form may show only part of the values.
func (c *Commands) begin(ctx context.Context, e bot.Event) (bot.Values, bot.Place, error) {
	if e.Values["id"] == "" {
		return c.fresh(e.Values), e.At, nil
	}
	r, _, err := c.target(ctx, e)
	if err != nil {
		return nil, r.At, err
	}
	if !r.Mine(e.By) {
		return nil, r.At, c.voice(e).inWords(&r, "", bot.ErrNotYours)
	}
	return values(&r).With(e.Values), r.At, nil
}

// fresh returns what was typed after the command or in the form, with the defaults of what was not asked for.
func (c *Commands) fresh(typed bot.Values) bot.Values {
	v := bot.Values{fieldOptions: optionHashtags}
	if len(c.Types) > 0 {
		v[fieldType] = c.Types[0].Value
	}
	for param, field := range map[string]string{paramText: fieldName, paramCategory: fieldCategories} {
		if typed[param] != "" {
			v[field] = typed[param]
		}
	}
	v = v.With(typed)
	for field, options := range map[string][]bot.Option{fieldType: c.Types, fieldCategories: c.Categories} {
		if o := pick(options, clean(v[field])); o != nil { // it may have been typed in words
			v[field] = o.Value
		}
	}
	return v
}

// invalid is the error for a form with problems, by field.
func (v voice) invalid(problems map[string]string) error {
	return &bot.Error{Code: bot.Invalid, Message: v.Problem.LookAgain, Fields: problems}
}

// sayCut says at each field what was typed after the command and does not fit: platforms show only what does.
func (v voice) sayCut(fields []bot.Field) {
	for i := range fields {
		if f := &fields[i]; f.Max > 0 && utf8.RuneCountInString(f.Value) > f.Max {
			f.Problem = bot.Fill(v.Problem.Cut, "max", f.Max)
		}
	}
}

// sayUnknown says at each choice what was typed after the command and is not one of its options: it can't be chosen.
func (v voice) sayUnknown(fields []bot.Field) {
	for i := range fields {
		f := &fields[i]
		if len(f.Options) == 0 || f.Value == "" {
			continue
		}
		for _, word := range list(f.Value) {
			if pick(f.Options, word) == nil {
				f.Problem = bot.Fill(v.Problem.NotOneOf, "value", cut(word), "options", labels(f.Options))
				f.Value = ""
			}
		}
	}
}
