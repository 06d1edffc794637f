package discord

import (
	"slices"
	"strings"
	"unicode/utf8"

	"communitybot/bot"

	"github.com/bwmarrin/discordgo"
)

// maxDescription is that of an embed.
// https://discord.com/developers/docs/resources/message#embed-object-embed-limits
const maxDescription = 4096

// say draws a text as a message of plain content, in which mentions notify. What does not fit there stands in embeds below.
func say(t bot.Text) message {
	words := pen{}.all(t)
	if utf8.RuneCountInString(words) > maxContent {
		return spread(lines(t))
	}
	m := content(words)
	m.Mentions = notified(t, m.Content)
	if strings.Contains(m.Content, "http://") || strings.Contains(m.Content, "https://") {
		m.Flags = discordgo.MessageFlagsSuppressEmbeds // the preview of a link would be larger than the message
	}
	return m
}

// plain is say without any spans.
func plain(s string) message { return say(bot.Text{bot.Plain(s)}) }

// spread draws lines as content and, below it, the descriptions of embeds, as many as fit. Lines are kept whole, unless
// more fits otherwise.
func spread(lines []bot.Text) message {
	parts, all := pack(lines, false)
	if !all {
		parts, _ = pack(lines, true)
	}
	m := content(parts[0])
	m.Mentions = notified(slices.Concat(lines...), m.Content)
	for _, part := range parts[1:] {
		m.Embeds = append(m.Embeds, &discordgo.MessageEmbed{Description: part})
	}
	return m
}

// pack puts lines into the content of a message and into embeds, and reports whether all of them fit. tight breaks lines
// wherever there is room left.
func pack(lines []bot.Text, tight bool) (parts []string, all bool) {
	lines = slices.Clone(lines)
	left := maxEmbed
	for room := maxContent; room > 1 && len(lines) > 0; room = min(maxDescription, left) {
		part, rest := stow(lines, room-1, tight) // one is for "…"
		if part == "" && len(parts) > 0 {
			break
		}
		if len(parts) > 0 {
			left -= utf8.RuneCountInString(part) + 1
		}
		parts, lines = append(parts, part), rest
	}
	if len(lines) > 0 {
		parts[len(parts)-1] += "…"
	}
	return parts, len(lines) == 0
}

// stow draws as many lines as fit into room characters, and returns the others. One that does not fit is broken if it is
// the first: who is mentioned at its beginning is to be in the content. Others are broken if tight.
func stow(lines []bot.Text, room int, tight bool) (drawn string, rest []bot.Text) {
	var b strings.Builder
	p := pen{quiet: true}
	for i, line := range lines {
		end := ""
		if b.Len() > 0 {
			end = "\n"
		}
		whole := p.all(line)
		if n := len(end) + utf8.RuneCountInString(whole); n <= room {
			b.WriteString(end + whole)
			room -= n
			continue
		}
		rest = lines[i:]
		if tight || b.Len() == 0 {
			head, tail := p.begin(line, room-len(end))
			if head != "" {
				b.WriteString(end + head)
				rest = slices.Concat([]bot.Text{tail}, lines[i+1:])
			}
		}
		return b.String(), rest
	}
	return b.String(), nil
}

// lines breaks a text where its plain words do.
func lines(t bot.Text) []bot.Text {
	list := []bot.Text{nil}
	for _, s := range t {
		words, ok := s.(bot.Plain)
		if !ok {
			list[len(list)-1] = append(list[len(list)-1], s)
			continue
		}
		for i, line := range strings.Split(string(words), "\n") {
			if i > 0 {
				list = append(list, nil)
			}
			if line != "" {
				list[len(list)-1] = append(list[len(list)-1], bot.Plain(line))
			}
		}
	}
	return list
}
