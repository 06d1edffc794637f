package commands

import (
	"context"
	"strconv"
	"strings"

	"communitybot/bot"
)

// communities shows a person's requests: /communities.
var communities = command{
	name: nameCommunities,
	slash: &bot.Command{
		Name:    nameCommunities,
		About:   "See the communities you asked for",
		Usage:   "[list | show 42 | help]",
		Options: []bot.Option{{Value: "text", Label: "list, show 42 or help"}},
	},
	run: func(c *Commands, ctx context.Context, e bot.Event) (bot.Reply, error) {
		words := strings.Fields(strings.ToLower(e.Values["text"]))
		switch {
		case len(words) == 0, words[0] == "list":
			return c.list(ctx, e)
		case words[0] == "show" && len(words) == 2:
			return c.show(ctx, e, words[1])
		default:
			return bot.Tell{Text: bot.Say("{} asks for a community. {} lists those you asked for, {} shows one of them whole.",
				bot.Literal("/create-community [name]"), bot.Literal("/communities list"), bot.Literal("/communities show 42"))}, nil
		}
	},
}

// pageLength is how many requests a list shows.
const pageLength = 10

func (c *Commands) list(ctx context.Context, e bot.Event) (bot.Reply, error) {
	mine, err := c.Store.List(ctx, e.By, 0, pageLength)
	if err != nil {
		return nil, err
	}
	if len(mine) == 0 {
		return bot.Tell{Text: bot.Say("You have not asked for a community yet. Type {} to begin.", bot.Literal("/create-community"))}, nil
	}
	text := bot.Say("What you asked for, the newest first:")
	for _, r := range mine {
		text = append(text, bot.Say("\n{} {}: {}", r.ID, bot.Bold(r.Community.Name), stands(&r))...)
		if r.Made.URL != "" {
			text = append(text, bot.Plain(" "), bot.Link{URL: r.Made.URL})
		}
	}
	return bot.Tell{Text: text}, nil
}

func (c *Commands) show(ctx context.Context, e bot.Event, id string) (bot.Reply, error) {
	n, err := strconv.ParseInt(id, 10, 64)
	none := &bot.Error{Code: bot.NotFound, Message: "You have no request with that number. Type /communities list to see yours."}
	if err != nil {
		return nil, none
	}
	r, err := c.Store.Request(ctx, n)
	if err != nil && bot.CodeOf(err) != bot.NotFound {
		return nil, err
	}
	if err != nil || !r.Mine(e.By) {
		return nil, none
	}
	card := c.Card(&r)
	text := bot.Say("{}\n{}", bot.Bold(card.Title), card.Text)
	for _, f := range card.Facts {
		text = append(text, bot.Say("\n{}: {}", f.Label, f.Value)...)
	}
	return bot.Tell{Text: text}, nil
}
