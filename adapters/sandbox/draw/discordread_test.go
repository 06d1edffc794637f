package draw

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"communitybot/adapters/person"
)

// discordParse reads HTML as a browser does.
func discordParse(t testing.TB, drawn string) *html.Node {
	t.Helper()
	root, err := html.Parse(strings.NewReader(drawn))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

func discordAttribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func discordHas(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

// discordIs reports whether n is an element "name", "name.class" or ".class".
func discordIs(n *html.Node, what string) bool {
	name, class, _ := strings.Cut(what, ".")
	return n.Type == html.ElementNode && (name == "" || n.Data == name) &&
		(class == "" || slices.Contains(strings.Fields(discordAttribute(n, "class")), class))
}

// discordFind returns the elements below n that are any of these, in order, but nothing inside them nor of what stands under a
// message.
func discordFind(n *html.Node, what ...string) []*html.Node {
	var found []*html.Node
	for c := range n.ChildNodes() {
		switch {
		case discordIs(c, "section.thread") || discordIs(c, "section.replies"):
		case slices.ContainsFunc(what, func(w string) bool { return discordIs(c, w) }):
			found = append(found, c)
		default:
			found = append(found, discordFind(c, what...)...)
		}
	}
	return found
}

// discordTextOf returns the text of an element as it is read, a block to the line.
func discordTextOf(n *html.Node) string {
	var parts []string
	for c := range n.ChildNodes() {
		switch {
		case discordIs(c, ".edited"), c.Type == html.TextNode && c.NextSibling != nil && discordIs(c.NextSibling, ".edited"):
		case c.Type == html.TextNode:
			parts = append(parts, c.Data)
		case discordIs(c, "li") && discordAttribute(c, "value") != "":
			parts = append(parts, discordAttribute(c, "value")+". "+discordTextOf(c))
		case discordIs(c, "li"):
			parts = append(parts, "• "+discordTextOf(c))
		default:
			parts = append(parts, discordTextOf(c))
		}
	}
	if slices.ContainsFunc([]string{".text", "blockquote", "ul", "ol"}, func(block string) bool { return discordIs(n, block) }) {
		return strings.Join(parts, "\n")
	}
	return strings.Join(parts, "")
}

// discordReadMessage reads a drawn message as a person does.
func discordReadMessage(t testing.TB, drawn string) person.Message {
	t.Helper()
	article := discordFind(discordParse(t, drawn), "article.message")[0]
	m := person.Message{Private: discordIs(article, ".private") && len(discordFind(article, ".only")) == 1, Author: discordTextOf(discordFind(article, ".author")[0])}
	var lines []string
	for _, n := range discordFind(article, "p.thinking", ".text", "p.byline", "p.title", "dt", "p.footer") {
		line := discordTextOf(n)
		switch {
		case discordIs(n, "dt"):
			line += ": " + discordTextOf(n.NextSibling)
		case discordIs(n, "dd"):
			continue // with its name
		case discordIs(n, "p.footer"):
			line = discordTextOf(n.FirstChild)
		}
		lines = append(lines, line)
	}
	m.Text = strings.Join(lines, "\n")
	for _, n := range discordFind(article, "button", "a") {
		switch {
		case discordIs(n, "a.reply"):
		case discordIs(n, "a") && !slices.Contains(m.Links, discordAttribute(n, "href")):
			m.Links = append(m.Links, discordAttribute(n, "href"))
		case discordIs(n, "button") && !discordHas(n, "disabled"):
			m.Buttons = append(m.Buttons, discordAttribute(n, "data-label"))
		}
	}
	return m
}

// discordReadForm reads a drawn form as a person does.
func discordReadForm(t testing.TB, drawn string) person.Form {
	t.Helper()
	form := discordFind(discordParse(t, drawn), "form")[0]
	f := person.Form{ID: discordAttribute(form, "data-form"), Title: discordTextOf(discordFind(form, "h2")[0])}
	var text []string
	for _, n := range discordFind(form, ".text") {
		text = append(text, discordTextOf(n))
	}
	f.Text = strings.Join(text, "\n")
	for _, n := range discordFind(form, "button") {
		if discordAttribute(n, "type") == "submit" {
			f.Submit = discordTextOf(n)
		}
	}
	for _, n := range discordFind(form, ".field") {
		f.Fields = append(f.Fields, discordReadField(n))
	}
	return f
}

func discordReadField(n *html.Node) person.Field {
	f := person.Field{Many: discordIs(n, "fieldset"), Optional: len(discordFind(n, ".required")) == 0}
	for _, c := range discordFind(n, ".about", ".problem", "input", "textarea", "select") {
		switch {
		case discordIs(c, ".about") && strings.HasSuffix(discordAttribute(c, "id"), "-hint"):
			f.Hint = discordTextOf(c)
		case discordIs(c, ".problem"):
			f.Problem = discordTextOf(c)
		case discordIs(c, "textarea"):
			f.Label, f.Value, f.Long = discordAttribute(c, "name"), discordTextOf(c), true
		case discordIs(c, "select"):
			f.Label = discordAttribute(c, "name")
			for _, o := range discordFind(c, "option") {
				discordReadOption(&f, discordAttribute(o, "value"), discordHas(o, "selected"))
			}
		case discordAttribute(c, "type") == "checkbox":
			f.Label = discordAttribute(c, "name")
			discordReadOption(&f, discordAttribute(c, "value"), discordHas(c, "checked"))
		case discordIs(c, "input"):
			f.Label, f.Value = discordAttribute(c, "name"), discordAttribute(c, "value")
		}
	}
	return f
}

// discordReadOption adds an option; the one without a value stands for none.
func discordReadOption(f *person.Field, label string, chosen bool) {
	if label == "" {
		return
	}
	f.Options = append(f.Options, label)
	if chosen {
		f.Value = strings.TrimPrefix(f.Value+","+label, ",")
	}
}
