package deploy_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"communitybot/adapters/discord/discordfake"
	"communitybot/adapters/person"
	"communitybot/adapters/slack/slackfake"
	"communitybot/bot/genuin/genuinfake"
)

var submissions = flag.Int("submissions", 80, "how many communities TestLoadWhileThingsFail asks for")

const (
	customers  = 8  // who ask beside each other, half of them on each platform
	perChannel = 25 // requests: people read the channel to find their card
)

// TestLoadWhileThingsFail asks for many communities, with an approval each, while Genuin, Slack and Discord fail now and
// then. In the end each has one community, one card and one outcome.
func TestLoadWhileThingsFail(t *testing.T) {
	database := filepath.Join(t.TempDir(), "bot.db")
	w := startFaulty(t, "DATABASE_URL=sqlite:"+database, "APPROVALS_REQUIRED=1", "GENUIN_TIMEOUT=2s")
	ctx, stop := context.WithCancel(t.Context())
	var troubles, all sync.WaitGroup
	troubles.Go(func() { w.makeTrouble(ctx) })
	memory := make(chan []int, 1)
	troubles.Go(func() { memory <- w.bot.watchMemory(ctx) })

	began := time.Now()
	var next atomic.Int64
	for i := range customers {
		c := &customer{faulty: w, n: i, slack: i%2 == 0}
		all.Go(func() {
			for n := int(next.Add(1)); n <= *submissions; n = int(next.Add(1)) {
				c.asks(t, n)
			}
			c.settles(t)
		})
	}
	all.Wait()
	took := time.Since(began)
	stop()
	troubles.Wait()
	w.genuin.Always(genuinfake.Behave)
	w.bot.stop()

	made := map[string]int{}
	for _, c := range w.genuin.Communities() {
		made[c.Handle]++
	}
	for n := 1; n <= *submissions; n++ {
		if handle := fmt.Sprintf("load-%d", n); made[handle] != 1 {
			t.Errorf("%s was made %d times", handle, made[handle])
		}
	}
	size, err := os.Stat(database)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d communities in %s, each with a card, an approval and an outcome", *submissions, took.Round(time.Second))
	t.Logf("the database has %d bytes a request", size.Size()/int64(*submissions))
	flat(t, <-memory)
}

// flat compares the memory of the last quarter of a run with that of its second.
func flat(t *testing.T, mb []int) {
	t.Helper()
	quarter := len(mb) / 4
	if quarter == 0 {
		t.Fatalf("memory was looked at %d times only", len(mb))
	}
	most := func(of []int) (top int) {
		for _, m := range of {
			top = max(top, m)
		}
		return top
	}
	before, after := most(mb[quarter:2*quarter]), most(mb[3*quarter:])
	t.Logf("memory: %d MB at most in the second quarter, %d MB in the last", before, after)
	if after > before*3/2+8 {
		t.Errorf("memory grows: from %d MB to %d MB", before, after)
	}
}

// watchMemory returns the program's resident memory, in MB, every half second.
func (p *process) watchMemory(ctx context.Context) (mb []int) {
	for pause(ctx, 500*time.Millisecond) {
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.Process.Pid))
		if err != nil {
			return mb
		}
		_, rest, _ := strings.Cut(string(status), "VmRSS:")
		kb, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
		if n, err := strconv.Atoi(kb); err == nil {
			mb = append(mb, n/1024)
		}
	}
	return mb
}

// makeTrouble has one thing after the other fail for a moment, with rests between.
func (w *faulty) makeTrouble(ctx context.Context) {
	const often = 5
	messages := "POST /channels/{channel}/messages"
	for i := 0; pause(ctx, 2*time.Second); i++ {
		switch i % 9 {
		case 0:
			w.genuin.Always(genuinfake.BadGateway)
		case 1:
			w.genuin.Always(genuinfake.ResetAfter)
		case 2:
			w.genuin.Always(genuinfake.RateLimited)
		case 3:
			w.slack.Fail("chat.postMessage", often, slackfake.Status(http.StatusTooManyRequests, time.Second))
		case 4:
			w.slack.Fail("chat.update", often, slackfake.Status(http.StatusBadGateway, 0))
		case 5:
			w.slack.Fail("chat.postMessage", often, slackfake.LoseAnswer())
		case 6:
			w.discord.Fail(messages, often, discordfake.Failure{RetryAfter: time.Second})
		case 7:
			w.discord.Fail(messages, often, discordfake.Failure{Status: http.StatusBadGateway})
		case 8:
			w.discord.Fail(messages, often, discordfake.Failure{CutAfter: true})
		}
		pause(ctx, 300*time.Millisecond)
		w.genuin.Always(genuinfake.Behave)
		w.slack.Heal()
		w.discord.Heal()
	}
}

// customer asks for communities in channels of their own, each with a colleague who agrees.
type customer struct {
	*faulty
	n        int
	slack    bool
	channels []*office
}

// office is a channel with what was asked for in it.
type office struct {
	id, who, peer string
	wishes        []string
	done          bool
}

// office returns where to ask next.
func (c *customer) office() *office {
	if n := len(c.channels); n > 0 && len(c.channels[n-1].wishes) < perChannel {
		return c.channels[n-1]
	}
	k := fmt.Sprintf("%03d%07d", c.n+1, len(c.channels)+1)
	o := &office{id: "C" + k, who: "UA" + k, peer: "UB" + k}
	if c.slack {
		c.faulty.slack.AddUser(o.who, "Ada")
		c.faulty.slack.AddUser(o.peer, "Ben")
		c.faulty.slack.AddChannel(slackfake.Channel{ID: o.id, Name: "c" + k, Members: []string{o.who, o.peer}, Bot: true})
	} else {
		o.id, o.who, o.peer = "121"+k+"000000", "131"+k+"000000", "132"+k+"000000"
		c.discord.AddUser(o.who, "Ada")
		c.discord.AddUser(o.peer, "Ben")
		c.discord.AddChannel(o.id, "c"+k)
	}
	c.channels = append(c.channels, o)
	return o
}

func (c *customer) chat() person.Chat {
	if c.slack {
		return c.faulty.slack
	}
	return c.discord
}

// asks asks for the n-th community.
func (c *customer) asks(t *testing.T, n int) {
	o, line := c.office(), "/create-community name:"
	if c.slack {
		line = "/create-community "
	}
	name := fmt.Sprintf("Load %d.", n)
	s, err := c.chat().Type(t.Context(), o.who, o.id, line+name)
	if err == nil && s.Form == nil {
		err = errors.New("no form")
	}
	if err == nil {
		_, err = c.chat().Send(t.Context(), o.who, s.Form.ID, map[string]string{"Handle": fmt.Sprintf("load-%d", n)})
	}
	if err != nil {
		t.Errorf("%s: %v", name, err)
	}
	o.wishes = append(o.wishes, name)
	c.agrees(t, o)
}

// settles agrees to what is left, until all of it has its outcome.
func (c *customer) settles(t *testing.T) {
	for end := time.After(10 * time.Minute); ; {
		open := 0
		for _, o := range c.channels {
			if !o.done {
				c.agrees(t, o)
				open++
			}
		}
		if open == 0 {
			return
		}
		select {
		case <-time.After(200 * time.Millisecond):
		case <-end:
			t.Errorf("in %d channels something has no outcome:\n%s", open, c.waiting(t))
			return
		}
	}
}

// waiting is what has no outcome, as people see it.
func (c *customer) waiting(t *testing.T) string {
	var b strings.Builder
	for _, o := range c.channels {
		if o.done {
			continue
		}
		all, err := c.chat().Read(t.Context(), o.who, o.id)
		fmt.Fprintf(&b, "in %s (%v), where %q were asked for:\n", o.id, err, o.wishes)
		for _, m := range all {
			fmt.Fprintf(&b, "%+v\n", m)
		}
	}
	return b.String()
}

// agrees presses every Approve in a channel, and looks whether all is done there: one card and one outcome each.
func (c *customer) agrees(t *testing.T, o *office) {
	all, err := c.chat().Read(t.Context(), o.peer, o.id)
	if err != nil {
		t.Error(err)
	}
	cards, told := map[string]int{}, map[string]int{}
	var hands sync.WaitGroup
	defer hands.Wait()
	for _, m := range all {
		name, _, _ := strings.Cut(m.Text, "\n")
		if m.Private {
			continue
		}
		cards[name]++
		if m.Button("Approve") {
			hands.Go(func() { _, _ = c.chat().Press(t.Context(), o.peer, m.ID, "Approve") }) // pressed again, when it did not work
		}
		for _, line := range m.Thread {
			for _, words := range outcomes {
				if strings.Contains(line.Text, words) {
					told[name]++
				}
			}
		}
	}
	o.done = true
	for _, name := range o.wishes {
		if cards[name] > 1 || told[name] > 1 {
			t.Errorf("%s has %d cards and %d outcomes", name, cards[name], told[name])
		}
		o.done = o.done && told[name] == 1
	}
}
