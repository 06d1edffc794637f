package draw

import (
	"html/template"
	"strings"
)

// discordPieces is a text, read. It is not drawn by templates, which take long for a text of many marks.
type discordPieces []discordPiece

// discordTags are what stands around what is inside of a piece, by its kind.
var discordTags = map[string][2]string{
	"paragraph": {"<p>", "</p>"}, "subtext": {`<p class="subtext">`, "</p>"}, "quote": {"<blockquote>", "</blockquote>"},
	"heading1": {"<h4>", "</h4>"}, "heading2": {"<h5>", "</h5>"}, "heading3": {"<h6>", "</h6>"},
	"list": {"<ul>", "</ul>"}, "numbers": {"<ol>", "</ol>"}, "item": {"<li>", "</li>"}, "deeper": {`<li class="deeper">`, "</li>"},
	"strong": {"<strong>", "</strong>"}, "em": {"<em>", "</em>"}, "both": {"<em><strong>", "</strong></em>"},
	"underline": {"<u>", "</u>"}, "strike": {"<s>", "</s>"}, "spoiler": {`<span class="spoiler" tabindex="0">`, "</span>"},
	"code": {"<code>", "</code>"}, "pre": {"<pre><code>", "</code></pre>"}, "mention": {`<span class="mention">`, "</span>"},
}

// HTML draws the text. What people wrote is in it only as escaped text, and as the address of a link to the web.
func (list discordPieces) HTML() template.HTML {
	var b strings.Builder
	list.write(&b)
	return template.HTML(b.String())
}

func (list discordPieces) write(b *strings.Builder) {
	for _, p := range list {
		tags := discordTags[p.Kind]
		switch {
		case p.Kind == "link" && discordLinks(p.Target):
			tags = [2]string{`<a href="` + template.HTMLEscapeString(p.Target) + `" rel="noopener noreferrer" target="_blank">`, "</a>"}
		case p.Kind == "time":
			tags = [2]string{`<time datetime="` + template.HTMLEscapeString(p.Target) + `" data-style="` + template.HTMLEscapeString(p.Style) + `">`, "</time>"}
		case p.Number != "":
			tags[0] = strings.TrimSuffix(tags[0], ">") + ` value="` + template.HTMLEscapeString(p.Number) + `">`
		}
		b.WriteString(tags[0])
		template.HTMLEscape(b, []byte(p.Text))
		p.Inside.write(b)
		b.WriteString(tags[1])
	}
}
