package sandbox

import (
	"net/http"
	"sync"
	"time"

	"communitybot/adapters/discord/discordfake"
	"communitybot/adapters/slack/slackfake"
)

// fault is something about a chat that can be made to go wrong.
type fault struct {
	Name   string
	Title  string
	inject func()
}

// faults are a chat's, those that are switched on among them.
type faults struct {
	all  []fault
	heal func() // ends whatever was injected

	mu sync.Mutex
	on map[string]bool
}

// set switches a fault on or off.
func (f *faults) set(name string, on bool) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	known := false
	for _, x := range f.all {
		known = known || x.Name == name
	}
	if !known {
		return notFound("This chat has no such switch.")
	}
	f.on[name] = on
	f.heal()
	for _, x := range f.all {
		if f.on[x.Name] {
			x.inject()
		}
	}
	return nil
}

// switches returns the faults as the page shows them.
func (f *faults) switches() (all []faultSwitch) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, x := range f.all {
		all = append(all, faultSwitch{x.Name, x.Title, f.on[x.Name]})
	}
	return all
}

// faultSwitch is a fault that is on or off.
type faultSwitch struct {
	Name, Title string
	On          bool
}

// askedToWait is what a chat that is too busy asks for.
const askedToWait = 3 * time.Second

func slackFaults(f *slackfake.Fake) *faults {
	always := func(failure slackfake.Failure, methods ...string) func() {
		return func() {
			for _, m := range methods {
				f.FailAlways(m, failure)
			}
		}
	}
	posting := []string{"chat.postMessage", "chat.update"}
	first := channels[0]
	channel := func(flat, readOnly bool) func() {
		return func() {
			f.AddChannel(everybodys(slackfake.Channel{ID: first.slack, Name: first.name, Bot: true, Flat: flat, ReadOnly: readOnly}))
		}
	}
	return &faults{on: map[string]bool{}, all: []fault{
		{"busy", "Asks the bot to wait", always(slackfake.Status(http.StatusTooManyRequests, askedToWait), posting...)},
		{"down", "Is down", always(slackfake.Status(http.StatusBadGateway, 0), posting...)},
		{"threads", "The bot may not write in threads", channel(true, false)},
		{"away", "The bot may not write in #" + first.name, channel(false, true)},
		{"token", "Refuses the bot's token", always(slackfake.Refuse("invalid_auth"), posting...)},
	}, heal: func() {
		f.Heal()
		channel(false, false)()
	}}
}

func discordFaults(f *discordfake.Fake) *faults {
	always := func(how discordfake.Failure) func() {
		return func() {
			for _, route := range []string{"POST /channels/{channel}/messages", "PATCH /channels/{channel}/messages/{message}"} {
				f.FailAlways(route, how)
			}
		}
	}
	first := channels[0]
	may := func(p discordfake.Permission) func() { return func() { f.Allow(first.discord, p) } }
	const threads = discordfake.CreateThreads | discordfake.SendInThreads
	return &faults{on: map[string]bool{}, all: []fault{
		{"busy", "Asks the bot to wait", always(discordfake.Failure{RetryAfter: askedToWait})},
		{"down", "Is down", always(discordfake.Failure{Status: http.StatusBadGateway})},
		{"threads", "The bot may not start threads", may(discordfake.Everything &^ threads)},
		{"away", "The bot may not write in #" + first.name, may(discordfake.Everything &^ (threads | discordfake.SendMessages))},
		{"token", "Refuses the bot's token", always(discordfake.Failure{Status: http.StatusUnauthorized, Message: "401: Unauthorized"})},
	}, heal: func() {
		f.Heal()
		f.Allow(first.discord, discordfake.Everything)
	}}
}
