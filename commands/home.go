package commands

import (
	"context"

	"communitybot/bot"
)

// home is what a person's own page shows: what waits for them, and what they asked for.
var home = command{name: nameHome, run: func(c *Commands, ctx context.Context, e bot.Event) (bot.Reply, error) {
	v := c.voice(e)
	waiting, others, unknown := c.page(ctx, e, "waiting", 0)
	mine, more, err := c.page(ctx, e, "mine", 0)
	if err != nil {
		return nil, err
	}
	board := bot.Board{Cards: []bot.Card{{Title: v.List.Waiting}}}
	for _, r := range waiting {
		board.Cards = append(board.Cards, v.entry(&r, e.By))
	}
	switch {
	case unknown != nil: // what is theirs can be shown all the same
		board.Cards[0].Text = bot.Text{bot.Plain(v.Explain(unknown))}
	case c.Policy.Required > 0 && len(c.Policy.Approvers) == 0:
		board.Cards[0].Text = v.say(v.List.WaitsThere)
	case len(waiting) == 0:
		board.Cards[0].Text = v.say(v.List.NothingWaits)
	}
	if others > 0 {
		board.Cards = append(board.Cards, bot.Card{Text: bot.Say(v.List.MoreInList, "list", v.communities("list waiting"))})
	}
	own := bot.Card{Title: v.List.Mine}
	if len(mine) == 0 {
		own.Text = v.say(v.List.NothingYet)
	}
	board.Cards = append(board.Cards, own)
	for _, r := range mine {
		board.Cards = append(board.Cards, v.entry(&r, e.By))
	}
	if more > 0 {
		board.Cards = append(board.Cards, bot.Card{Text: v.say(v.List.MoreInList)})
	}
	return board, nil
}}

// entry is a request on somebody's page, with what they can do about it there.
func (v voice) entry(r *bot.Request, reader bot.User) bot.Card {
	card := bot.Card{Text: v.row(r, reader), Actions: []bot.Action{{Call: on(r, nameDetails), Label: v.Button.Details}}}
	if r.Mine(reader) {
		card.Actions = append(card.Actions, v.asking(r)...)
	}
	return card
}
