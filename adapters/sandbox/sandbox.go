// Package sandbox is a place to try the bot without any account: a Slack, a Discord and a Genuin of its own on loopback,
// and a web page on which people talk to the bot in both chats, change its policy, let time pass and have things fail.
//
// It imports the three fakes, adapters/person, its own draw and the standard library; it runs the bot that it is given.
package sandbox

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"communitybot/adapters/discord/discordfake"
	"communitybot/adapters/slack/slackfake"
	"communitybot/bot/genuin/genuinfake"
)

// Sandbox is three running fakes and a folder for the bot's database. Several can run side by side.
type Sandbox struct {
	options Options
	folder  string
	clock   clock
	slack   *slackfake.Fake
	discord *discordfake.Fake
	genuin  *genuinfake.Fake
	chats   []*chat // in the order of the page
	topics  []topic
	client  *http.Client // to what runs beside the page

	restarts chan restart
	over     chan struct{} // closed when there is no bot any more
	once     sync.Once
	bell     bell         // for what is set on the page
	door     sync.RWMutex // read-locked by whoever needs the bot, locked while there is none

	mu     sync.Mutex
	policy policy
	bot    Running
	next   genuinfake.Mode // what expect asked for last
	stays  bool            // next is for all create calls, not for one
	since  int             // create calls that Genuin had answered by then
}

// Options is what a sandbox starts with. The zero value is good.
type Options struct {
	Categories string // those that people choose from, as GENUIN_CATEGORIES has them; empty: five
}

const fiveCategories = "1=Sports,2=Music,3=Food,4=Games,5=Science"

// Start starts a sandbox with its people and channels. Close ends it.
func Start(o Options) (s *Sandbox, err error) {
	o.Categories = cmp.Or(o.Categories, fiveCategories)
	s = &Sandbox{
		options: o, next: genuinfake.Behave, policy: atFirst(), restarts: make(chan restart), over: make(chan struct{}),
		client: &http.Client{Transport: &http.Transport{}},
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("can't start the sandbox: %w", err), s.Close())
			s = nil
		}
	}()
	if s.folder, err = os.MkdirTemp("", "communitybot-sandbox-"); err != nil {
		return s, err
	}
	if s.slack, err = slackfake.Start(slackfake.Options{Now: s.clock.Now}); err != nil {
		return s, err
	}
	if s.discord, err = discordfake.Start(discordfake.Options{Now: s.clock.Now}); err != nil {
		return s, err
	}
	if s.genuin, err = genuinfake.Start(genuinfake.Options{Categories: ids(o.Categories), Now: s.clock.Now}); err != nil {
		return s, err
	}
	s.chats = []*chat{s.slackChat(), s.discordChat()}
	for _, c := range s.chats {
		s.topics = append(s.topics, topic{c.Name, c.Changed})
	}
	s.topics = append(s.topics, topic{"genuin", s.genuin.Changed}, topic{"controls", s.bell.changed})
	return s, nil
}

// ids returns the IDs of categories such as "1=Sports". What is none is left to the bot, which says so.
func ids(categories string) (all []int64) {
	for one := range strings.SplitSeq(categories, ",") {
		id, _, _ := strings.Cut(one, "=")
		if n, err := strconv.ParseInt(strings.TrimSpace(id), 10, 64); err == nil {
			all = append(all, n)
		}
	}
	return all
}

// Environ returns the environment for the bot that belongs to this sandbox, in the form of os.Environ, but for its policy.
func (s *Sandbox) Environ() []string {
	discord := s.discord.Options()
	return []string{
		"DATABASE_URL=sqlite:" + filepath.Join(s.folder, "sandbox.db"),
		"LOG_LEVEL=warn",
		"PUBLIC_URL=https://sandbox.invalid", // for the manifest, which nobody reads here
		"SLACK_API_URL=" + s.slack.APIURL(),
		"SLACK_BOT_TOKEN=" + s.slack.BotToken,
		"SLACK_SIGNING_SECRET=" + s.slack.SigningSecret,
		"DISCORD_API_URL=" + s.discord.APIURL(),
		"DISCORD_BOT_TOKEN=" + discord.BotToken,
		"DISCORD_APPLICATION_ID=" + discord.ApplicationID,
		"DISCORD_PUBLIC_KEY=" + s.discord.PublicKey(),
		"GENUIN_BASE_URL=" + s.genuin.URL(),
		"GENUIN_API_KEY=" + genuinfake.Key,
		"GENUIN_API_SECRET=" + genuinfake.Secret,
		"GENUIN_CATEGORIES=" + s.options.Categories, // all of them exist in the fake
	}
}

// Install installs the bot's app on the Slack by its manifest, as people do who set it up.
func (s *Sandbox) Install(manifest []byte) error { return s.slack.Install(manifest) }

// inForce returns the policy in force.
func (s *Sandbox) inForce() policy {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.policy
}

func (s *Sandbox) running() Running {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bot
}

// set notes which bot answers now, and by which policy.
func (s *Sandbox) set(p policy, r Running) {
	s.mu.Lock()
	s.policy, s.bot = p, r
	s.mu.Unlock()
	s.bell.ring()
}

// end tells the pages that there is no bot any more.
func (s *Sandbox) end() { s.once.Do(func() { close(s.over) }) }

// Close stops the fakes and removes the folder. The bot is to be stopped before, because its database is in there.
func (s *Sandbox) Close() error {
	s.end()
	var errs []error
	if s.slack != nil {
		errs = append(errs, s.slack.Close())
	}
	if s.discord != nil {
		s.discord.Close()
	}
	if s.genuin != nil {
		s.genuin.Close()
	}
	s.client.CloseIdleConnections()
	if s.folder != "" {
		errs = append(errs, os.RemoveAll(s.folder))
	}
	return errors.Join(errs...)
}
