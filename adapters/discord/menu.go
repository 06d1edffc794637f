package discord

import (
	"cmp"
	"slices"

	"communitybot/bot"

	"github.com/bwmarrin/discordgo"
)

// The limits of a choice.
// https://discord.com/developers/docs/components/reference#string-select
const (
	maxMenus       = 4 // on a message, and one row of buttons below them
	maxOptions     = 25
	maxOption      = 100
	maxPlaceholder = 150
)

// menu draws a choice on a message. Whatever is chosen comes back with id.
func menu(f bot.Field, id string) discordgo.MessageComponent {
	least, most := 0, 1
	if f.Kind == bot.ManyOf {
		most = len(f.Options)
	} else if f.Required {
		least = 1
	}
	m := discordgo.SelectMenu{
		MenuType: discordgo.StringSelectMenu, CustomID: id, MinValues: &least, MaxValues: most,
		Placeholder: label(f, maxPlaceholder), Options: menuOptions(f),
	}
	return discordgo.ActionsRow{Components: []discordgo.MessageComponent{m}}
}

// menuOptions draws what can be chosen, and marks what is.
func menuOptions(f bot.Field) []discordgo.SelectMenuOption {
	now := chosen(f)
	list := make([]discordgo.SelectMenuOption, len(f.Options))
	for i, o := range f.Options {
		list[i] = discordgo.SelectMenuOption{
			Label: cut(cmp.Or(o.Label, o.Value), maxOption), Value: o.Value, Default: slices.Contains(now, o),
		}
	}
	return list
}
