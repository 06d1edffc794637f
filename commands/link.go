package commands

import (
	"context"
	"net/url"

	"communitybot/bot"
)

const (
	fieldLink = "link"
	maxLink   = 500
)

// link ends the doubt whether a community exists: the button It's ours – add link.
var link = command{name: nameLink, run: func(c *Commands, ctx context.Context, e bot.Event) (bot.Reply, error) {
	r, version, err := c.target(ctx, e)
	if err != nil {
		return nil, err
	}
	v := c.voice(e)
	form := bot.Form{Call: on(&r, e.Command), Title: v.Form.LinkTitle, Submit: v.Form.AddLink, Fields: []bot.Field{
		{Name: fieldLink, Label: v.Form.Link, Required: true, Max: maxLink, Hint: v.Form.LinkHint, Value: e.Values[fieldLink]},
	}}
	if err := r.MayMend(e.By, version); err != nil && e.Step != bot.Submit { // on Submit the event may be a redelivery
		return nil, v.inWords(&r, "", err)
	}
	if e.Step == bot.Open {
		return bot.Ask{Form: form}, nil
	}
	address := clean(e.Values[fieldLink])
	if u, err := url.Parse(address); err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || len(address) > maxLink {
		return nil, v.invalid(map[string]string{fieldLink: v.Problem.NotLink})
	}
	if e.Step == bot.Check {
		return bot.Ask{Form: form}, nil
	}
	r, err = c.Store.Change(ctx, r.ID, e.ID, func(r *bot.Request) error {
		return v.inWords(r, "", r.Link(e, version, address, c.Now()))
	})
	if err != nil {
		return nil, err
	}
	return bot.Done{Text: bot.Say(v.Answer.LinkAdded, "name", bot.Bold(r.Community.Name))}, nil
}}
