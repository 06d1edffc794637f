package sandbox

import (
	"context"
	"net/http"
	"time"

	"communitybot/adapters/person"
)

// pane is a chat as one person sees it.
type pane struct {
	Channel  string           `json:"channel"` // the name of the one that is shown
	Messages []person.Message `json:"messages"`
	Direct   []person.Message `json:"direct"` // between the person and the bot alone
}

// getState answers GET /api/state: all that a person sees in the first channels, and what goes on at Genuin.
func (s *Sandbox) getState(r *http.Request) (any, error) {
	state := map[string]any{"genuin": s.genuinState()}
	for _, c := range s.chats {
		who, err := c.id(r.URL.Query().Get("who"))
		if err != nil {
			return nil, err
		}
		p := pane{Channel: c.Tabs[0].Name}
		if p.Messages, err = c.read(r.Context(), who, c.Tabs[0].place); err != nil {
			return nil, err
		}
		if p.Direct, err = c.read(r.Context(), who, "@"+who); err != nil {
			return nil, err
		}
		state[c.Name] = p
	}
	return state, nil
}

// read returns the messages of a channel, for JSON: never nil.
func (c *chat) read(ctx context.Context, who, channel string) ([]person.Message, error) {
	messages, err := c.Read(ctx, who, channel)
	return append([]person.Message{}, messages...), err
}

// postPolicy answers POST /api/policy: what approvals are needed from now on. Requests that are there keep theirs.
func (s *Sandbox) postPolicy(r *http.Request) (any, error) {
	var p policy
	if err := read(r, &p); err != nil {
		return nil, err
	}
	if problem := p.problem(); problem != "" {
		return nil, badRequest(problem + " The former policy holds.")
	}
	if err := s.setPolicy(r.Context(), p); err != nil {
		return nil, badRequest(err.Error())
	}
	return s.inForce(), nil
}

// postClock answers POST /api/clock: the clock goes ahead by a duration such as "24h".
func (s *Sandbox) postClock(r *http.Request) (any, error) {
	var asked struct {
		Forward string `json:"forward"`
	}
	if err := read(r, &asked); err != nil {
		return nil, err
	}
	d, err := time.ParseDuration(asked.Forward)
	if err != nil {
		return nil, badRequest("The clock goes ahead by a duration, such as 24h.")
	}
	if err := s.forward(r.Context(), d); err != nil {
		return nil, err
	}
	return map[string]time.Time{"now": s.clock.Now()}, nil
}

// postFault answers POST /api/{platform}/fault: something about a chat goes wrong from now on, or does not any more.
func (s *Sandbox) postFault(r *http.Request) (any, error) {
	c, err := s.chat(r.PathValue("platform"))
	if err != nil {
		return nil, err
	}
	var asked struct {
		Name string `json:"name"`
		On   bool   `json:"on"`
	}
	if err := read(r, &asked); err != nil {
		return nil, err
	}
	if err := c.faults.set(asked.Name, asked.On); err != nil {
		return nil, err
	}
	s.bell.ring()
	return c.faults.switches(), nil
}

// controls are what can be set, as the page shows it.
type controls struct {
	Policy  policy
	People  []someone
	Group   string
	Asked   string   // the channel where approvers can be asked
	Environ []string // the same policy for a bot of one's own
	Now     time.Time
	Ahead   time.Duration
	Chats   []chatSwitches
}

// chatSwitches are what can be made to go wrong in a chat.
type chatSwitches struct {
	Name, Title string
	Faults      []faultSwitch
}

func (s *Sandbox) controls() controls {
	p := s.inForce()
	c := controls{
		Policy: p, People: people, Group: groupName, Asked: channels[1].name, Environ: p.environ(s.slack.TeamID, s.discord.Options().GuildID),
		Now: s.clock.Now(), Ahead: s.clock.Ahead(),
	}
	for _, chat := range s.chats {
		c.Chats = append(c.Chats, chatSwitches{chat.Name, chat.Title, chat.faults.switches()})
	}
	return c
}
