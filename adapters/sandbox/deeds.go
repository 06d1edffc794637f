package sandbox

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"

	"communitybot/adapters/discord/discordfake"
	"communitybot/adapters/person"
	"communitybot/adapters/slack/slackfake"
)

// deed is what a person does; each verb uses some of it.
type deed struct {
	Who     string            `json:"who"`
	Channel string            `json:"channel"` // a tab's name; the first one when empty
	Line    string            `json:"line"`
	Message string            `json:"message"`
	Form    string            `json:"form"`
	Label   string            `json:"label"`
	Value   string            `json:"value"`
	Options []string          `json:"options"`
	Values  map[string]string `json:"values"`
}

// verb is a way to use a chat; who is the platform's ID.
type verb func(ctx context.Context, c *chat, who string, d deed) (any, error)

// verbs are those of every chat.
var verbs = map[string]verb{
	"type": func(ctx context.Context, c *chat, who string, d deed) (any, error) {
		if c.Name == "slack" && d.Channel == directTab {
			return nil, badRequest("Commands are typed in a channel: go to # " + channels[0].name + ".")
		}
		place, err := c.place(who, d.Channel)
		if err != nil {
			return nil, err
		}
		return c.Type(ctx, who, place, d.Line)
	},
	"write": func(ctx context.Context, c *chat, who string, d deed) (any, error) {
		place, err := c.place(who, d.Channel)
		if err != nil {
			return nil, err
		}
		id, err := c.Write(ctx, who, place, d.Line)
		return map[string]string{"message": id}, err
	},
	"press": func(ctx context.Context, c *chat, who string, d deed) (any, error) {
		return c.Press(ctx, who, d.Message, d.Label)
	},
	"choose": func(ctx context.Context, c *chat, who string, d deed) (any, error) {
		return c.Choose(ctx, who, d.Message, d.Label, d.Options...)
	},
	"shortcut": func(ctx context.Context, c *chat, who string, d deed) (any, error) {
		return c.Shortcut(ctx, who, d.Message, d.Label)
	},
	"send": func(ctx context.Context, c *chat, who string, d deed) (any, error) {
		return c.Send(ctx, who, d.Form, d.Values)
	},
	"close": func(ctx context.Context, c *chat, who string, d deed) (any, error) {
		return person.Screen{}, c.CloseForm(ctx, who, d.Form)
	},
}

// slackKeys are what only Slack has.
func slackKeys(f *slackfake.Fake) map[string]verb {
	return map[string]verb{
		"enter": func(ctx context.Context, _ *chat, who string, d deed) (any, error) {
			return f.Enter(ctx, who, d.Form, d.Label, d.Value)
		},
		"search": func(ctx context.Context, _ *chat, who string, d deed) (any, error) {
			found, err := f.Search(ctx, who, d.Form, d.Label, d.Value)
			return append([]string{}, found...), err
		},
		"home": func(ctx context.Context, _ *chat, who string, _ deed) (any, error) {
			_, err := f.Home(ctx, who)
			return person.Screen{}, err
		},
	}
}

// discordKeys are what only Discord has.
func discordKeys(f *discordfake.Fake) map[string]verb {
	return map[string]verb{
		"complete": func(ctx context.Context, c *chat, who string, d deed) (any, error) {
			place, err := c.place(who, d.Channel)
			if err != nil {
				return nil, err
			}
			found, err := f.Complete(ctx, who, place, d.Line)
			return append([]string{}, found...), err
		},
	}
}

// postDeed answers POST /api/{platform}/{verb}: a person does something, and sees what comes up.
func (s *Sandbox) postDeed(r *http.Request) (any, error) {
	c, err := s.chat(r.PathValue("platform"))
	if err != nil {
		return nil, err
	}
	do, known := verbs[r.PathValue("verb")]
	if !known {
		do, known = c.keys[r.PathValue("verb")]
	}
	if !known {
		names := slices.Sorted(maps.Keys(verbs))
		return nil, notFound("That can't be done here. People can " + strings.Join(append(names, slices.Sorted(maps.Keys(c.keys))...), ", ") + ".")
	}
	var d deed
	if err := read(r, &d); err != nil {
		return nil, err
	}
	who, err := c.id(d.Who)
	if err != nil {
		return nil, err
	}
	came, err := do(r.Context(), c, who, d)
	if known := (*problem)(nil); err != nil && !errors.As(err, &known) {
		return nil, &problem{http.StatusUnprocessableEntity, c.explain(r.PathValue("verb"), err)}
	}
	return came, err
}
