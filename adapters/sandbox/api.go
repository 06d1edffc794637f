package sandbox

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"communitybot/adapters/person"
	"communitybot/bot/genuin/genuinfake"
)

// pane is a chat as one person sees it.
type pane struct {
	Channel  string           `json:"channel"` // its name
	Messages []person.Message `json:"messages"`
	Direct   []person.Message `json:"direct"` // between the person and the bot alone
}

// getState answers GET /api/state: all that a person sees, and what goes on at Genuin.
func (s *Sandbox) getState(r *http.Request) (any, error) {
	state := map[string]any{"genuin": s.genuinState()}
	for _, c := range s.chats {
		who, err := c.id(r.URL.Query().Get("who"))
		if err != nil {
			return nil, err
		}
		p := pane{Channel: c.Channel}
		if p.Messages, err = c.read(r.Context(), who, c.channel); err != nil {
			return nil, err
		}
		if p.Direct, err = c.read(r.Context(), who, "@"+who); err != nil {
			return nil, err
		}
		state[c.Name] = p
	}
	return state, nil
}

// id returns the platform's ID of a person.
func (c chat) id(name string) (string, error) {
	if id, known := c.ids[name]; known {
		return id, nil
	}
	var names []string
	for _, p := range people {
		names = append(names, p.Name)
	}
	return "", notFound(fmt.Sprintf("Nobody here is called %q. There are %s.", name, strings.Join(names, ", ")))
}

// read returns the messages of a channel, for JSON: never nil.
func (c chat) read(ctx context.Context, who, channel string) ([]person.Message, error) {
	messages, err := c.Read(ctx, who, channel)
	return append([]person.Message{}, messages...), err
}

// deed is what a person does; each verb uses some of it.
type deed struct {
	Who     string            `json:"who"`
	Line    string            `json:"line"`
	Message string            `json:"message"`
	Label   string            `json:"label"`
	Options []string          `json:"options"`
	Form    string            `json:"form"`
	Values  map[string]string `json:"values"`
}

// verbs are the ways to use a chat; who is the platform's ID.
var verbs = map[string]func(ctx context.Context, c chat, who string, d deed) (person.Screen, error){
	"type": func(ctx context.Context, c chat, who string, d deed) (person.Screen, error) {
		return c.Type(ctx, who, c.channel, d.Line)
	},
	"press": func(ctx context.Context, c chat, who string, d deed) (person.Screen, error) {
		return c.Press(ctx, who, d.Message, d.Label)
	},
	"choose": func(ctx context.Context, c chat, who string, d deed) (person.Screen, error) {
		return c.Choose(ctx, who, d.Message, d.Label, d.Options...)
	},
	"send": func(ctx context.Context, c chat, who string, d deed) (person.Screen, error) {
		return c.Send(ctx, who, d.Form, d.Values)
	},
}

// postVerb answers POST /api/{platform}/{verb}: a person does something, and sees what comes up.
func (s *Sandbox) postVerb(r *http.Request) (any, error) {
	i := slices.IndexFunc(s.chats, func(c chat) bool { return c.Name == r.PathValue("platform") })
	do, known := verbs[r.PathValue("verb")]
	if i < 0 || !known {
		return nil, notFound("There is nothing here. Chats are slack and discord; in each one can type, press, choose and send.")
	}
	c := s.chats[i]
	var d deed
	if err := read(r, &d); err != nil {
		return nil, err
	}
	who, err := c.id(d.Who)
	if err != nil {
		return nil, err
	}
	screen, err := do(r.Context(), c, who, d)
	if err != nil {
		// The fakes name themselves in what they say about mistakes of their caller; people need not know.
		return nil, &problem{http.StatusUnprocessableEntity, strings.TrimPrefix(err.Error(), c.Name+"fake: ")}
	}
	return screen, nil
}

// postGenuin answers POST /api/genuin: how the next create call is treated.
func (s *Sandbox) postGenuin(r *http.Request) (any, error) {
	var asked struct {
		Mode genuinfake.Mode `json:"mode"`
	}
	if err := read(r, &asked); err != nil {
		return nil, err
	}
	if err := s.setGenuin(asked.Mode); err != nil {
		return nil, err
	}
	return s.genuinState(), nil
}
