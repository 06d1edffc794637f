// Package sandbox is a place to try the bot without any account: a Slack, a Discord and a Genuin of its own on loopback,
// and a web page on which a person talks to the bot in both chats.
//
// It imports the three fakes, adapters/person and the standard library; the bot itself runs beside it, as in serve.
package sandbox

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"communitybot/adapters/discord/discordfake"
	"communitybot/adapters/person"
	"communitybot/adapters/slack/slackfake"
	"communitybot/bot/genuin/genuinfake"
)

// Sandbox is three running fakes and a folder for the bot's database. Several can run side by side.
type Sandbox struct {
	folder  string
	slack   *slackfake.Fake
	discord *discordfake.Fake
	genuin  *genuinfake.Fake
	chats   []chat // in the order of the page

	mu    sync.Mutex
	next  genuinfake.Mode // what expect asked for last
	since int             // create calls that Genuin had answered by then
}

// chat is a platform of the sandbox.
type chat struct {
	person.Chat
	Name    string // in the API: "slack"
	Title   string // on the page: "Slack"
	Channel string // the name of the one channel that there is
	Example string // a line that is worth typing
	channel string // its ID
	route   string // of the bot, where what people do is delivered
	connect func(url string)
	ids     map[string]string // of people, by name
}

// Start starts a sandbox with its people and channels. Close ends it.
func Start() (s *Sandbox, err error) {
	s = &Sandbox{next: genuinfake.Behave}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("can't start the sandbox: %w", err), s.Close())
			s = nil
		}
	}()
	if s.folder, err = os.MkdirTemp("", "communitybot-sandbox-"); err != nil {
		return s, err
	}
	if s.slack, err = slackfake.Start(slackfake.Options{}); err != nil {
		return s, err
	}
	if s.discord, err = discordfake.Start(discordfake.Options{AnyCommand: true}); err != nil {
		return s, err
	}
	if s.genuin, err = genuinfake.Start(genuinfake.Options{}); err != nil {
		return s, err
	}
	s.chats = []chat{s.slackChat(), s.discordChat()}
	return s, nil
}

// Environ returns the environment for the bot that belongs to this sandbox, in the form of os.Environ.
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
		"GENUIN_CATEGORIES=1=Sports,2=Music,3=Food,4=Games,5=Science", // all of them exist in the fake
	}
}

// Install installs the bot's app on the Slack by its manifest, as people do who set it up.
func (s *Sandbox) Install(manifest []byte) error { return s.slack.Install(manifest) }

// Connect tells the chats where the bot is, by the root of its URLs. It does not call the bot.
func (s *Sandbox) Connect(botURL string) error {
	if u, err := url.Parse(botURL); err != nil || u.Scheme == "" || u.Host == "" {
		return fmt.Errorf("can't connect the sandbox: %q is not the URL of a bot", botURL)
	}
	for _, c := range s.chats {
		c.connect(strings.TrimSuffix(botURL, "/") + c.route)
	}
	return nil
}

// Close stops the fakes and removes the folder. The bot is to be stopped before, because its database is in there.
func (s *Sandbox) Close() error {
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
	if s.folder != "" {
		errs = append(errs, os.RemoveAll(s.folder))
	}
	return errors.Join(errs...)
}
