package slack

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"communitybot/bot"
)

// appName is what people call the bot.
const appName = "communitybot"

// Scopes are what the bot's token needs: to be called, to post in channels it is in and public ones it is not in, to
// write to people, to find its own message again after a lost answer (which it can only do where it is a member), and to
// know approvers.
// https://docs.slack.dev/reference/scopes
var Scopes = []string{
	"commands",
	"chat:write",
	"chat:write.public",
	"channels:join",
	"im:write",
	"channels:history",
	"groups:history",
	"im:history",
	groupScope,
	personScope,
}

// What looking up approvers takes: who is in a group and what it is called, and what a person is called.
const (
	groupScope  = "usergroups:read"
	personScope = "users:read"
)

// needful are the scopes without which nothing works at all.
var needful = []string{"commands", "chat:write"}

// EventsPath is where Slack's requests go, below the public URL.
const EventsPath = "/slack/events"

// Manifest returns the Slack app manifest, in JSON, for an app that has these commands and their shortcuts. Over HTTP it
// is reached at publicURL (PUBLIC_URL); one that is no address is an error. With socket it connects to Slack by itself, and
// publicURL is not used. https://docs.slack.dev/reference/app-manifest
func Manifest(commands []bot.Command, publicURL string, socket bool) ([]byte, error) {
	if !socket && !isWeb(publicURL) {
		return nil, fmt.Errorf("PUBLIC_URL must be the address that Slack reaches this bot at, like https://bot.example.com; it is %q", publicURL)
	}
	events := ""
	if !socket {
		events = strings.TrimRight(publicURL, "/") + EventsPath
	}
	m := slack.Manifest{
		Metadata: slack.ManifestMetadata{MajorVersion: 1},
		Display:  slack.Display{Name: appName, Description: "Create communities on Genuin from chat"},
		Settings: slack.Settings{
			Interactivity:      &slack.Interactivity{IsEnabled: true, RequestUrl: events, MessageMenuOptionsUrl: events},
			EventSubscriptions: &slack.EventSubscriptions{RequestUrl: events, BotEvents: []string{"app_home_opened"}},
			SocketModeEnabled:  socket,
		},
		Features: slack.Features{
			// People read what the bot tells them in private in its messages tab.
			AppHome: slack.AppHome{HomeTabEnabled: true, MessagesTabEnabled: true, MessagesTabReadOnlyEnabled: true},
			BotUser: slack.BotUser{DisplayName: appName, AlwaysOnline: true},
		},
		OAuthConfig: slack.OAuthConfig{Scopes: slack.OAuthScopes{Bot: Scopes}},
	}
	for _, c := range commands {
		m.Features.SlashCommands = append(m.Features.SlashCommands, slack.ManifestSlashCommand{
			Command:     "/" + c.Name,
			Description: c.About,
			UsageHint:   c.Usage,
			Url:         events,
		})
		if c.Shortcut != nil {
			m.Features.Shortcuts = append(m.Features.Shortcuts, slack.Shortcut{
				Name:        cutPlain(c.Shortcut.Name, maxTitle),
				CallbackID:  callbackOf(c.Name, *c.Shortcut),
				Description: cutPlain(c.Shortcut.About, maxShortcutAbout),
				Type:        slack.MessageShortcut,
			})
		}
	}
	return json.MarshalIndent(m, "", "  ")
}

// maxShortcutAbout is how much may be said about a shortcut, in characters. Its name takes as many as a form's title.
const maxShortcutAbout = 150
