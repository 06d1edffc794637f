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
	return bot.Tell{Text: text, Beside: true}, err
}}

// seenAt reports whether a request has its card at a place, be it in the thread below: whoever is there may see all of it.
// What is said to its requester alone nobody else sees, in whichever channel it is.
func seenAt(r *bot.Request, at bot.Place) bool {
	return at.Channel != "" && slices.ContainsFunc(r.Threads, func(t bot.Thread) bool {
		return t.At.User == "" && t.At.Platform == at.Platform && t.At.Tenant == at.Tenant && (t.At.Channel == at.Channel || t.At.Message == at.Channel)
	})
}

// maxHappened is how many of the last things that happened are shown; the export has all.
const maxHappened = 12

// whole is all of a request: how it stands, what may be done by the one who looks, what happened, what was asked for.
func (c *Commands) whole(ctx context.Context, r *bot.Request, e bot.Event) (bot.Text, error) {
	v := c.voice(e)
	card := c.card(v, r, 0, c.approvers(ctx, r))
	text := append(bot.Text{bot.Bold(card.Title), bot.Plain("\n")}, card.Text...)
	if r.State == bot.Pending {
		text = append(text, bot.Plain("\n"+bot.Fill(v.List.Decide, "may", c.mayDecide(ctx, r, e))))
	}
	entries, err := c.Store.History(ctx, r.ID, 0)
	if err != nil {
		return nil, err
	}
	// What happened stands before what may be long: a platform that has no room for all cuts the end.
	text = append(text, bot.Plain("\n"+v.List.Happened))
	entries = slices.DeleteFunc(entries, func(e bot.Entry) bool { return e.What == bot.WasTold })
	for _, entry := range entries[max(0, len(entries)-maxHappened):] {
		text = append(text, bot.Plain("\n"))
		text = append(text, bot.Say(v.List.Entry, "time", bot.Time(entry.At), "what", v.List.What[entry.What], "version", entry.Version)...)
		if entry.By.ID != "" {
			text = append(text, bot.Say(v.List.EntryBy, "by", bot.Name(entry.By))...)
		}
		if entry.Note != "" {
			text = append(text, bot.Say(v.List.EntryNote, "note", entry.Note)...)
		}
	}
	for _, f := range card.Facts {
		text = append(text, bot.Plain("\n"))
		text = append(text, bot.Say(v.List.Fact, "label", f.Label, "value", f.Value)...)
	}
	return text, nil
}

// mayDecide says whether the one who asks may decide on a request, and why not.
func (c *Commands) mayDecide(ctx context.Context, r *bot.Request, e bot.Event) string {
	v := c.voice(e)
	e, err := c.withGroups(ctx, e, r.Policy)
	switch {
	case err != nil:
		return bot.Fill(v.List.MayUnknown, "why", v.Explain(err))
	case r.Mine(e.By) && !r.Policy.Self:
		return v.List.DecideOwn
	case !r.Policy.Approves(e.By):
		return bot.Fill(v.List.DecideNot, "who", v.who(r.Policy, c.approvers(ctx, r)))
	case r.Voted(e.By):
		return v.List.DecideVoted
	}
	return v.List.DecideYes
}
