package commands

import (
	"context"
	"slices"

	"communitybot/bot"
)

// details shows a request whole, with what happened to it, to the one who asks: the button Details.
var details = command{name: nameDetails, run: func(c *Commands, ctx context.Context, e bot.Event) (bot.Reply, error) {
	r, _, err := c.target(ctx, e)
	if err != nil {
		return nil, err
	}
	text, err := c.whole(ctx, &r, e)
	return bot.Tell{Text: text}, err
}}

// maxHappened is how many of the last things that happened are shown; the export has all.
const maxHappened = 12

// whole is all of a request: how it stands, what may be done by the one who looks, what happened, what was asked for.
func (c *Commands) whole(ctx context.Context, r *bot.Request, e bot.Event) (bot.Text, error) {
	approvers := c.approvers(ctx, r)
	card := c.Card(r, 0, approvers)
	text := bot.Say("{}\n{}", bot.Bold(card.Title), card.Text)
	if r.State == bot.Pending {
		text = append(text, bot.Plain("\nYou may decide: "+c.mayDecide(ctx, r, e)))
	}
	entries, err := c.Store.History(ctx, r.ID, 0)
	if err != nil {
		return nil, err
	}
	// What happened stands before what may be long: a platform that has no room for all cuts the end.
	text = append(text, bot.Plain("\nWhat happened:"))
	entries = slices.DeleteFunc(entries, func(e bot.Entry) bool { return e.What == bot.WasTold })
	for _, entry := range entries[max(0, len(entries)-maxHappened):] {
		text = append(text, bot.Say("\n{} {} (version {})", bot.Time(entry.At), string(entry.What), entry.Version)...)
		if entry.By.ID != "" {
			text = append(text, bot.Say(" by {}", bot.Name(entry.By))...)
		}
		if entry.Note != "" {
			text = append(text, bot.Say(": {}", entry.Note)...)
		}
	}
	for _, f := range card.Facts {
		text = append(text, bot.Say("\n{}: {}", f.Label, f.Value)...)
	}
	return text, nil
}

// mayDecide says whether the one who asks may decide on a request, and why not.
func (c *Commands) mayDecide(ctx context.Context, r *bot.Request, e bot.Event) string {
	e, err := c.withGroups(ctx, e, r.Policy)
	switch {
	case err != nil:
		return "that can't be said at the moment. " + bot.Explain(err)
	case r.Mine(e.By) && !r.Policy.Self:
		return "no, because you asked."
	case !r.Policy.Approves(e.By):
		return "no, because you are not one of " + who(r.Policy, c.approvers(ctx, r)) + "."
	case r.Voted(e.By):
		return "you agreed already."
	}
	return "yes, with the buttons on the approvers' card."
}
