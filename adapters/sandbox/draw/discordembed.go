package draw

import (
	"fmt"
	"path"
	"strings"
	"time"
)

// discordCard is what the template of an embed is made of.
type discordCard struct {
	Color       string // "" is the platform's own
	Author      discordPieces
	AuthorIcon  *discordImage
	Title       discordPieces
	Description discordPieces
	Fields      []discordFact
	Thumbnail   *discordImage
	Image       *discordImage
	Footer      discordPieces
	FooterIcon  *discordImage
	When        discordPieces
}

type discordFact struct {
	Name, Value discordPieces
	Inline      bool
}

// discordImage is a picture that the page may load from Source; "" when it may not.
type discordImage struct{ Source, Address, Name string }

// card draws an embed. Author and footer take no Markdown, and mentions are read in the description and the values only.
func (e discordEmbed) card(w World) discordCard {
	all, few := discordReader{World: w, names: true}, discordReader{World: w}
	c := discordCard{
		Author:     discordLinked(discordPieces{discordWords(e.Author.Name)}, e.Author.URL),
		AuthorIcon: discordLoaded(e.Author.Icon, w),
		Thumbnail:  discordLoaded(e.Thumbnail.URL, w),
		Image:      discordLoaded(e.Image.URL, w),
		Footer:     discordLinked(discordPieces{discordWords(e.Footer.Text)}, ""),
		FooterIcon: discordLoaded(e.Footer.Icon, w),
	}
	if strings.TrimSpace(discordWords(e.Description).Text) != "" {
		c.Description = all.markdown(e.Description)
	}
	if e.Color > 0 {
		c.Color = fmt.Sprintf("#%06x", e.Color&0xFFFFFF)
	}
	titled := few
	titled.linked = discordLinks(e.URL)
	c.Title = discordLinked(titled.inline(e.Title), e.URL)
	for _, f := range e.Fields {
		c.Fields = append(c.Fields, discordFact{Name: few.inline(f.Name), Value: all.markdown(f.Value), Inline: f.Inline})
	}
	if at, err := time.Parse(time.RFC3339, e.Timestamp); err == nil {
		c.When = discordPosted(at)
	}
	return c
}

// discordLinked makes a link of pieces if there is anywhere to go, and nothing of no words.
func discordLinked(pieces discordPieces, address string) discordPieces {
	switch {
	case len(pieces) == 0, len(pieces) == 1 && pieces[0].Kind == "" && pieces[0].Text == "":
		return nil
	case discordLinks(address):
		return discordPieces{{Kind: "link", Target: address, Inside: pieces}}
	default:
		return pieces
	}
}

// discordLoaded asks where the page may load a picture from.
func discordLoaded(address string, w World) *discordImage {
	if address == "" {
		return nil
	}
	name, _, _ := strings.Cut(path.Base(address), "?")
	return &discordImage{Source: w.Picture(address), Address: address, Name: name}
}
