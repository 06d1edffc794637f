package discord

import (
	"cmp"
	"strconv"
	"strings"
	"unicode/utf8"

	"communitybot/bot"

	"github.com/bwmarrin/discordgo"
)

// The limits of an embed; the total counts the characters of all its texts. maxTitle is Discord's for an embed's title,
// and ours for a card's.
// https://discord.com/developers/docs/resources/message#embed-object-embed-limits
const (
	maxTitle      = 256
	maxFields     = 25
	maxFieldName  = 256
	maxFieldValue = 1024
	maxFooter     = 2048
	maxEmbed      = 6000
)

// embed draws what a card shows beside its title and text, or returns nil when that is nothing. What is too long in total
// is cut where it is longest: among long facts first, then among the others; at last whole facts go, from the end. A long
// fact for which a field is too short stands above all, as the description: the longest, if there are several. It is cut
// after the others, since it is what people decide about.
func embed(c bot.Card) *discordgo.MessageEmbed {
	e := &discordgo.MessageEmbed{Color: color(c.Color)}
	if footer := c.Footer.String(); footer != "" {
		e.Footer = &discordgo.MessageEmbedFooter{Text: cut(footer, maxFooter)} // no Markdown there
	}
	pictures(e, c.Images)
	if e.Footer == nil && e.Image == nil && len(c.Facts) == 0 {
		if e.Color == 0 {
			return nil
		}
		e.Description = noWidth // an embed of nothing but a color is refused
	}

	var long, short, above []*part
	longest := longest(c.Facts)
	for i, f := range c.Facts[:min(len(c.Facts), maxFields)] {
		if i == longest {
			t := append(bot.Text{bot.Bold(cut(f.Label, maxFieldName)), bot.Plain("\n")}, f.Value...)
			e.Description = markdown(t, maxDescription)
			above = []*part{{&e.Description, t}}
			continue
		}
		field := &discordgo.MessageEmbedField{
			Name:   cmp.Or(markdown(bot.Text{bot.Plain(strings.TrimSpace(f.Label))}, maxFieldName), noWidth),
			Value:  strings.TrimSpace(markdown(f.Value, maxFieldValue)),
			Inline: !f.Long,
		}
		field.Value = cmp.Or(field.Value, "–") // neither may be empty
		e.Fields = append(e.Fields, field)
		if f.Long {
			long = append(long, &part{&field.Value, f.Value})
		} else {
			short = append(short, &part{&field.Value, f.Value})
		}
	}
	for excess(e) > 0 && (trim(long, excess(e)) || trim(short, excess(e)) || trim(above, excess(e))) {
	}
	for excess(e) > 0 && len(e.Fields) > 0 {
		e.Fields = e.Fields[:len(e.Fields)-1]
	}
	return e
}

// longest returns which long fact is the longest of those that do not fit in a field, or -1.
func longest(facts []bot.Fact) int {
	at, most := -1, maxFieldValue
	for i, f := range facts[:min(len(facts), maxFields)] {
		if n := utf8.RuneCountInString(pen{}.all(f.Value)); f.Long && n > most {
			at, most = i, n
		}
	}
	return at
}

// part is a drawn text of an embed that may become shorter.
type part struct {
	drawn *string
	text  bot.Text
}

// keep is how many characters of a part are left at least.
const keep = 80

// trim cuts the longest of parts by n characters, as far as it goes. It reports whether anything was cut.
func trim(parts []*part, n int) bool {
	var longest *part
	most := keep
	for _, p := range parts {
		if size := utf8.RuneCountInString(*p.drawn); size > most {
			longest, most = p, size
		}
	}
	if longest == nil {
		return false
	}
	*longest.drawn = markdown(longest.text, max(most-n, keep))
	return true
}

// excess returns by how many characters e is over the total, or less than 1.
func excess(e *discordgo.MessageEmbed) int {
	n := utf8.RuneCountInString(e.Description)
	if e.Footer != nil {
		n += utf8.RuneCountInString(e.Footer.Text)
	}
	for _, f := range e.Fields {
		n += utf8.RuneCountInString(f.Name) + utf8.RuneCountInString(f.Value)
	}
	return n - maxEmbed
}

// pictures shows the first image small beside the words and the second one large below them; a single one large.
func pictures(e *discordgo.MessageEmbed, images []bot.Image) {
	var urls []string
	for _, i := range images {
		if isWeb(i.URL) {
			urls = append(urls, i.URL)
		}
	}
	switch len(urls) {
	case 0:
	case 1:
		e.Image = &discordgo.MessageEmbedImage{URL: urls[0]}
	default:
		e.Thumbnail = &discordgo.MessageEmbedThumbnail{URL: urls[0]}
		e.Image = &discordgo.MessageEmbedImage{URL: urls[1]}
	}
}

// color reads "#A4E6DA"; anything else is no color.
func color(s string) int {
	hex, ok := strings.CutPrefix(s, "#")
	n, err := strconv.ParseUint(hex, 16, 24)
	if !ok || len(hex) != 6 || err != nil {
		return 0
	}
	return int(n)
}
