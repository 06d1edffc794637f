package draw

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// safeElements are all that may be in what is drawn, with the attributes that each may have beside those of safeAnywhere.
var safeElements = map[string]string{
	"a": "href rel target", "article": "", "aside": "", "b": "", "blockquote": "", "br": "", "button": "type disabled value",
	"circle": "cx cy r fill", "code": "", "dd": "", "del": "", "details": "open", "div": "", "dl": "", "dt": "", "em": "",
	"fieldset": "disabled", "figcaption": "", "figure": "", "footer": "", "form": "novalidate", "h2": "", "h3": "", "h4": "",
	"h5": "", "h6": "", "header": "", "hr": "", "i": "", "img": "src alt width height loading decoding",
	"input": "type name value placeholder checked disabled readonly required autocomplete minlength maxlength min max step " +
		"inputmode spellcheck",
	"label": "for", "legend": "", "li": "value", "ol": "start", "optgroup": "label disabled", "option": "value selected disabled",
	"p": "", "path": "d fill", "pre": "", "rect": "x y width height rx fill", "s": "", "section": "",
	"select": "name disabled required", "small": "", "span": "", "strong": "", "summary": "",
	"svg": "viewbox width height focusable", "textarea": "name placeholder rows disabled required minlength maxlength spellcheck",
	"time": "datetime", "u": "", "ul": "",
}

// safeAnywhere are attributes that every element may have, beside those that begin with "aria-" or "data-".
var safeAnywhere = []string{"id", "class", "role", "hidden", "tabindex", "title", "lang", "dir"}

// safeVoid are elements that have no end.
var safeVoid = []string{"br", "hr", "img", "input"}

// safe fails unless a piece of HTML has nothing in it but what may be drawn: known elements, properly nested, with known
// attributes; links that lead to the web, to a mail program or about this page; pictures from here.
func safe(t *testing.T, drawn string) {
	t.Helper()
	if err := flaw(drawn); err != nil {
		t.Fatalf("%v in %.2000q", err, drawn)
	}
}

// flaw goes by tokens, as they are written: a parser would mend what is broken.
func flaw(drawn string) error {
	var open []string
	for z := html.NewTokenizer(strings.NewReader(drawn)); ; {
		kind := z.Next()
		token := z.Token()
		switch kind {
		case html.ErrorToken:
			if len(open) > 0 || !errors.Is(z.Err(), io.EOF) {
				return fmt.Errorf("it ends with %v open: %w", open, z.Err())
			}
			return nil
		case html.CommentToken, html.DoctypeToken:
			return fmt.Errorf("%q is no part of a drawing", token)
		case html.StartTagToken, html.SelfClosingTagToken:
			if err := flawInTag(token); err != nil {
				return err
			}
			if kind == html.StartTagToken && !slices.Contains(safeVoid, token.Data) {
				open = append(open, token.Data)
			}
		case html.EndTagToken:
			if len(open) == 0 || open[len(open)-1] != token.Data {
				return fmt.Errorf("%q with %v open", token, open)
			}
			open = open[:len(open)-1]
		}
	}
}

func flawInTag(tag html.Token) error {
	attributes, known := safeElements[tag.Data]
	if !known {
		return fmt.Errorf("the element %q", tag)
	}
	allowed := append(strings.Fields(attributes), safeAnywhere...)
	for _, a := range tag.Attr {
		free := strings.HasPrefix(a.Key, "aria-") || strings.HasPrefix(a.Key, "data-")
		switch {
		case !free && !slices.Contains(allowed, strings.ToLower(a.Key)):
			return fmt.Errorf("the attribute %s on %q", a.Key, tag)
		case (a.Key == "href" || a.Key == "src") && !safeAddress(tag.Data, a.Val):
			return fmt.Errorf("the address %q on %q", a.Val, tag)
		}
	}
	return nil
}

// safeAddress reports whether an element may lead there. What a browser can't make sense of leads nowhere.
func safeAddress(element, address string) bool {
	scheme, _, absolute := strings.Cut(strings.ToLower(address), ":")
	if u, err := url.Parse(address); err == nil {
		scheme, absolute = strings.ToLower(u.Scheme), u.Scheme != "" || u.Host != ""
	}
	return !absolute || element == "a" && slices.Contains([]string{"http", "https", "mailto"}, scheme)
}

func TestWhatIsNotSafeIsFound(t *testing.T) {
	for _, drawn := range []string{
		"<script>x</script>", "<p onclick='x'>x</p>", "<p style='x'>x</p>", "<a href='javascript:x'>x</a>", "<a href=' JAVASCRIPT:x'>x</a>",
		"<img src='https://elsewhere.example/x.png'>", "<img src='//elsewhere.example/x.png'>", "<p>x", "x</p>", "<p><b>x</p></b>",
		"<!-- x -->", "<a href='data:text/html,x'>x</a>", "<base href='/'>", "<iframe></iframe>",
	} {
		if flaw(drawn) == nil {
			t.Errorf("%s passes", drawn)
		}
	}
	safe(t, `<p class="x">x <a href="https://x.example/?a=b&amp;c">x</a> <a href="#x">x</a><img src="/picture/1" alt="x"></p>`)
}
