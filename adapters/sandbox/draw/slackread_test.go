package draw

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"communitybot/adapters/person"

	"golang.org/x/net/html"
)

// slackParsed returns the elements in what was drawn, by tokens: a parser leaves a break at the start of code out.
func slackParsed(drawn string) *html.Node {
	root := &html.Node{Type: html.ElementNode}
	at := root
	for z := html.NewTokenizer(strings.NewReader(drawn)); ; {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			return root
		case html.TextToken:
			at.AppendChild(&html.Node{Type: html.TextNode, Data: z.Token().Data})
		case html.EndTagToken:
			at = at.Parent
		case html.StartTagToken, html.SelfClosingTagToken:
			token := z.Token()
			n := &html.Node{Type: html.ElementNode, Data: token.Data, Attr: token.Attr}
			at.AppendChild(n)
			if kind == html.StartTagToken && !slices.Contains(safeVoid, n.Data) {
				at = n
			}
		}
	}
}

func slackTextOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

func slackAttr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func slackIs(n *html.Node, class string) bool {
	return slices.Contains(strings.Fields(slackAttr(n, "class")), class)
}

// slackShows reads a drawn message as the fake shows it.
func slackShows(t *testing.T, drawn string) person.Message {
	t.Helper()
	safe(t, drawn)
	var m person.Message
	var lines []string
	add := func(list *[]string, s string) {
		if s != "" && !slices.Contains(*list, s) {
			*list = append(*list, s)
		}
	}
	for n := range slackParsed(drawn).Descendants() {
		switch {
		case slackIs(n, "header"), slackIs(n, "said"), n.Data == "figcaption":
			lines = append(lines, slackTextOf(n))
		case slackIs(n, "fact"):
			if label, value, found := strings.Cut(slackTextOf(n), "\n"); found {
				lines = append(lines, label+": "+value)
			} else {
				lines = append(lines, label)
			}
		case slackIs(n, "context"):
			lines = append(lines, strings.TrimSpace(slackTextOf(n)))
		case slackAttr(n, "data-act") == "press":
			m.Buttons = append(m.Buttons, slackAttr(n, "data-label"))
		case n.Data == "a":
			add(&m.Links, slackAttr(n, "href"))
		case n.Data == "img":
			address, err := url.QueryUnescape(strings.TrimPrefix(slackAttr(n, "src"), "/picture?at="))
			if err != nil {
				t.Fatal(err)
			}
			m.Images = append(m.Images, address)
		case n.Data == "rect":
			m.Color = slackAttr(n, "fill")
		}
	}
	m.Text = strings.Join(lines, "\n")
	return m
}

// slackShowsForm reads a drawn form as the fake shows it.
func slackShowsForm(t *testing.T, drawn string) person.Form {
	t.Helper()
	safe(t, drawn)
	var f person.Form
	for n := range slackParsed(drawn).Descendants() {
		switch {
		case n.Data == "form":
			f.ID = slackAttr(n, "data-form")
		case n.Data == "h2":
			f.Title = slackTextOf(n)
		case slackIs(n, "said"):
			f.Text = slackTextOf(n)
		case slackAttr(n, "type") == "submit":
			f.Submit = slackTextOf(n)
		case slackIs(n, "field"):
			f.Fields = append(f.Fields, slackShowsField(n))
		}
	}
	return f
}

func slackShowsField(field *html.Node) person.Field {
	var f person.Field
	var chosen []string
	for n := range field.Descendants() {
		_, isChosen := slackAttributes(n)["selected"]
		_, isChecked := slackAttributes(n)["checked"]
		switch {
		case n.Data == "legend", n.Data == "label" && !slackIs(n, "choice"):
			f.Label, _, _ = strings.Cut(slackTextOf(n), " (optional)")
			f.Optional = f.Label != slackTextOf(n)
		case n.Data == "textarea":
			f.Value, f.Long = strings.TrimPrefix(slackTextOf(n), "\n"), true
		case slackAttr(n, "type") == "text":
			f.Value = slackAttr(n, "value")
		case n.Data == "option" && slackAttr(n, "value") != "", slackAttr(n, "type") == "checkbox", slackAttr(n, "type") == "radio":
			f.Options = append(f.Options, slackAttr(n, "value"))
			f.Many = f.Many || slackAttr(n, "type") == "checkbox"
			if isChosen || isChecked {
				chosen = append(chosen, slackAttr(n, "value"))
			}
		case slackIs(n, "problem"):
			f.Problem = slackTextOf(n)
		case slackIs(n, "hint"):
			f.Hint = slackTextOf(n)
		}
	}
	if len(f.Options) > 0 {
		f.Value = strings.Join(chosen, ",")
	}
	return f
}

func slackAttributes(n *html.Node) map[string]string {
	all := map[string]string{}
	for _, a := range n.Attr {
		all[a.Key] = a.Val
	}
	return all
}
