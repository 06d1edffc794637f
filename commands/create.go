package commands

import (
	"context"
	"errors"
	"fmt"
	"unicode/utf8"

	"communitybot/bot"
)

// create asks for a community: /create-community.
var create = command{
	name: nameCreate,
	slash: &bot.Command{
		Name:  nameCreate,
		About: "Ask for a community on Genuin",
		Usage: "[name]",
		Options: []bot.Option{
			{Value: "name", Label: "What the community is called"},
			{Value: "handle", Label: "Its unique handle; left out, it is made from the name"},
			{Value: "description", Label: "What it is about"},
		},
	},
	run: (*Commands).create,
}

func (c *Commands) create(ctx context.Context, e bot.Event) (bot.Reply, error) {
	form := bot.Form{Call: bot.Call{Command: nameCreate}, Title: "Create a community", Submit: "Create"}
	if c.Policy.Required > 0 {
		form.Submit = "Send request"
	}
	if id := e.Values["id"]; id != "" { // of the request that is asked for again: a form in parts is begun more than once
		form.Values = bot.Values{"id": id, "v": e.Values["v"]}
	}
	if e.Step == bot.Open {
		v, err := c.begin(ctx, e)
		if err != nil {
			return nil, err
		}
		form.Fields = c.fields(v)
		sayCut(form.Fields)
		return bot.Ask{Form: form}, nil
	}
	community, problems := c.read(e.Values)
	if e.Step == bot.Check || len(problems) > 0 { // else Add says it: of a form sent twice, its own request holds the handle
		if err := c.checkHandle(ctx, community.Handle, problems); err != nil {
			return nil, err
		}
	}
	if len(problems) > 0 {
		return nil, invalid(problems)
	}
	if e.Step == bot.Check {
		form.Fields = c.fields(e.Values)
		return bot.Ask{Form: form}, nil
	}
	r := bot.NewRequest(e, community, clean(e.Values[fieldWhy]), c.Policy, c.Now())
	r, err := c.Store.Add(ctx, r)
	if errors.Is(err, bot.ErrHeld) {
		return nil, c.heldError(ctx, community.Handle)
	}
	if err != nil {
		return nil, err
	}
	return bot.Done{Text: bot.Say("Thank you. {} is on its way; news comes in the thread under its card.", bot.Bold(r.Community.Name))}, nil
}

// begin returns what the form is filled in with: an earlier request, when its button says so, or what was typed.
func (c *Commands) begin(ctx context.Context, e bot.Event) (bot.Values, error) {
	if e.Values["id"] == "" {
		return c.fresh(e.Values), nil
	}
	r, _, err := c.target(ctx, e)
	if err != nil {
		return nil, err
	}
	if !r.Mine(e.By) {
		return nil, inWords(&r, "", bot.ErrNotYours)
	}
	return values(&r), nil
}

// fresh returns what a new form is filled in with: what was typed after the command, and the defaults.
func (c *Commands) fresh(typed bot.Values) bot.Values {
	v := bot.Values{fieldOptions: optionHashtags}
	if len(c.Types) > 0 {
		v[fieldType] = c.Types[0].Value
	}
	if text := typed["text"]; text != "" {
		v[fieldName] = text
	}
	return v.With(typed)
}

// invalid is the error for a form with problems, by field.
func invalid(problems map[string]string) error {
	return &bot.Error{Code: bot.Invalid, Message: "Some fields need another look.", Fields: problems}
}

// sayCut says at each field what was typed after the command and does not fit: platforms show only what does.
func sayCut(fields []bot.Field) {
	for i := range fields {
		if f := &fields[i]; f.Max > 0 && utf8.RuneCountInString(f.Value) > f.Max {
			f.Problem = fmt.Sprintf("cut to %d characters.", f.Max)
		}
	}
}
