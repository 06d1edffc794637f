package sandbox

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"path"
)

//go:embed page
var assets embed.FS

var page = template.Must(template.ParseFS(assets, "page/page.html"))

// servePage answers the page. What changes while it is open comes from /api/state.
func (s *Sandbox) servePage(w http.ResponseWriter, _ *http.Request) {
	var b bytes.Buffer
	data := map[string]any{"Chats": s.chats, "People": people, "Modes": modes(), "Genuin": s.genuin.URL()}
	if err := page.Execute(&b, data); err != nil {
		answer(w, nil, &problem{http.StatusInternalServerError, "The page can't be drawn: " + err.Error()})
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = b.WriteTo(w) // fails only when the client has gone
}

// serveAsset answers the file of that name. Its type is given, because some computers have their own idea of .js.
func serveAsset(kind string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", kind)
		http.ServeFileFS(w, r, assets, path.Join("page", r.URL.Path))
	}
}
