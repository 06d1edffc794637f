// Package draw turns what the bot sent to Slack and Discord into HTML: Block Kit and Discord's components, a template for
// every kind that the bot uses, and a visible "unknown" for any other. All text comes from people or over the wire, and
// is escaped by html/template.
//
// It imports adapters/person and the standard library.
package draw

import (
	"bytes"
	"embed"
	"html/template"
	"sync"
)

// World is what payloads only have IDs and addresses of. Every function returns "" for what it does not know.
type World struct {
	User    func(id string) string
	Group   func(id string) string // Slack's user groups, Discord's roles
	Channel func(id string) string
	Picture func(address string) string // where the page may load it from; "" for pictures from elsewhere
}

//go:embed templates/*.html
var files embed.FS

// templates are parsed when the first is drawn: the bot has them in it, too, and is to start at once.
var templates = sync.OnceValue(func() *template.Template { return template.Must(template.New("").ParseFS(files, "templates/*.html")) })

// run executes a template of the package. Its data is made here, so an error is a mistake in the package: it is shown.
func run(name string, data any) template.HTML {
	var b bytes.Buffer
	if err := templates().ExecuteTemplate(&b, name, data); err != nil {
		b.Reset()
		template.HTMLEscape(&b, []byte("This can't be drawn: "+err.Error()))
	}
	return template.HTML(b.String()) // made by html/template
}
