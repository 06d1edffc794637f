package commands

import (
	"context"
	"fmt"
	"strings"

	"communitybot/bot"
)

// maxOffered is how many values are offered for a field: as many as a platform's menu takes at most.
const maxOffered = 100

// suggest offers what a field that is being typed in may be filled in with.
func (c *Commands) suggest(ctx context.Context, e bot.Event) (bot.Reply, error) {
	typed := e.Values[e.Field]
	switch e.Field {
	case fieldCategories, paramCategory:
		return bot.Offer{Options: matching(c.Categories, typed)}, nil
	case fieldType:
		return bot.Offer{Options: matching(c.Types, typed)}, nil
	case paramText:
		options, err := c.sentences(ctx, e)
		return bot.Offer{Options: matching(options, typed)}, err
	}
	return bot.Offer{}, nil
}

// matching returns the options that begin with what was typed, and then those that hold it elsewhere.
func matching(options []bot.Option, typed string) []bot.Option {
	typed = strings.ToLower(clean(typed))
	var first, then []bot.Option
	for _, o := range options {
		switch i := strings.Index(strings.ToLower(o.Label), typed); {
		case i == 0:
			first = append(first, o)
		case i > 0:
			then = append(then, o)
		}
	}
	all := append(first, then...)
	return all[:min(len(all), maxOffered)]
}

// sentences returns what can be typed after /communities, with the newest requests of the one who types.
func (c *Commands) sentences(ctx context.Context, e bot.Event) ([]bot.Option, error) {
	var all []bot.Option
	for _, s := range []string{"list mine", "list waiting", "list all", "help"} {
		all = append(all, bot.Option{Value: s, Label: s})
	}
	mine, err := c.Store.List(ctx, bot.Filter{By: &e.By, Limit: pageLength})
	if err != nil {
		return nil, err
	}
	for _, r := range mine {
		show := fmt.Sprintf("show %d", r.ID)
		all = append(all, bot.Option{Value: show, Label: show + " · " + r.Community.Name})
	}
	return all, nil
}
