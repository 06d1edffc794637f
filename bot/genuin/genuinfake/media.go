package genuinfake

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"html/template"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"slices"
	"strings"
)

const (
	mediaPath = "/media/"
	pagePath  = "/community/"
)

// sizes of the pictures in pixels, by file name.
var sizes = map[string]image.Rectangle{
	"dp.png":     image.Rect(0, 0, 64, 64),
	"banner.png": image.Rect(0, 0, 192, 64),
}

// media answers a picture, "ID/dp.png" or "ID/banner.png", in the community's colour.
func (f *Fake) media(name string) answer {
	id, file, _ := strings.Cut(name, "/")
	c, found := f.find(func(c Community) bool { return c.ID == id })
	size, known := sizes[file]
	if !found || !known {
		return plain(http.StatusNotFound)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewPaletted(size, color.Palette{c.color})); err != nil {
		return plain(http.StatusInternalServerError)
	}
	return answer{status: http.StatusOK, header: map[string]string{"Content-Type": "image/png"}, body: b.Bytes()}
}

var page = template.Must(template.New("").Parse(
	`<!doctype html><html lang="en"><meta charset="utf-8"><title>{{.Name}}</title><h1>{{.Name}}</h1><p>@{{.Handle}}</p></html>` + "\n"))

// page answers what stands behind a share_url.
func (f *Fake) page(slug string) answer {
	c, found := f.find(func(c Community) bool { return c.ShareURL == f.url+pagePath+slug })
	if !found {
		return plain(http.StatusNotFound)
	}
	var b bytes.Buffer
	if err := page.Execute(&b, c); err != nil {
		return plain(http.StatusInternalServerError)
	}
	return answer{status: http.StatusOK, header: map[string]string{"Content-Type": "text/html; charset=utf-8"}, body: b.Bytes()}
}

func (f *Fake) find(match func(Community) bool) (Community, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	i := slices.IndexFunc(f.communities, match)
	if i < 0 {
		return Community{}, false
	}
	return f.communities[i], true
}

// colors returns a light colour for a handle, always the same one, and a darker one for text on it.
func colors(handle string) (background, text color.RGBA) {
	h := fnv.New32a()
	_, _ = h.Write([]byte(handle)) // a hash never fails
	n := h.Sum32()
	c := color.RGBA{R: 128 | uint8(n), G: 128 | uint8(n>>8), B: 128 | uint8(n>>16), A: 255}
	return c, color.RGBA{R: c.R / 2, G: c.G / 2, B: c.B / 2, A: 255}
}

func hex(c color.RGBA) string { return fmt.Sprintf("#%02X%02X%02X", c.R, c.G, c.B) }
