package discord

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"communitybot/bot"

	"github.com/bwmarrin/discordgo"
)

// nameOf returns how people know a person or a group.
func nameOf(u bot.User) string {
	name := cmp.Or(u.Name, u.ID)
	if u.Group {
		return "@" + strings.TrimPrefix(name, "@") // Discord's own role for all is named "@everyone" as it is
	}
	return name
}

// isID reports whether s can be the ID of anything on Discord. A message that allows another one to be notified is
// refused. https://discord.com/developers/docs/reference#snowflakes
func isID(s string) bool {
	n, err := strconv.ParseUint(s, 10, 63)
	return err == nil && n > 0
}

// mention returns what mentions a person or a role, or nothing when there is no such one on Discord.
// https://discord.com/developers/docs/reference#message-formatting-formats
func mention(m bot.Mention) string {
	switch {
	case m.Platform != platform || !isID(m.ID):
		return ""
	case m.Group:
		return "<@&" + m.ID + ">"
	default:
		return "<@" + m.ID + ">"
	}
}

// notified allows content, drawn from t, to notify those whom it still mentions, and nobody else. A role is notified when
// anyone may mention it, or the bot may mention all roles.
// https://discord.com/developers/docs/resources/message#allowed-mentions-object
func notified(t bot.Text, content string) *discordgo.MessageAllowedMentions {
	allowed := &discordgo.MessageAllowedMentions{Parse: []discordgo.AllowedMentionType{}}
	for _, s := range t {
		m, ok := s.(bot.Mention)
		if !ok {
			continue
		}
		ids := &allowed.Users
		if m.Group {
			ids = &allowed.Roles
		}
		if mark := mention(m); mark != "" && strings.Contains(content, mark) && !slices.Contains(*ids, m.ID) {
			*ids = append(*ids, m.ID)
		}
	}
	return allowed
}
