package discordfake

import (
	"fmt"
	"slices"
	"strings"

	"communitybot/adapters/person"
)

// draw shows a message as a person sees it.
func (f *Fake) draw(m *message) person.Message {
	p := painter{f: f}
	if m.Flags&flagLoading != 0 {
		p.line(botName + " is thinking…")
	}
	p.line(p.markdown(m.Content))
	shown := person.Message{ID: m.ID, Author: m.Author.GlobalName, Private: m.only != nil, Edited: m.EditedTimestamp != nil}
	if m.Flags&flagSuppressEmbeds == 0 {
		for _, e := range m.Embeds {
			p.embed(e)
			if e.Color != nil && shown.Color == "" {
				shown.Color = fmt.Sprintf("#%06X", *e.Color)
			}
		}
	}
	for _, row := range m.Components {
		for _, c := range row.Components {
			switch {
			case c.Type == componentSelect && !c.Disabled:
				shown.Menus = append(shown.Menus, menu(c))
			case c.Type == componentButton && !c.Disabled:
				shown.Buttons = append(shown.Buttons, c.Label)
				p.link(orZero(c.URL))
			}
		}
	}
	shown.Text, shown.Images, shown.Links = strings.Join(p.lines, "\n"), p.images, p.links
	shown.Pings = slices.Clone(m.pings)
	return shown
}

// painter collects what is seen of one message.
type painter struct {
	f      *Fake
	lines  []string
	images []string
	links  []string
}

func (p *painter) line(s string) {
	if s != "" {
		p.lines = append(p.lines, s)
	}
}

func (p *painter) link(url string) {
	if url != "" && !slices.Contains(p.links, url) {
		p.links = append(p.links, url)
	}
}

// embed draws an embed from top to bottom. Author and footer take no markdown, and mentions work in the description and
// the values only.
func (p *painter) embed(e embed) {
	if e.Author != nil {
		p.line(e.Author.Name)
		p.link(orZero(e.Author.URL))
	}
	p.line(p.inline(e.Title, false))
	p.link(orZero(e.URL))
	p.line(p.markdown(e.Description))
	for _, field := range e.Fields {
		p.line(p.inline(field.Name, false) + ": " + p.markdown(field.Value))
	}
	if e.Footer != nil {
		p.line(visible(e.Footer.Text))
	}
	for _, picture := range []*embedImage{e.Thumbnail, e.Image} {
		if picture != nil && picture.URL != nil {
			p.images = append(p.images, *picture.URL)
		}
	}
}

// menu shows a select menu of a message.
func menu(c component) person.Field {
	f := person.Field{Label: c.Placeholder}
	if f.Label == "" {
		f.Label = "Make a selection"
	}
	choices(&f, c)
	return f
}

// choices fills in the options of a select, those chosen already, and how many it takes.
func choices(f *person.Field, c component) {
	var chosen []string
	for _, o := range c.Options {
		f.Options = append(f.Options, o.Label)
		if o.Default {
			chosen = append(chosen, o.Label)
		}
	}
	low, high := c.limits()
	f.Value, f.Many, f.Optional = strings.Join(chosen, ","), high > 1, low == 0
}
