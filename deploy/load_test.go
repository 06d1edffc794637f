package deploy_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"communitybot/adapters/person"
	"communitybot/adapters/slack/slackfake"
)

var submissions = flag.Int("submissions", 80, "how many communities TestLoadWhileThingsFail asks for")

const (
	customers  = 8  // who ask beside each other, half of them on each platform
	perChannel = 25 // requests: people read the channel to find their card

	samples   = 40        // of the memory in use, over all submissions
	tables    = 512 << 10 // bytes of a database without a request, at most
	aRequest  = 10 << 10  // bytes of the database for each, at most, with its history and the jobs of the last hour
	beside    = 16 << 20  // bytes of the file beside the database, at most: readers make it grow, and it shrinks to half of that
	megabytes = 128       // of memory, at most
)

// load is a bot under load, with what is counted meanwhile.
type load struct {
	*faulty
	connected bool // it opens the connections itself
	wanted    int  // communities
	database  string
	asked     atomic.Int64

	mu     sync.Mutex
	memory []int // in MB, each time that so many more were asked for
	wal    int64 // bytes that stood beside the database, at most
}

// TestLoadWhileThingsFail asks for many communities, with an approval each, while all sorts of things fail, one after the
// other. In the end each has one community, one card and one outcome.
func TestLoadWhileThingsFail(t *testing.T) {
	if *submissions < samples {
		t.Fatalf("-submissions must be %d at least", samples)
	}
	for way, l := range map[string]*load{
		"over HTTP":        {wanted: *submissions},
		"over connections": {wanted: max(2*samples, *submissions/4), connected: true},
	} {
		t.Run(way, l.test)
	}
}

func (l *load) test(t *testing.T) {
	l.database = filepath.Join(t.TempDir(), "bot.db")
	env := []string{"DATABASE_URL=sqlite:" + l.database, "APPROVALS_REQUIRED=1", "GENUIN_TIMEOUT=2s"}
	if l.connected {
		env = append(env, overSocket, overGateway)
	}
	l.faulty = startFaulty(t, env...)
	ctx, stop := context.WithCancel(t.Context())
	var troubles, all sync.WaitGroup
	var met map[string]int
	troubles.Go(func() { met = l.makeTrouble(ctx) })

	began := time.Now()
	var next atomic.Int64
	var served []*customer
	for i := range customers {
		c := &customer{load: l, n: i, slack: i%2 == 0}
		served = append(served, c)
		all.Go(func() {
			for n := int(next.Add(1)); n <= l.wanted; n = int(next.Add(1)) {
				c.asks(t, n)
				l.count(t)
			}
			c.settles(t)
		})
	}
	all.Wait()
	took := time.Since(began)
	stop()
	troubles.Wait()
	l.bot.stop()

	t.Logf("%d communities in %s, each with a card, an approval and an outcome", l.wanted, took.Round(time.Second))
	t.Logf("troubles: %v", met)
	if kinds := len(l.troubles()); len(met) != kinds {
		t.Errorf("%d kinds of trouble of %d came up", len(met), kinds)
	}
	made, platforms := l.made(), tallies{}
	for _, c := range served { // what came last may have come after people looked
		c.sawOnce(t, made, platforms)
	}
	t.Log(platforms)
	l.eachOnce(t, made)
	l.small(t)
	l.flat(t)
}

// made is how often each community was made, by its handle.
func (l *load) made() map[string]int {
	made := map[string]int{}
	for _, c := range l.genuin.Communities() {
		made[c.Handle]++
	}
	return made
}

// eachOnce checks that each community was made, once.
func (l *load) eachOnce(t *testing.T, made map[string]int) {
	t.Helper()
	for n := 1; n <= l.wanted; n++ {
		if handle := fmt.Sprintf("load-%d", n); made[handle] != 1 {
			t.Errorf("%s was made %d times", handle, made[handle])
		}
	}
	t.Logf("%.2f calls to Genuin a community", float64(l.called())/float64(l.wanted))
}

// handleOf is the handle that is asked for with a name.
func handleOf(name string) string {
	return strings.ToLower(strings.ReplaceAll(strings.TrimSuffix(name, "."), " ", "-"))
}

// sawOnce checks that each of somebody's wishes has one card, which nobody is asked to decide on, and one outcome.
func (c *customer) sawOnce(t *testing.T, made map[string]int, platforms tallies) {
	t.Helper()
	count := platforms.of("Discord")
	if c.slack {
		count = platforms.of("Slack")
	}
	for _, o := range c.channels {
		seen := c.sees(t, o)
		for _, name := range o.wishes {
			s := seen[name]
			count.add(true, made[handleOf(name)], fate{cards: s.cards, outcomes: s.told, doubts: s.doubts})
			if s.cards != 1 || s.told != 1 || len(s.live) > 0 {
				t.Errorf("in the end, %s has %d cards, %d of them to decide on, and %d outcomes", name, s.cards, len(s.live), s.told)
			}
		}
		if len(seen) != len(o.wishes) {
			t.Errorf("in the end, %s has cards of %d communities, and %d were asked for", o.id, len(seen), len(o.wishes))
		}
	}
}

// small checks the size of the database of a bot that has stopped, and of what stood beside it before.
func (l *load) small(t *testing.T) {
	t.Helper()
	size := l.bytes(t, "") + l.bytes(t, "-wal")
	t.Logf("the database has %d bytes, that is %d a request; %d stood beside it at most", size, size/int64(l.wanted), l.wal)
	if most := int64(tables + l.wanted*aRequest); size > most || l.wal > beside {
		t.Errorf("that is more than %d, or than %d beside it", most, beside)
	}
}

// bytes is the size of a file of the database; 0 when it is not there.
func (l *load) bytes(t *testing.T, suffix string) int64 {
	info, err := os.Stat(l.database + suffix)
	if errors.Is(err, fs.ErrNotExist) {
		return 0
	}
	if err != nil {
		t.Error(err)
		return 0
	}
	return info.Size()
}

// flat compares the memory of the last quarter of a run with that of its second.
func (l *load) flat(t *testing.T) {
	t.Helper()
	quarter := len(l.memory) / 4
	before, after := slices.Max(l.memory[quarter:2*quarter]), slices.Max(l.memory[3*quarter:])
	t.Logf("memory: %d MB at first, %d MB in the end, %d MB at most; %d MB at most in the second quarter, %d MB in the last",
		l.memory[0], l.memory[len(l.memory)-1], slices.Max(l.memory), before, after)
	if after > before*3/2+8 || after > megabytes {
		t.Errorf("memory grows: from %d MB to %d MB", before, after)
	}
}

// count counts what was asked for, and looks at the program's resident memory now and then.
func (l *load) count(t *testing.T) {
	n := int(l.asked.Add(1))
	if n%(l.wanted/samples) != 0 {
		return
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", l.bot.Process.Pid))
	if err != nil {
		t.Error(err)
		return
	}
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	text, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	kb, err := strconv.Atoi(text)
	if err != nil {
		t.Error(err)
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.memory = append(l.memory, kb/1024)
	l.wal = max(l.wal, l.bytes(t, "-wal"))
}

// customer asks for communities in channels of their own, each with a colleague who agrees.
type customer struct {
	*load
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
		c.load.faulty.slack.AddUser(o.who, "Ada")
		c.load.faulty.slack.AddUser(o.peer, "Ben")
		c.load.faulty.slack.AddChannel(slackfake.Channel{ID: o.id, Name: "c" + k, Members: []string{o.who, o.peer}, Bot: true})
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
		return c.load.faulty.slack
	}
	return c.discord
}

// asks asks for the n-th community, again while it does not work.
func (c *customer) asks(t *testing.T, n int) {
	o, line := c.office(), "/create-community name:"
	if c.slack {
		line = "/create-community "
	}
	name := fmt.Sprintf("Load %d.", n)
	form, doubt := "", false
	end := time.Now().Add(5 * time.Minute)
	for taken := false; !taken; {
		if time.Now().After(end) {
			t.Errorf("%s: nobody takes it", name)
			return
		}
		if form == "" {
			if s, err := c.chat().Type(t.Context(), o.who, o.id, line+name); err == nil && s.Form != nil {
				form = s.Form.ID
			}
			continue
		}
		s, err := c.chat().Send(t.Context(), o.who, form, map[string]string{"Handle": handleOf(name)})
		back := s.Form != nil || len(s.Private) > 0 && s.Private[0].Button("Try again")
		switch {
		case err != nil: // it may have been kept; if so the next one is told that the handle is held
			doubt = true
			if strings.Contains(err.Error(), "no form") || strings.Contains(err.Error(), "not open") {
				form = ""
			}
		case !back || doubt:
			taken = true
		default:
			t.Errorf("%s is refused: %+v", name, s)
			return
		}
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

// sight is what stands in a channel about one community.
type sight struct {
	cards, told int
	doubts      int      // among what was told
	live        []string // messages with Approve
}

// sees reads a channel, by the names of communities.
func (c *customer) sees(t *testing.T, o *office) map[string]sight {
	all, err := c.chat().Read(t.Context(), o.peer, o.id)
	if err != nil {
		t.Error(err)
	}
	found := map[string]sight{}
	for _, m := range all {
		if m.Private {
			continue
		}
		name, _, _ := strings.Cut(m.Text, "\n")
		s := found[name]
		s.cards++
		if m.Button("Approve") {
			s.live = append(s.live, m.ID)
		}
		for _, line := range m.Thread {
			for i, words := range outcomes {
				if strings.Contains(line.Text, words) {
					s.told++
					s.doubts += i
				}
			}
		}
		found[name] = s
	}
	return found
}

// agrees presses every Approve in a channel, and looks whether all is done there: one card and one outcome each.
func (c *customer) agrees(t *testing.T, o *office) {
	found := c.sees(t, o)
	var hands sync.WaitGroup
	defer hands.Wait()
	for _, s := range found {
		for _, id := range s.live {
			hands.Go(func() { _, _ = c.chat().Press(t.Context(), o.peer, id, "Approve") }) // pressed again, when it did not work
		}
	}
	o.done = true
	for _, name := range o.wishes {
		if s := found[name]; s.cards > 1 || s.told > 1 {
			t.Errorf("%s has %d cards and %d outcomes", name, s.cards, s.told)
		}
		o.done = o.done && found[name].told == 1
	}
}
