package commands

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"communitybot/bot"
	"communitybot/bot/words"
)

// paramText is what was typed after a command, on a platform that has no params.
const paramText = "text"

// communities shows requests and manages them: /communities.
var communities = command{
	name: nameCommunities,
	slash: func() bot.Command {
		return bot.Command{
			Named:  named(func(w *words.Words) bot.Named { return w.Commands.Communities }),
			Usage:  "[list mine|waiting|all, show 42, withdraw 42, help]",
			Params: []bot.Param{{Named: named(func(w *words.Words) bot.Named { return w.Commands.Text }), Suggests: true}},
		}
	},
	run: func(c *Commands, ctx context.Context, e bot.Event) (bot.Reply, error) {
		words := append(strings.Fields(strings.ToLower(e.Values[paramText])), "", "")
		switch words[0] {
		case "", "list":
			return c.list(ctx, e, words[1])
		case "show", "withdraw":
			r, err := c.numbered(ctx, e, words[1])
			if err != nil {
				return nil, err
			}
			if words[0] == "show" {
				return c.show(ctx, e, &r)
			}
			e.Values = on(&r, nameWithdraw).Values
			return c.onCard(ctx, e, func(r *bot.Request, version int) error { return r.Withdraw(e, version, c.Now()) })
		default:
			return c.help(ctx, e)
		}
	},
}

// show shows a request whole. What its requester can do is below it, too: the card may be out of their reach.
func (c *Commands) show(ctx context.Context, e bot.Event, r *bot.Request) (bot.Reply, error) {
	text, err := c.whole(ctx, r, e)
	reply := bot.Tell{Text: text}
	if r.Mine(e.By) {
		reply.Actions = c.voice(e).asking(r)
	}
	return reply, err
}

// numbered returns the request with a number that somebody typed, when it was asked for, or is decided on, where they are.
func (c *Commands) numbered(ctx context.Context, e bot.Event, number string) (bot.Request, error) {
	none := &bot.Error{Code: bot.NotFound, Message: c.voice(e).fill(c.voice(e).Refused.NoNumber)}
	id, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return bot.Request{}, none
	}
	r, err := c.Store.Request(ctx, id)
	if bot.CodeOf(err) == bot.NotFound {
		return r, none
	}
	if err != nil {
		return r, err
	}
	known, err := c.concerns(ctx, &r, e)
	if err == nil && !known {
		err = none
	}
	return r, err
}

// concerns reports whether a request is the business of the one who asks: their own, or one that they may decide on.
func (c *Commands) concerns(ctx context.Context, r *bot.Request, e bot.Event) (bool, error) {
	if r.Mine(e.By) {
		return true, nil
	}
	return c.decides(ctx, r, e)
}

// decides reports whether the one who asks is among those who decide on a request, where they are.
func (c *Commands) decides(ctx context.Context, r *bot.Request, e bot.Event) (bool, error) {
	in, ok := r.DecidedIn()
	if !ok || in != tenant(e) || r.Mine(e.By) && !r.Policy.Self {
		return false, nil
	}
	asked := r.AskedAt()
	if len(r.Policy.Approvers) == 0 { // anybody who is there may; who is not need not know of it
		return e.At.Channel != "" && (e.At.Channel == asked.Channel || e.At.Channel == asked.Message), nil
	}
	e, err := c.withGroups(ctx, e, r.Policy)
	return r.Policy.Approves(e.By), err
}

// tenant is where something happened, whichever channel it was in.
func tenant(e bot.Event) bot.Place { return bot.Place{Platform: e.At.Platform, Tenant: e.At.Tenant} }

// help explains the commands and the policy in force.
func (c *Commands) help(ctx context.Context, e bot.Event) (bot.Reply, error) {
	v := c.voice(e)
	text := append(v.say(v.List.Help), bot.Plain("\n"))
	p := c.Policy
	if p.Required == 0 {
		return bot.Tell{Text: append(text, bot.Plain(v.List.NobodyAgrees))}, nil
	}
	naming, cancel := context.WithTimeout(ctx, nameWithin)
	defer cancel()
	approvers, _ := c.named(naming, p, e.At)
	may := v.List.May
	e, err := c.withGroups(ctx, e, p)
	switch {
	case err != nil:
		may = bot.Fill(v.List.MayUnknown, "why", v.Explain(err))
	case !p.Approves(e.By):
		may = v.List.MayNot
	case !p.Self:
		may = v.List.MayOthers
	}
	return bot.Tell{Text: append(text, bot.Say(v.List.Agree, "need", p.Required, "who", v.who(p, approvers), "may", may)...)}, nil
}

// pageLength is how many requests a list shows.
const pageLength = 10

// list shows requests, the newest first: "mine", those "waiting" for the one who asks, or "all" that concern them.
func (c *Commands) list(ctx context.Context, e bot.Event, which string) (bot.Reply, error) {
	v := c.voice(e)
	titles := map[string]string{"": v.List.Mine, "mine": v.List.Mine, "waiting": v.List.Waiting, "all": v.List.All}
	title, ok := titles[which]
	if !ok {
		return c.help(ctx, e)
	}
	before, err := strconv.ParseInt("0"+e.Values["before"], 10, 64)
	if err != nil {
		return nil, &bot.Error{Code: bot.Invalid, Message: v.fill(v.Refused.OldList)}
	}
	page, next, err := c.page(ctx, e, which, before)
	if err != nil {
		return nil, err
	}
	switch {
	case len(page) == 0 && next > 0:
	case len(page) == 0 && before > 0:
		return bot.Tell{Text: v.say(v.List.ThatWasAll)}, nil
	case len(page) == 0 && which == "waiting":
		return bot.Tell{Text: v.say(v.List.NothingWaits)}, nil
	case len(page) == 0:
		return bot.Tell{Text: v.say(v.List.NothingYet)}, nil
	}
	reply := bot.Tell{Text: bot.Say(v.List.Newest, "title", title)}
	if len(page) == 0 {
		reply.Text = v.say(v.List.NothingNewest)
	}
	for _, r := range page {
		reply.Text = append(append(reply.Text, bot.Plain("\n")), v.row(&r, e.By)...)
	}
	if next > 0 {
		more := bot.Values{"text": "list " + which, "before": fmt.Sprint(next)}
		reply.Actions = []bot.Action{{Call: bot.Call{Command: nameCommunities, Values: more}, Label: v.Button.More}}
	}
	return reply, nil
}

// row is a request in a list that somebody reads.
func (v voice) row(r *bot.Request, reader bot.User) bot.Text {
	var asker bot.Text
	if !r.Mine(reader) {
		asker = bot.Say(v.List.RowAsker, "asker", bot.Name(r.By))
	}
	row := bot.Say(v.List.Row, "number", r.ID, "name", bot.Bold(r.Community.Name), "asker", asker, "stands", v.stands(r))
	if r.Made.URL != "" {
		row = append(row, bot.Plain(" "), bot.Link{URL: r.Made.URL})
	}
	return row
}

// atMostLooked is how many requests are looked at for one page, while somebody waits.
const atMostLooked = 1000

// page returns the requests of one page, and where the next one begins; 0 when there is none.
func (c *Commands) page(ctx context.Context, e bot.Event, which string, before int64) (page []bot.Request, next int64, err error) {
	here := tenant(e)
	f := bot.Filter{By: &e.By, In: &here, Before: before, Limit: 100}
	belongs := c.concerns
	switch which {
	case "", "mine":
		f.In, f.Limit = nil, pageLength+1
		belongs = func(context.Context, *bot.Request, bot.Event) (bool, error) { return true, nil }
	case "waiting":
		f.By, f.Waiting = nil, true
		belongs = func(ctx context.Context, r *bot.Request, e bot.Event) (bool, error) {
			if r.Voted(e.By) {
				return false, nil
			}
			return c.decides(ctx, r, e)
		}
	}
	for looked := 0; looked < atMostLooked; {
		some, err := c.Store.List(ctx, f)
		if err != nil || len(some) == 0 {
			return page, 0, err
		}
		for _, r := range some {
			yes, err := belongs(ctx, &r, e)
			switch {
			case err != nil:
				return nil, 0, err
			case yes && len(page) == pageLength:
				return page, page[pageLength-1].ID, nil
			case yes:
				page = append(page, r)
			}
			looked++
			f.Before = r.ID
		}
	}
	return page, f.Before, nil
}
