package commands_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"communitybot/bot"
	"communitybot/bot/bottest"
	"communitybot/commands"
)

// TestWhateverHappens drives one request through random interleavings of what people do, what Genuin answers, time,
// redeliveries and crashes between any two steps, and holds what must never break:
//   - Genuin is only called when the policy is met for what it is sent,
//   - at most one community is made for each handle that people chose, and a second handle is people's choice,
//   - at the end everything is told exactly once, in every thread that is to hear it, below exactly one live card,
//   - a channel that takes no lines has no second card, and ends no request.
func TestWhateverHappens(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := newLife(t)
		t.Repeat(map[string]func(*rapid.T){
			"approve":  l.decides("approve"),
			"takeback": l.decides("takeback"),
			"deny":     l.rarely(l.decides("deny")),
			"changes":  l.rarely(l.decides("changes")),
			"edit":     l.requester("edit"),
			"fix":      l.requester("fix"),
			"withdraw": l.rarely(l.requester("withdraw")),
			"remind":   l.requester("remind"),
			"retry":    l.requester("retry"),
			"repeat":   l.repeat,
			"time": func(t *rapid.T) {
				l.clock.Move(time.Duration(rapid.IntRange(1, 4000).Draw(t, "seconds")) * time.Second)
			},
			"genuin": func(t *rapid.T) { l.mode = rapid.SampledFrom(modes).Draw(t, "mode") },
			"work":   func(t *rapid.T) { l.work(rapid.IntRange(0, 25).Draw(t, "dies after")) },
			"no lines": func(t *rapid.T) {
				if !l.strict {
					t.Skip("all channels take them")
				}
				l.silent[rapid.SampledFrom([]string{"C1", "C2"}).Draw(t, "channel")] = rapid.Bool().Draw(t, "silent")
			},
			"work on": func(*rapid.T) { l.work(0) },
		})
		l.settle()
	})
}

// modes are how Genuin may treat a call.
var modes = []string{"well", "well", "well", "lost after", "lost before", "unreachable", "broken", "broken after", "taken", "bad request", "unauthorized"}

// life is one request and all around it.
type life struct {
	t     *rapid.T
	store *bottest.Store
	clock *bottest.Clock
	can   *commands.Commands
	id    int64
	mode  string

	events   int
	last     *bot.Event
	made     map[string]int // communities by handle
	sent     map[string]bool
	handles  int // that people chose
	messages map[string]int
	live     map[int]int // cards by thread
	owner    int
	strict   bool            // channels may take no lines
	silent   map[string]bool // those that don't
	refused  bool            // a line was
	cards    map[string]int  // by channel
	fuse     int             // steps until the process dies; 0: never
}

// dead is what a dying process panics with.
type dead struct{}

func newLife(t *rapid.T) *life {
	l := &life{t: t, store: &bottest.Store{}, clock: bottest.NewClock(time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)), mode: "well",
		made: map[string]int{}, sent: map[string]bool{}, messages: map[string]int{}, live: map[int]int{}, handles: 1, silent: map[string]bool{}, cards: map[string]int{}}
	l.store.Between = l.step
	p := bot.Policy{Required: rapid.IntRange(0, 2).Draw(t, "required"), Expiry: 72 * time.Hour, Reminder: 10 * time.Hour}
	l.strict = rapid.Bool().Draw(t, "strict")
	if rapid.Bool().Draw(t, "own channel") {
		p.Channel = bot.Place{Platform: "slack", Tenant: "T1", Channel: "C2"}
	}
	l.can = commands.New(commands.Options{Store: l.store, Policy: p, Types: []bot.Option{{Value: "1", Label: "Public"}}, Now: l.clock.Now})
	l.does("Ada", bot.Call{Command: "create-community", Values: bot.Values{"name": "Acme", "handle": "acme"}})
	l.id = 1
	return l
}

// step is one step of the process, after which it may die.
func (l *life) step() {
	if l.fuse--; l.fuse == 0 {
		panic(dead{})
	}
}

// does has somebody send a call. Being refused is fine.
func (l *life) does(name string, call bot.Call) {
	l.events++
	at := bot.Place{Platform: "slack", Tenant: "T1", Channel: "C1"}
	if l.id > 0 {
		r, err := l.store.Request(context.Background(), l.id)
		if err != nil {
			l.t.Fatal(err)
		}
		asked := r.Threads[len(r.Threads)-1].At
		at = bot.Place{Platform: "slack", Tenant: "T1", Channel: asked.Channel}
	}
	l.last = &bot.Event{Call: call, Step: bot.Submit, ID: fmt.Sprint("event", l.events), By: bot.User{Platform: "slack", ID: name, Name: name}, At: at}
	l.handle()
}

func (l *life) handle() {
	if _, err := l.can.Handle(context.Background(), *l.last); bot.CodeOf(err) == bot.Internal {
		l.t.Fatalf("%v: %v", l.last, err)
	}
}

// repeat delivers the last event again: nothing may change.
func (l *life) repeat(*rapid.T) {
	before := l.request()
	l.handle()
	if after := l.request(); after.Entries != before.Entries && seen(l, l.last.ID) > 1 {
		l.t.Fatalf("event %s counted twice", l.last.ID)
	}
}

func seen(l *life, event string) (n int) {
	for _, e := range l.history() {
		if e.Event == event {
			n++
		}
	}
	return n
}

func (l *life) request() bot.Request {
	r, err := l.store.Request(context.Background(), l.id)
	if err != nil {
		l.t.Fatal(err)
	}
	return r
}

func (l *life) history() []bot.Entry {
	all, err := l.store.History(context.Background(), l.id, 0)
	if err != nil {
		l.t.Fatal(err)
	}
	return all
}

// version is what a card on somebody's screen may show: the present version, or an earlier one.
func (l *life) version(t *rapid.T) string {
	v := l.request().Version
	if rapid.IntRange(0, 9).Draw(t, "old card") == 0 {
		v -= rapid.IntRange(1, 2).Draw(t, "how old")
	}
	return fmt.Sprint(v)
}

func (l *life) decides(command string) func(*rapid.T) {
	return func(t *rapid.T) {
		who := rapid.SampledFrom([]string{"Ada", "Ben", "Cleo"}).Draw(t, "who")
		l.does(who, bot.Call{Command: command, Values: bot.Values{"id": "1", "v": l.version(t), "reason": "because"}})
	}
}

func (l *life) requester(command string) func(*rapid.T) {
	return func(t *rapid.T) {
		v := bot.Values{"id": "1", "v": l.version(t)}
		if command == "edit" || command == "fix" {
			if rapid.Bool().Draw(t, "another description") {
				v["description"] = fmt.Sprint("words ", l.events)
			}
			if rapid.Bool().Draw(t, "another handle") {
				v["handle"] = fmt.Sprint("acme-", l.events)
			}
		}
		before := l.request().Community.Handle
		l.does("Ada", bot.Call{Command: command, Values: v})
		if l.request().Community.Handle != before {
			l.handles++
		}
	}
}

// rarely keeps what ends a request from ending nearly all of them.
func (l *life) rarely(do func(*rapid.T)) func(*rapid.T) {
	return func(t *rapid.T) {
		if rapid.IntRange(0, 5).Draw(t, "rarely") > 0 {
			t.Skip("not now")
		}
		do(t)
	}
}

// work does all that is due, and dies after some steps. Then another process takes over.
func (l *life) work(fuse int) {
	l.fuse = fuse
	defer func() {
		l.fuse = 0
		if p := recover(); p != nil {
			if _, ok := p.(dead); !ok {
				panic(p)
			}
			l.owner++
			me := fmt.Sprint("process", l.owner)
			_, err := l.store.Change(context.Background(), l.id, "", func(r *bot.Request) error {
				r.Drop(func(owner string) bool { return owner != me }, l.clock.Now())
				return nil
			})
			if err != nil {
				l.t.Fatal(err)
			}
		}
	}()
	w := &commands.Worker{Commands: l.can, Genuin: l, Platforms: map[string]bot.Platform{"slack": l}, Owner: fmt.Sprint("process", l.owner), Life: &bottest.Life{},
		Call: time.Minute, Patience: time.Hour, Panicked: func() {}, Log: slog.New(slog.DiscardHandler)}
	for range 50 {
		r := l.request()
		jobs := r.Overdue(l.clock.Now())
		if len(jobs) == 0 {
			return
		}
		for _, j := range jobs {
			if err := w.Do(context.Background(), j); err != nil && err != bot.ErrNoTask {
				l.t.Fatalf("%s: %v", j.Work, err)
			}
		}
	}
	l.t.Fatalf("work without end: %+v", l.request().Tasks)
}

// Create is Genuin.
func (l *life) Create(_ context.Context, c bot.Community) (bot.Made, error) {
	l.policyIsMet()
	l.step()
	refuse := func(r bot.Reason) (bot.Made, error) { return bot.Made{}, &bot.Refusal{Reason: r} }
	switch l.mode {
	case "lost before":
		return refuse(bot.NoAnswer)
	case "unreachable":
		return refuse(bot.Unreachable)
	case "broken":
		return refuse(bot.Broken)
	case "bad request":
		return refuse(bot.BadRequest)
	case "unauthorized":
		return refuse(bot.Unauthorized)
	case "taken":
		return refuse(bot.HandleTaken)
	}
	if l.made[c.Handle] > 0 {
		return refuse(bot.HandleTaken)
	}
	l.made[c.Handle]++
	l.step()
	switch l.mode {
	case "lost after":
		return refuse(bot.NoAnswer)
	case "broken after":
		return refuse(bot.Broken)
	}
	return bot.Made{ID: "id-" + c.Handle, URL: "https://x.test/" + c.Handle}, nil
}

// policyIsMet looks at the history alone: who agreed since the request last changed in a way that counts?
func (l *life) policyIsMet() {
	agreed := map[string]bool{}
	for _, e := range l.history() {
		switch e.What {
		case bot.Edited:
			clear(agreed)
		case bot.Resent:
			if e.Note != "" && !(strings.HasPrefix(e.Note, "Handle: ") && !strings.Contains(e.Note, ";")) {
				clear(agreed)
			}
		case bot.Agreed:
			agreed[e.By.ID] = true
		case bot.TookBack:
			delete(agreed, e.By.ID)
		}
	}
	if r := l.request(); len(agreed) < r.Policy.Required || agreed["Ada"] {
		l.t.Fatalf("Genuin is called with %d of %d: %v", len(agreed), r.Policy.Required, l.history())
	}
}

// Post is the platform: with Again set it finds a message of the same key.
func (l *life) Post(_ context.Context, at bot.Place, c bot.Card) (bot.Place, error) {
	l.step()
	if at.Message != "" && l.silent[at.Channel] {
		l.refused = true
		return at, &bot.Error{Code: bot.NoAccess}
	}
	if at.Message == "" && (!c.Again || l.messages[c.Key] == 0) {
		l.cards[at.Channel]++
	}
	if !c.Again || l.messages[c.Key] == 0 {
		l.messages[c.Key]++
	}
	l.step()
	at.Message = c.Key
	return at, nil
}

// Update redraws a card.
func (l *life) Update(context.Context, bot.Place, bot.Card) error {
	l.step()
	return nil
}

// settle lets everything come to its end, and looks at what is left.
func (l *life) settle() {
	l.mode = "well"
	for range 200 {
		l.work(0)
		r := l.request()
		at, ok := r.Due()
		if !ok {
			break
		}
		l.clock.Move(max(at.Sub(l.clock.Now()), 0))
	}
	r := l.request()
	if len(r.Tasks) > 0 || r.Open() && r.Policy.Required > 0 || r.State == bot.Approved || r.State == bot.Creating {
		l.t.Fatalf("it is %s in the end, with tasks %v", r.State, r.Tasks)
	}
	total := 0
	for _, n := range l.made {
		total += n
	}
	if total > l.handles {
		l.t.Fatalf("%d communities for %d handles: %v", total, l.handles, l.made)
	}
	if r.State == bot.IsCreated && l.made[r.Community.Handle] != 1 {
		l.t.Fatalf("said to be created, and made %d times", l.made[r.Community.Handle])
	}
	l.nobodyWasLost()
	if !l.refused {
		l.toldOnce(&r)
	}
}

// nobodyWasLost looks at what lines that were refused must not do.
func (l *life) nobodyWasLost() {
	for channel, n := range l.cards {
		if n > 1 {
			l.t.Fatalf("%d cards in %q", n, channel)
		}
	}
	for _, e := range l.history() {
		if e.Reason == bot.NobodyAsked {
			l.t.Fatalf("nobody could be asked: %v", l.history())
		}
	}
}

func (l *life) toldOnce(r *bot.Request) {
	for i := range r.Threads {
		if n := l.messages[fmt.Sprintf("c%s-%d-0", r.Tag, i)]; n != 1 {
			l.t.Fatalf("thread %d has %d cards", i, n)
		}
		for _, e := range l.history() {
			want := 0
			if r.Hears(i, e) {
				want = 1
			}
			if n := l.messages[r.LineKey(i, e)]; n != want {
				l.t.Fatalf("%s (%d) was told %d times in thread %d, want %d", e.What, e.Seq, n, i, want)
			}
		}
	}
}
