package deploy_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"communitybot/adapters/person"
	"communitybot/adapters/slack/slackfake"
)

// people are those who use a bot that dies under their hands: some ask for communities, one agrees to everything.
type people struct {
	*mortalWorld
	mu     sync.Mutex
	wishes []*wish

	asking context.CancelFunc
	all    context.CancelFunc
	askers sync.WaitGroup
	others sync.WaitGroup
}

// wish is a community that somebody asked for.
type wish struct {
	chat    *place
	by      string // its asker has one form open at a time
	name    string
	handle  string
	acked   atomic.Bool
	refused atomic.Bool // the form came back: the handle is held, by a submission that was not acknowledged
}

// place is a platform with the channel where people are.
type place struct {
	person.Chat
	channel  string
	askers   []string
	approver string
}

const askersPerChat = 3

func (w *mortalWorld) letPeopleIn(t *testing.T) *people {
	t.Helper()
	slack := &place{Chat: w.slack, channel: "C1", approver: "U1"}
	discord := &place{Chat: w.discord, channel: "1200000000000000001", approver: "1300000000000000001"}
	w.slack.AddUser(slack.approver, "Ben")
	w.discord.AddUser(discord.approver, "Ben")
	for i := range askersPerChat {
		slack.askers = append(slack.askers, fmt.Sprintf("U%d", i+2))
		discord.askers = append(discord.askers, fmt.Sprintf("130000000000000000%d", i+2))
		w.slack.AddUser(slack.askers[i], fmt.Sprintf("Ada %d", i))
		w.discord.AddUser(discord.askers[i], fmt.Sprintf("Ada %d", i))
	}
	w.slack.AddChannel(slackfake.Channel{ID: slack.channel, Name: "general", Members: append(slack.askers, slack.approver), Bot: true})
	w.discord.AddChannel(discord.channel, "general")

	p := &people{mortalWorld: w}
	alive, all := context.WithCancel(context.Background())
	asking, stop := context.WithCancel(alive)
	p.all, p.asking = all, stop
	t.Cleanup(p.leave)
	for _, at := range []*place{slack, discord} {
		for _, who := range at.askers {
			p.askers.Go(func() { p.askAgainAndAgain(asking, at, who) })
		}
		p.others.Go(func() { p.agreeToAll(alive, at) })
	}
	return p
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

func (p *people) askAgainAndAgain(ctx context.Context, at *place, who string) {
	for pause(ctx, 100*time.Millisecond) {
		p.mu.Lock()
		n := len(p.wishes) + 1
		w := &wish{chat: at, by: who, name: fmt.Sprintf("Wish %d.", n), handle: fmt.Sprintf("wish-%d", n)}
		p.wishes = append(p.wishes, w)
		p.mu.Unlock()
		w.ask(ctx)
	}
}

// ask fills in the form and sends it until the bot takes it, as somebody does who reads that it did not work.
func (w *wish) ask(ctx context.Context) {
	form := ""
	for !w.acked.Load() && !w.refused.Load() {
		if form == "" {
			line := "/create-community " + w.name
			if _, onSlack := w.chat.Chat.(*slackfake.Fake); !onSlack {
				line = "/create-community name:" + w.name
			}
			screen, err := w.chat.Type(ctx, w.by, w.chat.channel, line)
			if err == nil && screen.Form != nil {
				form = screen.Form.ID
			}
		}
		if form != "" {
			screen, err := w.chat.Send(ctx, w.by, form, map[string]string{"Handle": w.handle})
			switch {
			case err != nil && strings.Contains(err.Error(), "no form"), err != nil && strings.Contains(err.Error(), "not open"):
				form = ""
			case err != nil:
			case screen.Form != nil, len(screen.Private) > 0 && screen.Private[0].Button("Try again"):
				w.refused.Store(true)
			default:
				w.acked.Store(true)
			}
		}
		if !pause(ctx, 100*time.Millisecond) {
			return
		}
	}
}

// agreeToAll presses every Approve there is.
func (p *people) agreeToAll(ctx context.Context, at *place) {
	for pause(ctx, 50*time.Millisecond) {
		cards, err := at.Read(ctx, at.approver, at.channel)
		if err != nil {
			continue
		}
		var hands sync.WaitGroup
		for _, m := range cards {
			if m.Button("Approve") && !m.Private {
				hands.Go(func() { _, _ = at.Press(ctx, at.approver, m.ID, "Approve") }) // in vain when the bot is dead; pressed again then
			}
		}
		hands.Wait()
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

// outcomes are what ends a request, as its thread says it.
var outcomes = []string{"exists on Genuin now", "exists on Genuin, and it is probably ours"}

// fate is what came of a wish, as people see it.
type fate struct{ cards, outcomes, doubts int }

func (p *people) fates(t *testing.T) map[*wish]fate {
	t.Helper()
	found := map[string]*wish{}
	fates := map[*wish]fate{}
	read := map[*place]bool{}
	for _, w := range p.wishes {
		found[w.name] = w
		if read[w.chat] {
			continue
		}
		read[w.chat] = true
	}
	for at := range read {
		messages, err := at.Read(t.Context(), at.approver, at.channel)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range messages {
			title, _, _ := strings.Cut(m.Text, "\n")
			w := found[title]
			if w == nil || m.Private {
				continue
			}
			f := fates[w]
			f.cards++
			for _, line := range m.Thread {
				for i, words := range outcomes {
					if strings.Contains(line.Text, words) {
						f.outcomes++
						f.doubts += i
					}
				}
			}
			fates[w] = f
		}
	}
	return fates
}

// settle waits until every request that there is has its outcome.
func (p *people) settle(t *testing.T) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for end := time.After(time.Minute); ; {
		late := p.late(t)
		if len(late) == 0 {
			return
		}
		select {
		case <-tick.C:
		case <-end:
			t.Fatalf("%d have no outcome, such as %s: %+v\n%s", len(late), late[0].name, p.fates(t)[late[0]], p.bot.errOut)
		}
	}
}

// late are the wishes whose outcome has to come.
func (p *people) late(t *testing.T) (late []*wish) {
	t.Helper()
	fates := p.fates(t)
	for _, w := range p.wishes {
		if f := fates[w]; f.outcomes == 0 && (w.acked.Load() || f.cards > 0) {
			late = append(late, w)
		}
	}
	return late
}

// check compares what came of every wish with what was promised.
func (p *people) check(t *testing.T) {
	t.Helper()
	made := map[string]int{}
	for _, c := range p.genuin.Communities() {
		made[c.Handle]++
	}
	fates := p.fates(t)
	acked, kept, doubts := 0, 0, 0
	for _, w := range p.wishes {
		f := fates[w]
		doubts += f.doubts
		if f.cards > 0 {
			kept++
		}
		switch {
		case w.acked.Load():
			acked++
			if made[w.handle] != 1 || f.cards != 1 || f.outcomes != 1 {
				t.Errorf("%s was acknowledged: %d communities, %d cards, %d outcomes; want one of each", w.name, made[w.handle], f.cards, f.outcomes)
			}
		case made[w.handle] > 1 || f.cards > 1 || f.outcomes != f.cards || made[w.handle] != f.cards:
			t.Errorf("%s was not acknowledged: %d communities, %d cards, %d outcomes; want one of each, or nothing", w.name, made[w.handle], f.cards, f.outcomes)
		}
	}
	t.Logf("%d submissions, %d acknowledged, %d kept; %d of them in doubt, because the bot died while Genuin answered", len(p.wishes), acked, kept, doubts)
	if acked == 0 {
		t.Error("nobody could ask for anything")
	}
}
