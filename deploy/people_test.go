package deploy_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"communitybot/adapters/person"
	"communitybot/adapters/slack/slackfake"
)

// people are those who use bots that die under their hands: some ask for communities, one agrees to everything.
type people struct {
	*fakes
	bots   mortals
	thaw   bool // bots that freeze go on later, and may have had an answer
	places []*place
	mu     sync.Mutex
	wishes []*wish

	asking context.CancelFunc
	all    context.CancelFunc
	askers sync.WaitGroup
	others sync.WaitGroup
}

// mortals are the bots that people use.
type mortals interface {
	// live fails the test when one ended by itself.
	live(t *testing.T)
	// died is when processes were killed, or frozen.
	died() []time.Time
	// logs is what the bots said.
	logs() string
}

// place is a platform with the channels where people are: one after the other, so that none gets long.
type place struct {
	person.Window
	platform string
	command  string
	askers   []string
	approver string
	open     func(channel string)
	prefix   string // of the channels' IDs

	mu       sync.Mutex
	channels []string
	room     int // for so many wishes in the last of them
}

const (
	perRoom = 30 // wishes
	inUse   = 6  // channels, at most, in which something may still have to be decided
)

// channel returns where to ask next.
func (at *place) channel() string {
	at.mu.Lock()
	defer at.mu.Unlock()
	if at.room == 0 {
		id := fmt.Sprintf("%s%03d", at.prefix, len(at.channels)+1)
		at.open(id)
		at.channels, at.room = append(at.channels, id), perRoom
	}
	at.room--
	return at.channels[len(at.channels)-1]
}

// latest returns the last channels.
func (at *place) latest(n int) []string {
	at.mu.Lock()
	defer at.mu.Unlock()
	return slices.Clone(at.channels[max(0, len(at.channels)-n):])
}

// wish is a community that somebody asked for.
type wish struct {
	at      *place
	channel string
	by      string // its asker has one form open at a time
	hasty   bool   // who gives up when it does not work the first time
	name    string
	handle  string
	sent    atomic.Bool
	acked   atomic.Bool
	refused atomic.Bool // the form came back: the handle is held, by a submission that was not acknowledged
}

const askersPerPlace = 3 // the first of them is hasty

func (w *fakes) letPeopleIn(t *testing.T, bots mortals) *people {
	t.Helper()
	slack := &place{Window: w.slack, platform: "Slack", command: "/create-community ", prefix: "C1", approver: "U1"}
	uninvited := &place{Window: w.slack, platform: "Slack", command: slack.command, prefix: "C2", approver: slack.approver} // channels that the bot is not in
	discord := &place{Window: w.discord, platform: "Discord", command: "/create-community name:", prefix: "1200000000000001", approver: "1300000000000000001"}
	w.slack.AddUser(slack.approver, "Ben")
	w.discord.AddUser(discord.approver, "Ben")
	for i := range askersPerPlace {
		slack.askers = append(slack.askers, fmt.Sprintf("U%d", i+2))
		uninvited.askers = append(uninvited.askers, fmt.Sprintf("U1%d", i+2))
		discord.askers = append(discord.askers, fmt.Sprintf("130000000000000000%d", i+2))
		w.slack.AddUser(slack.askers[i], fmt.Sprintf("Ada %d", i))
		w.slack.AddUser(uninvited.askers[i], fmt.Sprintf("Cleo %d", i))
		w.discord.AddUser(discord.askers[i], fmt.Sprintf("Ada %d", i))
	}
	inSlack := func(at *place, bot bool) func(string) {
		return func(id string) {
			w.slack.AddChannel(slackfake.Channel{ID: id, Name: strings.ToLower(id), Members: append(slices.Clone(at.askers), at.approver), Bot: bot})
		}
	}
	slack.open, uninvited.open = inSlack(slack, true), inSlack(uninvited, false)
	discord.open = func(id string) { w.discord.AddChannel(id, "general-"+id) }

	p := &people{fakes: w, bots: bots, places: []*place{slack, uninvited, discord}}
	alive, all := context.WithCancel(context.Background())
	asking, stop := context.WithCancel(alive)
	p.all, p.asking = all, stop
	t.Cleanup(p.leave)
	for _, at := range p.places {
		for i, who := range at.askers {
			p.askers.Go(func() { p.askAgainAndAgain(asking, at, who, i == 0) })
		}
		p.others.Go(func() { p.agreeToAll(alive, at) })
	}
	return p
}

// sendAway takes the bot out of the channels that nobody invited it to. It posts there, and joins to look for what it posted.
func (p *people) sendAway() {
	at := p.places[1]
	for _, channel := range at.latest(inUse) {
		at.open(channel)
	}
}

// pause waits, and reports whether to go on.
func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-ctx.Done():
		return false
	}
}

func (p *people) askAgainAndAgain(ctx context.Context, at *place, who string, hasty bool) {
	for pause(ctx, 100*time.Millisecond) {
		p.mu.Lock()
		n := len(p.wishes) + 1
		w := &wish{at: at, channel: at.channel(), by: who, hasty: hasty, name: fmt.Sprintf("Wish %d.", n), handle: fmt.Sprintf("wish-%d", n)}
		p.wishes = append(p.wishes, w)
		p.mu.Unlock()
		w.ask(ctx)
	}
}

// asked returns what was asked for so far.
func (p *people) asked() []*wish {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.wishes)
}

// ask fills in the form and sends it until the bot takes it, as somebody does who reads that it did not work, unless they
// are hasty.
func (w *wish) ask(ctx context.Context) {
	for {
		if form := w.form(ctx); form != "" && w.send(ctx, form) || !pause(ctx, 100*time.Millisecond) {
			break
		}
	}
	if form := w.at.Open(w.by); form != nil {
		_ = w.at.CloseForm(ctx, w.by, form.ID) // its bot may be dead, and need not hear of it
	}
}

// form returns the form that is open for the wish, and types the command when none is; "" when none came.
func (w *wish) form(ctx context.Context) string {
	if form := w.at.Open(w.by); form != nil && form.Field("Name") != nil && form.Field("Name").Value == w.name {
		return form.ID
	}
	screen, err := w.at.Type(ctx, w.by, w.channel, w.at.command+w.name)
	if err != nil || screen.Form == nil {
		return ""
	}
	return screen.Form.ID
}

// send sends the form, and reports whether that is the end of it for whoever sent it.
func (w *wish) send(ctx context.Context, form string) (over bool) {
	w.sent.Store(true)
	screen, err := w.at.Send(ctx, w.by, form, map[string]string{"Handle": w.handle})
	switch {
	case err != nil, failed(screen):
		return w.hasty
	case screen.Form != nil, len(screen.Private) > 0 && screen.Private[0].Button("Try again"):
		w.refused.Store(true)
	default:
		w.acked.Store(true)
	}
	return true
}

// failed reports whether the bot says that it could not keep what was sent.
func failed(s person.Screen) bool {
	var said strings.Builder
	for _, m := range s.Private {
		said.WriteString(m.Text)
	}
	if s.Form != nil {
		said.WriteString(s.Form.Text)
		for _, f := range s.Form.Fields {
			said.WriteString(f.Problem)
		}
	}
	return strings.Contains(said.String(), "nothing was changed")
}

// agreeToAll presses every Approve there is. One that hangs, because the bot died, holds up no other.
func (p *people) agreeToAll(ctx context.Context, at *place) {
	var hands sync.WaitGroup
	defer hands.Wait()
	var pressed sync.Map // by message
	for pause(ctx, 50*time.Millisecond) {
		for _, channel := range at.latest(inUse) {
			cards, err := at.Read(ctx, at.approver, channel)
			if err != nil {
				continue
			}
			for _, m := range cards {
				if !m.Button("Approve") || m.Private {
					continue
				}
				if _, busy := pressed.LoadOrStore(m.ID, true); busy {
					continue
				}
				hands.Go(func() {
					defer pressed.Delete(m.ID)
					_, _ = at.Press(ctx, at.approver, m.ID, "Approve") // in vain when the bot is dead; pressed again then
				})
			}
		}
	}
}

func (p *people) stopAsking() {
	p.asking()
	p.askers.Wait()
}

func (p *people) leave() {
	p.all()
	p.askers.Wait()
	p.others.Wait()
}
