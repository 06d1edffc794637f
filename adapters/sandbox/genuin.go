package sandbox

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"communitybot/bot/genuin/genuinfake"
)

// mode is a way in which Genuin can treat the next create call, with words for it.
type mode struct {
	Mode  genuinfake.Mode `json:"mode"`
	Label string          `json:"label"`
}

var modeLabels = map[genuinfake.Mode]string{
	genuinfake.Behave:          "Works as it should",
	genuinfake.HandleTaken:     "Handle is taken (5216)",
	genuinfake.CategoryUnknown: "Unknown category (5220)",
	genuinfake.Misuse:          "Invalid use of the API (5166)",
	genuinfake.NoBrand:         "Brand does not exist (5235)",
	genuinfake.BadRequest:      "Bad request (400)",
	genuinfake.Unauthorized:    "Token refused (401)",
	genuinfake.Forbidden:       "Forbidden (403)",
	genuinfake.ExpiredToken:    "Token has expired (401)",
	genuinfake.RateLimited:     "Too many requests (429)",
	genuinfake.Broken:          "Fails, nobody knows why (500)",
	genuinfake.BadGateway:      "Bad gateway (502)",
	genuinfake.Unavailable:     "Unavailable (503)",
	genuinfake.GatewayTimeout:  "Gateway timeout (504)",
	genuinfake.NotJSON:         "Answers with a web page",
	genuinfake.ResetBefore:     "Connection breaks, nothing is made",
	genuinfake.ResetAfter:      "Made, but the answer is lost",
	genuinfake.BrokenAfter:     "Made, but says that it failed (500)",
	genuinfake.Hold:            "Hangs until you choose again, then makes it",
	genuinfake.HoldMade:        "Made, but hangs until you choose again",
	genuinfake.Oversized:       "Made, but the answer is endless",
	genuinfake.NoShareURL:      "Made, but without a link",
	genuinfake.Slow:            "Is slow: answers after six seconds",
}

// modes returns every way in which the next create call can be treated, the good one first.
func modes() []mode {
	var all []mode
	for _, m := range genuinfake.Modes() {
		all = append(all, mode{m, modeLabels[m]})
	}
	return all
}

// expect makes Genuin treat the next create call that way, or all of them until something else is expected, instead of
// what was expected before. A call that hangs since then goes on.
func (s *Sandbox) expect(m genuinfake.Mode, stays bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	since := s.creates()
	if (s.next == genuinfake.Hold || s.next == genuinfake.HoldMade) && s.held() {
		s.genuin.Release()
		since++ // it will be answered soon, and not as this choice says
	}
	s.genuin.Clear()
	switch {
	case stays:
		s.genuin.Always(m)
	case m != genuinfake.Behave:
		s.genuin.Next(m)
	}
	s.next, s.stays, s.since = m, stays, since
}

// held reports whether a call hangs, without waiting for one.
func (s *Sandbox) held() bool {
	over, cancel := context.WithCancel(context.Background())
	cancel()
	return s.genuin.WaitHeld(over, 1) == nil
}

// expected returns how the next create call is treated, and whether all are: else a mode is used up by one call.
func (s *Sandbox) expected() (m genuinfake.Mode, stays bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.stays && s.creates() > s.since {
		return genuinfake.Behave, false
	}
	return s.next, s.stays
}

// creates counts the create calls that Genuin answered, those that it refused too.
func (s *Sandbox) creates() int {
	n := 0
	for _, c := range s.genuin.Calls() {
		if c.Path == genuinfake.CreatePath {
			n++
		}
	}
	return n
}

// genuinState is Genuin as the page shows it.
type genuinState struct {
	URL         string          `json:"url"`
	Communities []community     `json:"communities"` // newest first
	Modes       []mode          `json:"modes"`
	Next        genuinfake.Mode `json:"next"` // how the next create call is treated
	Stays       bool            `json:"stays"`
	Calls       int             `json:"calls"` // create calls so far
	Wire        []step          `json:"-"`     // those calls, newest first
}

// community is one that Genuin made.
type community struct {
	ID       string          `json:"id"`
	Name     string          `json:"name"`
	Handle   string          `json:"handle"`
	ShareURL string          `json:"share_url"` // may be empty
	At       time.Time       `json:"at"`
	Look     genuinfake.Look `json:"-"`
}

func (s *Sandbox) genuinState() genuinState {
	state := genuinState{URL: s.genuin.URL(), Communities: []community{}, Modes: modes(), Calls: s.creates()}
	state.Next, state.Stays = s.expected()
	for _, c := range slices.Backward(s.genuin.Communities()) {
		look := c.Look()
		look.Picture, look.Banner = s.picture(look.Picture), s.picture(look.Banner)
		state.Communities = append(state.Communities, community{c.ID, c.Name, c.Handle, c.ShareURL, c.At, look})
	}
	state.Wire = s.genuinSteps()
	slices.Reverse(state.Wire)
	return state
}

// postGenuin answers POST /api/genuin: how the next create call is treated, or all of them.
func (s *Sandbox) postGenuin(r *http.Request) (any, error) {
	var asked struct {
		Mode  genuinfake.Mode `json:"mode"`
		Stays bool            `json:"stays"`
	}
	if err := read(r, &asked); err != nil {
		return nil, err
	}
	m := cmp.Or(asked.Mode, genuinfake.Behave)
	if !slices.Contains(genuinfake.Modes(), m) {
		var names []string
		for _, known := range genuinfake.Modes() {
			names = append(names, string(known))
		}
		return nil, badRequest("Genuin has no such mode. Choose one of: " + strings.Join(names, ", "))
	}
	s.expect(m, asked.Stays)
	s.bell.ring()
	return s.genuinState(), nil
}
