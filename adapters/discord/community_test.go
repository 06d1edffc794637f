package discord

import (
	"context"
	"strings"

	"communitybot/bot"
)

// community is a command with a long form, as the bot's main one: eight typed fields, three choices.
func community(_ context.Context, e bot.Event) (bot.Reply, error) {
	form := bot.Form{
		Call: bot.Call{Command: e.Command}, Title: "Create a community", Submit: "Create", Intro: bot.Say("It will be on {genuin}.", "genuin", bot.Bold("Genuin")),
		Fields: []bot.Field{
			{Name: "name", Label: "Name", Hint: "What people will see", Required: true, Max: 100},
			{Name: "handle", Label: "Handle", Hint: "Left empty, it is made from the name"},
			{Name: "description", Label: "Description", Kind: bot.Lines},
			{Name: "tags", Label: "Tags"},
			{Name: "type", Label: "Type", Kind: bot.OneOf, Required: true, Options: []bot.Option{{Value: "1", Label: "Public"}, {Value: "2", Label: "Private"}}},
			{Name: "categories", Label: "Categories", Kind: bot.ManyOf, Options: []bot.Option{{Value: "1", Label: "Sports"}, {Value: "2", Label: "Music"}, {Value: "3", Label: "Arts, Crafts"}}},
			{Name: "ai", Label: "Made by AI", Kind: bot.ManyOf, Options: []bot.Option{{Value: "picture", Label: "Profile picture"}, {Value: "banner", Label: "Banner"}}},
			{Name: "picture", Label: "Profile picture"},
			{Name: "banner", Label: "Banner"},
			{Name: "members", Label: "Members"},
			{Name: "why", Label: "Why", Kind: bot.Lines},
		},
	}
	if e.Values["id"] != "" { // a request that is repaired: the form shows what it holds
		form.Values = bot.Values{"id": e.Values["id"]}
		form.Fields[2].Value = "What it was"
	}
	form.Fields[4].Value = "1"
	form = overlay(form, e.Values, nil)
	if e.Step == bot.Open {
		return bot.Ask{Form: form}, nil
	}

	problems := map[string]string{}
	if strings.TrimSpace(e.Values["name"]) == "" {
		problems["name"] = "Give it a name."
	}
	if strings.ContainsAny(e.Values["handle"], " !") {
		problems["handle"] = "Use letters, digits, dots and dashes."
	}
	if e.Values["tags"] == "#" {
		problems["tags"] = "Write words after the #."
	}
	if e.Values["members"] == "me" {
		problems["members"] = "Use Genuin user IDs."
	}
	if e.Values["categories"] == "3" {
		problems["categories"] = "Genuin does not know this category any more."
	}
	if len(problems) > 0 {
		return nil, &bot.Error{Code: bot.Invalid, Fields: problems}
	}
	if e.Step == bot.Check {
		if form.Fields[1].Value == "" {
			form.Fields[1].Value = strings.ReplaceAll(strings.ToLower(e.Values["name"]), " ", "-")
		}
		return bot.Ask{Form: form}, nil
	}
	return bot.Done{Text: bot.Say("{name} is on its way.", "name", bot.Bold(e.Values["name"]))}, nil
}

// reason is a command with a short form, one that only knows Open and Submit.
func reason(_ context.Context, e bot.Event) (bot.Reply, error) {
	switch {
	case e.Step == bot.Open:
		return bot.Ask{Form: bot.Form{Call: bot.Call{Command: e.Command, Values: bot.Values{"id": "42"}}, Title: "Deny the request", Submit: "Deny",
			Fields: []bot.Field{{Name: "reason", Label: "Reason", Kind: bot.Lines, Required: true}}}}, nil
	case e.Values["reason"] == "no":
		return nil, &bot.Error{Code: bot.Invalid, Fields: map[string]string{"reason": "Say a little more."}}
	case e.Values["reason"] == "late":
		return nil, &bot.Error{Code: bot.Forbidden, Message: "Only approvers may deny."}
	}
	return bot.Done{Text: bot.Say("Denied: {reason}", "reason", e.Values["reason"])}, nil
}
