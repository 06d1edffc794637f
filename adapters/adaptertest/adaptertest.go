// Package adaptertest is the one suite that every adapter must pass, on its platform's fake: what the bot relies on, the
// same everywhere.
//
// It imports bot, adapters/person and testing.
package adaptertest

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"communitybot/adapters/person"
	"communitybot/bot"
)

// Adapter is what the suite tests.
type Adapter interface {
	bot.Platform
	Handler(h bot.Handler) http.Handler
}

// Kit is an adapter on its platform's fake.
type Kit struct {
	Adapter Adapter
	Chat    person.Chat
	Connect func(url string)          // where the fake delivers to
	Again   func(ctx context.Context) // the fake delivers the last request once more
	Close   func()                    // the bot may not post in the channel any more
	Delete  func(message string)      // a message in the channel is deleted by a person

	Channel bot.Place // where Ada and Ben are, and the bot may post
	Ada     bot.User
	Ben     bot.User
	Group   bot.User // a user group or role that can be mentioned, with its name
}

// bench is one running kit: a bot whose handler is the test's.
type bench struct {
	Kit
	t *testing.T

	mu     sync.Mutex
	handle bot.HandlerFunc
	events []bot.Event
}

// Run runs the suite.
func Run(t *testing.T, kit func(t *testing.T) Kit) {
	for name, test := range map[string]func(*bench){
		"a typed command says who, where and what":                     typed,
		"a form is shown filled in, and sent back with its call":       asked,
		"a bad form comes back with nothing lost":                      refused,
		"what is told is seen by nobody else":                          told,
		"a command that needs no answer gets none that others see":     done,
		"a button makes its call, and its card stays as it is":         pressed,
		"a button that is refused says so in private":                  pressedInVain,
		"a handler that panics is answered, and the bot lives on":      panicked,
		"a redelivery repeats the event's ID":                          redelivered,
		"a card is posted, redrawn and answered in its thread":         posted,
		"a card that may be there already is not posted twice":         postedAgain,
		"what people write neither notifies nor formats":               hostile,
		"a mention notifies, a name does not":                          mentioned,
		"a mention of a group notifies it, its name does not":          groups,
		"a private text has buttons, and what they answer replaces it": toldWithButtons,
		"a card goes to a person in private":                           direct,
		"a channel that is closed to the bot is said to be":            closed,
		"a message that was deleted is said to be gone":                gone,
		"a card of a community with everything shows all of it":        everything,
		"an error of ours is told without its cause":                   ourFault,
		"requests without a signature are refused, and have no effect": unsigned,
	} {
		t.Run(name, func(t *testing.T) {
			b := &bench{Kit: kit(t), t: t}
			server := httptest.NewServer(b.Adapter.Handler(b))
			t.Cleanup(server.Close)
			b.Connect(server.URL)
			test(b)
		})
	}
}

// Handle notes the event and answers as the test says.
func (b *bench) Handle(ctx context.Context, e bot.Event) (bot.Reply, error) {
	b.mu.Lock()
	b.events = append(b.events, e)
	handle := b.handle
	b.mu.Unlock()
	return handle(ctx, e)
}

// answer sets what the bot answers from now on.
func (b *bench) answer(h bot.HandlerFunc) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.handle = h
}

func (b *bench) reply(r bot.Reply) {
	b.answer(func(context.Context, bot.Event) (bot.Reply, error) { return r, nil })
}

// last returns the last event, and how many there were.
func (b *bench) last() (bot.Event, int) {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.events) == 0 {
		b.t.Fatal("nothing reached the bot")
	}
	return b.events[len(b.events)-1], len(b.events)
}

// must returns a screen, or ends the test.
func (b *bench) must(s person.Screen, err error) person.Screen {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
	return s
}

func (b *bench) typing(line string) person.Screen {
	b.t.Helper()
	return b.must(b.Chat.Type(b.t.Context(), b.Ada.ID, b.Channel.Channel, line))
}

func (b *bench) post(at bot.Place, c bot.Card) bot.Place {
	b.t.Helper()
	p, err := b.Adapter.Post(b.t.Context(), at, c)
	if err != nil {
		b.t.Fatal(err)
	}
	return p
}

// read returns the messages of the channel as u sees them.
func (b *bench) read(u bot.User) []person.Message {
	b.t.Helper()
	all, err := b.Chat.Read(b.t.Context(), u.ID, b.Channel.Channel)
	if err != nil {
		b.t.Fatal(err)
	}
	return all
}

// only returns the one message of the channel.
func (b *bench) only() person.Message {
	b.t.Helper()
	all := b.read(b.Ben)
	if len(all) != 1 {
		b.t.Fatalf("%d messages in the channel, want 1: %+v", len(all), all)
	}
	return all[0]
}

// says ends the test when text does not hold all of the parts.
func (b *bench) says(text string, parts ...string) {
	b.t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			b.t.Errorf("%q is not in %q", p, text)
		}
	}
}

func (b *bench) same(want, got any) {
	b.t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		b.t.Errorf("(-want +got):\n%s", diff)
	}
}
