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

// hiddenHandle travels with the form: the handle that was proposed for the name.
const hiddenHandle = "proposed"

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
	filled, err := c.begin(ctx, e)
	if err != nil {
		return nil, err
	}
	if e.Step == bot.Open || e.Step == bot.Refill {
		return c.creation(ctx, v, e, filled)
	}
	if h := filled[fieldHandle]; h != "" && h == filled[hiddenHandle] { // as it was proposed, maybe for an earlier name
		proposed, err := c.proposed(ctx, filled[fieldName])
		if err != nil {
			return nil, err
		}
		filled[fieldHandle] = proposed
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
	for _, hidden := range []string{"id", "v", paramMore, hiddenHandle} {
		if value := filled[hidden]; value != "" {
			form.Values[hidden] = value
		}
	}
	form.Field(fieldName).Leads = true
	return form
}

// creation asks for a community, with a handle that follows the name as long as nobody wrote another.
func (c *Commands) creation(ctx context.Context, v voice, e bot.Event, filled bot.Values) (bot.Reply, error) {
	if h := strings.TrimSpace(filled[fieldHandle]); h == "" || h == filled[hiddenHandle] {
		proposed, err := c.proposed(ctx, filled[fieldName])
		if err != nil {
			return nil, err
		}
		filled = filled.With(bot.Values{fieldHandle: proposed, hiddenHandle: proposed})
	}
	form := c.form(v, e, filled)
	v.sayCut(form.Fields)
	return bot.Ask{Form: form}, nil
}

// begin returns what the form is filled in with: what was typed, over an earlier request when its button says so. A form
// may show only part of that.
func (c *Commands) begin(ctx context.Context, e bot.Event) (bot.Values, error) {
	if e.Values["id"] == "" {
		return c.fresh(e.Values), nil
	}
	r, _, err := c.target(ctx, e)
	if err != nil {
		return nil, err
	}
	if !r.Mine(e.By) {
		return nil, c.voice(e).inWords(&r, "", bot.ErrNotYours)
	}
	return values(&r).With(e.Values), nil
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
