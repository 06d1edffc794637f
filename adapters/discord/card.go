package discord

import (
	"cmp"
	"fmt"
	"slices"
	"unicode/utf8"

	"communitybot/bot"

	"github.com/bwmarrin/discordgo"
)

// The limits of a message.
// https://discord.com/developers/docs/resources/message#create-message-jsonform-params
// https://discord.com/developers/docs/components/reference#button
const (
	maxContent = 2000
	maxRows    = 5
	maxInRow   = 5
	maxLabel   = 80
	maxLine    = 200 // ours
)

// message is a message as the REST API and interaction responses take it. What can be empty is sent
// all the same: an update must clear what is no longer there, the flag that hides embeds too.
type message struct {
	Content    string                            `json:"content"`
	Embeds     []*discordgo.MessageEmbed         `json:"embeds"`
	Components []discordgo.MessageComponent      `json:"components"`
	Mentions   *discordgo.MessageAllowedMentions `json:"allowed_mentions"`
	Flags      discordgo.MessageFlags            `json:"flags"`
	Nonce      string                            `json:"nonce,omitempty"`
	Enforce    bool                              `json:"enforce_nonce,omitempty"` // the same nonce makes no second message
	Reference  *discordgo.MessageReference       `json:"message_reference,omitempty"`
	flatEnd    string                            // the last line of this card where it is drawn without an embed
}

// content is a message that notifies nobody.
func content(s string) message {
	return message{Content: s, Embeds: []*discordgo.MessageEmbed{}, Components: []discordgo.MessageComponent{}, Mentions: notified(nil, "")}
}

// card draws a card with its buttons. It fails on a button whose call does not fit.
func card(c bot.Card) (message, error) {
	m := face(c)
	m.flatEnd = flatFooter(c)
	err := m.add(c.Actions)
	return m, err
}

// face draws what is to be read on a card. One with nothing but text is a line, whose mentions notify. Of any other, title
// and text are the content, which notifications and screen readers begin with and which works without embeds; an embed
// below holds the rest. Its links have no preview of their own: hiding all would hide the embed, too.
func face(c bot.Card) message {
	if c.Title == "" && len(c.Facts) == 0 && len(c.Images) == 0 && c.Color == "" && len(c.Footer) == 0 {
		return say(c.Text)
	}
	m := content(quietly(heading(c), maxContent))
	if e := embed(c); e != nil {
		m.Embeds = append(m.Embeds, e)
	}
	return m
}

// heading is a card's title and text.
func heading(c bot.Card) (t bot.Text) {
	if c.Title != "" {
		t = append(t, bot.Bold(cut(c.Title, maxTitle)))
	}
	if c.Title != "" && len(c.Text) > 0 {
		t = append(t, bot.Plain("\n"))
	}
	return append(t, c.Text...)
}

// flat draws a card without an embed, for where the bot may make none: what would stand there follows the text, as far as
// there is room, what may be long after the rest. The footer is the last line. Pictures can't be had then.
func flat(c bot.Card) (message, error) {
	t := heading(c)
	facts := func(long bool) {
		for _, f := range c.Facts {
			if f.Long == long {
				t = append(t, bot.Plain("\n"), bot.Bold(f.Label), bot.Plain(": "))
				t = append(t, f.Value...)
			}
		}
	}
	facts(false)
	facts(true)
	end := flatFooter(c)
	if end != "" {
		end = "\n" + end
	}
	m := content(quietly(t, maxContent-utf8.RuneCountInString(end)) + end)
	m.flatEnd = flatFooter(c)
	return m, m.add(c.Actions)
}

// flatFooter is the last line of a card that is drawn without an embed.
func flatFooter(c bot.Card) string { return quietly(c.Footer, maxLine) }

// add puts buttons below a message. It fails when there are too many, or one's call does not fit.
func (m *message) add(actions []bot.Action) error {
	if len(actions) > maxRows*maxInRow {
		return fmt.Errorf("discord: a message with %d buttons", len(actions))
	}
	var buttons []discordgo.MessageComponent
	for _, action := range actions {
		id := action.Call.String()
		if len(id) > maxCustomID {
			return fmt.Errorf("discord: the call of the button %q has %d bytes", action.Label, len(id))
		}
		buttons = append(buttons, button(action.Label, action.Style, id))
	}
	m.Components = append(m.Components, rows(buttons)...)
	return nil
}

func button(label string, style bot.Style, id string) discordgo.Button {
	look := discordgo.SecondaryButton
	switch style {
	case bot.Primary:
		look = discordgo.PrimaryButton
	case bot.Danger:
		look = discordgo.DangerButton
	}
	return discordgo.Button{Label: cut(cmp.Or(label, "…"), maxLabel), Style: look, CustomID: id}
}

// rows puts buttons in rows of five.
func rows(buttons []discordgo.MessageComponent) []discordgo.MessageComponent {
	var list []discordgo.MessageComponent
	for row := range slices.Chunk(buttons, maxInRow) {
		list = append(list, discordgo.ActionsRow{Components: row})
	}
	return list
}
