package sandbox

import (
	"bytes"
	"embed"
	"encoding/json"
	"html/template"
	"io"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"

	"communitybot/adapters/person"
	"communitybot/adapters/sandbox/draw"
)

//go:embed page
var assets embed.FS

// pages are parsed when the first is drawn: the bot has them in it, too, and is to start at once.
var pages = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("").Funcs(template.FuncMap{
		"stamp": func(t time.Time) string { return t.Format(time.RFC3339) },
		"took":  took,
	}).ParseFS(assets, "page/*.html"))
})

// took writes how long something took, for people.
func took(d time.Duration) string {
	if d >= time.Second {
		return strconv.FormatFloat(d.Seconds(), 'f', 2, 64) + " s"
	}
	return strconv.FormatFloat(float64(d)/1e6, 'f', 1, 64) + " ms"
}

// render answers a template of the page.
func render(w http.ResponseWriter, name string, data any) { renderAs(w, http.StatusOK, name, data) }

func renderAs(w http.ResponseWriter, status int, name string, data any) {
	var b bytes.Buffer
	if err := pages().ExecuteTemplate(&b, name, data); err != nil {
		answer(w, nil, &problem{http.StatusInternalServerError, "The page can't be drawn: " + err.Error()})
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = b.WriteTo(w) // fails only when the client has gone
}

// viewer returns who looks at the page: the first of the people unless it says otherwise.
func viewer(r *http.Request) string {
	if who := r.URL.Query().Get("who"); who != "" {
		return who
	}
	return people[0].Name
}

// servePage answers the page. What changes while it is open comes in parts.
func (s *Sandbox) servePage(w http.ResponseWriter, r *http.Request) {
	who := viewer(r)
	var chats []shell
	for _, c := range s.chats {
		id, err := c.id(who)
		if err != nil {
			refuse(w, err)
			return
		}
		offers, err := json.Marshal(c.Commands(id))
		if err != nil {
			answer(w, nil, err)
			return
		}
		chats = append(chats, shell{c, string(offers)})
	}
	render(w, "page.html", map[string]any{"Who": who, "People": people, "Chats": chats})
}

// shell is a chat as the page begins with it.
type shell struct {
	*chat
	Offers string // the commands for whoever types "/", as JSON
}

// servePart answers a part of the page: a chat as somebody sees it, Genuin, or the controls.
func (s *Sandbox) servePart(w http.ResponseWriter, r *http.Request) {
	switch part := r.PathValue("part"); part {
	case "genuin":
		render(w, "genuin.html", s.genuinState())
	case "controls":
		render(w, "controls.html", s.controls())
	default:
		c, err := s.chat(part)
		if err != nil {
			answer(w, nil, err)
			return
		}
		data, err := s.pane(c, viewer(r), r.URL.Query().Get("channel"))
		if err != nil {
			answer(w, nil, err)
			return
		}
		render(w, "chat.html", data)
	}
}

// row is a message with what can be done about it beside the bot's own buttons.
type row struct {
	ID        string
	HTML      template.HTML
	Request   int      // whose story can be replayed; 0: none
	Shortcuts []string // of the bot, for messages
}

// pane returns a tab of a chat as somebody sees it.
func (s *Sandbox) pane(c *chat, name, channel string) (map[string]any, error) {
	who, err := c.id(name)
	if err != nil {
		return nil, err
	}
	data := map[string]any{"Chat": c, "Who": name, "Channel": channel}
	if channel == homeTab && c.Name == "slack" {
		if home := s.slack.LookHome(who); home != nil {
			data["Home"] = draw.SlackHome(*home, s.world(c))
		}
		return data, nil
	}
	place, err := c.place(who, channel)
	if err != nil {
		return nil, err
	}
	sent, err := c.Look(who, place)
	if err != nil {
		return nil, err
	}
	requests := c.cards()
	var rows []row
	for _, m := range sent {
		rows = append(rows, row{m.ID, s.drawn(c, m), requests[m.ID], c.shortcuts(m, who)})
	}
	data["Rows"] = rows
	return data, nil
}

func (s *Sandbox) drawn(c *chat, m person.Sent) template.HTML {
	if c.Name == "slack" {
		return draw.Slack(m, s.world(c))
	}
	return draw.Discord(m, s.world(c))
}

// serveForm answers the form that somebody has open, or 204.
func (s *Sandbox) serveForm(w http.ResponseWriter, r *http.Request) {
	c, err := s.chat(r.PathValue("part"))
	if err != nil {
		answer(w, nil, err)
		return
	}
	who, err := c.id(viewer(r))
	if err != nil {
		answer(w, nil, err)
		return
	}
	open := c.Open(who)
	if open == nil {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	html := draw.DiscordForm
	if c.Name == "slack" {
		html = draw.SlackForm
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = io.WriteString(w, string(html(*open, s.world(c)))) // fails only when the client has gone
}

// world is what payloads of a chat only have IDs of.
func (s *Sandbox) world(c *chat) draw.World {
	known := func(id string) string { return c.names[id] }
	return draw.World{User: known, Group: known, Channel: known, Picture: s.picture}
}

// picture returns where the page finds a picture that Genuin made; others it does not load.
func (s *Sandbox) picture(address string) string {
	if !strings.HasPrefix(address, s.genuin.URL()+"/") {
		return ""
	}
	return "/picture?" + url.Values{"of": {strings.TrimPrefix(address, s.genuin.URL())}}.Encode()
}

// servePicture answers a picture that Genuin made. It comes from here because the page loads nothing from elsewhere.
func (s *Sandbox) servePicture(w http.ResponseWriter, r *http.Request) {
	of := path.Clean("/" + r.URL.Query().Get("of"))
	if !strings.HasPrefix(of, "/media/") {
		http.NotFound(w, r)
		return
	}
	got, err := s.client.Get(s.genuin.URL() + of)
	if err != nil {
		answer(w, nil, &problem{http.StatusBadGateway, "Genuin does not answer."})
		return
	}
	defer got.Body.Close()
	w.Header().Set("Content-Type", "image/png")
	w.WriteHeader(got.StatusCode)
	_, _ = io.Copy(w, got.Body) // fails only when one of both has gone
}

// serveReplay answers what went over the wires because of one request.
func (s *Sandbox) serveReplay(w http.ResponseWriter, r *http.Request) {
	n, err := strconv.Atoi(r.PathValue("request"))
	if err != nil {
		refuse(w, noNumber)
		return
	}
	story, err := s.replay(r.Context(), n)
	if err != nil {
		refuse(w, err)
		return
	}
	render(w, "replay.html", map[string]any{"Who": viewer(r), "Request": n, "Steps": story})
}

// serveAsset answers the file of that name. Its type is given, because some computers have their own idea of .js.
func serveAsset(w http.ResponseWriter, r *http.Request) {
	kinds := map[string]string{".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
	kind, known := kinds[path.Ext(r.PathValue("file"))]
	if !known {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", kind)
	http.ServeFileFS(w, r, assets, path.Join("page", r.PathValue("file")))
}
